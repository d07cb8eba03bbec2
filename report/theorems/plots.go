package theorems

import (
	"fmt"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/uaibench/uaibench/bench/theory"
	"github.com/uaibench/uaibench/report/plot"
)

// theoryFigures returns one figure for each theorem.
func theoryFigures(r *theory.Result) []*plot.Drawing {
	return []*plot.Drawing{posteriorFigure(r), upperFigure(r), lowerFigure(r)}
}

// curveLine is a line through points. On logarithmic axes they are decimal logarithms.
type curveLine struct {
	X, Y  []float64
	Line  draw.LineStyle
	Marks bool
}

// log adds a point to a line in a plot with two logarithmic axes.
func (l *curveLine) log(x, y float64) {
	l.X, l.Y = append(l.X, math.Log10(x)), append(l.Y, math.Log10(y))
}

func (l curveLine) Plot(c draw.Canvas, p *plot.Axes) {
	points := make([]vg.Point, len(l.X))
	for i, x := range l.X {
		points[i] = vg.Point{X: c.X(p.X.Norm(x)), Y: c.Y(p.Y.Norm(l.Y[i]))}
	}
	c.SetLineStyle(l.Line)
	c.Stroke(plot.PathOf(points, false))
	if l.Marks {
		for _, at := range points {
			c.Fill(plot.Square(at, 1.8))
		}
	}
}

// logLog is a panel with two logarithmic axes, whose ends are decimal exponents.
func logLog(title, y string, x0, x1, y0, y1 float64, lines []curveLine) plot.Panel {
	return plot.Panel{Title: title, Draw: func(c draw.Canvas) {
		p := plot.NewAxes(1, 1)
		p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = x0, x1, y0, y1
		p.X.Tick.Marker, p.Y.Tick.Marker = plot.Decades{}, plot.Decades{}
		p.X.Label.Text, p.Y.Label.Text = "λ", y
		for _, l := range lines {
			p.Add(l)
		}
		p.Draw(c)
	}}
}

var (
	boundStyle = draw.LineStyle{Color: plot.RGB(0xd55e00), Width: 1.6, Dashes: plot.Dashes[1]}
	exactStyle = draw.LineStyle{Color: plot.RGB(0x0072b2), Width: 1.6}
	drawnStyle = draw.LineStyle{Color: plot.RGB(0x009e73), Width: 1.2, Dashes: plot.Dashes[3]}
)

func posteriorFigure(r *theory.Result) *plot.Drawing {
	byMixture := map[int][]curveLine{} // by the number of symbols
	for i, p := range r.Posterior {
		m := len(p.Mixture)
		if i == 0 || p.Lambda >= r.Posterior[i-1].Lambda {
			s := exactStyle
			s.Dashes = plot.Dashes[len(byMixture[m])%len(plot.Dashes)]
			byMixture[m] = append(byMixture[m], curveLine{Line: s, Marks: true})
		}
		byMixture[m][len(byMixture[m])-1].log(p.Lambda, p.TV)
	}
	f := &plot.Sheet{
		Slug: "theorem1", Short: "Theorem 1", Columns: 2, Height: 250,
		Title:    "Theorem 1: what the mixture reveals about the anomalies",
		Subtitle: "distance of the posterior of p2 from uniform on the admissible set, against λ",
		Desc: "Total variation distance of the posterior of p2 from uniform against λ, for three " +
			"mixtures of three and three of four symbols.",
		Entries: []plot.Entry{
			{Label: "exact posterior (a line a mixture)", Line: exactStyle},
			{Label: "proportional to λ",
				Line: draw.LineStyle{Color: plot.Muted, Width: 1, Dashes: plot.Dashes[4]}},
		},
		Notes: []string{"Both axes are logarithmic. The grid's error is in theory.md."},
	}
	for _, m := range []int{3, 4} {
		linear := curveLine{Line: draw.LineStyle{Color: plot.Muted, Width: 1,
			Dashes: plot.Dashes[4]}}
		linear.log(0.001, 0.001)
		linear.log(1, 1)
		f.Panels = append(f.Panels,
			logLog(fmt.Sprintf("%d symbols", m), "TV from uniform", -3, 0, -4, 0,
				append(byMixture[m], linear)))
	}
	return f.Drawing()
}

