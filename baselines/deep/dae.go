package deep

import (
	"errors"
	"io"

	"github.com/uaibench/uaibench/baselines/nn"
	"github.com/uaibench/uaibench/bench"
)

// DAE is the paper's denoising autoencoder (App. A.1, eqs. 4 and 5): encoder d-256-64-8, decoder
// 8-64-256-d with untied weights,
//
//	l = enc(x + e), e ~ N(0, φ²I);   x^ = dec(l);   loss = mean over the batch of ||x - x^||²
//
// and s(x) = ||x - x^||² of clean input. The paper does not print φ (U4).
type DAE struct {
	autoencoder
	opt                         DAESettings
	training, labelled, scoring noise // one for the batches of each mode
}

// DAESettings are the settings of a DAE. The zero value has no noise and a linear output, and sums
// over features.
type DAESettings struct {
	Settings
	// φ, or the share of masked inputs (U4; the registry's default is 0.1)
	Noise        float32
	Masking      bool          // inputs zeroed at random instead of Gaussian noise
	Output       nn.Activation // activation of the decoder's output; Auto: linear (U3)
	MeanFeatures bool          // loss and s are averaged over features instead of summed (U6)
	NoisyScore   bool          // eq. 6 taken literally: s and l are computed from noisy input
	CleanUAI     bool          // no noise in the labelled batch (U16)
}

// NewDAE returns an untrained DAE.
func NewDAE(s DAESettings) *DAE {
	s.fill()
	a := newAutoencoder(AutoencoderSettings{Settings: s.Settings, Output: s.Output})
	a.meanFeatures = s.MeanFeatures
	return &DAE{autoencoder: a, opt: s}
}

// Prepare builds the network for d features.
func (m *DAE) Prepare(d bench.Data) error {
	m.prepare(d, "dae")
	of := func(role string) noise {
		return noise{level: m.opt.Noise, masking: m.opt.Masking,
			stream: bench.NewStream(m.set.Seed, role)}
	}
	m.training, m.labelled, m.scoring = of("noise"), of("labelled noise"), of("scoring noise")
	m.scoring.byRow = true
	return nil
}

// Forward: see Base.
func (m *DAE) Forward(mode Mode, d bench.Data, rows []int) (l, s []float32) {
	switch {
	case mode == Training:
		m.target = m.loadNoisy(d.X, rows, &m.training)
	case mode.labelled() && !m.opt.CleanUAI:
		m.target = m.loadNoisy(d.X, rows, &m.labelled)
	case mode == Scoring && m.opt.NoisyScore:
		m.target = m.loadNoisy(d.X, rows, &m.scoring)
	default:
		m.target = m.load(d.X, rows)
	}
	m.forward()
	return m.pass.Out(m.latent), m.squares[:len(rows)]
}

// Backward: see Base.
func (m *DAE) Backward(weight float32, dl []float32) float32 {
	m.back(weight, dl)
	return mean(m.squares[:m.pass.Rows()])
}

// Noisy: see Base.
func (m *DAE) Noisy() bool { return m.opt.NoisyScore }

// Snapshot: see Base.
func (m *DAE) Snapshot(w io.Writer) error {
	return errors.Join(m.network.Snapshot(w), m.training.Snapshot(w), m.labelled.Snapshot(w))
}

// Restore: see Base.
func (m *DAE) Restore(r io.Reader) error {
	return errors.Join(m.network.Restore(r), m.training.Restore(r), m.labelled.Restore(r))
}
