package kmeans

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/bench"
)

func of(k, d int, x ...float32) *Model[float32] {
	m := New[float32](len(x)/d, d, k)
	copy(m.X, x)
	return m
}

const most = 300

// TestLloydByHand: 0, 1, 2, 10, 11, 12 from the centres 0 and 1.
//
//	own (0 | 1 2 10 11 12): means 0, 7.2;  own (0 1 2 | 10 11 12): means 1, 11;  own unchanged.
//
// The squared distances 1 + 0 + 1 + 1 + 0 + 1 are 4.
func TestLloydByHand(t *testing.T) {
	m := of(2, 1, 0, 1, 2, 10, 11, 12)
	copy(m.Centres, []float32{0, 1})
	sum, err := m.Lloyd(context.Background(), most)
	if err != nil || sum != 4 || !slices.Equal(m.Centres, []float32{1, 11}) ||
		!slices.Equal(m.Own, []int32{0, 0, 0, 1, 1, 1}) || !slices.Equal(m.Sizes, []int{3, 3}) {
		t.Errorf("%v, sum %g, centres %v, own %v, sizes %v", err, sum, m.Centres, m.Own, m.Sizes)
	}
	// A tie goes to the lower index: 1 is as far from 0 as from 2.
	m = of(2, 1, 0, 1, 2)
	copy(m.Centres, []float32{2, 0})
	if _, err := m.Lloyd(context.Background(), most); err != nil ||
		!slices.Equal(m.Own, []int32{1, 0, 0}) {
		t.Errorf("%v, a tie: %v", err, m.Own)
	}
	// No row is nearest to 100.
	m = of(3, 1, 0, 1, 2)
	copy(m.Centres, []float32{0, 100, 2})
	if _, err := m.Lloyd(context.Background(), most); err == nil ||
		err.Error() != "cluster 2 of 3 is empty" {
		t.Errorf("an empty cluster: %v", err)
	}
	// Two dimensions: the corners of a long rectangle.
	m = of(2, 2, 0, 0, 0, 1, 9, 0, 9, 1)
	copy(m.Centres, []float32{1, 1, 2, 1})
	if sum, _ := m.Lloyd(context.Background(), most); sum != 1 ||
		!slices.Equal(m.Centres, []float32{0, 0.5, 9, 0.5}) {
		t.Errorf("corners: sum %g, centres %v", sum, m.Centres)
	}
}

// TestKeepEmpty: with KeepEmpty a cluster without points keeps its centre, and there may be more
// clusters than different points.
func TestKeepEmpty(t *testing.T) {
	m := of(3, 1, 1, 2, 3)
	m.KeepEmpty = true
	copy(m.Centres, []float32{1, 100, 3})
	sum, err := m.Lloyd(context.Background(), most)
	if err != nil || sum != 0.5 || !slices.Equal(m.Centres, []float32{1.5, 100, 3}) ||
		!slices.Equal(m.Sizes, []int{2, 0, 1}) {
		t.Errorf("%v, sum %g, centres %v, sizes %v", err, sum, m.Centres, m.Sizes)
	}
	alike := of(2, 1, 5, 5, 5)
	alike.KeepEmpty = true
	if err := alike.Spread(bench.NewStream(1, "spread").Rand(), Draw); err != nil {
		t.Error(err)
	}
}

// TestKMeansFindsTheBest: twenty restarts find the least sum of squares of all partitions of ten
// points in the plane into two and three clusters.
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
			m := of(k, 2, x...)
			if err := m.Best(context.Background(), 20, most,
				bench.NewStream(seed, "k-means")); err != nil {
				t.Fatal(err)
			}
			got := 0.0
			for i, c := range m.Own {
				for j := range 2 {
					e := float64(x[2*i+j]) - float64(m.Centres[2*int(c)+j])
					got += e * e
				}
			}
			if math.Abs(got-least) > 1e-6 {
				t.Errorf("seed %d, %d clusters: %g, the least is %g", seed, k, got, least)
			}
			again := of(k, 2, x...)
			if err := again.Best(context.Background(), 20, most,
				bench.NewStream(seed, "k-means")); err != nil ||
				!slices.Equal(again.Centres, m.Centres) {
				t.Errorf("seed %d: %v, other centres with the same stream", seed, err)
			}
		}
	}
}

// TestSpread: k-means++ draws a row in proportion to its squared distance. Of 0, 2 and 6 the first
// is uniform; after 0 the next is 2 once in ten times and 6 nine times in ten.
func TestSpread(t *testing.T) {
	rng := bench.NewStream(1, "spread").Rand()
	m := of(2, 1, 0, 2, 6)
	const draws = 30000
	first, next := map[float32]int{}, map[float32]int{}
	for range draws {
		if err := m.Spread(rng, Draw); err != nil {
			t.Fatal(err)
		}
		first[m.Centres[0]]++
		if m.Centres[0] == 0 {
			next[m.Centres[1]]++
		}
	}
	// The standard deviation of a count of 10,000 is 82, of one of 1,000 (of 10,000) 30.
	for _, v := range []float32{0, 2, 6} {
		if math.Abs(float64(first[v])-draws/3) > 6*82 {
			t.Errorf("%g came first %d times", v, first[v])
		}
	}
	if n := float64(next[2] + next[6]); next[0] != 0 || math.Abs(float64(next[2])-n/10) > 6*30 {
		t.Errorf("after 0 came %v", next)
	}
}

// TestBestKeepsTheFirst: of restarts with equal sums of squares, as of the same clusters in another
// order, the first one's result is kept.
func TestBestKeepsTheFirst(t *testing.T) {
	orders := map[float32]bool{}
	for seed := range uint64(20) {
		first, best := of(2, 1, 0, 1, 10, 11), of(2, 1, 0, 1, 10, 11)
		for m, restarts := range map[*Model[float32]]int{first: 1, best: 20} {
			err := m.Best(context.Background(), restarts, most, bench.NewStream(seed, "k-means"))
			if err != nil {
				t.Fatal(err)
			}
		}
		if !slices.Equal(first.Centres, best.Centres) || !slices.Equal(first.Own, best.Own) {
			t.Errorf("seed %d: centres %v, at the first start %v", seed, best.Centres, first.Centres)
		}
		orders[first.Centres[0]] = true
	}
	if len(orders) != 2 {
		t.Error("the clusters always come in one order: the test shows nothing")
	}
}

// TestKMeansRefuses: data without K clusters are an error.
func TestKMeansRefuses(t *testing.T) {
	nan := float32(math.NaN())
	stopped, cancel := context.WithCancel(context.Background())
	cancel()
	for _, c := range []struct {
		ctx  context.Context
		m    *Model[float32]
		want string
	}{
		{context.Background(), of(2, 1, 5, 5, 5),
			"the codes of all 3 rows are only 1 distinct point, but 2 clusters are wanted"},
		{context.Background(), of(3, 2, 5, 5, 1, 2, 5, 5),
			"only 2 distinct points, but 3 clusters"},
		{context.Background(), of(2, 2, 1, 2, 3, nan), "the code of row 1 is NaN"},
		{stopped, of(2, 1, 1, 2, 3), "context canceled"},
	} {
		if err := c.m.Best(c.ctx, 3, most, bench.NewStream(1, "k-means")); err == nil ||
			!strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %q in it", err, c.want)
		}
	}
}
