package calibrate

import (
	"math"
	"math/rand/v2"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/report/stats"
)

// Coverage is how often a comparison's intervals and outcome are right, simulated.
type Coverage struct {
	Runs string  `json:"runs"` // distribution of the two arms' runs
	N    int     `json:"n"`
	Win  float64 `json:"win"` // share of the 95 % intervals of the win probability that cover it
	// likewise of the shift; -1: the arms have no common shift
	Shift float64 `json:"shift"`
	// share decided wrongly up to this look: better in any case, worse only without an effect
	Wrong float64 `json:"wrong"`
}

// coverageArms are the arms of the coverage table: how each draws a run, and the true values.
var coverageArms = []struct {
	what       string
	a, b       func(*rand.Rand) float64
	win, shift float64 // NaN: none
}{
	{"normal, alike", normal(0, 1), normal(0, 1), 0.5, 0},
	{"normal, one with three times the spread", normal(0, 3), normal(0, 1), 0.5, 0},
	{"exponential, alike", (*rand.Rand).ExpFloat64, (*rand.Rand).ExpFloat64, 0.5, 0},
	{"one run in five of both collapses", collapsing(0.2), collapsing(0.2), 0.5, 0},
	// A collapsed run is below every other; if neither collapsed, each wins half.
	{"one run in five of one arm collapses, none of the other", collapsing(0.2), collapsing(0),
		0.4, math.NaN()},
}

func normal(mean, sd float64) func(*rand.Rand) float64 {
	return func(r *rand.Rand) float64 { return mean + sd*r.NormFloat64() }
}

func collapsing(p float64) func(*rand.Rand) float64 {
	return func(r *rand.Rand) float64 {
		x := 0.1*r.Float64() - 0.05
		if r.Float64() >= p {
			x++
		}
		return x
	}
}

// SimulateCoverage simulates trips comparisons per arm pair and look, with fixed seeds.
func SimulateCoverage(looks []stats.Look, trips int) []Coverage {
	var out []Coverage
	for _, arms := range coverageArms {
		for _, look := range looks {
			c := Coverage{Runs: arms.what, N: look.N, Shift: -1}
			rng := bench.NewStream(1, "coverage", arms.what, look.N).Rand()
			var win, shift, wrong int
			for range trips {
				a, b := make([]float64, look.N), make([]float64, look.N)
				for i := range a {
					a[i], b[i] = arms.a(rng), arms.b(rng)
				}
				in := stats.Comparison{A: a, B: b, Looks: looks}
				f := in.At(look)
				if f.Win.Contains(arms.win) {
					win++
				}
				if f.Shift.Contains(arms.shift) {
					shift++
				}
				if _, o := in.Decide(); o == stats.Better || o == stats.Worse && arms.win == 0.5 {
					wrong++
				}
			}
			c.Win, c.Wrong = float64(win)/float64(trips), float64(wrong)/float64(trips)
			if !math.IsNaN(arms.shift) {
				c.Shift = float64(shift) / float64(trips)
			}
			out = append(out, c)
		}
	}
	return out
}
