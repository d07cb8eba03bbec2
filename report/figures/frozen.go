package figures

import (
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/uaibench/uaibench/bench/metric"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/plot"
	"github.com/uaibench/uaibench/report/table"
	"github.com/uaibench/uaibench/report/text"
)

var frozenRanking = Figure{
	Name: "guesses", Section: Results,
	Doc: "Figure 11: a model stops learning after some audits and goes on guessing; how many of " +
		"its guesses are right",
	Applies: func(m *model.Model) bool { return len(probes(m, frozenProbe)) > 0 },
	Tables:  func(m *model.Model) []*table.Table { return []*table.Table{frozenTable(m)} },
	Plots:   frozenPlots,
}

func frozenProbe(c *runlog.Checkpoint) *runlog.FrozenRanking { return c.Ranking }

// frozenLine is the curve of one checkpoint, with At audits.
type frozenLine struct {
	At    int
	Curve model.Curve
	Seeds []model.Curve // one curve per seed
	Style plot.Style
	Early bool // a seed had found every anomaly before this budget
}

// frozenPanel has the curves of one series on one dataset.
type frozenPanel struct {
	*model.Group
	*model.Series
	Rows, N int
	Lines   []frozenLine
	// guesses that find 95 % of N in all curves with labels (2N at least), and all N in all
	Near, End int
}

// newFrozenPanel returns nil if no checkpoint of the series kept its frozen ranking, or N is 0.
func newFrozenPanel(m *model.Model, p *model.Group, s *model.Series) *frozenPanel {
	results := s.Results()
	if len(results) == 0 {
		return nil
	}
	g := &frozenPanel{Group: p, Series: s, Rows: results[0].Rows, N: results[0].Anomalies}
	for i, c := range results[0].Checkpoints {
		var whole []*runlog.Result
		l := frozenLine{At: c.At}
		for _, r := range results {
			if i >= len(r.Checkpoints) || r.Checkpoints[i].Ranking == nil {
				continue
			}
			t := r.Checkpoints[i].Ranking
			f, err := t.Curve(r.Rows)
			if err != nil {
				m.Warn(fmt.Sprintf("cell %s: the guesses after %d audits cannot be read: %v", r.ID,
					c.At, err))
				continue
			}
			of := &runlog.Result{Full: f, Rows: r.Rows}
			whole = append(whole, of)
			l.Seeds = append(l.Seeds, model.NewCurve([]*runlog.Result{of}))
			l.Early = l.Early || r.Checkpoints[i].Audited < c.At
			if c.At > 0 || isStatic(results) || len(results[0].Checkpoints) == 1 {
				g.Near = max(g.Near, t.For95)
			}
			g.End = max(g.End, t.ForWhole)
		}
		if len(whole) > 0 {
			l.Curve = model.NewCurve(whole)
			g.Lines = append(g.Lines, l)
		}
	}
	if len(g.Lines) == 0 || g.N == 0 {
		return nil
	}
	g.Near = min(max(g.Near, 2*g.N), g.Rows)
	for i := range g.Lines {
		if l := &g.Lines[i]; l.At == 0 {
			l.Style = plot.Style{Color: plot.Muted, Dash: plot.Dashes[2]}
		} else {
			l.Style = plot.Style{Color: s.Style.Color}.Variant(len(g.Lines)-1-i,
				max(2, len(g.Lines)))
			l.Style.Dash = plot.Dashes[(len(g.Lines)-1-i)%len(plot.Dashes)]
		}
	}
	return g
}

// xEnd is the x-axis's end: xmax if positive, the near view for 0, all guesses needed for -1.
func (g *frozenPanel) xEnd(xmax int) int {
	switch {
	case xmax > 0:
		return min(xmax, g.Rows)
	case xmax < 0:
		return g.End
	}
	return min(g.Near, g.End)
}

