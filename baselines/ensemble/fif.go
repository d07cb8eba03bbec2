package ensemble

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"math"

	"github.com/uaibench/uaibench/baselines/internal/state"
	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/detmath"
)

// FIFSettings are the settings of an FIF. Zero values mean those in brackets.
type FIFSettings struct {
	Forest     ForestSettings
	Rate       float64 // step size η (1)
	Likelihood bool    // the log-likelihood loss instead of the linear one
}

// FIF is the isolation forest with feedback of Siddiqui, Fern, Dietterich, Wright, Theriault and
// Archer (KDD 2018): a bench.Learner. Trees are grown until every row is isolated, as in the
// authors' code. Each edge of a tree has a weight, and with φ(x) the edges on the path of x (0 or
// 1), and y = 1 for an anomaly and -1 for a nominal row,
//
//	score(x) = -w·φ(x),   w = 1 before the first label: minus the path's length
//	linear loss:           f(w) = -y score(x)
//	log-likelihood loss:   f(w) = -y ln P(x; w),  P(x; w) = e^score(x) / sum over the pool
//
// Each label is a step of online mirror descent under a Euclidean regulariser over w >= 0,
//
//	θ <- θ - η df/dw,   w = max(0, θ);   df/dw = y φ(x), or y (φ(x) - E_P φ)
//
// A linear step touches only the edges on x's path: its work does not grow with the rows. The
// labels of a round are processed one after another. As in the authors' code the edge to a leaf of
// m equal rows counts m times in a score, and once in a step.
type FIF struct {
	set    FIFSettings
	forest *fullForest

	pool   *coded
	theta  []float64   // by node: θ of the edge from its parent; the root's is not used
	tables [][]float64 // -w·φ of each slot
	scores []float64   // len pool.list, of the current w
	fresh  bool        // tables and scores are those of the current θ

	known             int // number of labels added
	touched, rescored int64
}

// NewFIF returns an untrained FIF.
func NewFIF(s FIFSettings) *FIF {
	s.Rate = cmp.Or(s.Rate, 1)
	return &FIF{set: s, forest: newFullForest(s.Forest)}
}

// Train grows the forest at the first call, and takes a step for each new label.
func (f *FIF) Train(ctx context.Context, d bench.Data, l bench.Labels) error {
	if f.pool == nil {
		if err := f.start(ctx, d); err != nil {
			return err
		}
	}
	for ; f.known < l.Len(); f.known++ {
		if err := f.step(ctx, l.Index[f.known], l.Anomaly[f.known]); err != nil {
			return err
		}
	}
	return nil
}

func (f *FIF) start(ctx context.Context, d bench.Data) error {
	if err := f.forest.fit(ctx, d); err != nil {
		return err
	}
	pool, err := encode(ctx, f.forest, d, nil)
	if err != nil {
		return err
	}
	f.theta = make([]float64, f.forest.nodes)
	for i := range f.theta {
		f.theta[i] = 1
	}
	f.tables, f.scores = newTables(f.forest), make([]float64, len(pool.list))
	f.pool = pool
	return nil
}

// step takes the step of one label.
func (f *FIF) step(ctx context.Context, row int, anomaly bool) error {
	rate := f.set.Rate
	if !anomaly {
		rate = -rate
	}
	if f.set.Likelihood {
		if err := f.expect(ctx, rate); err != nil {
			return err
		}
	}
	f.add(f.pool.of(row), -rate)
	f.fresh = false
	return nil
}

// add adds c to θ on the path of the i-th distinct row of the pool.
func (f *FIF) add(i int, c float64) {
	block := f.pool.block(i/blockRows, f.forest.members())
	for j := range f.forest.trees {
		t := &f.forest.trees[j]
		for n := t.leaves[block[j*blockRows+i%blockRows]]; n > 0; n = t.nodes[n].parent {
			f.theta[t.first+int(n)] += c
			f.touched++
		}
	}
}

