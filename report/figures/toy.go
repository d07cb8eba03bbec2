package figures

import (
	"fmt"
	"image/color"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/plot"
	"github.com/uaibench/uaibench/report/table"
	"github.com/uaibench/uaibench/report/text"
	"github.com/uaibench/uaibench/synth/toy"
)

// toyID is the dataset of Figure 2.
const toyID = "toy2d"

// definitions are the definitions of an anomaly, in the order of Figure 2's panels.
var definitions = []struct{ Param, Title string }{{"cluster", "The small cluster is anomalous"},
	{"scattered", "Scattered points are anomalous"}}

// classColors are the colours of the toy data's classes.
var classColors = [toy.Classes]color.NRGBA{plot.RGB(0x0072b2), plot.RGB(0xe69f00),
	plot.RGB(0x009e73)}

var toyData = Figure{
	Name: "toy", Section: Results,
	Doc:     "Figure 2: the toy data, and which of its points each method ranks first",
	Applies: func(m *model.Model) bool { return len(toyGroups(m)) > 0 },
	Tables:  func(m *model.Model) []*table.Table { return []*table.Table{toyTable(m)} },
	Plots:   toyPlots,
}

// toyPlots are Figure 2: for each data seed, the points by class and by both definitions. The
// points are generated again, because a run keeps no data.
func toyPlots(m *model.Model) []*plot.Drawing {
	var out []*plot.Drawing
	for _, p := range toyGroups(m) {
		name := text.Slug(fmt.Sprintf("toy-%d", p.Ref.Seed))
		points := toy.Draw(p.Ref.Seed)
		f := &plot.Sheet{
			Slug: "figure2." + name, Short: "Toy data (Figure 2)", Columns: 3, Height: 228,
			Title: "Toy data (Figure 2)",
			Subtitle: fmt.Sprintf("%s points, drawn with data seed %d", text.Comma(len(points)),
				p.Ref.Seed),
			Desc: "Three panels of the same points of the plane: three classes in four clusters, " +
				"one of them small, and scattered points; then with the small cluster as " +
				"anomalies; then with the scattered points as anomalies.",
			Entries: []plot.Entry{
				plot.Swatch("anomaly", plot.AnomalyColor),
				plot.Swatch("normal", plot.NormalColor),
			},
			Notes: []string{"The points are the same in all panels: only labels show which " +
				"definition is meant."},
		}
		for c, color := range classColors {
			f.Entries = append(f.Entries,
				plot.Swatch(fmt.Sprintf("class %d", c+1), color))
		}
		if n := rowsDrawn(p); n > 0 {
			f.Notes = append(f.Notes, fmt.Sprintf("The run took %s of them.", text.Comma(n)))
		}
		f.Panels = append(f.Panels,
			toyPanel(f.Slug+".classes", "As they are", points,
				func(q toy.Point) (string, color.NRGBA, bool) {
					return fmt.Sprintf("class %d", q.Class+1), classColors[q.Class], false
				}))
		for _, d := range definitions {
			f.Panels = append(f.Panels,
				toyPanel(f.Slug+"."+d.Param, d.Title, points,
					func(q toy.Point) (string, color.NRGBA, bool) {
						if q.Kind == toy.Anomalous(d.Param) {
							return "anomaly", plot.AnomalyColor, true
						}
						return "normal", plot.NormalColor, false
					}))
		}
		out = append(out, f.Drawing())
	}
	return out
}

// toyGroups returns one group for each seed of the toy data.
func toyGroups(m *model.Model) []*model.Group {
	var out []*model.Group
	for _, p := range m.Groups {
		if p.Ref.ID == toyID &&
			!slices.ContainsFunc(out,
				func(q *model.Group) bool { return q.Ref.Seed == p.Ref.Seed }) {
			out = append(out, p)
		}
	}
	return out
}

// rowsDrawn is the number of rows that a run took of the dataset; 0: all.
func rowsDrawn(p *model.Group) int {
	switch n := p.Ref.Params["rows"].(type) {
	case int:
		return n
	case float64:
		return int(n)
	}
	return 0
}

func toyPanel(name, title string, points []toy.Point,
	look func(toy.Point) (kind string, c color.NRGBA, top bool)) plot.Panel {
	to := plot.NewMarkers(name, title, "point", "points", "x", "y")
	return plot.Panel{Title: title, Tooltip: to, Draw: func(c draw.Canvas) {
		p := plot.NewAxes(1, 1)
		p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = -2.2, 6.2, -2.2, 6.2
		p.X.Tick.Marker, p.Y.Tick.Marker = plot.Span(4), plot.Span(4)
		p.X.Label.Text, p.Y.Label.Text = "first feature", "second feature"
		p.Add(to.Redrawn(), toyPoints{points, look, to})
		p.Draw(c)
	}}
}

