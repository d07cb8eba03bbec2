package report

import (
	"bytes"
	"fmt"
	"image/color"
	"math"
	"slices"

	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

// figure is something that can be drawn: as SVG, for a file or for a page, or as PNG.
type figure struct {
	Slug        string
	Short       string // for a list of contents
	Title, Desc string // for those who do not see it
	Notes       []string
	W, H        vg.Length
	draw        func(draw.Canvas)
	graphs      []*graph   // whose curves it shows
	readings    []*reading // or those of other plots
}

// SVG of its own, with text as outlines. The same run gives the same bytes.
func (f *figure) SVG() []byte {
	c := newSVG(f.W, f.H, false)
	dc := draw.New(c)
	dc.SetColor(paper)
	dc.Fill(dc.Rectangle.Path())
	f.draw(dc)
	return []byte(c.document("", f.Title, f.Desc))
}

// inPage is SVG for HTML, with the colours that it uses as classes "s" (stroke) or "f" (fill) and the colour's digits.
func (f *figure) inPage(prefix string, colors map[color.NRGBA]bool) string {
	c := newSVG(f.W, f.H, true)
	f.draw(draw.New(c))
	for k := range c.colors {
		colors[k] = true
	}
	return c.document(prefix, f.Title, f.Desc)
}

// PNG at 144 dots an inch.
func (f *figure) PNG() ([]byte, error) {
	c := vgimg.NewWith(vgimg.UseWH(f.W, f.H), vgimg.UseDPI(144), vgimg.UseBackgroundColor(paper))
	f.draw(draw.New(c))
	var b bytes.Buffer
	_, err := vgimg.PngCanvas{Canvas: c}.WriteTo(&b)
	return b.Bytes(), err
}

func sans(size vg.Length, bold bool) font.Font {
	f := font.Font{Typeface: "Liberation", Variant: "Sans", Size: size}
	if bold {
		f.Weight = xfont.WeightBold
	}
	return f
}

// lettering flush left with its top at the point where it is drawn.
func lettering(size vg.Length, bold bool, c color.Color) text.Style {
	return text.Style{Color: c, Font: sans(size, bold), XAlign: draw.XLeft, YAlign: draw.YTop, Handler: plot.DefaultTextHandler}
}

// frame is an empty plot in the house style: axes from zero, light horizontal lines, no top and no right.
func frame(xmax, ymax float64) *plot.Plot {
	p := plot.New()
	p.BackgroundColor = nil
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 0, xmax, 0, ymax
	p.X.Label.Text, p.Y.Label.Text = "audits", "anomalies found"
	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		a.Padding = 0
		a.Color, a.Tick.Color = muted, muted
		a.Width, a.Tick.Width = 0.6, 0.6
		a.Tick.Length = 4
		a.Tick.Label.Font, a.Tick.Label.Color = sans(9.5, false), muted
		a.Label.TextStyle.Font, a.Label.TextStyle.Color = sans(10, false), ink
		a.Label.Padding = 3
	}
	p.X.Tick.Marker, p.Y.Tick.Marker = ticks(6), ticks(5)
	p.Add(lines{})
	return p
}

// lines are the light horizontal ones at the ticks.
type lines struct{}

func (lines) Plot(c draw.Canvas, p *plot.Plot) {
	for _, t := range p.Y.Tick.Marker.Ticks(p.Y.Min, p.Y.Max) {
		if t.Value > p.Y.Min {
			y := c.Y(p.Y.Norm(t.Value))
			c.StrokeLine2(draw.LineStyle{Color: grid, Width: 0.6}, c.Min.X, y, c.Max.X, y)
		}
	}
}

// ticks asks for about so many of them, at multiples of 1, 2 or 5 times a power of ten.
type ticks int

func (n ticks) Ticks(lo, hi float64) []plot.Tick {
	raw := (hi - lo) / float64(n)
	power := math.Pow(10, math.Floor(math.Log10(raw)))
	step := max(10*power, 1)
	for _, m := range []float64{1, 2, 5} {
		if m*power >= raw && m*power >= 1 {
			step = m * power
			break
		}
	}
	var out []plot.Tick
	for i := 0; float64(i)*step <= hi*(1+1e-9); i++ {
		out = append(out, plot.Tick{Value: float64(i) * step, Label: thousands(float64(i)*step, 0)})
	}
	return out
}

// curvePlotter draws a Curve's band, or its median line.
type curvePlotter struct {
	Curve
	style
	Band bool
	Of   int // curves in the plot
}

// bandAlpha is a band's opacity: less where many bands lie on each other.
func bandAlpha(curves int) uint8 { return uint8(0x2e * 5 / max(curves, 5)) }

func (q curvePlotter) Plot(c draw.Canvas, p *plot.Plot) {
	if q.Seeds == 0 {
		return
	}
	end := min(float64(q.End), p.X.Max)
	line := func(ys []float64) []vg.Point {
		var x, y []vg.Length
		for i, j := range q.At {
			if float64(j) > end {
				break
			}
			x = append(x, c.X(p.X.Norm(float64(j))))
			y = append(y, c.Y(p.Y.Norm(ys[i])))
		}
		return thin(steps(x, y, c.X(p.X.Norm(end))))
	}
	if q.Band {
		if q.Seeds < 2 {
			return
		}
		area := line(q.Max)
		low := line(q.Min)
		slices.Reverse(low)
		fill := q.Color
		fill.A = bandAlpha(q.Of)
		c.SetColor(fill)
		c.Fill(pathOf(append(area, low...), true))
		return
	}
	c.SetLineStyle(draw.LineStyle{Color: q.Color, Width: 1.6, Dashes: q.Dash})
	median := line(q.Median)
	c.Stroke(pathOf(median, false))
	if end < p.X.Max { // a curve that stops says where
		e := median[len(median)-1]
		c.Fill(pathOf([]vg.Point{{X: e.X - 2.5, Y: e.Y - 2.5}, {X: e.X + 2.5, Y: e.Y - 2.5},
			{X: e.X + 2.5, Y: e.Y + 2.5}, {X: e.X - 2.5, Y: e.Y + 2.5}}, true))
	}
}

func pathOf(points []vg.Point, closed bool) vg.Path {
	var p vg.Path
	for i, pt := range points {
		if i == 0 {
			p.Move(pt)
		} else {
			p.Line(pt)
		}
	}
	if closed {
		p.Close()
	}
	return p
}

// reference draws what the curves are to be held against: all N anomalies, and what random audits are expected to
// find, b*N/n.
type reference struct {
	N, Rows int
	Random  bool
}

var (
	allStyle    = draw.LineStyle{Color: muted, Width: 0.7}
	randomStyle = draw.LineStyle{Color: muted, Width: 1, Dashes: []vg.Length{1, 2.5}}
)

func (r reference) Plot(c draw.Canvas, p *plot.Plot) {
	if r.N > 0 && float64(r.N) <= p.Y.Max {
		y := c.Y(p.Y.Norm(float64(r.N)))
		c.StrokeLine2(allStyle, c.Min.X, y, c.Max.X, y)
		sty := lettering(9, false, muted)
		sty.XAlign, sty.YAlign = draw.XRight, draw.YBottom
		c.FillText(sty, vg.Point{X: c.Max.X, Y: y + 2}, fmt.Sprintf("all N = %s", comma(r.N)))
	}
	if r.Random && r.Rows > 0 && r.N > 0 {
		expected := p.X.Max * float64(r.N) / float64(r.Rows) // newGraph makes the axis reach it
		c.StrokeLine2(randomStyle, c.X(0), c.Y(0), c.X(1), c.Y(p.Y.Norm(expected)))
	}
}
