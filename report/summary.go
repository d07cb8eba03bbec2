package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/figures"
	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/stats"
	"github.com/uaibench/uaibench/report/table"
	"github.com/uaibench/uaibench/report/text"
)

// TextWidth of tables where no terminal says its own: it fits one that is not wide.
const TextWidth = 100

// Summary writes what a run found as one compact table, and below it what became of its cells.
func Summary(w io.Writer, run *runlog.Run) error {
	m := model.New(run, bench.Catalog{})
	t := &table.Table{
		Name: "summary",
		Columns: []table.Column{
			{Name: "dataset"},
			{Name: "method"},
			{Name: "seeds"},
			{Name: "N", Kind: table.Count},
			{Name: "budget", Kind: table.Count},
			{Name: "found at budget", Kind: table.Range},
			{Name: "F1 at N", Kind: table.Number, Decimals: 3},
			{Name: "seconds", Kind: table.Count},
		},
	}
	last := ""
	for _, s := range summaryRows(m) {
		seeds := table.Str(fmt.Sprintf("%d/%d", s.Counts.Done, s.Counts.Planned))
		if s.Counts.Done < s.Counts.Planned {
			seeds = seeds.Marked()
		}
		title := s.Dataset
		if title == last {
			title = "" // once for each dataset
		}
		last = s.Dataset
		row := []table.Value{table.Str(title), table.Str(s.Name), seeds}
		results := s.Results()
		if len(results) == 0 {
			gone := figures.Absent(s.Series)
			t.Add(append(row, gone, gone, gone, gone, gone)...)
			continue
		}
		found, f1 := []float64{}, []float64{}
		for _, r := range results {
			found = append(found, float64(r.Found.At(r.Budget)))
			if r.Metrics.AtAnomalies != nil && r.Anomalies > 0 {
				f1 = append(f1, r.Metrics.AtAnomalies.F1)
			}
		}
		score := table.Missing("budget < N")
		switch {
		case results[0].Anomalies == 0:
			score = table.Missing("N = 0")
		case len(f1) > 0:
			mean, _ := stats.Mean(f1)
			score = table.Num(mean)
		}
		seconds := table.Missing("—")
		if s := s.Seconds(); len(s) > 0 {
			seconds = table.Num(stats.Median(s))
		}
		t.Add(append(row, table.Int(results[0].Anomalies), table.Int(results[0].Budget), table.MedianRange(found), score, seconds)...)
	}
	halves := splitSummary(m)
	if len(t.Rows) > 0 || halves == nil {
		if err := t.WriteText(w, TextWidth); err != nil {
			return err
		}
	}
	if halves != nil {
		if len(t.Rows) > 0 {
			if _, err := io.WriteString(w, "\n"); err != nil {
				return err
			}
		}
		if err := halves.WriteText(w, TextWidth); err != nil {
			return err
		}
	}
	line := "\n" + m.Counts.String()
	if m.Counts.Done > 0 {
		line += fmt.Sprintf("; digest of the results %.16s", run.Digest())
	}
	line += "\n"
	if len(m.Groups) > 0 || halves == nil {
		line += "found: median [least–most] over the seeds done; F1 at N and seconds: mean and median\n"
	}
	line += "methods on the same network share one pre-training; its seconds count where it was made\n"
	if halves != nil {
		line += "split P, R, F1: mean (standard deviation) of what is flagged on the test half: another task than the pool's\n"
	}
	for _, s := range m.Warnings {
		line += "warning: " + s + "\n"
	}
	for _, p := range slices.Concat(m.Groups, m.Halves) {
		for _, s := range p.Series {
			line += failureLines(p, s)
		}
	}
	_, err := io.WriteString(w, line)
	return err
}

// failureLines has a line for each different message of a series' failed cells.
func failureLines(p *model.Group, s *model.Series) string {
	out := ""
	count := map[string]int{}
	var order []string
	for _, c := range s.Cells {
		if c.State != runlog.Failed && c.State != runlog.TimedOut && c.State != model.NoData {
			continue
		}
		m := string(c.State) + ": " + text.Shorten(cmp.Or(text.Clean(c.Message), "no message was recorded"), 200)
		if count[m]++; count[m] == 1 {
			order = append(order, m)
		}
	}
	for _, m := range order {
		out += fmt.Sprintf("%s, %s: %s %s\n", p.Title, s.AsHalf(), text.Plural(count[m], "cell"), m)
	}
	return out
}

// splitSummary is the split table as the terminal shows it; nil where no cell is of halves.
func splitSummary(m *model.Model) *table.Table {
	if len(m.Halves) == 0 {
		return nil
	}
	t := &table.Table{
		Name: "split",
		Columns: []table.Column{
			{Name: "half-split of"},
			{Name: "method"},
			{Name: "training half"},
			{Name: "flagged by"},
			{Name: "seeds"},
			{Name: "split P", Kind: table.Spread, Decimals: 3},
			{Name: "split R", Kind: table.Spread, Decimals: 3},
			{Name: "split F1", Kind: table.Spread, Decimals: 3},
		},
	}
	for _, p := range m.Halves {
		title := p.Title
		for _, s := range p.Series {
			seeds := table.Str(fmt.Sprintf("%d/%d", s.Counts.Done, s.Counts.Planned))
			if s.Counts.Done < s.Counts.Planned {
				seeds = seeds.Marked()
			}
			var precision, recall, f1 []float64
			for _, r := range s.Results() {
				if r.Split != nil {
					precision, recall, f1 = append(precision, r.Split.Precision), append(recall, r.Split.Recall), append(f1, r.Split.F1)
				}
			}
			c := s.Cells[0].Cell
			t.Add(table.Str(title), table.Str(s.Label), table.Str(c.Dataset.Split.String()), table.Str(c.Threshold.String()), seeds, table.MeanSD(precision), table.MeanSD(recall), table.MeanSD(f1))
			title = ""
		}
	}
	return t
}

// summaryRow is a series as a terminal shows it, which is narrow: below its default a setting goes by what it changes alone.
type summaryRow struct {
	*model.Series
	Dataset, Name string
}

// summaryRows are all series that audit pools, each method's settings below its default.
func summaryRows(m *model.Model) []summaryRow {
	of := map[*model.Series]*model.Family{}
	for _, f := range m.Families() {
		for _, s := range f.All() {
			of[s.Series] = f
		}
	}
	var out []summaryRow
	seen := map[*model.Family]bool{}
	for _, p := range m.Groups {
		for _, s := range p.Series {
			f := of[s]
			switch {
			case f == nil:
				out = append(out, summaryRow{s, p.Title, s.Label})
			case !seen[f]:
				seen[f] = true
				out = append(out, familyRows(f)...)
			}
		}
	}
	return out
}

func familyRows(f *model.Family) []summaryRow {
	dataset := f.All()[0].Group.Title
	for _, s := range f.All() {
		if s.Group != f.All()[0].Group {
			dataset = f.Dataset // whose pools differ by what is compared
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
