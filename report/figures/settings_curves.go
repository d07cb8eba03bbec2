package figures

import (
	"fmt"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/uaibench/uaibench/report/comparison"
	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/plot"
	"github.com/uaibench/uaibench/report/text"
)

// settingsPlots are the plots of all families: differences, the curves of each setting over the
// default's, and heat maps and main effects of grids.
func settingsPlots(m *model.Model) []*plot.Drawing {
	var out []*plot.Drawing
	for _, f := range m.Families() {
		for _, fig := range []*plot.Drawing{differences(f), curves(f), comparison.Heat(f),
			comparison.Effects(f)} {
			if fig != nil {
				out = append(out, fig)
			}
		}
	}
	return out
}

// hues returns the styles of a family's plots, in its method's colour: dark and solid for a setting
// in its own panel, lighter and dashed for the default beside it.
func hues(f *model.Family) (setting, def plot.Style) {
	id := f.All()[0].Method.ID
	c := plot.MethodStyles([]string{id})[id].Color
	return plot.Style{Color: plot.Mix(c, -0.2)}, plot.Style{Color: plot.Mix(c, 0.3),
		Dash: plot.Dashes[2]}
}

// curves is a sheet of small multiples: every setting's curve over the default's. It is nil unless
// the default and a variant have a result.
func curves(f *model.Family) *plot.Drawing {
	if f.Default == nil || len(f.Default.Results()) == 0 {
		return nil
	}
	def := model.NewCurve(f.Default.Results())
	first := f.Default.Results()[0]
	curves, xmax, top := settingCurves(f, def)
	s := &plot.Sheet{
		Slug: "settings." + f.Slug, Short: f.Title() + ", each setting's curve",
		Title: f.Title() + ": each setting beside the default",
		Subtitle: fmt.Sprintf("anomalies found (of N = %s) against audits, to the budget of %s; "+
			"higher is better", text.Comma(first.Anomalies), text.Comma(xmax)),
		Columns: 3, Height: 150,
	}
	if len(f.Variants) > 12 {
		s.Columns, s.Height = 4, 125
	}
	st, defaultStyle := hues(f)
	readable := func() []plot.TooltipCurve {
		d := f.Default
		out := []plot.TooltipCurve{{Label: f.Shown(d), Color: defaultStyle.Color,
			Planned: d.Counts.Planned, Steps: def.Steps}}
		for i, v := range f.Variants {
			out = append(out, plot.TooltipCurve{Label: v.Name, Color: st.Color,
				Planned: v.Counts.Planned, Steps: curves[i].Steps})
		}
		return out
	}
	bestSetting := f.Best()
	var bare []string
	for i, v := range f.Variants {
		med, least, most, ok := curves[i].Value(min(xmax, curves[i].End))
		if !ok {
			bare = append(bare, v.Name+" ("+v.SeedsDone()+")")
			s.Desc += v.Name + ": no result. "
			continue
		}
		s.Desc += fmt.Sprintf("%s: median %s, from %s to %s found. ", v.Name, text.Half(med),
			text.Half(least), text.Half(most))
		place, line := len(s.Panels), st
		if v == bestSetting {
			line.Width = plot.Bold
		}
		p := plot.Panel{Title: v.Name}
		p.Tooltip = &plot.Tooltip{Name: s.Slug, Curves: readable, Only: []int{0, i + 1},
			Title: v.Name, Unit: plot.AuditsUnit, Of: "setting", XMax: float64(xmax),
			YMax: top * 1.08}
		p.Draw = func(c draw.Canvas) {
			drawSetting(c, p.Tooltip, settingLines{def.Steps, curves[i].Steps, defaultStyle, line},
				place%s.Columns == 0, place+s.Columns >= len(s.Panels))
			c.FillText(plot.Lettering(8.5, false, plot.Muted),
				vg.Point{X: c.Min.X + 40, Y: c.Max.Y}, v.SeedsDone())
		}
		s.Panels = append(s.Panels, p)
	}
	if s.Panels == nil {
		return nil
	}
	s.Entries = []plot.Entry{plot.Sample("the panel's setting", st, 1),
		plot.Sample(f.Shown(f.Default)+", the same in every panel", defaultStyle, 1)}
	s.Notes = []string{bandCaption(seedsOf(append(curves, def))), f.Note(),
		"Default: " + f.Default.SeedsDone() + "."}
	switch {
	case bestSetting == f.Default:
		s.Notes = append(s.Notes, "No setting found more than the default.")
	case bestSetting != nil:
		s.Notes = append(s.Notes, "Bold: "+bestSetting.Name+", which found most.")
	}
	if bare != nil {
		s.Notes = append(s.Notes, "Without a result: "+text.And(bare)+".")
	}
	return s.Drawing()
}

