package theory

import (
	"fmt"
	"math"
)

// Lower is Theorem 3 at one λ and alphabet: for every p2 there is a p1 with TV(p+, p1) >= λ
// (|A|-1)/|A|, and an L1 norm of twice that. TV is convex in p1, so it is greatest where p1 is
// certain of one symbol.
type Lower struct {
	Symbols  int     `json:"symbols"`
	Lambda   float64 `json:"lambda"`
	Bound    float64 `json:"bound"`    // of TV
	Least    float64 `json:"least"`    // minimum over random p2 of the maximum over p1
	Uniform  float64 `json:"uniform"`  // maximum over p1 for uniform p2
	L1       float64 `json:"l1"`       // the same as an L1 norm
	Drawn    int     `json:"drawn"`    // random p2
	Broken   int     `json:"broken"`   // number of p2 for which no certain p1 reaches the bound
	Interior int     `json:"interior"` // number of random p1 farther than every certain one
}

var (
	lowerLambdas = []float64{0.001, 0.01, 0.1, 0.3, 0.5, 0.9, 0.99, 0.999}
	lowerSymbols = []int{2, 3, 5, 10, 100, 1000}
)

func lowers(seed uint64) []Lower {
	var out []Lower
	for _, n := range lowerSymbols {
		each := 10 // p2 per concentration
		if n > 100 {
			each = 2
		}
		for _, lambda := range lowerLambdas {
			uniform, mixture := make([]float64, n), make([]float64, n)
			for i := range uniform {
				uniform[i] = 1 / float64(n)
			}
			r := Lower{Symbols: n, Lambda: lambda, Bound: lambda * float64(n-1) / float64(n),
				Least: math.Inf(1)}
			r.Uniform = farthest(lambda, uniform)
			r.L1 = 2 * r.Uniform
			for _, c := range concentrations {
				rng := draws(seed, "p2", n, lambda, c)
				for range each {
					p2 := dirichlet(rng, n, c)
					most := farthest(lambda, p2)
					r.Drawn++
					r.Least = min(r.Least, most)
					if most < r.Bound-rounding {
						r.Broken++
					}
					for _, c1 := range concentrations {
						p1 := dirichlet(rng, n, c1)
						if l1(mix(mixture, lambda, p1, p2), p1)/2 > most+rounding {
							r.Interior++
						}
					}
				}
			}
			out = append(out, r)
		}
	}
	return out
}

// farthest is the maximum of TV(p+, p1) over all p1 that are certain of one symbol, each computed
// by its definition.
func farthest(lambda float64, p2 []float64) float64 {
	p1, mixture, most := make([]float64, len(p2)), make([]float64, len(p2)), 0.0
	for v := range p2 {
		p1[v] = 1
		most = max(most, l1(mix(mixture, lambda, p1, p2), p1)/2)
		p1[v] = 0
	}
	return most
}

func judgeLower(rows []Lower) []Statement {
	broken, drawn, interior := 0, 0, 0
	equal, above := 0.0, math.Inf(1)
	for _, r := range rows {
		broken, drawn, interior = broken+r.Broken, drawn+r.Drawn, interior+r.Interior
		equal = max(equal, math.Abs(r.Uniform-r.Bound))
		above = min(above, (r.Least-r.Bound)/r.Lambda)
	}
	last := rows[len(rows)-1]
	return []Statement{
		{"theorem3.bound", "for every p2 there is a p1 with TV(p+, p1) >= λ (|A|-1)/|A|, and an " +
			"L1 norm of twice that", broken == 0 && interior == 0,
			fmt.Sprintf("%d violations among %d random p2; the farthest p1 is certain of one "+
				"symbol (%d of %d random p1 are farther)", broken, drawn, interior,
				drawn*len(concentrations))},
		{"theorem3.equality", "equality for uniform p2, and more for others", equal < rounding &&
			above > 0,
			fmt.Sprintf("uniform p2: off by at most %.1g; random p2: above the bound by at "+
				"least %.2g λ. At λ = %g and %d symbols the L1 norm is %.4f, of at most 2", equal,
				above, last.Lambda, last.Symbols, last.L1)},
	}
}
