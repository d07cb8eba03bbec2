package figures

import (
	"fmt"
	"math"

	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/stats"
	"github.com/uaibench/uaibench/report/table"
	"github.com/uaibench/uaibench/report/text"
)

// settings applies only if a run has several settings of a method.
var settings = Figure{
	Name: "settings", Section: Settings,
	Doc: "settings of a method beside its default: curves, differences, cost, and the best " +
		"of a grid",
	Applies: func(m *model.Model) bool { return len(m.Families()) > 0 },
	Tables:  settingsTables,
	Plots:   settingsPlots,
}

func settingsTables(m *model.Model) []*table.Table {
	families := m.Families()
	out := []*table.Table{costTable(families), bestTable(families)}
	for _, of := range model.Measures {
		out = append(out, pairedTable(of, families))
	}
	return out
}

// variant is a setting of a family as a table row.
type variant struct {
	family  *model.Family
	setting *model.Setting
}

func (v variant) dataset() value  { return table.Str(v.family.Dataset) }
func (v variant) method() value   { return table.Str(v.family.Method) }
func (v variant) isDefault() bool { return v.setting == v.family.Default }

// paired is a setting paired with its family's default.
type paired struct {
	variant
	model.Pairs
	def, other, d []float64 // a measure of both, and their differences
	model.Comparison
	tested bool    // there is a test of d
	holm   float64 // its p, adjusted for all tests of the table
}

// pairAll returns a row for each setting except the defaults, and the number of tests.
func pairAll(of model.Measure, families []*model.Family) (rows []paired, tests int) {
	var ps []float64
	for _, f := range families {
		for _, v := range f.Variants {
			r := paired{variant: variant{f, v}}
			if f.Default == nil {
				r.Planned, r.Failed = len(v.Cells), v.Counts.Failed+v.Counts.TimedOut
				r.Notes = []string{fmt.Sprintf("%s: none of its settings is the default",
					f.Title())}
			} else {
				r.Pairs = model.Pair(f.Default, v)
				r.def, r.other, r.d = r.Values(of)
				if len(r.d) > 0 {
					r.Comparison = model.Compare(r.d)
				}
				if r.tested = len(r.d) > 1 && !r.Same; r.tested {
					ps = append(ps, r.T)
				}
			}
			rows = append(rows, r)
		}
	}
	adjusted := stats.Holm(ps)
	at := 0
	for i := range rows {
		if rows[i].tested {
			rows[i].holm = adjusted[at]
			at++
		}
	}
	return rows, len(ps)
}

// pairedTable has the differences of every setting from its default.
func pairedTable(of model.Measure, families []*model.Family) *table.Table {
	rows, tests := pairAll(of, families)
	number := func(name, help string, decimals int, of func(paired) value) col[paired] {
		return col[paired]{Name: name, Kind: table.Number, Decimals: decimals, Help: help,
			Value: of}
	}
	t := table.Build(table.Table{
		Name:  of.Name,
		Title: "Differences from the default: " + of.Title,
		Caption: "Compared: " + of.Title + ", mean over seeds. More is better: a difference above 0 " +
			"favours the setting. Cells pair by their seed: the same data, seeds and, if the " +
			"setting does not change it, pre-training. p exact flips the signs of the differences " +
			"in all ways; p Holm is the paired t-test's, adjusted for all rows of this table. " +
			"Detectable is the true difference that one such test finds four times in five with " +
			"as many pairs and as much spread: this run could not have shown a smaller one.",
	}, rows, []col[paired]{
		{Name: "dataset", Value: paired.dataset},
		{Name: "method", Value: paired.method},
		{Name: "setting",
			Value: func(r paired) value { return table.Str(r.setting.Name).Noted(r.Notes...) }},
		{Name: "pairs", Kind: table.Count, Detail: true,
			Help: "seeds of which both cells are done: all figures of the row rest on these",
			Value: func(r paired) value {
				return marked(table.Int(len(r.d)), r.family.Default != nil && len(r.d) < r.Planned)
			}},
		{Name: "planned", Kind: table.Count, Detail: true,
			Value: func(r paired) value { return table.Int(r.Planned) }},
		{Name: "failed", Kind: table.Count, Detail: true, Help: "pairs of which a cell failed or timed out",
			Value: func(r paired) value { return table.Int(r.Failed) }},
		number("default", "mean of the default's", of.Decimals,
			mean(func(r paired) float64 { return average(r.def) })),
		number("this", "mean of the setting's", of.Decimals,
			mean(func(r paired) float64 { return average(r.other) })),
		number("difference", "mean of the pairs' differences", of.Decimals,
			mean(func(r paired) float64 { return r.Mean })),
		number("95 % from", "Student's interval of the difference", of.Decimals,
			edge(func(r paired) float64 { return r.Low })),
		number("to", "", of.Decimals, edge(func(r paired) float64 { return r.High })),
		number("p exact", "", 4, func(r paired) value {
			switch {
			case len(r.d) > 0 && r.Same:
				return table.Num(1)
			case !r.tested || math.IsNaN(r.Exact):
				return dash
			}
			return table.Num(r.Exact)
		}).AsDetail(),
		number("p Holm", "", 4, tested(func(r paired) value { return table.Num(r.holm) })),
		number("detectable", "", of.Decimals, tested(func(r paired) value {
			if r.Constant {
				return dash
			}
			return table.Num(r.Detectable)
		})).AsDetail(),
		{Name: "verdict", Help: "by p Holm below 0.05", Value: paired.verdict},
	}...).OrNil()
	if tests > 0 {
		t.Note(fmt.Sprintf("Holm's family: %s.", text.Plural(tests, "test")))
	}
	return t
}

