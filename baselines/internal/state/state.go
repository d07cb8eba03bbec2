// Package state writes and reads the state on which a model's further steps depend, exactly:
// little-endian numbers without names, which only a model of the same settings can read.
package state

import (
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
)

// Write writes values one after another; each must be valid for binary.Write.
func Write(w io.Writer, values ...any) error {
	for _, v := range values {
		if err := binary.Write(w, binary.LittleEndian, v); err != nil {
			return err
		}
	}
	return nil
}

// Read reads what Write wrote into values: pointers, and slices of the length that was written.
func Read(r io.Reader, values ...any) error {
	for _, v := range values {
		if err := binary.Read(r, binary.LittleEndian, v); err != nil {
			return err
		}
	}
	return nil
}

// Generator is a random generator whose position in its stream is part of a model's state.
type Generator struct {
	*rand.Rand
	Source *rand.PCG
}

// NewGenerator returns the generator that draws from source.
func NewGenerator(source *rand.PCG) Generator { return Generator{rand.New(source), source} }

// Snapshot writes the position in the stream.
func (g Generator) Snapshot(w io.Writer) error {
	place, err := g.Source.MarshalBinary()
	if err != nil {
		return err
	}
	return Write(w, uint32(len(place)), place)
}

// Restore reads what Snapshot wrote.
func (g Generator) Restore(r io.Reader) error {
	var n uint32
	if err := Read(r, &n); err != nil {
		return err
	}
	if n > 1<<10 {
		return fmt.Errorf("a random generator's state has %d bytes", n)
	}
	place := make([]byte, n)
	if err := Read(r, place); err != nil {
		return err
	}
	return g.Source.UnmarshalBinary(place)
}
