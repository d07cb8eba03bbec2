package metric

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// PRF is precision, recall and F1 of a set of flagged rows.
type PRF struct {
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	F1        float64 `json:"f1"`
}

// PRFAt compares flagged rows, tp of which are anomalies, with all N anomalies. At flagged = N all
// three are equal (experiments/methods.md). A quotient 0/0 counts as 0.
func PRFAt(tp, flagged, anomalies int) PRF {
	div := func(a, b int) float64 {
		if b == 0 {
			return 0
		}
		return float64(a) / float64(b)
	}
	return PRF{div(tp, flagged), div(tp, anomalies), div(2*tp, flagged+anomalies)}
}

// ROCAUC returns the probability that an anomaly scores above a normal row, ties counting half. ok
// is false if either kind is absent. It panics if a score is NaN.
func ROCAUC(scores []float64, truth []bool) (auc float64, ok bool) {
	order := ranked(scores, truth)
	pos := int64(count(truth))
	neg := int64(len(truth)) - pos
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

// AveragePrecision returns the sum over distinct scores, highest first, of precision times the step
// in recall (no interpolation; rows of equal score enter together). ok is false without anomalies.
// It panics if a score is NaN.
func AveragePrecision(scores []float64, truth []bool) (ap float64, ok bool) {
	order := ranked(scores, truth)
	total := count(truth)
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

// BalancedAccuracy returns the best mean of the recalls of anomalies and of normal rows over all
// thresholds; rows of equal score are on the same side. cut is the highest best threshold: rows
// that score at least cut are flagged. ok is false if either kind is absent. It panics if a score
// is NaN.
func BalancedAccuracy(scores []float64, truth []bool) (best, cut float64, ok bool) {
	order := ranked(scores, truth)
	pos := count(truth)
	neg := len(scores) - pos
	if pos == 0 || neg == 0 {
		return 0, 0, false
	}
	best = -1
	tp, fp := 0, 0
	for i, row := range order {
		if truth[row] {
			tp++
		} else {
			fp++
		}
		if i+1 < len(order) && scores[order[i+1]] == scores[row] {
			continue
		}
		if v := (float64(tp)/float64(pos) + float64(neg-fp)/float64(neg)) / 2; v > best {
			best, cut = v, scores[row]
		}
	}
	return best, cut, true
}

// ranked returns all positions, highest score first; equal scores keep their order. It panics on a
// NaN, which has no place in an order: it equals nothing, not even itself.
func ranked(scores []float64, truth []bool) []int {
	if len(scores) != len(truth) {
		panic(fmt.Sprintf("metric: %d scores for %d rows", len(scores), len(truth)))
	}
	for i, v := range scores {
		if math.IsNaN(v) {
			panic(fmt.Sprintf("metric: the score of row %d is NaN", i))
		}
	}
	order := make([]int, len(scores))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(scores[b], scores[a]) })
	return order
}

// count returns the number of anomalies.
func count(truth []bool) int {
	n := 0
	for _, y := range truth {
		if y {
			n++
		}
	}
	return n
}
