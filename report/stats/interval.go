package stats

// Interval is an estimate with a two-sided interval. Each end is at the same time a one-sided bound of level
// (1+Level)/2; an end without a bound is infinite.
type Interval struct {
	Estimate float64 `json:"estimate"`
	Lo       float64 `json:"lo"`
	Hi       float64 `json:"hi"`
	Level    float64 `json:"level"` // nominal; exact intervals of discrete statistics cover more
}

// Contains tells whether x is inside, ends included.
func (iv Interval) Contains(x float64) bool { return iv.Lo <= x && x <= iv.Hi }

// Inside tells whether all of the interval is between lo and hi, neither of which it touches.
func (iv Interval) Inside(lo, hi float64) bool { return lo < iv.Lo && iv.Hi < hi }

// Tails are the p values of one statistic.
type Tails struct {
	Above float64 `json:"above"` // against the alternative that A wins, or that the differences are above 0
	Below float64 `json:"below"` // against the alternative that it loses
	Both  float64 `json:"both"`  // two-sided: twice the smaller, at most 1
}

func tails(above, below float64) Tails {
	return Tails{above, below, min(1, 2*min(above, below))}
}
