package figures

import (
	"fmt"
	"math"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/metric"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/table"
	"github.com/uaibench/uaibench/report/text"
)

var found = Figure{
	Name: "found", Section: Results,
	Doc: "how many anomalies each method found, and how soon",
	Tables: func(m *model.Model) []*table.Table {
		return []*table.Table{foundTable(m),
			auditsTable(m)}
	},
}

// foundTable is the table of the run's main results.
func foundTable(m *model.Model) *table.Table {
	caption := "N is the number of anomalies in the pool. With exactly N rows flagged, " +
		"precision, recall and F1 are all found(N)/N. Spread is mean (sample standard deviation) " +
		"over seeds, range is median [least–most]."
	if len(m.Halves) > 0 {
		caption = "Pool protocol: audits of the whole dataset. What methods flag on test halves " +
			"is another task, in a table of its own. " + caption
	}
	spread := func(name, help string, of func([]*runlog.Result) value) col[line] {
		return col[line]{Name: name, Kind: table.Spread, Decimals: 3, Help: help,
			Value: ofResults(of)}
	}
	atN := spread("found at N", "anomalies among the first N audits", foundAtN)
	atN.Decimals, atN.Detail = 1, true
	head := table.Table{Name: "f1", Title: "Anomalies found", Caption: caption}
	return table.Build(head, lines(m.Groups), []col[line]{
		{Name: "dataset", Value: line.dataset},
		{Name: "method", Value: func(l line) value {
			return l.methodOfSeeds().Noted(approximations(l.series)...)
		}},
		{Name: "done", Kind: table.Count, Detail: true, Value: line.done,
			Help: "seeds with a result: all figures of the row rest on these"},
		{Name: "planned", Kind: table.Count, Detail: true, Value: line.planned},
		{Name: "failed", Kind: table.Count, Detail: true, Value: line.failed},
		{Name: "timed out", Kind: table.Count, Detail: true, Value: line.timedOut},
		{Name: "N", Kind: table.Count, Help: "anomalies in the pool", Value: ofResults(anomalies)},
		{Name: "budget", Kind: table.Count, Help: "audits allowed", Value: ofResults(budget)},
		atN,
		spread("F1 at N", "precision = recall = F1 of the first N audits", f1AtN),
		{Name: "found at budget", Kind: table.Range, Value: ofResults(foundAtBudget)},
		spread("precision at budget", "found / budget", precision).AsDetail(),
		spread("recall at budget", "found / N", recall),
		spread("area", "under found(j)/N up to the budget, as a share of the ideal list's", area),
		spread("ROC-AUC before labels", "of the scores of all rows before the first label",
			unlabelledAUC),
	}...)
}

// approximations returns a note if a result has more audits a round than the paper's maximum.
func approximations(s *model.Series) []string {
	for _, r := range s.Results() {
		if r.K > bench.DefaultK {
			return []string{fmt.Sprintf("%d audits a round; the paper has at most %d", r.K,
				bench.DefaultK)}
		}
	}
	return nil
}

// The columns of foundTable, for at least one result.

func anomalies(results []*runlog.Result) value {
	return agreed("N", results, func(r *runlog.Result) int { return r.Anomalies })
}

func budget(results []*runlog.Result) value {
	return agreed("budget", results, func(r *runlog.Result) int { return r.Budget })
}

func foundAtN(results []*runlog.Result) value {
	return atN(results, func(r *runlog.Result) float64 { return float64(r.Found.At(r.Anomalies)) })
}

func f1AtN(results []*runlog.Result) value {
	return atN(results, func(r *runlog.Result) float64 { return r.Metrics.AtAnomalies.F1 })
}

// atN is the spread of a number after N audits, over the seeds whose budget is at least N.
func atN(results []*runlog.Result, of func(*runlog.Result) float64) value {
	if results[0].Anomalies == 0 {
		return table.Missing("no anomalies")
	}
	var xs []float64
	for _, r := range results {
		if r.Metrics.AtAnomalies != nil && r.Anomalies > 0 {
			xs = append(xs, of(r))
		}
	}
	switch {
	case len(xs) == 0:
		return table.Missing("budget below N")
	case len(xs) < len(results):
		return table.MeanSD(xs).Noted(fmt.Sprintf("of %d of %d seeds: the others' budget is "+
			"below N", len(xs), len(results)))
	}
	return table.MeanSD(xs)
}

