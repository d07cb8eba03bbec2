package runlog

import (
	"cmp"
	"math"
	"slices"
)

// Explanation says which features of a row drive its score, by gradient times input
// (bench.Explainer). None of it can be replayed.
type Explanation struct {
	Row      int       `json:"row"`
	Score    float64   `json:"score"` // by the checkpoint's head
	Truth    bool      `json:"truth"`
	Total    float64   `json:"total"`    // of |contribution|, over all features
	Features []Feature `json:"features"` // the largest contributions in size, those that are not zero; ties go to the lower feature

	// Of a row that is an image of Side x Side pixels: its values, and how much each contributes in
	// size, both from 0, 255 being the row's largest. nil: it is none.
	Pixels []byte `json:"pixels,omitempty"`
	Heat   []byte `json:"heat,omitempty"`
}

// Feature of an explained row. It contributes Latent + Score to what the row scores.
type Feature struct {
	Index  int     `json:"j"` // 0-based
	Value  float64 `json:"x"`
	Latent float64 `json:"l"` // contribution through l
	Score  float64 `json:"s"` // contribution through s
}

// Contribution is that through l and s together.
func (f Feature) Contribution() float64 { return f.Latent + f.Score }

// Side of the images that explanations show: rows of Side² features, as MNIST's and
// Fashion-MNIST's, are taken for one.
const Side = 28

// NewExplanation keeps the top features of a row x, given what each contributes through l and
// through s.
func NewExplanation(row int, score float64, truth bool, x []float32, l, s []float64,
	top int) Explanation {
	e := Explanation{Row: row, Score: score, Truth: truth, Features: []Feature{}}
	size := make([]float64, len(x))
	order := make([]int, 0, len(x))
	for j := range x {
		size[j] = math.Abs(l[j] + s[j])
		e.Total += size[j]
		if size[j] > 0 {
			order = append(order, j)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(size[b], size[a]) })
	for _, j := range order[:min(top, len(order))] {
		e.Features = append(e.Features, Feature{j, float64(x[j]), l[j], s[j]})
	}
	if len(x) == Side*Side {
		value := make([]float64, len(x))
		for j, v := range x {
			value[j] = max(0, float64(v))
		}
		e.Pixels, e.Heat = levels(value), levels(size)
	}
	return e
}

// levels are values of 0 and more, as shares of the largest, from 0 to 255.
func levels(values []float64) []byte {
	out, most := make([]byte, len(values)), slices.Max(values)
	if most > 0 {
		for i, v := range values {
			out[i] = byte(math.Floor(float64(v/most*255) + 0.5))
		}
	}
	return out
}
