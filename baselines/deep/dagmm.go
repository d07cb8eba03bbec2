package deep

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/uaibench/uaibench/baselines/internal/f32"
	"github.com/uaibench/uaibench/baselines/nn"
	"github.com/uaibench/uaibench/bench"
)

// DAGMM is the deep autoencoding Gaussian mixture model of Zong et al. 2018. A compression network
// (tanh, linear code and output) computes the code z_c and the reconstruction x'; an estimation
// network (tanh, dropout, softmax) computes the soft memberships g of z in K components, with
//
//	z = [z_c, ||x-x'||/||x||, cos(x, x')]
//
// The batch's memberships determine the mixture's phi, mu and Sigma (eq. 5), and the loss (eq. 7)
// is
//
//	J = mean ||x-x'||² + λ₁ mean E(z) + λ₂ Σ_k Σ_j 1/Σ_kjj
//
// with E the energy (eq. 6); the gradient goes through all of its terms. s(x) is E under the
// mixture of all training data, without dropout; l is z_c. A row of zeros has no length and no
// direction: its relative distance is the distance itself, its cosine 0.
//
// The s of a labelled batch is the energy under the mixture of the step's base batch, as the
// mixture of all data was computed before the round. In a round without base batches (U20) it is
// the energy under the latter.
type DAGMM struct {
	autoencoder // the compression network
	opt         DAGMMSettings
	estimation  *estimation
	overall     *mixture // mixture of all training data
	batch       *mixture // mixture of the last Training batch
	back        *mixtureBack

	mode     Mode
	z        []float32    // B x D
	lengths  [][3]float64 // B: ||x||, ||x'|| and x·x'
	energies []float64    // B
	failed   error        // error of the last Training batch's mixture

	dz      []float32 // B x D: gradient entering at z, without the energy's own
	dcode   []float32 // B x code: gradient entering at the code
	weight  float32
	scratch [][]float64 // for energies, per member of the team

	// The parts of a pass that are shared among threads, as function values.
	represent, score, mix, enter func(member, lo, hi int)
}

// DAGMMSettings are the settings of a DAGMM. Settings.Hidden is the compression network's first
// half, whose last layer is the code (nil: 30, 10, 1); Activation is that of all hidden layers
// (Auto: tanh). Other zero values are the article's.
type DAGMMSettings struct {
	Settings
	Adam         nn.Adam // Rate 0: 1e-4
	Estimation   []int   // hidden layers of the estimation network; nil: 10
	Components   int     // K; 0: 2
	Keep         float32 // probability that dropout keeps a unit of the last hidden layer; 0: 0.5
	Energy       float64 // λ₁; 0: 0.1
	Covariance   float64 // λ₂; 0: 0.005
	Diagonal     float64 // added to the covariances' diagonals, in the penalty too; 0: 1e-6
	MeanFeatures bool    // the squared error is averaged over features instead of summed
	Features     bool    // l is all of z
}

// NewDAGMM returns an untrained DAGMM.
func NewDAGMM(s DAGMMSettings) *DAGMM {
	if s.Hidden == nil {
		s.Hidden = []int{30, 10, 1}
	}
	s.Activation = s.Activation.Or(nn.Tanh)
	s.fill()
	if s.Estimation == nil {
		s.Estimation = []int{10}
	}
	s.Adam.Rate = cmp.Or(s.Adam.Rate, 1e-4)
	s.Components, s.Keep = cmp.Or(s.Components, 2), cmp.Or(s.Keep, 0.5)
	s.Energy, s.Covariance = cmp.Or(s.Energy, 0.1), cmp.Or(s.Covariance, 0.005)
	s.Diagonal = cmp.Or(s.Diagonal, 1e-6)
	return &DAGMM{autoencoder: newAutoencoder(AutoencoderSettings{Settings: s.Settings,
		Rule: s.Adam}), opt: s}
}

// Prepare builds the networks for d features.
func (m *DAGMM) Prepare(d bench.Data) error {
	m.prepare(d, "dagmm")
	size, k, n := m.set.Batch, m.opt.Components, m.code()+2
	m.estimation = newEstimation(n, m.opt)
	m.overall, m.batch = newMixture(k, n, m.opt.Diagonal), newMixture(k, n, m.opt.Diagonal)
	m.back = newMixtureBack(m.batch, size)
	m.z, m.dz = make([]float32, size*n), make([]float32, size*n)
	m.dcode = make([]float32, size*m.code())
	m.lengths = make([][3]float64, size)
	m.energies = make([]float64, size)
	m.SetThreads(m.set.Threads)
	m.represent, m.score, m.mix, m.enter = m.representRows, m.scoreRows, m.mixRows, m.enterRows
	return nil
}

// SetThreads: see Base.
func (m *DAGMM) SetThreads(threads int) {
	m.network.SetThreads(threads)
	m.estimation.hidden.SetThreads(threads)
	m.estimation.head.SetThreads(threads)
	m.scratch = make([][]float64, m.net.Team().Threads())
	for i := range m.scratch {
		m.scratch[i] = make([]float64, m.opt.Components+m.code()+2)
	}
}

