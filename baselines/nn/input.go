package nn

import "fmt"

// InputGradient sets dx (B x in) to the gradient of the loss with respect to the input. It must
// follow Backward, which omits it because most networks do not need it.
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
