package stats

import (
	"math"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Correlation is Pearson's with Fisher's interval and its two-sided p by Student's t; it needs four
// pairs. ok is false for fewer, and where x or y does not vary.
func Correlation(x, y []float64, level float64) (r Interval, p float64, ok bool) {
	return correlation(x, y, level, func(float64) float64 { return 1 })
}

// Spearman is the correlation of the Ranks, with Fisher's interval by the standard error of Bonett
// and Wright (2000), and otherwise as Correlation.
func Spearman(x, y []float64, level float64) (rho Interval, p float64, ok bool) {
	return correlation(Ranks(x), Ranks(y), level, func(r float64) float64 { return 1 + r*r/2 })
}

// correlation has (inflate(r)/(n-3))^½ as the standard error of Fisher's z.
func correlation(
	x, y []float64, level float64, inflate func(r float64) float64,
) (iv Interval, p float64, ok bool) {
	noNaN(x, y)
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
	half := distuv.UnitNormal.Quantile((1+level)/2) * math.Sqrt(inflate(r)/(n-3))
	iv = Interval{r, r, r, level}
	if r*r < 1 {
		iv.Lo, iv.Hi = math.Tanh(math.Atanh(r)-half), math.Tanh(math.Atanh(r)+half)
		t := r * math.Sqrt((n-2)/(1-r*r))
		p = 2 * student(len(x)-2).Survival(math.Abs(t))
	}
	return iv, p, true
}
