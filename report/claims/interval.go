package claims

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/uaibench/uaibench/report/stats"
)

// Interval encloses a quantity of all possible runs with a confidence, from the runs that there are.
type Interval struct {
	Estimate float64 `json:"estimate"`
	Lo       float64 `json:"lo"`
	Hi       float64 `json:"hi"`
	Level    float64 `json:"level"` // 1: exact, no run would give another value
	How      string  `json:"how"`   // "t", "Welch t", "ranks", "chi-squared", "F", "equal runs", "exact", "as observed"
	N        int     `json:"n"`     // runs that it rests on
}

func exactly(v float64) Interval { return Interval{v, v, v, 1, "exact", 1} }

// enoughEqual runs are an interval though they have no spread: the band, which of five has 93.75 %.
const enoughEqual = paperRuns

// meanInterval is Student's interval of a mean; at least two runs, or enough that are equal.
func meanInterval(xs []float64, level float64) (Interval, error) {
	if len(xs) < 2 {
		return Interval{}, fmt.Errorf("%s: a mean's interval needs 2", runs(len(xs)))
	}
	m, sd := stat.MeanStdDev(xs, nil)
	if sd == 0 {
		if len(xs) < enoughEqual {
			return Interval{}, fmt.Errorf("%s that are equal: without a spread an interval needs %d", runs(len(xs)), enoughEqual)
		}
		return Interval{m, m, m, rankCoverage(len(xs), 1), "equal runs", len(xs)}, nil
	}
	h := stats.StudentHalf(sd, len(xs), level)
	return Interval{m, m - h, m + h, level, "t", len(xs)}, nil
}

// welchInterval is that of the difference of two means whose runs do not pair; at least two runs each.
func welchInterval(a, b []float64, level float64) (Interval, error) {
	if len(a) < 2 || len(b) < 2 {
		return Interval{}, fmt.Errorf("%s and %s: a difference of means needs 2 each", runs(len(a)), runs(len(b)))
	}
	d, se, df := welch(a, b)
	if se == 0 {
		ia, err := meanInterval(a, level)
		ib, err2 := meanInterval(b, level)
		return Interval{d, d, d, ia.Level * ib.Level, "equal runs", min(len(a), len(b))}, cmp.Or(err, err2)
	}
	h := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}.Quantile((1+level)/2) * se
	return Interval{d, d - h, d + h, level, "Welch t", min(len(a), len(b))}, nil
}

func welch(a, b []float64) (difference, se, df float64) {
	ma, va := stat.MeanVariance(a, nil)
	mb, vb := stat.MeanVariance(b, nil)
	sa, sb := va/float64(len(a)), vb/float64(len(b))
	df = (sa + sb) * (sa + sb) / (sa*sa/float64(len(a)-1) + sb*sb/float64(len(b)-1))
	return ma - mb, math.Sqrt(sa + sb), df
}

// rankCoverage is the confidence with which the r-th least and the r-th largest of n runs enclose the median of all
// possible runs: 1 - 2 P(Binomial(n, 1/2) < r). With r = 1 they are the band, and of five runs it is 0.9375.
func rankCoverage(n, r int) float64 {
	below := 0.0
	for i := range r {
		below += math.Exp(logChoose(n, i) - float64(n)*math.Ln2)
	}
	return 1 - 2*below
}

func logChoose(n, k int) float64 {
	a, _ := math.Lgamma(float64(n + 1))
	b, _ := math.Lgamma(float64(k + 1))
	c, _ := math.Lgamma(float64(n - k + 1))
	return a - b - c
}

// rank is the largest r whose coverage is at least level; 0: not even the band has it.
func rank(n int, level float64) int {
	r := 0
	for rankCoverage(n, r+1) >= level && 2*(r+1) <= n {
		r++
	}
	return r
}

// medianInterval is the narrowest pair of runs, as far from the least as from the most, with at least the level.
func medianInterval(xs []float64, level float64) (Interval, error) {
	n := len(xs)
	r := rank(n, level)
	if r == 0 {
		return Interval{}, fmt.Errorf("%s: with fewer than %d the band is no %s interval of the median", runs(n), leastForMedian(level), percent(level))
	}
	s := slices.Sorted(slices.Values(xs))
	return Interval{median(xs), s[r-1], s[n-r], rankCoverage(n, r), "ranks", n}, nil
}

func leastForMedian(level float64) int {
	n := 2
	for rank(n, level) == 0 {
		n++
	}
	return n
}

func median(xs []float64) float64 {
	s := slices.Sorted(slices.Values(xs))
	m := len(s) / 2
	if len(s)%2 == 1 {
		return s[m]
	}
	return (s[m-1] + s[m]) / 2
}

