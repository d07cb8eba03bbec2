package deep

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/uaibench/uaibench/baselines/internal/state"
	"github.com/uaibench/uaibench/bench"
)

// snapshotTrainer is the trainer's part of a snapshot, before the base's and the batches'.
type snapshotTrainer struct {
	Trained       bool
	Begun         int64
	Steps, Scored int64
}

// Pause: see bench.Pauser. The base's own phases are not interrupted.
func (t *trainer) Pause(f func() error) { t.pause = f }

// Snapshot: see bench.Resumable.
func (t *trainer) Snapshot(w io.Writer) error {
	return errors.Join(
		state.Write(w, snapshotTrainer{t.trained, int64(t.begun), t.steps, t.scored}),
		t.base.Snapshot(w),
		t.batches.Snapshot(w),
	)
}

// restore prepares the model and restores the state from r.
func (t *trainer) restore(d bench.Data, r io.Reader) error {
	if err := t.prepare(d); err != nil {
		return err
	}
	var s snapshotTrainer
	if err := errors.Join(state.Read(r, &s), t.base.Restore(r), t.batches.Restore(r)); err != nil {
		return err
	}
	t.restored, t.phased = true, true
	t.trained, t.begun, t.steps, t.scored = s.Trained, int(s.Begun), s.Steps, s.Scored
	return nil
}

// Restore: see bench.Resumable.
func (u *Unsupervised) Restore(_ context.Context, d bench.Data, _ bench.Labels, r io.Reader) error {
	if err := u.restore(d, r); err != nil {
		return err
	}
	u.release()
	return nil
}

// release releases the shared pre-training if the restored model is past its own.
func (t *trainer) release() {
	if t.trained && t.set.Cache != nil {
		t.set.Cache.Release()
	}
}

// snapshotLayer is the UAI layer's part of a snapshot, after its parameters and the optimiser's; a
// separate optimiser's mean squares of the encoder come last. Everything else follows from the
// known labels.
type snapshotLayer struct {
	Mean, Variance, Std float32
	Set                 bool
	Joint, Known        int64
}

// Snapshot: see bench.Resumable.
func (u *UAI) Snapshot(w io.Writer) error {
	if err := u.trainer.Snapshot(w); err != nil || u.layer == nil {
		return err
	}
	m := u.moments
	err := errors.Join(
		u.layer.Snapshot(w),
		u.slots.Snapshot(w),
		state.Write(w, snapshotLayer{m.mean, m.variance, m.std, m.set, u.joint, int64(u.known)}),
		u.draw.Snapshot(w),
		u.heads.snapshot(w),
	)
	if u.encoder != nil {
		err = errors.Join(err, u.encoder.slots.Snapshot(w))
	}
	return err
}

// Restore: see bench.Resumable.
func (u *UAI) Restore(_ context.Context, d bench.Data, l bench.Labels, r io.Reader) error {
	if err := u.restore(d, r); err != nil || !u.trained {
		return err
	}
	u.build(d)
	var s snapshotLayer
	if err := errors.Join(u.layer.Restore(r), u.slots.Restore(r), state.Read(r, &s),
		u.draw.Restore(r)); err != nil {
		return err
	}
	if s.Known < 0 || s.Known > int64(l.Len()) {
		return fmt.Errorf("deep: the snapshot has %d labels, want at most %d", s.Known, l.Len())
	}
	if err := u.heads.restore(r, s.Known); err != nil {
		return err
	}
	if u.encoder != nil {
		if err := u.encoder.slots.Restore(r); err != nil {
			return err
		}
	}
	u.moments = moments{mean: s.Mean, variance: s.Variance, std: s.Std, set: s.Set}
	u.joint = s.Joint
	u.learn(bench.Labels{Index: l.Index[:s.Known], Anomaly: l.Anomaly[:s.Known]})
	u.release()
	return nil
}
