package stats

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// Median of differences with the interval of the sign test: two order statistics, exact for any
// distribution, and the dual of SignTest. An end is infinite where there are too few for the level
// (a 95 % interval needs six). Of none the estimate is NaN.
func Median(d []float64, level float64) Interval {
	noNaN(d)
	half := distuv.Binomial{N: float64(len(d)), P: 0.5}
	k := largest(len(d)/2,
		func(k int) bool { return k == 0 || half.CDF(float64(k-1)) <= (1-level)/2 })
	return between(slices.Clone(d), k, level)
}

// SignedRank is the median of all means of two differences (each with itself, too) with the
// interval of Wilcoxon's signed-rank test (Hodges and Lehmann 1963), exact. It covers its level
// where the differences are symmetric about their middle. Where they are not it is another number
// than Median: of 40 exponential differences a 95 % interval covers their median in 83 %, and where
// 40 % of the runs collapse in 55 %. Judge therefore goes by Median's test.
func SignedRank(d []float64, level float64) Interval {
	noNaN(d)
	n := len(d)
	walsh := make([]float64, 0, n*(n+1)/2)
	ranks := make([]int, n)
	for i, x := range d {
		ranks[i] = i + 1
		for _, y := range d[:i+1] {
			walsh = append(walsh, difference(x/2, -y/2))
		}
	}
	pmf := subsetSums(ranks)
	k, below := 0, 0.0
	for k < len(walsh)/2 {
		if below += pmf[k]; below > (1-level)/2 {
			break
		}
		k++
	}
	return between(walsh, k, level)
}

// SignedRankTest is Wilcoxon's test that differences are symmetric about 0: of two methods over
// data sets (Demšar 2006, 3.1.3). Zeros are left out, equal sizes share their ranks, and the p are
// exact for these. Of nothing but zeros all are 1.
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

// subsetSums is the distribution of the sum of those ranks whose coin shows heads.
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
