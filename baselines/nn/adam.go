package nn

import (
	"cmp"
	"io"
	"math"

	"github.com/uaibench/uaibench/baselines/internal/f32"
	"github.com/uaibench/uaibench/baselines/internal/state"
)

// Adam holds the settings of Adam (Kingma and Ba 2015, algorithm 1), with its correction of the
// moments' bias towards zero; epsilon is added to the corrected root, as in the article and
// PyTorch. TensorFlow 1.x's AdamOptimizer adds it to the uncorrected root instead.
//
//	m <- beta1 m + (1-beta1) g;   v <- beta2 v + (1-beta2) g²
//	w <- w - rate m/(1-beta1^t) / (sqrt(v/(1-beta2^t)) + epsilon)
//
// Zero values mean the article's: rate 0.001, 0.9, 0.999, 1e-8.
type Adam struct {
	Rate, Beta1, Beta2, Epsilon float32
}

// adam is the state of Adam for one arena of parameters.
type adam struct {
	rule   Adam
	m, v   []float32
	powers [2]float64 // beta1^t and beta2^t after t steps

	net        *Net // net of the current step
	params     int  // number of parameters in the current step
	step, root float32
	update     func(member, lo, hi int)
}

// State: see Optimizer.
func (a Adam) State(n int) State {
	a.Rate, a.Beta1 = cmp.Or(a.Rate, 0.001), cmp.Or(a.Beta1, 0.9)
	a.Beta2, a.Epsilon = cmp.Or(a.Beta2, 0.999), cmp.Or(a.Epsilon, 1e-8)
	s := &adam{rule: a, m: make([]float32, n), v: make([]float32, n)}
	s.Reset()
	s.update = func(_, lo, hi int) {
		s.net.each(s.params, lo, hi, func(from, to int) {
			f32.Adam(s.net.Params[from:to], s.m[from:to], s.v[from:to], s.net.Grads[from:to], s.step,
				s.rule.Beta1, s.rule.Beta2, s.root, s.rule.Epsilon)
		})
	}
	return s
}

// Reset: see State.
func (s *adam) Reset() {
	clear(s.m)
	clear(s.v)
	s.powers = [2]float64{1, 1}
}

// Step: see State.
func (s *adam) Step(n *Net) {
	n.Finish()
	s.move(n, len(n.Params))
}

// StepTo: see State. The corrections depend on the number of steps of either kind, as in TensorFlow
// 1.x.
func (s *adam) StepTo(n *Net, top int) {
	n.FinishTo(top)
	s.move(n, n.Size(top))
}

func (s *adam) move(n *Net, params int) {
	s.net, s.params = n, params
	s.powers[0] = float64(s.powers[0] * float64(s.rule.Beta1)) // rounded here on every architecture
	s.powers[1] = float64(s.powers[1] * float64(s.rule.Beta2))
	s.step = float32(float64(s.rule.Rate) / (1 - s.powers[0]))
	s.root = float32(1 / math.Sqrt(1-s.powers[1]))
	n.team.Do(n.team.Threads(), s.update)
}

// Snapshot: see State.
func (s *adam) Snapshot(w io.Writer) error { return state.Write(w, s.powers, s.m, s.v) }

// Restore: see State.
func (s *adam) Restore(r io.Reader) error { return state.Read(r, &s.powers, s.m, s.v) }
