package report

import (
	"encoding/json"
	"image/color"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// TestReadings: each plot of guesses and of settings says where its axes lie, what they span and which curves of the page
// it shows; the page has them once, with a step for each of the curve's.
func TestReadings(t *testing.T) {
	for name, c := range map[string]struct {
		m       *model
		figures string // their slugs begin so
		unit    string
		want    int // areas
	}{
		"guesses":  {newModel(looks().run, catalog()), "mnist0.guesses.", "guesses", 3}, // of two methods, near and full, which are the same for one
		"settings": {varied(), "settings.", "audits", 4},
	} {
		p := &page{}
		figures := c.m.figures()
		p.addFigures(figures, map[color.NRGBA]bool{})
		curves := map[string][]htmlCurve{}
		for _, more := range p.MoreCurves {
			if more.Series == "[]" { // of spots
				continue
			}
			if curves[more.Pool] != nil {
				t.Errorf("%s: the curves %s are there twice", name, more.Pool)
			}
			var list []htmlCurve
			if err := json.Unmarshal([]byte(more.Series), &list); err != nil || len(list) == 0 {
				t.Fatalf("%s: %v", more.Series, err)
			}
			curves[more.Pool] = list
		}
		areas := 0
		for i, f := range figures {
			if !strings.HasPrefix(f.Slug, c.figures) {
				continue
			}
			var list []htmlArea
			if err := json.Unmarshal([]byte(p.Figures[i].Areas), &list); err != nil {
				t.Fatalf("%s: %q: %v", f.Slug, p.Figures[i].Areas, err)
			}
			for _, a := range list {
				areas++
				if a.Left < 0 || a.Right-a.Left < 50 || a.Right > float64(f.W) || a.Top < 0 || a.Bottom-a.Top < 50 || a.Bottom > float64(f.H) || a.XMax < 1 || a.YMax < 1 {
					t.Errorf("%s: axes at %+v of %v x %v", f.Slug, a, f.W, f.H)
				}
				of := curves[a.Pool]
				if a.Unit[1] != c.unit || of == nil || a.Only != nil && (len(a.Only) != 2 || slices.Max(a.Only) >= len(of)) {
					t.Errorf("%s: %+v reads %+v", f.Slug, a, of)
				}
			}
		}
		if areas < c.want {
			t.Errorf("%s: %d areas, want %d", name, areas, c.want)
		}

		p.leaveMore()
		for i, f := range figures {
			if left := p.Figures[i].Areas; (left == "") != (f.graphs == nil) {
				t.Errorf("%s: of what is left to read: %q", f.Slug, left)
			}
		}
		if len(p.MoreCurves) > 0 || len(p.LeftOut) != 1 {
			t.Errorf("%s: %d curves are left, %q", name, len(p.MoreCurves), p.LeftOut)
		}
	}
}

// TestGuessesAreRead: the curves that a plot of guesses reads, by hand: places 2, 4, 9 for s, and 2, 4, 5 or 6 after 4 audits.
func TestGuessesAreRead(t *testing.T) {
	m := newModel(looks().run, catalog())
	i := slices.IndexFunc(m.Pools[0].Series, func(s *series) bool { return s.Label == "DAE_uai" })
	got := newGuessPanel(m, m.Pools[0], m.Pools[0].Series[i]).reading(0).curves()
	var list []htmlCurve
	if err := json.Unmarshal([]byte(got.Series), &list); err != nil {
		t.Fatal(err)
	}
	if len(list) != 2 || list[0].Label != "b = 0, by s" || list[1].Label != "b = 4" || list[0].Steps != 4 || list[1].Steps != 5 || list[1].Seeds != 2 || list[1].Planned != 3 || list[1].End != 10 {
		t.Errorf("%+v", list)
	}
	// b = 0: at 0 2 4 9, twice the median 0 2 4 6, likewise least and most; b = 4: at 0 2 4 5 6.
	want := []byte{0, 2, 2, 5, 0, 2, 2, 2, 0, 2, 2, 2, 0, 2, 2, 2, 0, 2, 2, 1, 1, 0, 2, 2, 1, 1, 0, 2, 2, 0, 2, 0, 2, 2, 2, 0}
	if unpacked := loosen(t, got.Packed); !slices.Equal(unpacked, want) {
		t.Errorf("packed %v, want %v", unpacked, want)
	}
}

// TestStops: what plots of points are read at, by hand: recalls of the test set after 0 and 4 audits, and a round's work.
func TestStops(t *testing.T) {
	read := func(f *figure) []htmlArea {
		t.Helper()
		f.inPage("", map[color.NRGBA]bool{})
		var list []htmlArea
		if err := json.Unmarshal([]byte(f.areas()), &list); err != nil {
			t.Fatalf("%s: %v", f.Slug, err)
		}
		return list
	}
	m := newModel(looks().run, catalog())
	areas := read(m.testFigures()[0])
	if len(areas) != 2 {
		t.Fatalf("%d panels", len(areas))
	}
	for i, recall := range [][][]float64{{{25, 25, 25}, {62.5, 50, 75}}, {{100, 100, 100}, {50, 50, 50}}} {
		a := areas[i]
		flat := [][]float64{recall[0], recall[0]}
		want := &htmlStops{At: []float64{0, 4}, Series: []htmlStopped{
			{Label: "DAE_uai", Color: "0072b2", Seeds: 2, Planned: 3, Values: recall},
			{Label: "DAE_uai, found in training", Color: hex(mix(rgb(0x0072b2), 0.45)), Seeds: 2, Planned: 3, YMax: 2, Values: [][]float64{{0, 0, 0}, {2, 2, 2}}},
			{Label: "DAE", Color: hex(methodStyles["dae"].Color), Seeds: 1, Planned: 1, Values: flat},
		}}
		if diff := cmp.Diff(want, a.Stops); diff != "" {
			t.Errorf("panel %d (-want +got):\n%s", i, diff)
		}
		if a.XMax != 4 || a.YMax != 100 || a.Unit != auditsUnit || a.Right-a.Left < 50 || a.Bottom-a.Top < 50 || a.Right > figureWidth {
			t.Errorf("panel %d: %+v", i, a)
		}
	}

	m = newModel(counted().run, catalog())
	areas = read(m.workFigures()[0])
	want := &htmlStops{At: []float64{10, 20, 30, 40}, Series: []htmlStopped{
		{Label: "AAD", Color: "0072b2", Seeds: 1, Planned: 1, Values: [][]float64{{100, 100, 100}, {300, 300, 300}, {500, 500, 500}, {700, 700, 700}}},
		{Label: "line", Color: "0072b2", Seeds: 1, Planned: 1, Values: [][]float64{{100}, {300}, {500}, {700}}},
	}}
	if diff := cmp.Diff(want, areas[0].Stops, cmpopts.EquateApprox(1e-12, 0)); len(areas) != 1 || diff != "" {
		t.Errorf("work (-want +got):\n%s", diff)
	}

	// Work of 90, 30, 10, 0: a slope of -2.9 through 32.5 at 25 labels. At 40 that is less than no work, which is not drawn.
	falling := workPanel{labels: []float64{10, 20, 30, 40}, work: []float64{90, 30, 10, 0}, fit: line{Slope: -2.9, Intercept: 105}, fitted: true}
	got := falling.reading(m.Pools[0].Series[0], "steps").stops.Series[1].Values
	if diff := cmp.Diff([][]float64{{76}, {47}, {18}, nil}, got, cmpopts.EquateApprox(1e-12, 0)); diff != "" {
		t.Errorf("a falling line (-want +got):\n%s", diff)
	}

	// A place where a line has no point is null, and one beyond the axis is no stop.
	stops := newStops(3, xy{X: []float64{1, 3, 5}}, xy{X: []float64{2}})
	stops.add(htmlStopped{}, xy{X: []float64{2, 5}, Median: []float64{7, 0}, Min: []float64{6, 0}, Max: []float64{8, 0}})
	if got := asJSON(stops); got != `{"at":[1,2,3],"series":[{"label":"","color":"","seeds":0,"planned":0,"values":[null,[7,6,8],null]}]}` {
		t.Error(got)
	}
}
