package nn

import (
	"errors"
	"fmt"
	"io"

	"github.com/uaibench/uaibench/baselines/internal/state"
	"github.com/uaibench/uaibench/bench"
)

// Batches draws minibatches of row numbers.
type Batches struct {
	size  int
	iid   bool
	pool  []int // rows to draw from
	next  int
	rng   state.Generator
	batch []int
}

// NewBatches returns Batches of size rows (all n if n is smaller) from 0..n-1. Epoch-wise, the rows
// are shuffled and drawn without replacement, and a last, incomplete batch of an epoch is dropped;
// with iid every row is drawn uniformly, with replacement.
func NewBatches(n, size int, iid bool, s bench.Stream) *Batches {
	b := &Batches{size: min(size, n), iid: iid, rng: state.NewGenerator(s.Source())}
	b.pool = make([]int, n)
	for i := range b.pool {
		b.pool[i] = i
	}
	b.batch = make([]int, b.size)
	b.next = n // shuffle at the first call
	return b
}

// Next returns a batch, valid until the next call.
func (b *Batches) Next() []int {
	if b.iid {
		for i := range b.batch {
			b.batch[i] = b.pool[b.rng.IntN(len(b.pool))]
		}
		return b.batch
	}
	if b.next+b.size > len(b.pool) {
		b.rng.Shuffle(len(b.pool), func(i, j int) { b.pool[i], b.pool[j] = b.pool[j], b.pool[i] })
		b.next = 0
	}
	copy(b.batch, b.pool[b.next:])
	b.next += b.size
	return b.batch
}

// Exclude permanently removes rows from the pool, from the next batch on. A new epoch begins. If
// drop selects all remaining rows, none is removed.
func (b *Batches) Exclude(drop func(row int) bool) {
	w := 0
	for _, r := range b.pool {
		if !drop(r) {
			b.pool[w] = r
			w++
		}
	}
	if w == 0 || w == len(b.pool) {
		return
	}
	b.pool = b.pool[:w]
	b.size = min(b.size, w)
	b.batch = b.batch[:b.size]
	b.next = w
}

// Snapshot writes the state on which further batches depend.
func (b *Batches) Snapshot(w io.Writer) error {
	rows := make([]uint32, len(b.pool))
	for i, r := range b.pool {
		rows[i] = uint32(r)
	}
	return errors.Join(b.rng.Snapshot(w), state.Write(w, uint32(b.next), uint32(len(rows)), rows))
}

// Restore reads what Snapshot wrote for batches of the same size and kind.
func (b *Batches) Restore(r io.Reader) error {
	var at [2]uint32
	if err := errors.Join(b.rng.Restore(r), state.Read(r, &at)); err != nil {
		return err
	}
	if int(at[1]) > cap(b.pool) {
		return fmt.Errorf("nn: a pool of %d rows, want at most %d", at[1], cap(b.pool))
	}
	rows := make([]uint32, at[1])
	if err := state.Read(r, rows); err != nil {
		return err
	}
	b.next = int(at[0])
	b.pool = b.pool[:len(rows)]
	for i, v := range rows {
		b.pool[i] = int(v)
	}
	b.size = min(b.size, len(b.pool))
	b.batch = b.batch[:b.size]
	return nil
}
