package site

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg/draw"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/metric/registry"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/nights"
	house "github.com/uaibench/uaibench/report/plot"
	"github.com/uaibench/uaibench/report/table"
	"github.com/uaibench/uaibench/report/text"
)

// trend is a metric over the nights: a plot and a table for each dataset.
type trend struct {
	Metric, Title, Doc string
	Datasets           []trendOfDataset
}

type trendOfDataset struct {
	Dataset      string
	Plot, Narrow template.HTML // Narrow is for a phone
	Table        template.HTML
}

// series is a group's mean in each night, over its n done cells.
type series struct {
	dataset, name, method string
	mean                  []float64
	n                     []int
}

// trends returns the trends of the metrics that need no argument and that some night has, those of
// package compare's gate first.
func trends(s *nights.Story) ([]trend, error) {
	var out []trend
	for _, m := range metrics() {
		of := seriesOf(s, m)
		if len(of) == 0 {
			continue
		}
		t := trend{Metric: m.Name, Title: m.Title, Doc: m.Doc}
		for len(of) > 0 {
			dataset := of[0].dataset
			var here []*series
			here, of = split(of, dataset)
			d, err := newTrend(s, m, dataset, here)
			if err != nil {
				return nil, err
			}
			t.Datasets = append(t.Datasets, d)
		}
		out = append(out, t)
	}
	return out, nil
}

// metrics returns the metrics that need no argument except a place, found first.
func metrics() []*registry.Metric {
	all := slices.DeleteFunc(slices.Clone(registry.All()), func(m *registry.Metric) bool {
		return m.Dataset || m.Takes&^registry.TakesAt != 0
	})
	slices.SortStableFunc(all, func(a, b *registry.Metric) int {
		rank := func(m *registry.Metric) int {
			i := slices.Index([]string{"found", "f1", "area", "split_f1"}, m.Name)
			if i < 0 {
				return 4
			}
			return i
		}
		return cmp.Compare(rank(a), rank(b))
	})
	return all
}

func split(all []*series, dataset string) (here, rest []*series) {
	for _, s := range all {
		if s.dataset == dataset {
			here = append(here, s)
		} else {
			rest = append(rest, s)
		}
	}
	return here, rest
}

// seriesOf returns a metric's series, in the nights' planned order. Cells without a value are
// skipped.
func seriesOf(s *nights.Story, m *registry.Metric) []*series {
	var out []*series
	at := map[string]*series{}
	for night, n := range s.Nights {
		for _, c := range n.Run.Cells {
			if c.Result == nil {
				continue
			}
			v, err := m.Of(c.Result, registry.Args{WithinBudget: true})
			if err != nil {
				continue
			}
			g := groupOf(c)
			if at[g.dataset+"\x00"+g.name] == nil {
				g.mean, g.n = make([]float64, len(s.Nights)), make([]int, len(s.Nights))
				at[g.dataset+"\x00"+g.name] = g
				out = append(out, g)
			}
			g = at[g.dataset+"\x00"+g.name]
			g.n[night]++
			g.mean[night] += (v - g.mean[night]) / float64(g.n[night])
		}
	}
	return out
}

func groupOf(c runlog.CellRecord) *series {
	g := &series{dataset: cmp.Or(c.DatasetLabel, c.Cell.Dataset.ID), name: c.Label,
		method: c.Cell.Method.ID}
	if s := bench.SettingsText(c.Variant); s != "" {
		g.name += ", " + s
	}
	return g
}

