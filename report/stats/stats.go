package stats

import (
	"math"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// StudentHalf is half the width of Student's interval of a mean, from the sample standard deviation
// of n >= 2 runs.
func StudentHalf(sd float64, n int, level float64) float64 {
	return student(n-1).Quantile((1+level)/2) * sd / math.Sqrt(float64(n))
}

func student(df int) distuv.StudentsT {
	return distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(df)}
}

// SignFlip is the exact two-sided p of the paired permutation test: the share of the 2^n sign
// patterns of the differences whose mean is at least as far from 0. With five runs it is at least
// 2/32 = 0.0625. ok is false without differences, and for more than MostFlips.
func SignFlip(d []float64) (p float64, ok bool) {
	if len(d) == 0 || len(d) > MostFlips {
		return 0, false
	}
	seen := 0.0
	for _, x := range d {
		seen += x
	}
	seen = math.Abs(seen)
	least := seen - 1e-12*(seen+1e-300)
	// The other half of the patterns, with the first sign flipped, has the same distances.
	return float64(farSums(d[0], d[1:], least)) / math.Exp2(float64(len(d)-1)), true
}

// farSums counts the sign patterns of d whose sum with s is at least as far from 0 as least.
func farSums(s float64, d []float64, least float64) int {
	if len(d) == 0 {
		if math.Abs(s) >= least {
			return 1
		}
		return 0
	}
	return farSums(s+d[0], d[1:], least) + farSums(s-d[0], d[1:], least)
}

// MostFlips is the largest number of differences that SignFlip enumerates.
const MostFlips = 20

// LeastSignFlip is the smallest p that SignFlip can return for n differences: all of one sign.
func LeastSignFlip(n int) float64 { return math.Exp2(float64(1 - n)) }

// PairedT is the one-sided p of a paired t-test that the mean of d is above margin, and the
// two-sided one. ok is false for fewer than two differences.
func PairedT(d []float64, margin float64) (above, twoSided float64, ok bool) {
	if len(d) < 2 {
		return 0, 0, false
	}
	m, sd := stat.MeanStdDev(d, nil)
	return TailT(m-margin, sd/math.Sqrt(float64(len(d))), float64(len(d)-1))
}

// TailT is the p of a difference d with its standard error: one-sided, that it is above 0, and
// two-sided.
func TailT(d, se, df float64) (above, twoSided float64, ok bool) {
	if se == 0 {
		switch {
		case d > 0:
			return 0, 0, true
		case d < 0:
			return 1, 0, true
		}
		return 1, 1, true
	}
	t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}
	return t.Survival(d / se), 2 * t.Survival(math.Abs(d)/se), true
}

// Holm returns the adjusted p of a family of tests (Holm 1979): the i-th smallest times the number
// of those not yet rejected.
func Holm(p []float64) []float64 {
	out := make([]float64, len(p))
	most := 0.0
	for i, j := range ascending(p) {
		most = max(most, min(1, p[j]*float64(len(p)-i)))
		out[j] = most
	}
	return out
}

// edges are the values of |mean|, in standard errors, at which it is significant, for 4,000 equally
// probable sample deviations: the error of a power is below 1e-3 for n = 2, and much smaller above.
func edges(n int, level float64) []float64 {
	t := student(n - 1).Quantile(1 - level/2)
	s := distuv.ChiSquared{K: float64(n - 1)}
	out := make([]float64, 4000)
	for i := range out {
		out[i] = t * math.Sqrt(s.Quantile((float64(i)+0.5)/float64(len(out)))/float64(n-1))
	}
	return out
}

// power is the probability that the t-test of n normal differences rejects if their true mean is
// effect times their standard deviation.
func power(effect float64, n int, edges []float64) float64 {
	shift := effect * math.Sqrt(float64(n))
	sum := 0.0
	for _, e := range edges {
		sum += distuv.UnitNormal.CDF(shift-e) + distuv.UnitNormal.CDF(-shift-e)
	}
	return sum / float64(len(edges))
}

// Detectable is the true mean, in standard deviations of the differences, that the t-test of n >= 2
// detects with a power of 0.8.
func Detectable(n int, level float64) float64 {
	at := edges(n, level)
	lo, hi := 0.0, 64.0 // 11.5 for n = 2
	for range 40 {
		if mid := (lo + hi) / 2; power(mid, n, at) < 0.8 {
			lo = mid
		} else {
			hi = mid
		}
	}
	return hi
}
