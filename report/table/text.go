package table

import (
	"fmt"
	"io"
	"strings"

	pretty "github.com/jedib0t/go-pretty/v6/table"
	prettytext "github.com/jedib0t/go-pretty/v6/text"
)

// superscript writes footnote numbers as they stand beside a value: "¹ ³".
func superscript(notes []int) string {
	var b strings.Builder
	for i, n := range notes {
		if i > 0 {
			b.WriteByte(' ')
		}
		for _, d := range fmt.Sprint(n) {
			b.WriteRune([]rune("⁰¹²³⁴⁵⁶⁷⁸⁹")[d-'0'])
		}
	}
	return b.String()
}

// plain is a value with its mark and footnotes, for text and Markdown.
func (t *Table) plain(column int, v Value) string {
	s := t.Columns[column].Show(v)
	if v.marked {
		s += " *"
	}
	if len(v.notes) > 0 {
		s += " " + superscript(t.numbers(v))
	}
	return s
}

// WriteText writes the table for a terminal of the given width; a wider table breaks the
// lines of its text columns. 0: no limit.
func (t *Table) WriteText(w io.Writer, width int) error {
	tw := pretty.NewWriter()
	tw.SetStyle(terminalStyle)
	var head pretty.Row
	configs := make([]pretty.ColumnConfig, len(t.Columns))
	limits := t.widths(width)
	for i, c := range t.Columns {
		head = append(head, c.Name)
		configs[i] = pretty.ColumnConfig{
			Number:           i + 1,
			WidthMax:         limits[i],
			WidthMaxEnforcer: prettytext.WrapSoft,
		}
		if c.Numeric() {
			configs[i].Align, configs[i].AlignHeader = prettytext.AlignRight, prettytext.AlignRight
		}
	}
	tw.SetColumnConfigs(configs)
	tw.AppendHeader(head)
	for _, row := range t.Rows {
		var out pretty.Row
		for i, v := range row {
			out = append(out, t.plain(i, v))
		}
		tw.AppendRow(out)
	}
	var b strings.Builder
	if t.Title != "" {
		b.WriteString(t.Title + "\n")
	}
	for line := range strings.SplitSeq(tw.Render(), "\n") {
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	for i, n := range t.Notes {
		line := superscript([]int{i + 1}) + " " + n
		if width > 0 {
			line = strings.ReplaceAll(prettytext.WrapSoft(line, width-2), "\n", "\n  ")
		}
		for l := range strings.SplitSeq(line, "\n") {
			b.WriteString(strings.TrimRight(l, " ") + "\n")
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// terminalStyle has no lines but one under the head.
var terminalStyle = func() pretty.Style {
	s := pretty.StyleDefault
	s.Box.MiddleHorizontal = "─"
	s.Box.MiddleVertical = " "
	s.Box.MiddleSeparator = "─"
	s.Box.PaddingLeft, s.Box.PaddingRight = "", " "
	s.Format.Header = prettytext.FormatDefault
	s.Options = pretty.Options{SeparateHeader: true}
	return s
}()

// widths are the columns' limits that keep the table within width: text columns share what the
// others leave, the widest giving way first. Words are broken only where nothing else makes it fit.
func (t *Table) widths(width int) []int {
	const word, least = 12, 6 // of long words so much stays together; every text column has so much
	need, words, hard := make([]int, len(t.Columns)), make([]int, len(t.Columns)),
		make([]int, len(t.Columns))
	total := 0
	for i, c := range t.Columns {
		hard[i] = least
		add := func(s string, most int) {
			need[i] = max(need[i], prettytext.StringWidth(s))
			for w := range strings.FieldsSeq(s) {
				words[i] = max(words[i], min(most, prettytext.StringWidth(w)))
			}
		}
		add(c.Name, width)
		for _, row := range t.Rows {
			add(t.plain(i, row[i]), word)
		}
		total += need[i] + 1
	}
	if width <= 0 {
		return need
	}
	for _, floor := range [][]int{words, hard} {
		for total > width {
			widest := -1
			for i, c := range t.Columns {
				if c.Kind == Text && !c.Whole && need[i] > floor[i] &&
					(widest < 0 || need[i] > need[widest]) {
					widest = i
				}
			}
			if widest < 0 {
				break
			}
			need[widest]--
			total--
		}
	}
	return need
}