func upperFigure(r *theory.Result) *plot.Drawing {
	bound, exact, random := curveLine{Line: boundStyle}, curveLine{Line: exactStyle},
		curveLine{Line: drawnStyle, Marks: true}
	ratio, small := curveLine{Line: exactStyle, Marks: true}, curveLine{Line: boundStyle}
	for _, u := range r.Upper {
		bound.log(u.Lambda, u.Bound)
		exact.log(u.Lambda, u.Exact)
		random.log(u.Lambda, u.Random)
		ratio.log(u.Lambda, u.Ratio)
		small.log(u.Lambda, u.Small)
	}
	f := &plot.Sheet{
		Slug: "theorem2", Short: "Theorem 2", Columns: 2, Height: 250,
		Title:    "Theorem 2: how far the mixture can be from the normal rows",
		Subtitle: "the bound against the exact maximum, which is λ",
		Desc: "Left: the bound of the total variation distance, its exact maximum, and the most " +
			"over random pairs, against λ. Right: bound over exact maximum, which grows as one " +
			"over the square root of two λ as λ falls.",
		Entries: []plot.Entry{
			{Label: "bound; right: 1/sqrt(2λ)", Line: boundStyle},
			{Label: "exact maximum; right: bound over exact", Line: exactStyle},
			{Label: "random pairs, most", Line: drawnStyle},
		},
		Notes: []string{"All axes are logarithmic."},
	}
	for _, s := range r.Statements {
		if s.Name == "theorem2.tight" {
			f.Notes = append(f.Notes, "Tight for λ near 0: "+s.Why+".")
		}
	}
	f.Panels = []plot.Panel{
		logLog("TV(p+, p1)", "TV", -4, 0, -4, 0.25, []curveLine{bound, exact, random}),
		logLog("How loose", "bound / exact", -4, 0, -0.3, 2, []curveLine{ratio, small}),
	}
	return f.Drawing()
}

func lowerFigure(r *theory.Result) *plot.Drawing {
	f := &plot.Sheet{
		Slug: "theorem3", Short: "Theorem 3", Columns: 2, Height: 250,
		Title:    "Theorem 3: how far the mixture must be from some normal rows",
		Subtitle: "the maximum of TV(p+, p1) over p1, against the number of symbols",
		Desc: "For two values of λ, against the number of symbols: the bound, the value for " +
			"uniform p2, which is equal to it, and the least over random p2.",
		Entries: []plot.Entry{
			{Label: "bound, λ (|A|-1)/|A|", Line: boundStyle},
			{Label: "uniform p2", Line: exactStyle}, {Label: "random p2, least", Line: drawnStyle},
		},
		Notes: []string{"Bound and uniform p2 are one line. The axis of symbols is logarithmic."},
	}
	for _, lambda := range []float64{0.1, 0.999} {
		bound, uniform, random := curveLine{Line: boundStyle}, curveLine{Line: exactStyle},
			curveLine{Line: drawnStyle, Marks: true}
		for _, l := range r.Lower {
			if l.Lambda == lambda {
				x := math.Log10(float64(l.Symbols))
				for line, y := range map[*curveLine]float64{&bound: l.Bound, &uniform: l.Uniform,
					&random: l.Least} {
					line.X, line.Y = append(line.X, x), append(line.Y, y)
				}
			}
		}
		f.Panels = append(f.Panels,
			plot.Panel{Title: fmt.Sprintf("λ = %g", lambda), Draw: func(c draw.Canvas) {
				p := plot.NewAxes(1, 1)
				p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 0, 3.02, 0, lambda*1.05
				p.X.Tick.Marker, p.Y.Tick.Marker = plot.Decades{}, plot.Span(5)
				p.X.Label.Text, p.Y.Label.Text = "symbols", "TV"
				p.Add(uniform, random, bound)
				p.Draw(c)
			}})
	}
	return f.Drawing()
}
