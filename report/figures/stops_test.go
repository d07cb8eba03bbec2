package figures

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/uaibench/uaibench/report/internal/fake"
	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/plot"
)

// TestStops checks the tooltip values of point plots by hand: recalls of the test set after 0 and 4
// audits, and a round's work.
func TestStops(t *testing.T) {
	read := func(f *plot.Drawing) []*plot.Tooltip {
		f.SVG() // the axes' areas are known once drawn
		return f.Tooltips
	}
	m := model.New(fake.Probed().Run, fake.Catalog())
	areas := read(testPlots(m)[0])
	if len(areas) != 2 {
		t.Fatalf("%d panels", len(areas))
	}
	for i, recall := range [][][]float64{{{25, 25, 25}, {62.5, 50, 75}}, {{100, 100, 100}, {50, 50, 50}}} {
		a := areas[i]
		flat := [][]float64{recall[0], recall[0]}
		found := 100 * 2.0 / 3 // of the pool's three anomalies
		want := &plot.Stops{At: []float64{0, 4}, Series: []plot.StopSeries{
			{Label: "DAE_uai", Color: "0072b2", Seeds: 2, Planned: 3, Values: recall},
			{Label: "DAE_uai, found in training", Color: plot.Hex(plot.Mix(plot.RGB(0x0072b2), 0.45)), Seeds: 2, Planned: 3, Values: [][]float64{{0, 0, 0}, {found, found, found}}},
			{Label: "DAE", Color: "56b4e9", Seeds: 1, Planned: 1, Values: flat},
		}}
		if diff := cmp.Diff(want, a.Stops); diff != "" {
			t.Errorf("panel %d (-want +got):\n%s", i, diff)
		}
		if a.XMax != 4 || a.YMax != 100 || a.Unit != plot.AuditsUnit || a.Area.Size().X < 50 || a.Area.Size().Y < 50 || a.Area.Max.X > plot.FigureWidth {
			t.Errorf("panel %d: %+v", i, a)
		}
	}

	m = model.New(fake.Counted().Run, fake.Catalog())
	areas = read(workPlots(m)[0])
	want := &plot.Stops{At: []float64{10, 20, 30, 40}, Series: []plot.StopSeries{
		{Label: "AAD", Color: "0072b2", Seeds: 1, Planned: 1, Values: [][]float64{{100, 100, 100}, {300, 300, 300}, {500, 500, 500}, {700, 700, 700}}},
		{Label: "line", Color: "0072b2", Seeds: 1, Planned: 1, Values: [][]float64{{100}, {300}, {500}, {700}}},
	}}
	if diff := cmp.Diff(want, areas[0].Stops, cmpopts.EquateApprox(1e-12, 0)); len(areas) != 1 || diff != "" {
		t.Errorf("work (-want +got):\n%s", diff)
	}

	// Work of 90, 30, 10, 0: a slope of -2.9 through 32.5 at 25 labels. At 40 labels the line is
	// below 0 and not drawn.
	falling := workPanel{labels: []float64{10, 20, 30, 40}, work: []float64{90, 30, 10, 0}, fit: fit{Slope: -2.9, Intercept: 105}, fitted: true}
	got := falling.reading(m.Groups[0].Series[0], "steps").Stops.Series[1].Values
	if diff := cmp.Diff([][]float64{{76}, {47}, {18}, nil}, got, cmpopts.EquateApprox(1e-12, 0)); diff != "" {
		t.Errorf("a falling line (-want +got):\n%s", diff)
	}

	// A position where a line has no point is null, and one beyond the axis is no stop.
	stops := plot.NewStops(3, plot.Points{X: []float64{1, 3, 5}}, plot.Points{X: []float64{2}})
	stops.Add(plot.StopSeries{}, plot.Points{X: []float64{2, 5}, Median: []float64{7, 0}, Min: []float64{6, 0}, Max: []float64{8, 0}})
	data, err := json.Marshal(stops)
	if got := string(data); err != nil || got != `{"at":[1,2,3],"series":[{"label":"","color":"","seeds":0,"planned":0,"values":[null,[7,6,8],null]}]}` {
		t.Error(got)
	}
}

// TestGuessesAreRead checks the curves of a plot of guesses by hand: places 2, 4, 9 by s, and 2, 4,
// 5 or 6 after 4 audits.
func TestGuessesAreRead(t *testing.T) {
	m := model.New(fake.Probed().Run, fake.Catalog())
	i := slices.IndexFunc(m.Groups[0].Series, func(s *model.Series) bool { return s.Label == "DAE_uai" })
	got := newFrozenPanel(m, m.Groups[0], m.Groups[0].Series[i]).reading(0).Curves()
	places := plot.Steps{Seeds: 2, End: 10, At: []int{0, 2, 4, 9}, Median: []float64{0, 1, 2, 3}, Min: []float64{0, 1, 2, 3}, Max: []float64{0, 1, 2, 3}}
	after := plot.Steps{Seeds: 2, End: 10, At: []int{0, 2, 4, 5, 6}, Median: []float64{0, 1, 2, 2.5, 3}, Min: []float64{0, 1, 2, 2, 3}, Max: []float64{0, 1, 2, 3, 3}}
	want := []plot.TooltipCurve{{Label: "b = 0, by s", Planned: 3, Steps: places}, {Label: "b = 4", Planned: 3, Steps: after}}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(plot.TooltipCurve{}, "Color"), cmp.AllowUnexported(plot.TooltipCurve{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
