package stats

import (
	"math"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Correlation is Pearson's with Fisher's interval and its two-sided p by Student's t; it needs four
// pairs. ok is false for fewer, and if x or y is constant.
func Correlation(x, y []float64, level float64) (iv Interval, p float64, ok bool) {
	if len(x) != len(y) {
		panic("stats: correlation of different numbers of values")
	}
	r := math.NaN()
	if len(x) >= 4 {
		r = stat.Correlation(x, y, nil)
	}
	if math.IsNaN(r) {
		return Interval{0, -1, 1, level}, 1, false
	}
	r = max(-1, min(1, r))
	n := float64(len(x))
	half := distuv.UnitNormal.Quantile((1+level)/2) * math.Sqrt(1/(n-3))
	iv = Interval{r, r, r, level}
	if r*r < 1 {
		iv.Lo, iv.Hi = math.Tanh(math.Atanh(r)-half), math.Tanh(math.Atanh(r)+half)
		t := r * math.Sqrt((n-2)/(1-r*r))
		p = 2 * student(len(x)-2).Survival(math.Abs(t))
	}
	return iv, p, true
}
