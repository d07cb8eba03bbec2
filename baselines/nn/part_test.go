package nn

import (
	"bytes"
	"math"
	"slices"
	"testing"

	"github.com/uaibench/uaibench/bench"
)

// TestStepTo: a step of the first layers moves them as Step does, and does not change the
// parameters above and their state, which a gradient of zero would; nothing remains for the next
// step.
func TestStepTo(t *testing.T) {
	for name, rule := range map[string]Optimizer{"RMSprop": RMSprop{}, "Adam": Adam{}} {
		make := func() (*Net, *Pass, State) {
			n := NewNet([]int{5, 4, 3, 5}, []Activation{Tanh, Tanh, Linear},
				bench.NewStream(1, "test"))
			return n, n.NewPass(2), rule.State(len(n.Params))
		}
		back := func(p *Pass, top int) {
			for i := range p.Input(2) {
				p.Input(2)[i] = float32(i) / 7
			}
			p.Forward()
			for i := range p.Delta(top) {
				p.Delta(top)[i] = float32(i+1) / 3
			}
			p.Backward(top, -1, nil)
		}
		n, p, s := make()
		m, q, r := make()
		size := 5*4 + 4 + 4*3 + 3
		if n.Size(1) != size || n.Size(2) != len(n.Params) || n.Size(-1) != 0 {
			t.Errorf("sizes %d, %d", n.Size(1), n.Size(2))
		}
		back(p, 2) // a full step of both
		s.Step(n)
		back(q, 2)
		r.Step(m)
		start := slices.Clone(n.Params)
		var before, after bytes.Buffer
		s.Snapshot(&before)
		back(p, 1)
		s.StepTo(n, 1)
		s.Snapshot(&after)
		back(q, 1)
		r.Step(m)
		if !slices.Equal(n.Params[:size], m.Params[:size]) {
			t.Errorf("%s: the first layers move otherwise than in a step", name)
		}
		if !slices.Equal(n.Params[size:], start[size:]) ||
			slices.Equal(n.Params[:size], start[:size]) {
			t.Errorf("%s: layers above moved, or those below did not", name)
		}
		// The state's arrays are written one after another, at the end; Adam's two follow 16 bytes.
		arrays := before.Len() / (4 * len(n.Params))
		for a := range arrays {
			at := before.Len() - 4*len(n.Params)*(arrays-a)
			old, now := before.Bytes()[at:at+4*len(n.Params)], after.Bytes()[at:at+4*len(n.Params)]
			if !bytes.Equal(old[4*size:], now[4*size:]) || bytes.Equal(old[:4*size], now[:4*size]) {
				t.Errorf("%s: array %d of the state: above it moved, or below it did not", name, a)
			}
		}
		// A step without a gradient of the first layers is one with zeros, and discards the third
		// layer's gradient.
		back(p, 2)
		n.Finish()
		s.StepTo(n, 1)
		r.Step(m)
		if !slices.Equal(n.Params[:size], m.Params[:size]) {
			t.Errorf("%s: a step that nothing reached differs", name)
		}
		if a := testing.AllocsPerRun(20, func() { back(p, 1); s.StepTo(n, 1) }); a != 0 {
			t.Errorf("%s: %g allocations", name, a)
		}
	}
}

// TestSwap: gradients in an Aside equal those of a separate step, and do not change the current
// step's.
func TestSwap(t *testing.T) {
	n := NewNet([]int{5, 4, 3, 5}, []Activation{Tanh, Tanh, Linear}, bench.NewStream(1, "test"))
	p, a := n.NewPass(2), n.Aside(1)
	back := func(top int, g float32) {
		for i := range p.Input(2) {
			p.Input(2)[i] = float32(i) / 7
		}
		p.Forward()
		for i := range p.Delta(top) {
			p.Delta(top)[i] = g
		}
		p.Backward(top, -1, nil)
	}
	of := func(top int, g float32) []float32 {
		back(top, g)
		n.Finish()
		return slices.Clone(n.Grads)
	}
	whole, part := of(2, 1), of(1, 2)
	for range 2 { // the second step overwrites the first one's
		back(2, 1)
		n.Swap(a)
		back(1, 2)
		n.FinishTo(1)
		if !slices.Equal(n.Grads, part[:n.Size(1)]) {
			t.Error("the gradients aside are others")
		}
		n.Swap(a)
		if n.Finish(); !slices.Equal(n.Grads, whole) {
			t.Error("the step under way lost its gradients")
		}
	}
	// A state of only the first layers makes the update by hand: 0.01 g / sqrt(0.9 + 0.1 g²).
	n.Swap(a)
	n.FinishTo(1)
	s := RMSprop{}.Slots(n.Size(1))
	first := n.Params[0]
	n.Grads[0] = 2
	s.move(n, n.Size(1))
	if want := float64(first) - 0.01*2/math.Sqrt(0.9+0.1*4); math.Abs(float64(n.Params[0])-want) > 1e-6 {
		t.Errorf("a step aside moves %g to %g, want %g", first, n.Params[0], want)
	}
}
