package figures

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image/color"
	"io"
	"testing"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/plot"
	"github.com/uaibench/uaibench/synth/toy"
)

// toyPool is a pool of the toy data on which method m has the given AUCs, by seed; below 0 the cell
// failed.
func toyPool(definition string, seed uint64, auc map[uint64]float64) *model.Group {
	s := &model.Series{Label: "m"}
	for _, k := range []uint64{1, 2, 3} {
		c := model.Cell{State: runlog.Failed}
		c.Cell.Seed = k
		if v, ok := auc[k]; ok && v >= 0 {
			c.State = runlog.Done
			c.Result = &runlog.Result{Unlabelled: &runlog.RankMetrics{ROCAUC: &v}}
		}
		s.Cells = append(s.Cells, c)
	}
	return &model.Group{Ref: bench.DatasetRef{ID: "toy2d", Seed: seed, Params: bench.Params{"anomalies": definition, "rows": 0}}, Series: []*model.Series{s}}
}

// TestToyTable checks the means over the seeds that have both definitions, and which ranks first.
func TestToyTable(t *testing.T) {
	for _, c := range []struct {
		what      string
		a, b      map[uint64]float64
		seeds     string
		one, two  string
		decidedAs string
	}{
		{"scattered", map[uint64]float64{1: 0.5, 2: 0.7, 3: 0.6}, map[uint64]float64{1: 0.9, 2: 0.9, 3: 0.9}, "3", "0.600 (0.100)", "0.900 (0.000)", "scattered points"},
		{"cluster", map[uint64]float64{1: 0.9, 2: 0.9, 3: 0.9}, map[uint64]float64{1: 0.5, 2: 0.7, 3: 0.6}, "3", "0.900 (0.000)", "0.600 (0.100)", "small cluster"},
		{"either", map[uint64]float64{1: 0.9, 2: 0.6, 3: 0.9}, map[uint64]float64{1: 0.5, 2: 0.7, 3: 0.9}, "3", "0.800 (0.173)", "0.700 (0.200)", "small cluster 1, scattered points 1 of 3"},
		{"a seed failed", map[uint64]float64{1: 0.25, 2: 0.5, 3: 0.75}, map[uint64]float64{1: -1, 2: 0.75, 3: 1}, "2", "0.625 (0.177)", "0.875 (0.177)", "scattered points"},
		{"none is done", nil, map[uint64]float64{1: 0.9}, "0", "—", "—", "—"},
	} {
		m := &model.Model{Groups: []*model.Group{toyPool("cluster", 1, c.a), toyPool("scattered", 1, c.b)}}
		tab := toyTable(m)
		if tab == nil || len(tab.Rows) != 1 {
			t.Fatalf("%s: no table of one row", c.what)
		}
		want := []string{"m", c.seeds, c.one, c.two, c.decidedAs}
		for i, v := range tab.Rows[0] {
			if got := tab.Columns[i].Show(v); got != want[i] {
				t.Errorf("%s: %s is %q, want %q", c.what, tab.Columns[i].Name, got, want[i])
			}
		}
	}
	// With another dataset, only one definition, or another data seed there is nothing to compare.
	other := toyPool("cluster", 1, nil)
	other.Ref.ID = "mnist0"
	for _, pools := range [][]*model.Group{nil, {other}, {toyPool("cluster", 1, nil)}, {toyPool("cluster", 1, nil), toyPool("scattered", 2, nil)}} {
		if tab := toyTable((&model.Model{Groups: pools})); tab != nil {
			t.Errorf("%d pools: a table of %d rows", len(pools), len(tab.Rows))
		}
	}
}

// TestToyFigures: one well-formed figure for each data seed, with every point in every panel.
func TestToyFigures(t *testing.T) {
	small := toyPool("cluster", 2, nil)
	small.Ref.Params["rows"] = 300.0
	m := &model.Model{Groups: []*model.Group{toyPool("cluster", 1, nil), toyPool("scattered", 1, nil), small}}
	figures := toyPlots(m)
	if len(figures) != 2 || figures[0].Slug == figures[1].Slug || len(figures[0].Notes) != 1 || len(figures[1].Notes) != 2 {
		t.Fatalf("%d figures", len(figures))
	}
	var panels []plot.Panel
	for _, f := range figures {
		svg := f.SVG()
		d := xml.NewDecoder(bytes.NewReader(svg))
		for {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatal(err)
			}
		}
		if bytes.Contains(svg, []byte("NaN")) {
			t.Errorf("%s draws what is no number", f.Slug)
		}
		if !bytes.Equal(svg, f.SVG()) {
			t.Errorf("%s is not the same twice", f.Slug)
		}
	}
	if bytes.Equal(figures[0].SVG(), figures[1].SVG()) {
		t.Error("two drawings look the same")
	}
	points := toy.Draw(1)
	count := map[color.NRGBA]int{}
	panels = append(panels, toyPanel("", "", points, func(p toy.Point) (string, color.NRGBA, bool) {
		c := plot.NormalColor
		if p.Kind == toy.Anomalous("scattered") {
			c = plot.AnomalyColor
		}
		count[c]++
		return "", c, c == plot.AnomalyColor
	}))
	(&plot.Sheet{Slug: "x", Panels: panels, Columns: 1, Height: 200}).Drawing().SVG()
	if count[plot.NormalColor] != 2*930 || count[plot.AnomalyColor] != 2*30 { // each point is looked up twice: below, and on top
		t.Errorf("points by colour: %v", count)
	}
}
