// Package network draws a built network like the paper's Figures 1 and 5: its layers, what is
// computed from what, and which gradient goes where. The diagram shows only the network's own data.
//
//	svg, err := network.Draw(n, "DAE_uai", "svg")
//
// It draws a bench.Network, not architectures that are not built.
package network

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/report/plot"
	"github.com/uaibench/uaibench/report/text"
)

// Draw draws a built network like the paper's Figures 1 and 5, as "svg" or "png"; any other format
// is an error.
func Draw(n bench.Network, title, format string) ([]byte, error) {
	f := networkFigure(n, title)
	switch format {
	case "svg":
		return f.SVG(), nil
	case "png":
		return f.PNG()
	}
	return nil, fmt.Errorf("report: a diagram is svg or png, not %q", format)
}

const (
	pitch     = 64 // distance of the columns
	barWidth  = 30
	wireLevel = 13 // distance between lines that run below the blocks
	apart     = 3.2
)

var (
	baseGradient = draw.LineStyle{Color: plot.RGB(0x0072b2), Width: 1, Dashes: plot.Dashes[2]}
	uaiGradient  = draw.LineStyle{Color: plot.RGB(0xd55e00), Width: 1.2, Dashes: plot.Dashes[2]}
	forwards     = draw.LineStyle{Color: plot.Ink, Width: 0.9}
)

// barHeight grows with the logarithm of the width.
func barHeight(width int) vg.Length {
	return vg.Length(20 + float64(80*math.Log1p(float64(width))/math.Log1p(4096)))
}

func networkFigure(n bench.Network, title string) *plot.Drawing {
	w := wire(n)
	entries := []plot.Entry{{Label: "computed from", Line: forwards},
		{Label: "gradient of the base's loss", Line: baseGradient},
		{Label: "gradient of the cross-entropy; a bar across: it stops", Line: uaiGradient}}
	width := max(plot.FigureWidth, vg.Length(w.columns)*pitch+2*plot.Margin)
	return plot.Frame{
		Slug: "network", Short: title, Title: title, Desc: networkText(n),
		Heading: title, Subtitle: weightsText(n), Entries: entries, Notes: networkNotes(n),
	}.Drawing(width, w.height(), func(c draw.Canvas) {
		w.draw(c, vg.Point{X: c.Min.X, Y: c.Max.Y})
	})
}

// weightsText is the number of weights, by what trains them.
func weightsText(n bench.Network) string {
	var base, layer, both int
	for i, b := range n.Blocks {
		switch _, uai := n.Trained(i); {
		case b.UAI:
			layer += b.Weights
		default:
			base += b.Weights
			if uai {
				both += b.Weights
			}
		}
	}
	return fmt.Sprintf("%s weights of %s, of which the cross-entropy trains %s too, and %s of "+
		"the UAI layer", text.Comma(base), n.Base, text.Comma(both), text.Comma(layer))
}

func networkNotes(n bench.Network) []string {
	notes := []string{"Blue and orange bars are layers with weights, dashed ones are computed " +
		"from others, white ones are given; a bar's height grows with the logarithm of its " +
		"width, the number in it."}
	for _, b := range n.Blocks {
		if b.Formula == "" {
			continue
		}
		name := b.Name
		if b.Kind == bench.LossBlock {
			name = "Loss of " + n.Base
			if b.UAI {
				name = "Loss of the UAI layer"
			}
		}
		notes = append(notes, name+": "+b.Formula+".")
	}
	return notes
}

// networkText describes the diagram in words.
func networkText(n bench.Network) string {
	var chain []string
	for _, b := range n.Blocks {
		if b.Kind == bench.DenseBlock && !b.UAI {
			chain = append(chain, fmt.Sprintf("%d %s", b.Width, b.Activation))
		}
	}
	through := "The cross-entropy's gradient flows through l into the layers below it, but not " +
		"through s."
	for _, f := range n.Flows {
		if f.From == n.Latent && f.Stop {
			through = "The cross-entropy's gradient flows neither through l nor through s."
		}
	}
	return fmt.Sprintf("%s of %d inputs with dense layers of %s. l, of width %d, and s enter the "+
		"UAI layer. %s",
		n.Base, n.Blocks[0].Width, strings.Join(chain, ", "), n.Blocks[n.Latent].Width, through)
}

// drawBlock draws a block around its centre, at. With up, its labels are to the left of a line that
// goes up from it.
func drawBlock(c draw.Canvas, b bench.Block, at vg.Point, up bool) {
	h := barHeight(b.Width)
	box := []vg.Point{{X: at.X - barWidth/2, Y: at.Y - h/2}, {X: at.X + barWidth/2, Y: at.Y - h/2},
		{X: at.X + barWidth/2, Y: at.Y + h/2}, {X: at.X - barWidth/2, Y: at.Y + h/2}}
	fill, line := plot.Paper, draw.LineStyle{Color: plot.Ink, Width: 0.8}
	switch {
	case b.Kind == bench.DenseBlock && b.UAI:
		fill = plot.Mix(plot.RGB(0xd55e00), 0.7)
	case b.Kind == bench.DenseBlock:
		fill = plot.Mix(plot.RGB(0x0072b2), 0.7)
	case b.Kind == bench.ValueBlock:
		fill, line.Dashes = plot.Mix(plot.Grid, 0.5), plot.Dashes[4]
	case b.Kind == bench.LossBlock:
		fill = plot.Grid
	}
	c.SetColor(fill)
	c.Fill(plot.PathOf(box, true))
	c.SetLineStyle(line)
	c.Stroke(plot.PathOf(box, true))
	if b.Kind != bench.LossBlock {
		number := plot.Lettering(9, false, plot.Ink)
		number.XAlign, number.YAlign = draw.XCenter, draw.YCenter
		c.FillText(number, at, fmt.Sprint(b.Width))
	}
	x, align := at.X, draw.XCenter
	if up {
		x, align = at.X-5, draw.XRight
	}
	top := at.Y + h/2 + 3
	for _, l := range []struct {
		text string
		bold bool
	}{{b.Activation, false}, {b.Name, true}} { // from the bar upwards
		if l.text == "" {
			continue
		}
		sty := plot.Lettering(8.5, l.bold, plot.Muted)
		if l.bold {
			sty = plot.Lettering(10, true, plot.Ink)
		}
		sty.XAlign, sty.YAlign = align, draw.YBottom
		c.FillText(sty, vg.Point{X: x, Y: top}, l.text)
		top += 11
	}
}
