package stats

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"gonum.org/v1/gonum/stat"
)

// A mean's bootstrap has the standard error s/√n: its 95 % interval extends about 1.96 of them to
// both sides, for 200 runs and also for five runs in each of 40 cells, where drawing n instead of
// n - 1 would make it a tenth narrower.
func TestBootstrapIsTheStandardError(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	for _, shape := range [][2]int{{1, 200}, {40, 5}} {
		var cells [][]float64
		variance := 0.0
		for range shape[0] {
			c := fill(r, normal(3, 1), shape[1])
			cells = append(cells, c)
			variance += stat.Variance(c, nil) / float64(shape[1]) / float64(shape[0]*shape[0])
		}
		iv := Bootstrap(cells, Mean, 0.95)
		near(t, "half width", (iv.Hi-iv.Lo)/2/math.Sqrt(variance), 1.96, 0.1)
		near(t, "middle", (iv.Hi+iv.Lo)/2, iv.Estimate, 0.2*math.Sqrt(variance))
		if diff := cmp.Diff(iv, Bootstrap(cells, Mean, 0.95)); diff != "" {
			t.Error("another interval of the same runs:", diff)
		}
	}
	if iv := Bootstrap([][]float64{{7}, {9, 9}}, Mean, 0.95); iv != (Interval{8, 8, 8, 0.95}) {
		t.Errorf("nothing varies: %+v", iv)
	}
}

// How often a 95 % interval encloses the truth, from fixed seeds; 120 trials have a standard error
// of 2 %.
func TestBootstrapCoverage(t *testing.T) {
	const trials = 120
	covers := func(what string, least float64, trial func(r *rand.Rand) (Interval, float64)) {
		got := rate(trials, 11, func(r *rand.Rand) bool {
			iv, truth := trial(r)
			return iv.Contains(truth)
		})
		if t.Logf("%-40s %.3f", what, got); got < least {
			t.Errorf("%s covers %.3f, at least %.3f is wanted", what, got, least)
		}
	}
	// Eight data sets of five runs per arm, 1 sd apart on half of them: P(A > B) is Φ(1/√2) or one
	// half.
	covers("mean win probability of 8 x 5 runs", 0.90, func(r *rand.Rand) (Interval, float64) {
		var a, b [][]float64
		for i := range 8 {
			a, b = append(a, fill(r, normal(float64(i%2), 1), 5)), append(b, fill(r, normal(0, 1), 5))
		}
		return Bootstrap(slices.Concat(a, b), MeanWin, 0.95), (0.5 + 0.5*math.Erfc(-0.5)) / 2
	})
	for _, n := range []int{10, 20} {
		covers("sd of normal runs", 0.88, func(r *rand.Rand) (Interval, float64) {
			return SD(fill(r, normal(0, 2), n), 0.95), 2
		})
		covers("ratio of sds of normal runs", 0.88, func(r *rand.Rand) (Interval, float64) {
			return SDRatio(fill(r, normal(0, 2), n), fill(r, normal(9, 1), n), 0.95), 2
		})
	}
}

func TestCountBootstrap(t *testing.T) {
	// Two pairs of cells whose order is certain, and one whose order depends on the draw.
	cells := [][]float64{
		{9, 9.1, 9.2}, {1, 1.1, 1.2}, {5, 5.1, 5.2}, {1, 2, 3}, {1, 2, 3, 4}, {1.1, 2.1, 3.1, 4.1},
	}
	iv := Bootstrap(cells, func(c [][]float64) float64 {
		k := 0.0
		for i := 0; i < len(c); i += 2 {
			if stat.Mean(c[i], nil) > stat.Mean(c[i+1], nil) {
				k++
			}
		}
		return k
	}, 0.95)
	if iv.Estimate != 2 || iv.Lo != 2 || iv.Hi != 3 {
		t.Errorf("%+v", iv)
	}
}

