// Package split divides rows among goroutines for methods that process each row independently.
package split

import (
	"context"
	"runtime"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// Each calls do once for every i in [0, n), from at most workers goroutines (0: GOMAXPROCS), with
// the index of the goroutine. Results must not depend on which goroutine processes which i.
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

// Width returns the number of goroutines that Each starts for n.
func Width(workers, n int) int {
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	return max(1, min(workers, n))
}
