package animation

import (
	"fmt"
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/figures"
	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/plot"
	"github.com/uaibench/uaibench/report/text"
)

var (
	auditedColor = plot.RGB(0x000000)
	baseHead     = plot.RGB(0x56b4e9) // chosen by s
	trainedHead  = plot.RGB(0x0072b2) // chosen by the score that learns
)

// Animations returns, for each done cell of a method that learns, the plane of l and s as it
// changes, if checkpoints recorded it, and the choices.
func Animations(m *model.Model) ([]*Animation, error) {
	var out []*Animation
	taken := text.Names{}
	for _, p := range m.Groups {
		for _, s := range p.Series {
			for _, c := range s.Cells {
				if c.State != runlog.Done || c.Result.Full != nil {
					continue
				}
				queries, err := m.Audits(c.CellRecord)
				if err != nil {
					return nil, fmt.Errorf("report: cell %s: %w", c.ID, err)
				}
				a := &cellFrames{result: c.Result, queries: queries,
					title: fmt.Sprintf("%s, %s, seed %d", p.Title, s.Label, c.Cell.Seed)}
				for _, kind := range []struct {
					name   string
					frames []func(draw.Canvas)
				}{{"plane", a.planes()}, {"choices", a.choices()}} {
					if len(kind.frames) > 1 {
						name := fmt.Sprintf("%s.%s.%s.seed%d", p.Slug, kind.name,
							text.Slug(s.Label), c.Cell.Seed)
						out = append(out,
							&Animation{taken.Unique(name, "-"), 420, 340, kind.frames})
					}
				}
			}
		}
	}
	return out, nil
}

// cellFrames draws the frames of one cell.
type cellFrames struct {
	result  *runlog.Result
	queries []runlog.Audit
	title   string
}

// heading draws title, state and legend, and returns the remaining canvas.
func (a *cellFrames) heading(c draw.Canvas, state string, entries []plot.Entry,
	notes []string) draw.Canvas {
	c = draw.Crop(c, plot.Margin, -plot.Margin, plot.Margin, -plot.Margin)
	wide := c.Max.X - c.Min.X
	bold, small := plot.Lettering(12, true, plot.Ink), plot.Lettering(10, false, plot.Muted)
	c.FillText(bold, vg.Point{X: c.Min.X, Y: c.Max.Y}, plot.Fit(a.title, bold, wide))
	c.FillText(small, vg.Point{X: c.Min.X, Y: c.Max.Y - 16}, plot.Fit(state, small, wide))
	l, caption := plot.Layout(entries, wide), plot.Wrap(notes, plot.CaptionStyle, wide)
	below := l.Height() + 6 + vg.Length(len(caption))*plot.CaptionLine
	l.Draw(c, vg.Point{X: c.Min.X, Y: c.Min.Y + below - 6})
	plot.WriteCaption(c, caption)
	return draw.Crop(c, 0, 0, below, -34)
}

// found is the result of the first b audits as text.
func (a *cellFrames) found(b int) string {
	return fmt.Sprintf("b = %s: %s of %s anomalies found", text.Comma(b),
		text.Comma(a.result.Found.At(b)), text.Comma(a.result.Anomalies))
}

// planes returns frames of l against s, one per checkpoint, each with its own axes.
func (a *cellFrames) planes() (frames []func(draw.Canvas)) {
	audited := map[int]int{}
	for i, q := range a.queries {
		audited[q.Row] = i + 1
	}
	for _, k := range a.result.Checkpoints {
		p := k.Projection
		if p == nil || p.Anomalies == nil || p.Normals == nil {
			continue
		}
		n := 0
		mark := func(row int) bool { at := audited[row]; return at > 0 && at <= k.Audited }
		for _, q := range []*runlog.Points{p.Anomalies, p.Normals} {
			for _, row := range q.Row {
				if mark(row) {
					n++
				}
			}
		}
		state := a.found(k.Audited)
		if p.AUC != nil {
			state += fmt.Sprintf("; a line separates with AUC %.3f", *p.AUC)
		}
		notes := []string{fmt.Sprintf("%s of %s anomalies and %s of %s normal rows drawn; %s of "+
			"the %s audited rows are among them. Axes are each frame's own.",
			text.Comma(len(p.Anomalies.Row)), text.Comma(p.Anomalies.Of),
			text.Comma(len(p.Normals.Row)), text.Comma(p.Normals.Of), text.Comma(n),
			text.Comma(k.Audited))}
		frames = append(frames, func(c draw.Canvas) {
			area := a.heading(c, state, []plot.Entry{
				plot.Swatch("anomaly", plot.AnomalyColor),
				plot.Swatch("normal", plot.NormalColor),
				plot.Swatch("audited", auditedColor),
				{Label: "the line",
					Line: draw.LineStyle{Color: plot.Ink, Width: 1, Dashes: plot.Dashes[2]}},
			}, notes)
			figures.DrawLatent(area, nil, p, marks{p, mark})
		})
	}
	return frames
}

// marks marks the audited rows.
type marks struct {
	*runlog.LatentProjection
	audited func(row int) bool
}

func (q marks) Plot(c draw.Canvas, p *plot.Axes) {
	for _, of := range []struct {
		*runlog.Points
		color color.NRGBA
	}{{q.Normals, plot.NormalColor}, {q.Anomalies, plot.AnomalyColor}} {
		for i, row := range of.Row {
			if q.audited(row) {
				at := plot.Cloud{X: of.L, Y: of.S}.At(c, p, i)
				c.SetColor(auditedColor)
				c.Fill(plot.Square(at, 2.6))
				c.SetColor(of.color)
				c.Fill(plot.Square(at, 1.5))
			}
		}
	}
}

