package theory

import (
	"fmt"
	"math"
	"slices"
)

// Posterior is the information of a mixture about its anomalies (Theorem 1, Lemmas 1 and 2): p2 is
// a priori uniform on all distributions, p1 has the density of Dirichlet(5, …, 5), and p+ is known.
// Then the posterior of p2 is proportional to f((p+ - λ p2) / (1-λ)) on P2 = {p : λ p <= p+}, and
// p1 lies in P1 = {(p+ - λ p) / (1-λ) : p in P2}.
type Posterior struct {
	Mixture []float64 `json:"mixture"` // p+
	Lambda  float64   `json:"lambda"`
	// between the posterior of p2 and the uniform distribution on P2
	TV float64 `json:"tv"`
	// the same on a grid half as fine: how exact it is
	TVCoarse      float64 `json:"tv_coarse"`
	Volume        float64 `json:"volume"`         // of P2, as a share of all distributions
	VolumeCounted float64 `json:"volume_counted"` // the same by the grid
	Diameter      float64 `json:"diameter"`       // of P1, in L1
	DiameterBound float64 `json:"diameter_bound"` // 2 λ / (1-λ)
}

// prior is the concentration of the prior of p1.
const prior = 5

var (
	posteriorLambdas = []float64{0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.001}
	mixtures         = [][]float64{{0.5, 0.3, 0.2}, {0.4, 0.3, 0.2, 0.1}}
	grids            = map[int]int{2: 20000, 3: 400, 4: 80} // by the number of symbols
)

// posteriors takes the mixtures above and, for each number of symbols, two that are drawn from the
// prior.
func posteriors(seed uint64) []Posterior {
	var out []Posterior
	for _, m := range mixtures {
		rng := draws(seed, "mixture", len(m))
		for _, p := range [][]float64{m, dirichlet(rng, len(m), prior),
			dirichlet(rng, len(m), prior)} {
			for _, lambda := range posteriorLambdas {
				out = append(out, posterior(p, lambda, grids[len(p)]))
			}
		}
	}
	return out
}

func posterior(mixture []float64, lambda float64, grid int) Posterior {
	r := Posterior{Mixture: mixture, Lambda: lambda, Volume: volume(mixture, lambda),
		DiameterBound: 2 * lambda / (1 - lambda)}
	r.TV, r.VolumeCounted = fromUniform(mixture, lambda, grid)
	r.TVCoarse, _ = fromUniform(mixture, lambda, grid/2)
	r.Diameter = lambda / (1 - lambda) * diameter(mixture, lambda)
	return r
}

// fromUniform is the distance of the posterior from uniform on P2, and the share of the grid's
// points that P2 has. The points are ((k_1, …, k_m) + 1/m) / (grid + 1) for all k that sum to grid.
func fromUniform(mixture []float64, lambda float64, grid int) (tv, share float64) {
	m := len(mixture)
	var weights []float64
	points, sum := 0, 0.0
	p := make([]float64, m)
	var walk func(j, left int)
	walk = func(j, left int) {
		if j == m-1 {
			points++
			p[j] = (float64(left) + 1/float64(m)) / float64(grid+1)
			w := 1.0
			for i, v := range p {
				q := (mixture[i] - float64(lambda*v)) / (1 - lambda)
				if q < 0 {
					return
				}
				w *= q * q * q * q // prior - 1 factors
			}
			weights = append(weights, w)
			sum += w
			return
		}
		for k := 0; k <= left; k++ {
			p[j] = (float64(k) + 1/float64(m)) / float64(grid+1)
			walk(j+1, left-k)
		}
	}
	walk(0, grid)
	uniform := 1 / float64(len(weights))
	for _, w := range weights {
		tv += math.Abs(w/sum-uniform) / 2
	}
	return tv, float64(len(weights)) / float64(points)
}

// volume of P2 as a share of the simplex: that of {p : p_i <= p+_i / λ}, by inclusion and exclusion
// of the corners cut off.
func volume(mixture []float64, lambda float64) float64 {
	v := 0.0
	for set := range 1 << len(mixture) {
		left, sign := 1.0, 1.0
		for i, q := range mixture {
			if set>>i&1 == 1 {
				left -= q / lambda
				sign = -sign
			}
		}
		if left > 0 {
			c := sign
			for range len(mixture) - 1 {
				c *= left
			}
			v += c
		}
	}
	return v
}

// diameter of P2 in L1. The largest distance is between corners, at which all symbols but one are
// at 0 or at p+_i / λ.
func diameter(mixture []float64, lambda float64) float64 {
	m := len(mixture)
	var corners [][]float64
	for open := range m {
		for set := range 1 << m {
			if set>>open&1 == 1 {
				continue
			}
			p, left := make([]float64, m), 1.0
			for i, q := range mixture {
				if set>>i&1 == 1 {
					p[i] = q / lambda
					left -= p[i]
				}
			}
			if left >= 0 && left <= mixture[open]/lambda {
				p[open] = left
				corners = append(corners, p)
			}
		}
	}
	far := 0.0
	for i, p := range corners {
		for _, q := range corners[:i] {
			far = max(far, l1(p, q))
		}
	}
	return far
}

func judgePosterior(rows []Posterior) []Statement {
	const (
		linear = 1.1  // TV/λ may grow by so much as λ falls, never more
		grown  = 1e-9 // volume
		off    = 0.01 // the two grids
	)
	falls, whole, shrinks := true, true, true
	worst, slope, grid, last := 0.0, 0.0, 0.0, Posterior{}
	for i, r := range rows {
		grid = max(grid, math.Abs(r.TV-r.TVCoarse))
		shrinks = shrinks && r.Diameter <= r.DiameterBound+rounding
		if r.Lambda <= slices.Min(r.Mixture) {
			whole = whole && math.Abs(r.Volume-1) < grown
			shrinks = shrinks && math.Abs(r.Diameter-r.DiameterBound) < rounding
		}
		if i > 0 && rows[i-1].Lambda > r.Lambda { // the same mixture, with a smaller λ
			was := rows[i-1]
			falls = falls && r.TV < was.TV
			if was.Lambda <= 0.05 {
				falls = falls && r.TV/r.Lambda <= linear*was.TV/was.Lambda
			}
			whole = whole && r.Volume >= was.Volume-grown
			last = r
		}
		if i+1 == len(rows) || rows[i+1].Lambda > r.Lambda {
			worst, slope = max(worst, r.TV), max(slope, r.TV/r.Lambda)
		}
	}
	return []Statement{
		{"theorem1.uniform", "as λ falls, the posterior of p2 tends to uniform on the " +
			"admissible set, about linearly", falls && grid < off,
			fmt.Sprintf("over %d mixtures TV falls with every λ, to at most %.4f at λ = %g "+
				"(TV/λ at most %.2f); half as fine a grid differs by at most %.4f",
				len(rows)/len(posteriorLambdas), worst, last.Lambda, slope, grid)},
		{"theorem1.support",
			"the admissible set grows to all distributions on the mixture's symbols", whole,
			"its share of the volume never falls with λ, and is 1 once λ is below every " +
				"probability of the mixture"},
		{"theorem1.p1", "the set of possible p1 shrinks to the mixture: its L1 diameter is at " +
			"most 2 λ/(1-λ)", shrinks,
			fmt.Sprintf("it is at most the bound in all %d rows, and equal to it once λ is below "+
				"every probability of the mixture", len(rows))},
	}
}
