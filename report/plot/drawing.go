// Package plot draws figures as SVG, for a file or a page, and as PNG. All of the project's plots
// share its headings, legends, captions, palette and axes. Most are a Sheet of Panels:
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
// Plotters are gonum's: types with Plot(draw.Canvas, *plot.Axes). The data of a page's tooltips
// travels with the drawing as Tooltips.
//
// The package does not depend on runs and cells (report/model) nor on what is shown
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

// Drawing is a figure that can be written as SVG or PNG.
type Drawing struct {
	Slug        string
	Short       string // for a table of contents
	Title, Desc string // text alternatives
	Notes       []string
	W, H        vg.Length
	Draw        func(draw.Canvas)
	Tooltips    []*Tooltip // of its plots
	// Narrow is the same figure for a phone: as wide as its screen, one panel a row. It shares the
	// Tooltips, which hold the positions of the last drawing. nil: there is none
	Narrow func() *Drawing
}

// Frame surrounds a picture: heading and legend above it, caption below.
type Frame struct {
	Slug, Short, Title, Desc string // as in Drawing

	Heading, Subtitle string // drawn above; "": none
	Entries           []Entry
	Notes             []string
}

// Heights of the heading's lines, in points.
const (
	headingLine  = 17
	subtitleLine = 14
	headingGap   = 7
)

// Drawing returns the figure whose picture, of the given height, body draws at any width.
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

// SVG is a standalone SVG file, with text as outlines. The same drawing gives the same bytes.
func (f *Drawing) SVG() []byte {
	c := newSVG(f.W, f.H, false)
	dc := draw.New(c)
	dc.SetColor(Paper)
	dc.Fill(dc.Rectangle.Path())
	f.Draw(dc)
	return []byte(c.document("", f.Title, f.Desc))
}

// InPage is SVG for HTML, its ids prefixed. Each colour is a class, "s" (stroke) or "f" (fill)
// followed by the colour's hex digits; the colours used are added to colors.
func (f *Drawing) InPage(prefix string, colors map[color.NRGBA]bool) string {
	c := newSVG(f.W, f.H, true)
	f.Draw(draw.New(c))
	for k := range c.colors {
		colors[k] = true
	}
	return c.document(prefix, f.Title, f.Desc)
}

// PNG is the figure at 144 dots per inch.
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

// Lettering is a text style with its anchor at the top left.
func Lettering(size vg.Length, bold bool, c color.Color) vgtext.Style {
	return vgtext.Style{Color: c, Font: sans(size, bold), XAlign: draw.XLeft, YAlign: draw.YTop,
		Handler: gonum.DefaultTextHandler}
}

const (
	FigureWidth  = 720
	NarrowWidth  = 372 // of a phone's screen, one point per pixel
	FigureHeight = 320 // of the axes
	Margin       = 10
	LegendRunes  = 60
)

// Aliases of gonum's types for a figure's own plotters.
type (
	Axes    = gonum.Plot
	Axis    = gonum.Axis
	Tick    = gonum.Tick
	Plotter = gonum.Plotter
)