// settingCurves returns the variants' curves and the axes' ends that they share with the default.
func settingCurves(f *model.Family, def model.Curve) (curves []model.Curve, xmax int, top float64) {
	for _, v := range f.All() {
		for _, r := range v.Results() {
			xmax = max(xmax, r.Budget)
		}
	}
	for _, v := range f.Variants {
		curves = append(curves, model.NewCurve(v.Results()))
	}
	top = 1
	for _, c := range append([]model.Curve{def}, curves...) {
		if _, _, most, ok := c.Value(min(xmax, c.End)); ok {
			top = max(top, most)
		}
	}
	return curves, xmax, top
}

// settingLines has the curves of the default and a setting, with their styles.
type settingLines struct {
	def, this           plot.Steps
	defStyle, thisStyle plot.Style
}

// drawSetting draws a setting's curve over the default's. The panels of a sheet share their axes:
// only the first panel of a row labels the y-axis, and the last of a column the x-axis.
func drawSetting(c draw.Canvas, to *plot.Tooltip, l settingLines, first, last bool) {
	p := plot.NewAxes(to.XMax, to.YMax)
	p.X.Label.Text, p.Y.Label.Text = " ", " "
	if first {
		p.Y.Label.Text = "found"
	}
	if last {
		p.X.Label.Text = "audits"
	}
	p.X.Tick.Marker, p.Y.Tick.Marker = plot.Ticks(3), plot.Ticks(3)
	for _, band := range []bool{true, false} {
		p.Add(plot.StepLine{Steps: l.def, Style: l.defStyle, Band: band, Of: 1},
			plot.StepLine{Steps: l.this, Style: l.thisStyle, Band: band, Of: 1})
	}
	p.Add(to.Redrawn())
	p.Draw(c)
}

// differences is a dot plot of paired differences, the greatest gain on top. It is nil if there is
// no pair.
func differences(f *model.Family) *plot.Drawing {
	if f.Default == nil {
		return nil
	}
	of := model.Measures[0]
	st, _ := hues(f)
	var dots, bare []plot.DotRow
	budget := 0
	for _, v := range f.Variants {
		p := model.Pair(f.Default, v)
		_, _, d := p.Values(of)
		it := plot.DotRow{Name: v.Name, Points: d, Color: st.Color,
			Note: fmt.Sprintf("n = %d of %d", len(d), p.Planned)}
		if p.Failed > 0 {
			it.Note += fmt.Sprintf(", %d failed", p.Failed)
		}
		if len(d) == 0 {
			bare = append(bare, it)
			continue
		}
		for _, r := range p.Default {
			budget = max(budget, r.Budget)
		}
		c := model.Compare(d)
		it.Mean, it.Low, it.High, it.Constant = c.Mean, c.Low, c.High, c.Constant
		dots = append(dots, it)
	}
	if dots == nil {
		return nil
	}
	slices.SortStableFunc(dots, func(a, b plot.DotRow) int {
		switch {
		case a.Mean > b.Mean:
			return -1
		case a.Mean < b.Mean:
			return 1
		}
		return 0
	})
	dots = append(dots, bare...)
	notes := []string{
		"Diamond: mean of the pairs' differences; crosses: the pairs; line: 95 % interval by t, " +
			"with an arrow where it leaves the plot.",
		f.Note(),
		"Rows are sorted by their mean, which in itself makes the first look good: see p Holm in " +
			"the table of differences.",
	}
	around := plot.Frame{
		Slug: "differences." + f.Slug, Short: f.Title() + ", differences from the default",
		Title: fmt.Sprintf("%s: %s, setting minus default", f.Title(), of.Title), Notes: notes,
		Subtitle: fmt.Sprintf("difference in anomalies found after %s audits; right of the line: "+
			"better than the %s",
			text.Comma(budget), f.Shown(f.Default)),
	}
	around.Heading = around.Title
	for _, d := range dots {
		if len(d.Points) > 0 {
			around.Desc += fmt.Sprintf("%s: %s, %s. ", d.Name, text.Signed(d.Mean), d.Note)
		} else {
			around.Desc += fmt.Sprintf("%s: no pair. ", d.Name)
		}
	}
	to := plot.NewMarkers(around.Slug, f.Title(), "setting", "settings", "mean", "95 % interval",
		"pairs")
	to.ByRow = true
	p := plot.DotPlot{Rows: dots, Zero: "default", Below: "← worse", Above: "better →", Tooltip: to}
	fig := around.Drawing(plot.FigureWidth, p.Height(), p.Draw)
	fig.Tooltips = []*plot.Tooltip{to}
	return fig
}
