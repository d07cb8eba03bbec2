package runlog

import (
	"cmp"
	"math"
	"slices"
)

// Explanation holds the features that drive a row's score, by gradient times input
// (bench.Explainer). None of it can be replayed.
type Explanation struct {
	Row      int       `json:"row"`
	Score    float64   `json:"score"` // by the checkpoint's head
	Truth    bool      `json:"truth"`
	Total    float64   `json:"total"`    // sum of |contribution| over all features
	Features []Feature `json:"features"` // nonzero ones, largest |contribution| first; ties go to the lower index

	// For a row that is an image of Side x Side pixels: its values (negative ones as 0) and the
	// size of each one's contribution, both scaled so that the row's largest is 255. nil: the row
	// is no image.
	Pixels []byte `json:"pixels,omitempty"`
	Heat   []byte `json:"heat,omitempty"`
}

// Feature is one feature of an explained row. It contributes Latent + Score to the row's score.
type Feature struct {
	Index  int     `json:"j"` // 0-based
	Value  float64 `json:"x"`
	Latent float64 `json:"l"` // contribution through the latent representation l
	Score  float64 `json:"s"` // contribution through the base score s
}

// Contribution is the contribution through l and s together.
func (f Feature) Contribution() float64 { return f.Latent + f.Score }

// Side is the width and height of the images in explanations: a row of Side² features, as in MNIST
// and Fashion-MNIST, is taken for an image.
const Side = 28

// NewExplanation explains a row x by at most top features; l and s are each feature's contributions
// through l and through s, len(x) each.
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

// levels scales values, none of them negative, to bytes, the largest to 255; all are 0 if the
// largest is.
func levels(values []float64) []byte {
	out, most := make([]byte, len(values)), slices.Max(values)
	if most > 0 {
		for i, v := range values {
			out[i] = byte(math.Floor(float64(v/most*255) + 0.5))
		}
	}
	return out
}
