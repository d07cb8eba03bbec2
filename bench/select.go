package bench

import (
	"cmp"
	"slices"
)

// Select returns the positions of the k highest scores, best first; ties go to the lower position.
// If k exceeds len(scores), all are selected. Scores must not be NaN. dst's memory is reused; nil
// allocates.
func Select(dst []int, scores []float64, k int) []int {
	k = min(k, len(scores))
	if k <= 0 {
		return dst[:0]
	}
	// h is a heap of the best k so far, the worst at its root.
	worse := func(a, b int) bool { // a ranks after b
		return scores[a] < scores[b] || (scores[a] == scores[b] && a > b)
	}
	h := slices.Grow(dst[:0], k)
	down := func(i int) {
		for {
			c := 2*i + 1
			if c >= len(h) {
				return
			}
			if c+1 < len(h) && worse(h[c+1], h[c]) {
				c++
			}
			if !worse(h[c], h[i]) {
				return
			}
			h[i], h[c] = h[c], h[i]
			i = c
		}
	}
	for i := range scores {
		if len(h) < k {
			h = append(h, i)
			if len(h) == k {
				for j := k/2 - 1; j >= 0; j-- {
					down(j)
				}
			}
		} else if worse(h[0], i) {
			h[0] = i
			down(0)
		}
	}
	slices.SortFunc(h, func(a, b int) int {
		if c := cmp.Compare(scores[b], scores[a]); c != 0 {
			return c
		}
		return cmp.Compare(a, b)
	})
	return h
}

// Ranking returns all positions, best first: Select of everything.
func Ranking(scores []float64) []int { return Select(nil, scores, len(scores)) }
