package page

import (
	"encoding/json"
	"image/color"
	"math"
	"testing"

	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/figures"
	"github.com/uaibench/uaibench/report/internal/fake"
	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/plot"
)

// markersIn returns the areas and markers that the page has of a drawn figure.
func markersIn(t *testing.T, f *plot.Drawing) (areas []htmlArea, markers [][][]any) {
	t.Helper()
	p := &document{}
	p.addFigures([]*plot.Drawing{f}, map[color.NRGBA]bool{})
	if err := json.Unmarshal([]byte(p.Figures[0].Areas), &areas); err != nil {
		t.Fatal(err)
	}
	for i, a := range areas {
		if p.MoreCurves[i].Pool != a.Pool {
			t.Errorf("%s before %s", p.MoreCurves[i].Pool, a.Pool)
		}
		var list [][]any
		if err := json.Unmarshal(unpack(t, p.MoreCurves[i].Packed), &list); err != nil {
			t.Fatal(err)
		}
		if len(list) != a.Markers {
			t.Errorf("%s: %d markers, %d are told", a.Pool, len(list), a.Markers)
		}
		for _, s := range list {
			if len(s) != 3+len(a.Captions) {
				t.Errorf("%s: %v says %v", a.Pool, s, a.Captions)
			}
		}
		markers = append(markers, list)
	}
	return areas, markers
}

// TestMarkersArePacked: the page has every marker of every plot with its position, its name and a
// value for each caption.
func TestMarkersArePacked(t *testing.T) {
	some := 0
	for _, run := range []*runlog.Run{fake.Probed().Run, fake.Varied().Run} {
		for _, f := range figures.Plots(figures.Of(model.New(run, fake.Catalog()))) {
			if len(f.Tooltips) == 0 || f.Tooltips[0].Captions == nil {
				continue
			}
			_, markers := markersIn(t, f)
			for i, r := range f.Tooltips {
				for j, m := range r.Markers {
					some++
					s := markers[i][j]
					x, y := float64(m.At.X), float64(f.H-m.At.Y)
					if math.Abs(s[0].(float64)-x) > 0.051 || math.Abs(s[1].(float64)-y) > 0.051 || s[2] != m.Name || s[3] != m.Values[0] {
						t.Errorf("%s: %v, want %+v", f.Slug, s, m)
					}
				}
			}
		}
	}
	if some < 10 {
		t.Errorf("%d markers", some)
	}
}