// code returns the width of z_c.
func (m *DAGMM) code() int { return m.network.LatentDim() }

// LatentDim returns h, the width of the code or of z.
func (m *DAGMM) LatentDim() int {
	if m.opt.Features {
		return m.code() + 2
	}
	return m.code()
}

// representation returns z (B x D) of rows of d.
func (m *DAGMM) representation(d bench.Data, rows []int) []float32 {
	m.reconstruct(d, rows)
	m.net.Team().Do(len(rows), m.represent)
	return m.z[:len(rows)*(m.code()+2)]
}

func (m *DAGMM) representRows(_, lo, hi int) {
	cols, code := m.from.Cols, m.code()
	codes, out := m.pass.Out(m.latent), m.out()
	for i := lo; i < hi; i++ {
		x, y := m.target[i*cols:(i+1)*cols], out[i*cols:(i+1)*cols]
		z := m.z[i*(code+2) : (i+1)*(code+2)]
		copy(z, codes[i*code:(i+1)*code])
		l := [3]float64{math.Sqrt(float64(f32.Dot(x, x))), math.Sqrt(float64(f32.Dot(y, y))),
			float64(f32.Dot(x, y))}
		m.lengths[i] = l
		z[code] = float32(math.Sqrt(float64(m.squares[i])) / unit(l[0]))
		z[code+1] = 0
		if l[0] > 0 && l[1] > 0 {
			z[code+1] = float32(l[2] / (l[0] * l[1]))
		}
	}
}

// unit returns the length that a distance is divided by.
func unit(length float64) float64 {
	if length == 0 {
		return 1
	}
	return length
}

// Forward: see Base.
func (m *DAGMM) Forward(mode Mode, d bench.Data, rows []int) (l, s []float32) {
	m.mode = mode
	b := len(rows)
	z := m.representation(d, rows)
	if mode == Training {
		m.batch.begin()
		m.batch.add(z, m.estimation.members(z, b, true))
		m.failed = m.batch.finish()
	}
	s = m.s[:b]
	if m.scoreMixture().ready {
		m.net.Team().Do(b, m.score)
	} else {
		for i := range s {
			s[i] = float32(math.NaN())
		}
	}
	if m.opt.Features {
		return z, s
	}
	return m.pass.Out(m.latent), s
}

// scoreMixture returns the mixture whose energy is the score.
func (m *DAGMM) scoreMixture() *mixture {
	if m.mode == Scoring || m.mode == LabelledOnly {
		return m.overall
	}
	return m.batch
}

func (m *DAGMM) scoreRows(member, lo, hi int) {
	mix := m.scoreMixture()
	k, d := mix.k, mix.d
	r, y := m.scratch[member][:k], m.scratch[member][k:]
	var v []float64
	for i := lo; i < hi; i++ {
		if m.mode == Training {
			r, v = m.back.r[i*k:(i+1)*k], m.back.v[i*k*d:(i+1)*k*d]
		}
		m.energies[i] = mix.energy(m.z[i*d:(i+1)*d], r, v, y)
		m.s[i] = float32(m.energies[i])
	}
}

// Refresh computes the mixture of all rows of d.
func (m *DAGMM) Refresh(ctx context.Context, d bench.Data) error {
	m.overall.begin()
	rows := make([]int, 0, m.set.Batch)
	for at := 0; at < d.Rows(); at += m.set.Batch {
		if err := ctx.Err(); err != nil {
			return err
		}
		rows = rows[:0]
		for i := at; i < min(at+m.set.Batch, d.Rows()); i++ {
			rows = append(rows, i)
		}
		z := m.representation(d, rows)
		m.overall.add(z, m.estimation.members(z, len(rows), false))
	}
	if err := m.overall.finish(); err != nil {
		return fmt.Errorf("the mixture of all training data: %w", err)
	}
	return nil
}

// Failure: see Failer.
func (m *DAGMM) Failure() error { return m.failed }

// Encoder: see Base. With Features l includes the decoder's results, so its layers belong to it
// too.
func (m *DAGMM) Encoder() (*nn.Net, int, nn.State) {
	net, top, state := m.network.Encoder()
	if m.opt.Features {
		top = len(net.Layers) - 1
	}
	return net, top, state
}

// Step: see Base.
func (m *DAGMM) Step() {
	m.network.Step()
	m.estimation.step()
}

// ResetOptimizer resets Adam's state to its initial value.
func (m *DAGMM) ResetOptimizer() {
	m.network.ResetOptimizer()
	m.estimation.reset()
}

// Snapshot: see Base.
func (m *DAGMM) Snapshot(w io.Writer) error {
	return errors.Join(m.network.Snapshot(w), m.estimation.Snapshot(w), m.overall.Snapshot(w),
		m.batch.Snapshot(w))
}

// Restore: see Base.
func (m *DAGMM) Restore(r io.Reader) error {
	return errors.Join(m.network.Restore(r), m.estimation.Restore(r), m.overall.Restore(r),
		m.batch.Restore(r))
}
