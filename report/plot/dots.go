package plot

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/uaibench/uaibench/report/text"
)

// DotRow is a row of a DotPlot: differences from 0, their mean and its interval.
type DotRow struct {
	Name, Note      string
	Points          []float64 // empty: only name and note are drawn
	Mean, Low, High float64
	Constant        bool // all points are equal: the interval is a point
	NoInterval      bool // too few points for one
	Color           color.NRGBA
}

// DotPlot shows differences, one row each: a diamond at the mean, a line for its interval, with an
// arrow where it leaves the plot, and a cross for each point.
type DotPlot struct {
	Rows               []DotRow
	Zero, Below, Above string   // labels below the axis: at 0, and to the left and right of it
	Tooltip            *Tooltip // of markers, by row
}

const (
	dotRow  = 17
	dotAxis = 26
)

// Height is the plot's height, in points.
func (p DotPlot) Height() vg.Length { return vg.Length(len(p.Rows))*dotRow + dotAxis }

// reach is the range of the axis: it includes all points, and intervals up to half the points'
// range beyond them.
func (p DotPlot) reach() (lo, hi float64) {
	for _, d := range p.Rows {
		for _, x := range d.Points {
			lo, hi = min(lo, x), max(hi, x)
		}
	}
	wide := hi - lo
	if wide == 0 {
		wide = 1
	}
	least, most := lo-wide/2, hi+wide/2 // an interval's end may be infinite
	for _, d := range p.Rows {
		if d.High > d.Low && !d.NoInterval {
			lo, hi = min(lo, max(d.Low, least)), max(hi, min(d.High, most))
		}
	}
	return lo - wide*0.04, hi + wide*0.04
}

const (
	dotNames = 226 // maximum width of the names' column
	dotNotes = 74  // width of the notes' column
)

// Draw fills a canvas of the plot's height.
func (p DotPlot) Draw(c draw.Canvas) {
	to := p.Tooltip
	lo, hi := p.reach()
	c = draw.Crop(c, 0, 0, dotAxis, 0)
	at := c.Rectangle
	desc, note := Lettering(10, false, Ink), Lettering(9, false, Muted)
	desc.YAlign, note.YAlign = draw.YCenter, draw.YCenter
	names := vg.Length(0)
	for _, d := range p.Rows {
		names = min(dotNames, 0.4*(at.Max.X-at.Min.X), max(names, desc.Width(d.Name)+10))
	}
	notes := vg.Length(dotNotes)
	if at.Max.X-at.Min.X < NarrowWidth {
		notes = 12 // too narrow, as on a phone
	}
	left, right := at.Min.X+names, at.Max.X-notes
	*to.Redrawn().At = at
	x := func(v float64) vg.Length { return left + vg.Length((v-lo)/(hi-lo))*(right-left) }
	row := (at.Max.Y - at.Min.Y) / vg.Length(len(p.Rows))
	tick := Lettering(9.5, false, Muted)
	tick.XAlign = draw.XCenter
	for _, t := range Span(7).Ticks(lo, hi) {
		line := draw.LineStyle{Color: Grid, Width: 0.6}
		if math.Abs(t.Value) < 1e-12 {
			line = draw.LineStyle{Color: Ink, Width: 1}
		}
		c.StrokeLine2(line, x(t.Value), at.Min.Y, x(t.Value), at.Max.Y)
		label := t.Label
		if t.Value > 0 {
			label = "+" + label
		}
		c.FillText(tick, vg.Point{X: x(t.Value), Y: at.Min.Y - 4}, label)
	}
	axis := Lettering(10, false, Ink)
	axis.XAlign = draw.XCenter
	c.FillText(axis, vg.Point{X: x(0), Y: at.Min.Y - 18}, p.Zero)
	room := axis.Width(p.Zero)/2 + 8
	worse, better := Lettering(10, false, Muted), Lettering(10, false, Muted)
	worse.XAlign = draw.XRight
	if x(0)-room-worse.Width(p.Below) > left {
		c.FillText(worse, vg.Point{X: x(0) - room, Y: at.Min.Y - 18}, p.Below)
	}
	if x(0)+room+better.Width(p.Above) < right {
		c.FillText(better, vg.Point{X: x(0) + room, Y: at.Min.Y - 18}, p.Above)
	}
	for i, d := range p.Rows {
		y := at.Max.Y - (vg.Length(i)+0.5)*row
		c.FillText(desc, vg.Point{X: at.Min.X, Y: y + 1}, Fit(d.Name, desc, names-8))
		if notes == dotNotes {
			c.FillText(note, vg.Point{X: right + 8, Y: y + 1}, Fit(d.Note, note, dotNotes-8))
		}
		if len(d.Points) == 0 {
			continue
		}
		if d.High > d.Low && !d.Constant && !d.NoInterval {
			drawInterval(c, d.Color, x(max(d.Low, lo)), x(min(d.High, hi)), y, d.Low < lo, d.High > hi)
		}
		cross := draw.LineStyle{Color: Muted, Width: 0.7}
		for _, v := range d.Points {
			c.StrokeLine2(cross, x(v)-2, y-2, x(v)+2, y+2)
			c.StrokeLine2(cross, x(v)-2, y+2, x(v)+2, y-2)
		}
		c.SetColor(d.Color)
		m := vg.Point{X: x(d.Mean), Y: y}
		to.Mark(m, d.Name, text.Signed(d.Mean), d.interval(), text.Join(d.Points, text.Signed))
		c.Fill(Diamond(m, 4.2))
	}
}

// interval is the interval of the mean as text; "—" if there is none.
func (d DotRow) interval() string {
	if len(d.Points) < 2 && d.High == d.Low || d.NoInterval {
		return "—"
	}
	return text.Signed(d.Low) + " to " + text.Signed(d.High)
}

func drawInterval(c draw.Canvas, hue color.NRGBA, from, to, y vg.Length, left, right bool) {
	c.StrokeLine2(draw.LineStyle{Color: hue, Width: 1.4}, from, y, to, y)
	c.SetColor(hue)
	if left {
		c.Fill(PathOf([]vg.Point{{X: from - 4, Y: y}, {X: from + 2, Y: y + 3},
			{X: from + 2, Y: y - 3}}, true))
	}
	if right {
		c.Fill(PathOf([]vg.Point{{X: to + 4, Y: y}, {X: to - 2, Y: y + 3},
			{X: to - 2, Y: y - 3}}, true))
	}
}
