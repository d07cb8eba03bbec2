package f32

import (
	"fmt"
	"testing"
	"time"
)

// gemmShapes are the shapes of one training step of the network 784-256-64-8-64-256-784 on a batch
// of 256.
var gemmShapes = func() (shapes []gemmShape) {
	sizes := []int{784, 256, 64, 8, 64, 256, 784}
	for l := 1; l < len(sizes); l++ {
		in, out := sizes[l-1], sizes[l]
		shapes = append(shapes,
			gemmShape{"forward", 256, out, in},
			gemmShape{"weights", in, out, 256},
			gemmShape{"inputs", 256, in, out})
	}
	return shapes
}()

type gemmShape struct {
	pass    string
	m, n, k int
}

// strides returns the strides of a pass: forward is X*W, weights (the gradient of W) is the
// transpose of X times D, inputs (the gradient of X) is D times the transpose of W.
func (s gemmShape) strides() (ars, acs, brs, bcs int) {
	switch s.pass {
	case "weights":
		return 1, s.m, s.n, 1
	case "inputs":
		return s.k, 1, 1, s.k
	}
	return s.k, 1, s.n, 1
}

// peakRate measures operations per second, the best of several tries as the machine may have other
// work.
func peakRate(k *kernel) float64 {
	if k.peak == nil {
		return 0
	}
	best := 0.0
	for range 50 {
		start := time.Now()
		best = max(best, k.peak()/time.Since(start).Seconds())
	}
	return best
}

func BenchmarkPeakFMA(b *testing.B) {
	for _, k := range available {
		if f := k.peak; f != nil {
			b.Run("impl="+k.name, func(b *testing.B) {
				var done float64
				for b.Loop() {
					done += f()
				}
				b.ReportMetric(done/b.Elapsed().Seconds()/1e9, "GFLOP/s")
			})
		}
	}
}

func BenchmarkGemm(b *testing.B) {
	for _, k := range available {
		peak := peakRate(k)
		for _, s := range gemmShapes {
			b.Run(fmt.Sprintf("pass=%s/shape=%dx%dx%d/impl=%s", s.pass, s.m, s.n, s.k, k.name), func(b *testing.B) {
				x, y, z := make([]float32, s.m*s.k), make([]float32, s.k*s.n), make([]float32, s.m*s.n)
				Normal(x, [2]uint64{1}, 0)
				Normal(y, [2]uint64{2}, 0)
				ars, acs, brs, bcs := s.strides()
				var w Workspace
				for b.Loop() {
					k.gemm(&w, false, s.m, s.n, s.k, x, ars, acs, y, brs, bcs, z, s.n)
				}
				rate := 2 * float64(s.m) * float64(s.n) * float64(s.k) * float64(b.N) / b.Elapsed().Seconds()
				b.ReportMetric(rate/1e9, "GFLOP/s")
				if peak > 0 {
					b.ReportMetric(100*rate/peak, "%peak")
				}
			})
		}
	}
}

// BenchmarkOperations: the element-wise functions of a step, at the sizes of the step's largest
// layers.
func BenchmarkOperations(b *testing.B) {
	const rows, cols = 256, 784
	for _, k := range available {
		for _, o := range operations {
			b.Run(fmt.Sprintf("op=%s/shape=%dx%d/impl=%s", o.name, rows, cols, k.name), func(b *testing.B) {
				var s [][]float32
				for i, n := range o.sizes(rows, cols) {
					s = append(s, make([]float32, n))
					Uniform(s[i], [2]uint64{uint64(i)}, 0)
				}
				c := constants{rows: rows, cols: cols, a: 0.999, b: 0.9, c: 1e-10}
				for b.Loop() {
					o.run(k, s, c)
				}
				b.ReportMetric(float64(rows*cols)*float64(b.N)/b.Elapsed().Seconds()/1e9, "Gelements/s")
			})
		}
	}
}
