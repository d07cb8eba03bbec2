package figures

import (
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/plot"
	"github.com/uaibench/uaibench/report/text"
)

var recallCurve = Figure{
	Name: "recall_curve", Section: Results,
	Doc:     "anomalies found against audits, of all datasets and of each (Figures 3 and 6)",
	Applies: func(m *model.Model) bool { return m.Measured() },
	Plots:   recallPlots,
}

// recallPlots are the panels of all datasets, then the plots of each dataset that has a result.
func recallPlots(m *model.Model) []*plot.Drawing { return recallOf(m, views(m)) }

func recallOf(m *model.Model, views []view) []*plot.Drawing {
	var out []*plot.Drawing
	for _, v := range views {
		if f := panel(m, v); f != nil {
			out = append(out, f)
		}
	}
	for _, p := range m.Groups {
		for _, v := range views {
			g := newGraph(m, p, v)
			if g == nil || v != (view{}) && !v.Percent && g.XMax == g.Rows {
				continue // the full range follows
			}
			out = append(out, g.figure(v))
		}
	}
	return out
}

var recallPercent = Figure{
	Name: "recall_percent", Section: Results,
	Doc:     "anomalies found against audits, in per cent of all, on one scale for all datasets",
	Applies: func(m *model.Model) bool { return m.Requests("recall_percent") && m.Measured() },
	Plots: func(m *model.Model) []*plot.Drawing {
		var out []view
		for _, xmax := range m.Ranges("recall_percent")[1:] {
			out = append(out, view{XMax: xmax, Percent: true})
		}
		if out == nil {
			out = []view{{Budget: true, Percent: true}}
		}
		return recallOf(m, out)
	},
}

// view is the range of budgets and the unit that a plot shows.
type view struct {
	XMax    int  // 0: all n rows, unless Budget
	Budget  bool // up to the cells' budget
	Percent bool // of N, on one scale for all datasets
}

func (v view) name() string {
	if v.Percent {
		v.Percent = false
		return v.name() + ".percent"
	}
	switch {
	case v.Budget:
		return "budget"
	case v.XMax > 0:
		return fmt.Sprintf("first-%d", v.XMax)
	}
	return "full"
}

func (v view) words() string {
	if v.Percent {
		v.Percent = false
		return v.words() + ", in per cent"
	}
	switch {
	case v.Budget:
		return "to the budget"
	case v.XMax > 0:
		return "first " + text.Comma(v.XMax) + " audits"
	}
	return "full range"
}

