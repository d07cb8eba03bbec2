package nn

import (
	"bytes"
	"math"
	"slices"
	"testing"

	"github.com/uaibench/uaibench/baselines/internal/peer"
	"github.com/uaibench/uaibench/bench"
)

// bare returns a net whose parameters and gradients a test sets itself.
func bare(params []float32) *Net {
	n := NewNet([]int{1, 1}, []Activation{Linear}, bench.NewStream(1, "test"))
	n.Params = slices.Clone(params)
	n.Grads = make([]float32, len(params))
	return n
}

func push(n *Net, s State, g []float32) {
	copy(n.Grads, g)
	n.touched[0] = true // otherwise the step takes the gradient as zero
	s.Step(n)
}

// TestAdam works out two steps by hand, g = 2 and -1 with rate 0.1, the other settings the
// article's:
//
//	m1 = 0.2,  v1 = 0.004     m1/(1-0.9) = 2,   v1/(1-0.999) = 4      w1 = -0.1·2/(2+1e-8)
//	m2 = 0.08, v2 = 0.004996  m2/(1-0.81) = 0.421052632, v2/(1-0.998001) = 2.499249625
//	w2 = w1 - 0.1·0.421052632/1.580901523
//
// The length of the first step is the rate, whatever the gradient's, unless it is near epsilon:
// with g = 1e-8 it is half of it.
func TestAdam(t *testing.T) {
	n := bare([]float32{0, 0})
	s := Adam{Rate: 0.1}.State(2)
	push(n, s, []float32{2, 1e-8})
	near := func(name string, got float32, want float64) {
		t.Helper()
		if math.Abs(float64(got)-want) > 2e-6*math.Abs(want) {
			t.Errorf("%s: %.9g, want %.9g", name, got, want)
		}
	}
	near("first step", n.Params[0], -0.1)
	near("a gradient of epsilon", n.Params[1], -0.05)
	push(n, s, []float32{-1, 0})
	near("second step", n.Params[0], -0.1-0.1*0.421052632/1.580901523)
	s.Reset()
	n.Params[0] = 0
	push(n, s, []float32{2, 0})
	near("first step after a reset", n.Params[0], -0.1)
	if d := (Adam{}).State(1).(*adam).rule; d != (Adam{0.001, 0.9, 0.999, 1e-8}) {
		t.Errorf("defaults %+v", d)
	}
}

// TestAdamAgainstPyTorch: 60 steps of torch.optim.Adam (testdata/adam.py). The rate is 0.01, so
// each of up to 60 steps may round by 1e-9; beta2 as a float32 is off by 1.3e-8, 1-beta2 by a
// relative 1.3e-5, which the bias correction cancels up to a few 1e-6 of a step.
func TestAdamAgainstPyTorch(t *testing.T) {
	var golden struct {
		Rate               float32
		Start              []float32
		Gradients, Weights [][]float64
	}
	peer.Read(t, "adam.json", &golden)
	if len(golden.Weights) != 60 {
		t.Fatalf("%d steps in the golden", len(golden.Weights))
	}
	n := bare(golden.Start)
	s := Adam{Rate: golden.Rate}.State(len(golden.Start))
	for step, g := range golden.Gradients {
		row := make([]float32, len(g))
		for i, v := range g {
			row[i] = float32(v)
		}
		push(n, s, row)
		for i, want := range golden.Weights[step] {
			if got := float64(n.Params[i]); math.Abs(got-want) > 1e-6+2e-7*math.Abs(want) {
				t.Errorf("step %d, weight %d: %.9g, PyTorch %.9g", step+1, i, got, want)
			}
		}
	}
}

// TestStatesResume: a state restored from a snapshot takes exactly the same steps as the first one,
// including the count of steps; Reset restores the initial state.
func TestStatesResume(t *testing.T) {
	rng := bench.NewStream(1, "test").Rand()
	gradient := func() []float32 {
		g := make([]float32, 50)
		for i := range g {
			g[i] = float32(rng.NormFloat64())
		}
		return g
	}
	for name, rule := range map[string]Optimizer{"RMSprop": RMSprop{}, "Adam": Adam{}} {
		n, s := bare(make([]float32, 50)), rule.State(50)
		first := gradient()
		push(n, s, first)
		after := slices.Clone(n.Params)
		for range 4 {
			push(n, s, gradient())
		}
		var kept bytes.Buffer
		if err := s.Snapshot(&kept); err != nil {
			t.Fatal(err)
		}
		other, restored := bare(n.Params), rule.State(50)
		if err := restored.Restore(bytes.NewReader(kept.Bytes())); err != nil {
			t.Fatal(err)
		}
		for range 3 {
			g := gradient()
			push(n, s, g)
			push(other, restored, g)
		}
		if !slices.Equal(n.Params, other.Params) {
			t.Errorf("%s: a restored state goes on differently", name)
		}
		if err := rule.State(50).Restore(bytes.NewReader(kept.Bytes()[:kept.Len()-1])); err == nil {
			t.Errorf("%s: a truncated snapshot was taken", name)
		}
		s.Reset()
		again := bare(make([]float32, 50))
		push(again, s, first)
		if !slices.Equal(again.Params, after) {
			t.Errorf("%s: the first step after a reset is another than the first", name)
		}
	}
}

func TestAdamAllocatesNothing(t *testing.T) {
	for _, threads := range []int{1, 2} {
		n, s := bare(make([]float32, 500)), Adam{}.State(500)
		n.SetThreads(threads)
		g := make([]float32, 500)
		if a := testing.AllocsPerRun(50, func() { push(n, s, g) }); a != 0 {
			t.Errorf("%d threads: %g allocations a step", threads, a)
		}
	}
}
