package stats

import (
	"math"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Printed is a mean that a paper gives.
type Printed struct {
	Mean float64
	SD   float64 // 0: not printed, replaced by ours
	N    int     // number of runs; 0: five
}

func (p Printed) runs() int {
	if p.N == 0 {
		return 5
	}
	return p.N
}

// Nearness of a quantity of our runs to a printed one; zero is Undecided.
type Nearness uint8

const (
	Undecided Nearness = iota // the interval crosses an edge of the region
	Near                      // it is inside the region
	Far                       // it is outside the region
)

func (n Nearness) String() string {
	return [...]string{"undecided", "near", "far"}[n]
}

// MarshalText returns the word of n, for JSON.
func (n Nearness) MarshalText() ([]byte, error) { return []byte(n.String()), nil }

// MeanDifference is our mean less the printed one, with the standard errors of both (Welch 1947).
type MeanDifference struct {
	Difference, SE, DF float64
}

// Against compares the mean of xs with a printed one; ok is false for fewer than two runs. If no
// deviation is printed, ours replaces it, and DF is that of our runs only.
func (p Printed) Against(xs []float64) (d MeanDifference, ok bool) {
	noNaN(xs)
	if len(xs) < 2 {
		return MeanDifference{}, false
	}
	m, v := stat.MeanVariance(xs, nil)
	d.Difference = m - p.Mean
	n, theirs := float64(len(xs)), float64(p.runs())
	if !(p.SD > 0) || p.runs() < 2 {
		d.SE, d.DF = math.Sqrt(v/n+v/theirs), n-1
		return d, true
	}
	a, b := v/n, p.SD*p.SD/theirs
	d.SE = math.Sqrt(a + b)
	d.DF = (a + b) * (a + b) / (a*a/(n-1) + b*b/(theirs-1))
	return d, true
}

// Interval of the difference of the means of all possible runs, ours and theirs.
func (d MeanDifference) Interval(level float64) Interval {
	if d.SE == 0 {
		return Interval{d.Difference, d.Difference, d.Difference, level}
	}
	h := d.SE * distuv.StudentsT{Mu: 0, Sigma: 1, Nu: d.DF}.Quantile((1+level)/2)
	return Interval{d.Difference, d.Difference - h, d.Difference + h, level}
}

// Within is the p of two one-sided tests (Schuirmann 1987) that the means differ by less than delta
// (the larger of both), and the p of the opposite, that they differ by more.
func (d MeanDifference) Within(delta float64) (within, beyond float64) {
	above, _, _ := TailT(d.Difference+delta, d.SE, d.DF)
	below, _, _ := TailT(delta-d.Difference, d.SE, d.DF)
	farAbove, _, _ := TailT(d.Difference-delta, d.SE, d.DF)
	farBelow, _, _ := TailT(-delta-d.Difference, d.SE, d.DF)
	return max(above, below), min(farAbove, farBelow)
}

// Judge decides whether the means differ by less than delta, or by more, at a one-sided level:
// whether the interval of level 1 - 2 alpha is inside ±delta, or outside. A mean of few runs gives
// no information on collapses that did not occur: show AtMost beside it.
func (d MeanDifference) Judge(delta, alpha float64) Nearness {
	switch within, beyond := d.Within(delta); {
	case within <= alpha:
		return Near
	case beyond <= alpha:
		return Far
	}
	return Undecided
}

// JudgeSD decides whether the standard deviation of at least two of our runs equals the printed one
// within a factor (2: from half to twice) by the F interval of level 1 - 2 alpha of their ratio,
// for normal runs. decidable is false if even equal deviations could not be called near: for a
// deviation of five runs nothing is near within a factor of 2 at a level of .016.
func (p Printed) JudgeSD(xs []float64, factor, alpha float64) (
	near Nearness, ratio Interval, decidable bool,
) {
	noNaN(xs)
	if len(xs) < 2 || p.runs() < 2 || !(p.SD > 0) {
		return Undecided, Interval{0, 0, math.Inf(1), 1 - 2*alpha}, false
	}
	r := stat.StdDev(xs, nil) / p.SD
	f := distuv.F{D1: float64(len(xs) - 1), D2: float64(p.runs() - 1)}
	lo, hi := 1/math.Sqrt(f.Quantile(1-alpha)), 1/math.Sqrt(f.Quantile(alpha))
	ratio = Interval{r, r * lo, r * hi, 1 - 2*alpha}
	switch {
	case ratio.Inside(1/factor, factor):
		near = Near
	case ratio.Lo > factor || ratio.Hi < 1/factor:
		near = Far
	}
	return near, ratio, hi/lo < factor*factor
}
