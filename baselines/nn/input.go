package nn

import "fmt"

// InputGradient fills dx (B x in) with the gradient of the loss with respect to the input. It comes
// after Backward, which leaves out what most networks have no use for.
func (p *Pass) InputGradient(dx []float32) {
	if want := p.rows * p.net.Layers[0].In; len(dx) != want {
		panic(fmt.Sprintf("nn: an input gradient of %d numbers for an input of %d", len(dx), want))
	}
	p.dx = dx
	p.net.team.Do(p.rows, p.toInput)
}

func (p *Pass) inputRows(member, lo, hi int) {
	l := p.net.Layers[0]
	w, _ := p.net.Layer(0)
	p.net.team.Workspace(member).Gemm(false, hi-lo, l.In, l.Out, p.Delta(0)[lo*l.Out:], l.Out, 1, w,
		1, l.Out, p.dx[lo*l.In:], l.In)
}
