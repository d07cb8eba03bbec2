package report

import (
	"slices"

	"github.com/uaibench/uaibench/bench/runlog"
)

// Cells of the half-split protocol are another task than those of a pool, so they are kept apart from the start: they
// have tables of their own, and no curve.

// sizeOf is a number of rows: one where all seeds have the same, else the least and the most.
func sizeOf(xs []float64) Value {
	if len(xs) == 0 {
		return Missing("—")
	}
	least, most := int(slices.Min(xs)), int(slices.Max(xs))
	if least == most {
		return Int(least)
	}
	return Str(comma(least) + "–" + comma(most))
}

// splitTable shows precision, recall and F1 of what is flagged on test halves; nil where no cell is of halves.
func (m *model) splitTable() *Table {
	if len(m.Halves) == 0 {
		return nil
	}
	t := &Table{
		Name:  "split",
		Title: "Half-split protocol: rows flagged on the test half",
		Caption: "Trained on one half of the dataset, measured on the other: another task than finding a pool's anomalies by audits, so these precisions, recalls and F1 " +
			"are not to be compared with those of the pool. Spread is mean (sample standard deviation) over seeds; each has halves of its own, shared by all methods.",
		Columns: []Column{
			{Name: "dataset"},
			{Name: "method"},
			{Name: "training half", Help: "clean: its anomalies are taken out; a share: so many are left that they are this share of the training data; dirty: as it is"},
			{Name: "flagged by", Help: "a share of the test half's rows, rounded up or down, those of the highest scores; own: the method's own threshold"},
			{Name: "done", Kind: Count, Help: "seeds with a result: all figures of the row rest on these"},
			{Name: "planned", Kind: Count},
			{Name: "failed", Kind: Count},
			{Name: "timed out", Kind: Count},
			{Name: "training rows", Kind: Count},
			{Name: "of them anomalies", Kind: Count},
			{Name: "test rows", Kind: Count},
			{Name: "test anomalies", Kind: Count},
			{Name: "flagged", Kind: Range},
			{Name: "split precision", Kind: Spread, Decimals: 4},
			{Name: "split recall", Kind: Spread, Decimals: 4},
			{Name: "split F1", Kind: Spread, Decimals: 4, Help: "mean of the runs' F1, not F1 of the mean precision and recall"},
			{Name: "test ROC-AUC", Kind: Spread, Decimals: 3},
		},
	}
	for _, p := range m.Halves {
		for _, s := range p.Series {
			c := s.Cells[0].Cell
			row := []Value{
				Str(p.Title), Str(s.Label).Noted(seedNotes(s)...), Str(c.Dataset.Split.String()), Str(c.Threshold.String()),
				Int(s.Counts.Done), Int(s.Counts.Planned), Int(s.Counts.Failed), Int(s.Counts.TimedOut),
			}
			results := s.results()
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
				MedianRange(each(func(s *runlog.Split) float64 { return float64(s.Flagged) })),
				MeanSD(each(func(s *runlog.Split) float64 { return s.Precision })),
				MeanSD(each(func(s *runlog.Split) float64 { return s.Recall })),
				MeanSD(each(func(s *runlog.Split) float64 { return s.F1 })),
				MeanSD(auc),
			)...)
		}
	}
	return t
}
