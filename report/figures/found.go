package figures

import (
	"fmt"
	"math"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/table"
	"github.com/uaibench/uaibench/report/text"
)

// foundTable is the run's result in numbers: how many anomalies each method found, and how soon
// (methods.md 5.3).
func foundTable(m *model.Model) *table.Table {
	t := &table.Table{
		Name:  "f1",
		Title: "Anomalies found",
		Caption: "N is the number of anomalies in the pool. Where exactly N rows are flagged, precision, recall and F1 are one number, " +
			"found(N)/N. Spread is mean (sample standard deviation) over seeds, range is median [least–most].",
		Columns: []table.Column{
			{Name: "dataset"},
			{Name: "method"},
			{Name: "done", Kind: table.Count, Help: "seeds with a result: all figures of the row rest on these"},
			{Name: "planned", Kind: table.Count},
			{Name: "failed", Kind: table.Count},
			{Name: "timed out", Kind: table.Count},
			{Name: "N", Kind: table.Count, Help: "anomalies in the pool"},
			{Name: "budget", Kind: table.Count, Help: "audits allowed"},
			{Name: "found at N", Kind: table.Spread, Decimals: 1, Help: "anomalies among the first N audits"},
			{Name: "F1 at N", Kind: table.Spread, Decimals: 3, Help: "precision = recall = F1 of the first N audits"},
			{Name: "found at budget", Kind: table.Range},
			{Name: "precision at budget", Kind: table.Spread, Decimals: 3, Help: "found / budget"},
			{Name: "recall at budget", Kind: table.Spread, Decimals: 3, Help: "found / N"},
			{Name: "area", Kind: table.Spread, Decimals: 3, Help: "under found(j)/N up to the budget, as a share of the ideal list's"},
			{Name: "ROC-AUC before labels", Kind: table.Spread, Decimals: 3, Help: "of the scores of all rows before the first label"},
		},
	}
	if len(m.Halves) > 0 {
		t.Caption = "Pool protocol: audits of the whole dataset. What methods flag on test halves is another task, in a table of its own. " + t.Caption
	}
	for _, p := range m.Groups {
		for _, s := range p.Series {
			results := s.Results()
			label := table.Str(s.Label).Noted(append(seedNotes(s), approximations(s)...)...)
			head := []table.Value{table.Str(p.Title), label, table.Int(s.Counts.Done), table.Int(s.Counts.Planned), table.Int(s.Counts.Failed), table.Int(s.Counts.TimedOut)}
			if len(results) == 0 {
				for range len(t.Columns) - len(head) {
					head = append(head, Absent(s))
				}
				t.Add(head...)
				continue
			}
			t.Add(append(head, foundValues(results)...)...)
		}
	}
	return t
}

// approximations are the notes of a row whose rounds do less than the paper's.
func approximations(s *model.Series) []string {
	c := s.Cells[0].Cell
	var out []string
	if a := c.Candidates; a.Rows > 0 {
		out = append(out, fmt.Sprintf("an approximation: between full passes, one every %s, only the best %s of the last one are scored",
			text.Plural(a.Every, "round"), text.Plural(a.Rows, "row")))
	}
	for _, r := range s.Results() {
		if r.K > bench.DefaultK {
			return append(out, fmt.Sprintf("%d audits a round, where the paper has at most %d", r.K, bench.DefaultK))
		}
	}
	return out
}

