package stats

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
)

// IQM is the interquartile mean of all runs of all data sets together, without a quarter of them,
// rounded down, on each side (Agarwal et al. 2021, 4.3): less affected by outliers than the mean,
// and less noisy than the median. Without runs it is NaN.
func IQM(cells [][]float64) float64 {
	all := slices.Concat(cells...)
	slices.Sort(all)
	cut := len(all) / 4
	return stat.Mean(all[cut:len(all)-cut], nil)
}

// Mean is the mean of the data sets' means, with equal weights. Without data sets it is NaN.
func Mean(cells [][]float64) float64 {
	sum := 0.0
	for _, c := range cells {
		sum += stat.Mean(c, nil)
	}
	return sum / float64(len(cells))
}

// Profile is a method's performance profile (Agarwal et al. 2021, 4.2, the run-score distribution):
// for each threshold the share of runs with a score above it, with equal weights for the data sets.
// Its Bootstrap at one threshold is the band's interval there.
func Profile(cells [][]float64, thresholds []float64) []float64 {
	noNaN(cells...)
	out := make([]float64, len(thresholds))
	for i, tau := range thresholds {
		for _, c := range cells {
			above := 0
			for _, x := range c {
				if x > tau {
					above++
				}
			}
			out[i] += float64(above) / float64(len(c)*len(cells))
		}
	}
	return out
}

// Record is the number of data sets that a method won, tied and lost.
type Record struct{ Wins, Ties, Losses int }

// WinsTiesLosses counts the data sets on which a is above b by more than delta, within it, and
// below. Both have one score per data set.
func WinsTiesLosses(a, b []float64, delta float64) (r Record) {
	noNaN(a, b)
	for i, x := range a {
		switch d := difference(x, b[i]); {
		case math.Abs(d) <= delta:
			r.Ties++
		case d > 0:
			r.Wins++
		default:
			r.Losses++
		}
	}
	return r
}
