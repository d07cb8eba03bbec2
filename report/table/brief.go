package table

import (
	"fmt"
	"io"
	"slices"
	"strings"

	prettytext "github.com/jedib0t/go-pretty/v6/text"

	"github.com/uaibench/uaibench/report/text"
)

// BriefWidth is the maximum width of a row of brief Markdown, in characters. briefGroup is the
// minimum mean number of rows per heading for which leading columns become headings.
const (
	BriefWidth = 160
	briefGroup = 4
)

// WriteBrief writes the table as Markdown that fits the screen of a laptop or a phone: values
// common to all rows are given once, above the rows, detail columns are omitted, and repeated
// values of the leading columns, such as a dataset or a method, become headings of groups of rows.
// If a row of a group would be wider than BriefWidth, the group is a list with one item per row. It
// returns the names of the omitted detail columns. It does not modify t.
func (t *Table) WriteBrief(w io.Writer) (left []string, err error) {
	var b strings.Builder
	if t.Title != "" {
		fmt.Fprintf(&b, "### %s\n\n", text.Markdown(t.Title))
	}
	if t.Caption != "" {
		fmt.Fprintf(&b, "%s\n\n", text.Markdown(t.Caption))
	}
	shown, everywhere, left := t.visible()
	if everywhere != "" {
		fmt.Fprintf(&b, "In all rows: %s.\n\n", everywhere)
	}
	heads := t.headings(shown)
	shown = shown[heads:]
	for at := 0; at < len(t.Rows); {
		end := at + 1
		for end < len(t.Rows) && (heads == 0 || t.sameHead(heads, at, end)) {
			end++
		}
		t.group(&b, shown, heads, at, end)
		at = end
	}
	if len(t.Rows) == 0 {
		b.WriteString("Nothing to show.\n\n")
	}
	for i, n := range t.Notes {
		fmt.Fprintf(&b, "%s %s<br>\n", superscript([]int{i + 1}), text.Markdown(n))
	}
	_, err = io.WriteString(w, strings.TrimRight(b.String(), "\n")+"\n")
	return left, err
}

// visible returns the columns that brief Markdown shows, the values common to all rows, and the
// names of the omitted detail columns. A column that is empty in all rows is dropped.
func (t *Table) visible() (shown []int, everywhere string, left []string) {
	var common []string
	same := t.same()
	for i, c := range t.Columns {
		switch {
		case slices.Contains(same, i):
			if s := t.markdown(i, t.Rows[0][i]); s != "" {
				common = append(common, text.Markdown(c.Name)+" "+s)
			}
		case c.Detail:
			left = append(left, c.Name)
		default:
			shown = append(shown, i)
		}
	}
	return shown, strings.Join(common, ", "), left
}

// same returns the Text and Count columns, except the first, whose value is equal in all rows; none
// for a table with fewer than two rows.
func (t *Table) same() (out []int) {
	for i, c := range t.Columns {
		constant := len(t.Rows) > 1 && i > 0 && (c.Kind == Text || c.Kind == Count)
		for r := 1; constant && r < len(t.Rows); r++ {
			constant = t.plain(i, t.Rows[r][i]) == t.plain(i, t.Rows[0][i])
		}
		if constant {
			out = append(out, i)
		}
	}
	return out
}

// headings returns how many leading Text columns become headings: 0, 1 or 2.
func (t *Table) headings(shown []int) int {
	for n := min(2, len(shown)-2); n > 0; n-- {
		leading, groups := true, 1
		for i := range n {
			leading = leading && shown[i] == i && t.Columns[i].Kind == Text
		}
		for r := 1; r < len(t.Rows); r++ {
			if !t.sameHead(n, r-1, r) {
				groups++
			}
		}
		if leading && groups > 1 && len(t.Rows) >= briefGroup*groups {
			return n
		}
	}
	return 0
}

