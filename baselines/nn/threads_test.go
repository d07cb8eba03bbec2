package nn

import (
	"fmt"
	"slices"
	"testing"

	"github.com/uaibench/uaibench/bench"
)

// TestThreads: outputs, gradients and parameters have the same bits for any number of threads, even
// more than rows or inputs, with two batches a step, one of which starts below the top and gets an
// extra gradient.
func TestThreads(t *testing.T) {
	widths := []int{97, 45, 3, 2, 61}
	acts := []Activation{ReLU, Sigmoid, Tanh, Linear}
	type state struct{ out, grads, params []float32 }
	run := func(rule Optimizer, threads, rows int) (s state) {
		n := NewNet(widths, acts, bench.NewStream(1, "test"))
		n.SetThreads(threads)
		slots := rule.State(len(n.Params))
		rng := bench.NewStream(2, "test").Rand()
		fill := func(x []float32) {
			for i := range x {
				x[i] = float32(rng.NormFloat64())
			}
		}
		p := n.NewPass(rows)
		for range 3 {
			fill(p.Input(rows))
			p.Forward()
			s.out = append(s.out, p.Out(3)...)
			fill(p.Delta(3))
			extra := make([]float32, rows*3)
			fill(extra)
			p.Backward(3, 1, extra)
			fill(p.Input(max(rows/2, 1)))
			p.Forward()
			fill(p.Delta(2))
			p.Backward(2, -1, nil)
			s.grads = append(s.grads, n.Grads...)
			slots.Step(n)
		}
		s.params = n.Params
		return s
	}
	for _, rows := range []int{1, 2, 7, 100} {
		var rule Optimizer = RMSprop{}
		if rows == 7 {
			rule = Adam{}
		}
		want := run(rule, 1, rows)
		for _, threads := range []int{2, 3, 4, 9} {
			t.Run(fmt.Sprintf("rows=%d/threads=%d", rows, threads), func(t *testing.T) {
				got := run(rule, threads, rows)
				if !slices.Equal(got.out, want.out) {
					t.Error("outputs differ from those of one thread")
				}
				if !slices.Equal(got.grads, want.grads) {
					t.Error("gradients differ from those of one thread")
				}
				if !slices.Equal(got.params, want.params) {
					t.Error("parameters differ from those of one thread")
				}
			})
		}
	}
}
