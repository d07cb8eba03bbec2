package f32

import (
	"math"
	"testing"
)

// TestRMSpropByHand: TensorFlow 1.x's first step from a mean square of 1: ms = 0.9 + 0.1*4 =
// 1.3, w = 1 - 0.01*2/sqrt(1.3).
func TestRMSpropByHand(t *testing.T) {
	underEach(t, func(t *testing.T) {
		w, ms, g := []float32{1}, []float32{1}, []float32{2}
		RMSprop(w, ms, g, 0.01, 0.9, 1e-10)
		if math.Abs(float64(ms[0])-1.3) > 1e-6 || math.Abs(float64(w[0])-0.98245883) > 1e-7 {
			t.Errorf("ms %.8f, w %.8f, want 1.3, 0.98245883", ms[0], w[0])
		}
		// Epsilon is inside the root: with ms = 0 after it, the step is lr*g/sqrt(eps), not
		// lr*g/eps.
		w, ms, g = []float32{0}, []float32{0}, []float32{0x1p-100}
		RMSprop(w, ms, g, 1, 0.9, 0x1p-40)
		if want := float32(-0x1p-80); w[0] != want || ms[0] != 0 {
			t.Errorf("w %x, ms %x, want %x, 0", w[0], ms[0], want)
		}
	})
}

// TestRMSpropInFloat64 compares 200 steps with the formula in float64.
func TestRMSpropInFloat64(t *testing.T) {
	underEach(t, func(t *testing.T) {
		r := random(1)
		const n, lr, decay, eps = 53, 0.001, 0.9, 1e-10
		w, ms, g := make([]float32, n), make([]float32, n), make([]float32, n)
		w64, ms64 := make([]float64, n), make([]float64, n)
		for i := range ms {
			ms[i], ms64[i] = 1, 1
		}
		for range 200 {
			for i := range g {
				g[i] = float32(r.NormFloat64())
				v := float64(g[i])
				ms64[i] = decay*ms64[i] + (1-decay)*v*v
				w64[i] -= lr * v / math.Sqrt(ms64[i]+eps)
			}
			RMSprop(w, ms, g, lr, decay, eps)
		}
		for i := range w {
			// 200 roundings of w, |w| < 0.1, and 1-decay is 0.1 to 3e-8 absolute, so 3e-7
			// relative in ms
			if math.Abs(float64(w[i])-w64[i]) > 2e-6 || math.Abs(float64(ms[i])/ms64[i]-1) > 2e-6 {
				t.Errorf("element %d: w %g, ms %g, want %g, %g", i, w[i], ms[i], w64[i], ms64[i])
			}
		}
	})
}

// TestRMSpropFlushes: a dead unit's mean square decays to 0 and never remains below 2^-126.
func TestRMSpropFlushes(t *testing.T) {
	underEach(t, func(t *testing.T) {
		const n = 19
		w, ms, g := make([]float32, n), make([]float32, n), make([]float32, n)
		for i := range w {
			w[i], ms[i] = 1, float32(math.Ldexp(1, -i))
			switch i % 3 {
			case 1:
				g[i] = 0x1p-127 // below the smallest normal number: treated as no gradient
			case 2:
				g[i] = -0x1p-149
			}
		}
		for step := range 1000 {
			RMSprop(w, ms, g, 0.01, 0.9, 1e-10)
			for i, v := range ms {
				if v != 0 && v < minNormal {
					t.Fatalf("step %d: mean square %d is %x, subnormal", step, i, v)
				}
			}
		}
		for i := range w {
			if ms[i] != 0 || w[i] != 1 {
				t.Errorf("element %d: ms %x, w %x, want 0, 1", i, ms[i], w[i])
			}
		}
	})
}
