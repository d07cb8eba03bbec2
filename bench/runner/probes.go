package runner

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/metric"
	"github.com/uaibench/uaibench/bench/runlog"
)

// checkProbes returns an error, before any training, for a probe that the cell cannot have.
func checkProbes(c bench.Cell, ds *bench.Dataset, m bench.Learner) error {
	for _, probe := range c.Probes {
		if err := bench.Supports(m, probe); err != nil {
			return fmt.Errorf("checkpoints: method %s cannot be probed: %w", c.Method.ID, err)
		}
		if probe != bench.ProbeTestSet {
			continue
		}
		if ds.Test == nil {
			return fmt.Errorf("checkpoints probe the test set, but dataset %s has none", ds.Name)
		}
		if ds.Test.Anomalies() == 0 {
			return fmt.Errorf("checkpoints probe the test set, but that of dataset %s has no "+
				"anomalies", ds.Name)
		}
	}
	return nil
}

// frozenRanking ranks the unaudited rows after the audits; ties go to the lower row, as everywhere.
func frozenRanking(l bench.Labels, scores []float64, truth []bool) *runlog.FrozenRanking {
	right := make([]bool, 0, len(truth))
	for _, row := range l.Index {
		right = append(right, truth[row])
	}
	rest, of := unaudited(l, scores)
	for _, p := range bench.Ranking(of) {
		right = append(right, truth[rest[p]])
	}
	return runlog.NewFrozenRanking(metric.CurveOf(right), l.Len(), len(truth))
}

// unaudited returns the rows that were not audited, ascending, and their scores.
func unaudited(l bench.Labels, scores []float64) (rows []int, of []float64) {
	audited := make([]bool, len(scores))
	for _, row := range l.Index {
		audited[row] = true
	}
	for row, s := range scores {
		if !audited[row] {
			rows, of = append(rows, row), append(of, s)
		}
	}
	return rows, of
}

// testSet scores the test set with the frozen model and flags the rows with the highest scores, as
// many as it has anomalies; found is the number of anomalies that the audits have found.
func testSet(ctx context.Context, ds *bench.Dataset, m bench.Learner, want bench.Head,
	found int) (*runlog.TestProbe, error) {
	scores, _, err := score(ctx, m, ds.Test.Data, want)
	if err != nil {
		return nil, fmt.Errorf("test set: %w", err)
	}
	return countHits(ds, bench.Select(nil, scores, ds.Test.Anomalies()), found), nil
}

// countHits counts hits by kind of anomaly: flagged are the flagged rows of ds.Test, found is the
// number of anomalies that the audits have found.
func countHits(ds *bench.Dataset, flagged []int, found int) *runlog.TestProbe {
	test := ds.Test
	t := &runlog.TestProbe{Rows: test.Rows(), Anomalies: test.Anomalies(), Found: found}
	for _, row := range flagged {
		if test.Truth[row] {
			t.Hits++
		}
	}
	if ds.Group == nil || test.Group == nil {
		return t
	}
	seen := map[string]bool{}
	for i, g := range ds.Group {
		if ds.Truth[i] {
			seen[ds.Groups[g]] = true
		}
	}
	by := make([]runlog.GroupHits, len(test.Groups))
	for i, g := range test.Group {
		if test.Truth[i] {
			by[g].Of++
		}
	}
	for _, row := range flagged {
		if test.Truth[row] {
			by[test.Group[row]].Hits.Hits++
		}
	}
	for g, h := range by {
		if h.Of > 0 {
			h.Name = test.Groups[g]
			h.Seen = seen[h.Name]
			t.Groups = append(t.Groups, h)
		}
	}
	t.Sum()
	return t
}

// score scores all rows of d; a score that is not finite is an error.
func score(ctx context.Context, m bench.Learner, d bench.Data,
	want bench.Head) ([]float64, bench.Head, error) {
	scores := make([]float64, d.Rows())
	head, err := m.Scores(ctx, scores, d, nil, want)
	if err != nil {
		return nil, head, err
	}
	return scores, head, allFinite(scores, 1)
}

