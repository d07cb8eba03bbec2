package report

import (
	"fmt"
	"math"
	"slices"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
)

// foundTable is the run's result in numbers: how many anomalies each method found, and how soon
// (methods.md 5.3).
func (m *model) foundTable() *Table {
	t := &Table{
		Name:  "f1",
		Title: "Anomalies found",
		Caption: "N is the number of anomalies in the pool. Where exactly N rows are flagged, precision, recall and F1 are one number, " +
			"found(N)/N. Spread is mean (sample standard deviation) over seeds, range is median [least–most].",
		Columns: []Column{
			{Name: "dataset"},
			{Name: "method"},
			{Name: "done", Kind: Count, Help: "seeds with a result: all figures of the row rest on these"},
			{Name: "planned", Kind: Count},
			{Name: "failed", Kind: Count},
			{Name: "timed out", Kind: Count},
			{Name: "N", Kind: Count, Help: "anomalies in the pool"},
			{Name: "budget", Kind: Count, Help: "audits allowed"},
			{Name: "found at N", Kind: Spread, Decimals: 1, Help: "anomalies among the first N audits"},
			{Name: "F1 at N", Kind: Spread, Decimals: 3, Help: "precision = recall = F1 of the first N audits"},
			{Name: "found at budget", Kind: Range},
			{Name: "precision at budget", Kind: Spread, Decimals: 3, Help: "found / budget"},
			{Name: "recall at budget", Kind: Spread, Decimals: 3, Help: "found / N"},
			{Name: "area", Kind: Spread, Decimals: 3, Help: "under found(j)/N up to the budget, as a share of the ideal list's"},
			{Name: "ROC-AUC before labels", Kind: Spread, Decimals: 3, Help: "of the scores of all rows before the first label"},
		},
	}
	if len(m.Halves) > 0 {
		t.Caption = "Pool protocol: audits of the whole dataset. What methods flag on test halves is another task, in a table of its own. " + t.Caption
	}
	for _, p := range m.Pools {
		for _, s := range p.Series {
			results := s.results()
			label := Str(s.Label).Noted(append(seedNotes(t, s), approximations(t, s)...)...)
			head := []Value{Str(p.Title), label, Int(s.Counts.Done), Int(s.Counts.Planned), Int(s.Counts.Failed), Int(s.Counts.TimedOut)}
			if len(results) == 0 {
				for range len(t.Columns) - len(head) {
					head = append(head, s.absent())
				}
				t.Add(head...)
				continue
			}
			t.Add(append(head, foundValues(t, results)...)...)
		}
	}
	return t
}

// approximations are the notes of a row whose rounds do less than the paper's.
func approximations(t *Table, s *series) []int {
	for _, r := range s.results() {
		if r.K > bench.DefaultK {
			return []int{t.Note(fmt.Sprintf("%d audits a round, where the paper has at most %d", r.K, bench.DefaultK))}
		}
	}
	return nil
}

// foundValues are the columns of foundTable from N on, for at least one result.
func foundValues(t *Table, results []*runlog.Result) []Value {
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
	anomalies, budget := agreed(t, "N", results, func(r *runlog.Result) int { return r.Anomalies }),
		agreed(t, "budget", results, func(r *runlog.Result) int { return r.Budget })
	r := results[0]
	foundNV, f1V, recallV, areaV := MeanSD(foundN), MeanSD(f1), MeanSD(recall), MeanSD(area)
	switch {
	case r.Anomalies == 0:
		why := Missing("no anomalies")
		foundNV, f1V, recallV, areaV = why, why, why, why
	case len(f1) == 0:
		foundNV, f1V = Missing("budget below N"), Missing("budget below N")
	case len(f1) < len(results):
		n := t.Note(fmt.Sprintf("of %d of %d seeds: the others' budget is below N", len(f1), len(results)))
		foundNV, f1V = foundNV.Noted(n), f1V.Noted(n)
	}
	foundV := MedianRange(found)
	if early > 0 {
		foundV = foundV.Noted(t.Note("stopped early: every anomaly found; the curve goes on flat"))
	}
	aucV := MeanSD(auc)
	switch {
	case len(auc) == 0:
		aucV = Missing("undefined")
	case len(auc) < len(results):
		aucV = aucV.Noted(t.Note(fmt.Sprintf("of %d of %d seeds", len(auc), len(results))))
	}
	return []Value{anomalies, budget, foundNV, f1V, foundV, MeanSD(precision), recallV, areaV, aucV}
}

