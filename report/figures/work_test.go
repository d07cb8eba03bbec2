package figures

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/metric"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/internal/fake"
	"github.com/uaibench/uaibench/report/model"
)

// By hand: for x = 1, 2, 3, 4 and y = 2, 4, 5, 8 the slope is 9.5/5 = 1.9, the intercept 4.75 - 1.9
// * 2.5 = 0, and R² = 1 - 0.7/18.75.
func TestFitLine(t *testing.T) {
	got, err := fitLine([]float64{1, 2, 3, 4}, []float64{2, 4, 5, 8})
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(got.Slope-1.9) > 1e-12 || math.Abs(got.Intercept) > 1e-12 || math.Abs(got.R2-(1-0.7/18.75)) > 1e-12 {
		t.Errorf("%+v", got)
	}
	if got, err := fitLine([]float64{1, 2, 3}, []float64{7, 7, 7}); err != nil || got != (fit{Intercept: 7, R2: 1}) {
		t.Errorf("constant work: %+v, %v", got, err)
	}
	for _, labels := range [][]float64{nil, {1, 2}, {5, 5, 5}} {
		if _, err := fitLine(labels, make([]float64, len(labels))); err == nil {
			t.Errorf("%v: a line through too few points", labels)
		}
	}
}

func TestRoundWork(t *testing.T) {
	r := &runlog.Result{K: 10, Checkpoints: []runlog.Checkpoint{
		fake.Checkpoint(0, map[string]int64{"rows": 0}),
		fake.Checkpoint(10, map[string]int64{"rows": 30}),   // one round, with 10 labels
		fake.Checkpoint(40, map[string]int64{"rows": 300}),  // three rounds, with 20, 30 and 40
		fake.Checkpoint(40, map[string]int64{"rows": 300}),  // none
		fake.Checkpoint(45, map[string]int64{"rows": 435}),  // a cut one, with 45
		fake.Checkpoint(65, map[string]int64{"other": 435}), // not counted
	}}
	labels, work := workOfRounds(r, "rows", 0)
	want := [][2]float64{{10, 30}, {30, 90}, {45, 135}}
	if len(labels) != len(want) {
		t.Fatalf("%v, %v", labels, work)
	}
	for i, w := range want {
		if labels[i] != w[0] || work[i] != w[1] {
			t.Errorf("point %d: %v, %v, want %v", i, labels[i], work[i], w)
		}
	}
	if labels, _ := workOfRounds(r, "rows", 20); len(labels) != 2 {
		t.Errorf("from 20 labels on: %v", labels)
	}
}

func TestComplexityTable(t *testing.T) {
	f := fake.New("complexity")
	f.Add(fake.Dataset("mnist0", nil), "dae_uai", "AAD", 1, fake.Outcome{Rows: 100, N: 3, Budget: 10, Found: metric.RecallCurve{1}})
	if complexityTable(model.New(f.Run, bench.Catalog{})) != nil {
		t.Error("a table without counts")
	}
	f = fake.Counted()
	f.Run.Plan.Plots = nil
	m := model.New(f.Run, bench.Catalog{})
	tab := complexityTable(m)
	if tab == nil || len(tab.Rows) != 1 {
		t.Fatalf("%+v", tab)
	}
	// Rounds with t = 10, 20, 30, 40 labels cost 100, 300, 500, 700: slope 20.
	var b bytes.Buffer
	if err := tab.WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "rows_touched,4,10,40,400,20,1") {
		t.Error(b.String())
	}
	if workPlots(m) != nil {
		t.Error("a plot that the spec does not ask for")
	}
	f.Run.Plan.Plots = []bench.Plot{{Kind: "round_work"}}
	figures := workPlots(model.New(f.Run, bench.Catalog{}))
	if len(figures) != 1 || !strings.Contains(figures[0].Desc, "AAD: rows touched a round, with a slope of 20 a label; the line explains 100 % of the variance") {
		t.Errorf("%+v", figures)
	}
	if points := bytes.Count(figures[0].SVG(), []byte(`fill-opacity="0.59"`)); points != 4 {
		t.Errorf("%d points drawn", points)
	}
}
