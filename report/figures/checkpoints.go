package figures

import (
	"slices"

	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/table"
)

var checkpoints = Figure{
	Name: "checkpoints", Section: Results,
	Doc:     "how the frozen model ranks all rows at each checkpoint",
	Applies: func(m *model.Model) bool { return len(probes(m, whole)) > 0 },
	Tables:  func(m *model.Model) []*table.Table { return []*table.Table{checkpointTable(m)} },
}

func whole(c *runlog.Checkpoint) *runlog.Checkpoint { return c }

func checkpointTable(m *model.Model) *table.Table {
	type row = probe[runlog.Checkpoint]
	return table.Build(table.Table{
		Name:  "checkpoints",
		Title: "The model at checkpoints",
		Caption: "The model of each checkpoint, trained once more and frozen, ranks all rows of " +
			"the pool, audited ones too. Spread is mean (sample standard deviation) over seeds.",
	}, probes(m, whole), []col[row]{
		{Name: "dataset", Value: row.dataset},
		{Name: "method", Value: row.method},
		{Name: "audits", Kind: table.Count, Value: func(r row) value {
			return foundEarly(table.Int(r.at), r.results, r.at)
		}},
		{Name: "seeds", Kind: table.Count, Value: row.seeds},
		{Name: "score",
			Help: "base: s, or a method that does not learn; trained: the score that learns " +
				"from audits",
			Value: func(r row) value { return table.Str(r.found[0].Head) }},
		{Name: "ROC-AUC", Kind: table.Spread, Decimals: 3, Value: func(r row) value {
			return spreadKnown(r.found,
				func(c *runlog.Checkpoint) *float64 { return c.Ranks.ROCAUC })
		}},
		{Name: "average precision", Kind: table.Spread, Decimals: 3, Value: func(r row) value {
			return spreadKnown(r.found,
				func(c *runlog.Checkpoint) *float64 { return c.Ranks.AveragePrecision })
		}},
	}...)
}

// spreadKnown returns the spread of the non-nil numbers among xs.
func spreadKnown[T any](xs []T, of func(T) *float64) value {
	var known []float64
	for _, x := range xs {
		known = appendKnown(known, of(x))
	}
	return spreadOr(known)
}

// foundEarly adds a note to v if a seed made fewer audits than at, because it had found every
// anomaly.
func foundEarly(v value, results []*runlog.Result, at int) value {
	i := slices.IndexFunc(results[0].Checkpoints,
		func(c runlog.Checkpoint) bool { return c.At == at })
	for _, r := range results {
		if i < len(r.Checkpoints) && r.Checkpoints[i].Audited < r.Checkpoints[i].At {
			return v.Noted("some seeds had found every anomaly before: their last model is shown")
		}
	}
	return v
}
