package plot

import (
	"math"

	"gonum.org/v1/plot/vg"
)

// maxVertices is the maximum number of vertices of a drawn curve.
const maxVertices = 2000

// corners returns the corners of a step function's line, in points on the canvas.
func corners(x, y []vg.Length, end vg.Length) []vg.Point {
	var out []vg.Point
	for i := range x {
		if i > 0 {
			out = append(out, vg.Point{X: x[i], Y: y[i-1]})
		}
		out = append(out, vg.Point{X: x[i], Y: y[i]})
	}
	if n := len(x); n > 0 && end > x[n-1] {
		out = append(out, vg.Point{X: end, Y: y[n-1]})
	}
	return out
}

// thin drops the corners of a line whose loss is invisible: the result is nowhere farther than 0.3
// points (a fifth of a line's width) from the line, and has the same ends. The tolerance is larger
// only if more than maxVertices would remain.
func thin(line []vg.Point) []vg.Point {
	const snap = 0.1
	var on []vg.Point // on a grid too fine to see, on which most corners coincide
	for _, p := range line {
		q := vg.Point{X: round(p.X, snap), Y: round(p.Y, snap)}
		if len(on) == 0 || on[len(on)-1] != q {
			on = append(on, q)
		}
	}
	for tolerance := 0.2; ; tolerance *= 1.5 {
		if out := simplify(on, tolerance); len(out) <= maxVertices {
			return out
		}
	}
}

func round(x vg.Length, to float64) vg.Length {
	return vg.Length(math.Round(float64(x)/to) * to)
}

// simplify is the Ramer–Douglas–Peucker algorithm.
func simplify(line []vg.Point, tolerance float64) []vg.Point {
	if len(line) < 3 {
		return line
	}
	keep := make([]bool, len(line))
	keep[0], keep[len(line)-1] = true, true
	spans := [][2]int{{0, len(line) - 1}}
	for len(spans) > 0 {
		s := spans[len(spans)-1]
		spans = spans[:len(spans)-1]
		far, at := tolerance, -1
		for i := s[0] + 1; i < s[1]; i++ {
			if d := distance(line[i], line[s[0]], line[s[1]]); d > far {
				far, at = d, i
			}
		}
		if at >= 0 {
			keep[at] = true
			spans = append(spans, [2]int{s[0], at}, [2]int{at, s[1]})
		}
	}
	var out []vg.Point
	for i, k := range keep {
		if k {
			out = append(out, line[i])
		}
	}
	return out
}

// distance is the distance of p from the segment between a and b.
func distance(p, a, b vg.Point) float64 {
	px, py := float64(p.X-a.X), float64(p.Y-a.Y)
	bx, by := float64(b.X-a.X), float64(b.Y-a.Y)
	t := 0.0
	if l := float64(bx*bx) + float64(by*by); l > 0 {
		t = min(max((float64(px*bx)+float64(py*by))/l, 0), 1)
	}
	dx, dy := px-float64(t*bx), py-float64(t*by)
	return math.Sqrt(float64(dx*dx) + float64(dy*dy))
}
