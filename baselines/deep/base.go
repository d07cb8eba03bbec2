// Package deep holds the deep detectors (DAE and Class so far) and the paper's UAI layer, which
// sits on any of them: a Base is whatever shows a latent representation l(x), a score s(x), and a
// way back for gradients that enter at l.
//
// Legend: B rows of a batch, d features, h latent width, C classes.
package deep

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/uaibench/uaibench/baselines/internal/f32"
	"github.com/uaibench/uaibench/baselines/nn"
	"github.com/uaibench/uaibench/bench"
)

// Mode says what a Forward is for.
type Mode uint8

const (
	Scoring  Mode = iota // clean input
	Training             // the base loss's batch: noise where the model has any
	Labelled             // the UAI layer's batch (noise there is open point U16)
)

// Base is a network that a UAI layer can sit on.
type Base interface {
	// Prepare sizes and initialises the model for data of d's shape. It is called once.
	Prepare(d bench.Data) error
	// LatentDim is h.
	LatentDim() int
	// Forward returns l (B x h) and s (len B) for rows of d (at most nn batch size; nil is not
	// allowed), valid until the next call.
	Forward(mode Mode, d bench.Data, rows []int) (l, s []float32)
	// Backward adds to the gradients weight times that of the mean base loss over the last Forward's
	// batch (none where weight is 0), plus dl (B x h; nil: none) entering at the latent layer, and
	// returns the mean base loss. There is no ds: the signature is the paper's stop-gradient ("allowing
	// the gradients to flow through l, but not through s").
	Backward(weight float32, dl []float32) (loss float32)
	// Step is one optimiser update: base rows were added first, labelled rows after.
	Step()
	// ResetOptimizer puts the optimiser's state back to its start (open point U17).
	ResetOptimizer()
	// Noisy tells whether scores are random: then identical rows need not have the same.
	Noisy() bool
	// Snapshot writes all that coming steps depend on, exactly: parameters, optimiser state, places in
	// streams. Restore reads it into a prepared model of the same settings.
	Snapshot(w io.Writer) error
	Restore(r io.Reader) error
}

// Share gives the snapshot of a pre-training: that of another cell with the same data, settings and
// seed, or else that of train, which it calls. It may call train at most once.
type Share func(ctx context.Context, train func(context.Context) ([]byte, error)) ([]byte, error)

// Settings that every network here shares. Zero values mean the paper's (App. A.1).
type Settings struct {
	Hidden     []int         // nil: 256, 64, 8; the last is the latent width h
	Activation nn.Activation // of the hidden layers; Auto: ReLU (U1)
	Latent     nn.Activation // of the latent layer; Auto: the model's choice (U2)
	Batch      int           // 0: 256
	Pretrain   int           // steps before the first label; 0: 5,000
	IID        bool          // minibatches drawn i.i.d. in place of epoch-wise
	Optimizer  nn.RMSprop    // zero: the paper's
	Seed       uint64
	Share      Share // nil: every model pre-trains for itself; the results are the same
	Threads    int   // that share a step's and a scoring pass's work; 0: 1. Results do not depend on it
}

func (s *Settings) fill() {
	if s.Hidden == nil {
		s.Hidden = []int{256, 64, 8}
	}
	s.Activation = s.Activation.Or(nn.ReLU)
	if s.Batch == 0 {
		s.Batch = 256
	}
	if s.Pretrain == 0 {
		s.Pretrain = 5000
	}
}

// network is what DAE and Class share: a net, one batch's memory, an optimiser.
type network struct {
	set    Settings
	net    *nn.Net
	pass   *nn.Pass
	slots  *nn.Slots
	latent int // index of the layer whose output is l
	s      []float32

	gather func(member, lo, hi int) // gatherRows as a function value
	from   bench.Matrix             // what it works on
	rows   []int
	input  []float32
}

