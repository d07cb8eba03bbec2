package plot

import (
	"fmt"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/uaibench/uaibench/report/stats"
	"github.com/uaibench/uaibench/report/text"
)

// StepLine draws the band or the median line of Steps.
type StepLine struct {
	Steps
	Style
	Band bool
	Of   int // number of curves in the plot
}

// BandAlpha is a band's opacity, which is lower if more than five bands overlap.
func BandAlpha(curves int) uint8 { return uint8(0x2e * 5 / max(curves, 5)) }

func (q StepLine) Plot(c draw.Canvas, p *Axes) {
	if q.Seeds == 0 {
		return
	}
	end := min(float64(q.End), p.X.Max)
	line := func(ys []float64) []vg.Point {
		var x, y []vg.Length
		for i, j := range q.At {
			if float64(j) > end {
				break
			}
			x = append(x, c.X(p.X.Norm(float64(j))))
			y = append(y, c.Y(p.Y.Norm(ys[i])))
		}
		return thin(corners(x, y, c.X(p.X.Norm(end))))
	}
	if q.Band {
		if q.Seeds < 2 || q.Width == Thin { // a band would hide the many other lines
			return
		}
		area := line(q.Max)
		low := line(q.Min)
		slices.Reverse(low)
		fill := q.Color
		fill.A = BandAlpha(q.Of)
		c.SetColor(fill)
		c.Fill(PathOf(append(area, low...), true))
		return
	}
	c.SetLineStyle(draw.LineStyle{Color: q.Color, Width: q.width(), Dashes: q.Dash})
	median := line(q.Median)
	c.Stroke(PathOf(median, false))
	if end < p.X.Max { // a square marks the end of a curve that stops early
		e := median[len(median)-1]
		c.Fill(PathOf([]vg.Point{{X: e.X - 2.5, Y: e.Y - 2.5}, {X: e.X + 2.5, Y: e.Y - 2.5},
			{X: e.X + 2.5, Y: e.Y + 2.5}, {X: e.X - 2.5, Y: e.Y + 2.5}}, true))
	}
}

// PathOf is the path through points.
func PathOf(points []vg.Point, closed bool) vg.Path {
	var p vg.Path
	for i, pt := range points {
		if i == 0 {
			p.Move(pt)
		} else {
			p.Line(pt)
		}
	}
	if closed {
		p.Close()
	}
	return p
}

// Reference draws what curves are compared with: all N anomalies, and the expected result of random
// audits, b*N/n.
type Reference struct {
	N, Rows int
	Random  bool
}

var (
	allStyle    = draw.LineStyle{Color: Muted, Width: 0.7}
	RandomStyle = draw.LineStyle{Color: Muted, Width: 1, Dashes: []vg.Length{1, 2.5}}
)

func (r Reference) Plot(c draw.Canvas, p *Axes) {
	if r.N > 0 && float64(r.N) <= p.Y.Max {
		y := c.Y(p.Y.Norm(float64(r.N)))
		c.StrokeLine2(allStyle, c.Min.X, y, c.Max.X, y)
		sty := Lettering(9, false, Muted)
		sty.XAlign, sty.YAlign = draw.XRight, draw.YBottom
		c.FillText(sty, vg.Point{X: c.Max.X, Y: y + 2}, fmt.Sprintf("all N = %s", text.Comma(r.N)))
	}
	if r.Random && r.Rows > 0 && r.N > 0 {
		expected := p.X.Max * float64(r.N) / float64(r.Rows) // newGraph includes it in the axis
		c.StrokeLine2(RandomStyle, c.X(0), c.Y(0), c.X(1), c.Y(p.Y.Norm(expected)))
	}
}

// Points is a line through points, with a band.
type Points struct {
	X                []float64
	Median, Min, Max []float64
}

