package table

import (
	"fmt"
	"io"
	"strings"

	"github.com/uaibench/uaibench/report/text"
)

// WriteMarkdown writes the table as GitHub's Markdown: title, caption, table, footnotes.
func (t *Table) WriteMarkdown(w io.Writer) error {
	var b strings.Builder
	if t.Title != "" {
		fmt.Fprintf(&b, "### %s\n\n", text.Markdown(t.Title))
	}
	if t.Caption != "" {
		fmt.Fprintf(&b, "%s\n\n", text.Markdown(t.Caption))
	}
	for _, c := range t.Columns {
		b.WriteString("| " + text.Markdown(c.Name) + " ")
	}
	b.WriteString("|\n")
	for _, c := range t.Columns {
		if c.Numeric() {
			b.WriteString("| ---: ")
		} else {
			b.WriteString("| --- ")
		}
	}
	b.WriteString("|\n")
	for _, row := range t.Rows {
		for i, v := range row {
			s := text.Markdown(t.Columns[i].Show(v))
			if v.marked {
				s = "**" + s + "**"
			}
			if len(v.notes) > 0 {
				s += " " + superscript(t.numbers(v))
			}
			b.WriteString("| " + s + " ")
		}
		b.WriteString("|\n")
	}
	if len(t.Rows) == 0 {
		b.WriteString("\nNothing to show.\n")
	}
	if len(t.Notes) > 0 {
		b.WriteString("\n")
	}
	for i, n := range t.Notes {
		fmt.Fprintf(&b, "%s %s<br>\n", superscript([]int{i + 1}), text.Markdown(n))
	}
	_, err := io.WriteString(w, b.String())
	return err
}
