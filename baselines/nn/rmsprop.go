package nn

import (
	"cmp"
	"io"

	"github.com/uaibench/uaibench/baselines/internal/f32"
	"github.com/uaibench/uaibench/baselines/internal/state"
)

// RMSprop holds the settings of TensorFlow 1.x's RMSPropOptimizer (no momentum, not centred). Its
// mean square starts at 1 and epsilon is inside the root, unlike Keras's and PyTorch's:
//
//	r <- decay r + (1-decay) g²;   w <- w - rate g / sqrt(r + epsilon)
//
// Zero values mean the paper's: rate 0.01, TensorFlow's decay 0.9 and epsilon 1e-10.
type RMSprop struct {
	Rate, Decay, Epsilon float32
}

// Slots is the state of RMSprop for one arena of parameters.
type Slots struct {
	rule RMSprop
	ms   []float32 // mean squares

	net    *Net // net of the current step
	params int  // number of parameters in the current step
	update func(member, lo, hi int)
}

// Slots returns the initial state for n parameters.
func (r RMSprop) Slots(n int) *Slots {
	r.Rate, r.Decay = cmp.Or(r.Rate, 0.01), cmp.Or(r.Decay, 0.9)
	r.Epsilon = cmp.Or(r.Epsilon, 1e-10)
	s := &Slots{rule: r, ms: make([]float32, n)}
	s.Fill(1)
	s.update = func(_, lo, hi int) {
		s.net.each(s.params, lo, hi, func(from, to int) {
			f32.RMSprop(s.net.Params[from:to], s.ms[from:to], s.net.Grads[from:to], s.rule.Rate,
				s.rule.Decay, s.rule.Epsilon)
		})
	}
	return s
}

// State: see Optimizer.
func (r RMSprop) State(n int) State { return r.Slots(n) }

// Fill sets every mean square to v: 1 is TensorFlow's initial value, 0 the value after thousands of
// zero gradients.
func (s *Slots) Fill(v float32) {
	for i := range s.ms {
		s.ms[i] = v
	}
}

// Reset sets every mean square to 1.
func (s *Slots) Reset() { s.Fill(1) }

// Step: see State.
func (s *Slots) Step(n *Net) {
	n.Finish()
	s.move(n, len(n.Params))
}

// StepTo: see State.
func (s *Slots) StepTo(n *Net, top int) {
	n.FinishTo(top)
	s.move(n, n.Size(top))
}

func (s *Slots) move(n *Net, params int) {
	s.net, s.params = n, params
	n.team.Do(n.team.Threads(), s.update)
}

// Snapshot writes the mean squares.
func (s *Slots) Snapshot(w io.Writer) error { return state.Write(w, s.ms) }

// Restore reads what Snapshot wrote.
func (s *Slots) Restore(r io.Reader) error { return state.Read(r, s.ms) }