func foundAtBudget(results []*runlog.Result) value {
	v := table.MedianRange(each(results,
		func(r *runlog.Result) float64 { return float64(r.Found.At(r.Budget)) }))
	for _, r := range results {
		if r.StoppedEarly {
			return v.Noted("stopped early: every anomaly found; the curve stays flat")
		}
	}
	return v
}

func atBudget(r *runlog.Result) metric.PRF {
	return metric.PRFAt(r.Found.At(r.Budget), r.Budget, r.Anomalies)
}

func precision(results []*runlog.Result) value {
	return table.MeanSD(each(results,
		func(r *runlog.Result) float64 { return atBudget(r).Precision }))
}

func recall(results []*runlog.Result) value {
	if results[0].Anomalies == 0 {
		return table.Missing("no anomalies")
	}
	return table.MeanSD(each(results, func(r *runlog.Result) float64 { return atBudget(r).Recall }))
}

func area(results []*runlog.Result) value {
	if results[0].Anomalies == 0 {
		return table.Missing("no anomalies")
	}
	return table.MeanSD(each(results, func(r *runlog.Result) float64 { return r.Metrics.Area }))
}

func unlabelledAUC(results []*runlog.Result) value {
	var auc []float64
	for _, r := range results {
		if r.Unlabelled != nil {
			auc = appendKnown(auc, r.Unlabelled.ROCAUC)
		}
	}
	v := spreadOr(auc)
	if n := len(auc); n > 0 && n < len(results) {
		v = v.Noted(fmt.Sprintf("of %d of %d seeds", n, len(results)))
	}
	return v
}

// agreed is a number that all seeds of a series should share; a note is added if they do not.
func agreed(what string, results []*runlog.Result, get func(*runlog.Result) int) value {
	v := table.Int(get(results[0]))
	for _, r := range results {
		if get(r) != get(results[0]) {
			return v.Noted("the seeds disagree on " + what + "; the first seed's is shown")
		}
	}
	return v
}

// seedNotes returns the notes that depend on a series' number of seeds.
func seedNotes(s *model.Series) []string {
	var out []string
	n := s.Counts.Done
	if n < s.Counts.Planned {
		out = append(out, fmt.Sprintf("%d of %s", n, text.Plural(s.Counts.Planned, "seed")))
	}
	switch {
	case n == 1:
		out = append(out, "n = 1: no band, no standard deviation")
	case s.Copies():
		out = append(out, fmt.Sprintf("all %d seeds made the same audits and count as one run: "+
			"no band, no standard deviation", n))
	case n > 1:
		out = append(out, bandNote(n))
	}
	return out
}

// auditsTable has the number of audits needed to find 50 and 90 per cent of the anomalies.
func auditsTable(m *model.Model) *table.Table {
	toFind := func(percent int) func(line) value {
		return ofResults(func(results []*runlog.Result) value {
			return auditsToFind(results,
				percent)
		})
	}
	return table.Build(table.Table{
		Name:  "audits",
		Title: "Audits needed",
		Caption: "The number of audits after which a share of the anomalies is found: median " +
			"[least–most] over seeds.",
	}, lines(m.Groups), []col[line]{
		{Name: "dataset", Value: line.dataset},
		{Name: "method", Value: line.methodOfSeeds},
		{Name: "seeds", Kind: table.Count, Value: line.done},
		{Name: "N", Kind: table.Count, Value: ofResults(anomalies)},
		{Name: "to find 50 %", Kind: table.Range, Value: toFind(50)},
		{Name: "to find 90 %", Kind: table.Range, Value: toFind(90)},
	}...)
}

// auditsToFind is the number of audits that finds a percentage of the anomalies (rounded up). A
// seed whose curve ends earlier counts as "not reached".
func auditsToFind(results []*runlog.Result, percent int) value {
	if results[0].Anomalies == 0 {
		return table.Missing("no anomalies")
	}
	var audits []float64
	var notes []string
	for _, r := range results {
		f, end := model.Known(r)
		j, ok := f.Audits((r.Anomalies*percent + 99) / 100)
		if !ok {
			audits = append(audits, math.Inf(1))
			notes = append(notes,
				fmt.Sprintf("not reached within %s audits, where the curve ends",
					text.Comma(end)))
			continue
		}
		if j > r.Budget {
			notes = append(notes,
				"beyond the budget: read off the full ranking, which no audit changes")
		}
		audits = append(audits, float64(j))
	}
	return table.MedianRange(audits).Noted(notes...)
}
