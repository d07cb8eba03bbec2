package figures

import (
	"fmt"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/stats"
	"github.com/uaibench/uaibench/report/table"
	"github.com/uaibench/uaibench/report/text"
)

// pairedTable has the differences of every setting from its default; nil without settings to compare.
func pairedTable(m *model.Model, of measure, families []*model.Family) *table.Table {
	t := &table.Table{
		Name:  of.Name,
		Title: "Differences from the default: " + of.Title,
		Caption: "More is better: a difference above 0 is in the setting's favour. Cells pair by their seed: the same data, seeds and, where the " +
			"setting leaves it alone, pre-training. p exact flips the signs of the differences in all ways; p Holm is the paired t-test's, adjusted " +
			"for all rows of this table. Detectable is the true difference that one such test finds four times in five, with as many pairs and " +
			"as much spread: what is smaller, this run could not have shown.",
		Columns: []table.Column{
			{Name: "dataset"}, {Name: "method"}, {Name: "setting"},
			{Name: "pairs", Kind: table.Count, Help: "seeds of which both cells are done: all figures of the row rest on these"},
			{Name: "planned", Kind: table.Count},
			{Name: "failed", Kind: table.Count, Help: "pairs of which a cell failed or timed out"},
			{Name: "default", Kind: table.Number, Decimals: of.Decimals, Help: "mean of the default's"},
			{Name: "this", Kind: table.Number, Decimals: of.Decimals, Help: "mean of the setting's"},
			{Name: "difference", Kind: table.Number, Decimals: of.Decimals, Help: "mean of the pairs' differences"},
			{Name: "95 % from", Kind: table.Number, Decimals: of.Decimals, Help: "Student's interval of the difference"},
			{Name: "to", Kind: table.Number, Decimals: of.Decimals},
			{Name: "p exact", Kind: table.Number, Decimals: 4},
			{Name: "p Holm", Kind: table.Number, Decimals: 4},
			{Name: "detectable", Kind: table.Number, Decimals: of.Decimals},
			{Name: "verdict", Help: "by p Holm below 0.05"},
		},
	}
	type tested struct {
		row  int
		mean float64
	}
	var ps []float64
	var rows []tested
	for _, f := range families {
		for _, v := range f.Variants {
			row := []table.Value{table.Str(f.Dataset), table.Str(f.Method), table.Str(v.Name)}
			if f.Default == nil {
				n := fmt.Sprintf("%s: none of its settings is the default", f.Title())
				row[2] = row[2].Noted(n)
				t.Add(append(row, table.Int(0), table.Int(len(v.Cells)), table.Int(v.Counts.Failed+v.Counts.TimedOut), dash, dash, dash, dash, dash, dash, dash, dash, table.Missing("no default"))...)
				continue
			}
			p := pair(f.Default, v)
			for _, s := range p.Notes {
				row[2] = row[2].Noted(s)
			}
			def, other, d := p.values(of)
			pairs := table.Int(len(d))
			if len(d) < p.Planned {
				pairs = pairs.Marked()
			}
			row = append(row, pairs, table.Int(p.Planned), table.Int(p.Failed))
			if len(d) == 0 {
				t.Add(append(row, dash, dash, dash, dash, dash, dash, dash, dash, Absent(v.Series))...)
				continue
			}
			c := compared(d)
			a, _ := stats.Mean(def)
			b, _ := stats.Mean(other)
			row = append(row, table.Num(a), table.Num(b), table.Num(c.Mean))
			verdict, note := table.Str("undecided"), ""
			switch {
			case p.Same:
				verdict = table.Str("the default itself").Noted("The setting changes nothing: its cells are the default's, by the same ids, and ran once.")
				row = append(row, table.Num(0), table.Num(0), table.Num(1), dash, dash)
			case len(d) < 2:
				verdict = table.Missing("one pair")
				row = append(row, dash, dash, dash, dash, dash)
			default:
				low, high, detectable := table.Num(c.Low), table.Num(c.High), table.Num(c.Detectable)
				if c.Constant {
					n := "All pairs differ by the same: there is no spread to make an interval of, and p Holm rests on p exact."
					low, high, detectable = dash.Noted(n), dash.Noted(n), dash
				}
				if c.Mean == 0 && c.Constant {
					verdict = table.Str("no difference")
				}
				row = append(row, low, high, table.Num(c.Exact), dash, detectable)
				rows = append(rows, tested{len(t.Rows), c.Mean})
				ps = append(ps, c.T)
				note = fmt.Sprintf("With %s p exact cannot go under %s, whatever they show: p Holm takes the differences for normal.",
					text.Plural(len(d), "pair"), text.Exact(stats.LeastSignFlip(len(d))))
			}
			t.Add(append(row, verdict)...)
			if note != "" {
				t.Note(note)
			}
		}
	}
	if len(t.Rows) == 0 {
		return nil
	}
	for i, p := range stats.Holm(ps) {
		r := t.Rows[rows[i].row]
		r[12] = table.Num(p)
		switch {
		case p >= alpha:
		case rows[i].mean > 0:
			r[14] = table.Str("better").Marked()
		default:
			r[14] = table.Str("worse").Marked()
		}
	}
	if len(ps) > 0 {
		t.Note(fmt.Sprintf("Holm's family: %s.", text.Plural(len(ps), "test")))
	}
	return t
}

var dash = table.Missing("—")

