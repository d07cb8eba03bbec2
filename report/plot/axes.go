package plot

import (
	"math"
	"strconv"

	gonum "gonum.org/v1/plot"
	"gonum.org/v1/plot/vg/draw"

	"github.com/uaibench/uaibench/report/text"
)

// NewAxes returns an empty plot in the house style: axes from zero, light horizontal lines, no
// lines at the top and right.
func NewAxes(xmax, ymax float64) *Axes {
	p := gonum.New()
	p.BackgroundColor = nil
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 0, xmax, 0, ymax
	p.X.Label.Text, p.Y.Label.Text = "audits", "anomalies found"
	for _, a := range []*gonum.Axis{&p.X, &p.Y} {
		a.Padding = 0
		a.Color, a.Tick.Color = Muted, Muted
		a.Width, a.Tick.Width = 0.6, 0.6
		a.Tick.Length = 4
		a.Tick.Label.Font, a.Tick.Label.Color = sans(9.5, false), Muted
		a.Label.TextStyle.Font, a.Label.TextStyle.Color = sans(10, false), Ink
		a.Label.Padding = 3
	}
	p.X.Tick.Marker, p.Y.Tick.Marker = Ticks(6), Ticks(5)
	p.Add(lines{})
	return p
}

// lines are light horizontal lines at the y-axis's ticks.
type lines struct{}

func (lines) Plot(c draw.Canvas, p *Axes) {
	for _, t := range p.Y.Tick.Marker.Ticks(p.Y.Min, p.Y.Max) {
		if t.Value > p.Y.Min {
			y := c.Y(p.Y.Norm(t.Value))
			c.StrokeLine2(draw.LineStyle{Color: Grid, Width: 0.6}, c.Min.X, y, c.Max.X, y)
		}
	}
}

// Ticks is the approximate number of ticks from 0, at multiples of 1, 2 or 5 times a power of ten,
// at least 1 apart.
type Ticks int

func (n Ticks) Ticks(lo, hi float64) []Tick {
	raw := (hi - lo) / float64(n)
	power := math.Pow(10, math.Floor(math.Log10(raw)))
	step := max(10*power, 1)
	for _, m := range []float64{1, 2, 5} {
		if m*power >= raw && m*power >= 1 {
			step = m * power
			break
		}
	}
	var out []Tick
	for i := 0; float64(i)*step <= hi*(1+1e-9); i++ {
		out = append(out, Tick{Value: float64(i) * step, Label: text.Thousands(float64(i)*step, 0)})
	}
	return out
}

// Span is the approximate number of ticks within any range, at multiples of 1, 2 or 5 times a power
// of ten.
type Span int

func (n Span) Ticks(lo, hi float64) []Tick {
	if !(hi > lo) {
		return nil
	}
	raw := (hi - lo) / float64(n)
	power := math.Pow(10, math.Floor(math.Log10(raw)))
	step := 10 * power
	for _, m := range []float64{1, 2, 5} {
		if m*power >= raw {
			step = m * power
			break
		}
	}
	decimals := max(0, int(-math.Floor(math.Log10(step)+1e-9)))
	var out []Tick
	for i := math.Ceil(lo/step - 1e-9); i*step <= hi+step*1e-9; i++ {
		label := strconv.FormatFloat(i*step, 'g', 4, 64)
		if math.Abs(i*step) < 1e7 && decimals < 5 {
			label = text.Thousands(i*step+0, decimals) // +0: no minus zero
		}
		out = append(out, Tick{Value: i * step, Label: label})
	}
	return out
}

// NiceTop is an axis end at or above most that lies on a tick; 0 if most is not positive.
func NiceTop(most float64) float64 {
	if most <= 0 {
		return 0
	}
	t := Ticks(5).Ticks(0, most*1.5)
	for _, tick := range t {
		if tick.Value >= most {
			return tick.Value
		}
	}
	return most
}

// Decades are ticks at powers of ten on an axis in log10 units.
type Decades struct{}

func (Decades) Ticks(lo, hi float64) []Tick {
	var out []Tick
	for e := math.Ceil(lo - 1e-9); e <= hi+1e-9; e++ {
		out = append(out, Tick{Value: e, Label: strconv.FormatFloat(math.Pow(10, e), 'g', 6, 64)})
	}
	return out
}

// Log is the scale of a logarithmic axis, both of whose ends are above 0. Values below the lower
// end are drawn there.
type Log struct{}

func (Log) Normalize(lo, hi, x float64) float64 {
	return math.Log(max(x, lo)/lo) / math.Log(hi/lo)
}

// LogTicks are the ticks of an axis with a Log scale: powers of ten, and, if there are fewer than
// three, also their multiples by two and five.
type LogTicks struct{}

func (LogTicks) Ticks(lo, hi float64) []Tick {
	var out []Tick
	for _, multiples := range [][]float64{{1}, {1, 2, 5}} {
		out = nil
		for e := math.Floor(math.Log10(lo)); e <= math.Ceil(math.Log10(hi)); e++ {
			for _, m := range multiples {
				if v := m * math.Pow(10, e); v >= lo && v <= hi {
					out = append(out,
						Tick{Value: v, Label: strconv.FormatFloat(v, 'g', 4, 64)})
				}
			}
		}
		if len(out) >= 3 {
			break
		}
	}
	return out
}
