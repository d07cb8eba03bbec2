package network

import (
	"cmp"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/report/plot"
)

// wiring is the layout of a network: the base's blocks in a row, and the UAI layer's in a row
// above, beginning over s. Neighbours are joined directly; other lines run below the row, those
// from l and s up to the other row. Data blocks other than the rows are below the block computed
// from them.
type wiring struct {
	bench.Network
	column  []int
	lane    []int // 0: the UAI layer's row, 1: data below it, 2: the base's row, 3: data below that
	level   []int // by flow: its depth below the row; -1: it is not below
	depth   int   // number of levels
	columns int
	given   bool // lane 3 is used
}

func wire(n bench.Network) *wiring {
	w := &wiring{Network: n, column: make([]int, len(n.Blocks)), lane: make([]int, len(n.Blocks)),
		level: make([]int, len(n.Flows))}
	next := map[bool]int{}
	for i, b := range n.Blocks {
		source := !slices.ContainsFunc(n.Flows, func(f bench.Flow) bool { return f.To == i })
		if !b.UAI {
			w.lane[i] = 2
		}
		if source && i > 0 {
			w.lane[i]++
			w.given = w.given || !b.UAI
			w.column[i] = next[b.UAI] // over or under the block that follows
			continue
		}
		if b.UAI && next[true] == 0 {
			next[true] = w.column[n.Score]
		}
		w.column[i] = next[b.UAI]
		next[b.UAI]++
		w.columns = max(w.columns, next[b.UAI])
	}
	w.levels()
	return w
}

// levels gives each line below the row the least depth at which it meets no other, shorter lines
// first.
func (w *wiring) levels() {
	var below []int
	for i, f := range w.Flows {
		w.level[i] = -1
		if w.lane[f.From] == 2 && w.lane[f.To] == 2 && w.column[f.To] > w.column[f.From]+1 {
			below = append(below, i)
		}
	}
	span := func(i int) int { return w.column[w.Flows[i].To] - w.column[w.Flows[i].From] }
	slices.SortStableFunc(below, func(a, b int) int { return cmp.Compare(span(a), span(b)) })
	for k, i := range below {
		f := w.Flows[i]
		taken := map[int]bool{}
		for _, j := range below[:k] {
			g := w.Flows[j]
			if w.column[g.From] <= w.column[f.To] && w.column[f.From] <= w.column[g.To] {
				taken[w.level[j]] = true
			}
		}
		for w.level[i] = 0; taken[w.level[i]]; w.level[i]++ {
		}
		w.depth = max(w.depth, w.level[i]+1)
	}
}

// Distances of the rows' centres from the top, and of data blocks from the centre of the row above.
const (
	upperRow = 50
	rowsGap  = 140
	givenGap = 76
)

func (w *wiring) half() vg.Length {
	var h vg.Length
	for i, b := range w.Blocks {
		if w.lane[i] == 2 {
			h = max(h, barHeight(b.Width)/2)
		}
	}
	return h
}

func (w *wiring) height() vg.Length {
	h := upperRow + rowsGap + w.half() + vg.Length(w.depth)*wireLevel + 14
	if w.given {
		h = max(h, upperRow+rowsGap+givenGap+barHeight(1)/2+14)
	}
	return h
}

// at is a block's centre, relative to the top left corner.
func (w *wiring) at(i int, corner vg.Point) vg.Point {
	y := vg.Length(upperRow)
	switch w.lane[i] {
	case 1:
		y += givenGap
	case 2:
		y += rowsGap
	case 3:
		y += rowsGap + givenGap
	}
	return vg.Point{X: corner.X + vg.Length(w.column[i])*pitch + pitch/2, Y: corner.Y - y}
}

// way is a flow's line, from block to block, in horizontal and vertical segments. feet has the
// number of line ends below each block so far.
func (w *wiring) way(i int, corner vg.Point, feet map[int]int) []vg.Point {
	f := w.Flows[i]
	from, to := w.at(f.From, corner), w.at(f.To, corner)
	hf, ht := barHeight(w.Blocks[f.From].Width)/2, barHeight(w.Blocks[f.To].Width)/2
	right, left := vg.Point{X: from.X + barWidth/2, Y: from.Y},
		vg.Point{X: to.X - barWidth/2, Y: to.Y}
	switch {
	case w.level[i] >= 0:
		foot := func(block int, at vg.Point) vg.Length {
			x := at.X - 9 + 9*vg.Length(feet[block])
			feet[block]++
			return x
		}
		a, b := foot(f.From, from), foot(f.To, to)
		y := corner.Y - upperRow - rowsGap - w.half() - 10 - vg.Length(w.level[i])*wireLevel
		return []vg.Point{{X: a, Y: from.Y - hf}, {X: a, Y: y}, {X: b, Y: y}, {X: b, Y: to.Y - ht}}
	case from.X == to.X: // straight up
		return []vg.Point{{X: from.X, Y: from.Y + hf}, {X: to.X, Y: to.Y - ht}}
	case from.Y == to.Y:
		return []vg.Point{right, left}
	default: // from l: up, then to the right
		return []vg.Point{{X: from.X, Y: from.Y + hf}, {X: from.X, Y: to.Y}, left}
	}
}

