package plot

import (
	"image/color"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// TooltipCurve is a curve in a tooltip.
type TooltipCurve struct {
	Steps

	Label   string
	Color   color.NRGBA
	Planned int     // seeds
	PerRow  float64 // share of anomalies: finds expected per random audit; replaces Steps
}

// Area is a plotter that draws nothing: it records the area of a plot's axes, for the page's
// tooltip.
type Area struct{ At *vg.Rectangle }

func (a Area) Plot(c draw.Canvas, _ *Axes) { *a.At = c.Rectangle }

// Tooltip is the data of a plot's tooltip in a page: curves, stops or markers.
type Tooltip struct {
	Name  string    // of its curves: plots with the same name share them
	Only  []int     // indices of the curves it shows; nil: all
	Title string    // of the plot within the figure
	Unit  [2]string // of the x-axis, singular and plural
	Of    string    // what a curve belongs to: a method, a setting
	XMax  float64
	YMax  float64
	Main  bool // of a dataset's found(j): the last that a page drops

	Curves   func() []TooltipCurve // nil: it has stops or markers
	Stops    *Stops
	Captions []string     // captions of each marker's values; nil: no markers
	Markers  []Marker     // of the last drawing
	ByRow    bool         // the pointer selects a marker anywhere in its row
	Area     vg.Rectangle // of the axes in the last drawing
}

// Stops are the x values at which a plot has points, which its tooltip steps through.
type Stops struct {
	At     []float64    `json:"at"` // ascending
	Series []StopSeries `json:"series"`
}

// StopSeries has the values of a series at each stop.
type StopSeries struct {
	Label   string `json:"label"`
	Color   string `json:"color"`
	Seeds   int    `json:"seeds"`
	Planned int    `json:"planned"`
	// median, minimum and maximum, or one value; null if there is none
	Values [][]float64 `json:"values"`
}

// NewStops returns stops at all points of the lines up to end. The caller adds the series.
func NewStops(end float64, lines ...Points) *Stops {
	t := &Stops{At: []float64{}, Series: []StopSeries{}}
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

// Add adds a series, with values where q has points.
func (t *Stops) Add(s StopSeries, q Points) {
	s.Values = make([][]float64, len(t.At))
	for i, x := range q.X {
		if k, ok := slices.BinarySearch(t.At, x); ok {
			s.Values[k] = []float64{q.Median[i], q.Min[i], q.Max[i]}
		}
	}
	t.Series = append(t.Series, s)
}

// Units of x-axes, singular and plural.
var (
	AuditsUnit  = [2]string{"audit", "audits"}
	GuessesUnit = [2]string{"guess", "guesses"}
	LabelsUnit  = [2]string{"label", "labels"}
)

// Marker is a single point, such as a row in a plane. The page's tooltip shows the one nearest the
// pointer.
type Marker struct {
	At     vg.Point
	Name   string   // such as "anomaly, row 1,234"
	Values []string // a value for each of the tooltip's Captions
}

// NewMarkers returns a tooltip of markers, which are recorded when the figure is drawn.
func NewMarkers(name, title, one, many string, captions ...string) *Tooltip {
	return &Tooltip{Name: name, Title: title, Unit: [2]string{one, many}, Captions: captions}
}

// Mark records a marker. r may be nil, as in the frames of an animation, which have no tooltips.
func (r *Tooltip) Mark(at vg.Point, name string, values ...string) {
	if r != nil {
		r.Markers = append(r.Markers, Marker{at, name, values})
	}
}

// Redrawn clears the markers of an earlier drawing and returns the plotter that records the axes'
// area.
func (r *Tooltip) Redrawn() Area {
	if r == nil {
		return Area{new(vg.Rectangle)}
	}
	r.Markers = nil
	return Area{&r.Area}
}
