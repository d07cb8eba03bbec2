package table

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"github.com/uaibench/uaibench/report/text"
)

// WriteCSV writes the table at full precision with plain numbers. A Spread has columns for its
// mean, standard deviation and number of values; a Range for its median, minimum, maximum and
// number. A missing value is an empty field; its reason joins the row's footnotes in the last
// column.
func (t *Table) WriteCSV(w io.Writer) error {
	cw := csv.NewWriter(w)
	var head []string
	for _, c := range t.Columns {
		switch c.Kind {
		case Spread:
			head = append(head, c.Name+" mean", c.Name+" sd", c.Name+" n")
		case Range:
			head = append(head, c.Name+" median", c.Name+" min", c.Name+" max", c.Name+" n")
		default:
			head = append(head, text.Spreadsheet(c.Name))
		}
	}
	cw.Write(append(head, "notes")) // csv.Writer keeps the error
	for _, row := range t.Rows {
		var out, notes []string
		for i, v := range row {
			fields := t.Columns[i].fields(v)
			out = append(out, fields...)
			if v.missing && t.Columns[i].Kind != Text {
				notes = append(notes, t.Columns[i].Name+": "+v.text)
			}
			for _, n := range t.numbers(v) {
				notes = append(notes, t.Columns[i].Name+": "+t.Notes[n-1])
			}
		}
		cw.Write(append(out, text.Spreadsheet(strings.Join(notes, "; "))))
	}
	cw.Flush()
	return cw.Error()
}

// fields returns the CSV fields of a value, as many as its column has.
func (c Column) fields(v Value) []string {
	n := map[Kind]int{Spread: 3, Range: 4}[c.Kind]
	if n == 0 {
		n = 1
	}
	out := make([]string, n)
	switch {
	case c.Kind == Text:
		out[0] = text.Spreadsheet(c.Show(v))
	case v.missing || v.kind == Text:
	default:
		for i := range min(n, 3) {
			out[i] = text.Exact(v.v[i])
		}
		if n > 1 {
			out[n-1] = strconv.Itoa(v.n)
		}
		if c.Kind == Spread { // mean, sd, n
			out[0], out[1] = text.Exact(v.v[0]), text.Exact(v.v[1])
		}
	}
	return out
}
