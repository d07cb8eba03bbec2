package deep

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"

	"github.com/uaibench/uaibench/bench"
)

// snapshotTrainer is the trainer's part of a snapshot, before the base's and the batches' own.
type snapshotTrainer struct {
	Trained       bool
	Begun         int64
	Steps, Scored int64
}

func write(w io.Writer, values ...any) error {
	for _, v := range values {
		if err := binary.Write(w, binary.LittleEndian, v); err != nil {
			return err
		}
	}
	return nil
}

func read(r io.Reader, values ...any) error {
	for _, v := range values {
		if err := binary.Read(r, binary.LittleEndian, v); err != nil {
			return err
		}
	}
	return nil
}

// Pause: see bench.Pauser. The base's own phases are not interrupted.
func (t *trainer) Pause(f func() error) { t.pause = f }

// Snapshot: see bench.Resumable.
func (t *trainer) Snapshot(w io.Writer) error {
	return errors.Join(
		write(w, snapshotTrainer{t.trained, int64(t.begun), t.steps, t.scored}),
		t.base.Snapshot(w),
		t.batches.Snapshot(w),
	)
}

// restore prepares the model, and makes it what was written down.
func (t *trainer) restore(d bench.Data, r io.Reader) error {
	if err := t.prepare(d); err != nil {
		return err
	}
	var s snapshotTrainer
	if err := errors.Join(read(r, &s), t.base.Restore(r), t.batches.Restore(r)); err != nil {
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
	u.waive()
	return nil
}

// waive lets a pre-training go that is behind a restored model.
func (t *trainer) waive() {
	if t.trained && t.set.Waive != nil {
		t.set.Waive()
	}
}

// snapshotLayer is the UAI layer's part of a snapshot, after its parameters and the optimiser's; the
// mean squares that a separate optimiser has for the encoder come last. What else there is follows
// from the labels, as far as they were known.
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
		write(w, snapshotLayer{m.mean, m.variance, m.std, m.set, u.joint, int64(u.known)}),
		writePlace(w, u.place),
		u.rivals.snapshot(w),
	)
	if u.own != nil {
		err = errors.Join(err, u.own.slots.Snapshot(w))
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
	if err := errors.Join(u.layer.Restore(r), u.slots.Restore(r), read(r, &s), readPlace(r, u.place)); err != nil {
		return err
	}
	if s.Known < 0 || s.Known > int64(l.Len()) {
		return fmt.Errorf("deep: %d labels were known of %d", s.Known, l.Len())
	}
	if err := u.rivals.restore(r, s.Known); err != nil {
		return err
	}
	if u.own != nil {
		if err := u.own.slots.Restore(r); err != nil {
			return err
		}
	}
	u.moments = moments{mean: s.Mean, variance: s.Variance, std: s.Std, set: s.Set}
	u.joint = s.Joint
	u.learn(bench.Labels{Index: l.Index[:s.Known], Anomaly: l.Anomaly[:s.Known]})
	u.waive()
	return nil
}

// writePlace writes where a generator is in its stream.
func writePlace(w io.Writer, src *rand.PCG) error {
	state, err := src.MarshalBinary()
	if err != nil {
		return err
	}
	return write(w, uint32(len(state)), state)
}

func readPlace(r io.Reader, src *rand.PCG) error {
	var n uint32
	if err := read(r, &n); err != nil {
		return err
	}
	if n > 1<<10 {
		return fmt.Errorf("deep: a generator's state of %d bytes", n)
	}
	state := make([]byte, n)
	if err := read(r, state); err != nil {
		return err
	}
	return src.UnmarshalBinary(state)
}