// agreed is a number that all seeds of a series must share; where they do not, the table says so.
func agreed(t *Table, what string, results []*runlog.Result, get func(*runlog.Result) int) Value {
	v := Int(get(results[0]))
	for _, r := range results {
		if get(r) != get(results[0]) {
			return v.Noted(t.Note("the seeds disagree on " + what + "; the first one's is shown"))
		}
	}
	return v
}

// seedNotes are the warnings that a row's number of seeds calls for.
func seedNotes(t *Table, s *series) []int {
	var out []int
	n := s.Counts.Done
	if n < s.Counts.Planned {
		out = append(out, t.Note(fmt.Sprintf("%d of %s", n, plural(s.Counts.Planned, "seed"))))
	}
	switch {
	case n == 1:
		out = append(out, t.Note("n = 1: no band, no standard deviation"))
	case n > 1:
		out = append(out, t.Note(bandNote(n)))
	}
	return out
}

// bandNote rounds down, so that no band is ever said to be certain.
func bandNote(n int) string {
	percent := exact(math.Floor(bandCoverage(n)*1000) / 1000)
	article := "a"
	if percent[0] == '8' {
		article = "an"
	}
	return fmt.Sprintf("With n = %d the min–max band is %s %s %% interval for the median", n, article, percent)
}

// auditsTable says how many audits it takes to find half and nine tenths of the anomalies.
func (m *model) auditsTable() *Table {
	t := &Table{
		Name:    "audits",
		Title:   "Audits needed",
		Caption: "The number of audits after which a share of the anomalies is found: median [least–most] over seeds.",
		Columns: []Column{
			{Name: "dataset"},
			{Name: "method"},
			{Name: "seeds", Kind: Count},
			{Name: "N", Kind: Count},
			{Name: "to find 50 %", Kind: Range},
			{Name: "to find 90 %", Kind: Range},
		},
	}
	for _, p := range m.Pools {
		for _, s := range p.Series {
			results := s.results()
			row := []Value{Str(p.Title), Str(s.Label).Noted(seedNotes(t, s)...), Int(len(results))}
			if len(results) == 0 {
				t.Add(append(row, s.absent(), s.absent(), s.absent())...)
				continue
			}
			row = append(row, agreed(t, "N", results, func(r *runlog.Result) int { return r.Anomalies }))
			if results[0].Anomalies == 0 {
				t.Add(append(row, Missing("no anomalies"), Missing("no anomalies"))...)
				continue
			}
			for _, percent := range []int{50, 90} {
				row = append(row, auditsToFind(t, results, percent))
			}
			t.Add(row...)
		}
	}
	return t
}

// auditsToFind is the number of audits with which a per cent of the anomalies (rounded up) is
// found. A seed whose curve ends earlier counts as never.
func auditsToFind(t *Table, results []*runlog.Result, percent int) Value {
	var audits []float64
	var notes []int
	for _, r := range results {
		f, end := known(r)
		j, ok := f.Audits((r.Anomalies*percent + 99) / 100)
		if !ok {
			audits = append(audits, math.Inf(1))
			notes = append(notes, t.Note(fmt.Sprintf("not reached: within %s audits, as far as the curve goes", comma(end))))
			continue
		}
		if j > r.Budget {
			notes = append(notes, t.Note("beyond the budget: read off the full ranking, which no audit changes"))
		}
		audits = append(audits, float64(j))
	}
	slices.Sort(notes)
	return MedianRange(audits).Noted(notes...)
}
