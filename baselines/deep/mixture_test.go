package deep

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/baselines/internal/peer"
	"github.com/uaibench/uaibench/bench"
)

// made returns the mixture with the given parameters.
func made(t *testing.T, share, mean, cov []float64, d int) *mixture {
	t.Helper()
	m := newMixture(len(share), d, 0)
	copy(m.share, share)
	copy(m.mean, mean)
	copy(m.cov, cov)
	if err := m.factor(); err != nil {
		t.Fatal(err)
	}
	return m
}

func energyOf(m *mixture, z ...float32) float64 {
	return m.energy(z, make([]float64, m.k), nil, make([]float64, m.d))
}

// TestEnergyClosedForms: the standard normal's -ln density; a normal with covariance [[4, 2], [2,
// 5]], whose determinant is 16 and inverse [[5, -2], [-2, 4]]/16, at mean + (1, 2): 1/2·(5 - 8 +
// 16)/16 + 1/2·ln(4π²·16); two halves at ±1 evaluated at their middle, e^(-1/2)/sqrt(2π), and at 1,
// where the nearer gives 1/2 and the farther e^-2/2 of 1/sqrt(2π); shares of 1 : 3.
func TestEnergyClosedForms(t *testing.T) {
	ln := math.Log
	pair := made(t, []float64{0.5, 0.5}, []float64{-1, 1}, []float64{1, 1}, 1)
	uneven := made(t, []float64{0.25, 0.75}, []float64{0, 10}, []float64{1, 4}, 1)
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"standard normal",
			energyOf(made(t, []float64{1}, []float64{0, 0, 0}, []float64{1, 0, 0, 0, 1, 0, 0, 0, 1},
				3), 1, 2, -2), 4.5 + 1.5*ln(2*math.Pi)},
		{"two correlated",
			energyOf(made(t, []float64{1}, []float64{3, -1}, []float64{4, 2, 2, 5}, 2), 4,
				1), 13.0/32 + 0.5*ln(4*math.Pi*math.Pi*16)},
		{"between two", energyOf(pair, 0), 0.5 + 0.5*ln(2*math.Pi)},
		{"on one of two", energyOf(pair, 1), -ln((1 + math.Exp(-2)) / 2 / math.Sqrt(2*math.Pi))},
		{"uneven", energyOf(uneven, 0), -ln((0.25 + 0.375*math.Exp(-12.5)) / math.Sqrt(2*math.Pi))},
		{"far off, where densities underflow", energyOf(pair, 1001),
			0.5*1e6 + ln(2) + 0.5*ln(2*math.Pi)},
	} {
		if math.Abs(c.got-c.want) > 1e-13*math.Abs(c.want) {
			t.Errorf("%s: E = %.16g, want %.16g", c.name, c.got, c.want)
		}
	}
}

// TestMixtureAgainstSciPy (testdata/mixture.py): shares, means, covariances, energies and posterior
// shares of 40 rows with soft memberships.
func TestMixtureAgainstSciPy(t *testing.T) {
	var golden struct {
		Diagonal                          float64
		K, D                              int
		Z, G                              []float32
		Phi, Mean, Cov, Energy, Posterior []float64
	}
	peer.Read(t, "mixture.json", &golden)
	k, d := golden.K, golden.D
	m := newMixture(k, d, golden.Diagonal)
	m.begin()
	m.add(golden.Z[:7*d], golden.G[:7*k]) // in two parts
	m.add(golden.Z[7*d:], golden.G[7*k:])
	if err := m.finish(); err != nil {
		t.Fatal(err)
	}
	near := func(name string, got, want []float64) {
		t.Helper()
		for i, w := range want {
			if math.Abs(got[i]-w) > 1e-11*(1+math.Abs(w)) {
				t.Errorf("%s %d: %.15g, want %.15g", name, i, got[i], w)
			}
		}
	}
	near("share", m.share, golden.Phi)
	near("mean", m.mean, golden.Mean)
	near("cov", m.cov, golden.Cov)
	var energies, posterior []float64
	r, v, y := make([]float64, k), make([]float64, k*d), make([]float64, d)
	for i := range golden.Energy {
		energies = append(energies, m.energy(golden.Z[i*d:(i+1)*d], r, v, y))
		posterior = append(posterior, r...)
		for c := range k { // v solves cov v = z - mean
			for a := range d {
				sum := 0.0
				for b := range d {
					sum += golden.Cov[(c*d+a)*d+b] * v[c*d+b]
				}
				near("cov·v", []float64{sum},
					[]float64{float64(golden.Z[i*d+a]) - golden.Mean[c*d+a]})
			}
		}
	}
	near("energy", energies, golden.Energy)
	near("posterior", posterior, golden.Posterior)

	var kept bytes.Buffer
	if err := m.Snapshot(&kept); err != nil {
		t.Fatal(err)
	}
	other := newMixture(k, d, golden.Diagonal)
	if err := other.Restore(&kept); err != nil {
		t.Fatal(err)
	}
	if a, b := energyOf(m, golden.Z[:d]...), energyOf(other, golden.Z[:d]...); a != b {
		t.Errorf("a restored mixture has energy %v, the one it was %v", b, a)
	}
}

