package ensemble

import (
	"context"

	"github.com/uaibench/uaibench/baselines/internal/split"
	"github.com/uaibench/uaibench/bench"
)

// fullForest is an isolation forest without a depth limit: each tree is grown until every row of
// its subsample is alone, or with rows that equal it. A slot is a leaf.
type fullForest struct {
	set   ForestSettings
	cols  int // d
	trees []fullTree
	nodes int // total number of nodes
}

type fullTree struct {
	nodes  []fullNode // the root first, parents before children
	leaves []int32    // by slot: the leaf
	first  int        // index of the root among all trees' nodes
}

type fullNode struct {
	threshold float32
	feature   int32 // a row goes left where its value is at most threshold; -1: a leaf
	child     int32 // the left child, followed by the right one; of a leaf: its slot
	parent    int32
	size      int32 // number of rows of the subsample
}

func newFullForest(s ForestSettings) *fullForest {
	s.fill()
	return &fullForest{set: s}
}

// fit grows the trees on subsamples of d.
func (f *fullForest) fit(ctx context.Context, d bench.Data) error {
	if err := split.Finite("isolation forest", d, 1); err != nil {
		return err
	}
	f.cols = d.X.Cols
	f.trees = make([]fullTree, f.set.Trees)
	err := split.Each(ctx, f.set.Workers, f.set.Trees, func(_, t int) {
		x, rng := subsample(d, min(f.set.Subsample, d.Rows()), f.set.Seed, t)
		g := newGrowing(x, rng)
		f.trees[t].nodes = []fullNode{{}}
		f.trees[t].grow(g, 0, g.rows, f.cols)
	})
	f.nodes = 0
	for t := range f.trees {
		f.trees[t].first = f.nodes
		f.nodes += len(f.trees[t].nodes)
	}
	return err
}

// grow builds the subtree of a node with these rows. The first live features are those that no
// ancestor found constant.
func (t *fullTree) grow(g *growing, at int32, rows []int32, live int) {
	t.nodes[at].size = int32(len(rows))
	c, ok := g.cut(rows, live)
	if !ok {
		t.nodes[at].feature, t.nodes[at].child = -1, int32(len(t.leaves))
		t.leaves = append(t.leaves, at)
		return
	}
	left := int32(len(t.nodes))
	t.nodes[at].feature, t.nodes[at].threshold, t.nodes[at].child = c.feature, c.threshold, left
	t.nodes = append(t.nodes, fullNode{parent: at}, fullNode{parent: at})
	t.grow(g, left, rows[:c.left], c.live)
	t.grow(g, left+1, rows[c.left:], c.live)
}

func (f *fullForest) members() int    { return len(f.trees) }
func (f *fullForest) slots(t int) int { return len(f.trees[t].leaves) }
func (f *fullForest) features() int   { return f.cols }
func (f *fullForest) workers() int    { return f.set.Workers }
func (f *fullForest) newScratch() any { return nil }

func (f *fullForest) code(dst []uint16, d bench.Data, rows []int32, _ any) {
	for t := range f.trees {
		nodes, out := f.trees[t].nodes, dst[t*blockRows:][:len(rows)]
		for i, r := range rows {
			x := d.X.Row(int(r))
			n := &nodes[0]
			for n.feature >= 0 {
				next := n.child
				if x[n.feature] > n.threshold {
					next++
				}
				n = &nodes[next]
			}
			out[i] = uint16(n.child)
		}
	}
}
