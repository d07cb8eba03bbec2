package detmath

import (
	"math"
	"math/rand/v2"
	"testing"
)

func ulps(got, want float64) float64 {
	return math.Abs(got-want) / (math.Nextafter(math.Abs(want), math.Inf(1)) - math.Abs(want))
}

// The standard library's functions differ between architectures by an ulp or so: they only check
// the results here.
func TestLnAndExp2(t *testing.T) {
	rng := rand.New(rand.NewPCG(0, 1))
	for range 200000 {
		x := math.Ldexp(1+rng.Float64(), rng.IntN(600)-300)
		if e := ulps(Ln(x), math.Log(x)); e > 2 {
			t.Fatalf("Ln(%v) is off by %.1f ulp", x, e)
		}
		x = 1 + (rng.Float64()-0.5)/1000 // near 1, where cancellation would show
		if e := ulps(Ln(x), math.Log(x)); e > 2 {
			t.Fatalf("Ln(%v) is off by %.1f ulp", x, e)
		}
		p := (rng.Float64() - 0.5) * 100
		if e := ulps(Exp2(p), math.Exp2(p)); e > 3 {
			t.Fatalf("Exp2(%v) is off by %.1f ulp", p, e)
		}
	}
	if Ln(1) != 0 || Ln(2) != math.Ln2 || Exp2(0) != 1 || Exp2(-3) != 0.125 {
		t.Errorf("ln 1 = %v, ln 2 = %v, 2^0 = %v, 2^-3 = %v", Ln(1), Ln(2), Exp2(0), Exp2(-3))
	}
	// Python's decimal with 50 digits, rounded.
	for _, c := range []struct{ got, want float64 }{
		{Ln(10), 0x1.26bb1bbb55516p+1}, {Ln(255), 0x1.62a40fda3e3ccp+2}, {Exp2(0.3), 0x1.3b2c47bff8329p+0}, {Exp2(-0.7), 0x1.3b2c47bff8329p-1},
	} {
		if c.got != c.want {
			t.Errorf("got %x, want %x", c.got, c.want)
		}
	}
}

func TestNormal(t *testing.T) {
	rng := rand.New(rand.NewPCG(0, 2))
	const n = 400000
	var m [5]float64
	for range n {
		x := Normal(rng)
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

// TestExp compares Exp with the standard library over all of float64's range, with 50 digits of
// Python's decimal, and with results that are NaN, subnormal, 0 or infinite.
func TestExp(t *testing.T) {
	rng := rand.New(rand.NewPCG(0, 3))
	worst := 0.0
	for range 400000 {
		for _, x := range []float64{(rng.Float64() - 0.5) * 1416, -rng.Float64() * 40, (rng.Float64() - 0.5) / 50} {
			worst = max(worst, ulps(Exp(x), math.Exp(x)))
		}
	}
	if worst > 2 {
		t.Errorf("off by %.2f ulp", worst)
	}
	for _, c := range []struct{ x, want float64 }{
		{0, 1}, {math.Copysign(0, -1), 1}, {1, 0x1.5bf0a8b145769p+1}, {-1, 0x1.78b56362cef38p-2}, {-20, 0x1.1b48655f37267p-29},
		{math.Inf(-1), 0}, {-800, 0}, {math.Inf(1), math.Inf(1)}, {800, math.Inf(1)}, {709.9, math.Inf(1)},
	} {
		if got := Exp(c.x); got != c.want {
			t.Errorf("e^%v is %x, want %x", c.x, got, c.want)
		}
	}
	if x := Exp(math.NaN()); x == x {
		t.Errorf("e^NaN is %v", x)
	}
	for x := -746.0; x < -707; x += 0.01 {
		if got, want := Exp(x), math.Exp(x); math.Abs(got-want) > 2*math.SmallestNonzeroFloat64+1e-15*want {
			t.Errorf("e^%v is %v, want %v", x, got, want)
		}
	}
	for x := 708.5; x < 709.7; x += 0.001 {
		if e := ulps(Exp(x), math.Exp(x)); e > 8 {
			t.Fatalf("e^%v is off by %.1f ulp", x, e)
		}
	}
}

func BenchmarkExp(b *testing.B) {
	s := 0.0
	for i := range b.N {
		s += Exp(-float64(i&1023) / 64)
	}
	if s < 0 {
		b.Fatal(s)
	}
}
