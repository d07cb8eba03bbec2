package cholesky

import (
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/uaibench/uaibench/bench"
)

// TestByHand: [[4, .], [2, 5]] is L Lᵀ of L = [[2, 0], [1, 2]]; elements above the diagonal do not
// change.
func TestByHand(t *testing.T) {
	a := []float64{4, 7, 2, 5}
	var pivots []float64
	keep := func(_ int, v float64) error { pivots = append(pivots, v); return nil }
	if err := Factor(a, a, 2, keep); err != nil || !slices.Equal(a, []float64{2, 7, 1, 2}) {
		t.Errorf("%v, %v", a, err)
	}
	if !slices.Equal(pivots, []float64{4, 4}) {
		t.Errorf("pivots %v", pivots)
	}
	// [[1, .], [2, 4]] is singular: its second pivot is 0, and check can end the factorisation
	// there.
	singular := errors.New("singular")
	err := Factor(make([]float64, 4), []float64{1, 0, 2, 4}, 2, func(row int, v float64) error {
		if v <= 0 && row == 1 {
			return singular
		}
		return nil
	})
	if err != singular {
		t.Error(err)
	}
}

// TestProduct: L Lᵀ equals the matrix, up to the rounding of sums of at most twelve terms below 12.
func TestProduct(t *testing.T) {
	rng := bench.NewStream(1, "cholesky").Rand()
	for n := 1; n <= 12; n++ {
		b, a, l := make([]float64, n*n), make([]float64, n*n), make([]float64, n*n)
		for i := range b {
			b[i] = rng.NormFloat64()
		}
		product := func(x []float64, i, j int) (sum float64) {
			for c := range n {
				sum += x[i*n+c] * x[j*n+c]
			}
			return sum
		}
		for i := range n {
			for j := range n {
				a[i*n+j] = product(b, i, j)
			}
		}
		if err := Factor(l, a, n, func(int, float64) error { return nil }); err != nil {
			t.Fatal(err)
		}
		for i := range n {
			for j := range i + 1 {
				if math.Abs(product(l, i, j)-a[i*n+j]) > 1e-12 {
					t.Errorf("n = %d: element %d, %d is %g, want %g", n, i, j, product(l, i, j),
						a[i*n+j])
				}
			}
		}
	}
}
