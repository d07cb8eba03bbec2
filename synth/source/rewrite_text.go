package source

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/synth/table"
)

// labelled reads text in one of the known forms into the rewriters of all tables with that number
// of columns.
type labelled struct {
	in    *csv.Reader
	label int      // label column; -1: no header; the last column is the label
	names []string // of the columns; nil without a header
	sets  []*Set
	out   []*rewriter
	rows  int
}

// fromText converts labelled CSV, or covtype.data.
func (f *Finder) fromText(r io.Reader) (*rewriting, string) {
	buffered := bufio.NewReader(r)
	if start, _ := buffered.Peek(3); string(start) == "\xef\xbb\xbf" { // a byte order mark
		buffered.Discard(3)
	}
	t := &labelled{in: csv.NewReader(buffered)}
	t.in.ReuseRecord = true
	first, err := t.in.Read()
	if err != nil {
		return nil, why(err)
	}
	t.label = slices.IndexFunc(first, func(name string) bool {
		return strings.EqualFold(name,
			"label")
	})
	if _, words := table.ParseNumber(first[0]); t.label < 0 && words != "" {
		return nil, "line 1: no column is called label"
	}
	for _, s := range f.sets() {
		if file, ok := s.canonical(); ok && len(s.Table.Columns)+1 == len(first) {
			t.sets, t.out = append(t.sets, s), append(t.out, newRewriter(s.Table, file))
		}
	}
	if len(t.out) == 0 {
		return nil, fmt.Sprintf("line 1: has %d columns: no known table has as many", len(first))
	}
	row := first // without a header, the first line is a row
	if t.label >= 0 {
		t.names = slices.Clone(first)
		row, err = t.in.Read()
	}
	for ; err == nil; row, err = t.in.Read() {
		if why := t.row(row); why != "" {
			return nil, why
		}
	}
	if err != io.EOF {
		return nil, why(err)
	}
	return t.found()
}

// row converts a row; why is its error, "" if it has none.
func (t *labelled) row(row []string) (why string) {
	at, anomaly := t.label, false
	if at < 0 {
		at = len(row) - 1
	}
	switch word := row[at]; {
	case t.label < 0 && word != "2" && word != "4":
		return ""
	case t.label < 0:
		anomaly = word == "4"
	case word == "anomaly" || word == "1":
		anomaly = true
	case word != "nominal" && word != "0":
		return t.place(at) + fmt.Sprintf(": holds %s: want 0 or 1, or nominal and anomaly", word)
	}
	t.rows++
	for i, field := range row {
		if i == at {
			continue
		}
		v, why := table.ParseNumber(field)
		if why != "" {
			return t.place(i) + ": " + why
		}
		for _, w := range t.out {
			w.cell(v)
		}
	}
	for _, w := range t.out {
		w.end(anomaly)
	}
	return ""
}

// place returns the position of a field in the current row.
func (t *labelled) place(column int) string {
	line, _ := t.in.FieldPos(column)
	if t.names == nil {
		return fmt.Sprintf("line %d, column %d", line, column+1)
	}
	return fmt.Sprintf("line %d, column %d (%s)", line, column+1, t.names[column])
}

// found returns the table that the text is, or its difference from the nearest one.
func (t *labelled) found() (*rewriting, string) {
	near := t.sets[0]
	distance := func(s *Set) int { return max(s.Table.Rows-t.rows, t.rows-s.Table.Rows) }
	for i, w := range t.out {
		if w.right() {
			return &rewriting{set: t.sets[i], file: w.want, text: w.text}, ""
		}
		if distance(t.sets[i]) < distance(near) {
			near = t.sets[i]
		}
	}
	if t.names == nil && t.rows == 0 {
		return nil, "line 1: has no column names: want a header with label"
	}
	if n := near.Table.Rows; n != t.rows {
		return nil, fmt.Sprintf("has %s rows, but %s has %s", table.Group(int64(t.rows)),
			near.Title, table.Group(int64(n)))
	}
	return nil, "has the shape of " + near.Title + ", but other values"
}

// why returns the text of an error of reading a record.
func why(err error) string {
	if p, ok := errors.AsType[*csv.ParseError](err); ok {
		return fmt.Sprintf("line %d: %v", p.Line, p.Err)
	}
	return err.Error()
}
