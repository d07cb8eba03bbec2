package deep

import (
	"encoding/binary"
	"errors"
	"io"

	"github.com/uaibench/uaibench/baselines/internal/f32"
	"github.com/uaibench/uaibench/baselines/nn"
	"github.com/uaibench/uaibench/bench"
)

// DAE is the paper's denoising autoencoder (App. A.1, eqs. 4 and 5): encoder d-256-64-8, decoder
// 8-64-256-d with weights of its own,
//
//	l = enc(x + e), e ~ N(0, φ²I);   x^ = dec(l);   loss = mean over the batch of ||x - x^||²
//
// and s(x) = ||x - x^||² of clean input. The paper does not print φ.
type DAE struct {
	network
	opt  DAESettings
	mode Mode

	clean   []float32 // B x d, the last batch without noise
	noise   bench.Stream
	drawn   uint64 // normals drawn from noise so far
	lab     bench.Stream
	labUsed uint64
	mask    []float32
}

// DAESettings of a DAE. Zero values mean no noise, a linear output, sums over features.
type DAESettings struct {
	Settings
	Noise        float32       // φ, or the share of masked inputs (U4; the registry's default is 0.1)
	Masking      bool          // inputs zeroed at random in place of Gaussian noise
	Output       nn.Activation // of the decoder; Auto: linear (U3)
	MeanFeatures bool          // loss and s average over features in place of summing (U6)
	NoisyScore   bool          // eq. 6 taken literally: s and l of noisy input when scoring too
	CleanUAI     bool          // no noise in the labelled batch (U16)
}

// NewDAE returns an untrained DAE.
func NewDAE(s DAESettings) *DAE {
	s.fill()
	return &DAE{network: network{set: s.Settings}, opt: s}
}

// Prepare builds the network for d features.
func (m *DAE) Prepare(d bench.Data) error {
	h := m.set.Hidden
	cols := d.X.Cols
	widths := append([]int{cols}, h...)
	for i := len(h) - 2; i >= 0; i-- {
		widths = append(widths, h[i])
	}
	widths = append(widths, cols)
	acts := make([]nn.Activation, len(widths)-1)
	for i := range acts {
		acts[i] = m.set.Activation
	}
	acts[len(h)-1] = m.set.Latent.Or(nn.Linear)
	acts[len(acts)-1] = m.opt.Output.Or(nn.Linear)
	m.build(widths, acts, len(h)-1, "dae")
	m.clean = make([]float32, m.set.Batch*cols)
	m.noise = bench.NewStream(m.set.Seed, "noise")
	m.lab = bench.NewStream(m.set.Seed, "labelled noise")
	if m.opt.Masking {
		m.mask = make([]float32, m.set.Batch*cols)
	}
	return nil
}

// Forward: see Base.
func (m *DAE) Forward(mode Mode, d bench.Data, rows []int) (l, s []float32) {
	m.mode = mode
	b, cols := len(rows), d.X.Cols
	x := m.pass.Input(b)
	clean := m.clean[:b*cols]
	gather(clean, d.X, rows)
	switch {
	case mode == Training:
		m.corrupt(x, clean, m.noise, &m.drawn)
	case mode == Labelled && !m.opt.CleanUAI, mode == Scoring && m.opt.NoisyScore:
		m.corrupt(x, clean, m.lab, &m.labUsed)
	default:
		copy(x, clean)
	}
	m.pass.Forward()
	s = m.s[:b]
	f32.SquaredDistances(s, clean, m.pass.Out(len(m.net.Layers)-1), b, cols)
	if m.opt.MeanFeatures {
		f32.Scale(s, 1/float32(cols))
	}
	return m.pass.Out(m.latent), s
}

// Snapshot: see Base.
func (m *DAE) Snapshot(w io.Writer) error {
	return errors.Join(m.network.Snapshot(w), binary.Write(w, binary.LittleEndian, [2]uint64{m.drawn, m.labUsed}))
}

// Restore: see Base.
func (m *DAE) Restore(r io.Reader) error {
	var at [2]uint64
	err := errors.Join(m.network.Restore(r), binary.Read(r, binary.LittleEndian, &at))
	m.drawn, m.labUsed = at[0], at[1]
	return err
}

// corrupt sets x to clean with noise, taking the next len(x) draws of the stream.
func (m *DAE) corrupt(x, clean []float32, s bench.Stream, at *uint64) {
	key := [2]uint64{s.Hi, s.Lo}
	if m.opt.Masking {
		u := m.mask[:len(x)]
		f32.Uniform(u, key, *at)
		for i := range x {
			x[i] = clean[i]
			if u[i] < m.opt.Noise {
				x[i] = 0
			}
		}
	} else {
		f32.AddNormal(x, clean, m.opt.Noise, key, *at)
	}
	*at += uint64(len(x))
}

// Backward: see Base.
func (m *DAE) Backward(weight float32, dl []float32) float32 {
	b := m.pass.Rows()
	loss := mean(m.s[:b])
	if weight == 0 {
		m.backLatent(dl)
		return loss
	}
	top := len(m.net.Layers) - 1
	scale := weight * 2 / float32(b)
	if m.opt.MeanFeatures {
		scale /= float32(m.net.Layers[top].Out)
	}
	f32.DiffScaled(m.pass.Delta(top), m.pass.Out(top), m.clean[:b*m.net.Layers[top].Out], scale)
	m.pass.Backward(top, m.latent, dl)
	return loss
}
