package claims

import (
	"math"
	"testing"

	"github.com/uaibench/uaibench/report/stats"
)

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if math.Abs(got-want) > within {
		t.Errorf("%s: %.6g, want %.6g", what, got, want)
	}
}

// The quantiles are those of printed tables (t 4 df 0.975: 2.7764; chi-squared 4 df: 0.4844, 11.1433; F 4,4 0.975: 9.6045).
func TestIntervals(t *testing.T) {
	xs := []float64{1, 2, 3, 4, 5} // mean 3, sd 1.5811
	iv, err := meanInterval(xs, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "t", iv.Hi-3, 2.7764*math.Sqrt(2.5)/math.Sqrt(5), 1e-4)
	near(t, "t", 3-iv.Lo, iv.Hi-3, 1e-12)
	iv, err = sdInterval(xs, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "sd low", iv.Lo, math.Sqrt(4*2.5/11.1433), 1e-4)
	near(t, "sd high", iv.Hi, math.Sqrt(4*2.5/0.4844), 1e-3)
	iv, err = ratioInterval(2, 5, 1, 5, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "F low", iv.Lo, 2/math.Sqrt(9.6045), 1e-4)
	near(t, "F high", iv.Hi, 2*math.Sqrt(9.6045), 1e-3)
	// Welch: SciPy 1.10.1, ttest_ind(a, b, equal_var=False).
	a := []float64{27.5, 21.0, 19.0, 23.6, 17.0, 17.9, 16.9, 20.1, 21.9, 22.6, 23.1, 19.6, 19.0, 21.7, 21.4}
	b := []float64{27.1, 22.0, 20.8, 23.4, 23.4, 23.5, 25.8, 22.0, 24.8, 20.2, 21.9, 22.1, 22.9, 30.5, 22.4}
	d, se, df := welch(a, b)
	near(t, "Welch t", d/se, -2.713810964337913, 1e-9)
	near(t, "Welch df", df, 27.900395656187122, 1e-9)
	above, two, _ := welchT(a, b, 0)
	near(t, "Welch p", two, 0.011271356813332306, 1e-9)
	near(t, "Welch p, one-sided", above, 1-two/2, 1e-12)
	for n, f := range map[int]func() error{
		1: func() error { _, err := meanInterval(xs[:1], 0.95); return err },
		4: func() error { _, err := medianInterval(xs[:4], 0.9); return err },
		2: func() error { _, err := ratioInterval(1, 5, 0, 5, 0.95); return err },
	} {
		if f() == nil {
			t.Errorf("%d: no error", n)
		}
	}
}

// Of five runs the band has 1 - 2/32, of eight the second from each end 1 - 2*9/256.
func TestMedian(t *testing.T) {
	near(t, "n = 5", rankCoverage(5, 1), 0.9375, 1e-12)
	near(t, "n = 8", rankCoverage(8, 2), 1-18.0/256, 1e-12)
	for n, want := range map[int]int{1: 0, 4: 0, 5: 1, 7: 1, 8: 2, 10: 2} {
		if r := rank(n, 0.9); r != want {
			t.Errorf("rank of %d is %d, want %d", n, r, want)
		}
	}
	if leastForMedian(0.9) != 5 {
		t.Errorf("%d runs are least", leastForMedian(0.9))
	}
	iv, err := medianInterval([]float64{5, 1, 4, 2, 9}, 0.9)
	if err != nil || iv != (Interval{4, 1, 9, iv.Level, "ranks", 5}) {
		t.Errorf("%+v, %v", iv, err)
	}
	if median([]float64{4, 1, 3, 2}) != 2.5 {
		t.Error("the median of four")
	}
}

// The n that would decide does, and one less does not.
func TestNeeds(t *testing.T) {
	for _, c := range [][2]float64{{1, 1}, {1, 0.3}, {0.02, 0.019}, {0.1, 0.01}} {
		n := runsForMean(c[0], c[1], 0.95)
		if !(stats.StudentHalf(c[0], n, 0.95) < c[1]) || n > 2 && stats.StudentHalf(c[0], n-1, 0.95) < c[1] {
			t.Errorf("sd %g, gap %g: %d", c[0], c[1], n)
		}
	}
	if runsForMean(1, 0, 0.95) != 0 || runsForMean(1, 1e-9, 0.95) != 0 {
		t.Error("no number of runs decides that")
	}
	if n := runsForMedian(0.2, 5, 0.9); n <= 5 || float64(rank(n, 0.9)) <= 0.2*float64(n) {
		t.Errorf("%d runs, of which a fifth lies beyond", n)
	}
	if runsForMedian(0.5, 6, 0.9) != 0 {
		t.Error("with half of the runs beyond nothing decides")
	}
	if n := runsForRatio(0.5, below(1, false), 0, 0.95); n < 10 || n > 40 { // F(0.975) must be under 4: 9.6 with 4 df, 4.03 with 9, 3.96 just above
		t.Errorf("%d runs for a ratio of one half", n)
	}
	twice := region{lo: 0.5, hi: 2}
	for _, ratio := range []float64{0.3, 0.7, 1, 1.4, 3.4} {
		n := runsForRatio(ratio, twice, 0, 0.95)
		iv, _ := ratioInterval(ratio, n, 1, n, 0.95)
		less, _ := ratioInterval(ratio, n-1, 1, n-1, 0.95)
		if n < 3 || twice.judge(iv) == Straddles || twice.judge(less) != Straddles {
			t.Errorf("ratio %g: %d runs of both, which give %v, and one less %v", ratio, n, iv, less)
		}
		// Five printed runs leave a factor of sqrt(11.143 / 0.4844) = 4.8, which does not fit between 0.5 and 2.
		if n := runsForRatio(ratio, twice, 5, 0.95); n != 0 && ratio > 0.5 && ratio < 2 {
			t.Errorf("ratio %g to five printed runs: %d would decide", ratio, n)
		}
	}
	near(t, "a printed deviation", printedSpread(0.95), 4.796, 1e-3)
	if n := runsForRatio(7, twice, 5, 0.95); n < 2 || n > 100 {
		t.Errorf("seven times the printed deviation is decided by %d runs", n)
	}
}

