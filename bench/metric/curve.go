package metric

import "sort"

// RecallCurve is found(j), the number of anomalies among the first j audits, stored as the
// ascending 1-based positions of the anomalies in the audit list. It is exact, with one entry an
// anomaly whatever the budget. Divided by N it is the recall after j audits.
type RecallCurve []int

// CurveOf returns the curve of an audit list given each audit's truth; it is never nil.
func CurveOf(anomaly []bool) RecallCurve {
	f := RecallCurve{}
	for i, y := range anomaly {
		if y {
			f = append(f, i+1)
		}
	}
	return f
}

// At returns found(j), the anomalies among the first j audits. Past the end of the list it is
// constant.
func (f RecallCurve) At(j int) int { return sort.SearchInts(f, j+1) }

// Audits returns the number of audits that found the first m anomalies; ok is false if fewer than m
// were found.
func (f RecallCurve) Audits(m int) (int, bool) {
	if m <= 0 {
		return 0, true
	}
	if m > len(f) {
		return 0, false
	}
	return f[m-1], true
}

// Area returns the area under found(j)/N for j = 1..b, divided by that of the ideal list, min(j,
// N)/N (experiments/methods.md): 1 for a perfect list, 0 for one without anomalies. n is N. Without
// anomalies or budget it is 0.
func (f RecallCurve) Area(b, n int) float64 {
	if b < 1 || n < 1 {
		return 0
	}
	got := int64(0)
	for _, j := range f {
		if j <= b {
			got += int64(b - j + 1)
		}
	}
	m := int64(min(b, n))
	ideal := m*(m+1)/2 + (int64(b)-m)*m
	return float64(got) / float64(ideal)
}
