package ensemble

import (
	"cmp"
	"context"
	"math/bits"
	"math/rand/v2"

	"github.com/uaibench/uaibench/baselines/internal/split"
	"github.com/uaibench/uaibench/bench"
)

// NodeFeatures is the set of a tree's nodes that are features of AAD.
type NodeFeatures uint8

const (
	Leaves   NodeFeatures = iota // one non-zero feature per tree (the script of 2018)
	AllNodes                     // every node on the path except the root (the 2017 variant)
)

// ForestSettings are the settings of an isolation forest. Zero values mean those of the AAD
// authors' script of 2018.
type ForestSettings struct {
	Trees     int          // T; 0: 100
	Subsample int          // rows per tree, without replacement; 0: 256; at most 65,536 and n
	Nodes     NodeFeatures // for AAD
	// for AAD: every feature has the value -1 instead of minus its node's depth
	Constant bool
	Seed     uint64
	Workers  int // goroutines; 0: GOMAXPROCS. The result does not depend on it
}

// forest is an isolation forest.
type forest struct {
	set    ForestSettings
	levels int    // steps from the root to a slot
	sample int    // number of rows that each tree is grown on
	cols   int    // d
	stride int    // row stride of the columns of keys
	nodes  []node // T x 2^levels
	leaves [][]leaf

	index []int32 // AAD: T x 2^levels: first entry of a slot in at and value
	width []uint8 // … and their number
	at    []int32 // entries: indices in the weight vector …
	value []float64
	m     int // … of this length
}

func (s *ForestSettings) fill() {
	s.Trees, s.Subsample = cmp.Or(s.Trees, 100), cmp.Or(s.Subsample, 256)
}

// newForest returns an empty forest.
func newForest(s ForestSettings) *forest {
	s.fill()
	return &forest{set: s}
}

// fit grows the trees on subsamples of d. The depth limit is ceil(log2 of the subsample).
func (f *forest) fit(ctx context.Context, d bench.Data) error {
	if err := split.Finite("isolation forest", d, 1); err != nil {
		return err
	}
	n := d.Rows()
	f.sample, f.cols = min(f.set.Subsample, n), d.X.Cols
	f.stride = stride(f.cols)
	limit := bits.Len(uint(max(f.sample, 2) - 1))
	f.levels = max(limit, narrowLevels)
	f.nodes = make([]node, f.set.Trees<<f.levels)
	f.leaves = make([][]leaf, f.set.Trees)
	err := split.Each(ctx, f.set.Workers, f.set.Trees, func(_, t int) {
		x, rng := subsample(d, f.sample, f.set.Seed, t)
		f.leaves[t] = grow(x, limit, f.levels, f.stride, f.nodes[t<<f.levels:(t+1)<<f.levels], rng)
	})
	return err
}

// subsample returns the rows that the t-th tree is grown on, drawn from d without replacement, and
// the random source for its further draws.
func subsample(d bench.Data, rows int, seed uint64, t int) (bench.Matrix, *rand.Rand) {
	rng := bench.NewStream(seed, "isolation tree", t).Rand()
	x := bench.NewMatrix(rows, d.X.Cols)
	for i, row := range draw(d.Rows(), rows, rng.IntN) {
		copy(x.Row(i), d.X.Row(row))
	}
	return x, rng
}

// draw returns k of n without replacement (Floyd's sampling), in no particular order.
func draw(n, k int, intN func(int) int) []int {
	taken := make(map[int]bool, k)
	out := make([]int, 0, k)
	for j := n - k; j < n; j++ {
		i := intN(j + 1)
		if taken[i] {
			i = j
		}
		taken[i] = true
		out = append(out, i)
	}
	return out
}

func (f *forest) members() int    { return f.set.Trees }
func (f *forest) slots(int) int   { return 1 << f.levels }
func (f *forest) weights() int    { return f.m }
func (f *forest) workers() int    { return f.set.Workers }
func (f *forest) features() int   { return f.cols }
func (f *forest) newScratch() any { return &forestScratch{} }

// entries returns the features of AAD that a slot of a tree sets: indices in the weight vector, and
// values.
func (f *forest) entries(t, slot int) ([]int32, []float64) {
	i := t<<f.levels + slot
	a := f.index[i]
	b := a + int32(f.width[i])
	return f.at[a:b], f.value[a:b]
}

// prepare numbers the features of AAD.
func (f *forest) prepare() {
	f.index = make([]int32, f.set.Trees<<f.levels)
	f.width = make([]uint8, f.set.Trees<<f.levels)
	value := func(depth int) float64 {
		if f.set.Constant {
			return -1
		}
		return -float64(depth)
	}
	// by heap index within a tree: 1 + index in the weight vector
	number := make([]int32, 1<<(f.levels+1))
	for t, leaves := range f.leaves {
		clear(number)
		for _, l := range leaves {
			i := t<<f.levels + int(l.slot)
			f.index[i] = int32(len(f.at))
			first := l.depth
			if f.set.Nodes == AllNodes {
				first = min(l.depth, 1)
			}
			for depth := first; depth <= l.depth; depth++ {
				if f.set.Nodes == AllNodes && depth == 0 {
					continue // the root only: no feature
				}
				n := l.node >> (l.depth - depth)
				if number[n] == 0 {
					f.m++
					number[n] = int32(f.m)
				}
				f.at = append(f.at, number[n]-1)
				f.value = append(f.value, value(int(depth)))
			}
			f.width[i] = uint8(int32(len(f.at)) - f.index[i])
		}
	}
}

// pathTables returns the path length of each slot: the leaf's depth and c(its size).
func (f *forest) pathTables() [][]float64 {
	tables := newTables(f)
	for t, leaves := range f.leaves {
		for _, l := range leaves {
			tables[t][l.slot] = float64(l.depth) + average(int(l.size))
		}
	}
	return tables
}