// views returns the views that the plan requests, or else one up to the budget, and always the full
// range.
func views(m *model.Model) []view {
	var out []view
	for _, p := range m.Run.Plan.Plots {
		if v := (view{XMax: p.XMax}); p.Kind == "recall_curve" && p.XMax > 0 &&
			!slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	if len(out) == 0 {
		out = append(out, view{Budget: true})
	}
	return append(out, view{})
}

// graph has the curves of one dataset group, for one view.
type graph struct {
	view
	Group     *model.Group
	Rows, N   int
	XMax      int
	YMax      float64         // in anomalies
	Series    []*model.Series // with or without a result
	Curves    []model.Curve   // as Series
	Reference plot.Reference
	Printed   []printed // the paper's values that lie within the axes
}

// newGraph returns nil if no cell of the group is done.
func newGraph(m *model.Model, p *model.Group, v view) *graph {
	first := p.First()
	if first == nil {
		return nil
	}
	g := &graph{view: v, Group: p, Rows: first.Rows, N: first.Anomalies, XMax: first.Rows,
		Series: p.Series}
	hasRandom := false
	budget := 0
	for _, s := range p.Series {
		results := s.Results()
		g.Curves = append(g.Curves, model.NewCurve(results))
		hasRandom = hasRandom || s.Method.ID == "random" && len(results) > 0
		for _, r := range results {
			budget = max(budget, r.Budget)
		}
	}
	if v.Budget {
		g.XMax = min(g.XMax, budget)
	} else if v.XMax > 0 {
		g.XMax = min(g.XMax, v.XMax)
	}
	g.XMax = max(g.XMax, 1)
	g.Reference = plot.Reference{N: g.N, Rows: g.Rows, Random: !hasRandom}
	most := 0.0
	for _, c := range g.Curves {
		_, _, most1, _ := c.Value(min(g.XMax, c.End))
		most = max(most, most1)
	}
	if g.Reference.Random {
		most = max(most, float64(g.N)*float64(g.XMax)/float64(g.Rows))
	}
	// Include N in the plot if it is not far above all curves.
	if g.YMax = most * 1.1; float64(g.N) <= 2.5*most {
		g.YMax = max(float64(g.N)*1.08, most*1.08)
	}
	if v.Percent {
		g.YMax = float64(g.N) * 1.06
	}
	g.YMax = max(g.YMax, 1)
	g.Printed = printedOf(m, g)
	return g
}

// draw fills c with axes and curves, bands first so that none hides a line. labels, if any, name
// the lines.
func (g *graph) draw(c draw.Canvas, to *plot.Tooltip, labels plot.EndLabels, xticks, yticks int) {
	p := plot.NewAxes(float64(g.XMax), g.YMax)
	p.X.Tick.Marker, p.Y.Tick.Marker = plot.Ticks(xticks), plot.Ticks(yticks)
	if g.Percent {
		p.Y.Label.Text, p.Y.Tick.Marker = "anomalies found, %", percentTicks(g.N)
	}
	for _, band := range []bool{true, false} {
		if !band {
			p.Add(g.Reference)
		}
		for i, s := range g.Series {
			p.Add(plot.StepLine{Steps: g.Curves[i].Steps, Style: s.Style, Band: band,
				Of: len(g.Series)})
		}
	}
	for _, q := range g.Printed {
		p.Add(q)
	}
	p.Add(to.Redrawn())
	labels.Draw(c, p)
}

// percentTicks are ticks at every 20 per cent of n, for an axis that counts anomalies.
type percentTicks int

func (n percentTicks) Ticks(_, _ float64) []plot.Tick {
	var out []plot.Tick
	for p := 0; p <= 100; p += 20 {
		out = append(out, plot.Tick{Value: float64(p) / 100 * float64(n), Label: fmt.Sprint(p)})
	}
	return out
}

// labels are the labels at the curves' ends; nil if they leave too little room in a plot of the
// given size.
func (g *graph) labels(width, height vg.Length) plot.EndLabels {
	var out plot.EndLabels
	for i, s := range g.Series {
		c := g.Curves[i]
		at := min(g.XMax, c.End)
		if y, _, _, ok := c.Value(at); ok {
			out = append(out, plot.EndLabel{Text: g.short(s), Style: s.Style, X: float64(at), Y: y})
		}
	}
	if l, ok := g.Reference.Label(float64(g.XMax)); ok {
		out = append(out, l)
	}
	if !out.Fit(width, height) {
		return nil
	}
	return out
}

// short is a series' label without the method's name, if all labels of the plot share it. A named
// variant is shown by its name.
func (g *graph) short(s *model.Series) string {
	label := text.Shorten(strings.Replace(s.Label, ", variant=", ", ", 1), plot.LegendRunes)
	method, rest, ok := strings.Cut(label, ", ")
	if !ok || slices.ContainsFunc(g.Series, func(o *model.Series) bool {
		return o.Label != method && !strings.HasPrefix(o.Label, method+", ")
	}) {
		return label
	}
	return rest
}

func (g *graph) subtitle() string {
	pool := text.Plural(g.Rows, "row") + ", " + text.Plural(g.N, "anomaly")
	if g.XMax < g.Rows {
		return fmt.Sprintf("%s; the first %s", pool, text.Plural(g.XMax, "audit"))
	}
	return pool + "; the full range"
}

// notes are the plot's notes. Notes that several curves share appear once.
func (g *graph) notes() []string {
	out := []string{bandCaption(seedsOf(g.Curves))}
	if slices.ContainsFunc(g.Series, func(s *model.Series) bool { return s.Style.Width > 0 }) {
		out = append(out, boldNote)
	}
	if g.Printed != nil {
		out = append(out, printedNote)
	}
	if float64(g.N) > g.YMax {
		out = append(out, fmt.Sprintf("All N = %s lie above the plot.", text.Comma(g.N)))
	}
	if g.N == 0 {
		out = append(out, "There are no anomalies to find.")
	}
	var notes []string
	whose := map[string][]string{}
	for i, s := range g.Series {
		for _, n := range g.Curves[i].Notes(s.Counts.Planned, g.XMax) {
			if whose[n] == nil {
				notes = append(notes, n)
			}
			whose[n] = append(whose[n], text.Shorten(s.Label, plot.LegendRunes))
		}
	}
	for _, n := range notes {
		out = append(out, strings.Join(whose[n], "; ")+": "+n+".")
	}
	return out
}

// boldNote explains which of many settings' lines are bold.
const boldNote = "Bold: the default, and the setting that found most."

// describe is the plot's description in words.
func (g *graph) describe() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Anomalies found against audits on %s: %s.", g.Group.Title, g.subtitle())
	for i, s := range g.Series {
		c := g.Curves[i]
		at := min(g.XMax, c.End)
		if med, least, most, ok := c.Value(at); ok {
			fmt.Fprintf(&b, " %s: median %s found after %s, from %s to %s over %s.", s.Label,
				text.Half(med), text.Plural(at, "audit"), text.Half(least), text.Half(most),
				text.Plural(c.Seeds, "seed"))
		} else {
			fmt.Fprintf(&b, " %s: no result.", s.Label)
		}
	}
	return b.String()
}

