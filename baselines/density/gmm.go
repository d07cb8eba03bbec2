package density

import (
	"cmp"
	"context"
	"fmt"
	"math"

	"github.com/uaibench/uaibench/baselines/internal/split"
	"github.com/uaibench/uaibench/bench"
)

// GMMSettings are the settings of a GMM.
type GMMSettings struct {
	Components int     // number of Gaussians; few give a model of low capacity
	Ridge      float64 // added to the diagonals of covariances; 0: 1e-6
	Tolerance  float64 // ends once the mean log-likelihood grows by less; 0: 1e-6
	Iterations int     // at most; 0: 500
	Restarts   int     // fits from different starts, of which the likeliest is kept; 0: 5
	Seed       uint64  // of the starts
	Threads    int     // 0: 1
}

// GMM is a mixture of Gaussians with full covariances, fitted by expectation maximisation: a
// bench.Detector.
type GMM struct {
	set        GMMSettings
	model      *mixture
	iterations int64
}

// NewGMM returns an unfitted detector.
func NewGMM(s GMMSettings) *GMM {
	if s.Components < 1 || s.Ridge < 0 || s.Tolerance < 0 || s.Iterations < 0 || s.Restarts < 0 {
		panic(fmt.Sprintf("density: mixture with settings %+v", s))
	}
	s.Ridge, s.Tolerance = cmp.Or(s.Ridge, 1e-6), cmp.Or(s.Tolerance, 1e-6)
	s.Iterations, s.Restarts = cmp.Or(s.Iterations, 500), cmp.Or(s.Restarts, 5)
	s.Threads = max(1, s.Threads)
	return &GMM{set: s}
}

// Fit keeps the likeliest of several fits, the first of equals, each started from centres drawn by
// k-means++.
func (g *GMM) Fit(ctx context.Context, d bench.Data) error {
	if err := split.Finite("Gaussian mixture", d, g.set.Components); err != nil {
		return err
	}
	best := math.Inf(-1)
	restarts := g.set.Restarts
	if g.set.Components == 1 {
		restarts = 1 // one Gaussian is the same from any start
	}
	for r := range restarts {
		share := clusters(d.X, g.set.Components,
			bench.NewStream(g.set.Seed, "density/mixture", r).Rand())
		m := &mixture{}
		if err := m.maximise(d.X, share, g.set.Components, g.set.Ridge); err != nil {
			return err
		}
		likelihood, iterations, err := m.climb(ctx, d.X, g.set)
		if err != nil {
			return err
		}
		g.iterations += iterations
		if likelihood > best {
			best, g.model = likelihood, m
		}
	}
	return nil
}

// climb runs expectation maximisation to its end and returns the mean log-likelihood.
func (m *mixture) climb(
	ctx context.Context, x bench.Matrix, s GMMSettings,
) (likelihood float64, iterations int64, err error) {
	share := make([]float64, x.Rows*s.Components)
	was := math.Inf(-1)
	for {
		if likelihood, err = m.expect(ctx, x, share, s.Threads); err != nil {
			return
		}
		if likelihood-was < s.Tolerance || iterations == int64(s.Iterations) {
			return
		}
		was = likelihood
		iterations++
		if err = m.maximise(x, share, s.Components, s.Ridge); err != nil {
			return
		}
	}
}

// expect sets share (n x k) to each row's posterior probabilities of the components, and returns
// the mean log-likelihood.
func (m *mixture) expect(ctx context.Context, x bench.Matrix, share []float64,
	threads int) (float64, error) {
	k := len(m.weight)
	const chunk = 256
	chunks := (x.Rows + chunk - 1) / chunk
	logs := make([]float64, x.Rows)
	crew := make([][]float64, split.Width(threads, chunks))
	for i := range crew {
		crew[i] = make([]float64, x.Cols)
	}
	err := split.Each(ctx, threads, chunks, func(w, c int) {
		for i := c * chunk; i < min(x.Rows, (c+1)*chunk); i++ {
			logs[i] = m.posterior(share[i*k:(i+1)*k], crew[w], x.Row(i))
		}
	})
	if err != nil {
		return 0, err
	}
	sum := 0.0
	for _, l := range logs {
		sum += l
	}
	return sum / float64(x.Rows), nil
}

// Scores: see bench.Scorer. The score is minus the logarithm of the density.
func (g *GMM) Scores(ctx context.Context, dst []float64, d bench.Data, rows []int,
	_ bench.Head) (bench.Head, error) {
	if g.model == nil || d.X.Cols != g.model.d {
		panic(fmt.Sprintf("density: a mixture, fitted %v, scores %d columns", g.model != nil,
			d.X.Cols))
	}
	type memory struct{ terms, x []float64 }
	err := split.Scores(ctx, g.set.Threads, dst, d, rows, func() memory {
		return memory{make([]float64, len(g.model.weight)), make([]float64, g.model.d)}
	}, func(s memory, x []float32) float64 {
		g.model.terms(s.terms, s.x, x)
		return -logSum(s.terms)
	})
	return bench.HeadBase, err
}

// Counts: see bench.Counter.
func (g *GMM) Counts() map[string]int64 { return map[string]int64{"iterations": g.iterations} }
