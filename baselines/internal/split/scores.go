package split

import (
	"context"
	"fmt"

	"github.com/uaibench/uaibench/bench"
)

// Finite returns an error if a model cannot be fitted to d: if it has no column, fewer than least
// rows, or a value that is not finite, which the error names.
func Finite(model string, d bench.Data, least int) error {
	if d.Rows() < least || d.X.Cols < 1 {
		return fmt.Errorf("%s: %d rows x %d columns are too few to fit: it needs at least %d rows",
			model, d.Rows(), d.X.Cols, least)
	}
	for i, v := range d.X.Data {
		if v-v != 0 { // NaN and infinities
			return fmt.Errorf("%s: row %d, column %d of the training data is %v: it must be a "+
				"finite number",
				model, i/d.X.Cols, i%d.X.Cols, v)
		}
	}
	return nil
}

// Scores sets dst to the scores of rows of d (nil: all), each distinct row computed once, on the
// given number of threads: score returns the score of x, and scratch creates a thread's memory.
func Scores[S any](ctx context.Context, threads int, dst []float64, d bench.Data, rows []int,
	scratch func() S, score func(s S, x []float32) float64) error {
	list, place := Distinct(d, rows)
	out := dst
	if place != nil {
		out = make([]float64, len(list))
	}
	const chunk = 64
	chunks := (len(list) + chunk - 1) / chunk
	crew := make([]S, Width(threads, chunks))
	for i := range crew {
		crew[i] = scratch()
	}
	err := Each(ctx, threads, chunks, func(w, c int) {
		for i := c * chunk; i < min(len(list), (c+1)*chunk); i++ {
			out[i] = score(crew[w], d.X.Row(int(list[i])))
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