// TestBrokenMixtures: the error names the fault, and the mixture is not ready.
func TestBrokenMixtures(t *testing.T) {
	nan := float32(math.NaN())
	for _, c := range []struct {
		name     string
		diagonal float64
		z, g     []float32 // D = 2, K = 2
		want     string
	}{
		{"no members", 1e-6, []float32{1, 2, 3, 5, 4, 4}, []float32{1, 0, 1, 0, 1, 0},
			"component 2 of 2 collapsed: not one of 3 rows"},
		{"on a line", 1e-18, []float32{1, 2, 2, 4, 3, 6}, []float32{1, 0.5, 1, 0.5, 1, 0.5},
			"component 1 of 2 is singular, though 1e-18 was added"},
		{"one row", 0, []float32{1, 2, 3, 5, 4, 4}, []float32{1, 0, 1, 0, 1, 1}, "singular"},
		{"no number in z", 1e-6, []float32{1, nan, 2, 4, 3, 6}, []float32{1, 0.5, 1, 0.5, 1, 0.5},
			"not finite"},
		{"no number in g", 1e-6, []float32{1, 1, 2, 4, 3, 6}, []float32{1, 0.5, nan, 0.5, 1, 0.5},
			"memberships are not finite"},
	} {
		m := newMixture(2, 2, c.diagonal)
		m.begin()
		m.add(c.z, c.g)
		err := m.finish()
		if err == nil || !strings.Contains(err.Error(), c.want) || m.ready {
			t.Errorf("%s: %v (ready: %v), want %q in it", c.name, err, m.ready, c.want)
		}
	}
	// With enough on the diagonal the line is an ordinary mixture.
	m := newMixture(1, 2, 1e-6)
	m.begin()
	m.add([]float32{1, 2, 2, 4, 3, 6}, []float32{1, 1, 1})
	if err := m.finish(); err != nil {
		t.Error(err)
	}
}

// referenceMixture returns mixtureBack's J in float64, from the definitions, and the shares, means
// and covariances; a non-nil element of hold replaces one of these by constants.
func referenceMixture(z, g []float64, k, d int, diagonal, energy, covariance float64,
	hold [3][]float64) (j float64, parts [3][]float64) {
	n := len(g) / k
	share, mean, cov := make([]float64, k), make([]float64, k*d), make([]float64, k*d*d)
	for c := range k {
		mass := 0.0
		for i := range n {
			mass += g[i*k+c]
		}
		share[c] = mass / float64(n)
		for i := range n {
			for a := range d {
				mean[c*d+a] += g[i*k+c] * z[i*d+a] / mass
			}
		}
		for i := range n {
			for a := range d {
				for b := range d {
					cov[(c*d+a)*d+b] += g[i*k+c] * (z[i*d+a] - mean[c*d+a]) * (z[i*d+b] - mean[c*d+b]) / mass
				}
			}
		}
		for a := range d {
			cov[(c*d+a)*d+a] += diagonal
		}
	}
	parts = [3][]float64{share, mean, cov}
	for i, h := range hold {
		if h != nil {
			parts[i] = h
		}
	}
	share, mean, cov = parts[0], parts[1], parts[2]
	for i := range n {
		p := 0.0
		for c := range k {
			delta := make([]float64, d)
			for a := range d {
				delta[a] = z[i*d+a] - mean[c*d+a]
			}
			square, det := solve(cov[c*d*d:(c+1)*d*d], delta)
			p += share[c] * math.Exp(-0.5*square) / math.Sqrt(math.Pow(2*math.Pi, float64(d))*det)
		}
		j += energy * -math.Log(p) / float64(n)
	}
	for c := range k {
		for a := range d {
			j += covariance / cov[(c*d+a)*d+a]
		}
	}
	return j, parts
}

