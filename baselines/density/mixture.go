package density

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/uaibench/uaibench/baselines/internal/cholesky"
	"github.com/uaibench/uaibench/baselines/internal/kmeans"
	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/detmath"
)

// mixture is Σ_c weight_c N(mean_c, Σ_c) in d dimensions.
type mixture struct {
	d      int
	weight []float64
	mean   [][]float64
	lower  [][]float64 // d x d, the Cholesky factors of the covariances
	start  []float64   // ln weight_c - ½ ln |2π Σ_c|
}

// maximise sets the mixture to the likeliest given the rows' shares (n x k) of the components, with
// a ridge on the covariances.
func (m *mixture) maximise(x bench.Matrix, share []float64, k int, ridge float64) error {
	n, d := x.Rows, x.Cols
	m.d = d
	m.weight, m.start = make([]float64, k), make([]float64, k)
	m.mean, m.lower = make([][]float64, k), make([][]float64, k)
	e := make([]float64, d)
	for c := range k {
		mean, cov, total := make([]float64, d), make([]float64, d*d), 0.0
		for i := range n {
			w := share[i*k+c]
			total += w
			for j, v := range x.Row(i) {
				mean[j] += float64(w * float64(v))
			}
		}
		if !(total > 0) {
			return fmt.Errorf("Gaussian mixture: component %d has lost all rows: use fewer "+
				"components", c+1)
		}
		for j := range mean {
			mean[j] /= total
		}
		for i := range n {
			w := share[i*k+c]
			if w == 0 {
				continue
			}
			for j, v := range x.Row(i) {
				e[j] = float64(v) - mean[j]
			}
			for a := range d {
				wa := w * e[a]
				row := cov[a*d : a*d+a+1]
				for b := range row {
					row[b] += float64(wa * e[b])
				}
			}
		}
		for a := range d {
			for b := range a + 1 {
				cov[a*d+b] /= total
			}
			cov[a*d+a] += ridge
		}
		m.weight[c], m.mean[c] = total/float64(n), mean
		if err := m.set(c, cov); err != nil {
			return err
		}
	}
	return nil
}

// set factors a component's covariance in place; its lower triangle must be given.
func (m *mixture) set(c int, cov []float64) error {
	logs := 0.0
	err := cholesky.Factor(cov, cov, m.d, func(a int, pivot float64) error {
		if !(pivot > 0) {
			return fmt.Errorf("Gaussian mixture: the covariance of component %d is singular "+
				"(column %d): use a larger ridge", c+1, a)
		}
		logs += detmath.Ln(math.Sqrt(pivot))
		return nil
	})
	if err != nil {
		return err
	}
	m.lower[c] = cov
	m.start[c] = detmath.Ln(m.weight[c]) - logs - float64(float64(m.d)*(ln2Pi/2))
	return nil
}

// terms sets dst (len k) to the logarithms of weight times density at x; z (len d) is scratch.
func (m *mixture) terms(dst, z []float64, x []float32) {
	d := m.d
	for c := range dst {
		lower, mean := m.lower[c], m.mean[c]
		square := 0.0
		for a, v := range x {
			s := float64(v) - mean[a]
			row := lower[a*d : a*d+a+1]
			for j := range a {
				s -= float64(row[j] * z[j])
			}
			z[a] = s / row[a]
			square += float64(z[a] * z[a])
		}
		dst[c] = m.start[c] - square/2
	}
}

// posterior sets share (len k) to the components' shares of x and returns the logarithm of the
// density at x.
func (m *mixture) posterior(share, z []float64, x []float32) float64 {
	m.terms(share, z, x)
	l := logSum(share)
	for c, v := range share {
		share[c] = detmath.Exp(v - l)
	}
	return l
}

// clusters returns each row's share (n x k, 0 or 1) of clusters: at most twenty steps of K-means
// from centres drawn by k-means++. A cluster without rows, as among copies, starts with all rows at
// equal shares.
func clusters(x bench.Matrix, k int, rng *rand.Rand) []float64 {
	m := kmeans.New[float64](x.Rows, x.Cols, k)
	m.X, m.KeepEmpty = x.Data, true
	// Neither fails if clusters may be empty.
	_ = m.Spread(rng, draw)
	_, _ = m.Lloyd(context.Background(), 21) // the last iteration only assigns
	share := make([]float64, x.Rows*k)
	for i, c := range m.Own {
		share[i*k+int(c)] = 1
	}
	for c, n := range m.Sizes {
		for i := range x.Rows {
			if n == 0 {
				share[i*k+c] = 1 / float64(x.Rows)
			}
		}
	}
	return share
}

// draw is a kmeans.Drawing; if all weights are zero, as when all rows are at centres, it returns
// any row.
func draw(rng *rand.Rand, weights []float64, total float64) int {
	u := rng.Float64() * total
	at := rng.IntN(len(weights))
	for i, w := range weights {
		if w > 0 {
			at = i
			if u -= w; u < 0 {
				break
			}
		}
	}
	return at
}
