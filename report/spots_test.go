package report

import (
	"encoding/json"
	"image/color"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/synth/toy"
)

// spotsIn a drawn figure: of each area what the page has.
func spotsIn(t *testing.T, f *figure) (areas []htmlArea, spots [][][]any) {
	t.Helper()
	p := &page{}
	p.addFigures([]*figure{f}, map[color.NRGBA]bool{})
	if err := json.Unmarshal([]byte(p.Figures[0].Areas), &areas); err != nil {
		t.Fatal(err)
	}
	for i, a := range areas {
		if p.MoreCurves[i].Pool != a.Pool {
			t.Errorf("%s before %s", p.MoreCurves[i].Pool, a.Pool)
		}
		var list [][]any
		if err := json.Unmarshal(loosen(t, p.MoreCurves[i].Packed), &list); err != nil {
			t.Fatal(err)
		}
		if len(list) != a.Spots {
			t.Errorf("%s: %d spots, %d are told", a.Pool, len(list), a.Spots)
		}
		for _, s := range list {
			if len(s) != 3+len(a.Says) {
				t.Errorf("%s: %v says %v", a.Pool, s, a.Says)
			}
		}
		spots = append(spots, list)
	}
	return areas, spots
}

// TestSpots: marks that stand by themselves are told by name and values, where they lie.
func TestSpots(t *testing.T) {
	t.Run("plane", func(t *testing.T) {
		m := newModel(looks().run, catalog())
		f := m.planeFigures()[0]
		f.SVG() // an earlier drawing leaves nothing
		areas, spots := spotsIn(t, f)
		_, looks := looked(m.Pools[0].Series[0].results(), planeLook)
		if len(areas) != len(looks) || areas[0].Pool == areas[1].Pool {
			t.Fatalf("%d areas of %d looks", len(areas), len(looks))
		}
		for i, a := range areas {
			p := looks[i][0]
			x0, x1 := bounds(slices.Concat(p.Normals.L, p.Anomalies.L))
			y0, y1 := bounds(slices.Concat(p.Normals.S, p.Anomalies.S))
			k := 0
			for kind, q := range map[string]*runlog.Points{"normal": p.Normals, "anomaly": p.Anomalies} {
				for j, row := range q.Row {
					k++
					at := slices.IndexFunc(spots[i], func(s []any) bool { return s[2] == kind+", row "+comma(row) })
					if at < 0 {
						t.Errorf("%s, row %d is not there", kind, row)
						continue
					}
					s := spots[i][at]
					if s[3] != figures4(q.L[j]) || s[4] != figures4(q.S[j]) {
						t.Errorf("%v, want l = %v, s = %v", s, q.L[j], q.S[j])
					}
					x := a.Left + (a.Right-a.Left)*min(max((q.L[j]-x0)/(x1-x0), 0), 1)
					y := a.Bottom - (a.Bottom-a.Top)*min(max((q.S[j]-y0)/(y1-y0), 0), 1)
					if math.Abs(s[0].(float64)-x) > 0.06 || math.Abs(s[1].(float64)-y) > 0.06 {
						t.Errorf("%v, want it at %v, %v", s, x, y)
					}
				}
			}
			if k != a.Spots || k == 0 {
				t.Errorf("%d spots, want %d", a.Spots, k)
			}
		}
	})
	t.Run("differences", func(t *testing.T) {
		m := varied()
		i := slices.IndexFunc(m.figures(), func(f *figure) bool { return strings.HasPrefix(f.Slug, "differences.") })
		_, spots := spotsIn(t, m.figures()[i])
		var got [][]any
		for _, s := range spots[0] {
			got = append(got, s[2:])
		}
		// Of +1, +2, +3: 2 -+ 4.303 / sqrt(3).
		want := [][]any{
			{"two more", "+2.0", "+2.0 to +2.0", "+2.0, +2.0, +2.0"}, {"more", "+2.0", "-0.5 to +4.5", "+1.0, +2.0, +3.0"},
		}
		for _, w := range want {
			if !slices.ContainsFunc(got, func(g []any) bool { return cmp.Equal(g, w) }) {
				t.Errorf("%v is not among %v", w, got)
			}
		}
	})
	t.Run("toy", func(t *testing.T) {
		points := toy.Draw(1)
		p := toyPanel("toy", "as they are", points, func(q toy.Point) (string, color.NRGBA, bool) { return "a", anomalyColor, false })
		areas, spots := spotsIn(t, (&sheet{Slug: "toy", Panels: []sheetPanel{p}, Columns: 1, Height: 200}).figure())
		if len(spots[0]) != len(points) || areas[0].Unit[1] != "points" {
			t.Errorf("%d of %d, %v", len(spots[0]), len(points), areas[0].Unit)
		}
		for i, q := range points {
			if s := spots[0][i]; s[3] != figures4(q.X) || s[4] != figures4(q.Y) {
				t.Errorf("%v, want %v", s, q)
			}
		}
	})
}
