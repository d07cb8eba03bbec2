package deep

import (
	"context"
	"errors"

	"github.com/uaibench/uaibench/baselines/internal/f32"
	"github.com/uaibench/uaibench/baselines/internal/kmeans"
	"github.com/uaibench/uaibench/bench"
)

// Explained is a Base whose l and s are differentiable in the input.
type Explained interface {
	// InputGradient sets dx (B x d) to Σ_j dl_j ∂l_j/∂x + ds ∂s/∂x for each row of the last
	// Forward, which must have been in mode Scoring, given dl (B x h) and ds (B); nil means zero.
	// It does not change the model. Unlike Backward, it also goes through s.
	InputGradient(dx, dl, ds []float32)
}

// inputGradient propagates the Delta of layer top, with dl entering at the latent layer, to the
// input. The parameters' gradients are discarded.
func (n *network) inputGradient(top int, dx, dl []float32) {
	n.pass.Backward(top, n.latent, dl)
	n.pass.InputGradient(dx)
	n.net.Finish()
}

// latentGradient is InputGradient for dl only.
func (n *network) latentGradient(dx, dl []float32) {
	copy(n.pass.Delta(n.latent), dl)
	n.inputGradient(n.latent, dx, nil)
}

// reconstructionGradient is InputGradient for s = scale ||x - x^||² of clean input x, which depends
// on x both directly and through the output x^.
func (n *network) reconstructionGradient(scale float32, dx, dl, ds []float32) {
	if ds == nil {
		n.latentGradient(dx, dl)
		return
	}
	top, cols := len(n.net.Layers)-1, n.from.Cols
	x, out, delta := n.input, n.pass.Out(top), n.pass.Delta(top)
	for i, g := range ds {
		from, to := i*cols, (i+1)*cols
		f32.DiffScaled(delta[from:to], out[from:to], x[from:to], 2*scale*g)
	}
	n.inputGradient(top, dx, dl)
	for i, g := range ds {
		for j := i * cols; j < (i+1)*cols; j++ {
			dx[j] += float32((x[j] - out[j]) * (2 * scale * g))
		}
	}
}

// InputGradient: see Explained.
func (m *DAE) InputGradient(dx, dl, ds []float32) {
	scale := float32(1)
	if m.opt.MeanFeatures {
		scale = 1 / float32(m.from.Cols)
	}
	m.reconstructionGradient(scale, dx, dl, ds)
}

// InputGradient: see Explained.
func (m *PAE) InputGradient(dx, dl, ds []float32) { m.reconstructionGradient(1, dx, dl, ds) }

// InputGradient: see Explained.
func (m *Class) InputGradient(dx, dl, ds []float32) {
	if ds == nil {
		m.latentGradient(dx, dl)
		return
	}
	top := len(m.net.Layers) - 1
	classes, dz := m.net.Layers[top].Out, m.pass.Delta(top)
	copy(dz, m.p)
	for i, g := range ds {
		z := dz[i*classes : (i+1)*classes]
		z[m.class[i]] -= 1
		f32.Scale(z, g)
	}
	m.inputGradient(top, dx, dl)
}

// InputGradient: see Explained. The distance to the nearest centre depends on x only through l; at
// a centre its slope is taken as 0.
func (m *DCN) InputGradient(dx, dl, ds []float32) {
	h, codes := m.LatentDim(), m.pass.Out(m.latent)
	at := make([]float32, len(codes))
	copy(at, dl)
	for i, g := range ds {
		l := codes[i*h : (i+1)*h]
		if m.s[i] == 0 {
			continue
		}
		c, _ := kmeans.Nearest(m.centres, l)
		for j, centre := range m.centres[c*h : (c+1)*h] {
			at[i*h+j] += float32((l[j] - centre) * (g / m.s[i]))
		}
	}
	m.latentGradient(dx, at)
}

// Explains: see bench.Explainer.
func (u *UAI) Explains() error {
	if _, ok := u.base.(Explained); !ok {
		return errors.New("explanations are not available: the gradients of its scores with " +
			"respect to the input are not computed")
	}
	if u.base.Noisy() {
		return errors.New("explanations of noisy scores are not available")
	}
	return nil
}

// Explain: see bench.Explainer. The trained score is the logit of s_uai.
func (u *UAI) Explain(ctx context.Context, l, s []float64, d bench.Data, rows []int,
	want bench.Head) error {
	cols, h := d.X.Cols, u.base.LatentDim()
	if rows == nil || len(l) != len(rows)*cols || len(s) != len(rows)*cols {
		panic("deep: Explain needs rows, and room for all features of each")
	}
	if err := u.Explains(); err != nil {
		return err
	}
	base := u.base.(Explained)
	dx := make([]float32, u.set.Batch*cols)
	dl, ds := make([]float32, u.set.Batch*h), make([]float32, u.set.Batch)
	clear(l)
	return u.score(ctx, d, rows, func(at int, lat, score []float32) {
		b := len(score)
		dx, dl, ds := dx[:b*cols], dl[:b*h], ds[:b]
		products := func(to []float64) {
			for i := range b {
				for j, x := range d.X.Row(rows[at+i]) {
					to[(at+i)*cols+j] = float64(x) * float64(dx[i*cols+j])
				}
			}
		}
		if want == bench.HeadBase {
			for i := range ds {
				ds[i] = 1
			}
		} else {
			u.slopes(dl, ds, lat, score)
			base.InputGradient(dx, dl, nil)
			products(l)
		}
		base.InputGradient(dx, nil, ds)
		products(s)
	})
}

// slopes sets dl (B x h) and ds (B) to the logits' slopes in l and s.
func (u *UAI) slopes(dl, ds, lat, s []float32) {
	h, top := u.base.LatentDim(), len(u.layer.Layers)-1
	u.forward(lat, s)
	for i := range u.pass.Delta(top) {
		u.pass.Delta(top)[i] = 1
	}
	u.pass.Backward(top, -1, nil)
	dx := u.dx[:len(s)*(h+1)]
	u.pass.InputGradient(dx)
	u.layer.Finish()
	for i := range s {
		copy(dl[i*h:(i+1)*h], dx[i*(h+1):])
		ds[i] = dx[i*(h+1)+h] * u.scaleSlope(s[i])
	}
}
