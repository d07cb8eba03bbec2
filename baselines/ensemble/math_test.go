package ensemble

import (
	"math"
	"math/big"
	"testing"

	"github.com/uaibench/uaibench/bench"
)

func ulps(got, want float64) float64 {
	return math.Abs(got-want) / (math.Nextafter(math.Abs(want), math.Inf(1)) - math.Abs(want))
}

// The standard library's functions differ between architectures by an ulp or so: they serve as a
// check, not on a result's path.
func TestLnAndExp2(t *testing.T) {
	rng := bench.NewStream(1, "math").Rand()
	for range 200000 {
		x := math.Ldexp(1+rng.Float64(), rng.IntN(600)-300)
		if e := ulps(ln(x), math.Log(x)); e > 2 {
			t.Fatalf("ln(%v) is off by %.1f ulp", x, e)
		}
		x = 1 + (rng.Float64()-0.5)/1000 // near 1, where cancellation would show
		if e := ulps(ln(x), math.Log(x)); e > 2 {
			t.Fatalf("ln(%v) is off by %.1f ulp", x, e)
		}
		p := (rng.Float64() - 0.5) * 100
		if e := ulps(exp2(p), math.Exp2(p)); e > 3 {
			t.Fatalf("exp2(%v) is off by %.1f ulp", p, e)
		}
	}
	if ln(1) != 0 || ln(2) != math.Ln2 || exp2(0) != 1 || exp2(-3) != 0.125 {
		t.Errorf("ln 1 = %v, ln 2 = %v, 2^0 = %v, 2^-3 = %v", ln(1), ln(2), exp2(0), exp2(-3))
	}
	// Python's decimal, with 50 digits, rounded.
	for _, c := range []struct{ got, want float64 }{
		{ln(10), 0x1.26bb1bbb55516p+1}, {ln(255), 0x1.62a40fda3e3ccp+2}, {exp2(0.3), 0x1.3b2c47bff8329p+0}, {exp2(-0.7), 0x1.3b2c47bff8329p-1},
	} {
		if c.got != c.want {
			t.Errorf("got %x, want %x", c.got, c.want)
		}
	}
}

func TestNormal(t *testing.T) {
	rng := bench.NewStream(2, "normal").Rand()
	const n = 400000
	var m [5]float64
	for range n {
		x := normal(rng)
		p := 1.0
		for i := range m {
			m[i] += p / n
			p *= x
		}
	}
	// Moments of N(0,1): 0, 1, 0, 3, with standard errors 1, 1.41, 3.9 and 9.8 over sqrt n.
	for i, want := range []float64{1, 0, 1, 0, 3} {
		if e := []float64{1e-9, 1, 1.41, 3.9, 9.8}[i] * 4 / math.Sqrt(n); math.Abs(m[i]-want) > e {
			t.Errorf("moment %d is %.5f, want %.0f", i, m[i], want)
		}
	}
}

// TestAverage: c(m) is 2H(m-1) - 2(m-1)/m with the harmonic number as ln + Euler's constant. The exact
// mean depth of an unsuccessful search in a random binary search tree has the true H, so the two differ
// by at most 2 (H(k) - ln k - gamma) < 1/k, k = m-1.
func TestAverage(t *testing.T) {
	if average(0) != 0 || average(1) != 0 || average(2) != 1 {
		t.Errorf("c(0), c(1), c(2) = %v, %v, %v, want 0, 0, 1", average(0), average(1), average(2))
	}
	h := new(big.Rat)
	for m := 3; m <= 2000; m++ {
		if m == 3 {
			h.Add(h, big.NewRat(1, 1))
		}
		h.Add(h, big.NewRat(1, int64(m-1)))
		hk, _ := h.Float64()
		exact := 2*hk - 2*float64(m-1)/float64(m)
		if d := exact - average(m); d <= 0 || d >= 1/float64(m-1) {
			t.Fatalf("c(%d) is %v, the exact mean depth %v", m, average(m), exact)
		}
		if m > 200 {
			h.SetFloat64(hk) // exact fractions grow
		}
	}
	// scikit-learn: _average_path_length([3, 4, 256]) gives these.
	for m, want := range map[int]float64{3: 1.207392357589623, 4: 1.8516559071392855, 256: 10.244770920119917} {
		if math.Abs(average(m)-want) > 1e-14*want {
			t.Errorf("c(%d) is %.16g, want %.16g", m, average(m), want)
		}
	}
}