func TestSpreadEdges(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct{ got, want Interval }{
		{SD([]float64{1, 1, 1, 1, 1}, 0.95), Interval{0, 0, inf, 0.95}},
		{SD([]float64{1}, 0.95), Interval{0, 0, inf, 0.95}},
		{SD([]float64{0, 2}, 0.95), Interval{math.Sqrt2, 0, inf, 0.95}},
		{SDRatio([]float64{1, 2, 3, 4, 5}, []float64{1, 1, 1, 1}, 0.95), Interval{inf, 0, inf, 0.95}},
		{SDRatio([]float64{2, 2, 2, 2}, []float64{1, 1, 1, 1}, 0.95), Interval{0, 0, inf, 0.95}},
	} {
		if diff := cmp.Diff(c.want, c.got, cmpopts.EquateApprox(1e-12, 0)); diff != "" {
			t.Error(diff)
		}
	}
}

// By hand, of -1, -1, 1, 1: the variance is 4/3 and the kurtosis 1.
func TestLogSD(t *testing.T) {
	value, variance := logSD([]float64{-1, -1, 1, 1})
	near(t, "log sd", value, math.Log(4.0/3)/2, 1e-12)
	near(t, "its variance", variance, (1-1.0/4)/(4*3), 1e-12)
}

// Two one-sided tests: near in at most alpha of the cases at the edge of delta, and in nearly all
// in the middle.
func TestPrintedSimulated(t *testing.T) {
	judge := func(ours, delta float64, sd bool, n int) func(*rand.Rand) Nearness {
		return func(r *rand.Rand) Nearness {
			theirs := fill(r, normal(0.5, 0.05), 5)
			m, s := stat.MeanStdDev(theirs, nil)
			p := Printed{Mean: m}
			if sd {
				p.SD = s
			}
			d, _ := p.Against(fill(r, normal(ours, 0.05), n))
			return d.Judge(delta, 0.016)
		}
	}
	// With a printed deviation of five runs Welch's test has some five degrees of freedom.
	for sd, least := range map[bool]float64{true: 0.68, false: 0.9} {
		edge := rate(4000, 1, func(r *rand.Rand) bool { return judge(0.6, 0.1, sd, 10)(r) == Near })
		beyond := rate(4000, 2, func(r *rand.Rand) bool { return judge(0.4, 0.1, sd, 40)(r) == Far })
		same := rate(1000, 3, func(r *rand.Rand) bool { return judge(0.5, 0.1, sd, 40)(r) == Near })
		if edge > 0.024 || beyond > 0.024 || same < least {
			t.Errorf("sd printed %v: near at the edge %.4f, far at it %.4f, near in the middle %.3f",
				sd, edge, beyond, same)
		}
	}
}

func TestPrintedEdges(t *testing.T) {
	if _, ok := (Printed{Mean: 1}).Against([]float64{1}); ok {
		t.Error("a mean of one run is judged")
	}
	same, _ := Printed{Mean: 0.5}.Against([]float64{0.5, 0.5, 0.5})
	if same.Judge(0.1, 0.016) != Near || same.Judge(0, 0.016) != Undecided {
		t.Errorf("%+v", same)
	}
	if same.Interval(0.95) != (Interval{0, 0, 0, 0.95}) {
		t.Errorf("%+v", same)
	}
	if d, _ := (Printed{Mean: 0.9}).Against([]float64{0.5, 0.5, 0.5}); d.Judge(0.1, 0.016) != Far {
		t.Errorf("%+v", d)
	}
	// By hand: ours 1, 2, 3 with s²/n = 1/3; theirs 0 with .6²/5 = .072.
	d, _ := Printed{SD: 0.6}.Against([]float64{1, 2, 3})
	near(t, "se", d.SE, math.Sqrt(1.0/3+0.072), 1e-12)
	near(t, "df", d.DF, math.Pow(1.0/3+0.072, 2)/(1.0/9/2+0.072*0.072/4), 1e-9)

	xs := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	if n, _, decidable := (Printed{SD: 3}).JudgeSD(xs, 2, 0.016); n != Undecided || decidable {
		t.Error("a printed deviation of five runs is decided")
	}
	if n, _, _ := (Printed{SD: 300}).JudgeSD(xs, 2, 0.016); n != Far {
		t.Error("a hundredth is not far")
	}
	if n, _, decidable := (Printed{SD: 3, N: 200}).JudgeSD(xs, 3, 0.05); n != Near || !decidable {
		t.Error("near, with 200 runs printed")
	}
	if _, iv, decidable := (Printed{}).JudgeSD(xs, 2, 0.016); decidable || !math.IsInf(iv.Hi, 1) {
		t.Error("no deviation is printed")
	}
}

