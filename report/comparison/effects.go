package comparison

import (
	"fmt"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/plot"
	"github.com/uaibench/uaibench/report/stats"
	"github.com/uaibench/uaibench/report/text"
)

// effect is the number of anomalies found with one value of a grid's axis, averaged over the
// settings of all other axes.
type effect struct {
	value string
	cells [][]float64 // of each setting with it, by seed
	stats.Interval
}

// effects returns the effects of an axis, in the plan's order; nil for an incomplete grid, in which
// each value would be averaged over different settings.
func effects(f *model.Family, axis int) []effect {
	var out []effect
	for _, s := range inOrder(f) {
		found := s.Found()
		if found == nil {
			return nil
		}
		i := slices.IndexFunc(out, func(e effect) bool { return e.value == s.At[axis] })
		if i < 0 {
			i = len(out)
			out = append(out, effect{value: s.At[axis]})
		}
		out[i].cells = append(out[i].cells, found)
	}
	for i := range out {
		if len(out[i].cells) != len(out[0].cells) {
			return nil
		}
		out[i].Interval = stats.Bootstrap(out[i].cells, stats.Mean, level)
	}
	return out
}

// Effects returns the figure of a grid's main effects, one panel per axis; nil for an incomplete
// grid or fewer than two axes.
func Effects(f *model.Family) *plot.Drawing {
	if len(f.Axes) < 2 {
		return nil
	}
	var all [][]effect
	var axes []string
	top := 0.0
	for i, axis := range f.Axes {
		e := effects(f, i)
		if e == nil {
			return nil
		}
		if len(e) < 2 {
			continue
		}
		all, axes = append(all, e), append(axes, axis)
		for _, x := range e {
			top = max(top, x.Hi)
		}
	}
	if all == nil {
		return nil
	}
	first := f.All()[0].Results()[0]
	s := &plot.Sheet{
		Slug: "effects." + f.Slug, Short: f.Title() + ", main effects",
		Title: f.Title() + ": main effects",
		Subtitle: fmt.Sprintf("mean anomalies found (of N = %s) after %s audits, averaged over the "+
			"other axes", text.Comma(first.Anomalies), text.Comma(first.Budget)),
		Columns: min(3, len(all)), Height: 190,
		Notes: []string{"Lines: 95 % interval of a bootstrap of seeds within settings. Averages " +
			"hide interactions between axes: see the grid.", f.Note()},
	}
	style := plot.MethodStyles([]string{f.All()[0].Method.ID})[f.All()[0].Method.ID]
	for i, e := range all {
		s.Panels = append(s.Panels, plot.Panel{Title: axes[i], Draw: func(c draw.Canvas) {
			drawEffects(c, e, axes[i], top*1.08, style)
		}})
		s.Desc += axes[i] + ":"
		for _, x := range e {
			s.Desc += fmt.Sprintf(" %s %s,", x.value, text.Thousands(x.Estimate, 1))
		}
		s.Desc = s.Desc[:len(s.Desc)-1] + ". "
	}
	return s.Drawing()
}

// drawEffects draws values at even distances, since an axis need not be of numbers.
func drawEffects(c draw.Canvas, e []effect, axis string, top float64, st plot.Style) {
	p := plot.NewAxes(float64(len(e)), max(top, 1))
	p.X.Label.Text, p.Y.Label.Text = axis, "found"
	p.Y.Tick.Marker = plot.Ticks(4)
	p.X.Tick.Marker = valueTicks(e)
	p.Add(effectLine{e, st})
	p.Draw(c)
}

type valueTicks []effect

func (v valueTicks) Ticks(_, _ float64) []plot.Tick {
	var out []plot.Tick
	for i, e := range v {
		out = append(out, plot.Tick{Value: float64(i) + 0.5, Label: text.Shorten(e.value, 14)})
	}
	return out
}

type effectLine struct {
	effects []effect
	plot.Style
}

func (l effectLine) Plot(c draw.Canvas, p *plot.Axes) {
	line := draw.LineStyle{Color: l.Color, Width: plot.LineWidth}
	var points []vg.Point
	for i, e := range l.effects {
		x := c.X(p.X.Norm(float64(i) + 0.5))
		y := func(v float64) vg.Length { return c.Y(p.Y.Norm(v)) }
		points = append(points, vg.Point{X: x, Y: y(e.Estimate)})
		c.StrokeLine2(line, x, y(e.Lo), x, y(e.Hi))
	}
	c.SetLineStyle(draw.LineStyle{Color: l.Color, Width: 0.8, Dashes: plot.Dashes[2]})
	c.Stroke(plot.PathOf(points, false))
	c.SetColor(l.Color)
	for _, at := range points {
		c.Fill(plot.Diamond(at, 4))
	}
}
