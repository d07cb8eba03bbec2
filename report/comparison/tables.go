package comparison

import (
	"fmt"

	"github.com/uaibench/uaibench/report/stats"
	"github.com/uaibench/uaibench/report/table"
	"github.com/uaibench/uaibench/report/text"
)

type col[R any] = table.Col[R]

// Tables are the pairs of methods over all datasets, the same on each dataset if these are few
// enough to read, and the mean ranks.
func (f *Field) Tables() []*table.Table {
	pairs := f.Pairs()
	out := []*table.Table{f.pairTable(pairs)}
	if t := f.datasetTable(pairs); t != nil {
		out = append(out, t)
	}
	if t := f.rankTable(); t != nil {
		out = append(out, t)
	}
	return out
}

func record(of func(Pair) stats.Record) func(Pair) table.Value {
	return func(p Pair) table.Value {
		r := of(p)
		return table.Str(fmt.Sprintf("%d–%d–%d", r.Wins, r.Ties, r.Losses))
	}
}

func number[R any](name, help string, decimals int, of func(R) float64) col[R] {
	return col[R]{Name: name, Kind: table.Number, Decimals: decimals, Help: help,
		Value: func(r R) table.Value { return table.Num(of(r)) }}
}

// edge is the column of an end of an interval, missing with too few seeds.
func edge(name string, decimals int, of func(Pair) float64) col[Pair] {
	return col[Pair]{Name: name, Kind: table.Number, Decimals: decimals,
		Value: func(p Pair) table.Value {
			if p.leastSeeds() <= fewSeeds {
				return table.Missing("few seeds")
			}
			return table.Num(of(p))
		}}
}

func (f *Field) pairTable(pairs []Pair) *table.Table {
	many := len(f.Datasets) > 1
	tested := func(of func(Pair) float64) func(Pair) table.Value {
		return func(p Pair) table.Value {
			if len(p.Sets) < 2 {
				return table.Missing("one dataset")
			}
			return table.Num(of(p))
		}
	}
	t := table.Build(table.Table{
		Name: "comparison", Title: "Which method found more",
		Caption: "Pairs of methods by the share of the anomalies that they found within the " +
			"budget: the first minus the second, in percentage points, averaged over datasets, " +
			"weighted equally. Intervals are 95 % of a bootstrap of seeds within datasets; the " +
			"datasets are taken as they are, not as a sample of others. The win probability is " +
			"how often a run of the first finds more than one of the second. Records are " +
			"datasets won, tied and lost: by the means, with a difference within 2 points as a " +
			"tie; and by what the runs can tell apart, under the rules of looks at 5, 10, 20 and " +
			"40 seeds.",
	}, pairs, []col[Pair]{
		{Name: "method", Value: func(p Pair) table.Value { return table.Str(p.A.Label) }},
		{Name: "less", Value: func(p Pair) table.Value { return table.Str(p.B.Label) }},
		{Name: "datasets", Kind: table.Count,
			Value: func(p Pair) table.Value { return table.Int(len(p.Sets)) }},
		{Name: "least seeds", Kind: table.Count, Help: "of both, on any dataset",
			Value: func(p Pair) table.Value { return table.Int(p.leastSeeds()) }},
		number("difference", "percentage points", 1,
			func(p Pair) float64 { return 100 * p.Difference.Estimate }),
		edge("from", 1, func(p Pair) float64 { return 100 * p.Difference.Lo }),
		edge("to", 1, func(p Pair) float64 { return 100 * p.Difference.Hi }),
		number("win probability", "", 2, func(p Pair) float64 { return p.Win.Estimate }),
		edge("win from", 2, func(p Pair) float64 { return p.Win.Lo }),
		edge("win to", 2, func(p Pair) float64 { return p.Win.Hi }),
		{Name: "won–tied–lost", Help: "by the means",
			Value: record(func(p Pair) stats.Record { return p.ByMeans })},
		{Name: "told apart", Help: "better, not told apart, worse",
			Value: record(func(p Pair) stats.Record { return p.ByFindings })},
		{Name: "p", Kind: table.Number, Decimals: 4, Help: "Wilcoxon's signed-rank test over datasets",
			Value: tested(func(p Pair) float64 { return p.P })},
		{Name: "p Holm", Kind: table.Number, Decimals: 4, Help: "adjusted for all rows",
			Value: tested(func(p Pair) float64 { return p.Holm })},
	}...)
	if !many {
		t.Note("One dataset shows nothing about others.")
	}
	for _, d := range f.Datasets {
		if d.Seeds < d.Planned {
			t.Note(fmt.Sprintf("On %s a method has %d of %s.", d.Title, d.Seeds,
				text.Plural(d.Planned, "seed")))
		}
	}
	return t.OrNil()
}

