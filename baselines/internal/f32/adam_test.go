package f32

import (
	"math"
	"testing"
)

// TestAdamByHand: beta1 = 0.5, beta2 = 0.75, step 0.25, root 2, eps 0.5, all exact in binary: from
// w = 1, m = 0.5, v = 0.5 with g = 2: m = 0.25 + 1 = 1.25; v = 0.375 + 0.25·4 = 1.375; and w.
func TestAdamByHand(t *testing.T) {
	w, m, v, g := []float32{1}, []float32{0.5}, []float32{0.5}, []float32{2}
	Adam(w, m, v, g, 0.25, 0.5, 0.75, 2, 0.5)
	want := 1 - 0.25*1.25/(2*math.Sqrt(1.375)+0.5)
	if m[0] != 1.25 || v[0] != 1.375 || math.Abs(float64(w[0])-want) > 1e-7 || g[0] != 2 {
		t.Errorf("m %g, v %g, w %.8f, want 1.25, 1.375, %.8f", m[0], v[0], w[0], want)
	}
}

// TestAdamFlushes: moments of a parameter without gradient decay to 0 and never remain below
// 2^-126; a gradient whose square underflows leaves no subnormal.
func TestAdamFlushes(t *testing.T) {
	w, m, v := make([]float32, 2), []float32{0x1p-120, 1}, []float32{0x1p-120, 0x1p-130}
	for range 400 {
		Adam(w, m, v, []float32{0, 0x1p-70}, 0.1, 0.9, 0.9, 1, 1e-8)
		for i := range m {
			for _, x := range []float32{m[i], v[i]} {
				if x != 0 && math.Abs(float64(x)) < 0x1p-126 {
					t.Fatalf("subnormal moment %g", x)
				}
			}
		}
	}
	if m[0] != 0 || v[0] != 0 || v[1] != 0 || m[1] == 0 {
		t.Errorf("moments %g %g, %g %g", m[0], v[0], m[1], v[1])
	}
}
