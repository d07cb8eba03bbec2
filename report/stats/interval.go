package stats

import (
	"encoding/json"
	"math"
)

// Interval is an estimate with a two-sided interval. Each end is also a one-sided bound of level
// (1+Level)/2; an end without a bound is infinite.
type Interval struct {
	Estimate float64
	Lo, Hi   float64
	Level    float64 // nominal; exact intervals of discrete statistics cover more
}

// MarshalJSON writes non-finite values as null, as JSON has no number for them.
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

// Contains reports whether x is in the interval, ends included.
func (iv Interval) Contains(x float64) bool { return iv.Lo <= x && x <= iv.Hi }

// Inside reports whether the interval lies strictly between lo and hi.
func (iv Interval) Inside(lo, hi float64) bool { return lo < iv.Lo && iv.Hi < hi }

// Tails are the p values of one statistic.
type Tails struct {
	Above float64 `json:"above"` // small if A is above B, or differences are above 0
	Below float64 `json:"below"` // small if A is below B, or differences are below 0
	Both  float64 `json:"both"`  // two-sided: twice the smaller, at most 1
}

func tails(above, below float64) Tails {
	return Tails{above, below, min(1, 2*min(above, below))}
}
