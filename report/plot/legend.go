package plot

import (
	"image/color"
	"strings"

	vgtext "gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/uaibench/uaibench/report/text"
)

// Entry is an entry of a legend: a sample of the line on its band, and a label.
type Entry struct {
	Label string
	Line  draw.LineStyle // width 0: no sample
	Band  color.NRGBA    // opacity 0: no band
}

// Sample returns the legend entry of a line in style s. curves is the number of curves with bands
// in the plot; 0 means without a band.
func Sample(label string, s Style, curves int) Entry {
	e := Entry{Label: label, Line: draw.LineStyle{Color: s.Color, Width: s.width(), Dashes: s.Dash}}
	if curves > 0 {
		e.Band = s.Color
		e.Band.A = BandAlpha(curves)
	}
	return e
}

// Swatch returns the entry of markers in a colour.
func Swatch(label string, c color.NRGBA) Entry {
	return Entry{Label: label, Line: draw.LineStyle{Color: c, Width: 4}}
}

// legend is drawn above the axes, under the heading, where it hides nothing.
type legend struct {
	rows   [][]Entry
	widths [][]vg.Length
}

const (
	legendLine   = 15
	legendSample = 30
	legendGap    = 18
)

// Layout breaks a legend into lines of the given width.
func Layout(entries []Entry, width vg.Length) legend {
	sty := Lettering(10, false, Ink)
	var l legend
	at := width + 1
	for _, e := range entries {
		w := legendSample + 6 + sty.Width(e.Label) + legendGap
		if at+w-legendGap > width || len(l.rows) == 0 {
			l.rows, l.widths = append(l.rows, nil), append(l.widths, nil)
			at = 0
		}
		n := len(l.rows) - 1
		l.rows[n], l.widths[n] = append(l.rows[n], e), append(l.widths[n], w)
		at += w
	}
	return l
}

// Height is the legend's height, in points; 0 if it is empty.
func (l legend) Height() vg.Length {
	if len(l.rows) == 0 {
		return 0
	}
	return vg.Length(len(l.rows))*legendLine + 4
}

// Draw draws the legend below and to the right of at.
func (l legend) Draw(c draw.Canvas, at vg.Point) {
	sty := Lettering(10, false, Ink)
	for i, row := range l.rows {
		x, y := at.X, at.Y-vg.Length(i)*legendLine
		for j, e := range row {
			middle := y - 6
			if e.Band.A > 0 {
				c.SetColor(e.Band)
				c.Fill(PathOf([]vg.Point{{X: x, Y: middle - 5},
					{X: x + legendSample, Y: middle - 5},
					{X: x + legendSample, Y: middle + 5}, {X: x, Y: middle + 5}}, true))
			}
			if e.Line.Width > 0 {
				c.StrokeLine2(e.Line, x, middle, x+legendSample, middle)
			}
			c.FillText(sty, vg.Point{X: x + legendSample + 6, Y: y}, e.Label)
			x += l.widths[i][j]
		}
	}
}

// CaptionStyle is the style of the lines below a picture.
var CaptionStyle = Lettering(9, false, Muted)

// CaptionLine is the height of a caption line, in points.
const CaptionLine = 12

// Wrap joins sentences and breaks them into lines of the given width.
func Wrap(sentences []string, sty vgtext.Style, width vg.Length) []string {
	var out []string
	line := ""
	for word := range strings.FieldsSeq(strings.Join(sentences, " ")) {
		word = Fit(word, sty, width)
		if longer := strings.TrimSpace(line + " " + word); line == "" ||
			sty.Width(longer) <= width {
			line = longer
			continue
		}
		out = append(out, line)
		line = word
	}
	if line != "" {
		out = append(out, line)
	}
	return out
}

// Fit shortens s until it is no wider than width.
func Fit(s string, sty vgtext.Style, width vg.Length) string {
	for n := len([]rune(s)); n > 1 && sty.Width(s) > width; n-- {
		s = text.Shorten(s, n)
	}
	return s
}

// WriteCaption writes lines at the lower edge of a canvas.
func WriteCaption(c draw.Canvas, lines []string) {
	for i, line := range lines {
		c.FillText(CaptionStyle,
			vg.Point{X: c.Min.X, Y: c.Min.Y + vg.Length(len(lines)-i)*CaptionLine}, line)
	}
}