// Add appends the median and range of values at x; without values it does nothing.
func (q *Points) Add(x float64, values []float64) {
	if len(values) == 0 {
		return
	}
	least, most := values[0], values[0]
	for _, v := range values {
		least, most = min(least, v), max(most, v)
	}
	q.X = append(q.X, x)
	q.Median, q.Min, q.Max = append(q.Median, stats.Middle(values)), append(q.Min, least),
		append(q.Max, most)
}

// PointLine draws the band or the line of Points.
type PointLine struct {
	Points
	Style
	Band  bool
	Alpha uint8 // of the band
}

func (q PointLine) Plot(c draw.Canvas, p *Axes) {
	if len(q.X) == 0 {
		return
	}
	points := func(ys []float64) []vg.Point {
		out := make([]vg.Point, len(ys))
		for i, y := range ys {
			out[i] = vg.Point{X: c.X(p.X.Norm(q.X[i])), Y: c.Y(p.Y.Norm(y))}
		}
		return out
	}
	if q.Band {
		area, low := points(q.Max), points(q.Min)
		for i := len(low) - 1; i >= 0; i-- {
			area = append(area, low[i])
		}
		fill := q.Color
		fill.A = q.Alpha
		c.SetColor(fill)
		c.Fill(PathOf(area, true))
		return
	}
	line := points(q.Median)
	c.SetLineStyle(draw.LineStyle{Color: q.Color, Width: q.width(), Dashes: q.Dash})
	c.Stroke(PathOf(line, false))
	if len(line) > 2 {
		return // enough points to see the line
	}
	for _, at := range line {
		c.Fill(Square(at, 1.8))
	}
}

// Square is a square around a point, r to each side.
func Square(at vg.Point, r vg.Length) vg.Path {
	return PathOf([]vg.Point{{X: at.X - r, Y: at.Y - r}, {X: at.X + r, Y: at.Y - r},
		{X: at.X + r, Y: at.Y + r}, {X: at.X - r, Y: at.Y + r}}, true)
}

// Diamond is a square on its corner around a point, r to each corner.
func Diamond(at vg.Point, r vg.Length) vg.Path {
	return PathOf([]vg.Point{{X: at.X - r, Y: at.Y}, {X: at.X, Y: at.Y + r},
		{X: at.X + r, Y: at.Y}, {X: at.X, Y: at.Y - r}}, true)
}

// Within returns the points of q up to x = end. X must ascend.
func Within(q Points, end float64) Points {
	n := 0
	for n < len(q.X) && q.X[n] <= end {
		n++
	}
	return Points{q.X[:n], q.Median[:n], q.Min[:n], q.Max[:n]}
}

// Entries are the legend entries of the reference; N is labelled in the plot.
func (r Reference) Entries() []Entry {
	if !r.Random || r.N == 0 {
		return nil
	}
	return []Entry{{Label: "random auditing, expected (b·N/n)", Line: RandomStyle}}
}

// Label is the label of the random reference at x; ok is false if it is not drawn.
func (r Reference) Label(x float64) (l EndLabel, ok bool) {
	return EndLabel{Text: "random (b·N/n)",
		Style: Style{Color: Muted, Dash: RandomStyle.Dashes, Width: RandomStyle.Width},
		X:     x, Y: x * float64(r.N) / float64(max(r.Rows, 1))}, r.Random && r.N > 0 && r.Rows > 0
}

// Steps is a step function over several runs: their median, minimum and maximum. Entry i holds from
// At[i] up to the next entry, the last one up to End.
type Steps struct {
	Seeds int // runs
	End   int

	At               []int // ascending from 0
	Median, Min, Max []float64
}

// Value returns the median, minimum and maximum at j, 0 <= j <= End; ok is false otherwise.
func (c Steps) Value(j int) (med, least, most float64, ok bool) {
	if len(c.At) == 0 || j < 0 || j > c.End {
		return 0, 0, 0, false
	}
	i, exact := slices.BinarySearch(c.At, j)
	if !exact {
		i--
	}
	return c.Median[i], c.Min[i], c.Max[i], true
}