// mean returns a column's value function: of, or a dash without pairs.
func mean(of func(paired) float64) func(paired) value {
	return func(r paired) value {
		if len(r.d) == 0 {
			return dash
		}
		return table.Num(of(r))
	}
}

// edge returns a column's value function for an end of the interval; a dash if there is none.
func edge(of func(paired) float64) func(paired) value {
	return func(r paired) value {
		switch {
		case len(r.d) > 0 && r.Same:
			return table.Num(0)
		case !r.tested:
			return dash
		case r.Constant:
			return dash.Noted("All pairs differ by the same amount: there is no spread for an " +
				"interval, and p Holm rests on p exact.")
		}
		return table.Num(of(r))
	}
}

// tested returns a column's value function: of, or a dash without a test.
func tested(of func(paired) value) func(paired) value {
	return func(r paired) value {
		if !r.tested {
			return dash
		}
		return of(r)
	}
}

// verdict is a test's result, or the reason why there is none.
func (r paired) verdict() value {
	switch {
	case r.family.Default == nil:
		return table.Missing("no default")
	case len(r.d) == 0:
		return Absent(r.setting.Series)
	case r.Same:
		return table.Str("the default itself").
			Noted("The setting changes nothing: its cells are the default's, with the same ids, " +
				"and ran once.")
	case len(r.d) < 2:
		return table.Missing("one pair")
	}
	v := table.Str("undecided")
	switch {
	case r.holm < model.Alpha && r.Mean > 0:
		v = table.Str("better").Marked()
	case r.holm < model.Alpha:
		v = table.Str("worse").Marked()
	case r.Mean == 0 && r.Constant:
		v = table.Str("no difference")
	}
	return v.Aside(leastExact(len(r.d)) + ": p Holm assumes that the differences are normal.")
}

// costTable has each setting's cost beside its benefit.
func costTable(families []*model.Family) *table.Table {
	var rows []variant
	for _, f := range families {
		for _, s := range f.All() {
			rows = append(rows, variant{f, s})
		}
	}
	spread := func(name, help string,
		of func(*model.Setting, []*runlog.Result) value) col[variant] {
		return col[variant]{Name: name, Kind: table.Range, Help: help,
			Value: func(v variant) value {
				if r := v.setting.Results(); len(r) > 0 {
					return of(v.setting, r)
				}
				return Absent(v.setting.Series)
			}}
	}
	count := func(name, help string, of func(model.Counts) int) col[variant] {
		return col[variant]{Name: name, Kind: table.Count, Help: help,
			Value: func(v variant) value {
				return table.Int(of(v.setting.Counts))
			}}
	}
	return table.Build(table.Table{
		Name:  "cost",
		Title: "Cost and benefit",
		Caption: "Less is better, except for found. Median [least–most] over seeds. Steps are " +
			"counted and the same on any machine. Seconds are this run's: cells on the same " +
			"network share one pre-training, which counts for the cell that made it, and cells " +
			"ran beside others.",
	}, rows, []col[variant]{
		{Name: "dataset", Value: variant.dataset},
		{Name: "method", Value: variant.method},
		{Name: "setting", Value: func(v variant) value {
			return marked(table.Str(v.family.Shown(v.setting)), v.isDefault())
		}},
		count("done", "", func(c model.Counts) int { return c.Done }).AsDetail(),
		count("planned", "", func(c model.Counts) int { return c.Planned }).AsDetail(),
		count("failed", "or timed out", func(c model.Counts) int { return c.Failed + c.TimedOut }).AsDetail(),
		spread("found at budget", "",
			func(s *model.Setting,
				_ []*runlog.Result) value {
				return table.MedianRange(s.Found())
			}),
		spread("audits to 50 %", "of the anomalies",
			func(_ *model.Setting, r []*runlog.Result) value { return auditsToFind(r, 50) }),
		spread("audits to 90 %", "",
			func(_ *model.Setting, r []*runlog.Result) value { return auditsToFind(r, 90) }),
		spread("steps", "of the optimiser, pre-training included",
			func(_ *model.Setting, results []*runlog.Result) value {
				var steps []float64
				for _, r := range results {
					if n, ok := r.Counts["steps"]; ok {
						steps = append(steps, float64(n))
					}
				}
				return table.MedianRange(steps)
			}),
		spread("seconds", "",
			func(s *model.Setting,
				_ []*runlog.Result) value {
				return table.MedianRange(s.Seconds())
			}),
	}...).OrNil()
}

