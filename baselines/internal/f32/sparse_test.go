package f32

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// thin replaces all but about a share of x by zeros of both signs.
func thin(r *rand.Rand, x []float32, share float64) {
	for i := range x {
		if r.Float64() >= share {
			x[i] = float32(math.Copysign(0, float64(1-2*r.IntN(2))))
		}
	}
}

// TestGemmSparse: zeros of A may be skipped, but no bit of C changes: not where B has infinities or
// NaN, which times 0 is NaN, nor where C is -0, to which 0 times a positive number adds up to +0.
func TestGemmSparse(t *testing.T) {
	r, w := random(7), new(Workspace)
	for _, m := range []int{31, 32, 61, 128, 129, 300} {
		for _, n := range []int{63, 64, 80, 129, 200} {
			for _, depth := range []int{63, 64, 65, 71, 72, 130} {
				p := product{[]string{"NN", "TN"}[r.IntN(2)], m, n, depth, r.IntN(2) * r.IntN(5), r.IntN(2) == 0}
				a, b, c := p.operands(r, r.IntN(kinds))
				fill(r, b, []int{ordinary, small, small, edgy}[r.IntN(4)])
				thin(r, a, []float64{0, 0.01, 0.1, 0.3}[r.IntN(4)])
				thin(r, c, 0.5)
				want := append([]float32(nil), c...)
				p.byDefinition(a, b, want)
				offset := r.IntN(8)
				for _, k := range available {
					p.checkIs(t, k, w, a, b, c, want, offset)
				}
			}
		}
	}
}

// TestGemmSparseLast: B is checked to its last elements, here one of the thirty that fill no block,
// in a column whose zeros are skipped.
func TestGemmSparseLast(t *testing.T) {
	everyKernel(t, func(t *testing.T, k *kernel) {
		p := product{"NN", 40, 74, 67, 0, false}
		a, b, c := p.operands(random(10), small)
		clear(a)
		b[67*74-20] = float32(math.Inf(1))
		p.check(t, k, new(Workspace), a, b, c, 0)
	})
}

// TestGemmSparseSigns: the sign of a sum of zero, worked out by hand. -1e-30 times 1e-30 rounds to
// -0; then +0 times a positive number makes it +0, and +0 times a negative one, or -0 times a
// positive one, leaves it.
func TestGemmSparseSigns(t *testing.T) {
	everyKernel(t, func(t *testing.T, k *kernel) {
		for _, c := range []struct{ zero, b, want float32 }{{0, 1, 0}, {0, -1, negativeZero}, {negativeZero, 1, negativeZero}, {negativeZero, -1, 0}} {
			for _, add := range []bool{false, true} {
				const m, n, depth = 40, 70, 65
				p := product{"NN", m, n, depth, 0, add}
				x, y, z := make([]float32, m*depth), make([]float32, depth*n), make([]float32, m*n)
				for i := range x {
					x[i] = c.zero
				}
				for i := range m {
					x[i*depth] = -1e-30
				}
				for i := range y {
					y[i] = c.b
				}
				for j := range n {
					y[j] = 1e-30
				}
				for i := range z {
					z[i] = negativeZero
				}
				k.gemm(new(Workspace), add, p.m, p.n, p.k, x, depth, 1, y, n, 1, z, n)
				for i, v := range z {
					if !same(v, c.want) {
						t.Fatalf("zeros %g, B %g, add %t: element %d is %g, want %g", c.zero, c.b, add, i, v, c.want)
					}
				}
			}
		}
	})
}

var negativeZero = float32(math.Copysign(0, -1))

// TestSparseIsUsed: zeros are skipped if, and only if, A is mostly zeros.
func TestSparseIsUsed(t *testing.T) {
	const m, n, depth = 64, 64, 128
	r := random(8)
	for _, k := range available {
		if k.name == "generic" {
			continue
		}
		for share, want := range map[float64]bool{0.05: true, 0.15: true, 0.7: false, 1: false} {
			for _, layout := range []string{"NN", "TN"} {
				p := product{layout, m, n, depth, 0, false}
				ars, acs, _, _ := p.strides()
				a, b, c := p.operands(r, ordinary)
				thin(r, a, share)
				var w Workspace
				k.gemm(&w, false, m, n, depth, a, ars, acs, b, n, 1, c, n)
				if got := w.kept != nil; got != want {
					t.Errorf("%s, a share of %g that is not zero: left out %t", layout, share, got)
				}
				if n := testing.AllocsPerRun(5, func() { k.gemm(&w, false, m, n, depth, a, ars, acs, b, n, 1, c, n) }); n != 0 {
					t.Errorf("%s: %g allocations a product", layout, n)
				}
			}
		}
	}
}

// BenchmarkGemmSparse: the first layer's product of a batch of images, by the share of non-zero
// elements of A; ratio is relative to the time of a full A.
func BenchmarkGemmSparse(b *testing.B) {
	for _, s := range []gemmShape{{"forward", 256, 256, 784}, {"forward", 256, 784, 256}} {
		for _, share := range []float64{0.1, 0.2, 0.3, 0.4, 0.5} {
			b.Run(fmt.Sprintf("shape=%dx%dx%d/share=%g", s.m, s.n, s.k, share), func(b *testing.B) {
				full, a, y, z := make([]float32, s.m*s.k), make([]float32, s.m*s.k), make([]float32, s.k*s.n), make([]float32, s.m*s.n)
				Normal(full, [2]uint64{1}, 0)
				Normal(y, [2]uint64{2}, 0)
				copy(a, full)
				thin(random(9), a, share)
				var w Workspace
				run := func(x []float32) time.Duration {
					start := time.Now()
					active.gemm(&w, false, s.m, s.n, s.k, x, s.k, 1, y, s.n, 1, z, s.n)
					return time.Since(start)
				}
				var thinned, dense time.Duration
				for b.Loop() {
					thinned += run(a)
					dense += run(full)
				}
				b.ReportMetric(float64(thinned)/float64(dense), "ratio")
			})
		}
	}
}
