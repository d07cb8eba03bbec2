package compare

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/table"
	"github.com/uaibench/uaibench/report/text"
)

// Formats are the formats of Write.
var Formats = []string{"text", "md", "html"}

// Setting is the context of a comparison; the zero value is two runs without context.
type Setting struct {
	Verdict string         // precedes the comparison's own
	Crossed []string       // violations of a gate; nil: the comparison's
	Tables  []*table.Table // precede the comparison's own
	Past    *History       // shown only in html; nil: none
	Width   int            // of text, in columns; 0: unlimited
}

// Write writes a comparison in a format, one of Formats.
func Write(w io.Writer, c *Comparison, in Setting, format string) error {
	switch format {
	case "html":
		return c.writeHTML(w, in)
	case "md":
		return c.write(w, in, "# %s\n\n", "- ", 0, (*table.Table).WriteMarkdown)
	case "text":
		return c.write(w, in, "%s\n", "  ", in.Width,
			func(t *table.Table, w io.Writer) error { return t.WriteText(w, in.Width) })
	}
	return fmt.Errorf("format %q is not one of %s", format, strings.Join(Formats, ", "))
}

// title joins the verdicts of the setting and the comparison.
func (in Setting) title(c *Comparison) string {
	if in.Verdict == "" {
		return c.Verdict()
	}
	return in.Verdict + "; " + c.Verdict()
}

// stops are the violations of the gate.
func (in Setting) stops(c *Comparison) []string {
	if in.Crossed != nil {
		return in.Crossed
	}
	return c.Crossed
}

func (c *Comparison) write(w io.Writer, in Setting, title, item string, width int,
	table func(*table.Table, io.Writer) error) error {
	var b strings.Builder
	fmt.Fprintf(&b, title, in.title(c))
	for _, line := range c.summary(in.stops(c)) {
		if width > 0 {
			line = strings.ReplaceAll(text.Wrap(line, width-2*len(item)), "\n",
				"\n"+item+"  ")
		}
		b.WriteString(item + line + "\n")
	}
	for _, t := range append(slices.Clone(in.Tables), c.tables()...) {
		b.WriteByte('\n')
		if err := table(t, &b); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// Verdict summarizes the comparison in one line.
func (c *Comparison) Verdict() string {
	all := c.cells()
	if c.Counts[Equal] == all {
		return fmt.Sprintf("all %d cells are equal to the bit", all)
	}
	var parts []string
	for _, o := range outcomes {
		if n := c.Counts[o]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, o))
		}
	}
	return fmt.Sprintf("of %d cells: %s", all, strings.Join(parts, ", "))
}

func (c *Comparison) cells() int {
	n := 0
	for _, g := range c.Groups {
		n += len(g.Pairs)
	}
	return n
}

func (c *Comparison) summary(crossed []string) []string {
	lines := []string{c.Old.describe("old"), c.New.describe("new")}
	lines = append(lines, c.Notes...)
	lines = append(lines, c.power()...)
	if len(crossed) == 0 {
		return append(lines, "nothing fails the gate")
	}
	for _, x := range crossed {
		lines = append(lines, "fails the gate: "+x)
	}
	return lines
}

func (s Side) describe(which string) string {
	text := fmt.Sprintf("%s: %s, %d of %d cells done, results %s", which, s.Path, s.Done, s.Planned,
		s.Digest[:16])
	if len(s.Commits) > 0 {
		text += ", commit " + strings.Join(s.Commits, " and ")
	}
	return text
}

// power states what n seeds can show, once for each n.
func (c *Comparison) power() []string {
	seen := map[int]bool{}
	var out []string
	for _, g := range c.Groups {
		for _, d := range g.Metrics {
			if seen[d.N] {
				continue
			}
			seen[d.N] = true
			switch {
			case d.N == 1:
				out = append(out, "1 seed: a difference has no interval and no test")
			case d.LeastP > 1-Confidence:
				out = append(out, fmt.Sprintf("%d seeds: the sign-flip test cannot have a p "+
					"under %v, so it cannot be significant at 5 %%; only the t-test, which "+
					"assumes normal differences, can", d.N, d.LeastP))
			default:
				out = append(out, fmt.Sprintf("%d seeds: the least p of the sign-flip test is %.2g",
					d.N, d.LeastP))
			}
		}
	}
	return out
}

func (c *Comparison) tables() []*table.Table {
	moved := &table.Table{Name: "moved", Title: "What moved", Columns: []table.Column{
		{Name: "dataset"}, {Name: "method"}, {Name: "varied"}, {Name: "metric"},
		{Name: "seeds", Kind: table.Count},
		{Name: "old mean"}, {Name: "new mean"}, {Name: "difference"}, {Name: "95 % (t)"},
		{Name: "p (t)"}, {Name: "sign flip"}, {Name: "p (sign flip)"},
	}}
	cells := &table.Table{Name: "cells", Title: "Cells that are not equal", Columns: []table.Column{
		{Name: "dataset"}, {Name: "method"}, {Name: "varied"}, {Name: "seed"}, {Name: "outcome"},
		{Name: "found"}, {Name: "recipe changed"}, {Name: "cell"},
	}}
	for _, g := range c.Groups {
		for _, d := range g.Metrics {
			moved.Add(table.Str(g.Dataset), table.Str(g.Method), table.Str(g.Varied),
				table.Str(d.Metric), table.Int(d.N),
				table.Str(d.number(d.Old)), table.Str(d.number(d.New)), table.Str(d.signed(d.Mean)),
				d.interval(d.T, false), d.p(d.TP), d.interval(d.Flip, true), d.p(&d.FlipP))
		}
		for _, p := range g.Pairs {
			if p.Outcome == Equal {
				continue
			}
			id := p.New
			if id == "" {
				id = p.Old
			}
			cells.Add(table.Str(g.Dataset), table.Str(g.Method), table.Str(g.Varied),
				table.Str(fmt.Sprint(p.Seed)), table.Str(string(p.Outcome)),
				p.figure(), table.Str(strings.Join(p.Recipe, "; ")), table.Str(id))
		}
	}
	var out []*table.Table
	for _, t := range []*table.Table{moved, cells} {
		if len(t.Rows) > 0 {
			out = append(out, t)
		}
	}
	return out
}

func (d Difference) signed(x float64) string {
	s := d.number(x)
	if x > 0 {
		return "+" + s
	}
	return s
}

func (d Difference) interval(i *Interval, confidence bool) table.Value {
	if i == nil {
		return table.Missing("none")
	}
	s := "[" + d.signed(i.Low) + ", " + d.signed(i.High) + "]"
	if confidence {
		s += fmt.Sprintf(" at %.4g %%", 100*i.Confidence)
	}
	return table.Str(s)
}

func (d Difference) p(p *float64) table.Value {
	if p == nil || d.N < 2 {
		return table.Missing("none")
	}
	return table.Str(fmt.Sprintf("%.3g", *p))
}

// figure is the number of anomalies found, or the F1 of a split, before and after.
func (p Pair) figure() table.Value {
	show := func(c *runlog.CellRecord) string {
		switch {
		case c == nil || c.Result == nil:
			return "—"
		case c.Result.Holdout != nil:
			return fmt.Sprintf("F1 %.4f", c.Result.Holdout.F1)
		}
		return fmt.Sprint(len(c.Result.Found))
	}
	is := show(p.new)
	if p.Error != "" {
		is += " (" + p.Error + ")"
	}
	return table.Str(show(p.old) + " → " + is)
}
