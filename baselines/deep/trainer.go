package deep

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/uaibench/uaibench/baselines/internal/state"
	"github.com/uaibench/uaibench/baselines/nn"
	"github.com/uaibench/uaibench/bench"
)

// trainer runs a base's training: the pre-training, and the base's steps in later rounds.
type trainer struct {
	base    Base
	set     Settings
	batches *nn.Batches
	steps   int64
	scored  int64 // rows whose score was requested, computed or copied
	cache   scoreCache

	pause    func() error // see bench.Pauser
	phased   bool         // a Pretrainer's phases are over
	begun    int          // steps of the pre-training after these phases
	trained  bool         // the pre-training is over
	restored bool         // the model was restored from a snapshot, and is prepared
}

func (t *trainer) prepare(d bench.Data) error {
	t.set.fill()
	if err := t.base.Prepare(d); err != nil {
		return err
	}
	// The stream's name excludes method, k and sizes, so that ablations are paired.
	t.batches = nn.NewBatches(d.Rows(), t.set.Batch, t.set.IID,
		bench.NewStream(t.set.Seed, "batches"))
	return nil
}

// start prepares the model and trains it until the first label, or takes over another model's
// pre-training.
func (t *trainer) start(ctx context.Context, d bench.Data) error {
	if !t.restored {
		if err := t.prepare(d); err != nil {
			return err
		}
	}
	if t.set.Cache == nil {
		return t.begin(ctx, d)
	}
	own := false
	snapshot, err := t.set.Cache.Get(ctx, func(ctx context.Context) ([]byte, error) {
		own = true
		if err := t.begin(ctx, d); err != nil {
			return nil, err
		}
		var b bytes.Buffer
		err := errors.Join(t.base.Snapshot(&b), t.batches.Snapshot(&b), state.Write(&b, t.steps))
		return b.Bytes(), err
	})
	if err != nil || own {
		return err
	}
	// Steps are counted as if taken: counts must not depend on other cells.
	t.trained = true
	r := bytes.NewReader(snapshot)
	return errors.Join(t.base.Restore(r), t.batches.Restore(r), state.Read(r, &t.steps))
}

// begin runs all training before the first label.
func (t *trainer) begin(ctx context.Context, d bench.Data) error {
	if p, ok := t.base.(Pretrainer); ok && !t.set.Untrained && !t.phased {
		if err := p.Pretrain(ctx, d, &Steps{ctx, t}); err != nil {
			return err
		}
	}
	t.phased = true
	for steps := t.set.steps(d.Rows()); t.begun < steps; {
		part := min(16, steps-t.begun)
		if err := t.pretrain(ctx, d, part); err != nil {
			return err
		}
		t.begun += part
		if t.pause != nil {
			if err := t.pause(); err != nil {
				return err
			}
		}
	}
	t.trained = true
	return t.refresh(ctx, d)
}

// steps returns the length of the pre-training on n rows. An epoch has as many steps as if its
// last, smaller batch were kept; the batches themselves are all full.
func (s *Settings) steps(n int) int {
	switch {
	case s.Untrained:
		return 0
	case s.Epochs > 0:
		return s.Epochs * ((n + s.Batch - 1) / s.Batch)
	}
	return s.Pretrain
}

// Steps are the steps of a Pretrainer's phases. They count like all others, and take the first
// minibatches.
type Steps struct {
	ctx context.Context
	t   *trainer
}

// Next returns the next minibatch, valid until the next call.
func (s *Steps) Next() []int { return s.t.batches.Next() }

// Done counts a step with the given loss. It returns an error, which must end the training, if the
// loss is not finite or the context is done.
func (s *Steps) Done(loss float32) error {
	if err := s.t.countStep(loss); err != nil {
		return err
	}
	return s.ctx.Err()
}

// refresh calls the base's Refresh, if it is a Refresher.
func (t *trainer) refresh(ctx context.Context, d bench.Data) error {
	r, ok := t.base.(Refresher)
	if !ok {
		return nil
	}
	if err := r.Refresh(ctx, d); err != nil {
		return fmt.Errorf("after step %d: %w", t.steps, err)
	}
	return nil
}

// updateThreads adopts the number of threads available now.
func (t *trainer) updateThreads() {
	if t.set.More == nil {
		return
	}
	if n := t.set.More(); n > max(t.set.Threads, 1) {
		t.set.Threads = n
		t.base.SetThreads(n)
	}
}

// pretrain takes steps of the base loss only.
func (t *trainer) pretrain(ctx context.Context, d bench.Data, steps int) error {
	t.updateThreads()
	for i := range steps {
		if i%16 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		t.base.Forward(Training, d, t.batches.Next())
		loss := t.base.Backward(1, nil)
		t.base.Step()
		if err := t.countStep(loss); err != nil {
			return err
		}
	}
	return nil
}

// countStep counts a step; a loss that is not finite is an error, as such a run never yields a
// ranking.
func (t *trainer) countStep(loss float32) error {
	t.steps++
	if finite(loss) {
		return nil
	}
	return t.diverged(loss)
}

func (t *trainer) diverged(loss float32) error {
	if f, ok := t.base.(Failer); ok {
		if err := f.Failure(); err != nil {
			return fmt.Errorf("training diverged at step %d: %w", t.steps, err)
		}
	}
	return fmt.Errorf("training diverged at step %d: the loss is %v", t.steps, loss)
}

func finite(x float32) bool { return x-x == 0 }

// score calls each for consecutive blocks of rows (nil: all of d) with l and s of that block.
func (t *trainer) score(ctx context.Context, d bench.Data, rows []int,
	each func(at int, l, s []float32)) error {
	t.updateThreads()
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
	return t.cached(ctx, dst, d, rows, func(dst []float64, rows []int) error {
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
