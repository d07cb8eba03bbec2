package figures

import (
	"slices"

	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/table"
	"github.com/uaibench/uaibench/report/text"
)

// Cells of the half-split protocol are another task than those of a pool, so they are kept apart from the start: they
// have tables of their own, and no curve.

// sizeOf is a number of rows: one where all seeds have the same, else the least and the most.
func sizeOf(xs []float64) table.Value {
	if len(xs) == 0 {
		return table.Missing("—")
	}
	least, most := int(slices.Min(xs)), int(slices.Max(xs))
	if least == most {
		return table.Int(least)
	}
	return table.Str(text.Comma(least) + "–" + text.Comma(most))
}

// splitTable shows precision, recall and F1 of what is flagged on test halves; nil where no cell is of halves.
func splitTable(m *model.Model) *table.Table {
	if len(m.Halves) == 0 {
		return nil
	}
	t := &table.Table{
		Name:  "split",
		Title: "Half-split protocol: rows flagged on the test half",
		Caption: "Trained on one half of the dataset, measured on the other: another task than finding a pool's anomalies by audits, so these precisions, recalls and F1 " +
			"are not to be compared with those of the pool. Spread is mean (sample standard deviation) over seeds; each has halves of its own, shared by all methods.",
		Columns: []table.Column{
			{Name: "dataset"},
			{Name: "method"},
			{Name: "training half", Help: "clean: its anomalies are taken out; a share: so many are left that they are this share of the training data; dirty: as it is"},
			{Name: "flagged by", Help: "a share of the test half's rows, rounded up or down, those of the highest scores; own: the method's own threshold"},
			{Name: "done", Kind: table.Count, Help: "seeds with a result: all figures of the row rest on these"},
			{Name: "planned", Kind: table.Count},
			{Name: "failed", Kind: table.Count},
			{Name: "timed out", Kind: table.Count},
			{Name: "training rows", Kind: table.Count},
			{Name: "of them anomalies", Kind: table.Count},
			{Name: "test rows", Kind: table.Count},
			{Name: "test anomalies", Kind: table.Count},
			{Name: "flagged", Kind: table.Range},
			{Name: "split precision", Kind: table.Spread, Decimals: 4},
			{Name: "split recall", Kind: table.Spread, Decimals: 4},
			{Name: "split F1", Kind: table.Spread, Decimals: 4, Help: "mean of the runs' F1, not F1 of the mean precision and recall"},
			{Name: "test ROC-AUC", Kind: table.Spread, Decimals: 3},
		},
	}
	for _, p := range m.Halves {
		for _, s := range p.Series {
			c := s.Cells[0].Cell
			row := []table.Value{
				table.Str(p.Title), table.Str(s.Label).Noted(seedNotes(s)...), table.Str(c.Dataset.Split.String()), table.Str(c.Threshold.String()),
				table.Int(s.Counts.Done), table.Int(s.Counts.Planned), table.Int(s.Counts.Failed), table.Int(s.Counts.TimedOut),
			}
			results := s.Results()
			each := func(get func(*runlog.Split) float64) []float64 {
				var out []float64
				for _, r := range results {
					if r.Split != nil {
						out = append(out, get(r.Split))
					}
				}
				return out
			}
			var auc []float64
			for _, r := range results {
				if r.Split != nil {
					auc = appendKnown(auc, r.Split.Ranks.ROCAUC)
				}
			}
			t.Add(append(row,
				sizeOf(each(func(s *runlog.Split) float64 { return float64(s.Train.Rows) })),
				sizeOf(each(func(s *runlog.Split) float64 { return float64(s.Train.Anomalies) })),
				sizeOf(each(func(s *runlog.Split) float64 { return float64(s.Test.Rows) })),
				sizeOf(each(func(s *runlog.Split) float64 { return float64(s.Test.Anomalies) })),
				table.MedianRange(each(func(s *runlog.Split) float64 { return float64(s.Flagged) })),
				table.MeanSD(each(func(s *runlog.Split) float64 { return s.Precision })),
				table.MeanSD(each(func(s *runlog.Split) float64 { return s.Recall })),
				table.MeanSD(each(func(s *runlog.Split) float64 { return s.F1 })),
				table.MeanSD(auc),
			)...)
		}
	}
	return t
}
