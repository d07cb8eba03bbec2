package model

import (
	"slices"
	"testing"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/metric"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/stats"
)

// result is the result of a run on 100 rows that used up its budget.
func result(budget, anomalies int, found ...int) *runlog.Result {
	return &runlog.Result{Rows: 100, Anomalies: anomalies, Budget: budget, Audited: budget, Found: found}
}

func TestCurveByHand(t *testing.T) {
	// Three seeds of ten audits: at budget 1: 1 0 0; at 3: 2 1 0; at 5: 2 1 1; at 8: 2 2 1.
	c := NewCurve([]*runlog.Result{result(10, 5, 1, 3), result(10, 5, 3, 8), result(10, 5, 5)})
	for _, w := range []struct {
		j                int
		med, least, most float64
	}{
		{0, 0, 0, 0}, {1, 0, 0, 1}, {2, 0, 0, 1}, {3, 1, 0, 2}, {4, 1, 0, 2}, {5, 1, 1, 2}, {7, 1, 1, 2}, {8, 2, 1, 2}, {10, 2, 1, 2},
	} {
		med, least, most, ok := c.Value(w.j)
		if !ok || med != w.med || least != w.least || most != w.most {
			t.Errorf("found(%d) = %v [%v–%v] %v, want %v [%v–%v]", w.j, med, least, most, ok, w.med, w.least, w.most)
		}
	}
	if _, _, _, ok := c.Value(11); ok || c.End != 10 || c.Short != 3 {
		t.Errorf("a curve goes on past its budget: end %d, %d seeds short", c.End, c.Short)
	}
	// The median of two seeds is their mean.
	if med, _, _, _ := NewCurve([]*runlog.Result{result(10, 5, 1, 3), result(10, 5, 5)}).Value(3); med != 1 {
		t.Errorf("median of 2 and 0 is %v", med)
	}
	if med, _, _, _ := NewCurve([]*runlog.Result{result(10, 5, 1), result(10, 5)}).Value(3); med != 0.5 {
		t.Errorf("median of 1 and 0 is %v", med)
	}
}

// The end of a curve depends on how each seed ended.
func TestCurveEnd(t *testing.T) {
	early := result(10, 2, 4, 6)
	early.StoppedEarly, early.Audited = true, 6
	static := result(10, 3, 2)
	static.Full = metric.RecallCurve{2, 50, 90}
	for _, c := range []struct {
		name             string
		results          []*runlog.Result
		end, flat, short int
	}{
		{"budget", []*runlog.Result{result(10, 2, 4)}, 10, 0, 1},
		{"stopped early", []*runlog.Result{early}, 100, 1, 0},
		{"static", []*runlog.Result{static}, 100, 0, 0},
		{"one seed short", []*runlog.Result{early, result(10, 2, 4)}, 10, 1, 1},
		{"different budgets", []*runlog.Result{result(10, 2, 4), result(20, 2, 4)}, 10, 0, 2},
	} {
		got := NewCurve(c.results)
		if got.End != c.end || got.Flat != c.flat || got.Short != c.short {
			t.Errorf("%s: end %d, flat %d, short %d; want %d, %d, %d", c.name, got.End, got.Flat, got.Short, c.end, c.flat, c.short)
		}
	}
	if c := NewCurve([]*runlog.Result{result(10, 5, 4), result(20, 5, 4, 15)}); slices.Max(c.At) > c.End {
		t.Errorf("steps at %v, but the curve ends at %d", c.At, c.End)
	}
	if med, _, _, ok := NewCurve([]*runlog.Result{early}).Value(100); !ok || med != 2 {
		t.Errorf("a run that stopped early is not flat to the last row: %v %v", med, ok)
	}
	if med, _, _, ok := NewCurve([]*runlog.Result{static}).Value(60); !ok || med != 2 {
		t.Errorf("a static ranking's curve is not read past the budget: %v %v", med, ok)
	}
	if _, _, _, ok := NewCurve(nil).Value(0); ok {
		t.Error("a curve without seeds has a value")
	}
}

// Curve agrees with metric.RecallCurve.At at every budget.
func TestCurveEverywhere(t *testing.T) {
	rng := bench.NewStream(1, "test").Rand()
	for range 200 {
		var results []*runlog.Result
		end := 1 + rng.IntN(40)
		for range 1 + rng.IntN(6) {
			var f metric.RecallCurve
			for j := 1; j <= end; j++ {
				if rng.IntN(3) == 0 {
					f = append(f, j)
				}
			}
			results = append(results, result(end, 50, f...))
		}
		c := NewCurve(results)
		for j := 0; j <= end; j++ {
			var xs []float64
			for _, r := range results {
				xs = append(xs, float64(r.Found.At(j)))
			}
			med, least, most, ok := c.Value(j)
			if !ok || med != stats.Middle(xs) || least != slices.Min(xs) || most != slices.Max(xs) {
				t.Fatalf("at %d of %v: %v [%v–%v]", j, xs, med, least, most)
			}
		}
	}
}