// reading is the tooltip of the panel up to end; all views share the curves.
func (g *frozenPanel) reading(end int) *plot.Tooltip {
	name := g.Slug + ".guesses." + text.Slug(g.Label)
	return &plot.Tooltip{Name: name, Title: g.Group.Title, Unit: plot.GuessesUnit,
		Of: "model after", XMax: float64(max(end, 1)), YMax: g.top(),
		Curves: func() []plot.TooltipCurve {
			var out []plot.TooltipCurve
			for i, e := range g.entries() {
				l := g.Lines[i]
				out = append(out,
					plot.TooltipCurve{Label: e.Label, Color: l.Style.Color,
						Planned: g.Series.Counts.Planned, Steps: l.Curve.Steps})
			}
			return out
		}}
}

func (g *frozenPanel) top() float64 { return float64(g.N) * 1.08 }

// draw draws a bold line for the median and a thin one for each seed. A band would fill the plot
// when half of the seeds find everything at once and the others late.
func (g *frozenPanel) draw(c draw.Canvas, to *plot.Tooltip, end, xticks, yticks int) {
	p := plot.NewAxes(float64(max(end, 1)), g.top())
	p.X.Tick.Marker, p.Y.Tick.Marker = plot.Ticks(xticks), plot.Ticks(yticks)
	p.X.Label.Text, p.Y.Label.Text = "guesses", "correct guesses"
	p.Add(plot.Reference{N: g.N, Rows: g.Rows}, perfect{g.N})
	for _, l := range g.Lines {
		for _, seed := range l.Seeds {
			thin := plot.Style{Color: plot.Mix(l.Style.Color, 0.35), Width: 0.5}
			p.Add(plot.StepLine{Steps: seed.Steps, Style: thin})
		}
	}
	for _, l := range g.Lines {
		p.Add(plot.StepLine{Steps: l.Curve.Steps, Style: l.Style})
	}
	for _, l := range g.Lines {
		if l.At > 0 && l.At <= end && !l.Early { // an early line has no such point
			p.Add(auditsEnd{l})
		}
	}
	p.Add(to.Redrawn())
	g.labels(end).Draw(c, p)
}

// labels name each line by its budget, at its end.
func (g *frozenPanel) labels(end int) plot.EndLabels {
	var out plot.EndLabels
	for i, e := range g.entries() {
		l := g.Lines[i]
		at := min(end, l.Curve.End)
		y, _, _, _ := l.Curve.Value(at)
		out = append(out, plot.EndLabel{Text: e.Label, Style: l.Style, X: float64(at), Y: y})
	}
	return out
}

// perfect is the line on which every guess is correct.
type perfect struct{ N int }

func (q perfect) Plot(c draw.Canvas, p *plot.Axes) {
	to := min(float64(q.N), p.X.Max)
	c.StrokeLine2(plot.RandomStyle, c.X(0), c.Y(0), c.X(p.X.Norm(to)), c.Y(p.Y.Norm(to)))
}

// auditsEnd marks the point of a curve where audits end and guesses begin.
type auditsEnd struct{ frozenLine }

func (a auditsEnd) Plot(c draw.Canvas, p *plot.Axes) {
	y, _, _, ok := a.Curve.Value(a.At)
	if !ok {
		return
	}
	at := vg.Point{X: c.X(p.X.Norm(float64(a.At))), Y: c.Y(p.Y.Norm(y))}
	c.SetColor(plot.Paper)
	c.Fill(plot.Square(at, 3.2))
	c.SetColor(a.Style.Color)
	c.Fill(plot.Square(at, 2.2))
}

func (g *frozenPanel) describe(end int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s on %s, N = %s:", g.Label, g.Group.Title, text.Comma(g.N))
	for _, l := range g.Lines {
		if med, _, _, ok := l.Curve.Value(min(end, l.Curve.End)); ok {
			fmt.Fprintf(&b, " with b = %s a median of %s of %s guesses are correct;",
				text.Comma(l.At), text.Half(med), text.Comma(end))
		}
	}
	return strings.TrimSuffix(b.String(), ";") + "."
}