func (p Pair) leastSeeds() int {
	n := 0
	for i, s := range p.Sets {
		if m := min(len(p.A.Scores[s]), len(p.B.Scores[s])); i == 0 || m < n {
			n = m
		}
	}
	return n
}

// onDataset is a pair on one of its datasets.
type onDataset struct {
	Pair
	at int // index into the pair's Sets
}

func (o onDataset) finding() stats.Finding { return o.Findings[o.at] }
func (o onDataset) shift() stats.Interval {
	set := o.Sets[o.at]
	return stats.Shift(o.A.Scores[set], o.B.Scores[set], level)
}

// mostRows is the largest readable number of rows of a table by datasets.
const mostRows = 120

// datasetTable has the pairs on each dataset; nil without rows or with more than mostRows.
func (f *Field) datasetTable(pairs []Pair) *table.Table {
	var rows []onDataset
	for i := range f.Datasets {
		for _, p := range pairs {
			for at, s := range p.Sets {
				if s == i {
					rows = append(rows, onDataset{p, at})
				}
			}
		}
	}
	if len(rows) > mostRows {
		return nil
	}
	edge := func(of func(stats.Interval) float64) func(onDataset) table.Value {
		return func(o onDataset) table.Value {
			x := 100 * of(o.shift())
			if x > 100 || x < -100 { // too few seeds for the level
				return table.Missing("—")
			}
			return table.Num(x)
		}
	}
	return table.Build(table.Table{
		Name: "comparison_datasets", Title: "Which method found more, by dataset",
		Caption: "How much more a run of the first finds than one of the second: the median of " +
			"all differences, in percentage points of the anomalies, with the 95 % interval of " +
			"Mann and Whitney's test. The outcome follows the rules of looks at 5, 10, 20 and 40 " +
			"seeds (of 12 the first 10 count): with five, only if all runs of one are above all " +
			"of the other, by a gap as wide as the wider range.",
	}, rows, []col[onDataset]{
		{Name: "dataset", Value: func(o onDataset) table.Value {
			return table.Str(f.Datasets[o.Sets[o.at]].Title)
		}},
		{Name: "audits", Kind: table.Count, Value: func(o onDataset) table.Value {
			return table.Int(f.Datasets[o.Sets[o.at]].Budget)
		}},
		{Name: "method", Value: func(o onDataset) table.Value { return table.Str(o.A.Label) }},
		{Name: "less", Value: func(o onDataset) table.Value { return table.Str(o.B.Label) }},
		{Name: "seeds", Value: func(o onDataset) table.Value {
			s := o.Sets[o.at]
			return table.Str(fmt.Sprintf("%d, %d", len(o.A.Scores[s]), len(o.B.Scores[s])))
		}},
		number("shift", "", 1, func(o onDataset) float64 { return 100 * o.shift().Estimate }),
		{Name: "from", Kind: table.Number, Decimals: 1,
			Value: edge(func(iv stats.Interval) float64 { return iv.Lo })},
		{Name: "to", Kind: table.Number, Decimals: 1,
			Value: edge(func(iv stats.Interval) float64 { return iv.Hi })},
		{Name: "outcome", Value: func(o onDataset) table.Value {
			if o.finding().Look.N == 0 {
				return table.Missing("fewer than 5 seeds")
			}
			v := table.Str(o.finding().Outcome.String())
			if o.finding().Outcome == stats.Open {
				v = table.Str("not told apart")
			}
			return v
		}},
	}...).OrNil()
}