// entries are the legend's entries, in the plan's order.
func (g *graph) entries() []plot.Entry {
	var out []plot.Entry
	for i, s := range g.Series {
		n := g.Curves[i].Seeds
		out = append(out, entryOf(s, n, n > 0, len(g.Series)))
	}
	return append(out, g.Reference.Entries()...)
}

// figure is the plot of one dataset.
func (g *graph) figure(v view) *plot.Drawing {
	around := plot.Frame{
		Slug: g.Group.Slug + "." + v.name(), Short: g.Group.Title + ", " + v.words(),
		Title: fmt.Sprintf("%s: %s", g.Group.Title, g.subtitle()), Desc: g.describe(),
		Heading: g.Group.Title, Subtitle: g.subtitle(), Notes: g.notes(),
	}
	labels := g.labels(plot.PanelWidth(1), plot.FigureHeight)
	if labels == nil {
		around.Entries = g.entries()
	}
	to := g.reading()
	f := around.Drawing(plot.FigureWidth, plot.FigureHeight,
		func(c draw.Canvas) { g.draw(c, to, labels, 8, 6) })
	f.Tooltips = []*plot.Tooltip{to}
	return f
}

// reading is the tooltip of the dataset group's curves, which all of its plots share.
func (g *graph) reading() *plot.Tooltip {
	return &plot.Tooltip{
		Name: g.Group.Slug, Title: g.Group.Title, Unit: plot.AuditsUnit, Of: "method", Main: true,
		XMax: float64(g.XMax), YMax: g.YMax, Curves: g.readable,
	}
}

func (g *graph) readable() []plot.TooltipCurve {
	var out []plot.TooltipCurve
	for i, s := range g.Series {
		out = append(out, plot.TooltipCurve{
			Label: text.Shorten(s.Label, plot.LegendRunes), Color: s.Style.Color,
			Planned: s.Counts.Planned, Steps: g.Curves[i].Steps,
		})
	}
	if e := g.Reference.Entries(); e != nil {
		share := float64(g.N) / float64(g.Rows)
		line := plot.Steps{End: g.Rows}
		out = append(out,
			plot.TooltipCurve{Label: e[0].Label, Color: plot.Muted, PerRow: share, Steps: line})
	}
	return out
}
