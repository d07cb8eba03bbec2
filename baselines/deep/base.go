// Package deep implements the deep detectors and the paper's UAI layer, which runs on any Base: a
// network with a latent representation l(x), a score s(x), and backpropagation of gradients that
// enter at l.
//
// Legend: B rows of a batch, d features, h latent width, C classes.
package deep

import (
	"cmp"
	"context"
	"errors"
	"io"

	"github.com/uaibench/uaibench/baselines/internal/f32"
	"github.com/uaibench/uaibench/baselines/nn"
	"github.com/uaibench/uaibench/bench"
)

// Mode is the purpose of a Forward.
type Mode uint8

const (
	Scoring      Mode = iota // clean input, except for a Noisy base
	Training                 // the base loss's batch, with noise if the model has any
	Labelled                 // the UAI layer's batch (its noise is open point U16)
	LabelledOnly             // the same, in a round without batches of the base loss (U20)
)

// labelled reports whether the batch is the UAI layer's.
func (m Mode) labelled() bool { return m == Labelled || m == LabelledOnly }

// Base is a network that can carry a UAI layer.
type Base interface {
	// Prepare sizes and initialises the model for data of d's shape. It is called once.
	Prepare(d bench.Data) error
	// LatentDim returns h.
	LatentDim() int
	// Forward returns l (B x h) and s (len B) for rows of d (non-nil, at most Settings.Batch),
	// valid until the next call.
	Forward(mode Mode, d bench.Data, rows []int) (l, s []float32)
	// Backward adds the gradients of weight times the mean base loss over the last Forward's batch
	// (none if weight is 0) and of dl (B x h; nil: none), which enters at the latent layer, and
	// returns the mean base loss. There is no ds: the signature is the paper's stop-gradient
	// ("allowing the gradients to flow through l, but not through s"). After a LabelledOnly Forward
	// weight must be 0, and the returned loss has no meaning.
	Backward(weight float32, dl []float32) (loss float32)
	// Step makes one optimiser update from the gradients added since the last: base rows first,
	// then labelled rows.
	Step()
	// Encoder returns the part that a gradient entering at l can reach: layers 0 to top of net, and
	// the optimiser state that updates them. A UAI layer that leaves out the base loss, or has its
	// own optimiser, updates them itself.
	Encoder() (net *nn.Net, top int, state nn.State)
	// ResetOptimizer resets the optimiser's state to its initial value (open point U17).
	ResetOptimizer()
	// SetThreads sets the number of threads that share the work from the next Forward on.
	SetThreads(threads int)
	// Noisy reports whether scores are random: identical rows may then differ.
	Noisy() bool
	// Snapshot writes the complete state on which further steps depend: parameters, optimiser
	// state, positions in streams. Restore reads it into a prepared model of the same settings.
	Snapshot(w io.Writer) error
	Restore(r io.Reader) error
}

// Pretrainer is a Base that trains in phases of its own before the steps of its base loss: the
// greedy layers of a stacked autoencoder, the first centres.
type Pretrainer interface {
	// Pretrain runs these phases; it takes every batch from s.Next and reports every update to
	// s.Done.
	Pretrain(ctx context.Context, d bench.Data, s *Steps) error
}

// Refresher is a Base whose scores need values that are not trained by gradients but computed from
// all its training data: DAGMM's mixture, DCN's centres. They are part of the Snapshot.
type Refresher interface {
	// Refresh is called when training stops, and so before any scoring: after the pre-training and
	// after the steps of each round. d is the training data, whichever rows are scored. An error
	// describes the fault in the model, which then never scores.
	Refresh(ctx context.Context, d bench.Data) error
}

// Failer is a Base that can describe why the loss of a step is not finite.
type Failer interface {
	// Failure returns the cause of a NaN or infinite loss in the last Forward and Backward; nil:
	// none is known.
	Failure() error
}

// PretrainingCache holds the pre-training that models of the same data, settings and seed share.
type PretrainingCache interface {
	// Get returns the snapshot of another model's pre-training or, if there is none, the result of
	// train, which it calls at most once.
	Get(ctx context.Context, train func(context.Context) ([]byte, error)) ([]byte, error)
	// Release is called instead of Get by a model that resumes from a snapshot past its
	// pre-training.
	Release()
}

