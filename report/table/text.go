package table

import (
	"fmt"
	"io"
	"slices"
	"strings"

	pretty "github.com/jedib0t/go-pretty/v6/table"
	prettytext "github.com/jedib0t/go-pretty/v6/text"

	"github.com/uaibench/uaibench/report/text"
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

// WriteText writes the table for a terminal of the given width; 0: no limit. Of a wider table what
// all rows say stands above them once, and lines of its columns are broken between words. Where that
// does not do, each row has lines of its own with the columns' names.
func (t *Table) WriteText(w io.Writer, width int) error {
	var b strings.Builder
	line := func(s, indent string) {
		if width > 0 {
			s = strings.ReplaceAll(text.Wrap(s, width-len(indent)), "\n", "\n"+indent)
		}
		b.WriteString(s + "\n")
	}
	if t.Title != "" {
		line(t.Title, "")
	}
	shown := make([]int, len(t.Columns))
	for i := range shown {
		shown[i] = i
	}
	limits, fits, broken := t.widths(shown, width)
	if same := t.same(); broken && len(same) > 0 {
		shown = slices.DeleteFunc(shown, func(i int) bool { return slices.Contains(same, i) })
		limits, fits, _ = t.widths(shown, width)
		if says := t.items(same, 0); len(says) > 0 {
			line("In all rows: "+strings.Join(says, "; "), "  ")
		}
	}
	if fits {
		b.WriteString(t.grid(shown, limits))
	} else {
		heads := 1 // columns that say what a row is of
		if len(shown) > 2 && t.Columns[shown[1]].Kind == Text {
			heads = 2
		}
		for r, row := range t.Rows {
			var names []string
			for _, i := range shown[:heads] {
				names = append(names, t.plain(i, row[i]))
			}
			line(strings.Join(names, ", "), "    ")
			all := strings.Join(t.items(shown[heads:], r), "; ")
			line("  "+strings.ReplaceAll(all, ".; ", ". "), "  ")
		}
	}
	for i, n := range t.Notes {
		line(superscript([]int{i + 1})+" "+n, "  ")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// items are what a row says in some columns, each behind the column's name; empty ones are not.
func (t *Table) items(columns []int, row int) (out []string) {
	for _, i := range columns {
		if s := t.plain(i, t.Rows[row][i]); s != "" {
			out = append(out, t.Columns[i].Name+": "+s)
		}
	}
	return out
}

// grid is the table of some columns, each no wider than its limit.
func (t *Table) grid(shown, limits []int) string {
	tw := pretty.NewWriter()
	tw.SetStyle(terminalStyle)
	var head pretty.Row
	var configs []pretty.ColumnConfig
	for k, i := range shown {
		c := pretty.ColumnConfig{Number: k + 1, WidthMax: limits[k], WidthMaxEnforcer: text.Wrap}
		if t.Columns[i].Numeric() {
			c.Align, c.AlignHeader = prettytext.AlignRight, prettytext.AlignRight
		}
		head, configs = append(head, t.Columns[i].Name), append(configs, c)
	}
	tw.SetColumnConfigs(configs)
	tw.AppendHeader(head)
	for _, row := range t.Rows {
		var out pretty.Row
		for _, i := range shown {
			out = append(out, t.plain(i, row[i]))
		}
		tw.AppendRow(out)
	}
	var b strings.Builder
	for line := range strings.SplitSeq(tw.Render(), "\n") {
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return b.String()
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

// widths are the limits of some columns that keep the table within width, whether they do, and
// whether they break lines: the widest column gives way first, down to its longest word.
func (t *Table) widths(shown []int, width int) (need []int, fits, broken bool) {
	floor := make([]int, len(shown))
	need = make([]int, len(shown))
	total := 0
	for k, i := range shown {
		c := t.Columns[i]
		need[k], floor[k] = prettytext.StringWidth(c.Name), text.Unbroken(c.Name)
		for _, row := range t.Rows {
			s := t.plain(i, row[i])
			n := prettytext.StringWidth(s)
			need[k] = max(need[k], n)
			if c.Kind == Text && !c.Whole {
				n = text.Unbroken(s)
			}
			floor[k] = max(floor[k], n)
		}
		total += need[k] + 1
	}
	for ; width > 0 && total > width; broken = true {
		widest := -1
		for k := range shown {
			if need[k] > floor[k] && (widest < 0 || need[k] > need[widest]) {
				widest = k
			}
		}
		if widest < 0 {
			return need, false, true
		}
		need[widest]--
		total--
	}
	return need, true, broken
}
