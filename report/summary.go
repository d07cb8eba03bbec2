package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
)

// TextWidth of tables where no terminal says its own: it fits one that is not wide.
const TextWidth = 100

// Summary writes what a run found as one compact table, and below it what became of its cells.
func Summary(w io.Writer, run *runlog.Run) error {
	m := newModel(run, bench.Catalog{})
	t := &Table{
		Name: "summary",
		Columns: []Column{
			{Name: "dataset"},
			{Name: "method"},
			{Name: "seeds"},
			{Name: "N", Kind: Count},
			{Name: "budget", Kind: Count},
			{Name: "found at budget", Kind: Range},
			{Name: "F1 at N", Kind: Number, Decimals: 3},
			{Name: "seconds", Kind: Count},
		},
	}
	last := ""
	for _, s := range m.summaryRows() {
		seeds := Str(fmt.Sprintf("%d/%d", s.Counts.Done, s.Counts.Planned))
		if s.Counts.Done < s.Counts.Planned {
			seeds = seeds.Marked()
		}
		title := s.Dataset
		if title == last {
			title = "" // once for each dataset
		}
		last = s.Dataset
		row := []Value{Str(title), Str(s.Name), seeds}
		results := s.results()
		if len(results) == 0 {
			gone := s.absent()
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
		score := Missing("budget < N")
		switch {
		case results[0].Anomalies == 0:
			score = Missing("N = 0")
		case len(f1) > 0:
			mean, _ := mean(f1)
			score = Num(mean)
		}
		seconds := Missing("—")
		if s := s.seconds(); len(s) > 0 {
			seconds = Num(median(s))
		}
		t.Add(append(row, Int(results[0].Anomalies), Int(results[0].Budget), MedianRange(found), score, seconds)...)
	}
	halves := m.splitSummary()
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
	if len(m.Pools) > 0 || halves == nil {
		line += "found: median [least–most] over the seeds done; F1 at N and seconds: mean and median\n"
	}
	line += "methods on the same network share one pre-training; its seconds count where it was made\n"
	if halves != nil {
		line += "split P, R, F1: mean (standard deviation) of what is flagged on the test half: another task than the pool's\n"
	}
	for _, s := range m.Warnings {
		line += "warning: " + s + "\n"
	}
	for _, p := range slices.Concat(m.Pools, m.Halves) {
		for _, s := range p.Series {
			line += failureLines(p, s)
		}
	}
	_, err := io.WriteString(w, line)
	return err
}

// failureLines has a line for each different message of a series' failed cells.
func failureLines(p *pool, s *series) string {
	out := ""
	count := map[string]int{}
	var order []string
	for _, c := range s.Cells {
		if c.State != runlog.Failed && c.State != runlog.TimedOut && c.State != noData {
			continue
		}
		m := string(c.State) + ": " + shorten(cmp.Or(clean(c.Message), "no message was recorded"), 200)
		if count[m]++; count[m] == 1 {
			order = append(order, m)
		}
	}
	for _, m := range order {
		out += fmt.Sprintf("%s, %s: %s %s\n", p.Title, s.asHalf(), plural(count[m], "cell"), m)
	}
	return out
}

// splitSummary is the split table as the terminal shows it; nil where no cell is of halves.
func (m *model) splitSummary() *Table {
	if len(m.Halves) == 0 {
		return nil
	}
	t := &Table{
		Name: "split",
		Columns: []Column{
			{Name: "half-split of"},
			{Name: "method"},
			{Name: "training half"},
			{Name: "flagged by"},
			{Name: "seeds"},
			{Name: "split P", Kind: Spread, Decimals: 3},
			{Name: "split R", Kind: Spread, Decimals: 3},
			{Name: "split F1", Kind: Spread, Decimals: 3},
		},
	}
	for _, p := range m.Halves {
		title := p.Title
		for _, s := range p.Series {
			seeds := Str(fmt.Sprintf("%d/%d", s.Counts.Done, s.Counts.Planned))
			if s.Counts.Done < s.Counts.Planned {
				seeds = seeds.Marked()
			}
			var precision, recall, f1 []float64
			for _, r := range s.results() {
				if r.Split != nil {
					precision, recall, f1 = append(precision, r.Split.Precision), append(recall, r.Split.Recall), append(f1, r.Split.F1)
				}
			}
			c := s.Cells[0].Cell
			t.Add(Str(title), Str(s.Label), Str(c.Dataset.Split.String()), Str(c.Threshold.String()), seeds, MeanSD(precision), MeanSD(recall), MeanSD(f1))
			title = ""
		}
	}
	return t
}
