package ensemble

import (
	"math"
	"slices"
	"testing"

	"github.com/uaibench/uaibench/bench"
	"pgregory.net/rapid"
)

// TestTauRankByHand: ten scores, tau 0.3: K = 3; the 0.7 quantile lies at position 9 * 0.7 = 6.3.
func TestTauRankByHand(t *testing.T) {
	s := []float64{5, 0, 9, 1, 8, 2, 7, 3, 6, 4}
	q, row := tauRank(s, make([]float64, 10), 0.3)
	if math.Abs(q-6.3) > 1e-12 || row != 8 { // the row of score 6 is the fourth highest
		t.Errorf("q %v, row %d, want 6.3 and 8", q, row)
	}
	if q, row := tauRank(s, make([]float64, 10), 0); q != 9 || row != 2 {
		t.Errorf("tau 0: q %v, row %d, want the maximum", q, row)
	}
	if q, row := tauRank([]float64{4, 4, 4, 4}, make([]float64, 4), 0.5); q != 4 || row != 2 {
		t.Errorf("ties: q %v, row %d, want 4 and the third row", q, row)
	}
	if q, row := tauRank([]float64{3}, make([]float64, 1), 1); q != 3 || row != 0 {
		t.Errorf("one row: q %v, row %d", q, row)
	}
}

func TestTauRankAgainstSorting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := bench.NewStream(rapid.Uint64().Draw(t, "seed"), "scores").Rand()
		n := rapid.IntRange(1, 300).Draw(t, "n")
		values := rapid.SampledFrom([]int{1, 2, 7, 1000}).Draw(t, "values")
		tau := rapid.SampledFrom([]float64{0, 0.01, 0.03, 0.1, 0.5, 1}).Draw(t, "tau")
		s := make([]float64, n)
		for i := range s {
			s[i] = float64(rng.IntN(values)) / 3
		}
		q, row := tauRank(s, make([]float64, n), tau)
		k := min(int(math.RoundToEven(tau*float64(n))), n-1)
		if want := bench.Ranking(s)[k]; row != want {
			t.Fatalf("row %d, want %d", row, want)
		}
		sorted := slices.Sorted(slices.Values(s))
		want := sorted[0]
		if n > 1 {
			want = quantile(sorted, 1-float64(k)/float64(n))
		}
		if math.Abs(q-want) > 1e-12 {
			t.Fatalf("q %v, want %v", q, want)
		}
	})
}
