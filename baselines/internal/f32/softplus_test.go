package f32

import (
	"math"
	"testing"
)

// TestSoftplus samples the float32 numbers of both signs in steps of a prime, and compares with
// package math in float64; the slope has the same bits as Sigmoid; x is not changed.
func TestSoftplus(t *testing.T) {
	truth := func(x float64) float64 { return math.Max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }
	var x []float32
	for u := uint32(1); u < 0x7f800000; u += 1009 {
		x = append(x, fromBits(u), -fromBits(u))
	}
	given := append([]float32(nil), x...)
	y, slope := make([]float32, len(x)), make([]float32, len(x))
	Softplus(y, slope, x)
	sigmoid := append([]float32(nil), x...)
	Sigmoid(sigmoid)
	compare(t, slope, sigmoid, "the slope")
	compare(t, x, given, "x")
	worst, at := 0.0, float32(0)
	for i, v := range x {
		if e := ulps(y[i], truth(float64(v)), minFactor); !(e <= worst) {
			worst, at = e, v
		}
	}
	t.Logf("at most %.3f ulp, at %x", worst, at)
	if !(worst <= 3) {
		t.Errorf("Softplus(%x) is off by %g ulp, documented 3", at, worst)
	}
}

// TestSoftplusEverywhere: the same bits under every kernel, at any length and for any number.
func TestSoftplusEverywhere(t *testing.T) {
	r := random(7)
	before := Kernel()
	defer Use(before)
	for n := range 70 {
		for kind := range kinds {
			x := make([]float32, n)
			fill(r, x, kind)
			if err := Use("generic"); err != nil {
				t.Fatal(err)
			}
			y, slope := make([]float32, n), make([]float32, n)
			Softplus(y, slope, x)
			for _, k := range Kernels() {
				if err := Use(k); err != nil {
					t.Fatal(err)
				}
				y2, slope2 := make([]float32, n), make([]float32, n)
				Softplus(y2, slope2, x)
				compare(t, y2, y, "%s, %d numbers of kind %d", k, n, kind)
				compare(t, slope2, slope, "%s, slopes of %d numbers of kind %d", k, n, kind)
			}
		}
	}
	inf, nan := float32(math.Inf(1)), float32(math.NaN())
	x := []float32{inf, -inf, nan, 0, -44, 100}
	y, slope := make([]float32, 6), make([]float32, 6)
	Softplus(y, slope, x)
	compare(t, y, []float32{inf, 0, nan, math.Ln2, 0, 100}, "special values")
	compare(t, slope, []float32{1, 0, nan, 0.5, 0, 1}, "slopes of special values")
	if n := testing.AllocsPerRun(10, func() { Softplus(y, slope, x) }); n != 0 {
		t.Errorf("%g allocations", n)
	}
}
