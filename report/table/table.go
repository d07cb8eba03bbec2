// Package table makes tables that are written once and rendered as text for a terminal, Markdown,
// CSV and HTML. A table is columns, each with a function of the row, and the rows:
//
//	t := table.Build(table.Table{Name: "f1", Title: "Anomalies found"}, series,
//		table.Col[*model.Series]{Name: "method", Value: func(s *model.Series) table.Value {
//			return table.Str(s.Label)
//		}},
//		table.Col[*model.Series]{Name: "F1", Kind: table.Spread, Decimals: 3,
//			Value: func(s *model.Series) table.Value { return table.MeanSD(s.F1()) }},
//	)
//	err := t.WriteMarkdown(w)
//
// So a name, its kind and its values cannot fall out of step, and what a reader must know of a
// value goes with it: Missing says why there is none, Noted adds footnotes, which the table
// numbers.
//
// It is not for deciding what a table shows, nor for statistics beyond a mean and a median, which
// package stats has.
package table

import (
	"math"
	"slices"
	"strconv"

	"github.com/uaibench/uaibench/report/stats"
	"github.com/uaibench/uaibench/report/text"
)

// Kind is what a column holds, and with it how every rendering writes it.
type Kind int

const (
	Text   Kind = iota
	Count       // a whole number
	Number      // a number with the column's decimals
	Spread      // mean (sample standard deviation); two columns in CSV
	Range       // median [least–most]; three columns in CSV
)

// Column of a Table.
type Column struct {
	Name     string
	Kind     Kind
	Decimals int    // of Number and Spread; Count and Range ignore them
	Whole    bool   // of Text: never broken into lines on a terminal, as what one copies from there
	Detail   bool   // left out of brief Markdown, as what a note or another column implies
	Help     string // one line; a tooltip in HTML, a line under the table in Markdown
}

// Table is one value with four renderings: WriteText, WriteMarkdown, WriteCSV and WriteHTML.
// Warnings travel with it as footnotes.
type Table struct {
	Name    string // of its file and anchor: lower case, no spaces
	Title   string
	Caption string
	Columns []Column
	Rows    [][]Value // each as long as Columns
	Notes   []string  // footnotes, by number from 1
}

// Value is a table's cell. Its constructors say which Kind of column it belongs in; Missing and
// text fit in any.
type Value struct {
	text    string
	v       [3]float64
	n       int // of Spread and Range: how many values
	kind    Kind
	missing bool
	marked  bool
	notes   []string // footnotes
	asides  []string // notes under the table without a number here
}

// Str is a text; it is made fit for one line.
func Str(s string) Value { return Value{text: text.Clean(s)} }

// Int is a whole number.
func Int(n int) Value { return Value{kind: Count, v: [3]float64{float64(n)}} }

// Num is a number; it must be finite.
func Num(x float64) Value { return Value{kind: Number, v: [3]float64{x}} }

// MeanSD is the mean and sample standard deviation of xs; Missing("—") if xs is empty.
func MeanSD(xs []float64) Value {
	if len(xs) == 0 {
		return Missing("—")
	}
	m, sd := stats.MeanSD(xs)
	return Value{kind: Spread, v: [3]float64{m, sd}, n: len(xs)}
}

// MedianRange is the median, least and most of xs, of which an infinite one means "not reached";
// Missing("—") if xs is empty.
func MedianRange(xs []float64) Value {
	if len(xs) == 0 {
		return Missing("—")
	}
	return Value{
		kind: Range,
		v:    [3]float64{stats.Middle(xs), slices.Min(xs), slices.Max(xs)},
		n:    len(xs),
	}
}

// Missing says in a word or two why there is no value. It is never a number, in no rendering.
func Missing(why string) Value { return Value{text: text.Clean(why), missing: true} }

// Marked makes a value stand out, as what differs from a default does.
func (v Value) Marked() Value { v.marked = true; return v }

// Noted adds footnotes.
func (v Value) Noted(notes ...string) Value {
	v.notes = slices.Clone(v.notes)
	for _, n := range notes {
		if n = text.Clean(n); !slices.Contains(v.notes, n) {
			v.notes = append(v.notes, n)
		}
	}
	return v
}

// Aside adds a note under the table that no number beside the value leads to.
func (v Value) Aside(note string) Value {
	v.asides = append(slices.Clone(v.asides), text.Clean(note))
	return v
}

// Notes are the value's footnotes.
func (v Value) Notes() []string { return v.notes }

// IsMarked tells whether the value stands out.
func (v Value) IsMarked() bool { return v.marked }

// IsMissing tells whether there is no value.
func (v Value) IsMissing() bool { return v.missing }

// Note adds a footnote to the table, unless it has it.
func (t *Table) Note(s string) {
	if s = text.Clean(s); !slices.Contains(t.Notes, s) {
		t.Notes = append(t.Notes, s)
	}
}

// numbers of a value's footnotes, from 1, ascending.
func (t *Table) numbers(v Value) []int {
	var out []int
	for _, n := range v.notes {
		out = append(out, slices.Index(t.Notes, n)+1)
	}
	slices.Sort(out)
	return out
}

// Add appends a row, whose footnotes it adds to the table; it panics if the row does not fit the
// columns.
func (t *Table) Add(row ...Value) {
	if len(row) != len(t.Columns) {
		panic("report: table " + t.Name + ": a row of " + strconv.Itoa(len(row)) + " values for " +
			strconv.Itoa(len(t.Columns)) + " columns")
	}
	for _, v := range row {
		for _, n := range slices.Concat(v.notes, v.asides) {
			t.Note(n)
		}
	}
	t.Rows = append(t.Rows, row)
}

// Show writes v for people, without marks and footnotes.
func (c Column) Show(v Value) string {
	if v.missing || v.kind == Text {
		return v.text
	}
	number := func(x float64) string {
		if math.IsInf(x, 0) {
			return text.NotReached
		}
		return text.Thousands(x, c.Decimals)
	}
	switch v.kind {
	case Count:
		return text.Thousands(v.v[0], 0)
	case Spread:
		if v.n < 2 {
			return number(v.v[0])
		}
		return number(v.v[0]) + " (" + number(v.v[1]) + ")"
	case Range:
		whole := func(x float64) string {
			if math.IsInf(x, 0) {
				return text.NotReached
			}
			return text.Half(x)
		}
		if v.n < 2 || v.v[1] == v.v[2] && math.IsInf(v.v[0], 0) {
			return whole(v.v[0])
		}
		return whole(v.v[0]) + " [" + whole(v.v[1]) + "–" + whole(v.v[2]) + "]"
	}
	return number(v.v[0])
}

// Number is what a column sorts by: the value's number, or the first of several; ok is false where
// it has none.
func (v Value) Number() (x float64, ok bool) {
	return v.v[0], !v.missing && v.kind != Text
}

// Numeric columns are set flush right.
func (c Column) Numeric() bool { return c.Kind != Text }
