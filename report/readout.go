package report

import (
	"encoding/json"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// area is a plotter that draws nothing: it notes where the axes of a plot came to lie, for the read-out of the page.
type area struct{ at *vg.Rectangle }

func (a area) Plot(c draw.Canvas, _ *plot.Plot) { *a.at = c.Rectangle }

// htmlArea is a plot within a figure: where its axes are, in the figure's units with y downwards, and what they span.
type htmlArea struct {
	Pool   string  `json:"pool"`
	Title  string  `json:"title"`
	Left   float64 `json:"left"`
	Right  float64 `json:"right"`
	Top    float64 `json:"top"`
	Bottom float64 `json:"bottom"`
	XMax   int     `json:"xmax"`
	YMax   float64 `json:"ymax"`
}

// areas of a drawn figure, as JSON; "" where it has no curves to read.
func (f *figure) areas() string {
	var out []htmlArea
	for _, g := range f.graphs {
		r := g.area
		out = append(out, htmlArea{
			Pool: g.Pool.Slug, Title: g.Pool.Title, XMax: g.XMax, YMax: g.YMax,
			Left: float64(r.Min.X), Right: float64(r.Max.X), Top: float64(f.H - r.Max.Y), Bottom: float64(f.H - r.Min.Y),
		})
	}
	if out == nil {
		return ""
	}
	return asJSON(out)
}

// htmlCurves are a pool's curves, which all of its plots read.
type htmlCurves struct {
	Pool   string
	Series string // JSON
	Packed string
}

type htmlCurve struct {
	Label   string `json:"label"`
	Color   string `json:"color"`
	Seeds   int    `json:"seeds"`
	Planned int    `json:"planned"`
	End     int    `json:"end"`
	Steps   int    `json:"steps"` // in the packed data; 0: see PerRow

	// PerRow is the share of anomalies, of what random audits are expected to find.
	PerRow float64 `json:"perRow,omitempty"`
}

// curvesOf a pool, for its read-outs.
func curvesOf(g *graph) htmlCurves {
	var series []htmlCurve
	for i, s := range g.Series {
		c := g.Curves[i]
		series = append(series, htmlCurve{Label: shorten(s.Label, legendRunes), Color: hex(s.Style.Color), Seeds: c.Seeds, Planned: s.Counts.Planned, End: c.End, Steps: len(c.At)})
	}
	if e := g.Reference.entries(); e != nil {
		series = append(series, htmlCurve{Label: e[0].Label, Color: hex(muted), End: g.Rows, PerRow: float64(g.N) / float64(g.Rows)})
	}
	return htmlCurves{Pool: g.Pool.Slug, Series: asJSON(series), Packed: packCurves(g.Curves)}
}

func asJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic("report: " + err.Error()) // texts and finite numbers
	}
	return string(b)
}
