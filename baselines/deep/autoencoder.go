package deep

import (
	"context"
	"fmt"
	"slices"

	"github.com/uaibench/uaibench/baselines/internal/f32"
	"github.com/uaibench/uaibench/baselines/nn"
	"github.com/uaibench/uaibench/bench"
)

// AutoencoderSettings are the settings of PAE and DCN. The zero value has tanh layers, a linear
// code and output, and no greedy pre-training.
type AutoencoderSettings struct {
	Settings
	Output     nn.Activation // activation of the decoder's output; Auto: linear
	Rule       nn.Optimizer  // nil: Settings.Optimizer
	LayerSteps int           // steps of the greedy pre-training, for each layer; 0: none
	Corruption float32       // share of inputs that are zeroed, or the noise's standard deviation
	Gaussian   bool          // the noise is N(0, Corruption²) instead of zeroed inputs
}

// autoencoder is an encoder, a mirrored decoder with untied weights, and the squared error between
// clean input and output, summed over features.
type autoencoder struct {
	network
	opt          AutoencoderSettings
	meanFeatures bool      // squared errors are averaged over features instead of summed
	target       []float32 // B x d: the last batch without noise, the target of the output
	squares      []float32 // len B: squared error of each row

	distances, differences func(member, lo, hi int)

	delta []float32
	scale float32
}

func newAutoencoder(s AutoencoderSettings) autoencoder {
	s.Activation = s.Activation.Or(nn.Tanh)
	s.fill()
	return autoencoder{network: network{set: s.Settings, rule: s.Rule}, opt: s}
}

func (m *autoencoder) prepare(d bench.Data, name string) {
	h := slices.Clone(m.set.Hidden)
	widths := append([]int{d.X.Cols}, h...)
	slices.Reverse(h)
	widths = append(append(widths, h[1:]...), d.X.Cols)
	acts := make([]nn.Activation, len(widths)-1)
	for i := range acts {
		acts[i] = m.set.Activation
	}
	acts[len(h)-1] = m.set.Latent.Or(nn.Linear)
	acts[len(acts)-1] = m.opt.Output.Or(nn.Linear)
	m.build(widths, acts, len(h)-1, name)
	m.squares = make([]float32, m.set.Batch)
	m.distances, m.differences = m.distanceRows, m.differenceRows
}

// reconstruct passes rows through the net and sets squares to their errors.
func (m *autoencoder) reconstruct(d bench.Data, rows []int) {
	m.target = m.load(d.X, rows)
	m.forward()
}

// forward passes the loaded input through the net and sets squares to the errors from target.
func (m *autoencoder) forward() {
	m.pass.Forward()
	b := m.pass.Rows()
	m.net.Team().Do(b, m.distances)
	if m.meanFeatures {
		f32.Scale(m.squares[:b], 1/float32(m.from.Cols))
	}
}

func (m *autoencoder) distanceRows(_, lo, hi int) {
	cols := m.from.Cols
	f32.SquaredDistances(m.squares[lo:hi], m.target[lo*cols:hi*cols], m.out()[lo*cols:hi*cols],
		hi-lo, cols)
}

func (m *autoencoder) out() []float32 { return m.pass.Out(len(m.net.Layers) - 1) }

// back adds the gradients of weight times the mean squared error, and of dl (B x h) at the code.
func (m *autoencoder) back(weight float32, dl []float32) {
	if weight == 0 {
		m.backLatent(dl)
		return
	}
	top := len(m.net.Layers) - 1
	m.scale, m.delta = weight*2/float32(m.pass.Rows()), m.pass.Delta(top)
	if m.meanFeatures {
		m.scale /= float32(m.from.Cols)
	}
	m.net.Team().Do(m.pass.Rows(), m.differences)
	m.pass.Backward(top, m.latent, dl)
}

func (m *autoencoder) differenceRows(_, lo, hi int) {
	from, to := lo*m.from.Cols, hi*m.from.Cols
	f32.DiffScaled(m.delta[from:to], m.out()[from:to], m.target[from:to], m.scale)
}

