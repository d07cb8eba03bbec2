package stats

import (
	"math"
	"slices"
)

// Middle is the median of xs, which must not be empty: the middle value, or the mean of the middle
// two. Values may be infinite ("never"). xs is not changed.
func Middle(xs []float64) float64 { return MiddleSorted(slices.Sorted(slices.Values(xs))) }

// MiddleSorted is Middle of numbers in ascending order.
func MiddleSorted(s []float64) float64 {
	m := len(s) / 2
	if len(s)%2 == 1 {
		return s[m]
	}
	return (s[m-1] + s[m]) / 2
}

// MeanSD returns the mean of xs and their sample standard deviation (divisor n-1), which is NaN for
// fewer than two.
func MeanSD(xs []float64) (m, sd float64) {
	for _, x := range xs {
		m += x
	}
	m /= float64(len(xs))
	if len(xs) < 2 {
		return m, math.NaN()
	}
	var ss float64
	for _, x := range xs {
		d := x - m
		ss += float64(d * d)
	}
	return m, math.Sqrt(ss / float64(len(xs)-1))
}

// BandCoverage is the confidence, in per cent, with which the smallest and the largest of n
// independent runs enclose the median of all possible runs: they miss it only if all n lie on one
// side of it.
func BandCoverage(n int) float64 { return 100 * (1 - math.Pow(2, float64(1-n))) }

// Quantile is the q-quantile of xs by the nearest rank; xs must not be empty.
func Quantile(xs []float64, q float64) float64 {
	s := slices.Sorted(slices.Values(xs))
	return s[min(int(q*float64(len(s))), len(s)-1)]
}
