package synth

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/uaibench/uaibench/bench"
)

// principal returns the eigenvectors of the k largest eigenvalues of a symmetric, positive
// semidefinite matrix (d x d), largest first, each of unit length; their signs are arbitrary.
//
// It is subspace iteration with a Rayleigh-Ritz step: a block of k+more vectors is multiplied by
// the matrix and rotated to the eigenvectors within its span, until the first k no longer change
// direction. For few components that is ten times faster than computing all eigenvectors.
func principal(a []float64, d, k int) ([][]float64, error) {
	const (
		more = 8 // the first k converge as the ratio of eigenvalues k+more+1 and k
		// residual relative to the largest eigenvalue; rounding errors are some 1e-14
		exact = 1e-12
		limit = 5000
	)
	size := min(d, k+more)
	if k > size {
		return nil, errors.New("there are fewer principal components than requested")
	}
	rng := bench.NewStream(0, "synth/pca/start").Rand() // any start will do, if fixed
	q := vectors(size, d)
	for _, v := range q {
		for i := range v {
			v[i] = rng.Float64() - 0.5
		}
	}
	if !orthonormal(q) {
		return nil, errNotFound
	}
	product := vectors(size, d)
	for range limit {
		for i, v := range q {
			for r := range d {
				product[i][r] = dot(a[r*d:(r+1)*d], v)
			}
		}
		h := mat.NewSymDense(size, nil)
		for i := range q {
			for j := i; j < size; j++ {
				h.SetSym(i, j, dot(q[i], product[j]))
			}
		}
		var eigen mat.EigenSym
		if !eigen.Factorize(h, true) {
			return nil, errNotFound
		}
		var rotation mat.Dense
		eigen.VectorsTo(&rotation)
		values := eigen.Values(nil) // ascending
		q = rotate(q, &rotation)
		product = rotate(product, &rotation)
		residual := 0.0
		for i := range k {
			for j, y := range product[i] {
				residual = max(residual, math.Abs(y-float64(values[size-1-i]*q[i][j])))
			}
		}
		if residual <= exact*values[size-1] {
			return q[:k], nil
		}
		q, product = product, q
		if !orthonormal(q) {
			return nil, errNotFound
		}
	}
	return nil, errNotFound
}

var errNotFound = errors.New("the principal components of a class were not found: the iteration " +
	"does not converge, or there are too few")

func vectors(n, d int) [][]float64 {
	out := make([][]float64, n)
	for i := range out {
		out[i] = make([]float64, d)
	}
	return out
}

// rotate returns the linear combinations of the vectors v by the columns of r (len(v) of them),
// last column first.
func rotate(v [][]float64, r *mat.Dense) [][]float64 {
	out := vectors(len(v), len(v[0]))
	for i, w := range out {
		for j := range v {
			axpy(w, r.At(j, len(v)-1-i), v[j])
		}
	}
	return out
}

// orthonormal makes v orthonormal by the Gram-Schmidt method, applied twice, as once is not enough
// for nearly dependent vectors. It reports whether they were independent.
func orthonormal(v [][]float64) bool {
	for i, w := range v {
		before := math.Sqrt(dot(w, w))
		for range 2 {
			for _, u := range v[:i] {
				axpy(w, -dot(u, w), u)
			}
		}
		after := math.Sqrt(dot(w, w))
		if !(after > 1e-13*before) { // only rounding errors are left, or NaN
			return false
		}
		for j := range w {
			w[j] /= after
		}
	}
	return true
}

// axpy adds s*x to y.
func axpy(y []float64, s float64, x []float64) {
	for i, v := range x {
		y[i] += float64(s * v)
	}
}

// dot returns the inner product, in four partial sums.
func dot(a, b []float64) float64 {
	var s [4]float64
	i := 0
	for ; i+4 <= len(a); i += 4 {
		x, y := a[i:i+4:i+4], b[i:i+4:i+4]
		s[0] += float64(x[0] * y[0])
		s[1] += float64(x[1] * y[1])
		s[2] += float64(x[2] * y[2])
		s[3] += float64(x[3] * y[3])
	}
	for ; i < len(a); i++ {
		s[0] += float64(a[i] * b[i])
	}
	return (s[0] + s[1]) + (s[2] + s[3])
}
