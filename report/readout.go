package report

import (
	"encoding/json"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// area is a plotter that draws nothing: it notes where the axes of a plot came to lie, for the read-out of the page.
type area struct{ at *vg.Rectangle }

func (a area) Plot(c draw.Canvas, _ *plot.Plot) { *a.at = c.Rectangle }

// reading is a plot of curves that are not a pool's found(j): what a read-out needs to know of it.
type reading struct {
	Name  string    // of its curves: plots of the same name share them
	Only  []int     // which of the curves it shows; nil: all
	Title string    // among the figure's plots
	Unit  [2]string // of the x axis, one and many
	Of    string    // what a curve belongs to: a method, a setting
	XMax  float64
	YMax  float64

	curves func() htmlCurves // nil: it has stops, or spots
	stops  *htmlStops
	says   []string     // what is said of each spot; nil: it has none
	spots  []spot       // noted when it was last drawn
	byRow  bool         // a spot is what is told of its whole row, wherever in it the pointer is
	area   vg.Rectangle // where the axes lay when it was last drawn
}

// htmlStops are the places where a plot has points: its read-out goes from one to the next.
type htmlStops struct {
	At     []float64     `json:"at"` // ascending
	Series []htmlStopped `json:"series"`
}

// htmlStopped is what is known of a series at each stop.
type htmlStopped struct {
	Label   string      `json:"label"`
	Color   string      `json:"color"`
	Seeds   int         `json:"seeds"`
	Planned int         `json:"planned"`
	YMax    float64     `json:"ymax,omitempty"` // of an axis of its own
	Values  [][]float64 `json:"values"`         // median, least and most, or one value; null where nothing is known
}

// newStops at all places of the lines up to end. The caller adds the series.
func newStops(end float64, lines ...xy) *htmlStops {
	t := &htmlStops{At: []float64{}, Series: []htmlStopped{}}
	for _, q := range lines {
		for _, x := range q.X {
			if x <= end {
				t.At = append(t.At, x)
			}
		}
	}
	slices.Sort(t.At)
	t.At = slices.Compact(t.At)
	return t
}

// add a series that is known where its line has points.
func (t *htmlStops) add(s htmlStopped, q xy) {
	s.Values = make([][]float64, len(t.At))
	for i, x := range q.X {
		if k, ok := slices.BinarySearch(t.At, x); ok {
			s.Values[k] = []float64{q.Median[i], q.Min[i], q.Max[i]}
		}
	}
	t.Series = append(t.Series, s)
}

// htmlArea is a plot within a figure: where its axes are, in the figure's units with y downwards, and what they span.
type htmlArea struct {
	Pool   string    `json:"pool"` // of the curves
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

	Stops *htmlStops `json:"stops,omitempty"` // in place of the pool's curves
	Says  []string   `json:"says,omitempty"`  // of spots, in place of both
	Spots int        `json:"spots,omitempty"` // how many
	ByRow bool       `json:"byRow,omitempty"` // the pointer need only be at the height of one
}

// areas of a drawn figure, as JSON; "" where it has no curves to read.
func (f *figure) areas() string {
	var out []htmlArea
	add := func(a htmlArea, r vg.Rectangle) {
		a.Left, a.Right, a.Top, a.Bottom = float64(r.Min.X), float64(r.Max.X), float64(f.H-r.Max.Y), float64(f.H-r.Min.Y)
		out = append(out, a)
	}
	for _, g := range f.graphs {
		add(htmlArea{Pool: g.Pool.Slug, Title: g.Pool.Title, Unit: auditsUnit, Of: "method", XMax: float64(g.XMax), YMax: g.YMax}, g.area)
	}
	for _, r := range f.readings {
		add(htmlArea{Pool: r.Name, Only: r.Only, Title: r.Title, Unit: r.Unit, Of: r.Of, XMax: r.XMax, YMax: r.YMax, Stops: r.stops, Says: r.says, Spots: len(r.spots), ByRow: r.byRow}, r.area)
	}
	if out == nil {
		return ""
	}
	return asJSON(out)
}

// Units of x axes, one and many.
var (
	auditsUnit  = [2]string{"audit", "audits"}
	guessesUnit = [2]string{"guess", "guesses"}
	labelsUnit  = [2]string{"label", "labels"}
)

// htmlCurves are a pool's curves, which all of its plots read, or those of other plots, under a name of their own.
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

// newCurves for plots that are not of a pool's found(j).
func newCurves(name string, series []htmlCurve, curves []Curve) htmlCurves {
	for i, c := range curves {
		series[i].Seeds, series[i].End, series[i].Steps = c.Seeds, c.End, len(c.At)
	}
	return htmlCurves{Pool: name, Series: asJSON(series), Packed: packCurves(curves)}
}

func asJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic("report: " + err.Error()) // texts and finite numbers
	}
	return string(b)
}
