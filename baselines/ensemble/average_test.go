package ensemble

import (
	"math"
	"math/big"
	"testing"

	"github.com/uaibench/uaibench/bench"
)

// TestAverage: c(m) is 2H(m-1) - 2(m-1)/m with the harmonic number as ln + Euler's constant. The
// exact mean depth of an unsuccessful search in a random binary search tree has the true H, so the
// two differ by at most 2 (H(k) - ln k - gamma) < 1/k, k = m-1.
func TestAverage(t *testing.T) {
	if average(0) != 0 || average(1) != 0 || average(2) != 1 {
		t.Errorf("c(0), c(1), c(2) = %v, %v, %v, want 0, 0, 1", average(0), average(1), average(2))
	}
	h := new(big.Rat)
	for m := 3; m <= 2000; m++ {
		if m == 3 {
			h.Add(h, big.NewRat(1, 1))
		}
		h.Add(h, big.NewRat(1, int64(m-1)))
		hk, _ := h.Float64()
		exact := 2*hk - 2*float64(m-1)/float64(m)
		if d := exact - average(m); d <= 0 || d >= 1/float64(m-1) {
			t.Fatalf("c(%d) is %v, the exact mean depth %v", m, average(m), exact)
		}
		if m > 200 {
			h.SetFloat64(hk) // exact fractions grow
		}
	}
	// values of scikit-learn's _average_path_length([3, 4, 256])
	for m, want := range map[int]float64{3: 1.207392357589623, 4: 1.8516559071392855,
		256: 10.244770920119917} {
		if math.Abs(average(m)-want) > 1e-14*want {
			t.Errorf("c(%d) is %.16g, want %.16g", m, average(m), want)
		}
	}
}

// TestScoreOfAlikeRows: if all rows are equal no tree splits, every path is c(subsample), and the
// score 2^(-1) (Liu et al., eq. 2), whatever the subsample.
func TestScoreOfAlikeRows(t *testing.T) {
	d := bench.Data{X: bench.NewMatrix(300, 2)}
	for _, sample := range []int{2, 3, 50, 256} {
		s := fitScore(t, NewIForest(ForestSettings{Trees: 7, Subsample: sample, Seed: 1}), d)
		for i, v := range s {
			if math.Abs(v-0.5) > 1e-12 {
				t.Fatalf("a subsample of %d: row %d scores %v", sample, i, v)
			}
		}
	}
}
