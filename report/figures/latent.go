package figures

import (
	"fmt"
	"image/color"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/plot"
	"github.com/uaibench/uaibench/report/stats"
	"github.com/uaibench/uaibench/report/table"
	"github.com/uaibench/uaibench/report/text"
)

var latentProjection = Figure{
	Name: "latent_plane", Section: Results,
	Doc: "Figures 9 and 10: rows in the plane of latent representation and base score, and how " +
		"far a line separates the anomalies there",
	Applies: func(m *model.Model) bool { return len(probes(m, latentProbe)) > 0 },
	Tables:  func(m *model.Model) []*table.Table { return []*table.Table{latentTable(m)} },
	Plots:   latentPlots,
}

func latentProbe(c *runlog.Checkpoint) *runlog.LatentProjection { return c.Projection }

// separability returns the values of the seeds that have them: the regression's AUC and balanced
// accuracy, and the best line's balanced accuracy.
func separability(looks []*runlog.LatentProjection) (auc, balanced, best []float64) {
	for _, p := range looks {
		auc, balanced = appendKnown(auc, p.AUC), appendKnown(balanced, p.Balanced)
		if l, ok := bestLine(p); ok {
			best = append(best, l.Balanced)
		}
	}
	return auc, balanced, best
}

// latentPlots returns a plot for each series with a one-dimensional l, one panel per budget. Points
// are of one seed, figures of all seeds.
func latentPlots(m *model.Model) []*plot.Drawing {
	var out []*plot.Drawing
	for _, p := range m.Groups {
		for _, s := range p.Series {
			at, looks := probed(s.Results(), latentProbe)
			if len(looks) == 0 || looks[0][0].Dim != 1 {
				continue
			}
			out = append(out, latentFigure(p, s, at, looks))
		}
	}
	return out
}

func latentFigure(p *model.Group, s *model.Series, at []int,
	looks [][]*runlog.LatentProjection) *plot.Drawing {
	first := looks[0][0]
	f := &plot.Sheet{
		Slug:    p.Slug + ".plane." + text.Slug(s.Label),
		Short:   p.Title + ", latent plane of " + text.Shorten(s.Label, plot.LegendRunes),
		Columns: min(3, len(at)), Height: 250,
		Title: p.Title + ", latent plane of " + s.Label,
		Subtitle: fmt.Sprintf("%s of %s anomalies and %s of %s normal rows drawn, of one seed; "+
			"figures of all seeds",
			text.Comma(len(first.Anomalies.Row)), text.Comma(first.Anomalies.Of),
			text.Comma(len(first.Normals.Row)), text.Comma(first.Normals.Of)),
		Entries: []plot.Entry{
			plot.Swatch("anomaly", plot.AnomalyColor),
			plot.Swatch("normal", plot.NormalColor),
			{Label: "the line that separates them best", Line: bestLineStyle},
			{Label: "a logistic regression's", Line: fittedLineStyle},
		},
	}
	var desc strings.Builder
	fmt.Fprintf(&desc, "Rows of %s by the latent representation l and the base score s of %s.",
		p.Title, s.Label)
	for i, l := range looks {
		auc, balanced, best := separability(l)
		title := "b = " + text.Comma(at[i])
		to := plot.NewMarkers(fmt.Sprintf("%s.%d", f.Slug, i), title, "row", "rows", "l", "s")
		panel := plot.Panel{Title: title, Draw: func(c draw.Canvas) { DrawLatent(c, to, l[0]) },
			Tooltip: to}
		if len(auc) > 0 && len(best) > 0 {
			panel.Note = fmt.Sprintf("best line %.3f, regression %.3f", stats.Middle(best),
				stats.Middle(balanced))
			fmt.Fprintf(&desc,
				" After %s audits the best line separates the anomalies with a balanced accuracy "+
					"of %.3f, a logistic regression with %.3f and an AUC of %.3f, medians of %s.",
				text.Comma(at[i]), stats.Middle(best), stats.Middle(balanced), stats.Middle(auc),
				text.Plural(len(auc), "seed"))
		}
		f.Panels = append(f.Panels, panel)
	}
	f.Desc = desc.String()
	f.Notes = []string{
		countsNote("Of the planned cells", s.Counts),
		"Balanced accuracies, medians over seeds: of the line that separates the drawn rows " +
			"best, and of a logistic regression fitted to all rows, at its best threshold.",
		"Both know all true labels. The lines are those of the seed drawn. Each panel has its " +
			"own axes; rows beyond the outermost thousandth are at its edge.",
		"A square's size grows with the number of rows there; smaller squares are drawn on " +
			"larger ones.",
	}
	return f.Drawing()
}

