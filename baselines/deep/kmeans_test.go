package deep

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/bench"
)

func means(k, h int, x ...float32) *kmeans {
	m := newKMeans(len(x)/h, h, k)
	copy(m.x, x)
	return m
}

// TestLloydByHand: 0, 1, 2, 10, 11, 12 from the centres 0 and 1.
//
//	own (0 | 1 2 10 11 12): means 0, 7.2;  own (0 1 2 | 10 11 12): means 1, 11;  own unchanged.
//
// The squared distances 1 + 0 + 1 + 1 + 0 + 1 are 4.
func TestLloydByHand(t *testing.T) {
	m := means(2, 1, 0, 1, 2, 10, 11, 12)
	copy(m.centres, []float32{0, 1})
	sum, err := m.lloyd(context.Background())
	if err != nil || sum != 4 || !slices.Equal(m.centres, []float32{1, 11}) || !slices.Equal(m.own, []int32{0, 0, 0, 1, 1, 1}) || !slices.Equal(m.sizes, []int{3, 3}) {
		t.Errorf("%v, sum %g, centres %v, own %v, sizes %v", err, sum, m.centres, m.own, m.sizes)
	}
	// A tie goes to the lower number: 1 is as far from 0 as from 2.
	m = means(2, 1, 0, 1, 2)
	copy(m.centres, []float32{2, 0})
	if _, err := m.lloyd(context.Background()); err != nil || !slices.Equal(m.own, []int32{1, 0, 0}) {
		t.Errorf("%v, a tie: %v", err, m.own)
	}
	// No row is nearest to 100.
	m = means(3, 1, 0, 1, 2)
	copy(m.centres, []float32{0, 100, 2})
	if _, err := m.lloyd(context.Background()); err == nil || err.Error() != "cluster 2 of 3 is empty" {
		t.Errorf("an empty cluster: %v", err)
	}
	// Two dimensions: the corners of a long rectangle.
	m = means(2, 2, 0, 0, 0, 1, 9, 0, 9, 1)
	copy(m.centres, []float32{1, 1, 2, 1})
	if sum, _ := m.lloyd(context.Background()); sum != 1 || !slices.Equal(m.centres, []float32{0, 0.5, 9, 0.5}) {
		t.Errorf("corners: sum %g, centres %v", sum, m.centres)
	}
}

// TestKMeansFindsTheBest: of ten points in the plane all partitions into two and three clusters are
// tried; twenty restarts find the least sum of squares.
func TestKMeansFindsTheBest(t *testing.T) {
	for seed := range uint64(6) {
		rng := bench.NewStream(seed, "points").Rand()
		const n = 10
		x := make([]float32, 2*n)
		for i := range x {
			x[i] = float32(rng.Float64())
		}
		for k := 2; k <= 3; k++ {
			least := math.Inf(1)
			for code := range int(math.Pow(float64(k), n)) {
				var count [3]float64
				var sum, sq [3][2]float64
				for i, c := 0, code; i < n; i, c = i+1, c/k {
					count[c%k]++
					for j := range 2 {
						v := float64(x[2*i+j])
						sum[c%k][j] += v
						sq[c%k][j] += v * v
					}
				}
				total := 0.0
				for c := range k {
					for j := range 2 {
						if count[c] > 0 {
							total += sq[c][j] - sum[c][j]*sum[c][j]/count[c]
						}
					}
				}
				least = min(least, total)
			}
			m := means(k, 2, x...)
			if err := m.best(context.Background(), 20, bench.NewStream(seed, "k-means")); err != nil {
				t.Fatal(err)
			}
			got := 0.0
			for i, c := range m.own {
				for j := range 2 {
					e := float64(x[2*i+j]) - float64(m.centres[2*int(c)+j])
					got += e * e
				}
			}
			if math.Abs(got-least) > 1e-6 {
				t.Errorf("seed %d, %d clusters: %g, the least is %g", seed, k, got, least)
			}
			again := means(k, 2, x...)
			if err := again.best(context.Background(), 20, bench.NewStream(seed, "k-means")); err != nil || !slices.Equal(again.centres, m.centres) {
				t.Errorf("seed %d: %v, other centres with the same stream", seed, err)
			}
		}
	}
}

// TestSpread: k-means++ draws a row in proportion to its squared distance. Of 0, 2 and 6 the first is
// uniform; from 0 the next is 2 once in ten times and 6 nine times in ten.
func TestSpread(t *testing.T) {
	rng := bench.NewStream(1, "spread").Rand()
	m := means(2, 1, 0, 2, 6)
	const draws = 30000
	first, next := map[float32]int{}, map[float32]int{}
	for range draws {
		if err := m.spread(rng); err != nil {
			t.Fatal(err)
		}
		first[m.centres[0]]++
		if m.centres[0] == 0 {
			next[m.centres[1]]++
		}
	}
	// sd of a count of 10,000 is 82, of one of 1,000 (of 10,000) 30.
	for _, v := range []float32{0, 2, 6} {
		if math.Abs(float64(first[v])-draws/3) > 6*82 {
			t.Errorf("%g came first %d times", v, first[v])
		}
	}
	if n := float64(next[2] + next[6]); next[0] != 0 || math.Abs(float64(next[2])-n/10) > 6*30 {
		t.Errorf("after 0 came %v", next)
	}
}

// TestKMeansRefuses what has no K clusters.
func TestKMeansRefuses(t *testing.T) {
	nan := float32(math.NaN())
	stopped, cancel := context.WithCancel(context.Background())
	cancel()
	for _, c := range []struct {
		ctx  context.Context
		m    *kmeans
		want string
	}{
		{context.Background(), means(2, 1, 5, 5, 5), "the codes of all 3 rows are only 1 different points, and 2 clusters are wanted"},
		{context.Background(), means(3, 2, 5, 5, 1, 2, 5, 5), "only 2 different points, and 3 clusters"},
		{context.Background(), means(2, 2, 1, 2, 3, nan), "the code of row 1 is NaN"},
		{stopped, means(2, 1, 1, 2, 3), "context canceled"},
	} {
		if err := c.m.best(c.ctx, 3, bench.NewStream(1, "k-means")); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %q in it", err, c.want)
		}
	}
}
