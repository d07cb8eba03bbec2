package ensemble

import (
	"math"
	"math/rand/v2"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/detmath"
)

// node is a node of a tree in heap order: the children of i are 2i and 2i+1, the root is 1. A row
// goes right if its key is greater. Below a leaf of less than full depth every node sends all rows
// left, so that each row takes the same number of steps, whatever its leaf.
//
// It is one word, so that one load fetches it: the key in the upper half, and in the lower half the
// offset of the feature's column in the matrix of keys.
type node int64

func newNode(key int32, column int) node { return node(int64(key)<<32 | int64(column)) }

func (n node) key() int64   { return int64(n) >> 32 }
func (n node) column() uint { return uint(uint32(n)) }

// key maps a float32 to an integer of the same order (both zeros to 0), so that a comparison is a
// subtraction without a branch. x must not be NaN.
func key(x float32) int32 {
	b := int32(math.Float32bits(x + 0)) // -0 + 0 is +0
	return b ^ int32(uint32(b>>31)>>1)
}

// leaf is a slot of a tree that rows can reach.
type leaf struct {
	slot  int32 // the heap index of the leftmost node of the last level below, less 2^levels
	depth int32 // of the leaf itself; the root has 0
	size  int32 // rows of the subsample in it
	node  int32 // its heap index
}

// growing is a tree under construction.
type growing struct {
	x        bench.Matrix // rows of the subsample
	rng      *rand.Rand
	rows     []int32 // rows of x, permuted
	features []int32
	maxDepth int
	levels   int // of the heap; at least maxDepth
	stride   int // row stride of the columns of keys
	nodes    []node
	leaves   []leaf
}

// grow fills nodes (len 2^levels) and returns the leaves in the order of their slots.
func grow(x bench.Matrix, maxDepth, levels, stride int, nodes []node, rng *rand.Rand) []leaf {
	g := newGrowing(x, rng)
	g.maxDepth, g.levels, g.stride, g.nodes = maxDepth, levels, stride, nodes
	for i := range nodes {
		nodes[i] = newNode(math.MaxInt32, 0)
	}
	g.split(1, 0, g.rows, x.Cols)
	return g.leaves
}

func newGrowing(x bench.Matrix, rng *rand.Rand) *growing {
	g := &growing{x: x, rng: rng, rows: make([]int32, x.Rows), features: make([]int32, x.Cols)}
	for i := range g.rows {
		g.rows[i] = int32(i)
	}
	for i := range g.features {
		g.features[i] = int32(i)
	}
	return g
}

// split builds node i from the given rows. The first live features are those that no ancestor found
// constant.
func (g *growing) split(i, depth int, rows []int32, live int) {
	if depth < g.maxDepth {
		if c, ok := g.cut(rows, live); ok {
			g.nodes[i] = newNode(key(c.threshold), int(c.feature)*g.stride)
			g.split(2*i, depth+1, rows[:c.left], c.live)
			g.split(2*i+1, depth+1, rows[c.left:], c.live)
			return
		}
	}
	g.leaves = append(g.leaves, leaf{
		slot:  int32(i<<(g.levels-depth) - 1<<g.levels),
		depth: int32(depth), size: int32(len(rows)), node: int32(i),
	})
}

// cut is a division of rows: the first left of them are at most the threshold.
type cut struct {
	feature   int32
	threshold float32
	left      int
	live      int // features that may be drawn below
}

// cut divides rows at a uniform threshold of a feature drawn among the first live ones that are not
// constant; constant ones are removed and the draw repeated. ok is false if all are constant, or
// for one row.
func (g *growing) cut(rows []int32, live int) (c cut, ok bool) {
	for len(rows) > 1 && live > 0 {
		at := g.rng.IntN(live)
		f := g.features[at]
		lo, hi := g.bounds(rows, f)
		if lo == hi {
			live--
			g.features[at], g.features[live] = g.features[live], f
			continue
		}
		t := threshold(lo, hi, g.rng.Float64())
		return cut{f, t, g.partition(rows, f, t), live}, true
	}
	return cut{}, false
}

func (g *growing) bounds(rows []int32, f int32) (lo, hi float32) {
	lo, hi = math.MaxFloat32, -math.MaxFloat32
	for _, r := range rows {
		v := g.x.Data[int(r)*g.x.Cols+int(f)]
		lo, hi = min(lo, v), max(hi, v)
	}
	return lo, hi
}

// threshold returns a uniform value in [lo, hi), rounded down to a float32: "x <= threshold" has
// the same answer for every float32 x, and neither side is empty.
func threshold(lo, hi float32, u float64) float32 {
	t := float64(lo) + float64(u*(float64(hi)-float64(lo)))
	if t >= float64(hi) {
		return lo
	}
	r := float32(t)
	if float64(r) > t {
		r = math.Nextafter32(r, -math.MaxFloat32)
	}
	return r
}

// partition moves the rows that go left to the front and returns their number.
func (g *growing) partition(rows []int32, f int32, t float32) int {
	n := 0
	for i, r := range rows {
		if g.x.Data[int(r)*g.x.Cols+int(f)] <= t {
			rows[i], rows[n] = rows[n], r
			n++
		}
	}
	return n
}

// average returns c(m), the mean path of an unsuccessful search in a binary search tree of m rows,
// which a leaf of m rows adds to the path (Liu et al., eq. 1; scikit-learn's c(2) = 1).
func average(m int) float64 {
	const euler = 0.57721566490153286061
	switch {
	case m <= 1:
		return 0
	case m == 2:
		return 1
	}
	f := float64(m)
	return 2*(detmath.Ln(f-1)+euler) - 2*(f-1)/f
}
