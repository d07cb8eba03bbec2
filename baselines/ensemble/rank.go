package ensemble

import (
	"math"
	"slices"
)

// tauRank returns AAD's threshold for n finite scores: with K = round(tau n), q is the (1 - K/n)
// quantile with linear interpolation, and row the one at 0-based rank K of the descending order
// (ties: the lower row first). scratch has len n. Halves are rounded to even, as by NumPy.
func tauRank(scores, scratch []float64, tau float64) (q float64, row int) {
	n := len(scores)
	k := min(int(math.RoundToEven(tau*float64(n))), n-1)
	copy(scratch, scores)
	v := nth(scratch, k)
	// Position (n-1)(1 - K/n) of the ascending order lies K/n above rank K of the descending one.
	above, next := 0, math.Inf(1)
	for _, s := range scores {
		if s > v {
			above++
			next = min(next, s)
		}
	}
	if above < k { // rank K-1 has the same score
		next = v
	}
	q = v
	if k > 0 {
		q += float64(float64(k) / float64(n) * (next - v))
	}
	for i, s := range scores {
		if s == v {
			if above == k {
				return q, i
			}
			above++
		}
	}
	panic("ensemble: a score is not finite")
}

// nth returns the k-th largest value (0-based); it reorders values. It uses quickselect with the
// median of three, whose best case is an ascending or descending order.
func nth(values []float64, k int) float64 {
	lo, hi := 0, len(values)
	for hi-lo > 16 {
		a, b, c := values[lo], values[lo+(hi-lo)/2], values[hi-1]
		pivot := max(min(a, b), min(max(a, b), c))
		// [lo, i) above the pivot, [i, j) equal to it, [j, hi) below.
		i, j, at := lo, hi, lo
		for at < j {
			switch v := values[at]; {
			case v > pivot:
				values[at], values[i] = values[i], v
				i++
				at++
			case v < pivot:
				j--
				values[at], values[j] = values[j], v
			default:
				at++
			}
		}
		switch {
		case k < i:
			hi = i
		case k < j:
			return pivot
		default:
			lo = j
		}
	}
	part := values[lo:hi]
	slices.SortFunc(part, func(a, b float64) int {
		switch {
		case a > b:
			return -1
		case a < b:
			return 1
		}
		return 0
	})
	return values[k]
}
