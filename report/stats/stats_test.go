package stats

import (
	"math"
	"testing"
)

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if math.Abs(got-want) > within {
		t.Errorf("%s: %.6g, want %.6g", what, got, want)
	}
}

func TestSignFlip(t *testing.T) {
	p, ok := SignFlip([]float64{1, 2, 3, 4, 5})
	if !ok || p != 2.0/32 || p != LeastSignFlip(5) { // all positive: only these and all negative are as far
		t.Errorf("%g", p)
	}
	// The eight sums of ±3 ±1 ±2 have the sizes 6 4 2 0 0 2 4 6; six are at least |3 + 1 - 2| = 2.
	p, _ = SignFlip([]float64{3, 1, -2})
	if p != 6.0/8 {
		t.Errorf("%g", p)
	}
	if p, _ := SignFlip(make([]float64, 5)); p != 1 {
		t.Errorf("no difference at all: %g", p)
	}
	if _, ok := SignFlip(make([]float64, 21)); ok {
		t.Error("2^21 flips")
	}
}

// Holm's adjusted p of 0.01, 0.04, 0.03, 0.005: 0.03, 0.06, 0.06, 0.02.
func TestHolm(t *testing.T) {
	got := Holm([]float64{0.01, 0.04, 0.03, 0.005})
	for i, want := range []float64{0.03, 0.06, 0.06, 0.02} {
		near(t, "Holm", got[i], want, 1e-12)
	}
}

// The tabulated quantile of t with 4 degrees of freedom at 0.975: 2.7764. Student's (1908) sleep
// data, ten pairs: t = 4.0621.
func TestStudent(t *testing.T) {
	near(t, "half", StudentHalf(1, 5, 0.95), 2.7764/math.Sqrt(5), 1e-4)
	d := []float64{1.2, 2.4, 1.3, 1.3, 0, 1.0, 1.8, 0.8, 4.6, 1.4}
	above, two, _ := PairedT(d, 0)
	near(t, "sleep", two, 0.002833, 1e-6)
	near(t, "sleep, one-sided", above, 0.002833/2, 1e-6)
	if _, _, ok := PairedT(d[:1], 0); ok {
		t.Error("a test of one pair")
	}
	if _, two, _ := PairedT(make([]float64, 3), 0); two != 1 {
		t.Errorf("no difference at all: %g", two)
	}
}

// SciPy 1.10.1's noncentral t: 1 - nct.cdf(q, n-1, e*sqrt(n)) + nct.cdf(-q, …), q = t.ppf(0.975,
// n-1).
func TestPower(t *testing.T) {
	for _, c := range []struct {
		n            int
		effect, want float64
	}{
		{2, 1, 0.09280915505447435}, {3, 1, 0.17925539376539418}, {3, 3.2640435498142217, 0.8}, {5, 1, 0.4013899173717939},
		{5, 1.6819969659555578, 0.8}, {10, 1, 0.8030968566475513}, {20, 0.5, 0.564504418439038}, {4, 0, 0.05},
	} {
		near(t, "power", power(c.effect, c.n, edges(c.n, 0.05)), c.want, 1e-3)
	}
}

// The effects at which SciPy's power is 0.8, as in TestPower.
func TestDetectable(t *testing.T) {
	for n, want := range map[int]float64{2: 11.5498884361149, 3: 3.2640435498142217, 5: 1.6819969659555578, 10: 0.9960013714361877} {
		near(t, "detectable", Detectable(n, 0.05)/want, 1, 2e-3)
	}
}
