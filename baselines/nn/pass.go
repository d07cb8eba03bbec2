package nn

import (
	"fmt"

	"github.com/uaibench/uaibench/baselines/internal/f32"
)

// Pass is the memory of one batch on its way through a Net and back. It allocates nothing once made.
type Pass struct {
	net      *Net
	capacity int
	rows     int
	act      [][]float32 // act[0] the input, act[i+1] layer i's output; capacity x width
	delta    [][]float32 // delta[i] = dLoss/d(act[i+1]), turned into the gradient before the activation on the way back
}

// NewPass returns a Pass for batches of at most capacity rows.
func (n *Net) NewPass(capacity int) *Pass {
	p := &Pass{net: n, capacity: capacity, act: make([][]float32, len(n.Layers)+1), delta: make([][]float32, len(n.Layers))}
	p.act[0] = make([]float32, capacity*n.Layers[0].In)
	for i, l := range n.Layers {
		p.act[i+1] = make([]float32, capacity*l.Out)
	}
	return p
}

// Input begins a batch of B = rows and returns its input (B x in), to be filled.
func (p *Pass) Input(rows int) []float32 {
	if rows < 1 || rows > p.capacity {
		panic(fmt.Sprintf("nn: a batch of %d rows in a pass for at most %d", rows, p.capacity))
	}
	p.rows = rows
	return p.act[0][:rows*p.net.Layers[0].In]
}

// Rows is B.
func (p *Pass) Rows() int { return p.rows }

// Out returns layer i's output (B x out), valid until the next Forward.
func (p *Pass) Out(i int) []float32 { return p.act[i+1][:p.rows*p.net.Layers[i].Out] }

// Delta returns the gradient of the loss with respect to layer i's output (B x out), to be filled
// before Backward(i, …).
func (p *Pass) Delta(i int) []float32 {
	n := p.net.Layers[i].Out
	if p.delta[i] == nil {
		p.delta[i] = make([]float32, p.capacity*n)
	}
	return p.delta[i][:p.rows*n]
}

// Forward computes all layers' outputs.
func (p *Pass) Forward() {
	for i, l := range p.net.Layers {
		w, b := p.net.Layer(i)
		y := p.Out(i)
		p.net.work.Gemm(false, p.rows, l.Out, l.In, p.act[i], l.In, 1, w, l.Out, 1, y, l.Out)
		f32.AddRow(y, p.rows, l.Out, b)
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
// output is Delta(top), going down to the first layer; no gradient with respect to the input is
// formed. Where it comes to the output of layer at, it adds extra (B x out; nil: none). The first
// Backward of a step overwrites each layer's gradient, later ones add: base batch first, labelled
// batch after.
func (p *Pass) Backward(top, at int, extra []float32) {
	for i := top; i >= 0; i-- {
		l := p.net.Layers[i]
		dy, y := p.Delta(i), p.Out(i)
		if i == at && extra != nil {
			f32.Axpy(dy, 1, extra)
		}
		switch l.Act {
		case ReLU:
			f32.ReLUBack(dy, y)
		case Sigmoid:
			f32.SigmoidBack(dy, y)
		case Tanh:
			f32.TanhBack(dy, y)
		default:
			f32.FlushDenormals(dy)
		}
		add := p.net.touched[i]
		dw, db := p.net.LayerGrads(i)
		p.net.work.Gemm(add, l.In, l.Out, p.rows, p.act[i], 1, l.In, dy, l.Out, 1, dw, l.Out)
		f32.SumRows(db, dy, p.rows, l.Out, add)
		p.net.touched[i] = true
		if i > 0 {
			w, _ := p.net.Layer(i)
			p.net.work.Gemm(false, p.rows, l.In, l.Out, dy, l.Out, 1, w, 1, l.Out, p.Delta(i-1), l.In)
		}
	}
}
