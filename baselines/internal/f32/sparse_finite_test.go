//go:build (amd64 || arm64) && !purego

package f32

import (
	"math"
	"testing"
)

// TestFinite: one element that is not finite, at every position.
func TestFinite(t *testing.T) {
	if available[0].name == "generic" {
		t.Skip("this machine has no kernel but the portable one, which leaves nothing out")
	}
	const k = 3
	for n := 1; n < 100; n++ {
		for _, gap := range []int{0, 5} {
			b := make([]float32, k*(n+gap))
			for i := range b {
				b[i] = math.MaxFloat32
				if i%(n+gap) >= n {
					b[i] = float32(math.NaN())
				}
			}
			b = b[:k*(n+gap)-gap]
			if !finite(b, n+gap, k, n) {
				t.Fatalf("%d x %d, gap %d: finite numbers are not seen as such", k, n, gap)
			}
			for i := range b {
				if i%(n+gap) >= n {
					continue
				}
				for _, odd := range []float64{math.Inf(1), math.Inf(-1), math.NaN()} {
					was := b[i]
					b[i] = float32(odd)
					if finite(b, n+gap, k, n) {
						t.Fatalf("%d x %d, gap %d: %g at %d is not seen", k, n, gap, odd, i)
					}
					b[i] = was
				}
			}
		}
	}
}
