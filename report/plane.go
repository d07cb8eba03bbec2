package report

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/uaibench/uaibench/bench/runlog"
)

// Figures 9 and 10: rows in the plane of latent representation and base score, and how far a line separates the
// anomalies there.

func planeLook(c *runlog.Checkpoint) *runlog.Plane { return c.Plane }

var (
	normalColor  = rgb(0x8aa1b4)
	anomalyColor = rgb(0xd55e00)
)

// separability gives the figures of the seeds that have them: of the regression, and the balanced accuracy of the best line.
func separability(looks []*runlog.Plane) (auc, balanced, best []float64) {
	for _, p := range looks {
		auc, balanced = appendKnown(auc, p.AUC), appendKnown(balanced, p.Balanced)
		if l, ok := bestLine(p); ok {
			best = append(best, l.Balanced)
		}
	}
	return auc, balanced, best
}

// planeFigures are one for each series, a panel a budget. One seed is drawn, all are measured.
func (m *model) planeFigures() []*figure {
	var out []*figure
	for _, p := range m.Pools {
		for _, s := range p.Series {
			at, looks := looked(s.results(), planeLook)
			if len(looks) == 0 || looks[0][0].Dim != 1 {
				continue
			}
			out = append(out, planeFigure(p, s, at, looks))
		}
	}
	return out
}

func planeFigure(p *pool, s *series, at []int, looks [][]*runlog.Plane) *figure {
	first := looks[0][0]
	f := &sheet{
		Slug:  p.Slug + ".plane." + slug(s.Label),
		Short: p.Title + ", latent plane of " + shorten(s.Label, legendRunes), Columns: min(3, len(at)), Height: 250,
		Title: p.Title + ", latent plane of " + s.Label,
		Subtitle: fmt.Sprintf("%s of %s anomalies and %s of %s normal rows drawn, of one seed; figures of all seeds",
			comma(len(first.Anomalies.Row)), comma(first.Anomalies.Of), comma(len(first.Normals.Row)), comma(first.Normals.Of)),
		Entries: []entry{
			{Label: "anomaly", Line: draw.LineStyle{Color: anomalyColor, Width: 4}},
			{Label: "normal", Line: draw.LineStyle{Color: normalColor, Width: 4}},
			{Label: "the line that separates them best", Line: bestLineStyle},
			{Label: "a logistic regression's", Line: fittedLineStyle},
		},
	}
	var text strings.Builder
	fmt.Fprintf(&text, "Rows of %s by the latent representation l and the base score s of %s.", p.Title, s.Label)
	for i, l := range looks {
		auc, balanced, best := separability(l)
		title := "b = " + comma(at[i])
		to := newSpots(fmt.Sprintf("%s.%d", f.Slug, i), title, "row", "rows", "l", "s")
		panel := sheetPanel{Title: title, draw: func(c draw.Canvas) { drawPlane(c, to, l[0]) }, read: to}
		if len(auc) > 0 && len(best) > 0 {
			panel.Note = fmt.Sprintf("best line %.3f, regression %.3f", median(best), median(balanced))
			fmt.Fprintf(&text, " After %s audits the best line separates the anomalies with a balanced accuracy of %.3f, a logistic regression with %.3f and an AUC of %.3f, medians of %s.",
				comma(at[i]), median(best), median(balanced), median(auc), plural(len(auc), "seed"))
		}
		f.Panels = append(f.Panels, panel)
	}
	f.Desc = text.String()
	f.Notes = []string{
		countsNote("Of the planned cells", s.Counts),
		"Balanced accuracies, medians over seeds: of the line that separates the drawn rows best, and of a logistic regression fitted to all rows, at its best threshold.",
		"Both know all true labels. The lines are those of the seed drawn. Axes are each panel's own; rows beyond the outermost thousandth stand at its edge.",
	}
	return f.figure()
}

// drawPlane draws points and line, and what else is to be plotted over them.
func drawPlane(c draw.Canvas, to *reading, l *runlog.Plane, over ...plot.Plotter) {
	p := frame(1, 1)
	xs := append(append([]float64{}, l.Normals.L...), l.Anomalies.L...)
	ys := append(append([]float64{}, l.Normals.S...), l.Anomalies.S...)
	p.X.Min, p.X.Max = bounds(xs)
	p.Y.Min, p.Y.Max = bounds(ys)
	p.X.Tick.Marker, p.Y.Tick.Marker = span(3), span(4)
	p.X.Label.Text, p.Y.Label.Text = "l", "s"
	p.Add(to.redrawn(), cloud{l.Normals, normalColor, "normal", to}, cloud{l.Anomalies, anomalyColor, "anomaly", to}, fitted(l), best(l))
	p.Add(over...)
	p.Draw(c)
}

// bounds are an axis for values: all but the outermost thousandth at each end, and a margin.
func bounds(values []float64) (lo, hi float64) {
	lo, hi = quantile(values, 0.001), quantile(values, 0.999)
	if !(hi > lo) {
		d := max(math.Abs(lo)*0.01, 1e-6)
		return lo - d, hi + d
	}
	d := (hi - lo) * 0.04
	return lo - d, hi + d
}

