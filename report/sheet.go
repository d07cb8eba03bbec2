package report

import (
	"fmt"
	"math"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/uaibench/uaibench/bench/runlog"
)

// sheet is a figure of panels side by side, with one legend and one caption.
type sheet struct {
	Slug, Short, Title, Subtitle, Desc string

	Panels  []sheetPanel
	Columns int
	Height  vg.Length // of a panel
	Entries []entry
	Notes   []string
}

// sheetPanel is one of them.
type sheetPanel struct {
	Title, Note string
	draw        func(c draw.Canvas) // nil: Note stands in its place
	read        *reading            // nil: there are no curves to read
}

func (s *sheet) figure() *figure {
	const gap, head, above = 16, 18, 38
	l := layout(s.Entries, figureWidth-2*margin)
	caption := wrap(s.Notes, captionStyle, figureWidth-2*margin)
	below := l.height() + 8 + vg.Length(len(caption))*captionLine
	rows := (len(s.Panels) + s.Columns - 1) / s.Columns
	title := s.Title
	if s.Subtitle != "" {
		title += ": " + s.Subtitle
	}
	f := &figure{
		Slug: s.Slug, Short: s.Short, Title: title, Desc: s.Desc, Notes: s.Notes,
		W: figureWidth, H: above + vg.Length(rows)*(s.Height+gap) + below + 2*margin,
	}
	for _, p := range s.Panels {
		if p.read != nil {
			f.readings = append(f.readings, p.read)
		}
	}
	f.draw = func(c draw.Canvas) {
		c = draw.Crop(c, margin, -margin, margin, -margin)
		wide := c.Max.X - c.Min.X
		bold := lettering(13, true, ink)
		c.FillText(bold, vg.Point{X: c.Min.X, Y: c.Max.Y}, fit(s.Title, bold, wide))
		c.FillText(lettering(10, false, muted), vg.Point{X: c.Min.X, Y: c.Max.Y - 17}, fit(s.Subtitle, lettering(10, false, muted), wide))
		width := (wide - gap*vg.Length(s.Columns-1)) / vg.Length(s.Columns)
		for i, p := range s.Panels {
			left := c.Min.X + vg.Length(i%s.Columns)*(width+gap)
			top := c.Max.Y - above - vg.Length(i/s.Columns)*(s.Height+gap)
			name, small := lettering(11, true, ink), lettering(9, false, muted)
			text := fit(p.Title, name, width)
			c.FillText(name, vg.Point{X: left, Y: top}, text)
			if p.draw == nil {
				c.FillText(small, vg.Point{X: left, Y: top - head}, p.Note)
				continue
			}
			if room := width - name.Width(text) - 8; p.Note != "" && small.Width(p.Note) <= room {
				c.FillText(small, vg.Point{X: left + name.Width(text) + 8, Y: top - 2}, p.Note)
			}
			p.draw(draw.Canvas{Canvas: c.Canvas, Rectangle: vg.Rectangle{
				Min: vg.Point{X: left, Y: top - s.Height}, Max: vg.Point{X: left + width, Y: top - head},
			}})
		}
		l.draw(c, vg.Point{X: c.Min.X, Y: c.Min.Y + below - 6})
		writeCaption(c, caption)
	}
	return f
}

// span asks for about so many ticks within any range, at multiples of 1, 2 or 5 times a power of ten.
type span int

func (n span) Ticks(lo, hi float64) []plot.Tick {
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
	var out []plot.Tick
	for i := math.Ceil(lo/step - 1e-9); i*step <= hi+step*1e-9; i++ {
		label := strconv.FormatFloat(i*step, 'g', 4, 64)
		if math.Abs(i*step) < 1e7 && decimals < 5 {
			label = thousands(i*step+0, decimals) // +0: no minus zero
		}
		out = append(out, plot.Tick{Value: i * step, Label: label})
	}
	return out
}

// xy is a line through points, with what it spreads over.
type xy struct {
	X                []float64
	Median, Min, Max []float64
}

// add appends the spread of values at x; without values it does nothing.
func (q *xy) add(x float64, values []float64) {
	if len(values) == 0 {
		return
	}
	least, most := values[0], values[0]
	for _, v := range values {
		least, most = min(least, v), max(most, v)
	}
	q.X = append(q.X, x)
	q.Median, q.Min, q.Max = append(q.Median, median(values)), append(q.Min, least), append(q.Max, most)
}

// xyPlotter draws it: band, or line with a mark at each point.
type xyPlotter struct {
	xy
	style
	Band  bool
	Alpha uint8     // of the band
	Top   float64   // the axis's end that Y is meant for; 0: the plot's own
	Width vg.Length // of the line
}

func (q xyPlotter) Plot(c draw.Canvas, p *plot.Plot) {
	if len(q.X) == 0 {
		return
	}
	points := func(ys []float64) []vg.Point {
		out := make([]vg.Point, len(ys))
		for i, y := range ys {
			at := p.Y.Norm(y)
			if q.Top > 0 {
				at = y / q.Top
			}
			out[i] = vg.Point{X: c.X(p.X.Norm(q.X[i])), Y: c.Y(at)}
		}
		return out
	}
	if q.Band {
		area, low := points(q.Max), points(q.Min)
		for i := len(low) - 1; i >= 0; i-- {
			area = append(area, low[i])
		}
		fill := q.Color
		fill.A = q.Alpha
		c.SetColor(fill)
		c.Fill(pathOf(area, true))
		return
	}
	line := points(q.Median)
	c.SetLineStyle(draw.LineStyle{Color: q.Color, Width: q.Width, Dashes: q.Dash})
	c.Stroke(pathOf(line, false))
	if len(line) > 2 || q.Top > 0 {
		return // enough of them to see where they are
	}
	for _, at := range line {
		c.Fill(square(at, 1.8))
	}
}

func square(at vg.Point, r vg.Length) vg.Path {
	return pathOf([]vg.Point{{X: at.X - r, Y: at.Y - r}, {X: at.X + r, Y: at.Y - r}, {X: at.X + r, Y: at.Y + r}, {X: at.X - r, Y: at.Y + r}}, true)
}

// looked gives, for each checkpoint of a series, its place and the looks of the seeds that have one.
func looked[T any](results []*runlog.Result, get func(*runlog.Checkpoint) *T) (at []int, looks [][]*T) {
	if len(results) == 0 {
		return nil, nil
	}
	for i, first := range results[0].Checkpoints {
		var l []*T
		for _, r := range results {
			if i < len(r.Checkpoints) {
				if v := get(&r.Checkpoints[i]); v != nil {
					l = append(l, v)
				}
			}
		}
		if len(l) > 0 {
			at, looks = append(at, first.At), append(looks, l)
		}
	}
	return at, looks
}

// still tells whether a series is of a method that does not learn: its one look stands for every budget.
func still(results []*runlog.Result) bool {
	return len(results) > 0 && results[0].Full != nil
}

// countsNote says what a figure's figures rest on.
func countsNote(of string, c counts) string { return fmt.Sprintf("%s: %s.", of, c) }