func (g *frozenPanel) entries() []plot.Entry {
	var out []plot.Entry
	for _, l := range g.Lines {
		label := "b = " + text.Comma(l.At)
		if l.At == 0 {
			label += ", by s"
		}
		out = append(out, plot.Sample(label, l.Style, 0))
	}
	return out
}

// notes are the figure's notes.
func (g *frozenPanel) notes(end int) []string {
	var curves []model.Curve
	early := false
	for _, l := range g.Lines {
		curves = append(curves, l.Curve)
		early = early || l.Early
	}
	out := []string{
		seedLines(curves), countsNote("Of the planned cells", g.Series.Counts),
		"Guesses: the b audits, then all other rows by the frozen score; a square marks where " +
			"the audits end. Dotted: every guess correct.",
	}
	if early {
		out = append(out,
			"Some seeds had found every anomaly before the largest budgets: their last model "+
				"is shown.")
	}
	if g.End > end {
		out = append(out,
			fmt.Sprintf("All %s are found after at most %s guesses, beyond this axis.",
				text.Comma(g.N), text.Comma(g.End)))
	}
	return out
}

// frozenPlots returns near and full views for each series with frozen rankings, and one plot of all
// datasets for each method.
func frozenPlots(m *model.Model) []*plot.Drawing {
	var panels []*frozenPanel
	for _, p := range m.Groups {
		for _, s := range p.Series {
			if g := newFrozenPanel(m, p, s); g != nil {
				panels = append(panels, g)
			}
		}
	}
	var out []*plot.Drawing
	for _, label := range m.Labels {
		if f := frozenSheet(panels, label, m.Counts); f != nil {
			out = append(out, f)
		}
	}
	views := append(m.Ranges("guesses"), -1)
	for _, g := range panels {
		var ends []int
		for _, v := range views {
			end := g.xEnd(v)
			if slices.Contains(ends, end) || v > 0 && v > g.Rows {
				continue
			}
			ends = append(ends, end)
			name := map[int]string{0: "near", -1: "full"}[v]
			if v > 0 {
				name = fmt.Sprintf("first-%d", v)
			}
			to := g.reading(end)
			s := &plot.Sheet{
				Slug:  fmt.Sprintf("%s.guesses.%s.%s", g.Slug, text.Slug(g.Label), name),
				Short: g.Group.Title + ", guesses", Columns: 1, Height: 320,
				Title: g.Group.Title + ", guesses of " + g.Label,
				Subtitle: fmt.Sprintf("%s rows, %s anomalies; the first %s guesses",
					text.Comma(g.Rows), text.Comma(g.N), text.Comma(end)),
				Desc: g.describe(end), Notes: g.notes(end),
				Panels: []plot.Panel{{Draw: func(c draw.Canvas) { g.draw(c, to, end, 8, 6) },
					Tooltip: to}},
			}
			out = append(out, s.Drawing())
		}
	}
	return out
}

// frozenSheet is Figure 11: all datasets of a method, each with budgets of its own. It is nil for
// fewer than two datasets.
func frozenSheet(panels []*frozenPanel, label string, c model.Counts) *plot.Drawing {
	s := &plot.Sheet{
		Slug: "guesses." + text.Slug(label), Short: "All datasets, guesses", Columns: 2,
		Height: 250,
		Title:  "Guesses of " + label, Subtitle: "correct guesses after the audits end",
	}
	var curves []model.Curve
	for _, g := range panels {
		if g.Label != label {
			continue
		}
		end := g.xEnd(0)
		to := g.reading(end)
		s.Panels = append(s.Panels, plot.Panel{
			Title: g.Group.Title, Note: "N = " + text.Comma(g.N),
			Draw: func(c draw.Canvas) { g.draw(c, to, end, 5, 4) }, Tooltip: to,
		})
		s.Desc += g.describe(end) + " "
		for _, l := range g.Lines {
			curves = append(curves, l.Curve)
		}
	}
	if len(s.Panels) < 2 {
		return nil
	}
	s.Desc = strings.TrimSpace(s.Desc)
	s.Notes = []string{
		seedLines(curves), countsNote("Of the planned cells of the run", c),
		"Guesses: the b audits, then all other rows by the frozen score; a square marks where " +
			"the audits end. Dark to light: budgets from the largest to the smallest. Dotted: " +
			"every guess correct.",
	}
	return s.Drawing()
}

