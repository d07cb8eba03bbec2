package figures

import (
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/paper"
	"github.com/uaibench/uaibench/report/plot"
)

// printed is the paper's F1 of a method on a dataset as a point of its curve: F1 at N is
// found(N)/N. It is drawn beside the measured curves; nothing is computed from it.
type printed struct {
	audits, found float64
	plot.Style
}

const printedNote = "Diamonds: F1 at N as the paper prints it (Table 1), of the method in that " +
	"colour; nothing here is computed from them."

// printedOf returns the points for the graph's methods at their defaults, if the dataset has the
// paper's number of anomalies and N lies within the axes.
func printedOf(m *model.Model, g *graph) []printed {
	if g.N == 0 || g.N > g.XMax || g.N != g.Group.Info.Published.Anomalies {
		return nil
	}
	var out []printed
	for _, s := range g.Series {
		f1, ok := paper.F1(s.Method.ID, g.Group.Ref.ID)
		if ok && len(s.Results()) > 0 && m.AtDefaults(s) {
			out = append(out, printed{float64(g.N), f1 * float64(g.N), s.Style})
		}
	}
	return out
}

func (q printed) Plot(c draw.Canvas, p *plot.Axes) {
	at := vg.Point{X: c.X(p.X.Norm(q.audits)), Y: c.Y(p.Y.Norm(min(q.found, p.Y.Max)))}
	c.SetColor(plot.Paper)
	c.Fill(plot.Diamond(at, 5))
	c.SetColor(q.Color)
	c.Fill(plot.Diamond(at, 3.6))
}
