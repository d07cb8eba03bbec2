package stats

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

type draw func(*rand.Rand) float64

func normal(mean, sd float64) draw {
	return func(r *rand.Rand) float64 { return mean + sd*r.NormFloat64() }
}

func constant(x float64) draw { return func(*rand.Rand) float64 { return x } }

func exponential(r *rand.Rand) float64 { return r.ExpFloat64() }

func cauchy(r *rand.Rand) float64 { return r.NormFloat64() / r.NormFloat64() }

// collapsing runs are near 1, or with probability p near 0.
func collapsing(p float64) draw {
	return func(r *rand.Rand) float64 {
		up := 1.0
		if r.Float64() < p {
			up = 0
		}
		return up + 0.05*r.NormFloat64()
	}
}

// stable runs beat those that collapse with probability p as often as they lose to them: their mean
// is such that a run that did not collapse beats them with probability 1/(2 (1-p)); if half
// collapse, it is halfway.
func stable(p float64) draw {
	if p == 0.5 {
		return normal(0.5, 0.05)
	}
	return normal(1-0.05*math.Sqrt2*distuv.UnitNormal.Quantile(0.5/(1-p)), 0.05)
}

// evenExponential is the mean of normal numbers that an exponential one exceeds in half of all
// pairs: P(E > N) = Φ(-m) + e^(1/2-m) Φ(m-1).
func evenExponential() float64 {
	phi := distuv.UnitNormal.CDF
	lo, hi := 0.0, 2.0
	for range 50 {
		if m := (lo + hi) / 2; phi(-m)+math.Exp(0.5-m)*phi(m-1) > 0.5 {
			lo = m
		} else {
			hi = m
		}
	}
	return lo
}

func fill(r *rand.Rand, d draw, n int) []float64 {
	xs := make([]float64, n)
	for i := range xs {
		xs[i] = d(r)
	}
	return xs
}

// world is a pair of arms with a win probability of one half, and the largest rates of false
// decisions over all looks and at the first one.
type world struct {
	name      string
	a, b      draw
	all, five float64
}

func worlds() []world {
	few := func(r *rand.Rand) float64 { return float64(r.IntN(4)) }
	fewer := func(r *rand.Rand) float64 { return float64(1 + r.IntN(2)) }
	return []world{
		{"normal, sd 1:1", normal(0, 1), normal(0, 1), 0.06, 0.002},
		{"normal, sd 1:3", normal(0, 3), normal(0, 1), 0.06, 0.002},
		{"normal, sd 1:10", normal(0, 10), normal(0, 1), 0.06, 0.002},
		{"exponential", exponential, exponential, 0.06, 0.002},
		{"exponential:normal", exponential, normal(evenExponential(), 1), 0.06, 0.002},
		{"one in five collapses in both", collapsing(0.2), collapsing(0.2), 0.06, 0.002},
		{"half collapse in both", collapsing(0.5), collapsing(0.5), 0.10, 0.06},
		// The hard case: one arm collapses, the other does not.
		{"one in ten collapses:stable", collapsing(0.1), stable(0.1), 0.06, 0.002},
		{"one in five collapses:stable", collapsing(0.2), stable(0.2), 0.06, 0.002},
		// With probability 2/32 all five runs of the first are on one side of the others: the "6 %"
		// of the design.
		{"half collapse:stable", collapsing(0.5), stable(0.5), 0.10, 2.0 / 32},
		// Hostile cases of our own; a constant arm has no range, so the gap at five is easier to
		// reach.
		{"Cauchy", cauchy, cauchy, 0.06, 0.002},
		{"few scores:fewer", few, fewer, 0.06, 0.006},
		{"constant:normal", constant(0), normal(0, 1), 0.06, 0.002},
		{"constant:exponential", constant(math.Ln2), exponential, 0.06, 0.006},
		{"both constant", constant(1), constant(1), 0, 0},
	}
}

// rate of an event in trials from a fixed seed.
func rate(trials int, seed uint64, happens func(*rand.Rand) bool) float64 {
	r := rand.New(rand.NewPCG(20, seed))
	n := 0
	for range trials {
		if happens(r) {
			n++
		}
	}
	return float64(n) / float64(trials)
}

func decided(a, b []float64) bool {
	_, o := Comparison{A: a, B: b}.Decide()
	return o != Open
}

// Without an effect: the rate of false decisions over all looks. The standard error of the rates is
// .4 %.
func TestFalseDecisions(t *testing.T) {
	for i, w := range worlds() {
		got := rate(2500, uint64(i), func(r *rand.Rand) bool {
			return decided(fill(r, w.a, 40), fill(r, w.b, 40))
		})
		if t.Logf("%-30s %.4f", w.name, got); got > w.all {
			t.Errorf("%s: %.4f decided falsely, at most %.4f may", w.name, got, w.all)
		}
	}
}

