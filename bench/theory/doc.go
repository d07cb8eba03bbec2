// Package theory checks the paper's theorems numerically (Sec. 2.1 and App. E;
// experiments/methods.md). An unsupervised method sees only a mixture p+ = (1-λ) p1 + λ p2 of
// normal rows p1 and anomalies p2, here on a finite alphabet.
//
// Theorem 1: the information in p+ about p2 vanishes as λ -> 0. Theorem 2: the distance between p1
// and p+ is at most a bound. Theorem 3: for any p2 there is a p1 whose distance is at least another
// bound. TV is the total variation distance, half of the L1 norm.
//
// All draws come from streams of one seed, and all sums have a fixed order: the same seed gives the
// same bytes.
package theory

import (
	"math/rand/v2"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/detmath"
)

// DefaultSeed is the seed of the committed result.
const DefaultSeed = 2019

// Result has the results of the simulations.
type Result struct {
	Seed       uint64      `json:"seed"`
	Posterior  []Posterior `json:"theorem1"`
	Upper      []Upper     `json:"theorem2"`
	Lower      []Lower     `json:"theorem3"`
	Statements []Statement `json:"statements"`
}

// Statement is a claim that the numbers decide.
type Statement struct {
	Name  string `json:"name"` // theorem2.bound, …
	Text  string `json:"says"`
	Holds bool   `json:"holds"`
	Why   string `json:"why"` // the numbers
}

// Run runs all simulations, which takes some seconds.
func Run(seed uint64) *Result {
	r := &Result{Seed: seed, Posterior: posteriors(seed), Upper: uppers(seed), Lower: lowers(seed)}
	r.Statements = append(append(judgePosterior(r.Posterior), judgeUpper(r.Upper)...),
		judgeLower(r.Lower)...)
	return r
}

// Holds reports whether the statement of this name holds; known is false if there is none.
func (r *Result) Holds(name string) (holds, known bool) {
	for _, s := range r.Statements {
		if s.Name == name {
			return s.Holds, true
		}
	}
	return false, false
}

// rounding bounds the rounding error of sums of a thousand terms.
const rounding = 1e-12

func draws(seed uint64, what string, axes ...any) *rand.Rand {
	return bench.NewStream(seed, "theory/"+what, axes...).Rand()
}

// mix sets p to p+ and returns it.
func mix(p []float64, lambda float64, p1, p2 []float64) []float64 {
	for i := range p {
		p[i] = float64((1-lambda)*p1[i]) + float64(lambda*p2[i])
	}
	return p
}

// l1 is the L1 distance, twice the total variation distance.
func l1(p, q []float64) float64 {
	s := 0.0
	for i := range p {
		if p[i] > q[i] {
			s += p[i] - q[i]
		} else {
			s += q[i] - p[i]
		}
	}
	return s
}

// divergence is the Kullback-Leibler divergence of p from q; q must be positive wherever p is.
func divergence(p, q []float64) float64 {
	s := 0.0
	for i := range p {
		if p[i] > 0 {
			s += float64(p[i] * detmath.Ln(p[i]/q[i]))
		}
	}
	return s
}
