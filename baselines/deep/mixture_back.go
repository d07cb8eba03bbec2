package deep

// mixtureBack backpropagates through a mixture of a batch: it computes the gradients of
//
//	J = energy/N · sum over i of E(z_i) + covariance · sum over k, j of 1/cov_kjj
//
// with respect to the batch's z and memberships g, both as they enter E directly and through phi,
// mean and cov. With S_k the mass, δ = z_i - mean_k, v = cov_k⁻¹ δ, r the posterior shares and w =
// energy/N,
//
//	M_k = -w Σ_i r v                                                     (dJ/dmean_k)
//	G_k = -w/2 Σ_i r (v vᵀ - cov_k⁻¹) - covariance · diag(1/cov_kjj²)    (dJ/dcov_k, symmetric)
//	dJ/dz_i  = w Σ_k r v + Σ_k g_ik/S_k (M_k + 2 G_k δ)
//	dJ/dg_ik = (-w Σ_i r + M_k·δ + δᵀ G_k δ - <G_k, cov_k - diagonal·I>) / S_k
//
// The gradient through cov_k's dependence on mean_k vanishes, as Σ_i g_ik δ is zero.
type mixtureBack struct {
	m      *mixture
	r, v   []float64 // N x K and N x K x D, of the energies
	posted []float64 // K: Σ_i r
	mean   []float64 // K x D: M
	cov    []float64 // K x D x D: G
	inner  []float64 // K: <G, cov - diagonal·I>
	dz     []float64 // N x D
	dg     []float64 // N x K
}

func newMixtureBack(m *mixture, batch int) *mixtureBack {
	b := &mixtureBack{m: m}
	k, d := m.k, m.d
	for _, f := range []struct {
		field *[]float64
		n     int
	}{{&b.r, batch * k}, {&b.v, batch * k * d}, {&b.posted, k}, {&b.mean, k * d},
		{&b.cov, k * d * d}, {&b.inner, k}, {&b.dz, batch * d}, {&b.dg, batch * k}} {
		*f.field = make([]float64, f.n)
	}
	return b
}

// moments computes M, G and the other values that the rows share, for n rows whose r and v are set.
func (b *mixtureBack) moments(n int, energy, covariance float64) {
	m, d := b.m, b.m.d
	w := energy / float64(n)
	clear(b.posted)
	clear(b.mean)
	clear(b.cov)
	for i := range n {
		for k := range m.k {
			r := b.r[i*m.k+k]
			v := b.v[(i*m.k+k)*d : (i*m.k+k+1)*d]
			b.posted[k] += r
			for a, va := range v {
				f := float64(r * va)
				b.mean[k*d+a] += f
				for c, vc := range v[:a+1] {
					b.cov[(k*d+a)*d+c] += float64(f * vc)
				}
			}
		}
	}
	for k := range m.k {
		half := m.half[k*d*d : (k+1)*d*d]
		b.inner[k] = 0
		for a := range d {
			b.mean[k*d+a] *= -w
			for c := range a + 1 {
				inverse := 0.0 // cov_k⁻¹ at (a, c)
				for e := a; e < d; e++ {
					inverse += float64(half[e*d+a] * half[e*d+c])
				}
				g := float64(-0.5 * w * (b.cov[(k*d+a)*d+c] - float64(b.posted[k]*inverse)))
				v := m.cov[(k*d+a)*d+c]
				if a == c {
					g -= covariance / float64(v*v)
					b.inner[k] += float64(g * (v - m.diagonal))
				} else {
					b.inner[k] += 2 * float64(g*v)
				}
				b.cov[(k*d+a)*d+c], b.cov[(k*d+c)*d+a] = g, g
			}
		}
		b.posted[k] *= -w
	}
}

// rows computes dz and dg of rows [lo, hi) of the batch z (N x D), g (N x K).
func (b *mixtureBack) rows(lo, hi int, z, g []float32, energy float64) {
	m, d := b.m, b.m.d
	w := energy / float64(m.rows)
	for i := lo; i < hi; i++ {
		dz := b.dz[i*d : (i+1)*d]
		clear(dz)
		for k := range m.k {
			r := w * b.r[i*m.k+k]
			share := float64(g[i*m.k+k]) / m.mass[k]
			v, mean := b.v[(i*m.k+k)*d:], m.mean[k*d:(k+1)*d]
			sum := b.posted[k] - b.inner[k]
			for a := range d {
				da := float64(z[i*d+a]) - mean[a]
				gd := 0.0 // (G δ)_a
				for c := range d {
					gd += float64(b.cov[(k*d+a)*d+c] * (float64(z[i*d+c]) - mean[c]))
				}
				dz[a] += float64(r*v[a]) + float64(share*(b.mean[k*d+a]+2*gd))
				sum += float64(da * (b.mean[k*d+a] + gd))
			}
			b.dg[i*m.k+k] = sum / m.mass[k]
		}
	}
}
