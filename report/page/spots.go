package page

import (
	"math"

	"gonum.org/v1/plot/vg"

	"github.com/uaibench/uaibench/report/plot"
)

// packSpots of a figure of height h: a list of [x, y, name, values…], places in the figure's units
// with y downwards.
func packSpots(r *plot.Tooltip, h vg.Length) htmlCurves {
	tenth := func(x vg.Length) float64 { return math.Round(10*float64(x)) / 10 }
	out := make([][]any, len(r.Markers))
	for i, s := range r.Markers {
		out[i] = []any{tenth(s.At.X), tenth(h - s.At.Y), s.Name}
		for _, v := range s.Says {
			out[i] = append(out[i], v)
		}
	}
	return htmlCurves{Pool: r.Name, Series: "[]", Packed: pack([]byte(asJSON(out)))}
}
