package model

import (
	"math"
	"testing"
)

// TestCompareManyPairs: with too many pairs for all sign flips there is no exact p, unless all
// differences are equal, where none is needed.
func TestCompareManyPairs(t *testing.T) {
	d := make([]float64, 25)
	for i := range d {
		d[i] = 1 + float64(i%3)
	}
	if c := Compare(d); !math.IsNaN(c.Exact) || c.T > 1e-9 || c.Low <= 0 {
		t.Errorf("%+v", c)
	}
	if c := Compare(d[:20]); c.Exact != 2/math.Exp2(20) {
		t.Errorf("20 pairs: %+v", c)
	}
	for i := range d {
		d[i] = 0.5
	}
	if c := Compare(d); c.Exact != math.Exp2(-24) || c.T != c.Exact || c.Mean != 0.5 {
		t.Errorf("all the same: %+v", c)
	}
	if c := Compare(make([]float64, 25)); c.Exact != 1 || c.T != 1 {
		t.Errorf("no difference: %+v", c)
	}
}
