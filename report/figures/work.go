package figures

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/plot"
	"github.com/uaibench/uaibench/report/table"
	"github.com/uaibench/uaibench/report/text"
)

var roundWork = Figure{
	Name: "round_work", Section: Results,
	Doc:     "the work of a round against the labels so far, counted, with the line that fits it best",
	Applies: func(m *model.Model) bool { return len(workRows(m)) > 0 },
	Tables:  func(m *model.Model) []*table.Table { return []*table.Table{complexityTable(m)} },
	Plots:   workPlots,
}

// workCounts are what a method's panel shows, the first that it counts: rows of labels that AAD's
// feedback goes through, and the steps of a UaiNet's joint training.
var workCounts = []string{"rows_touched", jointSteps}

func workPlots(m *model.Model) []*plot.Drawing {
	if !m.Asks("round_work") {
		return nil
	}
	var out []*plot.Drawing
	for _, p := range m.Groups {
		if f := workPlot(p); f != nil {
			out = append(out, f)
		}
	}
	return out
}

// workPanel is a method's points, of all seeds, and their line.
type workPanel struct {
	labels, work []float64
	fit          fit
	fitted       bool
	style        plot.Style
}

func workPlot(p *model.Group) *plot.Drawing {
	s := &plot.Sheet{
		Slug: p.Slug + ".round-work", Short: p.Title + ", work of a round", Columns: 3, Height: 210,
		Title:    p.Title + ", work of a round",
		Subtitle: "counted, not timed, against the labels that the round knew",
	}
	var desc strings.Builder
	fmt.Fprintf(&desc, "Work of a round on %s against the labels so far.", p.Title)
	for _, r := range p.Series {
		i := slices.IndexFunc(workCounts,
			func(name string) bool { return slices.Contains(worked(r), name) })
		if i < 0 {
			continue
		}
		w := workPanel{style: r.Style}
		w.labels, w.work = work(r, workCounts[i])
		if len(w.labels) == 0 {
			continue
		}
		name := strings.ReplaceAll(workCounts[i], "_", " ")
		var note string
		if fit, err := fitLine(w.labels, w.work); err == nil {
			w.fit, w.fitted = fit, true
			note = fmt.Sprintf("slope %s, R² %.2f", text.Brief(fit.Slope), fit.R2)
			fmt.Fprintf(&desc,
				" %s: %s a round, with a slope of %s a label; the line explains %.0f %% of the "+
					"variance.", r.Label, name, text.Brief(fit.Slope), 100*fit.R2)
		}
		to := w.reading(r, name)
		s.Panels = append(s.Panels,
			plot.Panel{Title: r.Label, Note: note, Tooltip: to,
				Draw: func(c draw.Canvas) { w.draw(c, to, name) }})
	}
	if len(s.Panels) == 0 {
		return nil
	}
	s.Columns = min(s.Columns, len(s.Panels))
	s.Desc = desc.String()
	s.Notes = []string{
		"Points: rounds between neighbouring checkpoints, of each seed. Line: least squares.",
		countsNote("Of the planned cells", p.Counts),
		fmt.Sprintf("A UaiNet's labelled batch grows to %d rows: its points begin there. Each "+
			"panel has an axis of its own.", fullBatch),
	}
	return s.Drawing()
}

// reading has the seeds' work at each number of labels, and the line there.
func (w workPanel) reading(r *model.Series, name string) *plot.Tooltip {
	at := map[float64][]float64{}
	for i, x := range w.labels {
		at[x] = append(at[x], w.work[i])
	}
	var points, fit plot.Points
	for _, x := range slices.Sorted(maps.Keys(at)) {
		points.Add(x, at[x])
		if y := w.fit.Intercept + w.fit.Slope*x; y >= 0 { // less than no work is not drawn
			fit.Add(x, []float64{y})
		}
	}
	to := &plot.Tooltip{
		Title: r.Label + ", " + name + " a round", Unit: plot.LabelsUnit, Of: "method",
		XMax: 1.02 * slices.Max(w.labels), YMax: max(plot.NiceTop(1.05*slices.Max(w.work)), 1),
		Stops: plot.NewStops(math.Inf(1), points),
	}
	to.Stops.Add(plot.StopSeries{Label: text.Shorten(r.Label, plot.LegendRunes),
		Color: plot.Hex(r.Style.Color), Seeds: len(r.Results()), Planned: r.Counts.Planned}, points)
	if w.fitted {
		to.Stops.Add(plot.StopSeries{Label: "line", Color: plot.Hex(r.Style.Color), Seeds: 1,
			Planned: 1}, fit)
		values := to.Stops.Series[1].Values
		for i := range values {
			values[i] = values[i][:min(len(values[i]), 1)]
		}
	}
	return to
}

func (w workPanel) draw(c draw.Canvas, to *plot.Tooltip, name string) {
	p := plot.NewAxes(to.XMax, to.YMax)
	p.X.Tick.Marker, p.Y.Tick.Marker = plot.Ticks(4), plot.Ticks(4)
	p.X.Label.Text, p.Y.Label.Text = "labels", name
	p.Add(w, plot.Area{At: &to.Area})
	p.Draw(c)
}

func (w workPanel) Plot(c draw.Canvas, p *plot.Axes) {
	at := func(x, y float64) vg.Point { return vg.Point{X: c.X(p.X.Norm(x)), Y: c.Y(p.Y.Norm(y))} }
	points := w.style.Color
	points.A = 150
	c.SetColor(points)
	for i, x := range w.labels {
		c.Fill(plot.Square(at(x, w.work[i]), 1.5))
	}
	if w.fitted {
		from, to := slices.Min(w.labels), slices.Max(w.labels)
		y := func(x float64) float64 { return w.fit.Intercept + w.fit.Slope*x }
		// less than no work is not drawn
		if zero := -w.fit.Intercept / w.fit.Slope; zero > from && zero < to {
			if w.fit.Slope > 0 {
				from = zero
			} else {
				to = zero
			}
		}
		a, b := at(from, y(from)), at(to, y(to))
		c.StrokeLine2(draw.LineStyle{Color: w.style.Color, Width: 1.4}, a.X, a.Y, b.X, b.Y)
	}
}
