package figures

import (
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/table"
)

// Types of table rows, and columns that several tables share.

type (
	col[R any] = table.Col[R]
	value      = table.Value
)

// line is a series as a table row.
type line struct {
	group   *model.Group
	series  *model.Series
	results []*runlog.Result // of the done cells, without copies
}

// lines returns a row for each series of the groups.
func lines(groups []*model.Group) []line {
	var out []line
	for _, g := range groups {
		for _, s := range g.Series {
			out = append(out, line{g, s, s.Distinct()})
		}
	}
	return out
}

// measured returns the rows of the series that have a result.
func measured(m *model.Model) []line {
	var out []line
	for _, l := range lines(m.Groups) {
		if len(l.results) > 0 {
			out = append(out, l)
		}
	}
	return out
}

func (l line) dataset() value  { return table.Str(l.group.Title) }
func (l line) method() value   { return table.Str(l.series.Label) }
func (l line) done() value     { return table.Int(l.series.Counts.Done) }
func (l line) planned() value  { return table.Int(l.series.Counts.Planned) }
func (l line) failed() value   { return table.Int(l.series.Counts.Failed) }
func (l line) timedOut() value { return table.Int(l.series.Counts.TimedOut) }

// methodOfSeeds is the method with the notes on its number of seeds.
func (l line) methodOfSeeds() value { return l.method().Noted(seedNotes(l.series)...) }

// ofResults returns a column's value function: of the results, or the reason why there are none.
func ofResults(of func([]*runlog.Result) value) func(line) value {
	return func(l line) value {
		if len(l.results) == 0 {
			return Absent(l.series)
		}
		return of(l.results)
	}
}

// probe has the data of a series' seeds at one checkpoint, for the seeds that have it.
type probe[T any] struct {
	line
	at    int // audits
	found []*T
}

// probes returns a row for each checkpoint of each series.
func probes[T any](m *model.Model, get func(*runlog.Checkpoint) *T) []probe[T] {
	var out []probe[T]
	for _, l := range measured(m) {
		at, found := probed(l.results, get)
		for i := range found {
			out = append(out, probe[T]{l, at[i], found[i]})
		}
	}
	return out
}

func (p probe[T]) audits() value { return probedAt(p.results, p.at) }
func (p probe[T]) seeds() value  { return table.Int(len(p.found)) }

// each applies of to every element.
func each[T any](xs []T, of func(T) float64) []float64 {
	out := make([]float64, len(xs))
	for i, x := range xs {
		out[i] = of(x)
	}
	return out
}

// dash is the value where a row has none and another column gives the reason.
var dash = table.Missing("—")

// marked returns v, highlighted if mark is set.
func marked(v value, mark bool) value {
	if mark {
		return v.Marked()
	}
	return v
}
