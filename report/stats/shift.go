package stats

import (
	"math"
	"slices"
	"sync"

	mm "github.com/aclements/go-moremath/stats"
	"gonum.org/v1/gonum/stat/distuv"
)

// Shift is how far a is above b: the median of all differences a - b (Hodges and Lehmann 1963) with
// the interval of Mann and Whitney's test, exact up to 50 values per arm, by its normal
// approximation above.
//
// It covers the shift at its level if the arms have one shape, ties or not. If one arm scatters ten
// times as much as the other, or half of its runs collapse, a 95 % interval covers some 90 %; Judge
// therefore does not decide by it. Values may be infinite (censored counts); equal ones do not
// differ. An end is infinite if the arms are too small for the level. For an empty arm the estimate
// is NaN.
func Shift(a, b []float64, level float64) Interval {
	noNaN(a, b)
	d := make([]float64, 0, len(a)*len(b))
	for _, x := range a {
		for _, y := range b {
			d = append(d, difference(x, y))
		}
	}
	return between(d, rankSumCut(len(a), len(b), (1-level)/2), level)
}

// between returns the interval from the k-th smallest to the k-th largest of the values, unbounded
// for k = 0. It sorts d.
func between(d []float64, k int, level float64) Interval {
	slices.Sort(d)
	iv := Interval{median(d), math.Inf(-1), math.Inf(1), level}
	if k > 0 {
		iv.Lo, iv.Hi = d[k-1], d[len(d)-k]
	}
	return iv
}

var rankSumCuts sync.Map

// rankSumCut is the largest k with P(U < k) <= tail, where U is Mann and Whitney's without ties.
func rankSumCut(n, m int, tail float64) int {
	type key struct {
		n, m int
		tail float64
	}
	if n == 0 || m == 0 {
		return 0
	}
	if k, ok := rankSumCuts.Load(key{n, m, tail}); ok {
		return k.(int)
	}
	var k int
	if n <= mm.MannWhitneyExactLimit && m <= mm.MannWhitneyExactLimit {
		u := mm.UDist{N1: n, N2: m}
		k = largest(n*m/2, func(k int) bool { return u.CDF(float64(k-1)) <= tail })
	} else {
		mean, f := float64(n*m)/2, float64(n)*float64(m)
		sd := math.Sqrt(f * float64(n+m+1) / 12)
		k = max(0, int(math.Floor(mean+0.5+sd*distuv.UnitNormal.Quantile(tail))))
	}
	rankSumCuts.Store(key{n, m, tail}, k)
	return k
}

// largest returns the largest k in 0..most with holds(k); holds must be true up to some k >= 0 and
// false above it.
func largest(most int, holds func(k int) bool) int {
	lo, hi := 0, most+1
	for hi-lo > 1 {
		if mid := (lo + hi) / 2; holds(mid) {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo
}
