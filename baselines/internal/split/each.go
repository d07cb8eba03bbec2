// Package split shares out rows and goroutines for methods that look at each row by itself.
package split

import (
	"context"
	"runtime"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// Each calls do once for every i in [0, n), from as many goroutines as workers (0: GOMAXPROCS) and
// with the number of the goroutine. Nothing may depend on which goroutine takes which i.
func Each(ctx context.Context, workers, n int, do func(worker, i int)) error {
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	if workers = min(workers, n); workers <= 1 {
		for i := range n {
			if err := ctx.Err(); err != nil {
				return err
			}
			do(0, i)
		}
		return nil
	}
	var next atomic.Int64
	g, ctx := errgroup.WithContext(ctx)
	for w := range workers {
		g.Go(func() error {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				if err := ctx.Err(); err != nil {
					return err
				}
				do(w, i)
			}
			return nil
		})
	}
	return g.Wait()
}

// Width is how many goroutines Each starts for n.
func Width(workers, n int) int {
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	return max(1, min(workers, n))
}
