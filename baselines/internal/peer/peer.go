// Package peer is shared by the tests against peers: it reads the peer's results, and generates the
// numbers that the peer's script generates too (peer.py).
package peer

import (
	"encoding/json"
	"os"
	"testing"
)

// Uniform is a linear congruential generator, which gives the same numbers in any language. Its
// initial value is the seed.
type Uniform int64

// Next returns the next number in [0, 1).
func (u *Uniform) Next() float64 {
	*u = (1103515245**u + 12345) % (1 << 31)
	return float64(*u) / (1 << 31)
}

// Bell returns the sum of the next four numbers, less 2.
func (u *Uniform) Bell() float64 { return u.Next() + u.Next() + u.Next() + u.Next() - 2 }

// Read reads the JSON file testdata/name into into, and ends the test on an error.
func Read(t *testing.T, name string, into any) {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err == nil {
		err = json.Unmarshal(data, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}
