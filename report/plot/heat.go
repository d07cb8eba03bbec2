package plot

import (
	"image/color"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// HeatScale is a sequence of one hue from light to dark, whose order survives colour blindness and
// photocopying (ColorBrewer, Blues).
var HeatScale = []color.NRGBA{
	RGB(0xf7fbff), RGB(0xdeebf7), RGB(0xc6dbef), RGB(0x9ecae1), RGB(0x6baed6), RGB(0x4292c6),
	RGB(0x2171b5), RGB(0x08519c), RGB(0x08306b),
}

// Colours of text on the scale. Neither they nor the scale change on a dark page.
var (
	OnLight = RGB(0x101418)
	onDeep  = RGB(0xfdfeff)
)

// fixedColors are the colours that OnDark keeps.
var fixedColors = append([]color.NRGBA{OnLight, onDeep}, HeatScale...)

// HeatColor returns a value's colour on the scale, and a legible text colour on it.
func HeatColor(x, lo, hi float64) (fill, letters color.NRGBA) {
	i := len(HeatScale) / 3
	if hi > lo {
		i = min(int((x-lo)/(hi-lo)*float64(len(HeatScale))), len(HeatScale)-1)
	}
	if fill = HeatScale[i]; luminance(fill) < 0.55 {
		return fill, onDeep
	}
	return fill, OnLight
}

// HeatCell is a cell of a HeatGrid.
type HeatCell struct {
	Value       float64
	Text, Small string // the value, and a note below it; Text "": no result
	Framed      bool
}

// HeatGrid shows values by row and column, darker for more.
type HeatGrid struct {
	Rows, Columns []string
	At            func(row, column int) HeatCell
	Lo, Hi        float64 // of the scale
}

func (g HeatGrid) Draw(c draw.Canvas) {
	const names, foot = 78, 18
	small, number := Lettering(9.5, false, Muted), Lettering(11, false, OnLight)
	small.YAlign, number.YAlign, number.XAlign = draw.YCenter, draw.YCenter, draw.XCenter
	left, bottom := c.Min.X+names, c.Min.Y+foot
	wide, high := (c.Max.X-left)/vg.Length(len(g.Columns)), (c.Max.Y-bottom)/vg.Length(len(g.Rows))
	below := Lettering(9.5, false, Muted)
	below.XAlign = draw.XCenter
	for j, v := range g.Columns {
		c.FillText(below, vg.Point{X: left + (vg.Length(j)+0.5)*wide, Y: bottom - 4},
			Fit(v, below, wide-4))
	}
	var framed []vg.Point
	for i, name := range g.Rows {
		y := c.Max.Y - vg.Length(i+1)*high
		c.FillText(small, vg.Point{X: c.Min.X, Y: y + high/2}, Fit(name, small, names-6))
		for j := range g.Columns {
			x := left + vg.Length(j)*wide
			box := []vg.Point{{X: x + 1, Y: y + 1}, {X: x + wide - 1, Y: y + 1},
				{X: x + wide - 1, Y: y + high - 1}, {X: x + 1, Y: y + high - 1}}
			cell, sty := g.At(i, j), number
			if cell.Framed {
				framed = box
			}
			middle := vg.Point{X: x + wide/2, Y: y + high/2}
			if cell.Text == "" {
				c.SetLineStyle(draw.LineStyle{Color: Grid, Width: 0.8})
				c.Stroke(PathOf(box, true))
				sty.Color = Muted
				c.FillText(sty, middle, "no result")
				continue
			}
			fill, letters := HeatColor(cell.Value, g.Lo, g.Hi)
			c.SetColor(fill)
			c.Fill(PathOf(box, true))
			sty.Color = letters
			if cell.Small != "" {
				middle.Y += 5
			}
			c.FillText(sty, middle, cell.Text)
			sty.Font.Size = 8
			c.FillText(sty, vg.Point{X: middle.X, Y: middle.Y - 12}, cell.Small)
		}
	}
	if framed != nil {
		c.SetLineStyle(draw.LineStyle{Color: RGB(0xd55e00), Width: 2.4})
		c.Stroke(PathOf(framed, true))
	}
}
