package report

import (
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

const panelSlug = "panel"

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
	desc := ""
	shown := 0
	for i, g := range graphs {
		if g == nil {
			notes = append(notes, fmt.Sprintf("%s: no curve, %s.", m.Pools[i].Title, m.Pools[i].Counts))
			continue
		}
		shown++
		curves = append(curves, g.Curves...)
		desc += g.describe() + " "
		for _, n := range g.notes()[1:] {
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
	if shown == 0 || len(m.Pools) < 2 {
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
		Desc:  strings.TrimSpace(desc),
		Notes: notes,
		W:     figureWidth, H: vg.Length(rows*(cellHeight+gap)) + below + 2*margin,
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
