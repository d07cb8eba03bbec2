package figures

import (
	"image/color"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/internal/fake"
	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/plot"
	"github.com/uaibench/uaibench/report/text"
	"github.com/uaibench/uaibench/synth/toy"
)

// axesArea is the area of a drawn plot's axes, with y downwards.
type axesArea struct{ Left, Right, Top, Bottom float64 }

// marksIn returns the markers of a drawn figure, and the axes' area of each plot.
func marksIn(f *plot.Drawing) (areas []axesArea, spots [][]plot.Marker) {
	f.SVG()
	f.SVG() // a second drawing adds no markers
	for _, r := range f.Tooltips {
		q := r.Area
		areas = append(areas, axesArea{float64(q.Min.X), float64(q.Max.X), float64(f.H - q.Max.Y), float64(f.H - q.Min.Y)})
		spots = append(spots, r.Markers)
	}
	return areas, spots
}

// TestSpots: each point marker has its name, values and position.
func TestSpots(t *testing.T) {
	t.Run("plane", func(t *testing.T) {
		m := model.New(fake.Probed().Run, fake.Catalog())
		f := latentPlots(m)[0]
		areas, spots := marksIn(f)
		_, looks := probed(m.Groups[0].Series[0].Results(), latentProbe)
		if len(areas) != len(looks) || f.Tooltips[0].Name == f.Tooltips[1].Name {
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
					at := slices.IndexFunc(spots[i], func(s plot.Marker) bool { return s.Name == kind+", row "+text.Comma(row) })
					if at < 0 {
						t.Errorf("%s, row %d is not there", kind, row)
						continue
					}
					s := spots[i][at]
					if s.Values[0] != text.Digits4(q.L[j]) || s.Values[1] != text.Digits4(q.S[j]) {
						t.Errorf("%v, want l = %v, s = %v", s, q.L[j], q.S[j])
					}
					x := a.Left + (a.Right-a.Left)*min(max((q.L[j]-x0)/(x1-x0), 0), 1)
					y := a.Bottom - (a.Bottom-a.Top)*min(max((q.S[j]-y0)/(y1-y0), 0), 1)
					if math.Abs(float64(s.At.X)-x) > 0.06 || math.Abs(float64(f.H-s.At.Y)-y) > 0.06 {
						t.Errorf("%v, want it at %v, %v", s, x, y)
					}
				}
			}
			if k != len(spots[i]) || k == 0 {
				t.Errorf("%d spots, want %d", len(spots[i]), k)
			}
		}
	})
	t.Run("differences", func(t *testing.T) {
		m := model.New(fake.Varied().Run, fake.Catalog())
		i := slices.IndexFunc(Plots(Of(m)), func(f *plot.Drawing) bool { return strings.HasPrefix(f.Slug, "differences.") })
		_, spots := marksIn(Plots(Of(m))[i])
		var got [][]string
		for _, s := range spots[0] {
			got = append(got, append([]string{s.Name}, s.Values...))
		}
		// For +1, +2, +3: 2 ± 4.303 / sqrt(3).
		want := [][]string{
			{"two more", "+2.0", "+2.0 to +2.0", "+2.0, +2.0, +2.0"}, {"more", "+2.0", "-0.5 to +4.5", "+1.0, +2.0, +3.0"},
		}
		for _, w := range want {
			if !slices.ContainsFunc(got, func(g []string) bool { return cmp.Equal(g, w) }) {
				t.Errorf("%v is not among %v", w, got)
			}
		}
	})
	t.Run("toy", func(t *testing.T) {
		points := toy.Draw(1)
		p := toyPanel("toy", "as they are", points, func(q toy.Point) (string, color.NRGBA, bool) { return "a", plot.AnomalyColor, false })
		f := (&plot.Sheet{Slug: "toy", Panels: []plot.Panel{p}, Columns: 1, Height: 200}).Drawing()
		_, spots := marksIn(f)
		if len(spots[0]) != len(points) || f.Tooltips[0].Unit[1] != "points" {
			t.Errorf("%d of %d, %v", len(spots[0]), len(points), f.Tooltips[0].Unit)
		}
		for i, q := range points {
			if s := spots[0][i]; s.Values[0] != text.Digits4(q.X) || s.Values[1] != text.Digits4(q.Y) {
				t.Errorf("%v, want %v", s, q)
			}
		}
	})
}
