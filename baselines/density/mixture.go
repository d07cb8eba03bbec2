package density

import (
	"fmt"
	"math"
	"math/rand/v2"

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

// maximise sets the mixture to what is likeliest given the rows' shares (n x k) of the components, with a ridge on the
// covariances.
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
			return fmt.Errorf("Gaussian mixture: component %d has lost all rows: ask for fewer components", c+1)
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

// set factors a component's covariance, whose lower triangle is given, in place.
func (m *mixture) set(c int, cov []float64) error {
	d := m.d
	logs := 0.0
	for a := range d {
		for b := range a + 1 {
			s := cov[a*d+b]
			for j := range b {
				s -= float64(cov[a*d+j] * cov[b*d+j])
			}
			if a > b {
				cov[a*d+b] = s / cov[b*d+b]
				continue
			}
			if !(s > 0) {
				return fmt.Errorf("Gaussian mixture: the covariance of component %d is singular (column %d): use a larger ridge", c+1, a)
			}
			cov[a*d+a] = math.Sqrt(s)
			logs += detmath.Ln(cov[a*d+a])
		}
	}
	m.lower[c] = cov
	m.start[c] = detmath.Ln(m.weight[c]) - logs - float64(float64(d)*(ln2pi/2))
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

// posterior sets share (len k) to the components' shares of x and returns the logarithm of its density.
func (m *mixture) posterior(share, z []float64, x []float32) float64 {
	m.terms(share, z, x)
	l := logSum(share)
	for c, v := range share {
		share[c] = detmath.Exp(v - l)
	}
	return l
}

// clusters gives each row's share (n x k, 0 or 1) of clusters: centres drawn as k-means++ draws them (Arthur and
// Vassilvitskii 2007), then at most twenty steps of Lloyd's.
func clusters(x bench.Matrix, k int, rng *rand.Rand) []float64 {
	n, d := x.Rows, x.Cols
	centre := make([]float64, k*d)
	of, square := make([]int, n), make([]float64, n)
	for i := range square {
		square[i] = math.Inf(1)
	}
	nearer := func(c int) { // takes the rows that are nearest to centre c
		for i := range n {
			s := 0.0
			for j, v := range x.Row(i) {
				e := float64(v) - centre[c*d+j]
				s += float64(e * e)
			}
			if s < square[i] {
				square[i], of[i] = s, c
			}
		}
	}
	at := rng.IntN(n)
	for c := range k {
		for j, v := range x.Row(at) {
			centre[c*d+j] = float64(v)
		}
		nearer(c)
		total := 0.0
		for _, s := range square {
			total += s
		}
		u := rng.Float64() * total
		at = rng.IntN(n) // where all rows stand on centres, any
		for i, s := range square {
			if s > 0 {
				at = i
				if u -= s; u < 0 {
					break
				}
			}
		}
	}
	count := make([]float64, k)
	for range 20 {
		clear(count)
		sum := make([]float64, k*d)
		for i, c := range of {
			count[c]++
			for j, v := range x.Row(i) {
				sum[c*d+j] += float64(v)
			}
		}
		for c := range k {
			if count[c] > 0 { // else it stays where it is
				for j := range d {
					centre[c*d+j] = sum[c*d+j] / count[c]
				}
			}
		}
		was := append([]int(nil), of...)
		for i := range square {
			square[i] = math.Inf(1)
		}
		for c := range k {
			nearer(c)
		}
		same := true
		for i := range of {
			same = same && of[i] == was[i]
		}
		if same {
			break
		}
	}
	clear(count)
	for _, c := range of {
		count[c]++
	}
	share := make([]float64, n*k)
	for i, c := range of {
		share[i*k+c] = 1
	}
	for c := range k {
		if count[c] == 0 { // a centre without rows, as among copies: it begins as all rows
			for i := range n {
				share[i*k+c] = 1 / float64(n)
			}
		}
	}
	return share
}