// sdInterval is the chi-squared interval of a standard deviation, of normal runs; at least two.
func sdInterval(xs []float64, level float64) (Interval, error) {
	n := len(xs)
	if n < 2 {
		return Interval{}, fmt.Errorf("%s: a standard deviation needs 2", runs(n))
	}
	sd := stat.StdDev(xs, nil)
	if sd == 0 {
		return Interval{}, fmt.Errorf("%s that are equal: of no spread there is no interval", runs(n))
	}
	c := distuv.ChiSquared{K: float64(n - 1)}
	f := float64(n - 1)
	return Interval{sd, sd * math.Sqrt(f/c.Quantile((1+level)/2)), sd * math.Sqrt(f/c.Quantile((1-level)/2)), level, "chi-squared", n}, nil
}

// ratioInterval is the F interval of the ratio of two standard deviations, a's to b's, of normal runs.
func ratioInterval(sa float64, na int, sb float64, nb int, level float64) (Interval, error) {
	if na < 2 || nb < 2 {
		return Interval{}, fmt.Errorf("%s and %s: a ratio of standard deviations needs 2 each", runs(na), runs(nb))
	}
	if sa == 0 || sb == 0 {
		return Interval{}, errors.New("runs that are equal: there is no spread to compare")
	}
	f := distuv.F{D1: float64(na - 1), D2: float64(nb - 1)}
	r := sa / sb
	return Interval{r, r / math.Sqrt(f.Quantile((1+level)/2)), r / math.Sqrt(f.Quantile((1-level)/2)), level, "F", min(na, nb)}, nil
}

// welchT is stats.PairedT of runs that do not pair.
func welchT(a, b []float64, margin float64) (above, twoSided float64, ok bool) {
	if len(a) < 2 || len(b) < 2 {
		return 0, 0, false
	}
	d, se, df := welch(a, b)
	if se == 0 {
		// Of all ways to tell a's runs from b's this is the most extreme, or its mirror image.
		p := math.Exp(-logChoose(len(a)+len(b), len(a)))
		return equalRuns(d-margin, p)
	}
	return stats.TailT(d-margin, se, df)
}

// pairedT is stats.PairedT, but that equal differences are as unlikely as their common sign alone.
func pairedT(d []float64, margin float64) (above, twoSided float64, ok bool) {
	if len(d) > 1 && slices.Min(d) == slices.Max(d) {
		return equalRuns(d[0]-margin, math.Exp2(-float64(len(d))))
	}
	return stats.PairedT(d, margin)
}

// equalRuns is the exact p of a difference d without any spread, from the share of permutations that are as extreme on one side.
func equalRuns(d, p float64) (above, twoSided float64, ok bool) {
	switch {
	case d > 0:
		return p, 2 * p, true
	case d < 0:
		return 1, 2 * p, true
	}
	return 1, 1, true
}

// mostRuns ends the search for the n that would decide: beyond it nothing does.
const mostRuns = 10_000

// runsForMean is the least n with which Student's interval, with the sd and the mean of now, keeps clear of a gap; 0: none.
func runsForMean(sd, gap, level float64) int {
	if !(gap > 0) || math.IsInf(sd, 0) || math.IsNaN(sd) {
		return 0
	}
	return firstN(2, func(n int) bool { return stats.StudentHalf(sd, n, level) < gap })
}

// runsForMedian is the least number of runs above n with which the ranks' interval keeps clear of an edge beyond which such a
// share of the runs lies; 0: none.
func runsForMedian(share float64, n int, level float64) int {
	if share >= 0.5 {
		return 0
	}
	return firstN(n+1, func(m int) bool { return float64(rank(m, level)) > math.Ceil(share*float64(m)) })
}

// runsForRatio is the least n with which the F interval of a ratio of standard deviations is inside or outside a region, where
// runs of both go on, or those of the first where the second's number is fixed; 0: none.
func runsForRatio(ratio float64, r region, fixed int, level float64) int {
	return firstN(2, func(n int) bool {
		other := n
		if fixed > 0 {
			other = fixed
		}
		iv, err := ratioInterval(ratio, n, 1, other, level)
		return err == nil && r.judge(iv) != Straddles
	})
}

// firstN doubles, then halves: what holds for n holds for more.
func firstN(from int, holds func(int) bool) int {
	hi := from
	for !holds(hi) {
		if hi > mostRuns {
			return 0
		}
		hi *= 2
	}
	lo := max(from-1, hi/2)
	if hi == from {
		return from
	}
	for hi-lo > 1 {
		if mid := int(uint(lo+hi) >> 1); holds(mid) {
			hi = mid
		} else {
			lo = mid
		}
	}
	return hi
}

func runs(n int) string {
	if n == 1 {
		return "1 run"
	}
	return fmt.Sprintf("%d runs", n)
}

func percent(p float64) string {
	return fmt.Sprintf("%.4g %%", 100*p)
}