func (n *network) build(widths []int, acts []nn.Activation, latent int, name string) {
	// The stream leaves out the method's id: DAE and DAE_uai share one pre-training, exactly.
	n.net = nn.NewNet(widths, acts, bench.NewStream(n.set.Seed, "init", name, widths))
	n.net.SetThreads(n.set.Threads)
	n.pass = n.net.NewPass(n.set.Batch)
	n.slots = n.set.Optimizer.Slots(len(n.net.Params))
	n.latent = latent
	n.s = make([]float32, n.set.Batch)
	n.gather = n.gatherRows
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

// ResetOptimizer sets every mean square back to one.
func (n *network) ResetOptimizer() { n.slots.Fill(1) }

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

// trainer runs a base's own training: pre-training, and the base half of joint training.
type trainer struct {
	base    Base
	set     Settings
	batches *nn.Batches
	steps   int64
	scored  int64 // rows whose score was asked for, computed or copied
	same    repeats
}

func (t *trainer) prepare(d bench.Data) error {
	t.set.fill()
	if err := t.base.Prepare(d); err != nil {
		return err
	}
	// The stream leaves out method, k and sizes, so that ablations are paired.
	t.batches = nn.NewBatches(d.Rows(), t.set.Batch, t.set.IID, bench.NewStream(t.set.Seed, "batches"))
	return nil
}

// start prepares and pre-trains the model, or takes over the pre-training of another.
func (t *trainer) start(ctx context.Context, d bench.Data) error {
	if err := t.prepare(d); err != nil {
		return err
	}
	if t.set.Share == nil {
		return t.pretrain(ctx, d, t.set.Pretrain)
	}
	own := false
	snapshot, err := t.set.Share(ctx, func(ctx context.Context) ([]byte, error) {
		own = true
		if err := t.pretrain(ctx, d, t.set.Pretrain); err != nil {
			return nil, err
		}
		var b bytes.Buffer
		err := errors.Join(t.base.Snapshot(&b), t.batches.Snapshot(&b))
		return b.Bytes(), err
	})
	if err != nil || own {
		return err
	}
	t.steps += int64(t.set.Pretrain) // counted as if taken: counts do not depend on who else runs
	r := bytes.NewReader(snapshot)
	return errors.Join(t.base.Restore(r), t.batches.Restore(r))
}

// pretrain takes steps of the base loss alone.
func (t *trainer) pretrain(ctx context.Context, d bench.Data, steps int) error {
	for i := range steps {
		if i%16 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		t.base.Forward(Training, d, t.batches.Next())
		loss := t.base.Backward(1, nil)
		t.base.Step()
		t.steps++
		if !finite(loss) {
			return diverged(t.steps, loss)
		}
	}
	return nil
}

// diverged is the error of a run whose loss left the numbers: it never yields a ranking.
func diverged(step int64, loss float32) error {
	return fmt.Errorf("training diverged at step %d: the loss is %v", step, loss)
}

func finite(x float32) bool { return x-x == 0 }

// score calls each for consecutive blocks of rows (nil: all of d) with l and s of that block.
func (t *trainer) score(ctx context.Context, d bench.Data, rows []int, each func(at int, l, s []float32)) error {
	n := len(rows)
	if rows == nil {
		n = d.Rows()
	}
	var block []int
	if rows == nil {
		block = make([]int, t.set.Batch)
	}
	for at := 0; at < n; at += t.set.Batch {
		if err := ctx.Err(); err != nil {
			return err
		}
		b := min(t.set.Batch, n-at)
		if rows != nil {
			block = rows[at : at+b]
		} else {
			block = block[:b]
			for i := range block {
				block[i] = at + i
			}
		}
		l, s := t.base.Forward(Scoring, d, block)
		each(at, l, s)
	}
	return nil
}

func (t *trainer) baseScores(ctx context.Context, dst []float64, d bench.Data, rows []int) error {
	return t.once(ctx, dst, d, rows, func(dst []float64, rows []int) error {
		return t.score(ctx, d, rows, func(at int, _, s []float32) {
			for i, v := range s {
				dst[at+i] = float64(v)
			}
		})
	})
}

func (t *trainer) counts() map[string]int64 {
	return map[string]int64{"steps": t.steps, "rows_scored": t.scored}
}

// mean is the fixed-order mean of x.
func mean(x []float32) float32 { return f32.Sum(x) / float32(len(x)) }
