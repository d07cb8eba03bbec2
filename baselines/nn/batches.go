package nn

import (
	"math/rand/v2"

	"github.com/uaibench/uaibench/bench"
)

// Batches draws minibatches of row numbers.
type Batches struct {
	size  int
	iid   bool
	pool  []int // the rows to draw from
	next  int
	rng   *rand.Rand
	batch []int
}

// NewBatches draws batches of size rows (all n where n is smaller) from 0..n-1. Epoch-wise: the
// rows are shuffled, handed out without replacement, and the tail of an epoch that fills no batch
// is dropped; with iid every row is drawn uniformly, with replacement.
func NewBatches(n, size int, iid bool, s bench.Stream) *Batches {
	b := &Batches{size: min(size, n), iid: iid, rng: s.Rand()}
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

// Exclude takes rows out of the pool for good, from the next batch on. A new epoch begins. The
// last row is never taken.
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
