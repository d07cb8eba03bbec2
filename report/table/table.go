// Package table builds tables that are rendered as text for a terminal, Markdown, CSV and HTML. A
// table has columns, each with a function of the row, and rows:
//
//	t := table.Build(table.Table{Name: "f1", Title: "Anomalies found"}, series,
//		table.Col[*model.Series]{Name: "method", Value: func(s *model.Series) table.Value {
//			return table.Str(s.Label)
//		}},
//		table.Col[*model.Series]{Name: "found", Kind: table.Spread, Decimals: 1,
//			Value: func(s *model.Series) table.Value { return table.MeanSD(s.Found()) }},
//	)
//	err := t.WriteMarkdown(w)
//
// A column's name, kind and values are defined together. Notes on a value travel with it: Missing
// gives the reason why there is none, and Noted adds footnotes, which the table numbers.
//
// The package does not decide what a table shows. Statistics beyond a mean and a median are in
// package stats.
package table

import (
	"math"
	"slices"
	"strconv"

	"github.com/uaibench/uaibench/report/stats"
	"github.com/uaibench/uaibench/report/text"
)

// Kind is the type of a column's values. It determines how every format renders them.
type Kind int

const (
	Text   Kind = iota
	Count       // a whole number
	Number      // a number with the column's decimals
	Spread      // mean (sample standard deviation); three columns in CSV, with n
	Range       // median [least–most]; four columns in CSV, with n
)

// Column is a column of a Table.
type Column struct {
	Name     string
	Kind     Kind
	Decimals int    // of Number and Spread; Count and Range ignore them
	Whole    bool   // of Text: never wrapped on a terminal, so that it can be copied
	Detail   bool   // omitted from brief Markdown; a note or another column implies it
	Help     string // one line; in HTML a tooltip and a line under the table, elsewhere unused
}

// Table is a table with five renderings: WriteText, WriteMarkdown, WriteBrief, WriteCSV and
// WriteHTML. Warnings are its footnotes.
type Table struct {
	Name    string // of its file and anchor: lower case, no spaces
	Title   string
	Caption string
	Columns []Column
	Rows    [][]Value // each as long as Columns
	Notes   []string  // footnotes, by number from 1
}

// Value is a table cell. Each constructor is for one Kind of column; Str and Missing fit any.
type Value struct {
	text    string
	v       [3]float64
	n       int // of Spread and Range: number of values
	kind    Kind
	missing bool
	marked  bool
	notes   []string // footnotes
	asides  []string // notes under the table that no footnote number here refers to
}

// Str is a text, cleaned to fit on one line.
func Str(s string) Value { return Value{text: text.Clean(s)} }

// Int is a whole number.
func Int(n int) Value { return Value{kind: Count, v: [3]float64{float64(n)}} }

// Num is a number; it must be finite.
func Num(x float64) Value { return Value{kind: Number, v: [3]float64{x}} }

// MeanSD is the mean and sample standard deviation of xs, or Missing("—") if xs is empty.
func MeanSD(xs []float64) Value {
	if len(xs) == 0 {
		return Missing("—")
	}
	m, sd := stats.MeanSD(xs)
	return Value{kind: Spread, v: [3]float64{m, sd}, n: len(xs)}
}

// MedianRange is the median, minimum and maximum of xs, or Missing("—") if xs is empty. An infinite
// value means "not reached".
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

// Missing gives the reason, in a word or two, why there is no value. No format renders it as a
// number.
func Missing(why string) Value { return Value{text: text.Clean(why), missing: true} }

// Marked returns the value highlighted, for example because it differs from a default.
func (v Value) Marked() Value { v.marked = true; return v }

// Noted returns the value with footnotes added.
func (v Value) Noted(notes ...string) Value {
	v.notes = slices.Clone(v.notes)
	for _, n := range notes {
		if n = text.Clean(n); !slices.Contains(v.notes, n) {
			v.notes = append(v.notes, n)
		}
	}
	return v
}

// Aside returns the value with a note added under the table, without a footnote number beside the
// value.
func (v Value) Aside(note string) Value {
	v.asides = append(slices.Clone(v.asides), text.Clean(note))
	return v
}

// Notes returns the value's footnotes.
func (v Value) Notes() []string { return v.notes }

// IsMarked reports whether the value is highlighted.
func (v Value) IsMarked() bool { return v.marked }

// IsMissing reports whether there is no value.
func (v Value) IsMissing() bool { return v.missing }

// Note adds a footnote to the table unless it is already there.
func (t *Table) Note(s string) {
	if s = text.Clean(s); !slices.Contains(t.Notes, s) {
		t.Notes = append(t.Notes, s)
	}
}

// numbers returns the numbers of a value's footnotes, from 1, ascending.
func (t *Table) numbers(v Value) []int {
	var out []int
	for _, n := range v.notes {
		out = append(out, slices.Index(t.Notes, n)+1)
	}
	slices.Sort(out)
	return out
}

// Add appends a row and adds its footnotes to the table. It panics if the row's length is not the
// number of columns.
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

// Show returns v as text for people, without mark or footnotes.
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

// Number returns the number by which a column sorts: the value's number, or the first of several.
// ok is false if it has none.
func (v Value) Number() (x float64, ok bool) {
	return v.v[0], !v.missing && v.kind != Text
}

// Numeric reports whether the column holds numbers, which are right-aligned.
func (c Column) Numeric() bool { return c.Kind != Text }
