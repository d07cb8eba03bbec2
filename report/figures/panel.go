package figures

import (
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg/draw"

	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/plot"
	"github.com/uaibench/uaibench/report/text"
)

// incomplete lists the curves that lack seeds, including methods without any result. It is the only
// note of a dataset's own plot that the panel repeats.
func (g *graph) incomplete() string {
	var out []string
	for i, s := range g.Series {
		if n := g.Curves[i].Seeds; n < s.Counts.Planned {
			out = append(out,
				fmt.Sprintf("%s %d of %s", text.Shorten(s.Label, plot.LegendRunes), n,
					text.Plural(s.Counts.Planned, "seed")))
		}
	}
	return strings.Join(out, "; ")
}

// panel shows every dataset in one figure, like the paper's Figures 3 and 6. It is nil for fewer
// than two datasets or if none has a result.
func panel(m *model.Model, v view) *plot.Drawing {
	var graphs, shown []*graph
	for _, p := range m.Groups {
		graphs = append(graphs, newGraph(m, p, v))
	}
	var entries []plot.Entry
	var reference plot.Entry
	var curves []model.Curve
	notes := []string{""}
	var titles []string
	for i, g := range graphs {
		if g == nil {
			notes = append(notes,
				fmt.Sprintf("%s: no curve, %s.", m.Groups[i].Title, m.Groups[i].Counts))
			continue
		}
		shown = append(shown, g)
		titles = append(titles, g.Group.Title)
		curves = append(curves, g.Curves...)
		if n := g.incomplete(); n != "" {
			notes = append(notes, g.Group.Title+": "+n+".")
		}
		for j, s := range g.Series {
			e := plot.Sample(text.Shorten(s.Label, plot.LegendRunes), s.Style, len(g.Series))
			same := func(o plot.Entry) bool { return o.Label == e.Label }
			if g.Curves[j].Seeds > 0 && !slices.ContainsFunc(entries, same) {
				entries = append(entries, e)
			}
		}
		if r := g.Reference.Entries(); r != nil {
			reference = r[0]
		}
	}
	if shown == nil || len(m.Groups) < 2 {
		return nil
	}
	if reference.Label != "" {
		entries = append(entries, reference)
	}
	notes[0] = bandCaption(seedsOf(curves))
	if slices.ContainsFunc(shown, func(g *graph) bool { return g.Printed != nil }) {
		notes = append(notes, printedNote)
	}
	out := &plot.Sheet{
		Slug: model.PanelSlug + "." + v.name(), Short: "All datasets, " + v.words(), Untitled: true,
		Title: "All datasets: anomalies found against audits, " + v.words(),
		Desc: fmt.Sprintf("Anomalies found against audits, a plot for each of %s: %s. The "+
			"dataset's own plot describes what each curve found and where it ends.",
			text.Plural(len(shown), "dataset"), strings.Join(titles, ", ")),
		Entries: entries, Notes: notes, Columns: 2, Height: 230,
	}
	width := plot.PanelWidth(out.Columns)
	labelled := !slices.ContainsFunc(shown,
		func(g *graph) bool { return g.labels(width, out.Height) == nil })
	if labelled {
		out.Entries = nil
	}
	for _, g := range shown {
		var labels plot.EndLabels
		if labelled {
			labels = g.labels(width, out.Height)
		}
		to := g.reading()
		out.Panels = append(out.Panels, plot.Panel{
			Title: g.Group.Title, Note: fmt.Sprintf("n = %s", text.Comma(g.Rows)), Tooltip: to,
			Draw: func(c draw.Canvas) { g.draw(c, to, labels, 4, 4) },
		})
	}
	return out.Drawing()
}
