package deep

import (
	"errors"

	"github.com/uaibench/uaibench/baselines/internal/f32"
	"github.com/uaibench/uaibench/baselines/nn"
	"github.com/uaibench/uaibench/bench"
)

// Class is the paper's classifier (App. A.1, eqs. 7 and 8): an MLP d-256-64-8-C with softmax,
// trained by the mean cross-entropy against the given class c, an ordinary feature of a row that is
// unrelated to its being an anomaly. s(x) = -log softmax_c(x); l is the last hidden layer.
type Class struct {
	network
	class []int32 // of the last batch
	p     []float32
	lse   []float32
}

// NewClass returns an untrained Class.
func NewClass(s Settings) *Class {
	s.fill()
	return &Class{network: network{set: s}}
}

// Prepare builds the network; data without class labels is an error.
func (m *Class) Prepare(d bench.Data) error {
	if d.Class == nil || d.Classes < 2 {
		return errors.New("class: the data has no class labels (x_y), which this method learns " +
			"to predict")
	}
	widths := append([]int{d.X.Cols}, m.set.Hidden...)
	widths = append(widths, d.Classes)
	acts := make([]nn.Activation, len(widths)-1)
	for i := range acts {
		acts[i] = m.set.Activation
	}
	latent := len(m.set.Hidden) - 1
	own := m.set.Activation
	if m.LatentDim() == 1 && own == nn.ReLU {
		// a single ReLU unit can die, which disables the network (Figure 10's [256, 64, 1])
		own = nn.Sigmoid
	}
	acts[latent] = m.set.Latent.Or(own)
	acts[latent+1] = nn.Linear
	m.build(widths, acts, latent, "class")
	m.class = make([]int32, m.set.Batch)
	m.p = make([]float32, m.set.Batch*d.Classes)
	m.lse = make([]float32, m.set.Batch)
	return nil
}

// Forward: see Base. Class has no noise, so the mode has no effect.
func (m *Class) Forward(_ Mode, d bench.Data, rows []int) (l, s []float32) {
	b, classes := len(rows), d.Classes
	m.load(d.X, rows)
	m.pass.Forward()
	z := m.pass.Out(len(m.net.Layers) - 1)
	f32.SoftmaxRows(m.p[:b*classes], m.lse[:b], z, b, classes)
	s = m.s[:b]
	for i, r := range rows {
		c := d.Class[r]
		m.class[i] = c
		// Rounding may leave the difference slightly below zero, the minimum of a cross-entropy.
		s[i] = max(0, m.lse[i]-z[i*classes+int(c)])
	}
	return m.pass.Out(m.latent), s
}

// Backward: see Base.
func (m *Class) Backward(weight float32, dl []float32) float32 {
	b := m.pass.Rows()
	loss := mean(m.s[:b])
	if weight == 0 {
		m.backLatent(dl)
		return loss
	}
	top := len(m.net.Layers) - 1
	classes := m.net.Layers[top].Out
	dz := m.pass.Delta(top)
	copy(dz, m.p[:b*classes])
	for i, c := range m.class[:b] {
		dz[i*classes+int(c)] -= 1
	}
	f32.Scale(dz, weight/float32(b))
	m.pass.Backward(top, m.latent, dl)
	return loss
}
