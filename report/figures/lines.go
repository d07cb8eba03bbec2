package figures

import (
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/table"
)

// Rows of this package's tables, and the columns that several of them share.

type (
	col[R any] = table.Col[R]
	value      = table.Value
)

// line is a series as a row of a table.
type line struct {
	group   *model.Group
	series  *model.Series
	results []*runlog.Result // of the cells that are done
}

// lines has a row for each series of the groups.
func lines(groups []*model.Group) []line {
	var out []line
	for _, g := range groups {
		for _, s := range g.Series {
			out = append(out, line{g, s, s.Distinct()})
		}
	}
	return out
}

// measured has a row for each series with a result.
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

// methodOfSeeds is the method with what its number of seeds calls for.
func (l line) methodOfSeeds() value { return l.method().Noted(seedNotes(l.series)...) }

// ofResults is a column's value where a series has results; else it says why there is none.
func ofResults(of func([]*runlog.Result) value) func(line) value {
	return func(l line) value {
		if len(l.results) == 0 {
			return Absent(l.series)
		}
		return of(l.results)
	}
}

// probe is what the checkpoints of a series after so many audits found: one of each seed that has
// it.
type probe[T any] struct {
	line
	at    int // audits
	found []*T
}

// probes has a row for each checkpoint of each series.
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

// each is a number of everything.
func each[T any](xs []T, of func(T) float64) []float64 {
	out := make([]float64, len(xs))
	for i, x := range xs {
		out[i] = of(x)
	}
	return out
}

// dash stands where a row has no value and another column says why.
var dash = table.Missing("—")

// marked is v, and stands out if it should.
func marked(v value, stands bool) value {
	if stands {
		return v.Marked()
	}
	return v
}