func TestFalseDecisionsAtFive(t *testing.T) {
	for i, w := range worlds() {
		got := rate(40_000, uint64(i), func(r *rand.Rand) bool {
			return Gap(fill(r, w.a, 5), fill(r, w.b, 5)) != 0
		})
		noise := 3 * math.Sqrt(w.five/40_000)
		if t.Logf("%-30s %.5f", w.name, got); got > w.five+noise {
			t.Errorf("%s: %.5f decided falsely at five runs, at most %.5f may", w.name, got, w.five)
		}
	}
	for i, d := range []draw{
		normal(0, 1), normal(0, 10), cauchy,
		func(r *rand.Rand) float64 { return r.ExpFloat64() - math.Ln2 },
		func(r *rand.Rand) float64 { return r.Float64() - 0.5 },
	} {
		got := rate(80_000, uint64(i), func(r *rand.Rand) bool { return GapZero(fill(r, d, 5)) != 0 })
		if t.Logf("differences %d: %.5f", i, got); got > 0.002 {
			t.Errorf("differences %d: %.5f decided falsely at five runs", i, got)
		}
	}
}

func TestLooksPower(t *testing.T) {
	apart := func(d float64) func(r *rand.Rand) bool {
		return func(r *rand.Rand) bool {
			l, o := Comparison{A: fill(r, normal(d, 1), 40), B: fill(r, normal(0, 1), 40)}.Decide()
			return o == Better && (d == 1 || l.N == 5)
		}
	}
	for _, c := range []struct{ sds, least, most float64 }{
		{1, 0.95, 1}, {5, 0.47, 0.51}, {8, 0.95, 0.97},
	} {
		trials := 20_000
		if c.sds == 1 {
			trials = 2000
		}
		got := rate(trials, 7, apart(c.sds))
		if t.Logf("%g sd: %.4f", c.sds, got); got < c.least || got > c.most {
			t.Errorf("an effect of %g sd is told in %.4f, not %g to %g", c.sds, got, c.least, c.most)
		}
	}
	single := rate(20_000, 7, func(r *rand.Rand) bool {
		return GapZero(fill(r, normal(5, 1), 5)) == 1
	})
	if single < 0.58 || single > 0.63 {
		t.Errorf("differences of 5 sd are told in %.4f", single)
	}
}

// At the edge, where A is exactly Delta better (or worse): how often it is called no better or
// equal, and whether AtLeast holds or fails. The design's intervals fail here: see Judge.
func TestEdge(t *testing.T) {
	const delta = 0.3
	edges := []world{
		{name: "normal", all: 0.06, a: normal(0, 1), b: normal(0, 1)},
		{name: "1:10", all: 0.06, a: normal(0, 10), b: normal(0, 1)},
		{name: "half collapse", all: 0.10, a: collapsing(0.5), b: stable(0.5)},
		{name: "stable", all: 0.10, a: stable(0.5), b: collapsing(0.5)},
		{name: "constant:exponential", all: 0.06, a: constant(math.Ln2), b: exponential},
		{name: "differences", all: 0.06, a: normal(0, 1)},
		{name: "skewed differences", all: 0.06, a: func(r *rand.Rand) float64 {
			return math.Ln2 - r.ExpFloat64()
		}},
		{name: "two of five differences collapse", all: 0.06, a: func(r *rand.Rand) float64 {
			return collapsing(0.4)(r) - 1 + 0.05*0.9674216 // its median is 0: Φ⁻¹(1/6) = -.9674
		}},
	}
	for i, w := range edges {
		c := func(r *rand.Rand, by float64) Comparison {
			c := Comparison{A: fill(r, w.a, 40), Delta: delta, Single: w.b == nil}
			if !c.Single {
				c.B = fill(r, w.b, 40)
			}
			for j := range c.A {
				c.A[j] += by
			}
			return c
		}
		got := rate(800, uint64(i), func(r *rand.Rand) bool {
			_, o := c(r, delta).Decide()
			return o == NoBetter || o == Equal
		})
		var held [2]float64
		for j, o := range []Outcome{Holds, Fails} {
			held[j] = rate(800, uint64(i), func(r *rand.Rand) bool {
				c := c(r, -delta)
				c.Question = AtLeast
				_, got := c.Decide()
				return got == o
			})
		}
		t.Logf("%-34s no better %.4f, holds %.4f, fails %.4f", w.name, got, held[0], held[1])
		if got > 0.06 || max(held[0], held[1]) > w.all {
			t.Errorf("%s: no better in %.4f though it is, holds in %.4f, fails in %.4f",
				w.name, got, held[0], held[1])
		}
	}
}

// Equal arms are called equal, and a distant one no better.
func TestEqualIsFound(t *testing.T) {
	for _, c := range []struct {
		shift float64
		want  Outcome
	}{{0, Equal}, {-0.03, Worse}} {
		got := rate(300, 3, func(r *rand.Rand) bool {
			a, b := fill(r, normal(0.5+c.shift, 0.01), 40), fill(r, normal(0.5, 0.01), 40)
			_, o := Comparison{A: a, B: b, Delta: 0.02}.Decide()
			return o == c.want
		})
		if got < 0.9 {
			t.Errorf("shift %g is %s in %.3f", c.shift, c.want, got)
		}
	}
}
