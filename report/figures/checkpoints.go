package figures

import (
	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/table"
)

// checkpointTable shows the frozen model at the budgets that the spec asks for; nil where none does.
func checkpointTable(m *model.Model) *table.Table {
	t := &table.Table{
		Name:    "checkpoints",
		Title:   "The model at checkpoints",
		Caption: "The model after so many audits, trained once more and frozen, ranking all rows of the pool, audited ones too. Spread is mean (sample standard deviation) over seeds.",
		Columns: []table.Column{
			{Name: "dataset"},
			{Name: "method"},
			{Name: "audits", Kind: table.Count},
			{Name: "seeds", Kind: table.Count},
			{Name: "score", Help: "base: s, or a method that does not learn; trained: the score that learns from audits"},
			{Name: "ROC-AUC", Kind: table.Spread, Decimals: 3},
			{Name: "average precision", Kind: table.Spread, Decimals: 3},
		},
	}
	for _, p := range m.Groups {
		for _, s := range p.Series {
			results := s.Results()
			if len(results) == 0 {
				continue
			}
			for i, first := range results[0].Checkpoints {
				var auc, ap []float64
				n := 0
				for _, r := range results {
					if i < len(r.Checkpoints) {
						n++
						auc = appendKnown(auc, r.Checkpoints[i].Ranks.ROCAUC)
						ap = appendKnown(ap, r.Checkpoints[i].Ranks.AveragePrecision)
					}
				}
				audits := table.Int(first.At)
				if early(results, i) {
					audits = audits.Noted("some seeds had found every anomaly before: their last model is shown")
				}
				t.Add(table.Str(p.Title), table.Str(s.Label), audits, table.Int(n), table.Str(first.Head), spreadOr(auc), spreadOr(ap))
			}
		}
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return t
}
