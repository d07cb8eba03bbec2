package synth

import (
	"context"
	"math"
	"runtime"

	"golang.org/x/sync/errgroup"
)

// affine maps a column's values to features: (v - shift) / by, rounded once; zero if by is zero.
type affine struct{ shift, by float64 }

func (a affine) of(v float64) float32 {
	if a.by == 0 {
		return 0
	}
	return float32((v - a.shift) / a.by)
}

// scaling fits a column's map to its n values: minmax to [0, 1], zscore to mean 0 and (population)
// standard deviation 1, both with constant columns to zero; none is the identity. Sums run in row
// order.
func scaling(how string, n int, value func(i int) float64) affine {
	if how == "none" {
		return affine{by: 1}
	}
	least, most, sum := math.Inf(1), math.Inf(-1), 0.0
	for i := range n {
		v := value(i)
		least, most = min(least, v), max(most, v)
		sum += v
	}
	switch {
	// by the values: rounding may make a computed deviation positive
	case least == most:
		return affine{}
	case how == "minmax":
		return affine{least, most - least}
	case how == "zscore":
		mean, squares := sum/float64(n), 0.0
		for i := range n {
			d := value(i) - mean
			squares += float64(d * d)
		}
		return affine{mean, math.Sqrt(squares / float64(n))}
	}
	panic("synth: unknown scaling " + how)
}

// columns calls f for each of n columns, concurrently.
func columns(ctx context.Context, n int, f func(j int)) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for j := range n {
		g.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			f(j)
			return nil
		})
	}
	return g.Wait()
}
