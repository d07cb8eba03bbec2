package runner

import (
	"context"
	"errors"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
)

// Maximum numbers of rows explained at a checkpoint, and of features kept per row.
const (
	explained   = 10
	topFeatures = 10
)

// explain explains the unaudited rows that the frozen model ranks first, as many as a round has but
// at most ten: those that an auditor would see next. Ties go to the lower row, as everywhere.
func explain(ctx context.Context, c bench.Cell, ds *bench.Dataset, m bench.Explainer,
	l bench.Labels, scores []float64, want bench.Head) ([]runlog.Explanation, error) {
	rows, of := unaudited(l, scores)
	var top []int
	for _, p := range bench.Select(nil, of, min(explained, c.K.Resolve(ds.Anomalies()))) {
		top = append(top, rows[p])
	}
	if top == nil {
		return nil, nil
	}
	d := ds.X.Cols
	through := [2][]float64{make([]float64, len(top)*d), make([]float64, len(top)*d)}
	if err := m.Explain(ctx, through[0], through[1], ds.Data, top, want); err != nil {
		return nil, err
	}
	if err := errors.Join(allFinite(through[0], d), allFinite(through[1], d)); err != nil {
		return nil, err
	}
	var out []runlog.Explanation
	for i, row := range top {
		from, to := i*d, (i+1)*d
		out = append(out, runlog.NewExplanation(row, scores[row], ds.Truth[row], ds.X.Row(row),
			through[0][from:to], through[1][from:to], topFeatures))
	}
	return out, nil
}
