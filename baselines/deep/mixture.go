package deep

import (
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/uaibench/uaibench/baselines/internal/cholesky"
	"github.com/uaibench/uaibench/baselines/internal/state"
	"github.com/uaibench/uaibench/bench/detmath"
)

// mixture is a Gaussian mixture over z in R^D, with DAGMM's energy under it (Zong et al. 2018, eqs.
// 5 and 6). All arithmetic is in float64, and rows are summed in order.
type mixture struct {
	k, d     int
	diagonal float64 // added to the diagonal of every covariance
	ready    bool    // finish has succeeded since begin

	rows  int
	mass  []float64 // K: sums of memberships
	share []float64 // K: phi = mass / rows
	mean  []float64 // K x D
	cov   []float64 // K x D x D, with the diagonal added

	half  []float64 // K x D x D: the inverse of cov's Cholesky factor L, lower triangular
	level []float64 // K: ln phi - ½ ln |2π cov|
	delta []float64 // D
}

func newMixture(k, d int, diagonal float64) *mixture {
	m := &mixture{k: k, d: d, diagonal: diagonal}
	for _, f := range []struct {
		field *[]float64
		n     int
	}{{&m.mass, k}, {&m.share, k}, {&m.mean, k * d}, {&m.cov, k * d * d},
		{&m.half, k * d * d}, {&m.level, k}, {&m.delta, d}} {
		*f.field = make([]float64, f.n)
	}
	return m
}

// begin drops all rows.
func (m *mixture) begin() {
	m.rows, m.ready = 0, false
	clear(m.mass)
	clear(m.mean)
	clear(m.cov)
}

// add adds rows of z (n x D) with their memberships g (n x K): means and sums of squares are
// updated row by row (West 1979), which stays accurate where a mean is large.
func (m *mixture) add(z, g []float32) {
	n := len(g) / m.k
	m.rows += n
	for i := range n {
		for k := range m.k {
			w := float64(g[i*m.k+k])
			if w == 0 {
				continue
			}
			m.mass[k] += w
			part := w / m.mass[k]
			rest := w * (1 - part)
			mean, cov := m.mean[k*m.d:(k+1)*m.d], m.cov[k*m.d*m.d:]
			for a := range m.d {
				m.delta[a] = float64(z[i*m.d+a]) - mean[a]
				mean[a] += float64(part * m.delta[a])
			}
			for a, da := range m.delta {
				f := rest * da
				for b, db := range m.delta[:a+1] {
					cov[a*m.d+b] += float64(f * db)
				}
			}
		}
	}
}

// finish computes the mixture of the rows added. A component without rows or with a singular
// covariance is an error.
func (m *mixture) finish() error {
	for k, mass := range m.mass {
		if !(mass > 0) || math.IsInf(mass, 0) {
			if mass == 0 {
				return fmt.Errorf("component %d of %d collapsed: not one of %d rows belongs to it",
					k+1, m.k, m.rows)
			}
			return errors.New("the memberships are not finite")
		}
		m.share[k] = mass / float64(m.rows)
		cov := m.cov[k*m.d*m.d:]
		for a := range m.d {
			for b := range a + 1 {
				v := cov[a*m.d+b] / mass
				if a == b {
					v += m.diagonal
				}
				cov[a*m.d+b], cov[b*m.d+a] = v, v
			}
		}
	}
	return m.factor()
}

// factor computes half and level from shares and covariances.
func (m *mixture) factor() error {
	n := m.d
	for k := range m.k {
		cov, half := m.cov[k*n*n:(k+1)*n*n], m.half[k*n*n:(k+1)*n*n]
		level := detmath.Ln(m.share[k])
		err := cholesky.Factor(half, cov, n, func(a int, v float64) error {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return fmt.Errorf("the covariance of component %d of %d is not finite", k+1, m.k)
			}
			if v <= 0x1p-50*cov[a*n+a] { // only rounding is left
				return fmt.Errorf("the covariance of component %d of %d is singular, though "+
					"%g was added to its diagonal: the variance of coordinate %d of z, given "+
					"those before it, is %.3g of %.3g",
					k+1, m.k, m.diagonal, a+1, v, cov[a*n+a])
			}
			level -= float64(0.5 * (ln2Pi + detmath.Ln(v)))
			return nil
		})
		if err != nil {
			return err
		}
		m.level[k] = level
		for a := range n { // half is L: invert it in place, row by row
			half[a*n+a] = 1 / half[a*n+a]
			for b := range a {
				v := 0.0
				for c := b; c < a; c++ {
					v -= float64(half[a*n+c] * half[c*n+b])
				}
				half[a*n+b] = v * half[a*n+a]
			}
			clear(half[a*n+a+1 : (a+1)*n])
		}
	}
	m.ready = true
	return nil
}

// ln2Pi is the logarithm of 2π.
const ln2Pi = 1.8378770664093454836

// energy returns E(z) = -ln of the sum over k of phi_k N(z; mean_k, cov_k). It sets r (len K) to
// the posterior share of each component and, unless it is nil, v (K x D) to cov_k⁻¹ (z - mean_k). y
// (len D) is scratch space.
func (m *mixture) energy(z []float32, r, v, y []float64) float64 {
	n := m.d
	top := math.Inf(-1)
	for k := range m.k {
		half, mean := m.half[k*n*n:(k+1)*n*n], m.mean[k*n:(k+1)*n]
		square := 0.0
		for a := range n {
			sum := 0.0
			for b := range a + 1 {
				sum += float64(half[a*n+b] * (float64(z[b]) - mean[b]))
			}
			y[a] = sum
			square += float64(sum * sum)
		}
		if v != nil {
			for b := range n {
				sum := 0.0
				for a := b; a < n; a++ {
					sum += float64(half[a*n+b] * y[a])
				}
				v[k*n+b] = sum
			}
		}
		r[k] = m.level[k] - float64(0.5*square)
		top = max(top, r[k])
	}
	if math.IsInf(top, -1) || math.IsNaN(top) {
		return -top
	}
	sum := 0.0
	for k, q := range r {
		r[k] = detmath.Exp(q - top)
		sum += r[k]
	}
	for k := range r {
		r[k] /= sum
	}
	return -(top + detmath.Ln(sum))
}

// penalty returns the sum of 1/cov_kjj over all components and coordinates.
func (m *mixture) penalty() float64 {
	sum := 0.0
	for k := range m.k {
		for a := range m.d {
			sum += 1 / m.cov[(k*m.d+a)*m.d+a]
		}
	}
	return sum
}

// Snapshot writes the mixture.
func (m *mixture) Snapshot(w io.Writer) error {
	return state.Write(w, m.ready, m.share, m.mean, m.cov)
}

// Restore reads what Snapshot wrote for a mixture of the same size.
func (m *mixture) Restore(r io.Reader) error {
	if err := state.Read(r, &m.ready, m.share, m.mean, m.cov); err != nil || !m.ready {
		return err
	}
	return m.factor()
}
