package stats

import (
	"gonum.org/v1/gonum/stat/distuv"
)

// ClopperPearson is the exact interval of a probability, given k successes in n trials (Clopper and
// Pearson 1934). Without trials it is 0 to 1, with an estimate of 0.
func ClopperPearson(k, n int, level float64) Interval {
	iv := Interval{0, 0, 1, level}
	if n < 1 {
		return iv
	}
	iv.Estimate = float64(k) / float64(n)
	if k > 0 {
		iv.Lo = distuv.Beta{Alpha: float64(k), Beta: float64(n - k + 1)}.Quantile((1 - level) / 2)
	}
	if k < n {
		iv.Hi = distuv.Beta{Alpha: float64(k + 1), Beta: float64(n - k)}.Quantile((1 + level) / 2)
	}
	return iv
}

// AtMost is the one-sided upper 95 % bound of a probability, given k successes in n trials: if 0 of
// 10 runs collapsed, 26 %. Without trials it is 1.
func AtMost(k, n int) float64 { return ClopperPearson(k, n, 0.9).Hi }

// SignTest is the exact test that differences are as often above 0 as below, P(d > 0) + P(d = 0)/2
// = 1/2: the paired form of the win probability's test, and that of one arm against a bound. Zeros
// are removed (Dixon and Mood 1946). It assumes nothing about the distribution. If all are zero, or
// there are none, all p are 1.
func SignTest(d []float64) Tails {
	noNaN(d)
	above, below := signs(d)
	n := above + below
	if n == 0 {
		return Tails{1, 1, 1}
	}
	half := distuv.Binomial{N: float64(n), P: 0.5}
	return tails(half.CDF(float64(below)), half.CDF(float64(above)))
}

// signs counts the values above and below 0.
func signs(d []float64) (above, below int) {
	for _, x := range d {
		if x > 0 {
			above++
		} else if x < 0 {
			below++
		}
	}
	return above, below
}
