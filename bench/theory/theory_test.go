package theory

import (
	"bytes"
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

var once = sync.OnceValue(func() *Result { return Run(DefaultSeed) })

// TestStatements: the statements that hold, and the paper's claim that does not.
func TestStatements(t *testing.T) {
	r := once()
	for name, want := range map[string]bool{
		"theorem1.uniform": true, "theorem1.support": true, "theorem1.p1": true,
		"theorem2.bound": true, "theorem2.kl": true, "theorem2.exact": true, "theorem2.tight": false,
		"theorem3.bound": true, "theorem3.equality": true,
	} {
		if holds, known := r.Holds(name); !known || holds != want {
			t.Errorf("%s holds: %v (known: %v)", name, holds, known)
		}
	}
	if _, known := r.Holds("theorem4"); known || len(r.Statements) != 9 {
		t.Errorf("%d statements", len(r.Statements))
	}
}

// TestCommitted: the committed result equals the program's, to the byte, on any processor.
func TestCommitted(t *testing.T) {
	got, err := json.MarshalIndent(once(), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(filepath.Join("..", "..", "experiments", "results", "theory.json"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(append(got, '\n'), want) {
		t.Error("experiments/results/theory.json is not what the program finds: look at the change, then run uaibench theory --out experiments/results --format json")
	}
}

// TestTwoSymbols: with two symbols the posterior's density is a polynomial of p2's first
// probability u, integrated here by Simpson's rule. For small λ, TV/λ tends to ½ · 4 · |1/p+_1 -
// 1/p+_2| · E|u - ½|, which is |1/0.3 - 1/0.7|/2.
func TestTwoSymbols(t *testing.T) {
	mixture := []float64{0.3, 0.7}
	for _, lambda := range []float64{0.5, 0.2, 0.01} {
		hi := math.Min(1, 0.3/lambda)
		lo := math.Max(0, 1-0.7/lambda)
		density := func(u float64) float64 {
			return math.Pow((0.3-lambda*u)/(1-lambda), 4) * math.Pow((0.7-lambda*(1-u))/(1-lambda), 4)
		}
		simpson := func(f func(float64) float64) float64 {
			const n = 20000
			s := f(lo) + f(hi)
			for i := 1; i < n; i++ {
				s += float64(2+2*(i%2)) * f(lo+(hi-lo)*float64(i)/n)
			}
			return s * (hi - lo) / n / 3
		}
		whole := simpson(density)
		want := simpson(func(u float64) float64 { return math.Abs(density(u)/whole-1/(hi-lo)) / 2 })
		got := posterior(mixture, lambda, grids[2])
		if math.Abs(got.TV-want) > 1e-3*want {
			t.Errorf("λ = %v: TV is %.6f, want %.6f", lambda, got.TV, want)
		}
		if math.Abs(got.Volume-(hi-lo)) > 1e-12 || math.Abs(got.VolumeCounted-(hi-lo)) > 1e-3 {
			t.Errorf("λ = %v: the volume is %.6f, counted %.6f, want %.6f", lambda, got.Volume, got.VolumeCounted, hi-lo)
		}
		if math.Abs(got.Diameter-lambda/(1-lambda)*2*(hi-lo)) > 1e-12 {
			t.Errorf("λ = %v: the diameter is %v", lambda, got.Diameter)
		}
	}
	if got, want := posterior(mixture, 1e-5, grids[2]).TV/1e-5, (1/0.3-1/0.7)/2; math.Abs(got-want) > 1e-3*want {
		t.Errorf("TV/λ is %.5f, want %.5f", got, want)
	}
}

// TestSmallLambda: to first order in λ the posterior's density is 1 - λ Σ 4 (p2_j - 1/m) / p+_j,
// whose mean distance from 1 is integrated here by Monte Carlo with exponential spacings.
func TestSmallLambda(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, mixture := range mixtures {
		m := len(mixture)
		const n = 200000
		sum := 0.0
		p := make([]float64, m)
		for range n {
			all := 0.0
			for j := range p {
				p[j] = rng.ExpFloat64()
				all += p[j]
			}
			s := 0.0
			for j, q := range mixture {
				s += 4 * (p[j]/all - 1/float64(m)) / q
			}
			sum += math.Abs(s) / 2
		}
		got, want := posterior(mixture, 1e-4, grids[m]).TV/1e-4, sum/n
		if math.Abs(got-want) > 0.015*want {
			t.Errorf("%v: TV/λ is %.4f, want %.4f", mixture, got, want)
		}
	}
}

// TestByHand: values computed by hand.
func TestByHand(t *testing.T) {
	// λ = ½ caps p2 at (1, 0.6, 0.4): two corners of relative sizes 0.4² and 0.6² are cut off. P2
	// has the corners (1, 0, 0) and (0, 0.6, 0.4), at the largest possible distance.
	r := posterior([]float64{0.5, 0.3, 0.2}, 0.5, 40)
	if math.Abs(r.Volume-0.48) > 1e-12 || math.Abs(r.Diameter-2) > 1e-12 || r.DiameterBound != 2 {
		t.Errorf("volume %v, diameter %v of at most %v", r.Volume, r.Diameter, r.DiameterBound)
	}
	p1, p2 := []float64{0.5, 0.5, 0}, []float64{0.5, 0, 0.5}
	mixture := mix(make([]float64, 3), 0.2, p1, p2) // (0.5, 0.4, 0.1)
	if d := l1(mixture, p1); math.Abs(d-0.2) > 1e-15 {
		t.Errorf("the L1 norm is %v", d)
	}
	if d, want := divergence(p1, mixture), 0.5*math.Log(1.25); math.Abs(d-want) > 1e-15 {
		t.Errorf("the divergence is %v, want %v", d, want)
	}
	if d := farthest(0.2, []float64{0.5, 0.3, 0.2}); math.Abs(d-0.2*0.8) > 1e-15 {
		t.Errorf("the farthest p1 is %v away", d)
	}
	for _, u := range once().Upper {
		if u.Lambda == 0.5 && (math.Abs(u.Bound-math.Sqrt(math.Ln2/2)) > 1e-15 || math.Abs(u.L1Bound-math.Sqrt(2*math.Ln2)) > 1e-15) {
			t.Errorf("at λ = ½ the bounds are %v and %v", u.Bound, u.L1Bound)
		}
	}
}

// TestDirichlet: each probability has mean 1/n and variance (1/n)(1-1/n)/(n c + 1).
func TestDirichlet(t *testing.T) {
	for _, c := range []float64{0.01, 0.3, 1, 5, 10} {
		rng := draws(7, "test", c)
		const n, times = 4, 40000
		var sum, square, sum4 float64
		for range times {
			p := dirichlet(rng, n, c)
			total := 0.0
			for _, v := range p {
				total += v
			}
			if math.Abs(total-1) > 1e-14 {
				t.Fatalf("probabilities sum to %v", total)
			}
			e := p[1] - 1.0/n
			sum += e
			square += e * e
			sum4 += e * e * e * e
		}
		variance := 1.0 / n * (1 - 1.0/n) / (n*c + 1)
		if math.Abs(sum/times) > 4*math.Sqrt(variance/times) {
			t.Errorf("concentration %v: the mean is off by %v", c, sum/times)
		}
		if se := math.Sqrt((sum4/times - variance*variance) / times); math.Abs(square/times-variance) > 4*se {
			t.Errorf("concentration %v: the variance is %v, want %v", c, square/times, variance)
		}
	}
}

// TestJudges: a wrong row makes its statement false, and a bound that is tight is found to be.
func TestJudges(t *testing.T) {
	check := func(name string, statements []Statement, want bool) {
		t.Helper()
		for _, s := range statements {
			if s.Name == name && s.Holds != want {
				t.Errorf("%s holds: %v", name, s.Holds)
			}
		}
	}
	r := once()
	damaged := func(change func([]Posterior)) []Statement {
		rows := append([]Posterior(nil), r.Posterior...)
		change(rows)
		return judgePosterior(rows)
	}
	check("theorem1.uniform", damaged(func(p []Posterior) { p[7].TV = p[6].TV }), false)
	check("theorem1.uniform", damaged(func(p []Posterior) { p[7].TV = 0.5 * p[6].TV }), false) // not linear: λ falls to a fifth
	check("theorem1.uniform", damaged(func(p []Posterior) { p[3].TVCoarse += 0.1 }), false)
	check("theorem1.support", damaged(func(p []Posterior) { p[15].Volume = 0.99 }), false)
	check("theorem1.p1", damaged(func(p []Posterior) { p[9].Diameter = p[9].DiameterBound + 1e-9 }), false)
	check("theorem1.p1", damaged(func(p []Posterior) { p[15].Diameter /= 2 }), false) // λ is small, so it must equal the bound
	upper := func(change func([]Upper)) []Statement {
		rows := append([]Upper(nil), r.Upper...)
		change(rows)
		return judgeUpper(rows)
	}
	check("theorem2.bound", upper(func(u []Upper) { u[4].Broken = 1 }), false)
	check("theorem2.kl", upper(func(u []Upper) { u[4].KLBroken = 1 }), false)
	check("theorem2.kl", upper(func(u []Upper) { u[4].KLGap = 1e-9 }), false)
	check("theorem2.exact", upper(func(u []Upper) { u[4].Identity = 1e-9 }), false)
	check("theorem2.tight", upper(func(u []Upper) { u[0].Ratio = 1.001 }), true)
	lower := func(change func([]Lower)) []Statement {
		rows := append([]Lower(nil), r.Lower...)
		change(rows)
		return judgeLower(rows)
	}
	check("theorem3.bound", lower(func(l []Lower) { l[4].Broken = 1 }), false)
	check("theorem3.bound", lower(func(l []Lower) { l[4].Interior = 1 }), false)
	check("theorem3.equality", lower(func(l []Lower) { l[4].Uniform += 1e-9 }), false)
	check("theorem3.equality", lower(func(l []Lower) { l[4].Least = l[4].Bound }), false)
}
