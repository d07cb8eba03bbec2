package plot

import (
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// EndLabel is a line's name at its end.
type EndLabel struct {
	Text string
	Style
	X, Y float64 // the line's end, in axis units
}

// EndLabels name the lines of a plot at their ends: beside the axes, or within them if a line ends
// earlier. They are moved up and down until none overlaps another; a sample joins each to its line.
type EndLabels []EndLabel

const (
	labelLine   = 11 // height of a label
	labelSample = 15 // width of the line's sample, between its end and the text
)

var labelStyle = Lettering(9.5, false, Ink)

// Room is the width that labels take beside the axes; 0 without labels.
func (l EndLabels) Room() vg.Length {
	most := vg.Length(0)
	for _, e := range l {
		most = max(most, labelSample+4+labelStyle.Width(e.Text))
	}
	return most
}

// Fit reports whether the labels leave enough of a plot of the given size for its lines. If not,
// use a legend.
func (l EndLabels) Fit(width, height vg.Length) bool {
	return l.Room() <= 0.36*width && vg.Length(len(l)*labelLine) <= height-40
}

// Draw draws the axes with labels at their right, within c.
func (l EndLabels) Draw(c draw.Canvas, p *Axes) {
	p.Add(l)
	p.Draw(draw.Crop(c, 0, -l.Room(), 0, 0))
}

func (l EndLabels) Plot(c draw.Canvas, p *Axes) {
	sorted := slices.Clone(l)
	slices.SortStableFunc(sorted, func(a, b EndLabel) int {
		switch {
		case a.Y > b.Y:
			return -1
		case a.Y < b.Y:
			return 1
		}
		return 0
	})
	for len(sorted) > 0 { // labels that end at the same x are spread together
		x := sorted[0].X
		var at, rest EndLabels
		for _, e := range sorted {
			if e.X == x {
				at = append(at, e)
			} else {
				rest = append(rest, e)
			}
		}
		at.column(c, p, c.X(min(p.X.Norm(x), 1)))
		sorted = rest
	}
}

// column draws the labels, sorted downwards, of lines that end at x.
func (l EndLabels) column(c draw.Canvas, p *Axes, x vg.Length) {
	ends := make([]float64, len(l))
	for i, e := range l {
		ends[i] = float64(c.Y(min(max(p.Y.Norm(e.Y), 0), 1)))
	}
	places := spread(ends, labelLine, float64(c.Min.Y)+labelLine/2, float64(c.Max.Y)-labelLine/2)
	for i, e := range l {
		y, from := vg.Length(places[i]), x+2
		text := labelStyle
		text.YAlign = draw.YCenter
		if x < c.Max.X-1 { // lines pass here
			from = x + 5
			back := Paper
			back.A = 0xc8
			c.SetColor(back)
			right := from + labelSample + 4 + text.Width(e.Text)
			c.Fill(PathOf([]vg.Point{{X: from, Y: y - 5}, {X: right, Y: y - 5},
				{X: right, Y: y + 5}, {X: from, Y: y + 5}}, true))
		}
		c.SetLineStyle(draw.LineStyle{Color: e.Color, Width: max(e.width(), 1.2), Dashes: e.Dash})
		c.Stroke(PathOf([]vg.Point{{X: from, Y: vg.Length(ends[i])}, {X: from + 4, Y: y},
			{X: from + labelSample, Y: y}}, false))
		c.FillText(text, vg.Point{X: from + labelSample + 3, Y: y + 0.5}, e.Text)
	}
}

// spread moves places, which descend, as little as possible (least squares) so that they are at
// least gap apart and within [lo, hi]. If they do not fit, they begin at hi.
func spread(places []float64, gap, lo, hi float64) []float64 {
	type block struct {
		sum float64
		n   int
	}
	var blocks []block
	for i, y := range places { // isotonic regression, with the gaps removed
		b := block{y + float64(i)*gap, 1}
		for k := len(blocks); k > 0 && b.sum*float64(blocks[k-1].n) > blocks[k-1].sum*float64(b.n); {
			b = block{b.sum + blocks[k-1].sum, b.n + blocks[k-1].n}
			k--
			blocks = blocks[:k]
		}
		blocks = append(blocks, b)
	}
	out := make([]float64, 0, len(places))
	last := float64(len(places)-1) * gap
	for _, b := range blocks {
		for range b.n {
			y := min(max(b.sum/float64(b.n), lo+last), hi)
			out = append(out, y-float64(len(out))*gap)
		}
	}
	return out
}
