// Package peer is what tests against a peer share: what the peer gave, and numbers that its script
// makes too (peer.py).
package peer

import (
	"encoding/json"
	"os"
	"testing"
)

// Uniform is a linear congruential generator: the same numbers in any language. Its value is the
// seed.
type Uniform int64

// Next is in [0, 1).
func (u *Uniform) Next() float64 {
	*u = (1103515245**u + 12345) % (1 << 31)
	return float64(*u) / (1 << 31)
}

// Bell is the sum of four in a row, about 0.
func (u *Uniform) Bell() float64 { return u.Next() + u.Next() + u.Next() + u.Next() - 2 }

// Read ends the test where the file in testdata is not JSON of into's form.
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