// By hand: of 0, 0, 1, -2, 3 the signed ranks are 1, -2 and 3, and of eight sums of ranks 4, 5 and
// 6 are at least 4; with equal sizes 2, 2, -2, ranks 2 each, +4 is reached by four of eight.
func TestSignedRankTies(t *testing.T) {
	for _, c := range []struct {
		d            []float64
		above, below float64
	}{
		{[]float64{0, 0, 1, -2, 3}, 3.0 / 8, 6.0 / 8}, {[]float64{2, 2, -2}, 4.0 / 8, 7.0 / 8},
		{[]float64{0, 0}, 1, 1}, {nil, 1, 1},
	} {
		got := SignedRankTest(c.d)
		near(t, "above", got.Above, c.above, 1e-12)
		near(t, "below", got.Below, c.below, 1e-12)
	}
}

// 0 of 10 runs collapsed: 1 - .05^(1/10), the 26 % of the design; by hand if all or none collapsed.
func TestCollapses(t *testing.T) {
	near(t, "0 of 10", AtMost(0, 10), 1-math.Pow(0.05, 0.1), 1e-12)
	near(t, "0 of 10", AtMost(0, 10), 0.26, 0.005)
	if AtMost(0, 0) != 1 || AtMost(5, 5) != 1 {
		t.Error("nothing is known of no trials, and all may collapse")
	}
	w, _ := WinProbability([]float64{9, 8, 7, 6, 5, 9, 8}, []float64{0, 1, 2, 3, 4})
	near(t, "all pairs won, seven against five", w.Interval(0.95).Lo, math.Pow(0.025, 0.2), 1e-12)
	near(t, "all of 5", ClopperPearson(5, 5, 0.95).Lo, math.Pow(0.025, 0.2), 1e-12)
}

// The intervals of the win probability, of the shift and of medians enclose the truth. A rate of
// 95 % has a standard error of .7 % in 1,000 trials and of .5 % in 2,000.
func TestRankIntervalsCover(t *testing.T) {
	for _, n := range []int{5, 10, 40} {
		for _, mu := range []float64{0, 1, 2.326} {
			truth := 0.5 * math.Erfc(-mu/2)
			got := rate(1000, uint64(n), func(r *rand.Rand) bool {
				w, _ := WinProbability(fill(r, normal(mu, 1), n), fill(r, normal(0, 1), n))
				return w.Interval(0.95).Contains(truth)
			})
			if t.Logf("win %.3f of %d runs: %.3f", truth, n, got); got < 0.90 {
				t.Errorf("win probability %.3f of %d runs: covered in %.3f", truth, n, got)
			}
		}
	}
	// Shift: exact for one shape, ties or not; the hard case, half of one arm's runs collapsing,
	// covers some 90 %, as its comment states.
	scores := func(r *rand.Rand) float64 { return float64(r.IntN(5)) }
	for _, c := range []struct {
		name        string
		a, b        draw
		least, most float64
	}{
		{"exponential", exponential, exponential, 0.935, 0.965},
		{"few scores", scores, scores, 0.935, 1},
		{"half collapse:stable", collapsing(0.5), stable(0.5), 0.85, 0.91},
		{"one in five collapses:stable", collapsing(0.2), stable(0.2), 0.92, 0.96},
		{"normal, sd 10:1", normal(0, 10), normal(0, 1), 0.87, 0.93},
	} {
		got := rate(1000, 8, func(r *rand.Rand) bool {
			return Shift(fill(r, c.a, 20), fill(r, c.b, 20), 0.95).Contains(0)
		})
		if t.Logf("shift, %-30s %.3f", c.name, got); got < c.least || got > c.most {
			t.Errorf("shift, %s: covered in %.3f", c.name, got)
		}
	}
	median := rate(2000, 8, func(r *rand.Rand) bool {
		return Median(fill(r, exponential, 20), 0.95).Contains(math.Ln2)
	})
	if median < 0.945 {
		t.Errorf("median %.3f", median)
	}
}
