package figures

import (
	"fmt"
	"maps"
	"slices"

	"github.com/sajari/regression"

	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/table"
)

// fit is a least-squares line of a round's counted work against the labels that it knew.
type fit struct {
	Slope, Intercept float64
	R2               float64 // 1 where every point has the same work: the line passes through all
}

// fitLine fits work against labels: at least three points, not all at the same number of labels.
func fitLine(labels, work []float64) (fit, error) {
	if len(labels) != len(work) {
		panic("report: a point has labels and work")
	}
	if len(labels) < 3 || slices.Min(labels) == slices.Max(labels) {
		return fit{}, fmt.Errorf("%d points are too few for a line", len(labels))
	}
	if work[0] == slices.Min(work) && work[0] == slices.Max(work) {
		return fit{Intercept: work[0], R2: 1}, nil
	}
	var r regression.Regression
	r.SetObserved("work a round")
	r.SetVar(0, "labels")
	for i, t := range labels {
		r.Train(regression.DataPoint(work[i], []float64{t}))
	}
	if err := r.Run(); err != nil {
		return fit{}, fmt.Errorf("fit of work against labels: %w", err)
	}
	return fit{Slope: r.Coeff(1), Intercept: r.Coeff(0), R2: r.R2}, nil
}

// workOfRounds is what one round between two neighbouring checkpoints of a run counted, against the
// labels that such a round knew, on average. Rounds that knew fewer than from labels are left out.
func workOfRounds(r *runlog.Result, count string, from int) (labels, work []float64) {
	for i := 1; i < len(r.Checkpoints); i++ {
		a, b := r.Checkpoints[i-1], r.Checkpoints[i]
		before, ok := a.Counts[count]
		after, ok2 := b.Counts[count]
		rounds := (b.Audited - a.Audited + r.K - 1) / max(1, r.K)
		first := min(a.Audited+r.K, b.Audited)
		if !ok || !ok2 || rounds < 1 || first < from {
			continue
		}
		labels = append(labels, float64(first+b.Audited)/2)
		work = append(work, float64(after-before)/float64(rounds))
	}
	return labels, work
}

// jointSteps is the count of a method that trains by joint steps, whose labelled batch grows until
// it is full.
const (
	jointSteps = "joint_steps"
	fullBatch  = 256
)

// worked names the counts of the series' checkpoints that are the work of rounds.
func worked(s *model.Series) []string {
	counts := map[string]bool{}
	for _, r := range s.Results() {
		for _, c := range r.Checkpoints {
			for name := range c.Counts {
				counts[name] = true
			}
		}
	}
	for _, name := range []string{"rows_scored", "rounds", "weights", "trees", "leaves",
		"projections", "bins"} {
		delete(counts, name)
	}
	return slices.Sorted(maps.Keys(counts))
}

// work is workOfRounds of all seeds, together, of those rounds that tell what further ones cost.
func work(s *model.Series, name string) (labels, work []float64) {
	from := 0
	if slices.Contains(worked(s), jointSteps) {
		from = fullBatch
	}
	for _, r := range s.Results() {
		l, w := workOfRounds(r, name, from)
		labels, work = append(labels, l...), append(work, w...)
	}
	return labels, work
}

// workRow is what a method counts as its rounds' work.
type workRow struct {
	line
	counted      string
	labels, work []float64
	fit          fit
	fitted       bool
}

func workRows(m *model.Model) []workRow {
	var out []workRow
	for _, l := range lines(m.Groups) {
		for _, name := range worked(l.series) {
			r := workRow{line: l, counted: name}
			r.labels, r.work = work(l.series, name)
			var err error
			r.fit, err = fitLine(r.labels, r.work)
			r.fitted = err == nil
			out = append(out, r)
		}
	}
	return out
}

// complexityTable checks the O(t) and O(1) of a round (Sec. 5, App. B.2) by counting, where
// checkpoints kept the counts. What is counted is the learning: rescoring the pool is left out, and
// so is what a method has in all (trees, weights, rounds).
func complexityTable(m *model.Model) *table.Table {
	number := func(name, help string, decimals int, of func(workRow) float64) col[workRow] {
		return col[workRow]{Name: name, Kind: table.Number, Decimals: decimals, Help: help,
			Value: func(r workRow) value {
				if !r.fitted {
					return table.Missing("too few")
				}
				return table.Num(of(r))
			}}
	}
	return table.Build(table.Table{
		Name:  "complexity",
		Title: "Work of a round against labels",
		Caption: "Counted, not timed, between neighbouring checkpoints, of all seeds together; " +
			"the slope is that of a least-squares line. A labelled batch grows up to 256 rows: " +
			"methods that train by joint steps are fitted from the 256th label on.",
	}, workRows(m), []col[workRow]{
		{Name: "dataset", Value: workRow.dataset},
		{Name: "method", Value: workRow.method},
		{Name: "counted", Value: func(r workRow) value { return table.Str(r.counted) }},
		{Name: "points", Kind: table.Count,
			Value: func(r workRow) value { return table.Int(len(r.labels)) }},
		number("least labels", "", 0, func(r workRow) float64 { return slices.Min(r.labels) }),
		number("most labels", "", 0, func(r workRow) float64 { return slices.Max(r.labels) }),
		number("mean work", "of a round", 1, func(r workRow) float64 { return average(r.work) }),
		number("slope", "more work of a round with each label more", 3,
			func(r workRow) float64 { return r.fit.Slope }),
		number("R²", "share of the work's variance that the line explains", 3,
			func(r workRow) float64 { return r.fit.R2 }),
	}...).OrNil()
}
