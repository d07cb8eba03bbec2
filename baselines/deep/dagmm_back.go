package deep

import (
	"math"

	"github.com/uaibench/uaibench/baselines/internal/f32"
)

// Backward: see Base. The base loss has a gradient only for a Training batch, which determined the
// mixture.
func (m *DAGMM) Backward(weight float32, dl []float32) float32 {
	b, code := m.pass.Rows(), m.code()
	d := code + 2
	loss := m.loss(b)
	switch {
	case weight != 0 && m.mode != Training:
		panic("deep: DAGMM's loss is that of a Training batch")
	case weight != 0 && !m.batch.ready:
		return float32(math.NaN()) // there is no mixture to differentiate
	case weight == 0 && !m.opt.Features:
		m.backLatent(dl)
		return loss
	case weight == 0 && dl == nil:
		return loss
	}
	m.weight = weight
	dz := m.dz[:b*d]
	clear(dz)
	if weight != 0 {
		m.back.moments(b, float64(weight)*m.opt.Energy, float64(weight)*m.opt.Covariance)
		m.net.Team().Do(b, m.mix)
		copy(dz, m.estimation.back(m.back.dg[:b*m.batch.k]))
	}
	if dl != nil {
		h := m.LatentDim()
		for i := range b {
			for j, v := range dl[i*h : (i+1)*h] {
				dz[i*d+j] += v
			}
		}
	}
	top := len(m.net.Layers) - 1
	m.delta = m.pass.Delta(top)
	m.net.Team().Do(b, m.enter)
	m.pass.Backward(top, m.latent, m.dcode[:b*code])
	return loss
}

// loss returns J over the last batch of b rows.
func (m *DAGMM) loss(b int) float32 {
	var squares, energy float64
	for i, v := range m.squares[:b] {
		squares += float64(v)
		energy += m.energies[i]
	}
	if m.opt.MeanFeatures {
		squares /= float64(m.from.Cols)
	}
	return float32((squares+float64(m.opt.Energy*energy))/float64(b) +
		float64(m.opt.Covariance*m.batch.penalty()))
}

func (m *DAGMM) mixRows(_, lo, hi int) {
	m.back.rows(lo, hi, m.z, m.estimation.g, float64(m.weight)*m.opt.Energy)
}

// enterRows turns the gradient at z into those at the code and at the output x'; with u = x - x',
//
//	d||u||²/dx' = -2u,  d(||u||/||x||)/dx' = -u/(||u|| ||x||),
//	dcos/dx' = x/(||x|| ||x'||) - cos x'/||x'||²
//
// A distance or a length of 0 has a zero slope.
func (m *DAGMM) enterRows(_, lo, hi int) {
	cols, code := m.from.Cols, m.code()
	d := code + 2
	out := m.out()
	square := 2 * float64(m.weight) / float64(m.pass.Rows())
	if m.opt.MeanFeatures {
		square /= float64(cols)
	}
	for i := lo; i < hi; i++ {
		dz := m.dz[i*d : (i+1)*d]
		near, far := float64(dz[code]), float64(dz[code+1])
		if m.weight != 0 {
			mixed := m.back.dz[i*d : (i+1)*d]
			for j := range code {
				dz[j] = float32(float64(dz[j]) + mixed[j])
			}
			near, far = near+mixed[code], far+mixed[code+1]
		}
		copy(m.dcode[i*code:(i+1)*code], dz)

		x, y, delta := m.target[i*cols:(i+1)*cols], out[i*cols:(i+1)*cols],
			m.delta[i*cols:(i+1)*cols]
		l := m.lengths[i]
		apart := square
		if u := math.Sqrt(float64(m.squares[i])); u > 0 {
			apart += near / (u * unit(l[0]))
		}
		f32.DiffScaled(delta, y, x, float32(apart))
		if l[0] > 0 && l[1] > 0 {
			f32.Axpy(delta, float32(far/(l[0]*l[1])), x)
			f32.Axpy(delta, float32(-far*l[2]/(l[0]*l[1]*l[1]*l[1])), y)
		}
	}
}
