// Package cholesky factors covariances in float64 and in a fixed order, with the same bits on every
// processor. gonum's factor differs between its assembly and portable Go, which split the sums of
// products in different ways.
package cholesky

import "math"

// Factor sets the lower triangle of l (n x n, row-major) to L of a = L·Lᵀ, reading only the lower
// triangle of a; both may be the same slice. It calls check with each row and its pivot, the square
// of the diagonal element of L, before it takes the root, and returns check's first error.
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
