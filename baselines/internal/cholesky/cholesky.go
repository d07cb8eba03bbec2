// Package cholesky factors covariances, in float64 and in a fixed order: with the same bits on
// every processor. gonum's factor has not, as its sums of products are split in another way by its
// assembly than by portable Go.
package cholesky

import "math"

// Factor sets the lower triangle of l (n x n, row-major) to L of a = L·Lᵀ, of which the lower
// triangle is read; both may be the same. It calls check with each row and its pivot, the square of
// the element of L on the diagonal, before it takes the root, and ends with check's error.
func Factor(l, a []float64, n int, check func(row int, pivot float64) error) error {
	for i := range n {
		for j := range i + 1 {
			v := a[i*n+j]
			for c := range j {
				v -= float64(l[i*n+c] * l[j*n+c])
			}
			if j < i {
				l[i*n+j] = v / l[j*n+j]
				continue
			}
			if err := check(i, v); err != nil {
				return err
			}
			l[i*n+i] = math.Sqrt(v)
		}
	}
	return nil
}
