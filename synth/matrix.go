package synth

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"

	"golang.org/x/sync/errgroup"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/synth/source"
)

// matrix returns the features of the images at the given places. The scaling is fitted on the
// images of fit; values are scaled in float64 and rounded once.
func matrix(ctx context.Context, m *source.Images, at, fit []int,
	scaling string) (bench.Matrix, error) {
	d := m.Size()
	x := bench.NewMatrix(len(at), d)
	var fill func(row []float32, pixels []byte)
	switch scaling {
	case "unit", "none":
		by := 255.0
		if scaling == "none" {
			by = 1
		}
		var value [256]float32
		for p := range value {
			value[p] = float32(float64(p) / by)
		}
		fill = func(row []float32, pixels []byte) {
			for j, p := range pixels {
				row[j] = value[p]
			}
		}
	case "zscore":
		mean, sd := moments(m, fit)
		fill = func(row []float32, pixels []byte) {
			for j, p := range pixels {
				if sd[j] > 0 { // a constant column stays zero
					row[j] = float32((float64(p) - mean[j]) / sd[j])
				}
			}
		}
	default:
		panic("synth: unknown scaling " + scaling)
	}
	err := parallel(ctx, len(at), func(from, to int) {
		for i := from; i < to; i++ {
			fill(x.Row(i), m.Image(at[i]))
		}
	})
	return x, err
}

// moments returns each pixel's mean and standard deviation (of the population) over the given
// images. The sums are of integers, hence exact.
func moments(m *source.Images, at []int) (mean, sd []float64) {
	d := m.Size()
	sum, squares := make([]int64, d), make([]int64, d)
	for _, i := range at {
		for j, p := range m.Image(i) {
			sum[j] += int64(p)
			squares[j] += int64(p) * int64(p)
		}
	}
	mean, sd = make([]float64, d), make([]float64, d)
	n := int64(len(at))
	for j := range mean {
		mean[j] = float64(sum[j]) / float64(n)
		sd[j] = math.Sqrt(float64(n*squares[j]-sum[j]*sum[j])) / float64(n)
	}
	return mean, sd
}

// parallel calls f for blocks of 0 to n-1, concurrently. f must write only its block's data.
func parallel(ctx context.Context, n int, f func(from, to int)) error {
	const block = 1000
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for from := 0; from < n; from += block {
		g.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			f(from, min(from+block, n))
			return nil
		})
	}
	return g.Wait()
}

// choose marks k of n places, drawn uniformly without replacement.
func choose(n, k int, rng *rand.Rand) []bool {
	if k > n {
		panic(fmt.Sprintf("synth: %d of %d", k, n))
	}
	at := make([]int, n)
	for i := range at {
		at[i] = i
	}
	chosen := make([]bool, n)
	for i := range k {
		j := i + rng.IntN(n-i)
		at[i], at[j] = at[j], at[i]
		chosen[at[i]] = true
	}
	return chosen
}
