package main

import (
	"fmt"
	"time"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"

	"github.com/uaibench/uaibench/baselines/internal/f32"
)

// A shape is a product of a training step: forward X·W, weights Xᵀ·D, inputs D·Wᵀ.
type shape struct {
	pass    string
	m, n, k int
}

func (s shape) operations() float64 { return 2 * float64(s.m) * float64(s.n) * float64(s.k) }

// shapes returns the distinct products of a step of 784-256-64-8-64-256-784 on a batch of 256.
func shapes() (out []shape) {
	sizes := []int{784, 256, 64, 8, 64, 256, 784}
	seen := map[shape]bool{}
	for l := 1; l < len(sizes); l++ {
		in, width := sizes[l-1], sizes[l]
		for _, s := range []shape{{"forward", 256, width, in}, {"weights", in, width, 256},
			{"inputs", 256, in, width}} {
			if !seen[s] && !(s.pass == "inputs" && l == 1) {
				seen[s] = true
				out = append(out, s)
			}
		}
	}
	return out
}

// product returns a function that multiplies matrices of the shape.
func (s shape) product() func() {
	x, y, z := make([]float32, s.m*s.k), make([]float32, s.k*s.n), make([]float32, s.m*s.n)
	f32.Normal(x, [2]uint64{1}, 0)
	f32.Normal(y, [2]uint64{2}, 0)
	ars, acs, brs, bcs := s.k, 1, s.n, 1
	switch s.pass {
	case "weights":
		ars, acs = 1, s.m
	case "inputs":
		brs, bcs = 1, s.k
	}
	w := new(f32.Workspace)
	return func() { w.Gemm(false, s.m, s.n, s.k, x, ars, acs, y, brs, bcs, z, s.n) }
}

func gemms(rounds int) {
	var c contest
	if f32.Peak() > 0 {
		c.add("peak", func() float64 {
			best := 0.0 // tries of a few microseconds each: a disturbance affects only some
			for range 200 {
				start := time.Now()
				operations := f32.Peak()
				best = max(best, operations/time.Since(start).Seconds())
			}
			return best
		})
	}
	for _, s := range shapes() {
		p := s.product()
		c.add(fmt.Sprint(s),
			func() float64 { return s.operations() / seconds(5*time.Millisecond, p) })
	}
	c.run(rounds)
	fmt.Printf("\n%-10s %15s %9s %8s\n", "Gemm", "m x n x k", "GFLOP/s", "of peak")
	for _, s := range shapes() {
		fmt.Printf("%-10s %15s %9.1f", s.pass, fmt.Sprintf("%dx%dx%d", s.m, s.n, s.k),
			c.median(fmt.Sprint(s))/1e9)
		if f32.Peak() > 0 {
			fmt.Printf(" %7.0f%%", 100*c.median(fmt.Sprint(s))/c.median("peak"))
		}
		fmt.Println()
	}
	if f32.Peak() > 0 {
		fmt.Printf("%-10s %15s %9.1f\n", "peak", "", c.median("peak")/1e9)
	}
}

// portable compares the portable kernel with gonum's: the cost of exactness.
func portable(rounds int) error {
	if err := f32.Use("generic"); err != nil {
		return err
	}
	fmt.Printf("\n%-10s %15s %9s %9s  portable / gonum\n", "GFLOP/s", "m x n x k", "portable",
		"gonum")
	for _, s := range []shape{{"forward", 256, 256, 784}, {"forward", 256, 64, 256},
		{"forward", 256, 8, 64}} {
		x := blas32.General{Rows: s.m, Cols: s.k, Stride: s.k, Data: make([]float32, s.m*s.k)}
		y := blas32.General{Rows: s.k, Cols: s.n, Stride: s.n, Data: make([]float32, s.k*s.n)}
		z := blas32.General{Rows: s.m, Cols: s.n, Stride: s.n, Data: make([]float32, s.m*s.n)}
		f32.Normal(x.Data, [2]uint64{1}, 0)
		f32.Normal(y.Data, [2]uint64{2}, 0)
		var c contest
		ours := s.product()
		c.add("portable",
			func() float64 { return s.operations() / seconds(20*time.Millisecond, ours) })
		c.add("gonum", func() float64 {
			return s.operations() / seconds(20*time.Millisecond,
				func() { blas32.Gemm(blas.NoTrans, blas.NoTrans, 1, x, y, 0, z) })
		})
		c.run(rounds)
		fmt.Printf("%-10s %15s %9.2f %9.2f  %s\n", s.pass, fmt.Sprintf("%dx%dx%d", s.m, s.n, s.k),
			c.median("portable")/1e9, c.median("gonum")/1e9, c.ratio("portable", "gonum"))
	}
	return nil
}