// expect adds rate E_P φ to θ, with each row of the pool counted.
func (f *FIF) expect(ctx context.Context, rate float64) error {
	if err := f.rescore(ctx); err != nil {
		return err
	}
	copies := make([]float64, len(f.scores))
	for row := range f.pool.n {
		copies[f.pool.of(row)]++
	}
	top, sum := math.Inf(-1), 0.0
	for _, s := range f.scores {
		top = max(top, s)
	}
	for i, s := range f.scores {
		copies[i] = float64(copies[i] * detmath.Exp(s-top))
		sum += copies[i]
	}
	for i, p := range copies {
		if p > 0 {
			f.add(i, float64(rate*(p/sum)))
		}
	}
	return nil
}

// weigh sets the tables for the weights max(0, θ), or all 1 if theta is nil.
func (f *FIF) weigh(tables [][]float64, theta []float64) {
	var sums []float64 // by node
	for j := range f.forest.trees {
		t := &f.forest.trees[j]
		sums = append(sums[:0], 0)
		for i, n := range t.nodes[1:] {
			w := 1.0
			if theta != nil {
				w = max(0, theta[t.first+1+i])
			}
			if n.feature < 0 {
				w = float64(w * float64(n.size))
			}
			sums = append(sums, sums[n.parent]-w)
		}
		for slot, leaf := range t.leaves {
			tables[j][slot] = sums[leaf]
		}
	}
}

// rescore updates tables and scores to the current θ.
func (f *FIF) rescore(ctx context.Context) error {
	if f.fresh {
		return nil
	}
	f.weigh(f.tables, f.theta)
	if err := f.pool.score(ctx, f.scores, f.tables, f.forest.workers()); err != nil {
		return err
	}
	f.rescored += int64(len(f.scores))
	f.fresh = true
	return nil
}

// Scores: see bench.Scorer. HeadBase is minus the path's length.
func (f *FIF) Scores(ctx context.Context, dst []float64, d bench.Data, rows []int,
	want bench.Head) (bench.Head, error) {
	if want == bench.HeadTrained {
		if err := f.rescore(ctx); err != nil {
			return want, err
		}
		if f.pool.holds(d) {
			for i := range dst {
				row := i
				if rows != nil {
					row = rows[i]
				}
				dst[i] = f.scores[f.pool.of(row)]
			}
			return want, nil
		}
	}
	tables := f.tables
	if want == bench.HeadBase {
		tables = newTables(f.forest)
		f.weigh(tables, nil)
	}
	return want, scan(ctx, f.forest, dst, d, rows, tables, nil,
		func(sum, _ float64) float64 { return sum })
}

// Counts: see bench.Counter. edges_touched counts the edges in the labels' steps.
func (f *FIF) Counts() map[string]int64 {
	return map[string]int64{
		"labels": int64(f.known), "edges_touched": f.touched, "rows_scored": f.rescored,
		"weights": int64(f.forest.nodes - len(f.forest.trees)),
	}
}

// Snapshot: see bench.Resumable. The forest and the codes are not stored: Restore computes the same
// again.
func (f *FIF) Snapshot(w io.Writer) error {
	return state.Write(w, int64(f.known), f.touched, f.rescored, f.fresh, f.theta)
}

// Restore: see bench.Resumable.
func (f *FIF) Restore(ctx context.Context, d bench.Data, l bench.Labels, r io.Reader) error {
	if err := f.start(ctx, d); err != nil {
		return err
	}
	var known, rescored int64
	var fresh bool
	if err := state.Read(r, &known, &f.touched, &rescored, &fresh, f.theta); err != nil {
		return err
	}
	if known < 0 || known > int64(l.Len()) {
		return fmt.Errorf("ensemble: the snapshot has %d labels, want at most %d", known, l.Len())
	}
	f.known = int(known)
	if fresh {
		if err := f.rescore(ctx); err != nil {
			return err
		}
	}
	f.rescored = rescored
	return nil
}
