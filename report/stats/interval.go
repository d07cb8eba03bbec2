package stats

import (
	"encoding/json"
	"math"
)

// Interval is an estimate with a two-sided interval. Each end is at the same time a one-sided bound
// of level (1+Level)/2; an end without a bound is infinite.
type Interval struct {
	Estimate float64
	Lo, Hi   float64
	Level    float64 // nominal; exact intervals of discrete statistics cover more
}

// MarshalJSON writes null for what is not finite, which JSON has no number for.
func (iv Interval) MarshalJSON() ([]byte, error) {
	finite := func(x float64) *float64 {
		if math.IsInf(x, 0) || math.IsNaN(x) {
			return nil
		}
		return &x
	}
	return json.Marshal(struct {
		Estimate *float64 `json:"estimate"`
		Lo       *float64 `json:"lo"`
		Hi       *float64 `json:"hi"`
		Level    float64  `json:"level"`
	}{finite(iv.Estimate), finite(iv.Lo), finite(iv.Hi), iv.Level})
}

// Contains tells whether x is inside, ends included.
func (iv Interval) Contains(x float64) bool { return iv.Lo <= x && x <= iv.Hi }

// Inside tells whether all of the interval is between lo and hi, neither of which it touches.
func (iv Interval) Inside(lo, hi float64) bool { return lo < iv.Lo && iv.Hi < hi }

// Tails are the p values of one statistic.
type Tails struct {
	Above float64 `json:"above"` // against that A wins, or that differences are above 0
	Below float64 `json:"below"` // against that it loses, or that they are below
	Both  float64 `json:"both"`  // two-sided: twice the smaller, at most 1
}

func tails(above, below float64) Tails {
	return Tails{above, below, min(1, 2*min(above, below))}
}