// DrawLatent draws the points, the two lines, and over, on top.
func DrawLatent(c draw.Canvas, to *plot.Tooltip, l *runlog.LatentProjection, over ...plot.Plotter) {
	p := plot.NewAxes(1, 1)
	xs := append(append([]float64{}, l.Normals.L...), l.Anomalies.L...)
	ys := append(append([]float64{}, l.Normals.S...), l.Anomalies.S...)
	p.X.Min, p.X.Max = bounds(xs)
	p.Y.Min, p.Y.Max = bounds(ys)
	p.X.Tick.Marker, p.Y.Tick.Marker = plot.Span(3), plot.Span(4)
	p.X.Label.Text, p.Y.Label.Text = "l", "s"
	if slices.Min(ys) >= 0 && heavyTailed(ys) {
		p.Y.Max = slices.Max(ys) * 1.2
		p.Y.Min = max(stats.Quantile(ys, 0.02)/1.2, p.Y.Max/1e4)
		p.Y.Scale, p.Y.Tick.Marker = plot.Log{}, plot.LogTicks{}
		p.Y.Label.Text = "s (logarithmic)"
	}
	cloud := func(q *runlog.Points, c color.NRGBA, kind string) plot.Cloud {
		return plot.Cloud{X: q.L, Y: q.S, Color: c, Mark: func(i int, at vg.Point) {
			to.Mark(at, kind+", row "+text.Comma(q.Row[i]), text.Digits4(q.L[i]),
				text.Digits4(q.S[i]))
		}}
	}
	p.Add(to.Redrawn(), plot.Heaps{cloud(l.Normals, plot.NormalColor, "normal"),
		cloud(l.Anomalies, plot.AnomalyColor, "anomaly")}, fitted(l), best(l))
	p.Add(over...)
	p.Draw(c)
}

// heavyTailed reports whether a linear axis would squeeze most values together: the median lies
// within the first twentieth of the range between the 0.1 and 99.9 % quantiles.
func heavyTailed(values []float64) bool {
	lo, hi := stats.Quantile(values, 0.001), stats.Quantile(values, 0.999)
	return stats.Quantile(values, 0.5)-lo < (hi-lo)/20
}

// bounds returns axis limits for values: the range without the outermost thousandth at each end,
// plus a margin.
func bounds(values []float64) (lo, hi float64) {
	lo, hi = stats.Quantile(values, 0.001), stats.Quantile(values, 0.999)
	if !(hi > lo) {
		d := max(math.Abs(lo)*0.01, 1e-6)
		return lo - d, hi + d
	}
	d := (hi - lo) * 0.04
	return lo - d, hi + d
}

var (
	bestLineStyle   = draw.LineStyle{Color: plot.Ink, Width: 1.2, Dashes: plot.Dashes[2]}
	fittedLineStyle = draw.LineStyle{Color: plot.Muted, Width: 0.8}
)

// best is the line that best separates the drawn rows.
func best(p *runlog.LatentProjection) plot.Straight {
	l, _ := bestLine(p)
	return plot.Straight{A: l.A, B: l.B, Cut: l.Cut, Style: bestLineStyle}
}

// fitted is the regression's line w·z + b = cut, in unstandardised l and s.
func fitted(p *runlog.LatentProjection) plot.Straight {
	if len(p.W) != 2 {
		return plot.Straight{}
	}
	a, b := p.W[0]/p.SD[0], p.W[1]/p.SD[1]
	return plot.Straight{A: a, B: b, Cut: p.Cut - p.B + a*p.Mean[0] + b*p.Mean[1],
		Style: fittedLineStyle}
}

// latentTable has the values of all seeds.
func latentTable(m *model.Model) *table.Table {
	type row = probe[runlog.LatentProjection]
	spread := func(name, help string, of func(row) value) col[row] {
		return col[row]{Name: name, Kind: table.Spread, Decimals: 4, Help: help, Value: of}
	}
	return table.Build(table.Table{
		Name:  "separability",
		Title: "The anomalies in the space of l and s",
		Caption: "How well a straight line (a plane if l has more dimensions) separates the " +
			"anomalies: that of a logistic regression on the standardised latent representation " +
			"l and base score s, fitted with all true labels; and, if l has one dimension, the " +
			"best of all straight lines through the rows kept for drawing (at most 500 of each " +
			"kind). This measures what the representation holds, not what a detector finds. " +
			"Spread is mean (sample standard deviation) over seeds.",
	}, probes(m, latentProbe), []col[row]{
		{Name: "dataset", Value: row.dataset},
		{Name: "method", Value: row.method},
		{Name: "audits", Kind: table.Count, Value: row.audits},
		{Name: "seeds", Kind: table.Count, Value: row.seeds},
		{Name: "dimensions of l", Kind: table.Count,
			Value: func(r row) value { return table.Int(r.found[0].Dim) }},
		spread("AUC", "", func(r row) value {
			return spreadKnown(r.found, func(p *runlog.LatentProjection) *float64 { return p.AUC })
		}),
		spread("best balanced accuracy",
			"mean of the recalls of anomalies and of normal rows, over all thresholds",
			func(r row) value {
				return spreadKnown(r.found,
					func(p *runlog.LatentProjection) *float64 { return p.Balanced })
			}),
		spread("best line's",
			"balanced accuracy of the straight line that best separates the rows kept",
			func(r row) value {
				_, _, best := separability(r.found)
				return spreadOr(best)
			}),
		spread("places a row",
			"distinct pairs of l and s per kept normal row: a dead or saturated unit leaves only "+
				"a few places",
			func(r row) value {
				var spread []float64
				for _, p := range r.found {
					if p.Normals != nil && len(p.Normals.L) > 0 {
						spread = append(spread, places(p.Normals))
					}
				}
				return spreadOr(spread)
			}),
	}...)
}

// places is the number of distinct points divided by the number of points.
func places(q *runlog.Points) float64 {
	seen := map[[2]float64]bool{}
	for i, l := range q.L {
		seen[[2]float64{l, q.S[i]}] = true
	}
	return float64(len(seen)) / float64(len(q.L))
}
