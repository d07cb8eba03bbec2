package plot

import (
	"image/color"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// TooltipCurve is a curve as a tooltip tells it.
type TooltipCurve struct {
	Steps

	Label   string
	Color   color.NRGBA
	Planned int     // seeds
	PerRow  float64 // of what random audits find: the share of anomalies, in place of steps
}

// Area is a plotter that draws nothing: it notes where the axes of a plot came to lie, for the
// tooltip of the page.
type Area struct{ At *vg.Rectangle }

func (a Area) Plot(c draw.Canvas, _ *Axes) { *a.At = c.Rectangle }

// Tooltip is a what a page tells under the pointer in a plot: which curves, stops or markers.
type Tooltip struct {
	Name  string    // of its curves: plots of the same name share them
	Only  []int     // which of the curves it shows; nil: all
	Title string    // among the figure's plots
	Unit  [2]string // of the x axis, one and many
	Of    string    // what a curve belongs to: a method, a setting
	XMax  float64
	YMax  float64
	Main  bool // of a dataset's found(j): the last that a page leaves out

	Curves   func() []TooltipCurve // nil: it has stops, or spots
	Stops    *Stops
	Captions []string     // what is said of each spot; nil: it has none
	Markers  []Marker     // noted when it was last drawn
	ByRow    bool         // a spot is what is told of its whole row, wherever in it the pointer is
	Area     vg.Rectangle // where the axes lay when it was last drawn
}

// Stops are the places where a plot has points: its tooltip goes from one to the next.
type Stops struct {
	At     []float64    `json:"at"` // ascending
	Series []StopSeries `json:"series"`
}

// StopSeries is what is known of a series at each stop.
type StopSeries struct {
	Label   string `json:"label"`
	Color   string `json:"color"`
	Seeds   int    `json:"seeds"`
	Planned int    `json:"planned"`
	// median, least and most, or one value; null where nothing is known
	Values [][]float64 `json:"values"`
}

// NewStops at all places of the lines up to end. The caller adds the series.
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

// Add a series that is known where its line has points.
func (t *Stops) Add(s StopSeries, q Points) {
	s.Values = make([][]float64, len(t.At))
	for i, x := range q.X {
		if k, ok := slices.BinarySearch(t.At, x); ok {
			s.Values[k] = []float64{q.Median[i], q.Min[i], q.Max[i]}
		}
	}
	t.Series = append(t.Series, s)
}

// Units of x axes, one and many.
var (
	AuditsUnit  = [2]string{"audit", "audits"}
	GuessesUnit = [2]string{"guess", "guesses"}
	LabelsUnit  = [2]string{"label", "labels"}
)

// Marker is a mark that stands by itself, such as a row in a plane. The page's tooltip tells the
// one nearest the pointer.
type Marker struct {
	At   vg.Point
	Name string   // "anomaly, row 1,234"
	Says []string // a value for each of the reading's
}

// NewMarkers is a reading of marks, which the figure's drawing notes.
func NewMarkers(name, title, one, many string, says ...string) *Tooltip {
	return &Tooltip{Name: name, Title: title, Unit: [2]string{one, many}, Captions: says}
}

// Mark notes a mark. Nobody reads the frames of an animation: there r is nil.
func (r *Tooltip) Mark(at vg.Point, name string, says ...string) {
	if r != nil {
		r.Markers = append(r.Markers, Marker{at, name, says})
	}
}

// Redrawn forgets the marks of an earlier drawing and says where the axes are to be noted.
func (r *Tooltip) Redrawn() Area {
	if r == nil {
		return Area{new(vg.Rectangle)}
	}
	r.Markers = nil
	return Area{&r.Area}
}
