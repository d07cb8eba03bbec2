package deep

import (
	"errors"
	"io"

	"github.com/uaibench/uaibench/baselines/internal/f32"
	"github.com/uaibench/uaibench/baselines/nn"
	"github.com/uaibench/uaibench/bench"
)

// DSEBM is the deep structured energy-based model of Zhai, Cheng, Lu and Zhang (2016) in its dense
// form. An energy, and the reconstruction derived from its slope,
//
//	E(x) = ½||x - b'||² - Σ_j h_L,j,   h_0 = x,   h_l = softplus(h_{l-1}·W_l + b_l)
//	f(x) = x - dE/dx
//
// are trained by denoising score matching, loss = mean over the batch of ||x - f(x + e)||², with e
// ~ N(0, noise²I). s(x) is E(x) (DSEBM-e) or ||x - f(x)||² = ||dE/dx||² (DSEBM-r), of clean input;
// l(x) = h_L. b' is a vector of length d, initially zero.
//
// The article's widths and step sizes are not used in the comparisons here; DSEBMSettings has what
// the paper leaves open.
type DSEBM struct {
	network
	opt DSEBMSettings

	visible int       // index of the net's layer that is b'
	target  []float32 // B x d: the last batch without noise
	loss    []float32 // len B: ||x - f(x + e)||²

	training, labelled noise // one for the batches of each mode

	// Layers 1..L are at 0..L-1, each B x width; h_l is the pass's output, t_l its delta.
	slope, up, change [][]float32 // σ_l, u_l and q_l of dsebm_pass.go
	f                 []float32   // f(x + e), B x d
	residual          []float32   // q_0, B x d
	back              []float32   // B x the widest layer
	widest            int
	scale             float32 // 2 weight / B, the factor of the residual; 0: no base loss
	dl                []float32
	// by layer of the net: its gradient already has a contribution in this step
	add []bool

	values, slopes, backs, grads func(member, lo, hi int)
}

// DSEBMSettings are the settings of a DSEBM. The zero value is DSEBM-e without noise.
type DSEBMSettings struct {
	// Activation and Latent have no effect: every hidden unit is a softplus
	Settings
	Noise    float32      // standard deviation of e (the registry's default is 0.1)
	Slope    bool         // s is ||x - f(x)||² (DSEBM-r) instead of E(x)
	CleanUAI bool         // no noise in the labelled batch (U16)
	Rule     nn.Optimizer // nil: Settings.Optimizer
}

// NewDSEBM returns an untrained DSEBM.
func NewDSEBM(s DSEBMSettings) *DSEBM {
	s.fill()
	return &DSEBM{network: network{set: s.Settings, rule: s.Rule}, opt: s}
}

// Prepare builds the network for d features.
func (m *DSEBM) Prepare(d bench.Data) error {
	widths := append([]int{d.X.Cols}, m.set.Hidden...)
	acts := make([]nn.Activation, len(widths)-1)
	for i := range acts {
		acts[i] = nn.Linear // the softplus is computed here, with its slope
		m.widest = max(m.widest, widths[i+1])
	}
	m.build(widths, acts, len(acts)-1, "dsebm")
	m.visible = m.net.Vector(d.X.Cols)
	m.slots = m.rule.State(len(m.net.Params))
	b := m.set.Batch
	for _, w := range m.set.Hidden {
		m.slope = append(m.slope, make([]float32, b*w))
		m.up = append(m.up, make([]float32, b*w))
		m.change = append(m.change, make([]float32, b*w))
	}
	for _, p := range []*[]float32{&m.f, &m.residual} {
		*p = make([]float32, b*d.X.Cols)
	}
	m.back = make([]float32, b*m.widest)
	m.loss, m.add = make([]float32, b), make([]bool, len(m.net.Layers))
	m.training = noise{level: m.opt.Noise, stream: bench.NewStream(m.set.Seed, "noise")}
	m.labelled = noise{level: m.opt.Noise, stream: bench.NewStream(m.set.Seed, "labelled noise")}
	m.values, m.slopes, m.backs, m.grads = m.valueRows, m.slopeRows, m.backRows, m.gradParts
	return nil
}

// Forward: see Base. In training s is that of the noisy input.
func (m *DSEBM) Forward(mode Mode, d bench.Data, rows []int) (l, s []float32) {
	b := len(rows)
	switch {
	case mode == Training:
		m.target = m.loadNoisy(d.X, rows, &m.training)
	case mode.labelled() && !m.opt.CleanUAI:
		m.target = m.loadNoisy(d.X, rows, &m.labelled)
	default:
		m.target = m.load(d.X, rows)
	}
	m.net.Team().Do(b, m.values)
	if mode == Training || mode == Labelled || m.opt.Slope {
		m.net.Team().Do(b, m.slopes)
	}
	if m.opt.Slope {
		return m.pass.Out(m.latent), m.loss[:b]
	}
	return m.pass.Out(m.latent), m.s[:b]
}

// Backward: see Base.
func (m *DSEBM) Backward(weight float32, dl []float32) float32 {
	b := m.pass.Rows()
	loss := mean(m.loss[:b])
	if weight == 0 && dl == nil {
		return loss
	}
	m.scale, m.dl = weight*2/float32(b), dl
	for i := range m.net.Layers {
		if i != m.visible {
			m.pass.Delta(i) // allocates it
		}
		if i != m.visible || weight != 0 {
			_, _, m.add[i] = m.net.Gather(i)
		}
	}
	m.net.Team().Do(b, m.backs)
	m.net.Team().Do(m.net.Team().Threads(), m.grads)
	return loss
}

// Snapshot: see Base.
func (m *DSEBM) Snapshot(w io.Writer) error {
	return errors.Join(m.network.Snapshot(w), m.training.Snapshot(w), m.labelled.Snapshot(w))
}

// Restore: see Base.
func (m *DSEBM) Restore(r io.Reader) error {
	return errors.Join(m.network.Restore(r), m.training.Restore(r), m.labelled.Restore(r))
}

// energy sets s to E for rows [lo, hi), whose h_L is computed.
func (m *DSEBM) energy(lo, hi int) {
	d, h := m.from.Cols, m.LatentDim()
	_, visible := m.net.Layer(m.visible)
	top := m.pass.Out(m.latent)
	for i := lo; i < hi; i++ {
		f32.SquaredDistances(m.s[i:i+1], m.input[i*d:(i+1)*d], visible, 1, d)
		m.s[i] = float32(0.5*m.s[i]) - f32.Sum(top[i*h:(i+1)*h])
	}
}
