package ensemble

import (
	"context"
	"math"
	"math/bits"
	"slices"
	"testing"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/detmath"
)

func TestKeyKeepsTheOrder(t *testing.T) {
	x := []float32{-math.MaxFloat32, -1e20, -1, -math.SmallestNonzeroFloat32, 0,
		math.SmallestNonzeroFloat32, 1e-30, 1, math.Nextafter32(1, 2), math.MaxFloat32}
	for i := 1; i < len(x); i++ {
		if key(x[i-1]) >= key(x[i]) {
			t.Errorf("key(%v) is not below key(%v)", x[i-1], x[i])
		}
	}
	if key(0) != key(float32(math.Copysign(0, -1))) {
		t.Error("the two zeros differ")
	}
}

// TestThreshold: rounded down to a float32, it still separates the least value from the greatest,
// and x <= t has the same answer as for the float64 threshold.
func TestThreshold(t *testing.T) {
	// rounds to 2, which would leave the right side empty
	if got := threshold(1, 2, 1-0x1p-53); got != 1 {
		t.Errorf("threshold %v, want the least value", got)
	}
	rng := bench.NewStream(1, "threshold").Rand()
	for range 100000 {
		lo := float32(detmath.Normal(rng))
		hi := math.Nextafter32(lo, math.MaxFloat32)
		if rng.IntN(2) == 0 {
			hi = lo + rng.Float32()
		}
		if lo == hi {
			continue
		}
		u := rng.Float64()
		got := threshold(lo, hi, u)
		exact := float64(lo) + u*(float64(hi)-float64(lo))
		if got < lo || got >= hi {
			t.Fatalf("%v is not in [%v, %v)", got, lo, hi)
		}
		if exact < float64(hi) &&
			(float64(got) > exact || float64(math.Nextafter32(got, math.MaxFloat32)) <= exact) {
			t.Fatalf("%v is not %v rounded down", got, exact)
		}
	}
}

// TestTreeStructure: every tree sends its own subsample to the leaves that it was split into, and
// stops where the paper does: at one row, at equal rows, or at the depth limit.
func TestTreeStructure(t *testing.T) {
	for _, c := range []struct{ rows, sub int }{{1000, 256}, {1000, 30}, {5, 256}, {3000, 1000},
		{2, 256}} {
		d, _ := clusters(c.rows, 3, 7)
		for i := range c.rows { // repeated rows, a constant column
			d.X.Row(i)[2] = 5
			if i%4 == 3 {
				copy(d.X.Row(i), d.X.Row(i-1))
			}
		}
		f := newForest(ForestSettings{Trees: 5, Subsample: c.sub, Seed: 2})
		if err := f.fit(context.Background(), d); err != nil {
			t.Fatal(err)
		}
		limit := int(math.Ceil(math.Log2(float64(min(c.rows, c.sub)))))
		for tree := range 5 {
			rng := bench.NewStream(2, "isolation tree", tree).Rand()
			var sample []int32
			for _, r := range draw(c.rows, f.sample, rng.IntN) {
				sample = append(sample, int32(r))
			}
			if distinct := slices.Compact(slices.Sorted(slices.Values(sample))); len(distinct) != f.sample {
				t.Fatalf("%d distinct rows of %d", len(distinct), f.sample)
			}
			in := map[int][]int32{} // rows by slot
			for from := 0; from < len(sample); from += blockRows {
				part := sample[from:min(from+blockRows, len(sample))]
				codes := make([]uint16, 5*blockRows)
				f.code(codes, d, part, f.newScratch())
				for i, r := range part {
					slot := int(codes[tree*blockRows+i])
					in[slot] = append(in[slot], r)
				}
			}
			total := 0
			for _, l := range f.leaves[tree] {
				rows := in[int(l.slot)]
				total += len(rows)
				if len(rows) != int(l.size) {
					t.Fatalf("%+v: leaf of %d rows is reached by %d", c, l.size, len(rows))
				}
				equal := true
				for _, r := range rows {
					equal = equal && slices.Equal(d.X.Row(int(r)), d.X.Row(int(rows[0])))
				}
				if len(rows) > 1 && !equal && int(l.depth) != limit || int(l.depth) > limit ||
					bits.Len(uint(l.node))-1 != int(l.depth) {
					t.Errorf("%+v: leaf of %d rows at depth %d of %d", c, len(rows), l.depth, limit)
				}
			}
			if total != f.sample {
				t.Errorf("%+v: %d of %d rows are in leaves", c, total, f.sample)
			}
		}
	}
}

// TestWalks: walking eight rows at a time and row by row give the same slots.
func TestWalks(t *testing.T) {
	d, _ := clusters(256, 7, 1)
	f := newForest(ForestSettings{Trees: 3, Seed: 1})
	if err := f.fit(context.Background(), d); err != nil {
		t.Fatal(err)
	}
	keys := make([]int32, 7*f.stride)
	for i := range 256 {
		for j, v := range d.X.Row(i) {
			keys[j*f.stride+i] = key(v)
		}
	}
	for n := range 40 {
		fast, slow := make([]uint16, n), make([]uint16, n)
		nodes := f.nodes[2<<f.levels:]
		walkNarrow(fast, (*[256]node)(nodes), keys)
		walk(slow, nodes, keys, f.levels)
		if !slices.Equal(fast, slow) {
			t.Fatalf("%d rows: %v, want %v", n, fast, slow)
		}
	}
}

// TestNodeFeatures: the features of a row are its leaves (or the nodes on its path), with depth as
// value (or -1).
func TestNodeFeatures(t *testing.T) {
	d, _ := clusters(500, 4, 3)
	for _, nodes := range []NodeFeatures{Leaves, AllNodes} {
		for _, constant := range []bool{false, true} {
			f := newForest(ForestSettings{Trees: 4, Subsample: 64, Nodes: nodes, Constant: constant,
				Seed: 1})
			if err := f.fit(context.Background(), d); err != nil {
				t.Fatal(err)
			}
			f.prepare()
			want, used := 0, map[int32]bool{}
			for tree, leaves := range f.leaves {
				of := map[int32]bool{}
				for _, l := range leaves {
					at, value := f.entries(tree, int(l.slot))
					depths := []int32{l.depth}
					if nodes == AllNodes {
						depths = depths[:0]
						for k := int32(1); k <= l.depth; k++ {
							depths = append(depths, k)
						}
					}
					if len(at) != len(depths) {
						t.Fatalf("%d features, want %d", len(at), len(depths))
					}
					for i, k := range depths {
						v := -float64(k)
						if constant {
							v = -1
						}
						if value[i] != v {
							t.Errorf("value %v at depth %d", value[i], k)
						}
						of[l.node>>(l.depth-k)] = true
						used[at[i]] = true
					}
				}
				want += len(of)
			}
			if f.m != want || len(used) != want {
				t.Errorf("%d features of which %d are used, want %d", f.m, len(used), want)
			}
		}
	}
}
