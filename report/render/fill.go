package render

import (
	"regexp"
	"strings"

	pretty "github.com/jedib0t/go-pretty/v6/text"
)

// columns is the maximum width of a rendered line of prose.
const columns = 150

// starts matches words that would turn a continuation line into a list, quotation or heading.
var starts = regexp.MustCompile(`^([-+*#>]+|\d+[.)])$`)

// fill breaks lines of prose and lists that are wider than columns. It leaves tables, comments,
// headings and code unchanged.
func fill(document string) string {
	var b strings.Builder
	fenced := false
	for line := range strings.Lines(document) {
		if strings.HasPrefix(line, "```") {
			fenced = !fenced
		}
		text := strings.TrimRight(line, "\n")
		if fenced || pretty.StringWidth(text) <= columns || strings.HasPrefix(text, "    ") ||
			strings.ContainsAny(text[:1], "|<#") {
			b.WriteString(line)
			continue
		}
		indent := text[:len(text)-len(strings.TrimLeft(text, " "))]
		if strings.HasPrefix(text[len(indent):], "* ") {
			indent += "  "
		}
		at := len(text) - len(strings.TrimLeft(text, " "))
		b.WriteString(text[:at])
		for i, word := range strings.Fields(text) {
			width := pretty.StringWidth(word)
			switch {
			case i == 0:
			case at+1+width > columns && !starts.MatchString(word):
				b.WriteString("\n" + indent)
				at = len(indent)
			default:
				b.WriteByte(' ')
				at++
			}
			b.WriteString(word)
			at += width
		}
		b.WriteString(strings.TrimPrefix(line, text))
	}
	return b.String()
}
