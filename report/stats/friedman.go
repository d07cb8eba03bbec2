package stats

import (
	"math"

	"gonum.org/v1/gonum/integrate/quad"
	"gonum.org/v1/gonum/stat/distuv"
)

// MethodRanks compares k methods over N data sets by their ranks (Demšar 2006, "Statistical
// Comparisons of Classifiers over Multiple Data Sets", 3.2).
type MethodRanks struct {
	Mean     []float64 // rank of each method, averaged over data sets; 1 is best
	DataSets int

	// ChiSquared is Friedman's statistic corrected for ties, and P its p with k - 1 degrees of
	// freedom.
	ChiSquared, P float64
	// Ties is the correction, 1 without ties: ChiSquared times Ties is the statistic as Demšar
	// prints it.
	Ties float64
	// F is Iman and Davenport's statistic of ChiSquared with k - 1 and (k - 1)(N - 1) degrees of
	// freedom, and PF its p, which is preferable, since Friedman's is too conservative. F is +Inf
	// if all data sets rank alike. PF is at least (k!)^(1-N), the share of all rankings in which
	// they do, which the approximation ignores.
	F, PF float64
}

// RankMethods ranks scores[i][j], of method j on data set i, higher being better; equal scores
// share their ranks. Each method needs a score on each data set (rows of other lengths panic). ok
// is false for fewer than two methods or data sets, or if all scores of each data set are equal.
func RankMethods(scores [][]float64) (m MethodRanks, ok bool) {
	noNaN(scores...)
	if len(scores) < 2 || len(scores[0]) < 2 {
		return MethodRanks{DataSets: len(scores)}, false
	}
	k, n := float64(len(scores[0])), float64(len(scores))
	m = MethodRanks{Mean: make([]float64, len(scores[0])), DataSets: len(scores)}
	squares := 0.0 // of all ranks about their mean: N k (k² - 1)/12 without ties
	for _, row := range scores {
		if len(row) != len(m.Mean) {
			panic("stats: a method without a score on a data set")
		}
		for j, r := range Ranks(row) {
			m.Mean[j] += (k + 1 - r) / n
			squares += (r - (k+1)/2) * (r - (k+1)/2)
		}
	}
	if squares == 0 {
		return m, false
	}
	between := 0.0
	for _, r := range m.Mean {
		between += n * (r - (k+1)/2) * (r - (k+1)/2)
	}
	m.Ties = squares / (n * k * (k*k - 1) / 12)
	m.ChiSquared = n * (k - 1) * between / squares
	m.P = distuv.ChiSquared{K: k - 1}.Survival(m.ChiSquared)
	orders, _ := math.Lgamma(k + 1)
	m.PF = math.Exp((1 - n) * orders)
	rest := n*(k-1) - m.ChiSquared
	if rest <= 1e-9*n*(k-1) {
		m.F = math.Inf(1)
		return m, true
	}
	m.F = (n - 1) * m.ChiSquared / rest
	m.PF = max(m.PF, distuv.F{D1: k - 1, D2: (k - 1) * (n - 1)}.Survival(m.F))
	return m, true
}

// se is the standard error of the difference of two mean ranks.
func (m MethodRanks) se() float64 {
	k := float64(len(m.Mean))
	return math.Sqrt(k * (k + 1) / (6 * float64(m.DataSets)))
}

// CriticalDifference is the smallest difference of two mean ranks that is significant at a level by
// Nemenyi's test (Demšar 2006, 3.2.2), which compares all pairs: the bar of a critical-difference
// diagram.
func (m MethodRanks) CriticalDifference(alpha float64) float64 {
	return studentizedRangeQuantile(1-alpha, len(m.Mean)) / math.Sqrt2 * m.se()
}

// AgainstControl returns the p of each method's mean rank against the control's, by the normal
// approximation and adjusted by Holm (Demšar 2006, 3.2.2): more powerful than Nemenyi's test if
// only these pairs matter. The control's own is 1.
func (m MethodRanks) AgainstControl(control int) []float64 {
	var p []float64
	for j, r := range m.Mean {
		if j != control {
			p = append(p, 2*distuv.UnitNormal.Survival(math.Abs(r-m.Mean[control])/m.se()))
		}
	}
	p = Holm(p)
	return append(p[:control:control], append([]float64{1}, p[control:]...)...)
}

// studentizedRange is the distribution function k ∫ φ(z) (Φ(z) - Φ(z - q))^(k-1) dz of the range of
// k standard normal numbers.
func studentizedRange(q float64, k int) float64 {
	if q <= 0 {
		return 0
	}
	n := distuv.UnitNormal
	sum := quad.Fixed(func(z float64) float64 {
		return n.Prob(z) * math.Pow(n.CDF(z)-n.CDF(z-q), float64(k-1))
	}, -9, 9, 240, quad.Legendre{}, 0)
	return min(1, float64(k)*sum)
}

func studentizedRangeQuantile(p float64, k int) float64 {
	lo, hi := 0.0, 100.0
	for range 60 {
		if mid := (lo + hi) / 2; studentizedRange(mid, k) < p {
			lo = mid
		} else {
			hi = mid
		}
	}
	return hi
}
