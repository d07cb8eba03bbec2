package figures

import (
	"fmt"

	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/stats"
	"github.com/uaibench/uaibench/report/table"
	"github.com/uaibench/uaibench/report/text"
)

// overBaseTable sets each method with a UAI layer against its own base's static ranking, seed by seed: the two share one
// pre-training. nil where the run has no such pair.
func overBaseTable(m *model.Model) *table.Table {
	t := &table.Table{
		Name:  "over_base",
		Title: "What the UAI layer adds to its base",
		Caption: "F1 at as many audits as there are anomalies, or the share of them found within the budget where that is below: the method with the UAI layer, " +
			"less its base's own static ranking with the same seed, settings and pre-training. Above 0 the layer is better.",
		Columns: []table.Column{
			{Name: "dataset"}, {Name: "with the layer"}, {Name: "base"},
			{Name: "pairs", Kind: table.Count, Help: "seeds of which both are done"}, {Name: "planned", Kind: table.Count}, {Name: "failed", Kind: table.Count, Help: "seeds of which one or both failed"},
			{Name: "mean with", Kind: table.Number, Decimals: 3}, {Name: "mean of the base", Kind: table.Number, Decimals: 3}, {Name: "difference", Kind: table.Number, Decimals: 3},
			{Name: "from", Kind: table.Number, Decimals: 3, Help: "of Student's 95 % interval of the mean difference"}, {Name: "to", Kind: table.Number, Decimals: 3},
			{Name: "p exact", Kind: table.Number, Decimals: 4, Help: "of the sign-flip test, two-sided"},
		},
	}
	for _, p := range m.Groups {
		for _, s := range p.Series {
			base := baseOf(m, p, s)
			if base == nil {
				continue
			}
			var with, without, d []float64
			planned, failed := 0, 0
			for _, a := range s.Cells {
				for _, b := range base.Cells {
					if a.Cell.Seed != b.Cell.Seed || a.Cell.Budget != b.Cell.Budget || a.Cell.K != b.Cell.K || a.Cell.Noise != b.Cell.Noise {
						continue
					}
					planned++
					if broken(a.State) || broken(b.State) {
						failed++
					}
					if a.State == runlog.Done && b.State == runlog.Done {
						x, y := sharedScore(a.Result), sharedScore(b.Result)
						with, without, d = append(with, x), append(without, y), append(d, x-y)
					}
				}
			}
			if planned == 0 {
				continue
			}
			pairs, lost := table.Int(len(d)), table.Int(failed)
			if len(d) < planned {
				pairs = pairs.Marked()
			}
			if failed > 0 {
				lost = lost.Marked()
			}
			row := []table.Value{table.Str(p.Title), table.Str(s.Label), table.Str(base.Label), pairs, table.Int(planned), lost}
			if len(d) == 0 {
				t.Add(append(row, dash, dash, dash, dash, dash, dash)...)
				continue
			}
			c := compared(d)
			x, _ := stats.Mean(with)
			y, _ := stats.Mean(without)
			row = append(row, table.Num(x), table.Num(y), table.Num(c.Mean))
			if len(d) < 2 || c.Constant {
				t.Add(append(row, dash, dash, dash)...)
				continue
			}
			t.Note(fmt.Sprintf("With %s p exact cannot go under %s, whatever they show.", text.Plural(len(d), "pair"), text.Exact(stats.LeastSignFlip(len(d)))))
			t.Add(append(row, table.Num(c.Low), table.Num(c.High), table.Num(c.Exact))...)
		}
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return t
}

// baseOf is the pool's series of the base below a UAI method, with equal values of all parameters that both have; nil: none.
func baseOf(m *model.Model, p *model.Group, s *model.Series) *model.Series {
	info, _ := m.Catalog.Method(s.Method.ID)
	if info.Over == "" {
		return nil
	}
	for _, b := range p.Series {
		if b.Method.ID != info.Over {
			continue
		}
		same := true
		for name, v := range b.Method.Params {
			if w, has := s.Method.Params[name]; has && text.Param(v) != text.Param(w) {
				same = false
			}
		}
		if same {
			return b
		}
	}
	return nil
}

// sharedScore is F1 at N, or the share found within a smaller budget.
func sharedScore(r *runlog.Result) float64 {
	if m := r.Metrics.AtAnomalies; m != nil {
		return m.F1
	}
	return float64(r.Found.At(r.Budget)) / float64(max(r.Anomalies, 1))
}