func newTrend(s *nights.Story, m *registry.Metric, dataset string, of []*series) (trendOfDataset,
	error) {
	d := trendOfDataset{Dataset: dataset}
	t := &table.Table{Name: "trend", Columns: []table.Column{{Name: "night"}, {Name: "commit"}}}
	for _, g := range of {
		t.Columns = append(t.Columns, table.Column{Name: g.name})
	}
	for i := range slices.Backward(s.Nights) {
		row := []table.Value{table.Str(s.Nights[i].Name), table.Str(s.Nights[i].Commits())}
		for _, g := range of {
			v := table.Missing("—")
			if g.n[i] > 0 {
				v = table.Str(fmt.Sprintf("%.*f (n = %d)", m.Decimals, g.mean[i], g.n[i]))
				if i > 0 && g.n[i-1] > 0 && g.mean[i] != g.mean[i-1] {
					v = v.Marked()
				}
			}
			row = append(row, v)
		}
		t.Add(row...)
	}
	var err error
	d.Table, err = htmlOf(t)
	drawing := drawTrend(s, m, dataset, of)
	d.Plot = template.HTML(drawing.SVG()) // package plot escapes
	d.Narrow = template.HTML(drawing.Narrow().SVG())
	return d, err
}

// drawTrend draws the plot: nights at equal distances, one line per group, labelled at its end if
// there is room.
func drawTrend(s *nights.Story, m *registry.Metric, dataset string, of []*series) *house.Drawing {
	most, ids := 0.0, []string{}
	for _, g := range of {
		ids = append(ids, g.method)
		most = max(most, slices.Max(g.mean))
	}
	slices.Sort(ids)
	styles := house.MethodStyles(slices.Compact(ids))
	sheet := &house.Sheet{Slug: text.Slug(m.Name + " " + dataset), Title: dataset + ": " + m.Title,
		Desc: m.Doc, Untitled: true, Columns: 1, Height: 240}
	seen := map[string]int{}
	var lines []plot.Plotter
	var labels house.EndLabels
	for _, g := range of {
		style := draw.LineStyle{Color: styles[g.method].Color, Width: 1.6,
			Dashes: house.Dashes[seen[g.method]%len(house.Dashes)]}
		seen[g.method]++
		sheet.Entries = append(sheet.Entries, house.Entry{Label: g.name, Line: style})
		var run plotter.XYs
		flush := func() {
			if len(run) > 0 {
				lines = append(lines, &plotter.Line{XYs: run, LineStyle: style},
					&plotter.Scatter{XYs: run, GlyphStyle: draw.GlyphStyle{Color: style.Color,
						Radius: 2.5, Shape: draw.BoxGlyph{}}})
			}
			run = nil
		}
		for i, n := range g.n {
			if n == 0 {
				flush()
				continue
			}
			run = append(run, plotter.XY{X: float64(i), Y: g.mean[i]})
		}
		if n := len(run); n > 0 {
			labels = append(labels, house.EndLabel{Text: text.Shorten(g.name, house.LegendRunes),
				Style: house.Style{Color: styles[g.method].Color, Dash: style.Dashes},
				X:     run[n-1].X, Y: run[n-1].Y})
		}
		flush()
	}
	if len(labels) == len(of) && labels.Fit(house.NarrowWidth, sheet.Height) {
		sheet.Entries = nil
	} else {
		labels = nil
	}
	sheet.Panels = []house.Panel{{Draw: func(c draw.Canvas) {
		a := house.NewAxes(float64(max(len(s.Nights)-1, 1)), house.NiceTop(most))
		a.X.Label.Text, a.Y.Label.Text = "night", m.Title
		const name = 70 // points that a tick's label needs
		room := int((c.Max.X - c.Min.X - labels.Room()) / name)
		a.X.Tick.Marker = plot.ConstantTicks(ticks(s, min(max(room, 1), 6)))
		a.Add(lines...)
		labels.Draw(c, a)
	}}}
	return sheet.Drawing()
}

// ticks labels up to most nights, always the last one, by the first ten bytes of their names.
func ticks(s *nights.Story, most int) (out []plot.Tick) {
	every := (len(s.Nights) + most - 1) / most
	last := len(s.Nights) - 1
	for i, n := range s.Nights {
		t := plot.Tick{Value: float64(i)}
		if (last-i)%every == 0 {
			t.Label = n.Name[:min(10, len(n.Name))]
		}
		out = append(out, t)
	}
	return out
}
