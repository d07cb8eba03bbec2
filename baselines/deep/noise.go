package deep

import (
	"encoding/binary"
	"io"

	"github.com/uaibench/uaibench/baselines/internal/f32"
	"github.com/uaibench/uaibench/bench"
)

// noise spoils inputs while training: N(0, level²) added to each, or a share level of them set to
// zero. Every element of every batch has a draw of its own, whoever computes it.
type noise struct {
	level   float32
	masking bool
	stream  bench.Stream
	drawn   uint64 // draws used by earlier batches
	at      uint64 // place in the stream of the batch's first element
}

// begin takes the next n draws for a batch of n elements.
func (c *noise) begin(n int) {
	c.at = c.drawn
	c.drawn += uint64(n)
}

// spoil sets dst to the batch's elements clean, spoilt; clean begins at the batch's element from.
// Masking goes by way of dst, so the two must not overlap.
func (c *noise) spoil(dst, clean []float32, from int) {
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

// Snapshot writes the place in the stream.
func (c *noise) Snapshot(w io.Writer) error { return binary.Write(w, binary.LittleEndian, c.drawn) }

// Restore reads what Snapshot wrote.
func (c *noise) Restore(r io.Reader) error { return binary.Read(r, binary.LittleEndian, &c.drawn) }
