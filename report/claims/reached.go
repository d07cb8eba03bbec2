package claims

import (
	"cmp"
	"fmt"
	"slices"

	"gonum.org/v1/gonum/stat"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/claims/ledger"
	"github.com/uaibench/uaibench/report/claims/sample"
	"github.com/uaibench/uaibench/report/paper"
	"github.com/uaibench/uaibench/report/stats"
	"github.com/uaibench/uaibench/report/table"
)

// reached is one setting of a method on a dataset, with its F1 and Table 1's.
type reached struct {
	dataset, method, setting string
	// F1 after N audits, N the number of anomalies, by seed
	f1              []float64
	planned, failed int
	published       float64
}

// ReachedTable shows which settings of a run reach the F1 that Table 1 prints for the method,
// whatever their parameters; settings other than the paper's are no evidence for its claims. It
// returns nil if no cell of the run has a published F1.
func ReachedTable(l *ledger.Ledger, run *runlog.Run, cat bench.Catalog) *table.Table {
	t := &table.Table{
		Name: "reached", Title: "Which settings reach Table 1's F1?",
		Caption: "F1 when as many rows are audited as there are anomalies: the mean over the seeds done and its 95 % interval (Student's). More is better. " +
			"Published is Table 1's figure, for reference only: nothing measured depends on it. " +
			"Reached: the mean, rounded, is at least that; surely, or surely not: " +
			"the whole interval agrees. Of many settings some reach a figure by luck, and which " +
			"ones is known only with the labels.",
		Columns: []table.Column{
			{Name: "dataset"}, {Name: "method"}, {Name: "setting"},
			{Name: "seeds done", Kind: table.Count, Detail: true},
			{Name: "planned", Kind: table.Count, Detail: true},
			{Name: "failed", Kind: table.Count, Detail: true, Help: "or timed out"},
			{Name: "F1", Kind: table.Spread, Decimals: 3, Help: "mean (sample standard deviation)"},
			{Name: "95 % from", Kind: table.Number, Decimals: 3},
			{Name: "to", Kind: table.Number, Decimals: 3},
			{Name: "published", Kind: table.Number, Decimals: 2}, {Name: "reached"},
		},
	}
	for _, r := range allReached(l, run, cat) {
		row := []table.Value{table.Str(r.dataset), table.Str(r.method), table.Str(r.setting),
			table.Int(len(r.f1)), table.Int(r.planned), table.Int(r.failed), table.MeanSD(r.f1)}
		low, high := table.Missing("—"), table.Missing("—")
		verdict := table.Missing("not run")
		if len(r.f1) > 0 {
			least := r.published - 0.005
			m := stat.Mean(r.f1, nil)
			word := "no"
			if m >= least {
				word = "yes"
			}
			if sd := stat.StdDev(r.f1, nil); len(r.f1) > 1 && (sd > 0 || len(r.f1) >= paper.Runs) {
				half := stats.StudentHalf(sd, len(r.f1), 0.95)
				low, high = table.Num(m-half), table.Num(m+half)
				switch {
				case m-half >= least:
					word = "yes, surely"
				case m+half < least:
					word = "no, surely"
				}
			}
			if len(r.f1) < r.planned {
				word += fmt.Sprintf(" (%d of %d runs)", len(r.f1), r.planned)
			}
			verdict = table.Str(word)
			if m >= least {
				verdict = verdict.Marked()
			}
		}
		t.Add(append(row, low, high, table.Num(r.published), verdict)...)
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return t
}

// allReached returns the settings of the run that have a published F1, grouped by dataset,
// otherwise in the plan's order.
func allReached(l *ledger.Ledger, run *runlog.Run, cat bench.Catalog) []*reached {
	var out []*reached
	for _, c := range run.Cells {
		v, ok := table1(l, c.Cell)
		if !ok {
			continue
		}
		info, _ := cat.Method(c.Cell.Method.ID)
		method, setting := cmp.Or(c.Label, info.Title, c.Cell.Method.ID),
			sample.Setting(c.PlannedCell)
		i := slices.IndexFunc(out, func(r *reached) bool {
			return r.dataset == c.Cell.Dataset.ID && r.method == method && r.setting == setting
		})
		if i < 0 {
			i = len(out)
			out = append(out, &reached{dataset: c.Cell.Dataset.ID, method: method,
				setting: setting, published: v})
		}
		r := out[i]
		r.planned++
		switch {
		case c.Status.State == runlog.Failed || c.Status.State == runlog.TimedOut:
			r.failed++
		case c.Status.State == runlog.Done && c.Result != nil &&
			c.Result.Metrics.AtAnomalies != nil:
			r.f1 = append(r.f1, c.Result.Metrics.AtAnomalies.F1)
		}
	}
	first := func(r *reached) int {
		return slices.IndexFunc(out, func(o *reached) bool { return o.dataset == r.dataset })
	}
	sorted := slices.Clone(out)
	slices.SortStableFunc(sorted, func(a, b *reached) int {
		return cmp.Compare(first(a), first(b))
	})
	return sorted
}

// table1 returns the F1 that Table 1 prints for a cell's method on its dataset.
func table1(l *ledger.Ledger, c bench.Cell) (float64, bool) {
	if v, ok := c.Dataset.Params["rows"]; c.HasHoldout() || ok && sample.ShowParam(v) != "0" {
		return 0, false // another task, or a subset of the dataset
	}
	for _, row := range l.Table1.F1 {
		i := slices.IndexFunc(l.Arms, func(a ledger.Arm) bool { return a.ID == row.Arm })
		if v, ok := row.Values[c.Dataset.ID]; ok && i >= 0 && l.Arms[i].Method == c.Method.ID &&
			l.Arms[i].Train == "" {
			return v, true
		}
	}
	return 0, false
}
