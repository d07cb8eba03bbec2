package table

import (
	"fmt"
	"io"
	"slices"
	"strings"

	prettytext "github.com/jedib0t/go-pretty/v6/text"

	"github.com/uaibench/uaibench/report/text"
)

// BriefWidth is what a row of brief Markdown has at most, in characters, and briefGroup how many
// rows there are on average below each heading that takes a column away.
const (
	BriefWidth = 160
	briefGroup = 4
)

// WriteBrief writes the table as Markdown that a laptop or a phone shows: what all rows say stands
// above them once, columns of detail are left out, and what the leading columns repeat from row to
// row, a dataset or a method, becomes a heading over rows of its own. Where a row would still be
// wider than BriefWidth each row is an item of a list. It returns the columns of detail that it left
// out. Nothing of it changes t.
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

// visible are the columns that brief Markdown shows, what others say in all rows, and the details
// that differ. A column that is empty in all rows says nothing.
func (t *Table) visible() (shown []int, everywhere string, left []string) {
	var says []string
	same := t.same()
	for i, c := range t.Columns {
		switch {
		case slices.Contains(same, i):
			if s := t.markdown(i, t.Rows[0][i]); s != "" {
				says = append(says, text.Markdown(c.Name)+" "+s)
			}
		case c.Detail:
			left = append(left, c.Name)
		default:
			shown = append(shown, i)
		}
	}
	return shown, strings.Join(says, ", "), left
}

// same are columns of texts and counts, but for the first, of which all rows, if there are several,
// say the same.
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

// headings is how many of the leading columns become headings: as many of text as repeat.
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

// sameHead tells whether two rows say the same in the first n columns.
func (t *Table) sameHead(n, a, b int) bool {
	for i := range n {
		if t.Columns[i].Show(t.Rows[a][i]) != t.Columns[i].Show(t.Rows[b][i]) {
			return false
		}
	}
	return true
}

// group writes rows from at to end below what they share: their heading and what a column of counts
// says in each of them, where it does so in every group.
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

// perGroup tells whether a column of counts is the same in all rows of each group.
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

// lines of a Markdown table.
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

// list has an item for each row: the first column, then the others by their names, each in a line of
// its own where one of them is long. What says the same as the column before it is not said twice.
func (t *Table) list(columns []int, at, end int) []string {
	const long = 60
	var out []string
	for _, row := range t.Rows[at:end] {
		var names, says []string
		between := "; "
		for _, i := range columns[1:] {
			s := t.markdown(i, row[i])
			if prettytext.StringWidth(s) > long {
				between = "\n  * "
			}
			name := text.Markdown(t.Columns[i].Name)
			switch n := len(says); {
			case s == "":
			case n > 0 && says[n-1] == s:
				names[n-1] += ", " + name
			default:
				names, says = append(names, name), append(says, s)
			}
		}
		for i, name := range names {
			says[i] = name + ": " + says[i]
		}
		item := "* **" + t.markdown(columns[0], row[columns[0]]) + "**" + between
		out = append(out, strings.Replace(item, "; ", ": ", 1)+strings.Join(says, between))
	}
	return out
}

// markdown is a value as Markdown with its mark and footnotes.
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