// sameHead reports whether rows a and b are equal in the first n columns.
func (t *Table) sameHead(n, a, b int) bool {
	for i := range n {
		if t.Columns[i].Show(t.Rows[a][i]) != t.Columns[i].Show(t.Rows[b][i]) {
			return false
		}
	}
	return true
}

// group writes the rows [at, end) under their heading, if any. The heading includes each Count
// column that is constant within every group.
func (t *Table) group(b *strings.Builder, shown []int, heads, at, end int) {
	if heads > 0 {
		var names []string
		for i := range heads {
			notes := map[string]bool{}
			v := t.Rows[at][i]
			for r := at; r < end; r++ {
				for _, n := range t.Rows[r][i].notes {
					if !notes[n] {
						notes[n] = true
						v = v.Noted(n)
					}
				}
			}
			names = append(names, t.markdown(i, v))
		}
		fmt.Fprintf(b, "**%s**", strings.Join(names, ", "))
		for _, i := range shown {
			if t.perGroup(heads, i) {
				fmt.Fprintf(b, ", %s %s", text.Markdown(t.Columns[i].Name),
					t.markdown(i, t.Rows[at][i]))
			}
		}
		b.WriteString("\n\n")
		shown = slices.DeleteFunc(slices.Clone(shown),
			func(i int) bool { return t.perGroup(heads, i) })
	}
	lines := t.lines(shown, at, end)
	if slices.ContainsFunc(lines,
		func(s string) bool { return prettytext.StringWidth(s) > BriefWidth }) {
		lines = t.list(shown, at, end)
	}
	b.WriteString(strings.Join(lines, "\n") + "\n\n")
}

// perGroup reports whether a Count column is constant within every group.
func (t *Table) perGroup(heads, column int) bool {
	if t.Columns[column].Kind != Count {
		return false
	}
	for r := 1; r < len(t.Rows); r++ {
		if t.sameHead(heads, r-1, r) &&
			t.markdown(column, t.Rows[r-1][column]) != t.markdown(column, t.Rows[r][column]) {
			return false
		}
	}
	return true
}

// lines returns the lines of a Markdown table: header, rule and the rows [at, end).
func (t *Table) lines(columns []int, at, end int) []string {
	head, rule := "|", "|"
	for _, i := range columns {
		head += " " + text.Markdown(t.Columns[i].Name) + " |"
		if t.Columns[i].Numeric() {
			rule += " ---: |"
		} else {
			rule += " --- |"
		}
	}
	out := []string{head, rule}
	for _, row := range t.Rows[at:end] {
		line := "|"
		for _, i := range columns {
			line += " " + t.markdown(i, row[i]) + " |"
		}
		out = append(out, line)
	}
	return out
}

// list returns one item per row: the first column, then the others with their names, each on its
// own line if one value is longer than 60 characters. Adjacent columns with equal values share one
// entry.
func (t *Table) list(columns []int, at, end int) []string {
	const long = 60
	var out []string
	for _, row := range t.Rows[at:end] {
		var names, values []string
		between := "; "
		for _, i := range columns[1:] {
			s := t.markdown(i, row[i])
			if prettytext.StringWidth(s) > long {
				between = "\n  * "
			}
			name := text.Markdown(t.Columns[i].Name)
			switch n := len(values); {
			case s == "":
			case n > 0 && values[n-1] == s:
				names[n-1] += ", " + name
			default:
				names, values = append(names, name), append(values, s)
			}
		}
		for i, name := range names {
			values[i] = name + ": " + values[i]
		}
		item := "* **" + t.markdown(columns[0], row[columns[0]]) + "**" + between
		out = append(out, strings.Replace(item, "; ", ": ", 1)+strings.Join(values, between))
	}
	return out
}

// markdown returns a value as Markdown with its mark and footnote numbers.
func (t *Table) markdown(column int, v Value) string {
	s := text.Markdown(t.Columns[column].Show(v))
	if v.marked {
		s = "**" + s + "**"
	}
	if len(v.notes) > 0 {
		s += " " + superscript(t.numbers(v))
	}
	return s
}
