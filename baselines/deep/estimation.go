package deep

import (
	"errors"
	"io"

	"github.com/uaibench/uaibench/baselines/internal/f32"
	"github.com/uaibench/uaibench/baselines/internal/state"
	"github.com/uaibench/uaibench/baselines/nn"
	"github.com/uaibench/uaibench/bench"
)

// estimation is DAGMM's estimation network: from z (B x D) through tanh layers, dropout after the
// last of them, and a linear layer to the softmax memberships g (B x K). It is split into two nets
// at the dropout.
type estimation struct {
	hidden, head *nn.Net
	in, out      *nn.Pass
	states       [2]nn.State

	keep    float32
	stream  bench.Stream
	drawn   uint64
	dropped bool      // the last batch had dropout
	mask    []float32 // B x hidden width: 0, or 1/keep

	g  []float32 // B x K
	dz []float32 // B x D
}

func newEstimation(inputs int, s DAGMMSettings) *estimation {
	e := &estimation{keep: s.Keep, stream: bench.NewStream(s.Seed, "dropout")}
	widths := append([]int{inputs}, s.Estimation...)
	acts := make([]nn.Activation, len(s.Estimation))
	for i := range acts {
		acts[i] = s.Activation
	}
	last := widths[len(widths)-1]

	e.hidden = nn.NewNet(widths, acts, bench.NewStream(s.Seed, "init", "dagmm estimation", widths))
	e.head = nn.NewNet([]int{last, s.Components}, []nn.Activation{nn.Linear},
		bench.NewStream(s.Seed, "init", "dagmm memberships", last, s.Components))
	e.in, e.out = e.hidden.NewPass(s.Batch), e.head.NewPass(s.Batch)
	for i, n := range []*nn.Net{e.hidden, e.head} {
		e.states[i] = s.Adam.State(len(n.Params))
	}
	e.mask = make([]float32, s.Batch*last)
	e.g = make([]float32, s.Batch*s.Components)
	e.dz = make([]float32, s.Batch*inputs)
	return e
}

// members returns the memberships of b rows of z (b x K), with dropout's next mask if drop.
func (e *estimation) members(z []float32, b int, drop bool) []float32 {
	copy(e.in.Input(b), z)
	e.in.Forward()
	h := e.in.Out(len(e.hidden.Layers) - 1)
	x := e.out.Input(b)
	copy(x, h)
	e.dropped = drop && e.keep < 1
	if e.dropped {
		mask := e.mask[:len(x)]
		f32.Uniform(mask, [2]uint64{e.stream.Hi, e.stream.Lo}, e.drawn)
		e.drawn += uint64(len(mask))
		for i, u := range mask {
			mask[i] = 0
			if u < e.keep {
				mask[i] = 1 / e.keep
			}
			x[i] *= mask[i]
		}
	}
	e.out.Forward()
	g := e.g[:b*e.head.Layers[0].Out]
	f32.SoftmaxRows(g, nil, e.out.Out(0), b, e.head.Layers[0].Out)
	return g
}

// back adds the gradients of the last batch, given dg (B x K), and returns those with respect to z
// (B x D).
func (e *estimation) back(dg []float64) []float32 {
	k := e.head.Layers[0].Out
	da := e.out.Delta(0)
	for i := 0; i < len(da); i += k {
		g := e.g[i : i+k]
		mean := 0.0
		for j, v := range g {
			mean += float64(float64(v) * dg[i+j])
		}
		for j, v := range g {
			da[i+j] = float32(float64(v) * (dg[i+j] - mean))
		}
	}
	e.out.Backward(0, -1, nil)
	top := len(e.hidden.Layers) - 1
	dh := e.in.Delta(top)
	e.out.InputGradient(dh)
	if e.dropped {
		for i := range dh {
			dh[i] *= e.mask[i]
		}
	}
	f32.Flush(dh)
	e.in.Backward(top, -1, nil)
	dz := e.dz[:e.in.Rows()*e.hidden.Layers[0].In]
	e.in.InputGradient(dz)
	return dz
}

func (e *estimation) step() {
	e.states[0].Step(e.hidden)
	e.states[1].Step(e.head)
}

func (e *estimation) reset() {
	for _, s := range e.states {
		s.Reset()
	}
}

// Snapshot: see Base.
func (e *estimation) Snapshot(w io.Writer) error {
	return errors.Join(e.hidden.Snapshot(w), e.states[0].Snapshot(w), e.head.Snapshot(w),
		e.states[1].Snapshot(w),
		state.Write(w, e.drawn))
}

// Restore: see Base.
func (e *estimation) Restore(r io.Reader) error {
	return errors.Join(e.hidden.Restore(r), e.states[0].Restore(r), e.head.Restore(r),
		e.states[1].Restore(r),
		state.Read(r, &e.drawn))
}
