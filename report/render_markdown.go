package report

import (
	"fmt"
	"io"
	"regexp"
	"strings"
)

// WriteMarkdown writes the table as GitHub's Markdown: title, caption, table, footnotes.
func (t *Table) WriteMarkdown(w io.Writer) error {
	var b strings.Builder
	if t.Title != "" {
		fmt.Fprintf(&b, "### %s\n\n", markdown(t.Title))
	}
	if t.Caption != "" {
		fmt.Fprintf(&b, "%s\n\n", markdown(t.Caption))
	}
	for _, c := range t.Columns {
		b.WriteString("| " + markdown(c.Name) + " ")
	}
	b.WriteString("|\n")
	for _, c := range t.Columns {
		if c.numeric() {
			b.WriteString("| ---: ")
		} else {
			b.WriteString("| --- ")
		}
	}
	b.WriteString("|\n")
	for _, row := range t.Rows {
		for i, v := range row {
			s := markdown(t.Columns[i].show(v))
			if v.marked {
				s = "**" + s + "**"
			}
			if len(v.notes) > 0 {
				s += " " + superscript(v.notes)
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
		fmt.Fprintf(&b, "%s %s<br>\n", superscript([]int{i + 1}), markdown(n))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

var (
	markdownSpecial = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "](", `\](`, "][", `\][`, "]:", `\]:`,
		"|", `\|`, "<", "&lt;", ">", "&gt;", "&", "&amp;", "~", `\~`, "#", `\#`, "$", `\$`)
	// An underscore within a word, as in DAE_uai, is no emphasis.
	outerUnderscore = regexp.MustCompile(`(^|[^\pL\pN])_|_([^\pL\pN]|$)`)
)

// markdown escapes a text of one line. Brackets need it only where a link could follow.
func markdown(s string) string {
	s = markdownSpecial.Replace(clean(s))
	return outerUnderscore.ReplaceAllStringFunc(s, func(m string) string { return strings.ReplaceAll(m, "_", `\_`) })
}