// frozenTable has the numbers behind the figure.
func frozenTable(m *model.Model) *table.Table {
	type row = probe[runlog.FrozenRanking]
	spread := func(name, help string, decimals int, of func(row) value) col[row] {
		return col[row]{Name: name, Kind: table.Spread, Decimals: decimals, Help: help, Value: of}
	}
	count := func(name, help string, of func(*runlog.FrozenRanking) int) col[row] {
		return col[row]{Name: name, Kind: table.Range, Help: help, Value: func(r row) value {
			return table.MedianRange(each(r.found,
				func(t *runlog.FrozenRanking) float64 { return float64(of(t)) }))
		}}
	}
	n := func(r row) int { return r.results[0].Anomalies }
	return table.Build(table.Table{
		Name:  "guesses",
		Title: "Guesses at checkpoints",
		Caption: "The b audits, then all other rows by the frozen model's score, as one list of " +
			"guesses. N is the number of anomalies. Spread is mean (sample standard deviation), " +
			"range is median [least–most] over seeds.",
	}, probes(m, frozenProbe), []col[row]{
		{Name: "dataset", Value: row.dataset},
		{Name: "method", Value: row.method},
		{Name: "b", Kind: table.Count, Help: "audits", Value: func(r row) value {
			return foundEarly(r.audits(), r.results, r.at)
		}},
		{Name: "seeds", Kind: table.Count, Value: row.seeds},
		{Name: "N", Kind: table.Count, Value: func(r row) value { return table.Int(n(r)) }},
		spread("area",
			"under correct/N against guesses, over all rows, as a share of the ideal list's", 4,
			func(r row) value {
				return table.MeanSD(each(r.found,
					func(t *runlog.FrozenRanking) float64 { return t.Area }))
			}),
		count("correct of N", "among the first N guesses",
			func(t *runlog.FrozenRanking) int { return t.AtN }),
		count("correct of b + N", "among the audits and N more guesses",
			func(t *runlog.FrozenRanking) int { return t.AfterN }).AsDetail(),
		spread("share of N at b + 2N", "found by the audits and 2N more guesses", 3,
			func(r row) value {
				if n(r) == 0 {
					return spreadOr(nil)
				}
				return spreadOr(each(r.found,
					func(t *runlog.FrozenRanking) float64 { return float64(t.After2N) / float64(n(r)) }))
			}),
		spread("precision at 80 %",
			"share of correct guesses when 80 % of the anomalies are found", 3,
			func(r row) value {
				var precision []float64
				for _, t := range r.found {
					if v, ok := precisionAt(t, r.results[0].Rows, (n(r)*80+99)/100); ok {
						precision = append(precision, v)
					}
				}
				return spreadOr(precision)
			}).AsDetail(),
		count("guesses for 95 %", "", func(t *runlog.FrozenRanking) int { return t.For95 }),
		count("guesses for all", "",
			func(t *runlog.FrozenRanking) int { return t.ForWhole }).AsDetail(),
	}...)
}

// precisionAt is the correct share of the guesses that find correct anomalies, if they do.
func precisionAt(t *runlog.FrozenRanking, rows, correct int) (float64, bool) {
	f, err := t.Curve(rows)
	if err != nil || correct < 1 {
		return 0, false
	}
	guesses, ok := f.Audits(correct)
	if !ok {
		return 0, false
	}
	return metric.PRFAt(correct, guesses, len(f)).Precision, true
}
