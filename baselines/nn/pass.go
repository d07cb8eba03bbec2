package nn

import (
	"fmt"

	"github.com/uaibench/uaibench/baselines/internal/f32"
)

// Pass is the memory of one batch for the forward and backward passes of a Net. It allocates
// nothing after its first use.
type Pass struct {
	net      *Net
	capacity int
	rows     int
	act      [][]float32 // act[0] the input, act[i+1] layer i's output; capacity x width
	// delta[i] = dLoss/d(act[i+1]); Backward turns it into the gradient before the activation
	delta [][]float32

	// The methods that a team runs, as function values created once, and the arguments of the
	// backward ones.
	forward, derivative, backward, toInput func(member, lo, hi int)

	upto      int
	layer, at int
	extra     []float32
	dx        []float32
}

// NewPass returns a Pass for batches of at most capacity rows.
func (n *Net) NewPass(capacity int) *Pass {
	p := &Pass{net: n, capacity: capacity, act: make([][]float32, len(n.Layers)+1),
		delta: make([][]float32, len(n.Layers))}
	p.forward, p.derivative = p.forwardRows, p.derivativeRows
	p.backward, p.toInput = p.backwardParts, p.inputRows
	p.act[0] = make([]float32, capacity*n.Layers[0].In)
	for i, l := range n.Layers {
		p.act[i+1] = make([]float32, capacity*l.Out)
	}
	return p
}

// Input begins a batch of B = rows and returns its input (B x in), which the caller must fill.
func (p *Pass) Input(rows int) []float32 {
	if rows < 1 || rows > p.capacity {
		panic(fmt.Sprintf("nn: a batch of %d rows, the pass is for at most %d", rows, p.capacity))
	}
	p.rows = rows
	return p.act[0][:rows*p.net.Layers[0].In]
}

// Rows returns B.
func (p *Pass) Rows() int { return p.rows }

// Out returns layer i's output (B x out), valid until the next Forward.
func (p *Pass) Out(i int) []float32 { return p.act[i+1][:p.rows*p.net.Layers[i].Out] }

// Delta returns the gradient of the loss with respect to layer i's output (B x out), which the
// caller must fill before Backward(i, …).
func (p *Pass) Delta(i int) []float32 {
	n := p.net.Layers[i].Out
	if p.delta[i] == nil {
		p.delta[i] = make([]float32, p.capacity*n)
	}
	return p.delta[i][:p.rows*n]
}

// Forward computes all layers' outputs. Rows are independent of each other, so threads divide them
// and need no synchronisation before the last layer.
func (p *Pass) Forward() { p.ForwardTo(len(p.net.Layers) - 1) }

// ForwardTo computes the outputs of the layers up to top.
func (p *Pass) ForwardTo(top int) {
	p.upto = top + 1
	p.net.team.DoBy(f32.RowUnit(), p.rows, p.forward)
}

func (p *Pass) forwardRows(member, lo, hi int) {
	work := p.net.team.Workspace(member)
	for i, l := range p.net.Layers[:p.upto] {
		w, b := p.net.Layer(i)
		y := p.Out(i)[lo*l.Out : hi*l.Out]
		work.Gemm(false, hi-lo, l.Out, l.In, p.act[i][lo*l.In:], l.In, 1, w, l.Out, 1, y, l.Out)
		f32.AddRow(y, hi-lo, l.Out, b)
		switch l.Act {
		case ReLU:
			f32.ReLU(y)
		case Sigmoid:
			f32.Sigmoid(y)
		case Tanh:
			f32.Tanh(y)
		}
	}
}

// Backward adds to the net's gradients those of a loss whose gradient with respect to layer top's
// output is Delta(top), from layer top down to the first; the gradient with respect to the input is
// not computed. At the output of layer at it adds extra (B x out; nil: none). The first Backward of
// a step overwrites each layer's gradient, later ones add: base batch first, labelled batch after.
//
// Threads synchronise between layers: dW and db sum over rows, so they need all rows' deltas;
// threads divide the elements of these sums, and the rows of the next delta.
func (p *Pass) Backward(top, at int, extra []float32) {
	for i := range top {
		p.Delta(i) // allocates it
	}
	p.at, p.extra = at, extra
	threads := p.net.team.Threads()
	p.layer = top
	p.net.team.Do(p.rows, p.derivative)
	for ; p.layer >= 0; p.layer-- {
		p.net.team.Do(threads, p.backward)
		p.net.touched[p.layer] = true
	}
}

// derivativeRows turns rows [lo, hi) of layer's delta into the gradient before the activation.
func (p *Pass) derivativeRows(_, lo, hi int) { p.derive(p.layer, lo, hi) }

func (p *Pass) derive(i, lo, hi int) {
	l := p.net.Layers[i]
	dy, y := p.Delta(i)[lo*l.Out:hi*l.Out], p.Out(i)[lo*l.Out:hi*l.Out]
	if i == p.at && p.extra != nil {
		f32.Axpy(dy, 1, p.extra[lo*l.Out:hi*l.Out])
	}
	switch l.Act {
	case ReLU:
		f32.ReLUBack(dy, y)
	case Sigmoid:
		f32.SigmoidBack(dy, y)
	case Tanh:
		f32.TanhBack(dy, y)
	default:
		f32.Flush(dy)
	}
}

// backwardParts computes parts [lo, hi) of one part per thread: a share of the rows of layer's dW,
// its db if that belongs to a part, and a share of the rows of the delta below.
func (p *Pass) backwardParts(member, lo, hi int) {
	work, i := p.net.team.Workspace(member), p.layer
	l := p.net.Layers[i]
	dy, add := p.Delta(i), p.net.touched[i]
	dw, db := p.net.LayerGrads(i)
	rows := p.net.cut(l.In, lo, hi)
	work.Gemm(add, rows[1]-rows[0], l.Out, p.rows, p.act[i][rows[0]:], 1, l.In, dy, l.Out, 1,
		dw[rows[0]*l.Out:], l.Out)
	if p.net.biases(i, lo, hi) {
		f32.SumRows(db, dy, p.rows, l.Out, add)
	}
	if i > 0 {
		w, _ := p.net.Layer(i)
		rows := p.net.cut(p.rows, lo, hi)
		from, to := rows[0], rows[1]
		work.Gemm(false, to-from, l.In, l.Out, dy[from*l.Out:], l.Out, 1, w, 1, l.Out,
			p.Delta(i - 1)[from*l.In:], l.In)
		p.derive(i-1, from, to)
	}
}
