package table

import (
	"fmt"
	"io"
	"strings"

	"github.com/uaibench/uaibench/report/text"
)

// WriteMarkdown writes the table as GitHub Markdown: title, caption, table, footnotes.
func (t *Table) WriteMarkdown(w io.Writer) error {
	var b strings.Builder
	if t.Title != "" {
		fmt.Fprintf(&b, "### %s\n\n", text.Markdown(t.Title))
	}
	if t.Caption != "" {
		fmt.Fprintf(&b, "%s\n\n", text.Markdown(t.Caption))
	}
	all := make([]int, len(t.Columns))
	for i := range all {
		all[i] = i
	}
	b.WriteString(strings.Join(t.lines(all, 0, len(t.Rows)), "\n") + "\n")
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
