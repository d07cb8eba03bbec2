// Package plot draws: pictures as SVG, for a file or for a page, and as PNG, with one heading,
// legend, caption, palette and set of axes for all of a project's plots. A Sheet of Panels covers
// most:
//
//	s := &plot.Sheet{Slug: "mnist.found", Title: "MNIST0", Columns: 1, Height: 320,
//		Entries: []plot.Entry{{Label: "DAE", Line: draw.LineStyle{Color: c, Width: 1.6}}},
//		Panels: []plot.Panel{{Draw: func(c draw.Canvas) {
//			a := plot.NewAxes(5000, 600)   // to x = 5,000 and y = 600, from zero
//			a.Add(plot.StepLine{…})
//			a.Draw(c)
//		}}},
//	}
//	svg := s.Drawing().SVG()
//
// A plotter is gonum's: anything with Plot(draw.Canvas, *plot.Axes). What a reader can point at in
// a page travels with the drawing as Tooltips.
//
// It knows nothing of runs and cells (report/model), and decides nothing about what is shown
// (report/figures). The same drawing gives the same bytes.
package plot

import (
	"bytes"
	"image/color"

	xfont "golang.org/x/image/font"
	gonum "gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	vgtext "gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

// Drawing is something that can be drawn: as SVG, for a file or for a page, or as PNG.
type Drawing struct {
	Slug        string
	Short       string // for a list of contents
	Title, Desc string // for those who do not see it
	Notes       []string
	W, H        vg.Length
	Draw        func(draw.Canvas)
	Tooltips    []*Tooltip // of what it shows
	// Narrow is the same for a phone: as wide as its screen, a panel a row. It shares the tooltips,
	// which tell of whatever was drawn last. nil: there is none
	Narrow func() *Drawing
}

// Frame is what surrounds a picture: heading and legend above it, a caption below.
type Frame struct {
	Slug, Short, Title, Desc string // as a figure has them

	Heading, Subtitle string // drawn above; "": none
	Entries           []Entry
	Notes             []string
}

// Lines of a heading.
const (
	headingLine  = 17
	subtitleLine = 14
	headingGap   = 7
)

// Drawing makes the figure of a picture of a height, which body draws, in any width.
func (f Frame) Drawing(width, height vg.Length, body func(draw.Canvas)) *Drawing {
	out := f.drawing(width, height, body)
	out.Narrow = func() *Drawing { return f.drawing(NarrowWidth, height, body) }
	return out
}

func (f Frame) drawing(width, height vg.Length, body func(draw.Canvas)) *Drawing {
	inner := width - 2*Margin
	l := Layout(f.Entries, inner)
	caption := Wrap(f.Notes, CaptionStyle, inner)
	below := 8 + vg.Length(len(caption))*CaptionLine
	bold, small := Lettering(13, true, Ink), Lettering(10, false, Muted)
	head := vg.Length(0)
	var heading, subtitle []string
	if f.Heading != "" {
		heading = Wrap([]string{f.Heading}, bold, inner)
		subtitle = Wrap([]string{f.Subtitle}, small, inner)
		head = vg.Length(len(heading))*headingLine +
			vg.Length(max(len(subtitle), 1))*subtitleLine + headingGap
	}
	above := head + l.Height()
	out := &Drawing{
		Slug: f.Slug, Short: f.Short, Title: f.Title, Desc: f.Desc, Notes: f.Notes,
		W: width, H: above + height + below + 2*Margin,
	}
	out.Draw = func(c draw.Canvas) {
		c = draw.Crop(c, Margin, -Margin, Margin, -Margin)
		y := c.Max.Y
		for _, line := range heading {
			c.FillText(bold, vg.Point{X: c.Min.X, Y: y}, line)
			y -= headingLine
		}
		for _, line := range subtitle {
			c.FillText(small, vg.Point{X: c.Min.X, Y: y}, line)
			y -= subtitleLine
		}
		body(draw.Crop(c, 0, 0, below, -above))
		l.Draw(c, vg.Point{X: c.Min.X, Y: c.Max.Y - head + 2})
		WriteCaption(c, caption)
	}
	return out
}

// SVG of its own, with text as outlines. The same run gives the same bytes.
func (f *Drawing) SVG() []byte {
	c := newSVG(f.W, f.H, false)
	dc := draw.New(c)
	dc.SetColor(Paper)
	dc.Fill(dc.Rectangle.Path())
	f.Draw(dc)
	return []byte(c.document("", f.Title, f.Desc))
}

// InPage is SVG for HTML, with the colours that it uses as classes "s" (stroke) or "f" (fill) and
// the colour's digits.
func (f *Drawing) InPage(prefix string, colors map[color.NRGBA]bool) string {
	c := newSVG(f.W, f.H, true)
	f.Draw(draw.New(c))
	for k := range c.colors {
		colors[k] = true
	}
	return c.document(prefix, f.Title, f.Desc)
}

// PNG at 144 dots an inch.
func (f *Drawing) PNG() ([]byte, error) {
	c := vgimg.NewWith(vgimg.UseWH(f.W, f.H), vgimg.UseDPI(144), vgimg.UseBackgroundColor(Paper))
	f.Draw(draw.New(c))
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

// Lettering flush left with its top at the point where it is drawn.
func Lettering(size vg.Length, bold bool, c color.Color) vgtext.Style {
	return vgtext.Style{Color: c, Font: sans(size, bold), XAlign: draw.XLeft, YAlign: draw.YTop,
		Handler: gonum.DefaultTextHandler}
}

const (
	FigureWidth  = 720
	NarrowWidth  = 372 // of a phone's screen, at a point a pixel
	FigureHeight = 320 // of the axes
	Margin       = 10
	LegendRunes  = 60
)

// Names of gonum's that a figure's own plotters need.
type (
	Axes    = gonum.Plot
	Axis    = gonum.Axis
	Tick    = gonum.Tick
	Plotter = gonum.Plotter
)
