package plot

import (
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Cloud is a set of points of one kind. Points beyond the axes are drawn at their edge.
type Cloud struct {
	X, Y  []float64
	Color color.NRGBA
	Mark  func(i int, at vg.Point) // called for each point that was drawn
}

// At is the position of point i.
func (q Cloud) At(c draw.Canvas, p *Axes, i int) vg.Point {
	unit := func(x float64) float64 { return min(max(x, 0), 1) }
	return vg.Point{X: c.X(unit(p.X.Norm(q.X[i]))), Y: c.Y(unit(p.Y.Norm(q.Y[i])))}
}

// Heaps draws clouds in which many points may coincide. A square's area grows with the number of
// points of its cloud at that place, and the larger of two squares lies below the smaller, so that
// no kind hides another.
type Heaps []Cloud

// heapCell is the side of a square within which points count as one place, in points.
const heapCell = 2.4

func (h Heaps) Plot(c draw.Canvas, p *Axes) {
	type place struct{ cloud, x, y int }
	sizes := map[place]int{}
	var order []place // by first point
	for k, q := range h {
		for i := range q.X {
			at := q.At(c, p, i)
			key := place{k, int((at.X - c.Min.X) / heapCell), int((at.Y - c.Min.Y) / heapCell)}
			if sizes[key]++; sizes[key] == 1 {
				order = append(order, key)
			}
			q.Mark(i, at)
		}
	}
	slices.SortStableFunc(order, func(a, b place) int { return sizes[b] - sizes[a] })
	for _, key := range order {
		ink := h[key.cloud].Color
		if sizes[key] < 5 {
			ink.A = 0xd0
		}
		c.SetColor(ink)
		c.Fill(Square(vg.Point{
			X: min(c.Min.X+(vg.Length(key.x)+0.5)*heapCell, c.Max.X),
			Y: min(c.Min.Y+(vg.Length(key.y)+0.5)*heapCell, c.Max.Y),
		}, min(0.95*vg.Length(math.Sqrt(float64(sizes[key]))), 9)))
	}
}

// Straight is the part of the line A x + B y = Cut within the axes: a curve if an axis is
// logarithmic, nothing if A and B are 0.
type Straight struct {
	A, B, Cut float64
	Style     draw.LineStyle
}

func (q Straight) Plot(c draw.Canvas, p *Axes) {
	const steps = 200
	var line []vg.Point
	add := func(x, y float64) {
		u, v := p.X.Norm(x), p.Y.Norm(y)
		if u >= -1e-9 && u <= 1+1e-9 && v >= -1e-9 && v <= 1+1e-9 { // false for NaN
			line = append(line, vg.Point{X: c.X(u), Y: c.Y(v)})
		}
	}
	step := func(lo, hi float64, i int) float64 { return lo + (hi-lo)*float64(i)/steps }
	flat := q.B != 0 && math.Abs(q.B)*(p.Y.Max-p.Y.Min) >= math.Abs(q.A)*(p.X.Max-p.X.Min)
	for i := range steps + 1 {
		if x := step(p.X.Min, p.X.Max, i); flat {
			add(x, (q.Cut-q.A*x)/q.B)
		} else if y := step(p.Y.Min, p.Y.Max, i); q.A != 0 {
			add((q.Cut-q.B*y)/q.A, y)
		}
	}
	if len(line) >= 2 {
		c.SetLineStyle(q.Style)
		c.Stroke(PathOf(thin(line), false))
	}
}
