package ensemble

import (
	"context"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/detmath"
)

// IForest is the isolation forest as an unsupervised detector.
type IForest struct {
	*forest
	tables [][]float64
}

// NewIForest returns an unfitted detector.
func NewIForest(s ForestSettings) *IForest { return &IForest{forest: newForest(s)} }

// Fit grows the trees.
func (f *IForest) Fit(ctx context.Context, d bench.Data) error {
	if err := f.fit(ctx, d); err != nil {
		return err
	}
	f.tables = f.pathTables()
	return nil
}

// Scores: see bench.Scorer. The score is 2^(-mean path / c(subsample)) (Liu et al., eq. 2); for
// subsamples of one row, where c is 0, it is 1/2, as in scikit-learn.
func (f *IForest) Scores(ctx context.Context, dst []float64, d bench.Data, rows []int,
	_ bench.Head) (bench.Head, error) {
	c, trees := average(f.sample), float64(f.set.Trees)
	err := scan(ctx, f.forest, dst, d, rows, f.tables, nil, func(path, _ float64) float64 {
		if c == 0 {
			return 0.5
		}
		return detmath.Exp2(-path / trees / c)
	})
	return bench.HeadBase, err
}

// Counts: see bench.Counter.
func (f *IForest) Counts() map[string]int64 {
	leaves := 0
	for _, l := range f.leaves {
		leaves += len(l)
	}
	return map[string]int64{"trees": int64(f.set.Trees), "leaves": int64(leaves)}
}

// LODA is the ensemble of histograms as an unsupervised detector.
type LODA struct{ *loda }

// NewLODA returns an unfitted detector.
func NewLODA(s LodaSettings) *LODA { return &LODA{newLoda(s)} }

// Fit draws the projections and builds their histograms.
func (l *LODA) Fit(ctx context.Context, d bench.Data) error { return l.fit(ctx, d) }

// Scores: see bench.Scorer. The score is the mean negative log density.
func (l *LODA) Scores(ctx context.Context, dst []float64, d bench.Data, rows []int,
	_ bench.Head) (bench.Head, error) {
	k := float64(l.members())
	err := scan(ctx, l.loda, dst, d, rows, l.tables, nil,
		func(sum, _ float64) float64 { return sum / k })
	return bench.HeadBase, err
}

// Counts: see bench.Counter.
func (l *LODA) Counts() map[string]int64 {
	bins := 0
	for _, p := range l.projections {
		bins += p.bins
	}
	return map[string]int64{"projections": int64(l.members()), "bins": int64(bins)}
}
