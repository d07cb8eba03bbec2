package deep

import (
	"fmt"

	"github.com/uaibench/uaibench/baselines/nn"
	"github.com/uaibench/uaibench/bench"
)

// step is one joint step (methods.md 2.4):
//
//	J = mean over B of the base loss + γ · mean over H_B of CE(y, s_uai)
//
// one backward pass of each, one update of all parameters; or, of a Lone round, the step that lone
// describes.
func (u *UAI) step(i int, d bench.Data, l bench.Labels) error {
	baseTurn := !u.opt.Lone && (!u.opt.Alternate || i%2 == 0)
	uaiTurn := u.opt.Lone || !u.opt.Alternate || i%2 == 1
	var loss float32
	switch {
	case u.opt.Lone:
		u.lone(d, l)
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
		return fmt.Errorf("training diverged at step %d: the UAI layer's first weight is %v", u.steps, w)
	}
	return nil
}

// gather gathers the gradients of a step with a labelled batch of its own.
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

// gatherMembers is gather where the labelled batch is in the ordinary one.
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
	case baseTurn && u.own == nil:
		return u.base.Backward(1, dl)
	case baseTurn:
		loss = u.base.Backward(1, nil)
	}
	if uaiTurn {
		u.backward(dl)
	}
	return loss
}

// lone gathers the gradients of a step that minimises the cross-entropy on the labelled batch alone
// (U20), with γ as ever. Nothing is done for the base loss; s is taken anew, as the encoder moves.
// Among the choices of a labelled batch, Members still draws an ordinary batch, and passes its
// audited rows alone; where there are none, the gradient is zero, as in a joint step. With the
// Running scale (U7) the moments follow the labelled batches: there are no others.
func (u *UAI) lone(d bench.Data, l bench.Labels) {
	if u.opt.Labelled == Members {
		if u.pick(u.batches.Next()); len(u.rows) == 0 {
			return
		}
	} else {
		u.choose(l)
	}
	lat, s := u.base.Forward(Lone, d, u.rows)
	u.follow(s)
	u.backward(u.crossEntropy(lat, s, l))
}

func (u *UAI) follow(s []float32) {
	if u.opt.Score == Running {
		u.moments.follow(s)
	}
}

// backward adds the cross-entropy's gradient to the encoder's, or to that of its own optimiser.
func (u *UAI) backward(dl []float32) {
	if u.own == nil {
		u.base.Backward(0, dl)
		return
	}
	u.own.swap()
	u.base.Backward(0, dl)
	u.own.swap()
}

// update moves what the gathered gradients are of. In a joint step with separate optimisers (U21)
// both gradients were taken at the same parameters: the base's update comes first, with all that
// follows it (DCN's centres), then the cross-entropy's, each by its own mean squares. What a Lone
// round's gradient cannot reach is left wholly alone, mean squares too, as by TensorFlow's
// minimize: all above l, and with Stop the whole base.
func (u *UAI) update(baseTurn, uaiTurn bool) {
	if baseTurn || !u.opt.Lone && !u.opt.Separate {
		u.base.Step()
	}
	switch {
	case !uaiTurn:
		return
	case u.own != nil:
		u.own.step()
	case u.opt.Lone && !u.opt.Stop:
		net, top, state := u.base.Encoder()
		state.StepTo(net, top)
	}
	u.slots.Step(u.layer)
}

// own is the cross-entropy's own optimiser in the encoder (U21): RMSprop by the layer's settings,
// with mean squares that the base loss does not move.
type own struct {
	net   *nn.Net
	top   int
	slots *nn.Slots
	aside *nn.Aside // its gradients beside the base loss's; nil: there is no base loss
}

// newOwn returns nil where the cross-entropy moves nothing of the base, or by the base's optimiser.
func newOwn(base Base, rule nn.RMSprop, opt UAISettings) *own {
	if !opt.Separate || opt.Stop {
		return nil
	}
	net, top, _ := base.Encoder()
	o := &own{net: net, top: top, slots: rule.Slots(net.Size(top))}
	if !opt.Lone {
		o.aside = net.Aside(top)
	}
	return o
}

func (o *own) swap() {
	if o.aside != nil {
		o.net.Swap(o.aside)
	}
}

func (o *own) step() {
	o.swap()
	o.slots.StepTo(o.net, o.top)
	o.swap()
}
