package deep

import (
	"io"

	"github.com/uaibench/uaibench/baselines/internal/f32"
	"github.com/uaibench/uaibench/baselines/internal/state"
	"github.com/uaibench/uaibench/bench"
)

// noise corrupts inputs: it adds N(0, level²) to each, or sets a share level of them to zero. Every
// element of every batch has its own draw, independent of the thread that computes it.
type noise struct {
	level   float32
	masking bool
	stream  bench.Stream
	drawn   uint64 // number of draws used by earlier batches
	at      uint64 // position in the stream of the batch's first element

	// byRow: draws belong to the rows of the data instead of batches, so that a row always gets the
	// same noise, and no draws are used up.
	byRow bool
}

// begin reserves the next n draws for a batch of n elements.
func (c *noise) begin(n int) {
	if c.byRow {
		return
	}
	c.at = c.drawn
	c.drawn += uint64(n)
}

// apply sets dst to the corrupted copy of the batch's elements clean, the first of which has index
// from in the batch. dst and clean must not overlap.
func (c *noise) apply(dst, clean []float32, from int) {
	key, at := [2]uint64{c.stream.Hi, c.stream.Lo}, c.at+uint64(from)
	if !c.masking {
		f32.AddNormal(dst, clean, c.level, key, at)
		return
	}
	f32.Uniform(dst, key, at)
	for i, u := range dst {
		dst[i] = clean[i]
		if u < c.level {
			dst[i] = 0
		}
	}
}

// Snapshot writes the position in the stream.
func (c *noise) Snapshot(w io.Writer) error { return state.Write(w, c.drawn) }

// Restore reads what Snapshot wrote.
func (c *noise) Restore(r io.Reader) error { return state.Read(r, &c.drawn) }

// loadNoisy gathers rows of x as the next batch's input, with noise, and returns them without it (B
// x d), valid until the next call.
func (n *network) loadNoisy(x bench.Matrix, rows []int, by *noise) []float32 {
	if n.clean == nil {
		n.clean = make([]float32, n.set.Batch*x.Cols)
	}
	n.from, n.rows, n.input, n.noise = x, rows, n.pass.Input(len(rows)), by
	by.begin(len(n.input))
	n.net.Team().Do(len(rows), n.corrupt)
	return n.clean[:len(n.input)]
}

// corruptRows works on blocks of rows, which are still in the cache when they get their noise.
func (n *network) corruptRows(_, lo, hi int) {
	block, cols := 16, n.from.Cols
	if n.noise.byRow {
		block = 1
	}
	for ; lo < hi; lo += block {
		end := min(lo+block, hi)
		clean, at := n.clean[lo*cols:end*cols], lo*cols
		if n.noise.byRow {
			at = n.rows[lo] * cols
		}
		gather(clean, n.from, n.rows[lo:end])
		n.noise.apply(n.input[lo*cols:end*cols], clean, at)
	}
}