// costTable has what a setting costs beside what it brings.
func costTable(m *model.Model, families []*model.Family) *table.Table {
	t := &table.Table{
		Name:  "cost",
		Title: "Cost beside benefit",
		Caption: "The less, the better, but for found. Median [least–most] over seeds. Steps are counted and the same on any machine. Seconds are " +
			"this run's: cells on the same network share one pre-training, which counts where it was made, and cells ran beside others.",
		Columns: []table.Column{
			{Name: "dataset"}, {Name: "method"}, {Name: "setting"},
			{Name: "done", Kind: table.Count}, {Name: "planned", Kind: table.Count}, {Name: "failed", Kind: table.Count, Help: "or timed out"},
			{Name: "found at budget", Kind: table.Range},
			{Name: "audits to 50 %", Kind: table.Range, Help: "of the anomalies"},
			{Name: "audits to 90 %", Kind: table.Range},
			{Name: "steps", Kind: table.Range, Help: "of the optimiser, pre-training included"},
			{Name: "seconds", Kind: table.Range},
		},
	}
	for _, f := range families {
		for _, v := range f.All() {
			results := v.Results()
			name := table.Str(f.Shown(v))
			if v == f.Default {
				name = name.Marked()
			}
			row := []table.Value{table.Str(f.Dataset), table.Str(f.Method), name, table.Int(v.Counts.Done), table.Int(v.Counts.Planned), table.Int(v.Counts.Failed + v.Counts.TimedOut)}
			if len(results) == 0 {
				gone := Absent(v.Series)
				t.Add(append(row, gone, gone, gone, gone, gone)...)
				continue
			}
			var found, steps []float64
			for _, r := range results {
				found = append(found, float64(r.Found.At(r.Budget)))
				if n, ok := r.Counts["steps"]; ok {
					steps = append(steps, float64(n))
				}
			}
			half, most := table.Missing("no anomalies"), table.Missing("no anomalies")
			if results[0].Anomalies > 0 {
				half, most = auditsToFind(results, 50), auditsToFind(results, 90)
			}
			t.Add(append(row, table.MedianRange(found), half, most, table.MedianRange(steps), table.MedianRange(v.Seconds()))...)
		}
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return t
}

// bestTable sets the best point of each grid beside its default; nil without grids.
func bestTable(m *model.Model, families []*model.Family) *table.Table {
	t := &table.Table{
		Name:  "best_of",
		Title: "Default, and the best of the grid",
		Caption: "The best is chosen by the labels that it is then measured by, which nobody has who looks for anomalies: an optimistic bound on what " +
			"tuning could bring, not a result. More is better; mean (sample standard deviation) over seeds. The first of equals is shown.",
		Columns: []table.Column{
			{Name: "dataset"}, {Name: "method"},
			{Name: "settings", Kind: table.Count, Help: "with every seed done: the best is one of these"},
			{Name: "of", Kind: table.Count, Help: "settings planned"},
			{Name: "seeds", Kind: table.Count},
			{Name: "default"},
			{Name: "found", Kind: table.Spread, Decimals: 1, Help: "by the default, at the budget"},
			{Name: "F1 at N", Kind: table.Spread, Decimals: 3, Help: "of the default"},
			{Name: "best, chosen with the labels"},
			{Name: "found (optimistic)", Kind: table.Spread, Decimals: 1},
			{Name: "F1 at N (optimistic)", Kind: table.Spread, Decimals: 3},
		},
	}
	for _, f := range families {
		if f.Axes == nil {
			continue
		}
		var best *model.Setting
		most, whole := 0.0, 0
		for _, v := range f.All() {
			if v.Counts.Done < v.Counts.Planned {
				continue
			}
			whole++
			if x, _ := stats.Mean(v.Found()); best == nil || x > most {
				best, most = v, x
			}
		}
		row := []table.Value{table.Str(f.Dataset), table.Str(f.Method), table.Int(whole), table.Int(len(f.All())), table.Int(f.All()[0].Counts.Planned)}
		score := func(s *model.Setting) []table.Value {
			if s == nil {
				return []table.Value{table.Missing("not on the grid"), dash, dash}
			}
			out := []table.Value{table.Str(s.Name), table.MeanSD(s.Found()), dash}
			var f1 []float64
			for _, r := range s.Results() {
				if prf := r.Metrics.AtAnomalies; prf != nil {
					f1 = append(f1, prf.F1)
				}
			}
			if f1 == nil {
				out[2] = table.Missing("budget below N")
			} else {
				out[2] = table.MeanSD(f1)
			}
			return out
		}
		row = append(row, score(f.Default)...)
		if best == nil {
			t.Add(append(row, table.Missing("none is done"), dash, dash)...)
			continue
		}
		after := score(best)
		after[0] = after[0].Marked()
		t.Add(append(row, after...)...)
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return t
}

// sweepTables compare settings; none where a run has but one of each method.
func sweepTables(m *model.Model) []*table.Table {
	families := m.Families()
	out := []*table.Table{costTable(m, families), bestTable(m, families)}
	for _, of := range measures {
		out = append(out, pairedTable(m, of, families))
	}
	return slices.DeleteFunc(out, func(t *table.Table) bool { return t == nil })
}

// settingsNote says what became of a family's cells, and how its settings are to be read.
func settingsNote(f *model.Family) string {
	s := f.Counts().String()
	var seeds []string
	for _, c := range f.All()[0].Cells {
		seeds = append(seeds, fmt.Sprint(c.Cell.Seed))
	}
	return fmt.Sprintf("%s; %s (%s).", s, text.Plural(len(seeds), "seed"), strings.Join(seeds, ", "))
}
