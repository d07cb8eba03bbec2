package page

import (
	"encoding/json"
	"math"

	"gonum.org/v1/plot/vg"

	"github.com/uaibench/uaibench/report/plot"
)

// htmlArea is a plot within a figure: the area of its axes, in the figure's units with y downwards,
// and their ranges.
type htmlArea struct {
	Pool   string    `json:"pool"` // name of the curves
	Only   []int     `json:"only,omitempty"`
	Title  string    `json:"title"`
	Unit   [2]string `json:"unit"`
	Of     string    `json:"of"`
	Left   float64   `json:"left"`
	Right  float64   `json:"right"`
	Top    float64   `json:"top"`
	Bottom float64   `json:"bottom"`
	XMax   float64   `json:"xmax"`
	YMax   float64   `json:"ymax"`

	Stops    *plot.Stops `json:"stops,omitempty"` // instead of the dataset group's curves
	Captions []string    `json:"says,omitempty"`  // of markers, instead of both
	Markers  int         `json:"spots,omitempty"` // number of markers
	ByRow    bool        `json:"byRow,omitempty"` // the pointer selects a marker by height only
}

// areas returns the plots of a drawn figure as JSON, or "" if it has no tooltips. Markers depend on
// the drawing, so their name gets a suffix.
func areas(f *plot.Drawing, suffix string) string {
	var out []htmlArea
	add := func(a htmlArea, r vg.Rectangle) {
		a.Left, a.Right, a.Top, a.Bottom = float64(r.Min.X), float64(r.Max.X), float64(f.H-r.Max.Y),
			float64(f.H-r.Min.Y)
		out = append(out, a)
	}
	for _, r := range f.Tooltips {
		name := r.Name
		if r.Captions != nil {
			name += suffix
		}
		add(htmlArea{Pool: name, Only: r.Only, Title: r.Title, Unit: r.Unit, Of: r.Of,
			XMax: r.XMax, YMax: r.YMax, Stops: r.Stops, Captions: r.Captions,
			Markers: len(r.Markers),
			ByRow:   r.ByRow}, r.Area)
	}
	if out == nil {
		return ""
	}
	return asJSON(out)
}

// htmlCurves are the curves of a dataset group, shared by all of its plots, or those of another
// plot under a name of its own.
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

	// PerRow is the share of anomalies: the expected number found per random audit.
	PerRow float64 `json:"perRow,omitempty"`
}

// newCurves packs the curves under a name.
func newCurves(name string, curves []plot.TooltipCurve) htmlCurves {
	series := make([]htmlCurve, len(curves))
	lines := make([]plot.Steps, len(curves))
	for i, c := range curves {
		series[i] = htmlCurve{
			Label: c.Label, Color: plot.Hex(c.Color), Seeds: c.Seeds, Planned: c.Planned,
			End:   c.End,
			Steps: len(c.At), PerRow: c.PerRow,
		}
		lines[i] = c.Steps
	}
	return htmlCurves{Pool: name, Series: asJSON(series), Packed: packCurves(lines)}
}

func asJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic("report: " + err.Error()) // texts and finite numbers
	}
	return string(b)
}

// packMarkers packs the markers of a figure of height h as a list of [x, y, name, values…], with
// positions in the figure's units, y downwards.
func packMarkers(r *plot.Tooltip, h vg.Length, suffix string) htmlCurves {
	tenth := func(x vg.Length) float64 { return math.Round(10*float64(x)) / 10 }
	out := make([][]any, len(r.Markers))
	for i, s := range r.Markers {
		out[i] = []any{tenth(s.At.X), tenth(h - s.At.Y), s.Name}
		for _, v := range s.Values {
			out[i] = append(out[i], v)
		}
	}
	return htmlCurves{Pool: r.Name + suffix, Series: "[]", Packed: pack([]byte(asJSON(out)))}
}
