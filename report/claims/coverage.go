package claims

import (
	"math"
	"math/rand/v2"
	"slices"
	"sync"

	"gonum.org/v1/gonum/stat"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/report/stats"
)

// Coverage is how often the intervals that judge means and medians enclose the truth, simulated.
type Coverage struct {
	Runs   string  `json:"runs"` // what the runs are drawn from
	N      int     `json:"n"`
	T      float64 `json:"t"`      // Student's interval of the mean
	Welch  float64 `json:"welch"`  // of the difference of two such means
	Median float64 `json:"median"` // the ranks' interval of the median; -1 where there is none
}

// draws of the simulation, with their means and medians in closed form.
var draws = []struct {
	what         string
	mean, median float64
	draw         func(*rand.Rand) float64
}{
	{"normal", 0, 0, (*rand.Rand).NormFloat64},
	{"uniform", 0.5, 0.5, (*rand.Rand).Float64},
	{"exponential (skewed)", 1, math.Ln2, (*rand.Rand).ExpFloat64},
	// Uniform on [0.95, 1.05] with 0.8, else on [-0.05, 0.05]: the median has 0.3 of the upper 0.8 below it.
	{"one run in five collapses", 0.8, 0.95 + 0.1*0.3/0.8, func(r *rand.Rand) float64 {
		x := 0.1*r.Float64() - 0.05
		if r.Float64() < 0.8 {
			return 1 + x
		}
		return x
	}},
}

// coverageTrials of 6,000 have a standard error of 0.3 %.
const coverageTrials = 6_000

var simulated sync.Map // of what was asked: it takes a while, and never changes

// SimulateCoverage draws from a fixed seed, so that it always prints the same.
func SimulateCoverage(n int, tol Tolerances) []Coverage {
	type asked struct {
		n            int
		mean, median float64
	}
	key := asked{n, tol.Confidence, tol.MedianConfidence}
	if c, ok := simulated.Load(key); ok {
		return slices.Clone(c.([]Coverage))
	}
	out := simulate(n, tol)
	simulated.Store(key, out)
	return slices.Clone(out)
}

func simulate(n int, tol Tolerances) []Coverage {
	var out []Coverage
	for _, d := range draws {
		rng := bench.NewStream(1, "coverage", d.what, n).Rand()
		c := Coverage{Runs: d.what, N: n, Median: -1}
		var t, w, m int
		a, b := make([]float64, n), make([]float64, n)
		known := rank(n, tol.MedianConfidence) > 0
		student := stats.StudentHalf(1, n, tol.Confidence)
		for range coverageTrials {
			for i := range a {
				a[i], b[i] = d.draw(rng), d.draw(rng)
			}
			mean, sd := stat.MeanStdDev(a, nil)
			if math.Abs(mean-d.mean) <= student*sd {
				t++
			}
			if i, err := welchInterval(a, b, tol.Confidence); err == nil && i.Lo <= 0 && 0 <= i.Hi {
				w++
			}
			if i, err := medianInterval(a, tol.MedianConfidence); err == nil && i.Lo <= d.median && d.median <= i.Hi {
				m++
			}
		}
		c.T, c.Welch = float64(t)/coverageTrials, float64(w)/coverageTrials
		if known {
			c.Median = float64(m) / coverageTrials
		}
		out = append(out, c)
	}
	return out
}
