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
	opt DAESettings

	clean   []float32 // B x d, room for a batch without noise
	target  []float32 // the last batch without noise: clean, or the input itself
	noise   bench.Stream
	drawn   uint64 // normals drawn from noise so far
	lab     bench.Stream
	labUsed uint64
	own     bench.Stream // of noisy scores, by row
	mask    []float32

	// The parts of a step that threads share, as function values, and what they work on.
	corrupt, distances, differences func(member, lo, hi int)

	stream bench.Stream
	at     uint64 // place in stream of the batch's first element
	byRow  bool   // the place is that of the element in the data, instead
	delta  []float32
	scale  float32
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
	m.corrupt, m.distances, m.differences = m.corruptRows, m.distanceRows, m.differenceRows
	m.clean = make([]float32, m.set.Batch*cols)
	m.noise = bench.NewStream(m.set.Seed, "noise")
	m.lab = bench.NewStream(m.set.Seed, "labelled noise")
	m.own = bench.NewStream(m.set.Seed, "scoring noise")
	if m.opt.Masking {
		m.mask = make([]float32, m.set.Batch*cols)
	}
	return nil
}

// Forward: see Base.
func (m *DAE) Forward(mode Mode, d bench.Data, rows []int) (l, s []float32) {
	b, cols := len(rows), d.X.Cols
	switch {
	case mode == Training:
		m.loadNoisy(d.X, rows, m.noise, &m.drawn)
	case mode.labelled() && !m.opt.CleanUAI:
		m.loadNoisy(d.X, rows, m.lab, &m.labUsed)
	case mode == Scoring && m.opt.NoisyScore:
		m.loadNoisy(d.X, rows, m.own, nil)
	default:
		m.target = m.load(d.X, rows)
	}
	m.pass.Forward()
	m.net.Team().Do(b, m.distances)
	s = m.s[:b]
	if m.opt.MeanFeatures {
		f32.Scale(s, 1/float32(cols))
	}
	return m.pass.Out(m.latent), s
}

func (m *DAE) distanceRows(_, lo, hi int) {
	top := len(m.net.Layers) - 1
	cols := m.net.Layers[top].Out
	f32.SquaredDistances(m.s[lo:hi], m.target[lo*cols:hi*cols], m.pass.Out(top)[lo*cols:hi*cols], hi-lo, cols)
}

// Noisy: see Base.
func (m *DAE) Noisy() bool { return m.opt.NoisyScore }

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

// loadNoisy is load with noise: the next draws of the stream, one an element, or, where drawn is nil,
// draws that belong to the row, so that scoring leaves nothing behind and a row has one score.
func (m *DAE) loadNoisy(x bench.Matrix, rows []int, s bench.Stream, drawn *uint64) {
	n := len(rows) * x.Cols
	m.from, m.rows, m.input = x, rows, m.pass.Input(len(rows))
	m.target, m.stream, m.byRow = m.clean[:n], s, drawn == nil
	if !m.byRow {
		m.at = *drawn
		*drawn += uint64(n)
	}
	m.net.Team().Do(len(rows), m.corrupt)
}

// corruptRows goes by blocks of rows that are still in the cache when they get their noise.
func (m *DAE) corruptRows(_, lo, hi int) {
	block := 16
	if m.byRow {
		block = 1
	}
	key := [2]uint64{m.stream.Hi, m.stream.Lo}
	for ; lo < hi; lo += block {
		end := min(lo+block, hi)
		from, to := lo*m.from.Cols, end*m.from.Cols
		clean, x, at := m.target[from:to], m.input[from:to], m.at+uint64(from)
		if m.byRow {
			at = uint64(m.rows[lo]) * uint64(m.from.Cols)
		}
		gather(clean, m.from, m.rows[lo:end])
		if !m.opt.Masking {
			f32.AddNormal(x, clean, m.opt.Noise, key, at)
			continue
		}
		u := m.mask[from:to]
		f32.Uniform(u, key, at)
		for i := range x {
			x[i] = clean[i]
			if u[i] < m.opt.Noise {
				x[i] = 0
			}
		}
	}
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
	m.scale = weight * 2 / float32(b)
	if m.opt.MeanFeatures {
		m.scale /= float32(m.net.Layers[top].Out)
	}
	m.delta = m.pass.Delta(top)
	m.net.Team().Do(b, m.differences)
	m.pass.Backward(top, m.latent, dl)
	return loss
}

// differenceRows is the derivative of the squared distances with respect to the output.
func (m *DAE) differenceRows(_, lo, hi int) {
	top := len(m.net.Layers) - 1
	from, to := lo*m.net.Layers[top].Out, hi*m.net.Layers[top].Out
	f32.DiffScaled(m.delta[from:to], m.pass.Out(top)[from:to], m.target[from:to], m.scale)
}
