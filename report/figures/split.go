package figures

import (
	"slices"

	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/table"
	"github.com/uaibench/uaibench/report/text"
)

// split has the results of the half-split protocol in a table of its own, without curves: its cells
// are a different task from those of a pool.
var split = Figure{
	Name: "split", Section: HalfSplit,
	Doc:     "precision, recall and F1 of what is flagged on test halves (Table 3)",
	Applies: func(m *model.Model) bool { return len(m.Halves) > 0 },
	Tables:  func(m *model.Model) []*table.Table { return []*table.Table{splitTable(m)} },
}

func splitTable(m *model.Model) *table.Table {
	size := func(name string, of func(*runlog.Holdout) int) col[line] {
		return col[line]{Name: name, Kind: table.Count,
			Value: func(l line) value { return sizes(splits(l, of)) }}
	}
	spread := func(name, help string, of func(*runlog.Holdout) float64) col[line] {
		return col[line]{Name: name, Kind: table.Spread, Decimals: 4, Help: help,
			Value: func(l line) value {
				return table.MeanSD(splits(l, of))
			}}
	}
	return table.Build(table.Table{
		Name:  "split",
		Title: "Half-split protocol: rows flagged on the test half",
		Caption: "Trained on one half of the dataset, measured on the other: a different task " +
			"from finding a pool's anomalies by audits, so do not compare these precisions, " +
			"recalls and F1 with those of the pool. Spread is mean (sample standard deviation) " +
			"over seeds; each seed has its own halves, shared by all methods.",
	}, lines(m.Halves), []col[line]{
		{Name: "dataset", Value: func(l line) value {
			name := l.dataset()
			for _, f := range l.group.Info.FittedWith(l.group.Ref.Params, true) {
				if f.Split {
					name = name.Noted(fitNote(f))
				}
			}
			return name
		}},
		{Name: "method", Value: line.methodOfSeeds},
		{Name: "training half",
			Help: "clean: its anomalies are removed; a share: as many are left as make up this " +
				"share of the training data; dirty: as it is",
			Value: func(l line) value {
				return table.Str(l.series.Cells[0].Cell.Dataset.Split.String())
			}},
		{Name: "flagged by",
			Help: "a share of the test half's rows, rounded up or down, those with the highest " +
				"scores; own: the method's own threshold", Value: func(l line) value {
				return table.Str(l.series.Cells[0].Cell.Threshold.String())
			}},
		{Name: "done", Kind: table.Count, Detail: true, Value: line.done,
			Help: "seeds with a result: all figures of the row rest on these"},
		{Name: "planned", Kind: table.Count, Detail: true, Value: line.planned},
		{Name: "failed", Kind: table.Count, Detail: true, Value: line.failed},
		{Name: "timed out", Kind: table.Count, Detail: true, Value: line.timedOut},
		size("training rows", func(s *runlog.Holdout) int { return s.Train.Rows }).AsDetail(),
		size("of them anomalies",
			func(s *runlog.Holdout) int { return s.Train.Anomalies }).AsDetail(),
		size("test rows", func(s *runlog.Holdout) int { return s.Test.Rows }).AsDetail(),
		size("test anomalies", func(s *runlog.Holdout) int { return s.Test.Anomalies }).AsDetail(),
		{Name: "flagged", Kind: table.Range, Detail: true, Value: func(l line) value {
			return table.MedianRange(splits(l, func(s *runlog.Holdout) int { return s.Flagged }))
		}},
		spread("split precision", "", func(s *runlog.Holdout) float64 { return s.Precision }),
		spread("split recall", "", func(s *runlog.Holdout) float64 { return s.Recall }),
		spread("split F1", "mean of the runs' F1, not F1 of the mean precision and recall",
			func(s *runlog.Holdout) float64 { return s.F1 }),
		{Name: "test ROC-AUC", Kind: table.Spread, Decimals: 3, Value: func(l line) value {
			var auc []float64
			for _, r := range l.results {
				if r.Holdout != nil {
					auc = appendKnown(auc, r.Holdout.Ranks.ROCAUC)
				}
			}
			return table.MeanSD(auc)
		}},
	}...)
}

// splits returns a number of each seed's holdout.
func splits[N int | float64](l line, of func(*runlog.Holdout) N) []float64 {
	var out []float64
	for _, r := range l.results {
		if r.Holdout != nil {
			out = append(out, float64(of(r.Holdout)))
		}
	}
	return out
}

// sizes is a number of rows: one number if all seeds agree, else the range.
func sizes(xs []float64) value {
	if len(xs) == 0 {
		return dash
	}
	least, most := int(slices.Min(xs)), int(slices.Max(xs))
	if least == most {
		return table.Int(least)
	}
	return table.Str(text.Comma(least) + "–" + text.Comma(most))
}
