package compare

import (
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/uaibench/uaibench/bench"
)

// Confidence of the intervals, if the number of seeds permits it.
const Confidence = 0.95

// exactSeeds is the largest number of pairs for which all 2^n signs are tried.
const exactSeeds = 16

// draws is the number of random signs for more pairs.
const draws = 1 << 16

// Difference is a metric of a group, new minus old, over the cells done in both runs.
type Difference struct {
	Metric string  `json:"metric"`
	N      int     `json:"n"`
	Old    float64 `json:"old_mean"`
	New    float64 `json:"new_mean"`
	Mean   float64 `json:"mean_difference"`

	// Student's interval of the mean difference at Confidence, and the p of its test; nil with
	// fewer than two seeds. They assume normal differences.
	T  *Interval `json:"t,omitempty"`
	TP *float64  `json:"t_p,omitempty"`

	// The sign-flip test only assumes symmetric differences: p is the share of the 2^n sign
	// patterns whose mean is at least as far from 0. The interval is between subset means (Hartigan
	// 1969); its confidence is the highest possible that does not exceed Confidence, or the highest
	// that n seeds permit.
	Flip   *Interval `json:"sign_flip,omitempty"`
	FlipP  float64   `json:"sign_flip_p"`
	LeastP float64   `json:"sign_flip_least_p"` // the smallest p possible with n seeds

	decimals int
	scale    float64
}

// Interval with its confidence.
type Interval struct {
	Low        float64 `json:"low"`
	High       float64 `json:"high"`
	Confidence float64 `json:"confidence"`
}

func (d Difference) number(x float64) string { return strconv.FormatFloat(x, 'f', d.decimals, 64) }

// paired compares lists of the same length, at least 1.
func paired(before, after []float64) Difference {
	n := len(before)
	diff := make([]float64, n)
	d := Difference{N: n}
	for i := range diff {
		diff[i] = after[i] - before[i]
		d.Old += before[i] / float64(n)
		d.New += after[i] / float64(n)
		d.Mean += diff[i] / float64(n)
	}
	if n >= 2 {
		ss := 0.0
		for _, x := range diff {
			ss += (x - d.Mean) * (x - d.Mean)
		}
		se := math.Sqrt(ss / float64(n-1) / float64(n))
		student := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(n - 1)}
		half := student.Quantile(0.5+Confidence/2) * se
		p := 1.0
		switch {
		case se > 0:
			p = 2 * student.CDF(-math.Abs(d.Mean)/se)
		case d.Mean != 0:
			p = 0
		}
		d.T, d.TP = &Interval{d.Mean - half, d.Mean + half, Confidence}, &p
	}
	d.LeastP = math.Ldexp(1, 1-n)
	if n > exactSeeds {
		d.LeastP = 1.0 / (draws + 1)
	}
	d.FlipP = flipP(diff)
	if n >= 2 && n <= exactSeeds {
		d.Flip = subsetMeans(diff)
	}
	return d
}

// flipP returns the sign-flip test's p: exact up to exactSeeds differences, otherwise from 2^16
// random sign patterns and the observed one, drawn from a fixed stream, so that the same
// differences have the same p.
func flipP(diff []float64) float64 {
	n := len(diff)
	sum, size := 0.0, 0.0
	for _, x := range diff {
		sum += x
		size += math.Abs(x)
	}
	limit := math.Abs(sum) - 1e-12*size // equal up to rounding counts as equal
	far := func(bits func(word int) uint64) int {
		s := 0.0
		var b uint64
		for i, x := range diff {
			if i%64 == 0 {
				b = bits(i / 64)
			}
			if b>>(i%64)&1 == 1 {
				x = -x
			}
			s += x
		}
		if math.Abs(s) >= limit {
			return 1
		}
		return 0
	}
	hits := 0
	if n <= exactSeeds {
		for signs := range uint64(1) << n {
			hits += far(func(int) uint64 { return signs })
		}
		return float64(hits) / math.Ldexp(1, n)
	}
	rng := bench.NewStream(0, "sign flips", n).Rand()
	for range draws {
		hits += far(func(int) uint64 { return rng.Uint64() })
	}
	return float64(hits+1) / (draws + 1)
}

// subsetMeans inverts the sign-flip test into an interval: the means of all 2^n - 1 subsets divide
// the line into 2^n pieces that contain the centre with equal probability (Hartigan 1969, Theorem
// 1).
func subsetMeans(diff []float64) *Interval {
	n := len(diff)
	means := make([]float64, 0, 1<<n-1)
	for set := 1; set < 1<<n; set++ {
		sum, count := 0.0, 0
		for i, x := range diff {
			if set>>i&1 == 1 {
				sum += x
				count++
			}
		}
		means = append(means, sum/float64(count))
	}
	slices.Sort(means)
	pieces := math.Ldexp(1, n)
	k := max(1, int((1-Confidence)/2*pieces)) // pieces cut off at each end
	return &Interval{means[k-1], means[len(means)-k], 1 - 2*float64(k)/pieces}
}