// solve returns xᵀ A⁻¹ x and |A| by Gaussian elimination.
func solve(a, x []float64) (square, det float64) {
	n := len(x)
	a, y := append([]float64(nil), a...), append([]float64(nil), x...)
	det = 1
	for i := range n {
		det *= a[i*n+i]
		for r := i + 1; r < n; r++ {
			f := a[r*n+i] / a[i*n+i]
			for c := range n {
				a[r*n+c] -= f * a[i*n+c]
			}
			y[r] -= f * y[i]
		}
	}
	for i := n - 1; i >= 0; i-- {
		for c := i + 1; c < n; c++ {
			y[i] -= a[i*n+c] * y[c]
		}
		y[i] /= a[i*n+i]
		square += y[i] * x[i]
	}
	return square, det
}

// TestMixtureGradients: the total dJ/dz and dJ/dg, and dJ/dphi, dJ/dmu, dJ/dSigma separately,
// against central differences in float64. A step of 1e-5 leaves an error of 1e-9 of the largest,
// and as much rounding.
func TestMixtureGradients(t *testing.T) {
	const n, k, d = 12, 3, 3
	rng := bench.NewStream(3, "mixture").Rand()
	z, g := make([]float32, n*d), make([]float32, n*k)
	for i := range z {
		z[i] = float32(rng.NormFloat64())
	}
	for i := range n {
		sum := float32(0)
		for c := range k {
			g[i*k+c] = float32(rng.Float64()) + 0.05
			sum += g[i*k+c]
		}
		for c := range k {
			g[i*k+c] /= sum
		}
	}
	for _, w := range [][2]float64{{0.7, 0.3}, {0.7, 0}, {0, 0.3}} {
		m := newMixture(k, d, 0.01)
		m.begin()
		m.add(z, g)
		if err := m.finish(); err != nil {
			t.Fatal(err)
		}
		b := newMixtureBack(m, n)
		for i := range n {
			m.energy(z[i*d:(i+1)*d], b.r[i*k:(i+1)*k], b.v[i*k*d:(i+1)*k*d], make([]float64, d))
		}
		b.moments(n, w[0], w[1])
		b.rows(0, 5, z, g, w[0])
		b.rows(5, n, z, g, w[0])

		z64, g64 := doubles(z), doubles(g)
		j := func(hold [3][]float64) float64 {
			v, _ := referenceMixture(z64, g64, k, d, 0.01, w[0], w[1], hold)
			return v
		}
		_, parts := referenceMixture(z64, g64, k, d, 0.01, w[0], w[1], [3][]float64{})
		hold := func(i int) (h [3][]float64) { h[i] = parts[i]; return h }
		check := func(name string, got, x []float64, loss func() float64) {
			t.Helper()
			largest := 1e-3
			for _, v := range got {
				largest = max(largest, math.Abs(v))
			}
			for i, keep := range x {
				const h = 1e-5
				x[i] = keep + h
				up := loss()
				x[i] = keep - h
				want := (up - loss()) / (2 * h)
				x[i] = keep
				if math.Abs(got[i]-want) > 1e-7*largest {
					t.Errorf("energy %g, covariance %g: %s %d: %.9g, finite difference %.9g", w[0],
						w[1], name, i, got[i], want)
				}
			}
		}
		check("dJ/dz", b.dz, z64, func() float64 { return j([3][]float64{}) })
		check("dJ/dg", b.dg, g64, func() float64 { return j([3][]float64{}) })
		check("dJ/dmean", b.mean, parts[1], func() float64 { return j(hold(1)) })
		// cov's two halves are moved separately here, so that each entry has its own gradient.
		check("dJ/dcov", b.cov, parts[2], func() float64 { return j(hold(2)) })
		share := make([]float64, k)
		for c := range k {
			share[c] = b.posted[c] / m.share[c]
		}
		check("dJ/dphi", share, parts[0], func() float64 { return j(hold(0)) })
	}
}
