package report

import (
	"math"
	"strconv"

	"gonum.org/v1/plot/vg"
)

// spot is a mark that stands by itself, such as a row in a plane. The page's read-out tells the one nearest the pointer.
type spot struct {
	At   vg.Point
	Name string   // "anomaly, row 1,234"
	Says []string // a value for each of the reading's
}

// newSpots is a reading of marks, which the figure's drawing notes.
func newSpots(name, title, one, many string, says ...string) *reading {
	return &reading{Name: name, Title: title, Unit: [2]string{one, many}, says: says}
}

// spot notes a mark. Nobody reads the frames of an animation: there r is nil.
func (r *reading) spot(at vg.Point, name string, says ...string) {
	if r != nil {
		r.spots = append(r.spots, spot{at, name, says})
	}
}

// redrawn forgets the marks of an earlier drawing and says where the axes are to be noted.
func (r *reading) redrawn() area {
	if r == nil {
		return area{new(vg.Rectangle)}
	}
	r.spots = nil
	return area{&r.area}
}

// packSpots of a figure of height h: a list of [x, y, name, values…], places in the figure's units with y downwards.
func (r *reading) packSpots(h vg.Length) htmlCurves {
	tenth := func(x vg.Length) float64 { return math.Round(10*float64(x)) / 10 }
	out := make([][]any, len(r.spots))
	for i, s := range r.spots {
		out[i] = []any{tenth(s.At.X), tenth(h - s.At.Y), s.Name}
		for _, v := range s.Says {
			out[i] = append(out[i], v)
		}
	}
	return htmlCurves{Pool: r.Name, Series: "[]", Packed: squeeze([]byte(asJSON(out)))}
}

// figures4 writes a number with four significant digits.
func figures4(x float64) string { return strconv.FormatFloat(x, 'g', 4, 64) }