// greedy is the layer-wise denoising pre-training of Vincent, Larochelle, Lajoie, Bengio and
// Manzagol (2010, Section 3): each layer of the encoder in turn, with its mirror in the decoder, is
// trained as a denoising autoencoder. It learns to reconstruct the clean output of the layers
// below, which are fixed, from a corrupted copy. Both layers keep their weights and their
// activations. (The article uses the cross-entropy for binary inputs; here the error is always the
// squared error.)
func (m *autoencoder) greedy(ctx context.Context, d bench.Data, s *Steps) error {
	for i := range m.set.Hidden {
		if m.opt.LayerSteps == 0 {
			return nil
		}
		if err := m.layer(i, d, s); err != nil {
			if ctx.Err() != nil {
				return err
			}
			return fmt.Errorf("layer %d of the greedy pre-training: %w", i+1, err)
		}
	}
	return nil
}

func (m *autoencoder) layer(i int, d bench.Data, s *Steps) error {
	up, down := m.net.Layers[i], m.net.Layers[len(m.net.Layers)-1-i]
	set := m.set
	one := nn.NewNet([]int{up.In, up.Out, up.In}, []nn.Activation{up.Act, down.Act}, bench.Stream{})
	m.exchange(one, i, func(one, whole []float32) { copy(one, whole) })
	one.SetThreads(set.Threads)
	pass, state := one.NewPass(set.Batch), m.rule.State(len(one.Params))
	corruption := noise{level: m.opt.Corruption, masking: !m.opt.Gaussian,
		stream: bench.NewStream(set.Seed, "corruption", i)}
	squares := make([]float32, set.Batch)
	for range m.opt.LayerSteps {
		rows := s.Next()
		clean := m.load(d.X, rows)
		if i > 0 {
			m.pass.ForwardTo(i - 1)
			clean = m.pass.Out(i - 1)
		}
		corruption.begin(len(clean))
		corruption.apply(pass.Input(len(rows)), clean, 0)
		pass.Forward()
		f32.SquaredDistances(squares[:len(rows)], clean, pass.Out(1), len(rows), up.In)
		f32.DiffScaled(pass.Delta(1), pass.Out(1), clean, 2/float32(len(rows)))
		pass.Backward(1, -1, nil)
		state.Step(one)
		if err := s.Done(mean(squares[:len(rows)])); err != nil {
			return err
		}
	}
	m.exchange(one, i, func(one, whole []float32) { copy(whole, one) })
	return nil
}

// exchange calls copy on the weights, then the biases, of each layer of one and of the
// corresponding layer of the complete network.
func (m *autoencoder) exchange(one *nn.Net, i int, copy func(one, whole []float32)) {
	for j, at := range []int{i, len(m.net.Layers) - 1 - i} {
		w, b := one.Layer(j)
		whole, bias := m.net.Layer(at)
		copy(w, whole)
		copy(b, bias)
	}
}

// PAE is DAGMM without its energy (Zong et al. 2018, Section 4.2: "PAE is a variant of DAGMM by
// removing the energy function"): a plain deep autoencoder of the compression network's shape, with
// greedy layer-wise denoising pre-training, then trained end to end on clean input. s(x) is the
// squared reconstruction error, l the code.
type PAE struct{ autoencoder }

// NewPAE returns an untrained PAE.
func NewPAE(s AutoencoderSettings) *PAE { return &PAE{newAutoencoder(s)} }

// Prepare builds the network for d features.
func (m *PAE) Prepare(d bench.Data) error {
	m.prepare(d, "pae")
	return nil
}

// Pretrain: see Pretrainer. It trains the greedy layers.
func (m *PAE) Pretrain(ctx context.Context, d bench.Data, s *Steps) error {
	return m.greedy(ctx, d, s)
}

// Forward: see Base. The mode has no effect: after its pre-training PAE has no noise.
func (m *PAE) Forward(_ Mode, d bench.Data, rows []int) (l, s []float32) {
	m.reconstruct(d, rows)
	return m.pass.Out(m.latent), m.squares[:len(rows)]
}

// Backward: see Base.
func (m *PAE) Backward(weight float32, dl []float32) float32 {
	m.back(weight, dl)
	return mean(m.squares[:m.pass.Rows()])
}
