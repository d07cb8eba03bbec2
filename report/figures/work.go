package figures

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/sajari/regression"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/plot"
	"github.com/uaibench/uaibench/report/table"
	"github.com/uaibench/uaibench/report/text"
)

var roundWork = Figure{
	Name: "round_work", Section: Results,
	Doc: "the work of a round against the labels so far, counted, with the line that fits " +
		"it best",
	Applies: func(m *model.Model) bool { return len(workRows(m)) > 0 },
	Tables:  func(m *model.Model) []*table.Table { return []*table.Table{complexityTable(m)} },
	Plots:   workPlots,
}

// fit is a least-squares line of a round's counted work against the number of labels it had.
type fit struct {
	Slope, Intercept float64
	R2               float64 // 1 if every point has the same work
}

// fitLine fits work against labels. It fails for fewer than three points or if all have the same
// number of labels, and panics if the lengths differ.
func fitLine(labels, work []float64) (fit, error) {
	if len(labels) != len(work) {
		panic("report: a point has labels and work")
	}
	if len(labels) < 3 || slices.Min(labels) == slices.Max(labels) {
		return fit{}, fmt.Errorf("%d points are too few for a line", len(labels))
	}
	if work[0] == slices.Min(work) && work[0] == slices.Max(work) {
		return fit{Intercept: work[0], R2: 1}, nil
	}
	var r regression.Regression
	r.SetObserved("work a round")
	r.SetVar(0, "labels")
	for i, t := range labels {
		r.Train(regression.DataPoint(work[i], []float64{t}))
	}
	if err := r.Run(); err != nil {
		return fit{}, fmt.Errorf("fit of work against labels: %w", err)
	}
	return fit{Slope: r.Coeff(1), Intercept: r.Coeff(0), R2: r.R2}, nil
}

// workOfRounds returns the mean count per round between neighbouring checkpoints of a run, and the
// mean number of labels of these rounds. Intervals whose first round had fewer than from labels are
// omitted.
func workOfRounds(r *runlog.Result, count string, from int) (labels, work []float64) {
	for i := 1; i < len(r.Checkpoints); i++ {
		a, b := r.Checkpoints[i-1], r.Checkpoints[i]
		before, ok := a.Counts[count]
		after, ok2 := b.Counts[count]
		rounds := (b.Audited - a.Audited + r.K - 1) / max(1, r.K)
		first := min(a.Audited+r.K, b.Audited)
		if !ok || !ok2 || rounds < 1 || first < from {
			continue
		}
		labels = append(labels, float64(first+b.Audited)/2)
		work = append(work, float64(after-before)/float64(rounds))
	}
	return labels, work
}

// jointSteps is the count of a method that trains by joint steps. Its labelled batch grows until it
// has fullBatch rows.
const (
	jointSteps = "joint_steps"
	fullBatch  = 256
)

// worked returns the names of the counts in the series' checkpoints that measure a round's work.
func worked(s *model.Series) []string {
	counts := map[string]bool{}
	for _, r := range s.Results() {
		for _, c := range r.Checkpoints {
			for name := range c.Counts {
				counts[name] = true
			}
		}
	}
	for _, name := range []string{"rows_scored", "rounds", "weights", "trees", "leaves",
		"projections", "bins"} {
		delete(counts, name)
	}
	return slices.Sorted(maps.Keys(counts))
}

// work is workOfRounds over all seeds. For methods with joint steps it starts at a full batch.
func work(s *model.Series, name string) (labels, work []float64) {
	from := 0
	if slices.Contains(worked(s), jointSteps) {
		from = fullBatch
	}
	for _, r := range s.Results() {
		l, w := workOfRounds(r, name, from)
		labels, work = append(labels, l...), append(work, w...)
	}
	return labels, work
}

// workRow is one count of a method's work per round.
type workRow struct {
	line
	counted      string
	labels, work []float64
	fit          fit
	fitted       bool
}

func workRows(m *model.Model) []workRow {
	var out []workRow
	for _, l := range lines(m.Groups) {
		for _, name := range worked(l.series) {
			r := workRow{line: l, counted: name}
			r.labels, r.work = work(l.series, name)
			var err error
			r.fit, err = fitLine(r.labels, r.work)
			r.fitted = err == nil
			out = append(out, r)
		}
	}
	return out
}

// complexityTable checks the O(t) and O(1) work of a round (Sec. 5, App. B.2) by counting, if
// checkpoints kept the counts. Only learning counts: rescoring the pool is excluded, and so are a
// method's sizes (trees, weights) and number of rounds.
func complexityTable(m *model.Model) *table.Table {
	number := func(name, help string, decimals int, of func(workRow) float64) col[workRow] {
		return col[workRow]{Name: name, Kind: table.Number, Decimals: decimals, Help: help,
			Value: func(r workRow) value {
				if !r.fitted {
					return table.Missing("too few")
				}
				return table.Num(of(r))
			}}
	}
	return table.Build(table.Table{
		Name:  "complexity",
		Title: "Work of a round against labels",
		Caption: "Counted, not timed, between neighbouring checkpoints, of all seeds together; " +
			"the slope is that of a least-squares line. A labelled batch grows up to 256 rows: " +
			"methods that train by joint steps are fitted from the 256th label on.",
	}, workRows(m), []col[workRow]{
		{Name: "dataset", Value: workRow.dataset},
		{Name: "method", Value: workRow.method},
		{Name: "counted", Value: func(r workRow) value { return table.Str(r.counted) }},
		{Name: "points", Kind: table.Count,
			Value: func(r workRow) value { return table.Int(len(r.labels)) }},
		number("least labels", "", 0, func(r workRow) float64 { return slices.Min(r.labels) }),
		number("most labels", "", 0, func(r workRow) float64 { return slices.Max(r.labels) }),
		number("mean work", "of a round", 1, func(r workRow) float64 { return average(r.work) }),
		number("slope", "additional work of a round for each further label", 3,
			func(r workRow) float64 { return r.fit.Slope }),
		number("R²", "share of the work's variance that the line explains", 3,
			func(r workRow) float64 { return r.fit.R2 }),
	}...).OrNil()
}

// workCounts are the counts that a method's panel can show, the first available: label rows visited
// by AAD's feedback, and the steps of a UaiNet's joint training.
var workCounts = []string{"rows_touched", jointSteps}

func workPlots(m *model.Model) []*plot.Drawing {
	if !m.Requests("round_work") {
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

// workPanel has a method's points, of all seeds, and their line.
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
		Subtitle: "counted, not timed, against the labels that the round had",
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
			"panel has its own axis.", fullBatch),
	}
	return s.Drawing()
}

// reading is the tooltip of the seeds' work at each number of labels, and the line there.
func (w workPanel) reading(r *model.Series, name string) *plot.Tooltip {
	at := map[float64][]float64{}
	for i, x := range w.labels {
		at[x] = append(at[x], w.work[i])
	}
	var points, fit plot.Points
	for _, x := range slices.Sorted(maps.Keys(at)) {
		points.Add(x, at[x])
		if y := w.fit.Intercept + w.fit.Slope*x; y >= 0 { // negative work is not drawn
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
		// negative work is not drawn
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