// foundValues are the columns of foundTable from N on, for at least one result.
func foundValues(results []*runlog.Result) []table.Value {
	var foundN, f1, found, precision, recall, area, auc []float64
	early := 0
	for _, r := range results {
		if prf := r.Metrics.AtAnomalies; prf != nil && r.Anomalies > 0 {
			foundN = append(foundN, float64(r.Found.At(r.Anomalies)))
			f1 = append(f1, prf.F1)
		}
		at := r.Found.At(r.Budget)
		prf := bench.PRFAt(at, r.Budget, r.Anomalies)
		found = append(found, float64(at))
		precision = append(precision, prf.Precision)
		recall = append(recall, prf.Recall)
		area = append(area, r.Metrics.Area)
		if r.Unlabelled != nil && r.Unlabelled.ROCAUC != nil {
			auc = append(auc, *r.Unlabelled.ROCAUC)
		}
		if r.StoppedEarly {
			early++
		}
	}
	anomalies, budget := agreed("N", results, func(r *runlog.Result) int { return r.Anomalies }),
		agreed("budget", results, func(r *runlog.Result) int { return r.Budget })
	r := results[0]
	foundNV, f1V, recallV, areaV := table.MeanSD(foundN), table.MeanSD(f1), table.MeanSD(recall), table.MeanSD(area)
	switch {
	case r.Anomalies == 0:
		why := table.Missing("no anomalies")
		foundNV, f1V, recallV, areaV = why, why, why, why
	case len(f1) == 0:
		foundNV, f1V = table.Missing("budget below N"), table.Missing("budget below N")
	case len(f1) < len(results):
		n := fmt.Sprintf("of %d of %d seeds: the others' budget is below N", len(f1), len(results))
		foundNV, f1V = foundNV.Noted(n), f1V.Noted(n)
	}
	foundV := table.MedianRange(found)
	if early > 0 {
		foundV = foundV.Noted("stopped early: every anomaly found; the curve goes on flat")
	}
	aucV := table.MeanSD(auc)
	switch {
	case len(auc) == 0:
		aucV = table.Missing("undefined")
	case len(auc) < len(results):
		aucV = aucV.Noted(fmt.Sprintf("of %d of %d seeds", len(auc), len(results)))
	}
	return []table.Value{anomalies, budget, foundNV, f1V, foundV, table.MeanSD(precision), recallV, areaV, aucV}
}

// agreed is a number that all seeds of a series must share; where they do not, the table says so.
func agreed(what string, results []*runlog.Result, get func(*runlog.Result) int) table.Value {
	v := table.Int(get(results[0]))
	for _, r := range results {
		if get(r) != get(results[0]) {
			return v.Noted("the seeds disagree on " + what + "; the first one's is shown")
		}
	}
	return v
}

// seedNotes are the warnings that a row's number of seeds calls for.
func seedNotes(s *model.Series) []string {
	var out []string
	n := s.Counts.Done
	if n < s.Counts.Planned {
		out = append(out, fmt.Sprintf("%d of %s", n, text.Plural(s.Counts.Planned, "seed")))
	}
	switch {
	case n == 1:
		out = append(out, "n = 1: no band, no standard deviation")
	case n > 1:
		out = append(out, bandNote(n))
	}
	return out
}

// auditsTable says how many audits it takes to find half and nine tenths of the anomalies.
func auditsTable(m *model.Model) *table.Table {
	t := &table.Table{
		Name:    "audits",
		Title:   "Audits needed",
		Caption: "The number of audits after which a share of the anomalies is found: median [least–most] over seeds.",
		Columns: []table.Column{
			{Name: "dataset"},
			{Name: "method"},
			{Name: "seeds", Kind: table.Count},
			{Name: "N", Kind: table.Count},
			{Name: "to find 50 %", Kind: table.Range},
			{Name: "to find 90 %", Kind: table.Range},
		},
	}
	for _, p := range m.Groups {
		for _, s := range p.Series {
			results := s.Results()
			row := []table.Value{table.Str(p.Title), table.Str(s.Label).Noted(seedNotes(s)...), table.Int(len(results))}
			if len(results) == 0 {
				t.Add(append(row, Absent(s), Absent(s), Absent(s))...)
				continue
			}
			row = append(row, agreed("N", results, func(r *runlog.Result) int { return r.Anomalies }))
			if results[0].Anomalies == 0 {
				t.Add(append(row, table.Missing("no anomalies"), table.Missing("no anomalies"))...)
				continue
			}
			for _, percent := range []int{50, 90} {
				row = append(row, auditsToFind(results, percent))
			}
			t.Add(row...)
		}
	}
	return t
}

// auditsToFind is the number of audits with which a per cent of the anomalies (rounded up) is
// found. A seed whose curve ends earlier counts as never.
func auditsToFind(results []*runlog.Result, percent int) table.Value {
	var audits []float64
	var notes []string
	for _, r := range results {
		f, end := model.Known(r)
		j, ok := f.Audits((r.Anomalies*percent + 99) / 100)
		if !ok {
			audits = append(audits, math.Inf(1))
			notes = append(notes, fmt.Sprintf("not reached: within %s audits, as far as the curve goes", text.Comma(end)))
			continue
		}
		if j > r.Budget {
			notes = append(notes, "beyond the budget: read off the full ranking, which no audit changes")
		}
		audits = append(audits, float64(j))
	}
	return table.MedianRange(audits).Noted(notes...)
}
