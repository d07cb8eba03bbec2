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

// superscript returns footnote numbers in superscript, as they follow a value: "¹ ³".
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

// plain returns a value as plain text with its mark and footnote numbers.
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

// WriteText writes the table for a terminal of the given width; 0 means no limit. If the table is
// too wide, values common to all rows are given once, above the rows, and cells wrap between words.
// If it still does not fit, each row becomes lines of text with the columns' names.
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
		if common := t.items(same, 0); len(common) > 0 {
			line("In all rows: "+strings.Join(common, "; "), "  ")
		}
	}
	if fits {
		b.WriteString(t.grid(shown, limits))
	} else {
		heads := 1 // columns that identify a row
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

// items returns a row's values in some columns, each after its column's name; empty values are
// omitted.
func (t *Table) items(columns []int, row int) (out []string) {
	for _, i := range columns {
		if s := t.plain(i, t.Rows[row][i]); s != "" {
			out = append(out, t.Columns[i].Name+": "+s)
		}
	}
	return out
}

// grid renders some columns as a table, each no wider than its limit.
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

// terminalStyle has no lines except one under the header.
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

// widths returns width limits for some columns, whether the table fits width with them, and whether
// cells have to wrap. The widest column shrinks first, down to its longest word.
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
