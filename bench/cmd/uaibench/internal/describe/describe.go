// Package describe prints the description of a table of the user's own.
package describe

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	pretty "github.com/jedib0t/go-pretty/v6/text"

	plain "github.com/uaibench/uaibench/bench/text"
	"github.com/uaibench/uaibench/report/text"
	own "github.com/uaibench/uaibench/synth/table"
)

// mostColumns is the most columns that a description lists: the first ones and the last.
const mostColumns = 60

// Write prints the description of a file for a terminal of width columns.
func Write(w io.Writer, d *own.Description, width int) {
	header := ""
	if !d.Header {
		header = ", no header"
	}
	fmt.Fprintf(w, "%s: %s (%s bytes, SHA-256 %s…)\n%s, %s%s\n\n", d.Path, d.Form,
		own.Group(d.Bytes), d.SHA256[:12], text.Plural(d.Rows, "row"),
		text.Plural(len(d.Columns), "column"), header)
	t := newTable("", "column", "type", "missing", "values")
	for i, column := range d.Columns {
		switch left := len(d.Columns) - mostColumns; {
		case left > 0 && i == mostColumns-1:
			t.AppendRow(table.Row{"…", fmt.Sprintf("%d more", left), "", "", ""})
			continue
		case left > 0 && i >= mostColumns && i < len(d.Columns)-1:
			continue
		}
		missing := ""
		if column.Missing > 0 {
			missing = own.Group(int64(column.Missing))
		}
		t.AppendRow(table.Row{i + 1, text.Clean(column.Name), column.Type, missing,
			text.Clean(values(column))})
	}
	longest := 0
	for _, column := range d.Columns {
		longest = max(longest, pretty.StringWidth(text.Clean(column.Name)))
	}
	room := width - len(fmt.Sprint(len(d.Columns))) - len("integer") - len("missing") - 5*2 - 4
	names := min(longest, max(room*2/5, 10))
	t.SetColumnConfigs([]table.ColumnConfig{
		{Number: 1, Align: pretty.AlignRight}, {Number: 4, Align: pretty.AlignRight},
		{Number: 2, WidthMax: max(names, len("column")), WidthMaxEnforcer: pretty.WrapHard},
		{Number: 5, WidthMax: max(room-max(names, len("column")), 10),
			WidthMaxEnforcer: text.Wrap},
	})
	fmt.Fprintln(w, t.Render())
	var notes []string
	switch l := d.Label; {
	case l == nil:
		notes = append(notes, "label: no column looks like one; name the column that marks "+
			"anomalies (label: NAME)")
	case l.Anomaly != nil:
		notes = append(notes, fmt.Sprintf("label: perhaps %s, with %s for the anomalies (%s); "+
			"list the anomalies' values (anomaly: [%s])", l.Column, l.Values(),
			text.Plural(l.Anomalies, "row"), strings.Join(l.Anomaly, ", ")))
	default:
		notes = append(notes, fmt.Sprintf("label: %s, %s (%.3g %%)", l.Column,
			text.Plural(l.Anomalies, "anomaly"), 100*float64(l.Anomalies)/float64(d.Rows)))
	}
	if d.Duplicates > 0 {
		notes = append(notes, fmt.Sprintf("duplicates: %s, equal to an earlier row in all but "+
			"the label and row numbers",
			own.Group(int64(d.Duplicates))))
	}
	for _, x := range []struct {
		what string
		is   func(*own.Column) bool
	}{
		{"constant", (*own.Column).Constant},
		{"row numbers", func(c *own.Column) bool { return c.Counts }},
	} {
		if names := columnsThat(d, x.is); names != "" {
			notes = append(notes, x.what+": "+names)
		}
	}
	for _, p := range d.Problems {
		notes = append(notes, "problem: "+p.String())
	}
	for _, note := range notes {
		fmt.Fprintln(w, text.Wrap(text.Clean(note), width))
	}
	fmt.Fprintln(w)
}

// Notes lists what the reader of the new spec should check in the entry of the file at path.
func Notes(d *own.Description, path, spec string) (notes []string) {
	switch l := d.Label; {
	case l == nil:
		notes = append(notes, fmt.Sprintf("no column looks like a label: name it in %s "+
			"(label: NAME)", spec))
	case l.Anomaly != nil:
		notes = append(notes, fmt.Sprintf("in %s, rows with %s are taken for the anomalies: if "+
			"others are meant, change anomaly in %s", l.Column, l.Values(), spec))
	}
	for _, p := range d.Problems {
		notes = append(notes, p.String())
	}
	see := "see: uaibench data describe " + plain.ShellWord(path)
	mixed, texts := d.LeftOut()
	for _, name := range mixed {
		notes = append(notes, name+" is left out: not all its values are numbers; "+see)
	}
	if len(texts) > 0 {
		notes = append(notes, fmt.Sprintf("%s of text with more than %d values left out: %s; %s",
			text.Plural(len(texts), "column"), own.MaxValues, some(texts), see))
	}
	if !d.HasFeatures() {
		notes = append(notes, "no column is left as a feature, so that nothing can run on it")
	}
	return notes
}

// columnsThat lists the columns for which is is true, at most 20 by name.
func columnsThat(d *own.Description, is func(*own.Column) bool) string {
	var names []string
	for i := range d.Columns {
		if is(&d.Columns[i]) {
			names = append(names, d.Columns[i].Name)
		}
	}
	return some(names)
}

// some joins names, at most 20.
func some(names []string) string {
	const most = 20
	if n := len(names) - most; n > 0 {
		names = append(slices.Clone(names[:most]), fmt.Sprintf("and %d more", n))
	}
	return strings.Join(names, ", ")
}

// values describes a column's few values with their numbers of rows, or its range.
func values(c own.Column) string {
	if c.Values == nil {
		switch c.Type {
		case "empty":
			return ""
		case "text":
			return fmt.Sprintf("more than %d", own.MaxValues)
		}
		return fmt.Sprintf("%.6g to %.6g", c.Least, c.Most)
	}
	var out []string
	const most = 5
	for i, v := range c.Values {
		if i == most {
			out = append(out, fmt.Sprintf("and %d more", len(c.Values)-most))
			break
		}
		text := v.Text
		if x, why := own.ParseNumber(text); why == "" {
			text = fmt.Sprintf("%.6g", x)
		}
		out = append(out, fmt.Sprintf("%s (%s)", text, own.Group(int64(v.Rows))))
	}
	if c.Constant() {
		out = append(out, "constant")
	}
	return strings.Join(out, ", ")
}

// newTable returns an empty terminal table for a description.
func newTable(header ...any) table.Writer {
	t := table.NewWriter()
	t.SetStyle(table.StyleLight)
	t.Style().Options.SeparateRows = false
	t.Style().Options.DrawBorder = false
	t.Style().Format.Header = 0
	t.AppendHeader(table.Row(header))
	return t
}
