package stats

import (
	"math"
	"slices"
)

// Ranks returns the ranks of xs, 1 for the smallest; equal values share the mean of their ranks
// (midranks).
func Ranks(xs []float64) []float64 {
	order := ascending(xs)
	out := make([]float64, len(xs))
	for i := 0; i < len(order); {
		j := i + 1
		for j < len(order) && xs[order[j]] == xs[order[i]] {
			j++
		}
		for _, k := range order[i:j] {
			out[k] = float64(i+j+1) / 2
		}
		i = j
	}
	return out
}

// ascending returns the indices of xs in ascending order of their values, stable for equal ones.
func ascending(xs []float64) []int {
	order := make([]int, len(xs))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case xs[a] < xs[b]:
			return -1
		case xs[a] > xs[b]:
			return 1
		}
		return 0
	})
	return order
}

// difference is x - y, and 0 for equal values: two censored counts (+Inf) do not differ.
func difference(x, y float64) float64 {
	if x == y {
		return 0
	}
	return x - y
}

// median of sorted values; NaN if there are none. It may be infinite.
func median(sorted []float64) float64 {
	n := len(sorted)
	if n == 0 {
		return math.NaN()
	}
	lo, hi := sorted[(n-1)/2], sorted[n/2]
	if lo == hi {
		return lo
	}
	return lo/2 + hi/2
}

// noNaN panics if a value is NaN: a run without a value must be excluded, not compared.
func noNaN(samples ...[]float64) {
	for _, xs := range samples {
		if slices.ContainsFunc(xs, math.IsNaN) {
			panic("stats: a value is NaN")
		}
	}
}
