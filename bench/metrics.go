package bench

import (
	"fmt"
	"math"
	"sort"
)

// Found is a found(j) curve: the 1-based places in an audit list at which an anomaly stood,
// ascending. It is exact and has one entry an anomaly, whatever the budget.
type Found []int

// FoundIn returns the curve of an audit list given each audit's truth.
func FoundIn(anomaly []bool) Found {
	f := Found{}
	for i, y := range anomaly {
		if y {
			f = append(f, i+1)
		}
	}
	return f
}

// At is found(j): the anomalies among the first j audits. Past the end of the list it is flat.
func (f Found) At(j int) int { return sort.SearchInts(f, j+1) }

// Audits is the number of audits that found the first m anomalies, and whether so many were found.
func (f Found) Audits(m int) (int, bool) {
	if m <= 0 {
		return 0, true
	}
	if m > len(f) {
		return 0, false
	}
	return f[m-1], true
}

// Area is the area under found(j)/N for j = 1..b, divided by that of the ideal list,
// min(j, N)/N (methods.md 5.3): 1 for a perfect list, 0 for one without an anomaly.
// It is NaN-free: with no anomalies or no budget it is 0.
func (f Found) Area(b, n int) float64 {
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

// PRF is precision, recall and F1 of a set of flagged rows.
type PRF struct {
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	F1        float64 `json:"f1"`
}

// PRFAt compares flagged rows, tp of them anomalies, with the N anomalies that there are. At
// flagged = N all three are equal (methods.md 5.3). A quotient 0/0 counts as 0.
func PRFAt(tp, flagged, anomalies int) PRF {
	div := func(a, b int) float64 {
		if b == 0 {
			return 0
		}
		return float64(a) / float64(b)
	}
	return PRF{div(tp, flagged), div(tp, anomalies), div(2*tp, flagged+anomalies)}
}

// ROCAUC is the probability that an anomaly scores above a normal row, ties counting half.
// ok is false where either kind is absent. The scores are finite.
func ROCAUC(scores []float64, truth []bool) (auc float64, ok bool) {
	order := ranked(scores, truth)
	var pos, neg int64
	for _, y := range truth {
		if y {
			pos++
		} else {
			neg++
		}
	}
	if pos == 0 || neg == 0 {
		return 0, false
	}
	var twice int64 // 2 * (pairs won + half of ties)
	below := neg
	for i := 0; i < len(order); {
		var p, q int64
		j := i
		for ; j < len(order) && scores[order[j]] == scores[order[i]]; j++ {
			if truth[order[j]] {
				p++
			} else {
				q++
			}
		}
		below -= q
		twice += p * (2*below + q)
		i = j
	}
	return float64(twice) / float64(2*pos*neg), true
}

// AveragePrecision is the sum over distinct scores, highest first, of precision times the step in
// recall (no interpolation; rows of equal score enter together). ok is false without anomalies.
// The scores are finite.
func AveragePrecision(scores []float64, truth []bool) (ap float64, ok bool) {
	order := ranked(scores, truth)
	total := 0
	for _, y := range truth {
		if y {
			total++
		}
	}
	if total == 0 {
		return 0, false
	}
	tp := 0
	for i := 0; i < len(order); {
		j, p := i, 0
		for ; j < len(order) && scores[order[j]] == scores[order[i]]; j++ {
			if truth[order[j]] {
				p++
			}
		}
		tp += p
		ap += float64(float64(tp) / float64(j) * float64(p))
		i = j
	}
	return ap / float64(total), true
}

// ranked is the ranking of scores that can be ranked: a NaN is equal to nothing, not even itself,
// so it has no place among ties.
func ranked(scores []float64, truth []bool) []int {
	if len(scores) != len(truth) {
		panic(fmt.Sprintf("bench: %d scores for %d rows", len(scores), len(truth)))
	}
	for i, v := range scores {
		if math.IsNaN(v) {
			panic(fmt.Sprintf("bench: the score of row %d is NaN", i))
		}
	}
	return Ranking(scores)
}
