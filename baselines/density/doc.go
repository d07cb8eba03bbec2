// Package density implements Figure 2's density models: a kernel density, and Gaussian mixtures
// fitted by expectation maximisation. A row's score is minus the logarithm of its density.
//
// All sums are float64 in a fixed order, and all random draws come from streams of the seed: the
// same data and seed give the same bytes for any number of threads.
package density

import (
	"math"
	"slices"

	"github.com/uaibench/uaibench/bench/detmath"
)

// ln2Pi is the logarithm of 2π, an ulp below the nearest number: published results depend on it.
var ln2Pi = detmath.Ln(2 * math.Pi)

// logSum returns ln Σ e^x, without overflow; all of x may be -Inf.
func logSum(x []float64) float64 {
	top := slices.Max(x)
	if math.IsInf(top, -1) {
		return top
	}
	s := 0.0
	for _, v := range x {
		s += detmath.Exp(v - top)
	}
	return top + detmath.Ln(s)
}