type toyPoints struct {
	points []toy.Point
	look   func(toy.Point) (kind string, c color.NRGBA, top bool)
	to     *plot.Tooltip
}

// Plot draws the points, those with top set last. A point beyond the axes is drawn at their edge.
func (t toyPoints) Plot(c draw.Canvas, p *plot.Axes) {
	for _, last := range []bool{false, true} {
		for _, q := range t.points {
			kind, col, top := t.look(q)
			if top != last {
				continue
			}
			r := vg.Length(1.2)
			if top {
				r = 1.7
			}
			x, y := min(max(q.X, p.X.Min), p.X.Max), min(max(q.Y, p.Y.Min), p.Y.Max)
			c.SetColor(col)
			at := vg.Point{X: c.X(p.X.Norm(x)), Y: c.Y(p.Y.Norm(y))}
			c.Fill(plot.Square(at, r))
			t.to.Mark(at, kind, text.Digits4(q.X), text.Digits4(q.Y))
		}
	}
}

// toyRow has a method's ROC-AUC before any label under both definitions, for the seeds that have
// both.
type toyRow struct {
	label              string
	cluster, scattered []float64
	// numbers of seeds in which the small cluster, or the scattered points, rank first
	first [2]int
}

func toyRows(m *model.Model) []toyRow {
	find := func(seed uint64, definition string) *model.Group {
		i := slices.IndexFunc(m.Groups, func(g *model.Group) bool {
			return g.Ref.ID == toyID && g.Ref.Seed == seed &&
				g.Ref.Params["anomalies"] == definition
		})
		if i < 0 {
			return nil
		}
		return m.Groups[i]
	}
	var out []toyRow
	for _, g := range toyGroups(m) {
		cluster, scattered := find(g.Ref.Seed, "cluster"), find(g.Ref.Seed, "scattered")
		if cluster == nil || scattered == nil {
			continue
		}
		for _, s := range cluster.Series {
			other := labelled(scattered, s.Label)
			if other == nil {
				continue
			}
			a, b := aucBySeed(s), aucBySeed(other)
			row := toyRow{label: s.Label}
			for _, c := range s.Cells {
				x, okX := a[c.Cell.Seed]
				y, okY := b[c.Cell.Seed]
				if !okX || !okY {
					continue
				}
				row.cluster, row.scattered = append(row.cluster, x), append(row.scattered, y)
				if x > y {
					row.first[0]++
				} else if y > x {
					row.first[1]++
				}
			}
			out = append(out, row)
		}
	}
	return out
}

// toyTable shows which of the two sets each method ranks first before any label.
func toyTable(m *model.Model) *table.Table {
	return table.Build(table.Table{
		Name:  "toy",
		Title: "Toy data: which points come first? (Figure 2)",
		Caption: "ROC-AUC of the scores before any label, under each definition of an anomaly: " +
			"mean (sample standard deviation) over seeds. The points are the same.",
	}, toyRows(m), []col[toyRow]{
		{Name: "method", Value: func(r toyRow) value { return table.Str(r.label) }},
		{Name: "seeds", Kind: table.Count,
			Value: func(r toyRow) value { return table.Int(len(r.cluster)) }},
		{Name: "small cluster", Kind: table.Spread, Decimals: 3,
			Help:  "ROC-AUC if the small cluster is anomalous",
			Value: func(r toyRow) value { return table.MeanSD(r.cluster) }},
		{Name: "scattered points", Kind: table.Spread, Decimals: 3,
			Help:  "ROC-AUC if the scattered points are",
			Value: func(r toyRow) value { return table.MeanSD(r.scattered) }},
		{Name: "ranked first", Help: "the definition with the greater AUC, in how many seeds",
			Value: func(r toyRow) value {
				if len(r.cluster) == 0 {
					return dash
				}
				return table.Str(rankedFirst(r.first, len(r.cluster)))
			}},
	}...).OrNil()
}

func rankedFirst(first [2]int, seeds int) string {
	switch {
	case first[0] == seeds:
		return "small cluster"
	case first[1] == seeds:
		return "scattered points"
	}
	return fmt.Sprintf("small cluster %d, scattered points %d of %d", first[0], first[1], seeds)
}

// aucBySeed is the ROC-AUC before any label of each done cell, by seed.
func aucBySeed(s *model.Series) map[uint64]float64 {
	out := map[uint64]float64{}
	for _, c := range s.Cells {
		if r := c.Result; c.State == runlog.Done && r.Unlabelled != nil &&
			r.Unlabelled.ROCAUC != nil {
			out[c.Cell.Seed] = *r.Unlabelled.ROCAUC
		}
	}
	return out
}
