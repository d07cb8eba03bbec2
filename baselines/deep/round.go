package deep

import (
	"fmt"

	"github.com/uaibench/uaibench/baselines/nn"
	"github.com/uaibench/uaibench/bench"
)

// step takes one joint step (Sec. 3.1; the combination of the two losses is open point U11):
//
//	J = mean over B of the base loss + γ · mean over H_B of CE(y, s_uai)
//
// with one backward pass for each term and one update of all parameters; in a UAIOnly round, the
// step of gatherUAIOnly.
func (u *UAI) step(i int, d bench.Data, l bench.Labels) error {
	baseTurn := !u.opt.UAIOnly && (!u.opt.Alternate || i%2 == 0)
	uaiTurn := u.opt.UAIOnly || !u.opt.Alternate || i%2 == 1
	var loss float32
	switch {
	case u.opt.UAIOnly:
		u.gatherUAIOnly(d, l)
	case u.opt.Labelled == Members:
		loss = u.gatherMembers(baseTurn, uaiTurn, d, l)
	default:
		loss = u.gather(baseTurn, uaiTurn, d, l)
	}
	u.update(baseTurn, uaiTurn)
	u.steps++
	u.joint++
	if !finite(loss) {
		return u.diverged(loss)
	}
	if w := u.layer.Params[0]; !finite(w) {
		return fmt.Errorf("training diverged at step %d: the UAI layer's first weight is %v",
			u.steps, w)
	}
	return nil
}

// gather adds the gradients of a step with a separate labelled batch.
func (u *UAI) gather(baseTurn, uaiTurn bool, d bench.Data, l bench.Labels) (loss float32) {
	if baseTurn {
		_, s := u.base.Forward(Training, d, u.batches.Next())
		u.follow(s)
		loss = u.base.Backward(1, nil)
	}
	if uaiTurn {
		u.choose(l)
		lat, s := u.base.Forward(Labelled, d, u.rows)
		u.backward(u.crossEntropy(lat, s, l))
	}
	return loss
}

// gatherMembers adds the gradients of a step whose labelled batch is part of the base batch.
func (u *UAI) gatherMembers(baseTurn, uaiTurn bool, d bench.Data, l bench.Labels) (loss float32) {
	rows, mode := u.batches.Next(), Labelled
	if baseTurn {
		mode = Training
	}
	lat, s := u.base.Forward(mode, d, rows)
	if baseTurn {
		u.follow(s)
	}
	var dl []float32
	if uaiTurn {
		dl = u.members(rows, lat, s, l)
	}
	switch {
	case baseTurn && u.encoder == nil:
		return u.base.Backward(1, dl)
	case baseTurn:
		loss = u.base.Backward(1, nil)
	}
	if uaiTurn {
		u.backward(dl)
	}
	return loss
}

// gatherUAIOnly adds the gradients of a step that minimises only the cross-entropy on the labelled
// batch (U20), weighted by γ as usual. Nothing is computed for the base loss; s is computed again,
// as the encoder moves. With Members a base batch is still drawn, and only its audited rows are
// passed; without any, the gradient is zero, as in a joint step. With the Running scale (U7) the
// moments follow the labelled batches, the only ones.
func (u *UAI) gatherUAIOnly(d bench.Data, l bench.Labels) {
	if u.opt.Labelled == Members {
		if u.pick(u.batches.Next()); len(u.rows) == 0 {
			return
		}
	} else {
		u.choose(l)
	}
	lat, s := u.base.Forward(LabelledOnly, d, u.rows)
	u.follow(s)
	u.backward(u.crossEntropy(lat, s, l))
}

func (u *UAI) follow(s []float32) {
	if u.opt.Score == Running {
		u.moments.follow(s)
	}
}

// backward adds the cross-entropy's gradient to the encoder's, or to that of its separate
// optimiser.
func (u *UAI) backward(dl []float32) {
	if u.encoder == nil {
		u.base.Backward(0, dl)
		return
	}
	u.encoder.swap()
	u.base.Backward(0, dl)
	u.encoder.swap()
}

// update applies the gradients. In a joint step with separate optimisers (U21) both gradients were
// computed at the same parameters: the base's update comes first, with everything that follows it
// (DCN's centres), then the cross-entropy's, each with its own mean squares. Parameters that a
// UAIOnly round's gradient cannot reach do not change, nor do their mean squares, as with
// TensorFlow's minimize: all above l, and with Stop the entire base.
func (u *UAI) update(baseTurn, uaiTurn bool) {
	if baseTurn || !u.opt.UAIOnly && !u.opt.Separate {
		u.base.Step()
	}
	switch {
	case !uaiTurn:
		return
	case u.encoder != nil:
		u.encoder.step()
	case u.opt.UAIOnly && !u.opt.Stop:
		net, top, state := u.base.Encoder()
		state.StepTo(net, top)
	}
	u.slots.Step(u.layer)
}

// encoderOptimizer is the cross-entropy's separate optimiser of the encoder (U21): RMSprop with the
// layer's settings, whose mean squares do not include the base loss.
type encoderOptimizer struct {
	net   *nn.Net
	top   int
	slots *nn.Slots
	aside *nn.Aside // its gradients, apart from the base loss's; nil: there is no base loss
}

// newEncoderOptimizer returns nil if the cross-entropy does not update the base, or does so by the
// base's optimiser.
func newEncoderOptimizer(base Base, rule nn.RMSprop, opt UAISettings) *encoderOptimizer {
	if !opt.Separate || opt.Stop {
		return nil
	}
	net, top, _ := base.Encoder()
	o := &encoderOptimizer{net: net, top: top, slots: rule.Slots(net.Size(top))}
	if !opt.UAIOnly {
		o.aside = net.Aside(top)
	}
	return o
}

func (o *encoderOptimizer) swap() {
	if o.aside != nil {
		o.net.Swap(o.aside)
	}
}

func (o *encoderOptimizer) step() {
	o.swap()
	o.slots.StepTo(o.net, o.top)
	o.swap()
}