// cloud is points, those beyond the axes at the edge.
type cloud struct {
	*runlog.Points
	color interface{ RGBA() (r, g, b, a uint32) }
	kind  string
	to    *reading
}

func (q cloud) Plot(c draw.Canvas, p *plot.Plot) {
	c.SetColor(q.color)
	for i := range q.L {
		at := q.at(c, p, i)
		c.Fill(square(at, 0.9))
		if q.to != nil {
			q.to.spot(at, q.kind+", row "+comma(q.Row[i]), figures4(q.L[i]), figures4(q.S[i]))
		}
	}
}

func (q cloud) at(c draw.Canvas, p *plot.Plot, i int) vg.Point {
	unit := func(x float64) float64 { return min(max(x, 0), 1) }
	return vg.Point{X: c.X(unit(p.X.Norm(q.L[i]))), Y: c.Y(unit(p.Y.Norm(q.S[i])))}
}

var (
	bestLineStyle   = draw.LineStyle{Color: ink, Width: 1.2, Dashes: dashes[2]}
	fittedLineStyle = draw.LineStyle{Color: muted, Width: 0.8}
)

// separator is the line a l + b s = cut, as far as it lies within the axes; none where a and b are 0.
type separator struct {
	a, b, cut float64
	style     draw.LineStyle
}

// best separates the drawn rows.
func best(p *runlog.Plane) separator {
	l, _ := bestLine(p)
	return separator{l.A, l.B, l.Cut, bestLineStyle}
}

// fitted is the regression's w·z + b = cut, in l and s as they are.
func fitted(p *runlog.Plane) separator {
	if len(p.W) != 2 {
		return separator{}
	}
	a, b := p.W[0]/p.SD[0], p.W[1]/p.SD[1]
	return separator{a, b, p.Cut - p.B + a*p.Mean[0] + b*p.Mean[1], fittedLineStyle}
}

func (q separator) Plot(c draw.Canvas, p *plot.Plot) {
	var ends []vg.Point
	add := func(l, s float64) {
		x, y := p.X.Norm(l), p.Y.Norm(s)
		if x >= -1e-9 && x <= 1+1e-9 && y >= -1e-9 && y <= 1+1e-9 {
			ends = append(ends, vg.Point{X: c.X(x), Y: c.Y(y)})
		}
	}
	for _, l := range []float64{p.X.Min, p.X.Max} {
		if q.b != 0 {
			add(l, (q.cut-q.a*l)/q.b)
		}
	}
	for _, s := range []float64{p.Y.Min, p.Y.Max} {
		if q.a != 0 {
			add((q.cut-q.b*s)/q.a, s)
		}
	}
	if len(ends) >= 2 {
		c.StrokeLine2(q.style, ends[0].X, ends[0].Y, ends[len(ends)-1].X, ends[len(ends)-1].Y)
	}
}

// planeTable has the figures; nil where no checkpoint looks at the plane.
func (m *model) planeTable() *Table {
	t := &Table{
		Name:  "separability",
		Title: "The anomalies in the space of l and s",
		Caption: "A logistic regression on the latent representation l and the base score s, standardised, fitted with all true labels: how far a straight line (a plane, where l has more " +
			"dimensions) separates the anomalies; and where l has one dimension, beside it the best of all straight lines through the rows kept to draw (at most 500 of each kind): on those no " +
			"line does better. It says what the representation holds, not what a detector finds. Spread is mean (sample standard deviation) over seeds.",
		Columns: []Column{
			{Name: "dataset"},
			{Name: "method"},
			{Name: "audits", Kind: Count},
			{Name: "seeds", Kind: Count},
			{Name: "dimensions of l", Kind: Count},
			{Name: "AUC", Kind: Spread, Decimals: 4},
			{Name: "best balanced accuracy", Kind: Spread, Decimals: 4, Help: "mean of the recalls of anomalies and of normal rows, over all thresholds"},
			{Name: "best line's", Kind: Spread, Decimals: 4, Help: "balanced accuracy of the straight line that separates the rows kept best"},
			{Name: "places a row", Kind: Spread, Decimals: 4, Help: "different pairs of l and s among the kept normal rows, for each of them: a unit that is dead or saturated leaves a few heaps of a plane"},
		},
	}
	m.eachLook(func(p *pool, s *series, results []*runlog.Result) {
		at, looks := looked(results, planeLook)
		for i, l := range looks {
			auc, balanced, best := separability(l)
			var spread []float64
			for _, p := range l {
				if p.Normals != nil && len(p.Normals.L) > 0 {
					spread = append(spread, places(p.Normals))
				}
			}
			t.Add(Str(p.Title), Str(s.Label), lookedAt(t, results, at[i]), Int(len(l)), Int(l[0].Dim), spreadOr(auc), spreadOr(balanced), spreadOr(best), spreadOr(spread))
		}
	})
	return filled(t)
}

// places is the number of different points, for each point.
func places(q *runlog.Points) float64 {
	seen := map[[2]float64]bool{}
	for i, l := range q.L {
		seen[[2]float64{l, q.S[i]}] = true
	}
	return float64(len(seen)) / float64(len(q.L))
}