// fewestDatasets is the smallest number of datasets with ranks.
const fewestDatasets = 3

// Ranks returns the methods' mean ranks over the datasets on which all have results; ok is false
// with too few datasets or methods.
func (f *Field) Ranks() (sets []int, ranks stats.MethodRanks, ok bool) {
	sets = f.shared(f.Arms...)
	if len(sets) < fewestDatasets || len(f.Arms) < 3 {
		return sets, ranks, false
	}
	scores := make([][]float64, len(sets))
	for i, s := range sets {
		for _, a := range f.Arms {
			x, _ := stats.MeanSD(a.Scores[s])
			scores[i] = append(scores[i], x)
		}
	}
	ranks, ok = stats.RankMethods(scores)
	return sets, ranks, ok
}

// rankRow is a method with its rank.
type rankRow struct {
	arm           *Arm
	rank, p, mean float64
	iqm           float64
	control       bool
}

func (f *Field) rankTable() *table.Table {
	sets, ranks, ok := f.Ranks()
	if !ok {
		return nil
	}
	control := 0
	for i, a := range f.Arms {
		if ranks.Mean[i] < ranks.Mean[control] && f.Baseline == nil || a == f.Baseline {
			control = i
		}
	}
	p := ranks.AgainstControl(control)
	var rows []rankRow
	for _, i := range ascending(ranks.Mean) {
		a := f.Arms[i]
		rows = append(rows, rankRow{a, ranks.Mean[i], p[i], 100 * a.mean(sets),
			100 * stats.IQM(a.on(sets)), i == control})
	}
	t := table.Build(table.Table{
		Name: "ranks", Title: "Mean ranks over datasets",
		Caption: fmt.Sprintf("Ranks by the mean share found within the budget, 1 being best, "+
			"over the %s on which all methods have results (Demšar 2006). p tests a method's "+
			"mean rank against that of %s, adjusted by Holm.",
			text.Plural(len(sets), "dataset"), f.Arms[control].Label),
	}, rows, []col[rankRow]{
		{Name: "method", Value: func(r rankRow) table.Value {
			v := table.Str(r.arm.Label)
			if r.control {
				v = v.Marked()
			}
			return v
		}},
		number("mean rank", "", 2, func(r rankRow) float64 { return r.rank }),
		number("mean %", "of the anomalies found within the budget", 1,
			func(r rankRow) float64 { return r.mean }),
		number("interquartile mean %", "of all runs, a quarter left out on each side", 1,
			func(r rankRow) float64 { return r.iqm }),
		{Name: "p Holm", Kind: table.Number, Decimals: 4, Value: func(r rankRow) table.Value {
			if r.control {
				return table.Missing("control")
			}
			return table.Num(r.p)
		}},
	}...)
	f.rankNotes(t, ranks)
	return t
}

func (f *Field) rankNotes(t *table.Table, ranks stats.MethodRanks) {
	k, n := len(f.Arms), ranks.DataSets
	t.Note(fmt.Sprintf("Friedman's test that all methods rank alike: χ² = %s with %d degrees of "+
		"freedom, p = %.2g; Iman and Davenport's F = %s, p = %.2g.",
		text.Thousands(ranks.ChiSquared, 2), k-1, ranks.P, text.Brief(ranks.F), ranks.PF))
	t.Note(fmt.Sprintf("Mean ranks %s apart differ at 5 %% by Nemenyi's test of all pairs.",
		text.Thousands(ranks.CriticalDifference(alpha), 2)))
	if n < 10 {
		t.Note(fmt.Sprintf("%d datasets are few: the tests' approximations are for ten or more.",
			n))
	}
}