// allFinite returns an error for the first value that is not finite; width is the number of values
// per row.
func allFinite(values []float64, width int) error {
	for i, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("row %d scored %v: %w", i/width, v, bench.ErrNotFinite)
		}
	}
	return nil
}

// drawn is the maximum number of points of each kind that are kept for plots.
const drawn = 500

// latentProjection measures how well l and s separate the anomalies, over all rows.
func latentProjection(ctx context.Context, ds *bench.Dataset,
	m bench.Latent) (*runlog.LatentProjection, error) {
	n, h := ds.Rows(), m.LatentDim()
	rows := make([]int, n)
	for i := range rows {
		rows[i] = i
	}
	l, s := make([]float64, n*h), make([]float64, n)
	if err := m.Latents(ctx, l, s, ds.Data, rows); err != nil {
		return nil, err
	}
	if err := errors.Join(allFinite(l, h), allFinite(s, 1)); err != nil {
		return nil, err
	}
	p := &runlog.LatentProjection{Dim: h}
	if a := ds.Anomalies(); a > 0 && a < n {
		x := make([]float64, 0, n*(h+1))
		for i := range n {
			x = append(append(x, l[i*h:(i+1)*h]...), s[i])
		}
		fit, err := metric.FitLogistic(x, h+1, ds.Truth)
		if err != nil {
			return nil, fmt.Errorf("separation of the anomalies by l and s: %w", err)
		}
		f := fit.Decisions(x)
		auc, _ := metric.ROCAUC(f, ds.Truth)
		balanced, cut, _ := metric.BalancedAccuracy(f, ds.Truth)
		p.AUC, p.Balanced, p.Cut, p.W, p.B, p.Mean, p.SD = &auc, &balanced, cut, fit.W, fit.B, fit.Mean, fit.SD
	}
	if h == 1 {
		p.Anomalies, p.Normals = points(ds.Truth, true, l, s), points(ds.Truth, false, l, s)
	}
	return p, nil
}

// points samples at most drawn rows of a kind, evenly spaced.
func points(truth []bool, kind bool, l, s []float64) *runlog.Points {
	p := &runlog.Points{Row: []int{}, L: []float64{}, S: []float64{}}
	for _, y := range truth {
		if y == kind {
			p.Of++
		}
	}
	every, i := max(1, (p.Of+drawn-1)/drawn), 0
	for row, y := range truth {
		if y != kind {
			continue
		}
		if i%every == 0 {
			p.Row, p.L, p.S = append(p.Row, row), append(p.L, l[row]), append(p.S, s[row])
		}
		i++
	}
	return p
}

// probe runs the probes that the cell enables on the frozen model.
func (m *measurement) probe(learner bench.Learner, l bench.Labels, scores []float64,
	want bench.Head, to *runlog.Checkpoint) (err error) {
	enabled := func(probe string) bool { return slices.Contains(m.cell.Probes, probe) }
	if enabled(bench.ProbeRanking) {
		to.Ranking = frozenRanking(l, scores, m.ds.Truth)
	}
	if enabled(bench.ProbeTestSet) {
		found := 0
		for _, row := range l.Index {
			if m.ds.Truth[row] {
				found++
			}
		}
		if to.Test, err = testSet(m.ctx, m.ds, learner, want, found); err != nil {
			return err
		}
	}
	if enabled(bench.ProbeExplanations) {
		to.Explanations, err = explain(m.ctx, m.cell, m.ds, learner.(bench.Explainer), l, scores,
			want)
		if err != nil {
			return err
		}
	}
	if enabled(bench.ProbeProjection) {
		if to.Projection, err = latentProjection(m.ctx, m.ds, learner.(bench.Latent)); err != nil {
			return err
		}
	}
	return nil
}
