package report

import (
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

const panelSlug = "panel"

// incomplete names the curves that lack seeds: the one note that a panel repeats of its plots. A method without any result
// has no curve, and is named, too.
func (g *graph) incomplete() string {
	var out []string
	for i, s := range g.Series {
		if n := g.Curves[i].Seeds; n < s.Counts.Planned {
			out = append(out, fmt.Sprintf("%s %d of %s", shorten(s.Label, legendRunes), n, plural(s.Counts.Planned, "seed")))
		}
	}
	if out == nil {
		return ""
	}
	return strings.Join(out, "; ") + "."
}

// panel shows every pool in one figure, as the paper's Figures 3 and 6 do.
func (m *model) panel(v view) *figure {
	var graphs []*graph
	for _, p := range m.Pools {
		graphs = append(graphs, newGraph(p, v))
	}
	var entries []entry
	var reference entry
	var curves []Curve
	notes := []string{""}
	var shown []*graph
	var titles []string
	for i, g := range graphs {
		if g == nil {
			notes = append(notes, fmt.Sprintf("%s: no curve, %s.", m.Pools[i].Title, m.Pools[i].Counts))
			continue
		}
		shown = append(shown, g)
		titles = append(titles, g.Pool.Title)
		curves = append(curves, g.Curves...)
		if n := g.incomplete(); n != "" {
			notes = append(notes, g.Pool.Title+": "+n)
		}
		for j, s := range g.Series {
			e := entry{Label: shorten(s.Label, legendRunes), Line: draw.LineStyle{Color: s.Style.Color, Width: 1.6, Dashes: s.Style.Dash}, Band: s.Style.Color}
			e.Band.A = bandAlpha(len(g.Series))
			if g.Curves[j].Seeds > 0 && !slices.ContainsFunc(entries, func(o entry) bool { return o.Label == e.Label }) {
				entries = append(entries, e)
			}
		}
		if r := g.Reference.entries(); r != nil {
			reference = r[0]
		}
	}
	if shown == nil || len(m.Pools) < 2 {
		return nil
	}
	if reference.Label != "" {
		entries = append(entries, reference)
	}
	notes[0] = bandCaption(curves)
	const cellHeight, gap = 230, 16
	l := layout(entries, figureWidth-2*margin)
	caption := wrap(notes, captionStyle, figureWidth-2*margin)
	below := l.height() + 8 + vg.Length(len(caption))*captionLine
	rows := (len(graphs) + 1) / 2
	f := &figure{
		Slug:  panelSlug + "." + v.name(),
		Short: "All datasets, " + v.words(),
		Title: "All datasets: anomalies found against audits, " + v.words(),
		Desc: fmt.Sprintf("Anomalies found against audits, a plot for each of %s: %s. What each curve found, and where it ends, stands with the dataset's own plot.",
			plural(len(shown), "dataset"), strings.Join(titles, ", ")),
		Notes: notes,
		W:     figureWidth, H: vg.Length(rows*(cellHeight+gap)) + below + 2*margin,
		graphs: shown,
	}
	f.draw = func(c draw.Canvas) {
		c = draw.Crop(c, margin, -margin, margin, -margin)
		width := (c.Max.X - c.Min.X - gap) / 2
		for i, g := range graphs {
			left := c.Min.X + vg.Length(i%2)*(width+gap)
			top := c.Max.Y - vg.Length(i/2*(cellHeight+gap))
			bold := lettering(11, true, ink)
			title := fit(m.Pools[i].Title, bold, width)
			c.FillText(bold, vg.Point{X: left, Y: top}, title)
			if g == nil {
				c.FillText(lettering(10, false, muted), vg.Point{X: left, Y: top - 20}, "no cell is done")
				continue
			}
			small := lettering(9, false, muted)
			if note := fmt.Sprintf("n = %s", comma(g.Rows)); bold.Width(title)+small.Width(note)+8 < width {
				c.FillText(small, vg.Point{X: left + bold.Width(title) + 8, Y: top - 2}, note)
			}
			area := vg.Rectangle{Min: vg.Point{X: left, Y: top - cellHeight}, Max: vg.Point{X: left + width, Y: top - 18}}
			g.draw(draw.Canvas{Canvas: c.Canvas, Rectangle: area}, 5, 4)
		}
		l.draw(c, vg.Point{X: c.Min.X, Y: c.Min.Y + below - 6})
		writeCaption(c, caption)
	}
	return f
}
