package plot

import (
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/uaibench/uaibench/report/text"
)

// CriticalDifference is Demšar's diagram (2006, Figure 1): methods on a line of mean ranks, best on
// the right. Bars join methods whose ranks differ by at most Distance.
type CriticalDifference struct {
	Names    []string
	Styles   []Style
	Ranks    []float64
	Distance float64
}

const (
	cdLine  = 16 // height of a name
	cdAbove = 40 // height of the scale and the distance's bar
	cdBar   = 7
)

// Height is the diagram's height, in points.
func (d CriticalDifference) Height() vg.Length {
	return cdAbove + vg.Length(len(d.bars()))*cdBar + vg.Length((len(d.Names)+1)/2)*cdLine + 14
}

// order returns the methods' indices, the best first.
func (d CriticalDifference) order() []int {
	out := make([]int, len(d.Ranks))
	for i := range out {
		out[i] = i
	}
	slices.SortStableFunc(out, func(a, b int) int {
		switch {
		case d.Ranks[a] < d.Ranks[b]:
			return -1
		case d.Ranks[a] > d.Ranks[b]:
			return 1
		}
		return 0
	})
	return out
}

// bars returns the maximal groups of methods whose ranks are within Distance, as first and last
// positions in order.
func (d CriticalDifference) bars() (out [][2]int) {
	order := d.order()
	last := 0
	for i := range order {
		j := i
		for j+1 < len(order) && d.Ranks[order[j+1]]-d.Ranks[order[i]] <= d.Distance {
			j++
		}
		if j > i && j > last {
			out = append(out, [2]int{i, j})
			last = j
		}
	}
	return out
}

// Draw fills a canvas of the diagram's height.
func (d CriticalDifference) Draw(c draw.Canvas) {
	names := min(180, 0.34*(c.Max.X-c.Min.X))
	order, k := d.order(), len(d.Ranks)
	left, right := c.Min.X+names, c.Max.X-names
	x := func(rank float64) vg.Length { // 1 is on the right
		return right - vg.Length((rank-1)/float64(max(k-1, 1)))*(right-left)
	}
	line := draw.LineStyle{Color: Muted, Width: 0.8}
	y := c.Max.Y - 30
	c.StrokeLine2(line, left, y, right, y)
	tick := Lettering(9, false, Muted)
	tick.XAlign, tick.YAlign = draw.XCenter, draw.YBottom
	for r := 1; r <= k; r++ {
		c.StrokeLine2(line, x(float64(r)), y, x(float64(r)), y+4)
		c.FillText(tick, vg.Point{X: x(float64(r)), Y: y + 6}, text.Comma(r))
	}
	span := vg.Length(d.Distance/float64(max(k-1, 1))) * (right - left)
	bold := draw.LineStyle{Color: Ink, Width: 1.2}
	c.StrokeLine2(bold, left, c.Max.Y-6, min(left+span, right), c.Max.Y-6)
	for _, at := range []vg.Length{left, min(left+span, right)} {
		c.StrokeLine2(bold, at, c.Max.Y-9, at, c.Max.Y-3)
	}
	label := Lettering(9, false, Ink)
	label.YAlign = draw.YCenter
	c.FillText(label, vg.Point{X: min(left+span, right) + 6, Y: c.Max.Y - 6},
		"critical difference "+text.Thousands(d.Distance, 2))

	below := y - 6
	for _, b := range d.bars() {
		c.StrokeLine2(draw.LineStyle{Color: Ink, Width: 3}, x(d.Ranks[order[b[1]]])-3, below,
			x(d.Ranks[order[b[0]]])+3, below)
		below -= cdBar
	}
	half := (k + 1) / 2
	for place, i := range order {
		at, row := x(d.Ranks[i]), place // the better half is on the right, best on top
		text, to := Lettering(10, false, Ink), right+10
		if place >= half {
			row, to = k-1-place, left-10
			text.XAlign = draw.XRight
		}
		text.YAlign = draw.YCenter
		v := below - 6 - vg.Length(row)*cdLine
		c.SetLineStyle(draw.LineStyle{Color: d.Styles[i].Color, Width: 1.2})
		c.Stroke(PathOf([]vg.Point{{X: at, Y: y}, {X: at, Y: v}, {X: to, Y: v}}, false))
		c.SetColor(d.Styles[i].Color)
		c.Fill(Diamond(vg.Point{X: at, Y: y}, 3.4))
		if to > at {
			to += 4
		} else {
			to -= 4
		}
		c.FillText(text, vg.Point{X: to, Y: v}, Fit(d.label(i), text, names-16))
	}
}

func (d CriticalDifference) label(i int) string {
	return d.Names[i] + "  " + text.Thousands(d.Ranks[i], 2)
}