// Runs without a spread are no certainty: few of them are no interval, five are their band, and their p is that of their sign.
func TestEqualRuns(t *testing.T) {
	five, three := []float64{1, 1, 1, 1, 1}, []float64{1, 1, 1}
	if iv, err := meanInterval(three, 0.95); err == nil {
		t.Errorf("three equal runs: %+v", iv)
	}
	iv, err := meanInterval(five, 0.95)
	if want := (Interval{1, 1, 1, 0.9375, "equal runs", 5}); err != nil || math.Abs(iv.Level-want.Level) > 1e-12 || iv.How != want.How || iv.Lo != 1 || iv.Hi != 1 {
		t.Errorf("%+v, %v", iv, err)
	}
	if iv, err := welchInterval(three, []float64{0, 0, 0, 0, 0}, 0.95); err == nil {
		t.Errorf("three and five equal runs: %+v", iv)
	}
	iv, err = welchInterval(five, []float64{0, 0, 0, 0, 0}, 0.95)
	near(t, "both enclosed", iv.Level, 0.9375*0.9375, 1e-12)
	if err != nil || iv.Lo != 1 || iv.Hi != 1 {
		t.Errorf("%+v, %v", iv, err)
	}
	if iv, err := sdInterval(five, 0.95); err == nil {
		t.Errorf("a deviation of nothing: %+v", iv)
	}
	if iv, err := ratioInterval(0, 5, 1, 5, 0.95); err == nil {
		t.Errorf("a ratio of nothing: %+v", iv)
	}
	for _, c := range []struct {
		d          []float64
		above, two float64
	}{{five, 1.0 / 32, 2.0 / 32}, {three, 1.0 / 8, 2.0 / 8}, {[]float64{-1, -1}, 1, 0.5}, {[]float64{0, 0}, 1, 1}} {
		above, two, ok := pairedT(c.d, 0)
		if !ok || above != c.above || two != c.two {
			t.Errorf("%v: p = %g and %g", c.d, above, two)
		}
		if flip, _ := stats.SignFlip(c.d); flip != two {
			t.Errorf("%v: %g by signs, %g here", c.d, flip, two)
		}
	}
	above, two, _ := welchT(five, []float64{0, 0, 0, 0, 0}, 0)
	near(t, "one of 252 ways", above, 1.0/252, 1e-12)
	near(t, "two of them", two, 2.0/252, 1e-12)
}

// What is known: t is exact for normal runs, and the ranks are for every continuous distribution; that runs which collapse now
// and then break t is why the table is printed.
func TestCoverage(t *testing.T) {
	tol := Tolerances{Confidence: 0.95, MedianConfidence: 0.9}
	rows := SimulateCoverage(5, tol)
	if len(rows) != len(draws) {
		t.Fatalf("%d rows", len(rows))
	}
	for _, r := range rows {
		near(t, r.Runs+", median", r.Median, 0.9375, 0.012)
		if r.Runs == "normal" {
			near(t, "normal, t", r.T, 0.95, 0.012)
		}
		if r.Runs == "one run in five collapses" {
			// All of five runs are whole with 0.8^5 = 0.33, and then the mean lies far above.
			near(t, r.Runs+", t", r.T, 1-math.Pow(0.8, 5), 0.02)
		}
	}
	if c := SimulateCoverage(2, tol); c[0].Median != -1 {
		t.Error("two runs have no interval of the median")
	}
}

func TestRegions(t *testing.T) {
	iv := func(lo, hi float64) Interval { return Interval{Estimate: (lo + hi) / 2, Lo: lo, Hi: hi} }
	for _, c := range []struct {
		r    region
		iv   Interval
		want Outcome
	}{
		{above(0, false), iv(0.1, 0.2), Holds}, {above(0, false), iv(0, 0.2), Straddles}, {above(0, true), iv(0, 0.2), Holds},
		{above(0, false), iv(-0.2, 0), Fails}, {above(0, true), iv(-0.2, 0), Straddles}, {above(0, false), iv(-1, 1), Straddles},
		{above(0, false), exactly(0), Fails}, {above(0, true), exactly(0), Holds},
		{below(1, false), iv(1, 2), Fails}, {below(1, true), exactly(1), Holds}, {below(1, false), exactly(1), Fails},
		{around(0.5, 0.1), iv(0.4, 0.6), Holds}, {around(0.5, 0.1), iv(0.39, 0.6), Straddles}, {around(0.5, 0.1), iv(0.61, 0.7), Fails},
		{around(0.5, 0.1), iv(0, 1), Straddles}, {around(22, 0), exactly(22), Holds}, {around(22, 0), exactly(21), Fails},
	} {
		if got := c.r.judge(c.iv); got != c.want {
			t.Errorf("%v in %v: %s, want %s", c.iv, c.r, got, c.want)
		}
	}
}
