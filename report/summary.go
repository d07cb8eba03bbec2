package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/figures"
	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/stats"
	"github.com/uaibench/uaibench/report/table"
	"github.com/uaibench/uaibench/report/text"
)

// TextWidth is the width of tables, in columns, if the terminal's is unknown.
const TextWidth = 100

// Summary writes the results of a run as one compact table, followed by the states of its cells. A
// dataset is named by the plan's label if that differs from the catalogue's title, otherwise by its
// id.
func Summary(w io.Writer, run *runlog.Run, cat bench.Catalog) error {
	m := model.New(run, cat)
	var b strings.Builder
	if pool := poolSummary(m); len(pool.Rows) > 0 || len(m.Halves) == 0 {
		pool.WriteText(&b, TextWidth) // a strings.Builder never fails
		if len(pool.Rows) > 0 && len(m.Halves) > 0 {
			b.WriteString("\n")
		}
	}
	if len(m.Halves) > 0 {
		splitSummary(m).WriteText(&b, TextWidth)
	}
	b.WriteString("\n" + m.Counts.String())
	if m.Counts.Done > 0 {
		fmt.Fprintf(&b, "; digest of the results %.16s", run.Digest())
	}
	b.WriteString("\n")
	if len(m.Groups) > 0 || len(m.Halves) == 0 {
		b.WriteString("found: median [least–most] over the seeds done; F1 at N and seconds: mean " +
			"and median\n")
	}
	b.WriteString("methods on the same network share one pre-training; its seconds count where " +
		"it was made\n")
	if len(m.Halves) > 0 {
		b.WriteString(
			"split P, R, F1: mean (standard deviation) of what is flagged on the test half: " +
				"another task than the pool's\n",
		)
	}
	for _, s := range m.Warnings {
		b.WriteString("warning: " + s + "\n")
	}
	for _, g := range slices.Concat(m.Groups, m.Halves) {
		for _, s := range g.Series {
			b.WriteString(failureLines(g, s))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// failureLines has one line for each distinct message of a series' failed cells.
func failureLines(g *model.Group, s *model.Series) string {
	out := ""
	count := map[string]int{}
	var order []string
	for _, c := range s.Cells {
		if c.State != runlog.Failed && c.State != runlog.TimedOut && c.State != model.NoData {
			continue
		}
		message := text.Shorten(cmp.Or(text.Clean(c.Message), "no message was recorded"), 200)
		line := string(c.State) + ": " + message
		if count[line]++; count[line] == 1 {
			order = append(order, line)
		}
	}
	for _, line := range order {
		out += fmt.Sprintf("%s, %s: %s %s\n", g.Name, s.AsHalf(), text.Plural(count[line], "cell"),
			line)
	}
	return out
}

// summaryRow is a series in the narrow terminal format: below its default a setting is named only
// by its changes, and a dataset's name appears once.
type summaryRow struct {
	*model.Series
	Dataset, Name string
}

func (r summaryRow) dataset() table.Value { return table.Str(r.Dataset) }
func (r summaryRow) method() table.Value  { return table.Str(r.Name) }

func (r summaryRow) seeds() table.Value {
	v := table.Str(fmt.Sprintf("%d/%d", r.Counts.Done, r.Counts.Planned))
	if r.Counts.Done < r.Counts.Planned {
		v = v.Marked()
	}
	return v
}

// once removes a dataset's name from all but the first of its rows.
func once(rows []summaryRow) []summaryRow {
	last := ""
	for i := range rows {
		if name := rows[i].Dataset; name == last {
			rows[i].Dataset = ""
		} else {
			last = name
		}
	}
	return rows
}

// poolRows returns all series that audit pools, each method's settings below its default.
func poolRows(m *model.Model) []summaryRow {
	of := map[*model.Series]*model.Family{}
	for _, f := range m.Families() {
		for _, s := range f.All() {
			of[s.Series] = f
		}
	}
	var out []summaryRow
	seen := map[*model.Family]bool{}
	for _, g := range m.Groups {
		for _, s := range g.Series {
			f := of[s]
			switch {
			case f == nil:
				out = append(out, summaryRow{s, g.Name, s.Label})
			case !seen[f]:
				seen[f] = true
				out = append(out, familyRows(f)...)
			}
		}
	}
	return once(out)
}

func familyRows(f *model.Family) []summaryRow {
	dataset := f.All()[0].Group.Name
	for _, s := range f.All() {
		if s.Group != f.All()[0].Group {
			dataset = f.Dataset // the groups differ by what is compared
		}
	}
	var out []summaryRow
	for _, s := range f.All() {
		name := "· " + f.Shown(s)
		if s == f.Default && f.Axes == nil {
			name = f.Method
		} else if len(out) == 0 {
			name = f.Method + ": " + f.Shown(s)
		}
		out = append(out, summaryRow{s.Series, dataset, name})
	}
	return out
}

func poolSummary(m *model.Model) *table.Table {
	column := func(name string, kind table.Kind, decimals int,
		of func(summaryRow, []*runlog.Result) table.Value) table.Col[summaryRow] {
		return table.Col[summaryRow]{
			Name:     name,
			Kind:     kind,
			Decimals: decimals,
			Value: func(r summaryRow) table.Value {
				if results := r.Distinct(); len(results) > 0 {
					return of(r, results)
				}
				return figures.Absent(r.Series)
			},
		}
	}
	return table.Build(table.Table{Name: "summary"}, poolRows(m), []table.Col[summaryRow]{
		{Name: "dataset", Value: summaryRow.dataset},
		{Name: "method", Value: summaryRow.method},
		{Name: "seeds", Value: summaryRow.seeds},
		column("N", table.Count, 0, func(_ summaryRow, results []*runlog.Result) table.Value {
			return table.Int(results[0].Anomalies)
		}),
		column("budget", table.Count, 0, func(_ summaryRow, results []*runlog.Result) table.Value {
			return table.Int(results[0].Budget)
		}),
		column(
			"found at budget",
			table.Range,
			0,
			func(r summaryRow, _ []*runlog.Result) table.Value {
				return table.MedianRange(r.Found())
			},
		),
		column("F1 at N", table.Number, 3, f1AtN),
		column("seconds", table.Count, 0, func(r summaryRow, _ []*runlog.Result) table.Value {
			if s := r.Seconds(); len(s) > 0 {
				return table.Num(stats.Middle(s))
			}
			return table.Missing("—")
		}),
	}...)
}

func f1AtN(_ summaryRow, results []*runlog.Result) table.Value {
	var f1 []float64
	for _, r := range results {
		if r.Metrics.AtAnomalies != nil && r.Anomalies > 0 {
			f1 = append(f1, r.Metrics.AtAnomalies.F1)
		}
	}
	switch {
	case results[0].Anomalies == 0:
		return table.Missing("N = 0")
	case len(f1) == 0:
		return table.Missing("budget < N")
	}
	mean, _ := stats.MeanSD(f1)
	return table.Num(mean)
}

// splitSummary shows what methods flag on test halves.
func splitSummary(m *model.Model) *table.Table {
	var rows []summaryRow
	for _, g := range m.Halves {
		for i, s := range g.Series {
			r := summaryRow{s, g.Name, s.Label}
			if i > 0 {
				r.Dataset = ""
			}
			rows = append(rows, r)
		}
	}
	spread := func(name string, of func(*runlog.Holdout) float64) table.Col[summaryRow] {
		return table.Col[summaryRow]{
			Name:     name,
			Kind:     table.Spread,
			Decimals: 3,
			Value: func(r summaryRow) table.Value {
				var xs []float64
				for _, result := range r.Results() {
					if result.Holdout != nil {
						xs = append(xs, of(result.Holdout))
					}
				}
				return table.MeanSD(xs)
			},
		}
	}
	return table.Build(table.Table{Name: "split"}, rows, []table.Col[summaryRow]{
		{Name: "half-split of", Value: summaryRow.dataset},
		{Name: "method", Value: summaryRow.method},
		{Name: "training half", Value: func(r summaryRow) table.Value {
			return table.Str(r.Cells[0].Cell.Dataset.Split.String())
		}},
		{Name: "flagged by", Value: func(r summaryRow) table.Value {
			return table.Str(r.Cells[0].Cell.Threshold.String())
		}},
		{Name: "seeds", Value: summaryRow.seeds},
		spread("split P", func(s *runlog.Holdout) float64 { return s.Precision }),
		spread("split R", func(s *runlog.Holdout) float64 { return s.Recall }),
		spread("split F1", func(s *runlog.Holdout) float64 { return s.F1 }),
	}...)
}