// Settings are common to all networks of the package. Zero values are the paper's (App. A.1).
type Settings struct {
	Hidden     []int         // nil: 256, 64, 8; the last is the latent width h
	Activation nn.Activation // of the hidden layers; Auto: ReLU (U1)
	Latent     nn.Activation // of the latent layer; Auto: the model's choice (U2)
	Batch      int           // 0: 256
	Pretrain   int           // steps before the first label; 0: 5,000
	Epochs     int           // above 0: replaces Pretrain by this times n/Batch steps, rounded up
	Untrained  bool          // no pre-training and no phases of a Pretrainer: a control
	IID        bool          // minibatches drawn i.i.d. instead of epoch-wise
	Optimizer  nn.RMSprop    // zero: the paper's. Only the UAI layer's if the base has its own
	Seed       uint64
	Cache      PretrainingCache // nil: the model pre-trains for itself; the results are the same
	Threads    int              // number that share the work; 0: 1. Results do not depend on it
	// More returns the number of threads available now; nil: never more. It is called between
	// batches.
	More func() int
}

func (s *Settings) fill() {
	if s.Hidden == nil {
		s.Hidden = []int{256, 64, 8}
	}
	s.Activation = s.Activation.Or(nn.ReLU)
	s.Batch, s.Pretrain = cmp.Or(s.Batch, 256), cmp.Or(s.Pretrain, 5000)
}

// network is the common part of bases: a net, the memory of one batch, an optimiser.
type network struct {
	set    Settings
	rule   nn.Optimizer // nil: set.Optimizer
	net    *nn.Net
	pass   *nn.Pass
	slots  nn.State
	latent int // index of the layer whose output is l
	s      []float32

	// gatherRows and corruptRows as function values, and their arguments.
	gather, corrupt func(member, lo, hi int)
	from            bench.Matrix
	rows            []int
	input, clean    []float32 // B x d: the last batch; the same without noise, if it has any
	noise           *noise
}

func (n *network) build(widths []int, acts []nn.Activation, latent int, name string) {
	// The stream's name excludes the method's ID, so that DAE and DAE_uai share one pre-training
	// exactly.
	n.net = nn.NewNet(widths, acts, bench.NewStream(n.set.Seed, "init", name, widths))
	n.net.SetThreads(n.set.Threads)
	n.pass = n.net.NewPass(n.set.Batch)
	if n.rule == nil {
		n.rule = n.set.Optimizer
	}
	n.slots = n.rule.State(len(n.net.Params))
	n.latent = latent
	n.s = make([]float32, n.set.Batch)
	n.gather, n.corrupt = n.gatherRows, n.corruptRows
}

// load gathers rows of x as the next batch's input.
func (n *network) load(x bench.Matrix, rows []int) []float32 {
	n.from, n.rows, n.input = x, rows, n.pass.Input(len(rows))
	n.net.Team().Do(len(rows), n.gather)
	return n.input
}

func (n *network) gatherRows(_, lo, hi int) {
	gather(n.input[lo*n.from.Cols:hi*n.from.Cols], n.from, n.rows[lo:hi])
}

// LatentDim returns h, the width of the last hidden layer.
func (n *network) LatentDim() int { return n.set.Hidden[len(n.set.Hidden)-1] }

// Step updates all parameters by the gradients added since the last Step.
func (n *network) Step() { n.slots.Step(n.net) }

// Encoder: see Base. It covers the layers up to l.
func (n *network) Encoder() (*nn.Net, int, nn.State) { return n.net, n.latent, n.slots }

// ResetOptimizer: see Base.
func (n *network) ResetOptimizer() { n.slots.Reset() }

// SetThreads: see Base.
func (n *network) SetThreads(threads int) {
	n.set.Threads = threads
	n.net.SetThreads(threads)
}

// Noisy: see Base.
func (n *network) Noisy() bool { return false }

// backLatent adds the gradients of dl only (B x h; nil: none); layers above the latent layer get
// none.
func (n *network) backLatent(dl []float32) {
	if dl == nil {
		return
	}
	copy(n.pass.Delta(n.latent), dl)
	n.pass.Backward(n.latent, -1, nil)
}

// Snapshot: see Base.
func (n *network) Snapshot(w io.Writer) error {
	return errors.Join(n.net.Snapshot(w), n.slots.Snapshot(w))
}

// Restore: see Base.
func (n *network) Restore(r io.Reader) error {
	return errors.Join(n.net.Restore(r), n.slots.Restore(r))
}

// gather copies rows of x into dst (len rows x d).
func gather(dst []float32, x bench.Matrix, rows []int) {
	for i, r := range rows {
		copy(dst[i*x.Cols:(i+1)*x.Cols], x.Row(r))
	}
}

// mean returns the mean of x, summed in a fixed order.
func mean(x []float32) float32 { return f32.Sum(x) / float32(len(x)) }
