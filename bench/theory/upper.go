package theory

import (
	"fmt"
	"math"

	"github.com/uaibench/uaibench/bench/detmath"
)

// Upper is Theorem 2 at one λ: TV(p+, p1) <= sqrt(½ ln 1/(1-λ)), and the L1 norm is at most twice
// that. The exact value is λ TV(p1, p2), so the maximum is λ, which pairs without a common symbol
// reach.
type Upper struct {
	Lambda   float64 `json:"lambda"`
	Bound    float64 `json:"bound"`    // of TV, by the paper
	Exact    float64 `json:"exact"`    // maximum of TV: λ
	Random   float64 `json:"random"`   // maximum of TV over random pairs
	Disjoint float64 `json:"disjoint"` // minimum of TV over pairs without a common symbol
	L1Bound  float64 `json:"l1_bound"` // of the L1 norm
	L1       float64 `json:"l1"`       // maximum over all pairs
	Ratio    float64 `json:"ratio"`    // bound over exact
	Small    float64 `json:"small"`    // 1/sqrt(2 λ), which the ratio tends to for small λ
	// ln 1/(1-λ), from which the bound follows by Pinsker's inequality
	KLBound float64 `json:"kl_bound"`
	KL      float64 `json:"kl"` // maximum of KL(p1 || p+) over all pairs
	// maximum of KLBound less KL over pairs without a common symbol
	KLGap    float64 `json:"kl_gap"`
	Identity float64 `json:"identity"`  // maximum of |TV(p+, p1) - λ TV(p1, p2)|
	Pairs    int     `json:"pairs"`     // random pairs; as many others have no common symbol
	Broken   int     `json:"broken"`    // number of pairs that violate the bound of TV or of L1
	KLBroken int     `json:"kl_broken"` // number of pairs that violate the bound of KL
}

var (
	upperLambdas = []float64{0.0001, 0.001, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 0.99,
		0.999}
	alphabets      = []int{2, 3, 5, 10, 30, 100, 300, 1000}
	concentrations = []float64{0.01, 0.1, 1, 10}
)

const pairsEach = 12 // per alphabet and pair of concentrations

func uppers(seed uint64) []Upper {
	type pair struct {
		p1, p2   []float64
		disjoint bool
	}
	var pairs []pair
	for _, n := range alphabets {
		for _, c1 := range concentrations {
			for _, c2 := range concentrations {
				rng := draws(seed, "pairs", n, c1, c2)
				for range pairsEach {
					pairs = append(pairs, pair{dirichlet(rng, n, c1), dirichlet(rng, n, c2), false})
					own, other := make([]float64, n), make([]float64, n)
					cut := 1 + rng.IntN(n-1)
					copy(own, dirichlet(rng, cut, c1))
					copy(other[cut:], dirichlet(rng, n-cut, c2))
					pairs = append(pairs, pair{own, other, true})
				}
			}
		}
	}
	var out []Upper
	for _, lambda := range upperLambdas {
		kl := -detmath.Ln(1 - lambda)
		r := Upper{
			Lambda: lambda, Bound: math.Sqrt(kl / 2), Exact: lambda, Disjoint: math.Inf(1),
			L1Bound: math.Sqrt(2 * kl), Ratio: math.Sqrt(kl/2) / lambda,
			Small: 1 / math.Sqrt(2*lambda), KLBound: kl,
		}
		for _, p := range pairs {
			mixture := mix(make([]float64, len(p.p1)), lambda, p.p1, p.p2)
			norm := l1(mixture, p.p1)
			d := divergence(p.p1, mixture)
			r.L1, r.KL = max(r.L1, norm), max(r.KL, d)
			r.Identity = max(r.Identity, math.Abs(norm/2-lambda*l1(p.p1, p.p2)/2))
			if p.disjoint {
				r.Disjoint = min(r.Disjoint, norm/2)
				r.KLGap = max(r.KLGap, kl-d)
			} else {
				r.Pairs++
				r.Random = max(r.Random, norm/2)
			}
			if norm/2 > r.Bound+rounding || norm > r.L1Bound+rounding {
				r.Broken++
			}
			if d > kl+rounding {
				r.KLBroken++
			}
		}
		out = append(out, r)
	}
	return out
}

func judgeUpper(rows []Upper) []Statement {
	broken, klBroken, pairs := 0, 0, 0
	identity, gap, short := 0.0, 0.0, 0.0
	for _, r := range rows {
		broken, klBroken, pairs = broken+r.Broken, klBroken+r.KLBroken, pairs+2*r.Pairs
		identity, gap, short = max(identity, r.Identity), max(gap, r.KLGap), max(short,
			math.Abs(r.Exact-r.Disjoint))
	}
	first := rows[0]
	const loose = 1.05 // the largest ratio of a bound that counts as tight as λ -> 0
	return []Statement{
		{"theorem2.bound", "TV(p+, p1) <= sqrt(½ ln 1/(1-λ)), and the L1 norm <= sqrt(2 ln " +
			"1/(1-λ))", broken == 0,
			fmt.Sprintf("%d violations among %d mixtures at %d values of λ", broken, pairs,
				len(rows))},
		{"theorem2.kl", "KL(p1 || p+) <= ln 1/(1-λ), with equality where p1 and p2 have no " +
			"common symbol", klBroken == 0 && gap < rounding,
			fmt.Sprintf("%d violations; without a common symbol it differs from the bound by at "+
				"most %.1g", klBroken, gap)},
		{"theorem2.exact", "TV(p+, p1) is λ TV(p1, p2): at most λ, and λ where they have no " +
			"common symbol", identity < rounding && short < rounding,
			fmt.Sprintf("off by at most %.1g and %.1g", identity, short)},
		{"theorem2.tight", "the bound is tight for λ near 0", first.Ratio < loose,
			fmt.Sprintf("the bound is %.1f times the exact maximum at λ = %g and %.1f times at "+
				"λ = %g: the ratio grows as 1/sqrt(2 λ). Both go to 0, and in no other sense is "+
				"it tight", first.Ratio, first.Lambda, rows[2].Ratio, rows[2].Lambda)},
	}
}
