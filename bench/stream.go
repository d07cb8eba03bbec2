package bench

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
)

// Stream is the 128-bit key of a random sequence. Every generator of a run is derived from (seed,
// role, axes) by hash before any work fans out, so no number depends on the order of work, and
// ablating one thing does not shift another's draws.
type Stream struct{ Hi, Lo uint64 }

// NewStream derives the stream of a role ("init", "batches", "noise", "oracle", "dataset", …). The
// axes are what the stream should depend on besides the seed; those that must stay paired are left
// out (the data stream leaves out method, k and sizes). Axes are distinguished by their printed
// form (%v) and their position.
func NewStream(seed uint64, role string, axes ...any) Stream {
	h := sha256.New()
	var n [8]byte
	put := func(s string) {
		binary.LittleEndian.PutUint64(n[:], uint64(len(s)))
		h.Write(n[:])
		h.Write([]byte(s))
	}
	put("uaibench stream 1")
	binary.LittleEndian.PutUint64(n[:], seed)
	h.Write(n[:])
	put(role)
	for _, a := range axes {
		put(fmt.Sprint(a))
	}
	sum := h.Sum(nil)
	return Stream{binary.LittleEndian.Uint64(sum), binary.LittleEndian.Uint64(sum[8:])}
}

// Rand returns a new generator at the start of the stream.
func (s Stream) Rand() *rand.Rand { return rand.New(s.Source()) }

// Source returns Rand's source, whose position in the stream can be saved and restored.
func (s Stream) Source() *rand.PCG { return rand.NewPCG(s.Hi, s.Lo) }
