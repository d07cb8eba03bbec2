package stats

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// Median of differences with the interval of the sign test: two order statistics, exact for any
// distribution, and the dual of SignTest. An end is infinite if there are too few values for the
// level (a 95 % interval needs six). Without values the estimate is NaN.
func Median(d []float64, level float64) Interval {
	noNaN(d)
	half := distuv.Binomial{N: float64(len(d)), P: 0.5}
	k := largest(len(d)/2,
		func(k int) bool { return k == 0 || half.CDF(float64(k-1)) <= (1-level)/2 })
	return between(slices.Clone(d), k, level)
}

// SignedRankTest is Wilcoxon's test that differences are symmetric about 0: of two methods over
// data sets (Demšar 2006, 3.1.3). Zeros are removed, equal sizes share their ranks, and the p are
// exact given these. If all are zero, or there are none, all p are 1.
func SignedRankTest(d []float64) Tails {
	noNaN(d)
	d = slices.DeleteFunc(slices.Clone(d), func(x float64) bool { return x == 0 })
	size := make([]float64, len(d))
	for i, x := range d {
		size[i] = math.Abs(x)
	}
	seen := 0
	doubled := make([]int, len(d))
	for i, r := range Ranks(size) {
		doubled[i] = int(2 * r)
		if d[i] > 0 {
			seen += doubled[i]
		}
	}
	var above, below float64
	for w, p := range subsetSums(doubled) {
		if w >= seen {
			above += p
		}
		if w <= seen {
			below += p
		}
	}
	return tails(min(1, above), min(1, below))
}

// subsetSums is the distribution of the sum of a random subset of the ranks, each included with
// probability 1/2.
func subsetSums(ranks []int) []float64 {
	total := 0
	for _, r := range ranks {
		total += r
	}
	pmf := make([]float64, total+1)
	pmf[0] = 1
	upto := 0
	for _, r := range ranks {
		upto += r
		for s := upto; s >= 0; s-- {
			pmf[s] /= 2
			if s >= r {
				pmf[s] += pmf[s-r] / 2
			}
		}
	}
	return pmf
}