// bestOf is a grid with its best setting.
type bestOf struct {
	*model.Family
	whole int            // settings with every seed done
	best  *model.Setting // among those; nil if there are none
}

func bests(families []*model.Family) []bestOf {
	var out []bestOf
	for _, f := range families {
		if f.Axes == nil {
			continue
		}
		b := bestOf{Family: f}
		most := 0.0
		for _, v := range f.All() {
			if v.Counts.Done < v.Counts.Planned {
				continue
			}
			b.whole++
			if x := average(v.Found()); b.best == nil || x > most {
				b.best, most = v, x
			}
		}
		out = append(out, b)
	}
	return out
}

// bestTable has the best setting of each grid beside its default.
func bestTable(families []*model.Family) *table.Table {
	score := func(name, help string, decimals int, of func(bestOf) *model.Setting,
		get func(*model.Setting) value) col[bestOf] {
		return col[bestOf]{Name: name, Kind: table.Spread, Decimals: decimals, Help: help,
			Value: func(b bestOf) value {
				if s := of(b); s != nil {
					return get(s)
				}
				return dash
			}}
	}
	foundOf := func(s *model.Setting) value { return table.MeanSD(s.Found()) }
	byDefault := func(b bestOf) *model.Setting { return b.Default }
	byBest := func(b bestOf) *model.Setting { return b.best }
	return table.Build(table.Table{
		Name:  "best_of",
		Title: "Default, and the best of the grid",
		Caption: "The best is chosen with the labels that it is then measured by, which nobody " +
			"searching for anomalies has: an optimistic bound on what tuning could bring, not a " +
			"result. More is better; mean (sample standard deviation) over seeds. The first of " +
			"equals is shown.",
	}, bests(families), []col[bestOf]{
		{Name: "dataset", Value: func(b bestOf) value { return table.Str(b.Dataset) }},
		{Name: "method", Value: func(b bestOf) value { return table.Str(b.Method) }},
		{Name: "settings", Kind: table.Count,
			Help:  "with every seed done; the best is one of these",
			Value: func(b bestOf) value { return table.Int(b.whole) }},
		{Name: "of", Kind: table.Count, Help: "settings planned",
			Value: func(b bestOf) value { return table.Int(len(b.All())) }},
		{Name: "seeds", Kind: table.Count,
			Value: func(b bestOf) value { return table.Int(b.All()[0].Counts.Planned) }},
		{Name: "default", Value: func(b bestOf) value {
			if b.Default == nil {
				return table.Missing("not on the grid")
			}
			return table.Str(b.Default.Name)
		}},
		score("found", "by the default, at the budget", 1, byDefault, foundOf),
		score("F1 at N", "of the default", 3, byDefault, f1Of),
		{Name: "best, chosen with the labels", Value: func(b bestOf) value {
			if b.best == nil {
				return table.Missing("none is done")
			}
			return table.Str(b.best.Name).Marked()
		}},
		score("found (optimistic)", "", 1, byBest, foundOf),
		score("F1 at N (optimistic)", "", 3, byBest, f1Of),
	}...).OrNil()
}

func f1Of(s *model.Setting) value {
	var f1 []float64
	for _, r := range s.Results() {
		if prf := r.Metrics.AtAnomalies; prf != nil {
			f1 = append(f1, prf.F1)
		}
	}
	if f1 == nil {
		return table.Missing("budget below N")
	}
	return table.MeanSD(f1)
}
