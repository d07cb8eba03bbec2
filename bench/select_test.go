package bench

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestSelectIsTheHeadOfASort(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// Few distinct values, so that ties are common; both zeros, which tie.
		scores := rapid.SliceOfN(rapid.SampledFrom([]float64{-1, math.Copysign(0, -1), 0, 0.5, 1e300}), 0, 60).Draw(t, "scores")
		k := rapid.IntRange(-1, 70).Draw(t, "k")
		var dst []int
		if rapid.Bool().Draw(t, "reuse") {
			dst = make([]int, rapid.IntRange(0, 80).Draw(t, "cap"))
		}
		want := make([]int, len(scores))
		for i := range want {
			want[i] = i
		}
		slices.SortStableFunc(want, func(a, b int) int {
			switch {
			case scores[a] > scores[b]:
				return -1
			case scores[a] < scores[b]:
				return 1
			}
			return 0
		})
		want = want[:max(0, min(k, len(want)))]
		if got := Select(dst, scores, k); !slices.Equal(got, want) {
			t.Fatalf("%v, want %v", got, want)
		}
	})
	if got := Ranking([]float64{1, 3, 3, 2}); !slices.Equal(got, []int{1, 2, 3, 0}) {
		t.Errorf("Ranking %v", got)
	}
	dst := make([]int, 3, 8)
	if got := Select(dst, []float64{1, 2, 3, 4}, 3); &got[0] != &dst[0] {
		t.Error("dst's memory was not used")
	}
}

func BenchmarkSelect(b *testing.B) {
	rng := NewStream(1, "bench").Rand()
	scores := make([]float64, 54600)
	for i := range scores {
		scores[i] = rng.Float64()
	}
	var dst []int
	for b.Loop() {
		dst = Select(dst, scores, 10)
	}
}
