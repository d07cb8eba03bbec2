// Package density has Figure 2's density models: a kernel density, and Gaussian mixtures fitted by expectation
// maximisation. A row's score is minus the logarithm of its density.
//
// All sums are float64 in a fixed order, and whatever is drawn comes from streams of the seed: the same data and seed give
// the same bytes for any number of threads.
package density

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/uaibench/uaibench/baselines/internal/split"
	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/detmath"
)

// ln2pi is the logarithm of 2π.
var ln2pi = detmath.Ln(2 * math.Pi)

// check says what makes d unfit for a model that needs at least so many rows.
func check(model string, d bench.Data, least int) error {
	if d.Rows() < least || d.X.Cols < 1 {
		return fmt.Errorf("%s: %d rows x %d columns are too few: it needs at least %d rows", model, d.Rows(), d.X.Cols, least)
	}
	for i, v := range d.X.Data {
		if f := float64(v); math.IsNaN(f) || math.IsInf(f, 0) {
			return fmt.Errorf("%s: row %d, column %d of the training data is %v: it must be a finite number", model, i/d.X.Cols, i%d.X.Cols, v)
		}
	}
	return nil
}

// scores calls of for each distinct row wanted; scratch makes a goroutine's memory.
func scores[S any](ctx context.Context, threads int, dst []float64, d bench.Data, rows []int, scratch func() S, of func(s S, x []float32) float64) error {
	list, place := split.Distinct(d, rows)
	out := dst
	if place != nil {
		out = make([]float64, len(list))
	}
	const chunk = 64
	chunks := (len(list) + chunk - 1) / chunk
	crew := make([]S, split.Width(threads, chunks))
	for i := range crew {
		crew[i] = scratch()
	}
	err := split.Each(ctx, threads, chunks, func(w, c int) {
		for i := c * chunk; i < min(len(list), (c+1)*chunk); i++ {
			out[i] = of(crew[w], d.X.Row(int(list[i])))
		}
	})
	if err != nil {
		return err
	}
	for i, p := range place {
		dst[i] = out[p]
	}
	return nil
}

// logSum is ln Σ e^x, without overflow; all of x may be -Inf.
func logSum(x []float64) float64 {
	top := slices.Max(x)
	if math.IsInf(top, -1) {
		return top
	}
	s := 0.0
	for _, v := range x {
		s += detmath.Exp(v - top)
	}
	return top + detmath.Ln(s)
}