// choices returns frames of the audit list, a few rounds apart.
func (a *cellFrames) choices() (frames []func(draw.Canvas)) {
	b, k := len(a.queries), max(1, a.result.K)
	step := (b + mostFrames - 2) / (mostFrames - 1)
	step = (step + k - 1) / k * k
	for at := 0; ; at += step {
		at = min(at, b)
		frames = append(frames, func(c draw.Canvas) { a.drawChoices(c, at, step) })
		if at == b {
			return frames
		}
	}
}

func (a *cellFrames) drawChoices(c draw.Canvas, b, step int) {
	who := ""
	if b > 0 {
		who = "; the last chosen by s, the base's score"
		if a.queries[b-1].Head == "trained" {
			who = "; the last chosen by the score that learns"
		}
	}
	area := a.heading(c, a.found(b)+who, []plot.Entry{
		plot.Swatch("anomaly", plot.AnomalyColor),
		plot.Swatch("normal", plot.NormalColor),
		plot.Swatch("s chose", baseHead),
		plot.Swatch("learnt score chose", trainedHead),
	}, []string{fmt.Sprintf("Above: anomalies found, against what random audits would find. "+
		"Below: what was chosen, %s a bar.", text.Plural(step, "audit"))})
	middle := area.Min.Y + (area.Max.Y-area.Min.Y)*0.42
	top := float64(a.result.Found.At(len(a.queries)))
	above := plot.NewAxes(float64(len(a.queries)), math.Max(1, 1.05*top))
	above.X.Label.Text = ""
	above.Add(plot.Reference{N: a.result.Anomalies, Rows: a.result.Rows, Random: true},
		chosen{a, b})
	below := plot.NewAxes(float64(len(a.queries)), float64(step))
	below.Y.Label.Text = "chosen"
	below.Y.Tick.Marker = plot.Ticks(2)
	below.Add(picks{a, b, step})
	align(above, below)
	above.Draw(draw.Canvas{Canvas: area.Canvas,
		Rectangle: vg.Rectangle{Min: vg.Point{X: area.Min.X, Y: middle + 6}, Max: area.Max}})
	below.Draw(draw.Canvas{Canvas: area.Canvas,
		Rectangle: vg.Rectangle{Min: area.Min, Max: vg.Point{X: area.Max.X, Y: middle - 6}}})
}

// align aligns the vertical axes of two plots, one above the other.
func align(p, q *plot.Axes) {
	width := func(p *plot.Axes) (w vg.Length) {
		for _, t := range p.Y.Tick.Marker.Ticks(p.Y.Min, p.Y.Max) {
			w = max(w, p.Y.Tick.Label.Width(t.Label))
		}
		return w
	}
	d := width(p) - width(q)
	if d < 0 {
		p, q, d = q, p, -d
	}
	q.Y.Label.Padding += d
}

// chosen is the found curve of the first b audits, in the colour of the score that chose them.
type chosen struct {
	*cellFrames
	b int
}

func (q chosen) Plot(c draw.Canvas, p *plot.Axes) {
	found := 0
	at := func(audits int) vg.Point {
		return vg.Point{X: c.X(p.X.Norm(float64(audits))), Y: c.Y(p.Y.Norm(float64(found)))}
	}
	for i := 0; i < q.b; {
		head := q.queries[i].Head
		line := []vg.Point{at(i)}
		for ; i < q.b && q.queries[i].Head == head; i++ {
			found = q.queries[i].Found
			line = append(line, at(i+1))
		}
		c.SetLineStyle(draw.LineStyle{Color: headColor(head), Width: 1.8})
		c.Stroke(plot.PathOf(line, false))
	}
}

func headColor(head string) (c interface{ RGBA() (r, g, b, a uint32) }) {
	if head == "trained" {
		return trainedHead
	}
	return baseHead
}

// picks are bars of anomalies below normals, over a strip in the colour of the score that chose.
type picks struct {
	*cellFrames
	b, step int
}

func (q picks) Plot(c draw.Canvas, p *plot.Axes) {
	for from := 0; from < q.b; from += q.step {
		to := min(from+q.step, q.b)
		anomalies := 0
		for _, a := range q.queries[from:to] {
			if a.Truth {
				anomalies++
			}
		}
		x0, x1 := c.X(p.X.Norm(float64(from))), c.X(p.X.Norm(float64(to)))
		if x1-x0 > 2 {
			x1 -= 0.6
		}
		box := func(lo, hi float64, color interface{ RGBA() (r, g, b, a uint32) }) {
			c.SetColor(color)
			y0, y1 := c.Y(p.Y.Norm(lo)), c.Y(p.Y.Norm(hi))
			c.Fill(plot.PathOf([]vg.Point{{X: x0, Y: y0}, {X: x1, Y: y0}, {X: x1, Y: y1},
				{X: x0, Y: y1}}, true))
		}
		box(0, float64(anomalies), plot.AnomalyColor)
		box(float64(anomalies), float64(to-from), plot.NormalColor)
	}
	for from := 0; from < q.b; {
		to := from
		for to < q.b && q.queries[to].Head == q.queries[from].Head {
			to++
		}
		x0, x1, y := c.X(p.X.Norm(float64(from))), c.X(p.X.Norm(float64(to))), c.Min.Y
		c.SetColor(headColor(q.queries[from].Head))
		c.Fill(plot.PathOf([]vg.Point{{X: x0, Y: y - 3}, {X: x1, Y: y - 3}, {X: x1, Y: y},
			{X: x0, Y: y}}, true))
		from = to
	}
}
