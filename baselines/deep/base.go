// Package deep holds the deep detectors and the paper's UAI layer, which sits on any of them: a
// Base is whatever shows a latent representation l(x), a score s(x), and a way back for gradients
// that enter at l.
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

// Mode says what a Forward is for.
type Mode uint8

const (
	Scoring      Mode = iota // clean input
	Training                 // the base loss's batch: noise where the model has any
	Labelled                 // the UAI layer's batch (noise there is open point U16)
	LabelledOnly             // the same, in a round that has no batches of the base loss (U20)
)

// labelled tells whether the rows are the UAI layer's.
func (m Mode) labelled() bool { return m == Labelled || m == LabelledOnly }

// Base is a network that a UAI layer can sit on.
type Base interface {
	// Prepare sizes and initialises the model for data of d's shape. It is called once.
	Prepare(d bench.Data) error
	// LatentDim is h.
	LatentDim() int
	// Forward returns l (B x h) and s (len B) for rows of d (at most nn batch size; nil is not
	// allowed), valid until the next call.
	Forward(mode Mode, d bench.Data, rows []int) (l, s []float32)
	// Backward adds to the gradients weight times that of the mean base loss over the last
	// Forward's batch (none where weight is 0), plus dl (B x h; nil: none) entering at the latent
	// layer, and returns the mean base loss. There is no ds: the signature is the paper's
	// stop-gradient ("allowing the gradients to flow through l, but not through s"). After a
	// LabelledOnly Forward weight must be 0, and what is returned means nothing.
	Backward(weight float32, dl []float32) (loss float32)
	// Step is one optimiser update: base rows were added first, labelled rows after.
	Step()
	// Encoder is what a gradient that enters at l can reach: layers 0 to top of net, whose updates
	// state makes. A UAI layer that leaves the base loss alone, or has an optimiser of its own,
	// steps them itself.
	Encoder() (net *nn.Net, top int, state nn.State)
	// ResetOptimizer puts the optimiser's state back to its start (open point U17).
	ResetOptimizer()
	// SetThreads lets so many threads share the work, from the next Forward on.
	SetThreads(threads int)
	// Noisy tells whether scores are random: then identical rows need not have the same.
	Noisy() bool
	// Snapshot writes all that coming steps depend on, exactly: parameters, optimiser state, places
	// in streams. Restore reads it into a prepared model of the same settings.
	Snapshot(w io.Writer) error
	Restore(r io.Reader) error
}

// Pretrainer is a Base whose training begins with phases of its own, before the steps of its base
// loss: the greedy layers of a stacked autoencoder, first centres.
type Pretrainer interface {
	// Pretrain runs them: every batch comes from s.Next, every update is told to s.Done.
	Pretrain(ctx context.Context, d bench.Data, s *Steps) error
}

// Refresher is a Base with something that scores need and no gradient moves, computed from all the
// data that it trains on: DAGMM's mixture, DCN's centres. It is part of the Snapshot.
type Refresher interface {
	// Refresh is called when training stops, so before any scoring pass: after the pre-training and
	// after the steps of each round. d is the data of the training, whatever will be scored. An
	// error says what is wrong with the model; it then never scores.
	Refresh(ctx context.Context, d bench.Data) error
}

// Failer is a Base that can say more about a failed step than that its loss is no number.
type Failer interface {
	// Failure says what went wrong in the last Forward and Backward, whose loss is NaN or infinite;
	// nil: nothing beyond that.
	Failure() error
}

// PretrainingCache holds the pre-training that models of the same data, settings and seed share.
type PretrainingCache interface {
	// Get returns the snapshot of another model's pre-training, or else that of train, which it
	// calls at most once.
	Get(ctx context.Context, train func(context.Context) ([]byte, error)) ([]byte, error)
	// Release is called in place of Get by a model that goes on from a snapshot past its
	// pre-training.
	Release()
}

// Settings that every network here shares. Zero values mean the paper's (App. A.1).
type Settings struct {
	Hidden     []int         // nil: 256, 64, 8; the last is the latent width h
	Activation nn.Activation // of the hidden layers; Auto: ReLU (U1)
	Latent     nn.Activation // of the latent layer; Auto: the model's choice (U2)
	Batch      int           // 0: 256
	Pretrain   int           // steps before the first label; 0: 5,000
	Epochs     int           // above 0: n/Batch steps for each, rounded up, in place of Pretrain
	Untrained  bool          // no pre-training at all, nor a Pretrainer's own phases: a control
	IID        bool          // minibatches drawn i.i.d. in place of epoch-wise
	Optimizer  nn.RMSprop    // zero: the paper's. The UAI layer's alone where a base has another
	Seed       uint64
	Cache      PretrainingCache // nil: the model pre-trains for itself; the results are the same
	Threads    int              // that share the work; 0: 1. Results do not depend on it
	// More says how many threads there may be by now; nil: never more. It is asked between batches.
	More func() int
}

func (s *Settings) fill() {
	if s.Hidden == nil {
		s.Hidden = []int{256, 64, 8}
	}
	s.Activation = s.Activation.Or(nn.ReLU)
	s.Batch, s.Pretrain = cmp.Or(s.Batch, 256), cmp.Or(s.Pretrain, 5000)
}

// network is what bases share: a net, one batch's memory, an optimiser.
type network struct {
	set    Settings
	rule   nn.Optimizer // nil: set.Optimizer
	net    *nn.Net
	pass   *nn.Pass
	slots  nn.State
	latent int // index of the layer whose output is l
	s      []float32

	// gatherRows and corruptRows as function values, and what they work on.
	gather, corrupt func(member, lo, hi int)
	from            bench.Matrix
	rows            []int
	input, clean    []float32 // B x d: the last batch; without noise where it has any
	noise           *noise
}

func (n *network) build(widths []int, acts []nn.Activation, latent int, name string) {
	// The stream leaves out the method's id: DAE and DAE_uai share one pre-training, exactly.
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

// LatentDim is h, the width of the last hidden layer.
func (n *network) LatentDim() int { return n.set.Hidden[len(n.set.Hidden)-1] }

// Step updates all parameters by the gradients gathered since the last one.
func (n *network) Step() { n.slots.Step(n.net) }

// Encoder: see Base; the layers up to l.
func (n *network) Encoder() (*nn.Net, int, nn.State) { return n.net, n.latent, n.slots }

// ResetOptimizer puts the optimiser's state back to its start.
func (n *network) ResetOptimizer() { n.slots.Reset() }

// SetThreads: see Base.
func (n *network) SetThreads(threads int) {
	n.set.Threads = threads
	n.net.SetThreads(threads)
}

// Noisy: see Base.
func (n *network) Noisy() bool { return false }

// backLatent adds the gradients of dl alone (B x h; nil: none), which leaves everything above the
// latent layer untouched.
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

// mean is the fixed-order mean of x.
func mean(x []float32) float32 { return f32.Sum(x) / float32(len(x)) }
