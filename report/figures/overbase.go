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

var overBase = Figure{
	Name: "over_base", Section: Results,
	Doc: "each method with a UAI layer against its own base's static ranking, seed by seed: the " +
		"two share one pre-training",
	Applies: func(m *model.Model) bool { return len(overBases(m)) > 0 },
	Tables:  func(m *model.Model) []*table.Table { return []*table.Table{overBaseTable(m)} },
}

// basePair is a UAI method beside its base method.
type basePair struct {
	line
	base            *model.Series
	planned, failed int
	with, without   []float64 // scores of the seeds for which both are done
	comparison      model.Comparison
}

func overBases(m *model.Model) []basePair {
	var out []basePair
	for _, l := range lines(m.Groups) {
		b := basePair{line: l, base: baseOf(m, l.group, l.series)}
		if b.base == nil {
			continue
		}
		var d []float64
		for _, x := range l.series.Cells {
			for _, y := range b.base.Cells {
				if x.Cell.Seed != y.Cell.Seed || x.Cell.Budget != y.Cell.Budget ||
					x.Cell.K != y.Cell.K || x.Cell.Noise != y.Cell.Noise {
					continue
				}
				b.planned++
				if model.Lost(x.State) || model.Lost(y.State) {
					b.failed++
				}
				if x.State == runlog.Done && y.State == runlog.Done {
					with, without := sharedScore(x.Result), sharedScore(y.Result)
					b.with, b.without = append(b.with, with), append(b.without, without)
					d = append(d, with-without)
				}
			}
		}
		if b.planned == 0 {
			continue
		}
		if len(d) > 0 {
			b.comparison = model.Compare(d)
		}
		out = append(out, b)
	}
	return out
}

func overBaseTable(m *model.Model) *table.Table {
	number := func(name, help string, least int, of func(basePair) float64) col[basePair] {
		return col[basePair]{Name: name, Kind: table.Number, Decimals: 3, Help: help,
			Value: func(b basePair) value {
				if len(b.with) < least || least > 1 && b.comparison.Constant || math.IsNaN(of(b)) {
					return dash
				}
				return table.Num(of(b))
			}}
	}
	exact := number("p exact", "of the sign-flip test, two-sided", 2,
		func(b basePair) float64 { return b.comparison.Exact })
	exact.Decimals = 4
	rows := overBases(m)
	t := table.Build(table.Table{
		Name:  "over_base",
		Title: "What the UAI layer adds to its base",
		Caption: "F1 after as many audits as there are anomalies, or the share of them found " +
			"within the budget if that is lower: the method with the UAI layer minus its base's " +
			"own static ranking with the same seed, settings and pre-training. Above 0 the layer " +
			"is better.",
	}, rows, []col[basePair]{
		{Name: "dataset", Value: basePair.dataset},
		{Name: "with the layer", Value: basePair.method},
		{Name: "base", Value: func(b basePair) value { return table.Str(b.base.Label) }},
		{Name: "pairs", Kind: table.Count, Detail: true, Help: "seeds of which both are done",
			Value: func(b basePair) value {
				return marked(table.Int(len(b.with)), len(b.with) < b.planned)
			}},
		{Name: "planned", Kind: table.Count, Detail: true,
			Value: func(b basePair) value { return table.Int(b.planned) }},
		{Name: "failed", Kind: table.Count, Detail: true, Help: "seeds of which one or both failed",
			Value: func(b basePair) value {
				return marked(table.Int(b.failed), b.failed > 0)
			}},
		number("mean with", "", 1, func(b basePair) float64 { return average(b.with) }),
		number("mean of the base", "", 1, func(b basePair) float64 { return average(b.without) }),
		number("difference", "", 1, func(b basePair) float64 { return b.comparison.Mean }),
		number("from", "of Student's 95 % interval of the mean difference", 2,
			func(b basePair) float64 { return b.comparison.Low }),
		number("to", "", 2, func(b basePair) float64 { return b.comparison.High }),
		exact,
	}...)
	for _, b := range rows {
		if n := len(b.with); n > 1 && !b.comparison.Constant {
			t.Note(leastExact(n) + ".")
		}
	}
	return t
}

// leastExact is a note on the least p exact that n pairs can reach.
func leastExact(n int) string {
	if n > stats.MostFlips {
		return fmt.Sprintf("p exact is computed for at most %d pairs", stats.MostFlips)
	}
	return fmt.Sprintf("With %s p exact cannot be below %s, whatever they show",
		text.Plural(n, "pair"), text.Exact(stats.LeastSignFlip(n)))
}

// average is the mean of xs, which must not be empty.
func average(xs []float64) float64 {
	m, _ := stats.MeanSD(xs)
	return m
}

// baseOf returns the group's series of the base of a UAI method, with equal values of all
// parameters that both have; nil if there is none.
func baseOf(m *model.Model, g *model.Group, s *model.Series) *model.Series {
	info, _ := m.Catalog.Method(s.Method.ID)
	if info.Over == "" {
		return nil
	}
	for _, b := range g.Series {
		if b.Method.ID != info.Over {
			continue
		}
		same := true
		for name, v := range b.Method.Params {
			if w, has := s.Method.Params[name]; has && text.Param(v) != text.Param(w) {
				same = false
			}
		}
		if same {
			return b
		}
	}
	return nil
}

// sharedScore is F1 at N, or the share found within the budget if that is below N.
func sharedScore(r *runlog.Result) float64 {
	if m := r.Metrics.AtAnomalies; m != nil {
		return m.F1
	}
	return float64(r.Found.At(r.Budget)) / float64(max(r.Anomalies, 1))
}
