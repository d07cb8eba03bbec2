package deep

import (
	"github.com/uaibench/uaibench/baselines/internal/f32"
	"github.com/uaibench/uaibench/baselines/nn"
	"github.com/uaibench/uaibench/bench"
)

// newHead builds the network from [l; s], of width h+1, to the logit. With hidden layers the
// initial weights (U8) generalise those without: ZeroInit clears the weights of the last layer, so
// that every logit starts at 0 while the layers below can learn; BaseInit passes s through two
// units of each layer, one for each sign, so that the logit is s (a layer of one unit passes only
// its positive part).
func newHead(h int, o UAISettings, seed uint64) *nn.Net {
	widths, acts, axes := []int{h + 1}, []nn.Activation{}, []any{h}
	for _, w := range o.Head {
		widths, acts = append(widths, w), append(acts, nn.ReLU)
	}
	if o.Head != nil {
		axes = append(axes, o.Head) // the paper's layer keeps its stream
	}
	n := nn.NewNet(append(widths, 1), append(acts, nn.Linear),
		bench.NewStream(seed, "init uai", axes...))
	top := len(n.Layers) - 1
	last, _ := n.Layer(top)
	if o.Init != GlorotInit {
		clear(last)
	}
	if o.Init != BaseInit {
		return n
	}
	if top == 0 {
		last[h] = 1
		return n
	}
	for j, sign := range []float32{1, -1} {
		for i, l := range n.Layers[:top] {
			if j >= l.Out {
				return n
			}
			w, _ := n.Layer(i)
			from := j
			if i == 0 {
				from = h
			}
			for in := range l.In {
				w[in*l.Out+j] = 0
			}
			w[from*l.Out+j] = 1
			if i == 0 {
				w[from*l.Out+j] = sign
			}
		}
		last[j] = sign
	}
	return n
}

// logits returns those of the last forward, valid until the next.
func (u *UAI) logits() []float32 { return u.pass.Out(len(u.layer.Layers) - 1) }

// back propagates the Delta at the logits through the layer, and returns dl (B x h), or nil if the
// gradient through l is off (U19).
func (u *UAI) back(b int) []float32 {
	h, top := u.base.LatentDim(), len(u.layer.Layers)-1
	dl := u.dl[:b*h]
	if top == 0 {
		dz := u.pass.Delta(0)
		w, _ := u.layer.Layer(0)
		for i, g := range dz {
			for j := range h {
				dl[i*h+j] = w[j] * g
			}
		}
		u.pass.Backward(0, -1, nil)
	} else {
		u.pass.Backward(top, -1, nil)
		dx := u.dx[:b*(h+1)]
		u.pass.InputGradient(dx)
		for i := range b {
			copy(dl[i*h:(i+1)*h], dx[i*(h+1):])
		}
	}
	if u.opt.Stop {
		return nil
	}
	f32.Flush(dl)
	return dl
}