func (w *wiring) draw(c draw.Canvas, corner vg.Point) {
	feet := map[int]int{}
	up := map[int]bool{}
	for i, f := range w.Flows {
		way := w.way(i, corner, feet)
		up[f.From] = up[f.From] || w.lane[f.From] > w.lane[f.To]
		arrow(c, forwards, way)
		back := slices.Clone(way)
		slices.Reverse(back)
		if f.Base {
			arrow(c, baseGradient, beside(back, apart))
		}
		if f.UAI {
			arrow(c, uaiGradient, beside(back, -apart))
		}
		if f.Stop {
			stop(c, beside(back, -apart))
		}
	}
	for i, b := range w.Blocks {
		drawBlock(c, b, w.at(i, corner), up[i])
	}
	row := plot.Lettering(11, true, baseGradient.Color)
	row.YAlign = draw.YBottom
	c.FillText(row, vg.Point{X: corner.X, Y: corner.Y - upperRow - rowsGap + w.half() + 30}, w.Base)
	row.Color, row.XAlign = uaiGradient.Color, draw.XRight
	c.FillText(row, vg.Point{X: w.at(w.Score, corner).X - pitch/2, Y: corner.Y - upperRow + 8},
		"UAI layer")
}

// unitOf is the direction of a horizontal or vertical segment.
func unitOf(a, b vg.Point) vg.Point {
	sign := func(d vg.Length) vg.Length { return vg.Length(cmp.Compare(d, 0)) }
	return vg.Point{X: sign(b.X - a.X), Y: sign(b.Y - a.Y)}
}

// beside is a line of horizontal and vertical segments, moved to its right by d.
func beside(line []vg.Point, d vg.Length) []vg.Point {
	out := make([]vg.Point, len(line))
	for i, p := range line {
		var move vg.Point
		add := func(u vg.Point) { move.X, move.Y = move.X+u.Y, move.Y-u.X }
		if i > 0 {
			add(unitOf(line[i-1], p))
		}
		if i+1 < len(line) {
			if u := unitOf(p, line[i+1]); i == 0 || u != unitOf(line[i-1], p) {
				add(u)
			}
		}
		out[i] = vg.Point{X: p.X + d*move.X, Y: p.Y + d*move.Y}
	}
	return out
}

// arrow strokes a line with an arrowhead at its end.
func arrow(c draw.Canvas, sty draw.LineStyle, line []vg.Point) {
	c.SetLineStyle(sty)
	c.Stroke(plot.PathOf(line, false))
	end := line[len(line)-1]
	u := unitOf(line[len(line)-2], end)
	const long, wide = 5, 2.2
	back := vg.Point{X: end.X - long*u.X, Y: end.Y - long*u.Y}
	c.SetColor(sty.Color)
	c.Fill(plot.PathOf([]vg.Point{end, {X: back.X + wide*u.Y, Y: back.Y - wide*u.X},
		{X: back.X - wide*u.Y, Y: back.Y + wide*u.X}}, true))
}

// stop draws the beginning of a gradient's line, with a bar across its end.
func stop(c draw.Canvas, line []vg.Point) {
	u := unitOf(line[0], line[1])
	end := vg.Point{X: line[0].X + 14*u.X, Y: line[0].Y + 14*u.Y}
	c.SetLineStyle(uaiGradient)
	c.Stroke(plot.PathOf([]vg.Point{line[0], end}, false))
	c.SetLineStyle(draw.LineStyle{Color: uaiGradient.Color, Width: 2.2})
	c.Stroke(plot.PathOf([]vg.Point{{X: end.X - 7*u.Y, Y: end.Y + 7*u.X},
		{X: end.X + 7*u.Y, Y: end.Y - 7*u.X}}, false))
}
