package stats

import "slices"

// Gap is the rule for five runs per arm, which detects only large effects: 1 if all of a lie above
// all of b and the gap between them is at least the wider arm's range, -1 for the reverse, else 0.
// For five normal runs each, 5 standard deviations apart, it decides half of the cases, and without
// an effect fewer than one in a thousand (looks_test.go). It is 0 for an empty arm.
func Gap(a, b []float64) int {
	noNaN(a, b)
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	loA, hiA := slices.Min(a), slices.Max(a)
	loB, hiB := slices.Min(b), slices.Max(b)
	wider := max(difference(hiA, loA), difference(hiB, loB))
	switch {
	case loA > hiB && loA-hiB >= wider:
		return 1
	case loB > hiA && loB-hiA >= wider:
		return -1
	}
	return 0
}

// gapFactor of GapZero: with 1, five exponential or uniform values without an effect are decided in
// .36 % and .39 %, more than the look's .2 %; with 1.5 in .16 %, and an effect of 5 standard
// deviations is still detected in 60 %.
const gapFactor = 1.5

// GapZero is Gap's analogue for differences, or for one arm less a bound: 1 if all are above 0 and
// the smallest is at least 1.5 times their range, -1 for the reverse, else 0. Since one side has no
// scatter of its own, a gap of one range would be too small.
func GapZero(d []float64) int {
	noNaN(d)
	if len(d) == 0 {
		return 0
	}
	lo, hi := slices.Min(d), slices.Max(d)
	need := gapFactor * difference(hi, lo)
	switch {
	case lo > 0 && lo >= need:
		return 1
	case hi < 0 && -hi >= need:
		return -1
	}
	return 0
}
