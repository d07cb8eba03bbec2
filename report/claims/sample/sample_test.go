package sample

import (
	"math"
	"slices"
	"testing"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/claims/internal/fake"
	"github.com/uaibench/uaibench/report/claims/ledger"
)

// Regression: five identical runs of a deterministic method on one draw of the data counted as
// five.
func TestDeterministicMethodsCountDraws(t *testing.T) {
	w := &fake.World{L: fake.Ledger(t)}
	kde := w.L.Arm("kde")
	run := fake.Some(t, w, func(c *runlog.CellRecord) (bool, bool) { return w.Arms[c.ID] == "kde", true })
	auc := &ledger.Operand{Metric: "auc"}
	if s := NewEvaluator(w.L, fake.Catalog(), []*runlog.Run{run}).Quantity(auc, kde.ID, "toy2d_cluster", "N"); len(s.Values) != 1 || !s.Ended {
		t.Errorf("ten identical runs count as %d, ended: %t", len(s.Values), s.Ended)
	}
	for i := range run.Cells { // each on a draw of its own
		c := &run.Cells[i]
		c.Cell.Dataset.Seed = c.Cell.Seed
		c.ID = c.Cell.ID()
	}
	if s := NewEvaluator(w.L, fake.Catalog(), []*runlog.Run{run}).Quantity(auc, kde.ID, "toy2d_cluster", "N"); len(s.Values) != len(fake.WorldSeeds) || s.Draws() != len(fake.WorldSeeds) {
		t.Errorf("ten draws count as %d", len(s.Values))
	}
}

// Cells of another configuration do not count: with only those, a quantity has no values.
func TestOtherSettingsDoNotCount(t *testing.T) {
	w := &fake.World{L: fake.Ledger(t)}
	for what, change := range map[string]func(c *runlog.CellRecord){
		"":                func(*runlog.CellRecord) {},
		"a parameter":     func(c *runlog.CellRecord) { c.Cell.Method.Params["noise"] = 0.3 },
		"wrong labels":    func(c *runlog.CellRecord) { c.Cell.Noise.Miss = 0.1 },
		"another scaling": func(c *runlog.CellRecord) { c.Cell.Dataset.Params["scaling"] = "zscore" },
		"another method":  func(c *runlog.CellRecord) { c.Cell.Method.ID = "dae" },
		"another k":       func(c *runlog.CellRecord) { c.Result.K = 10 }, // below 100 anomalies the paper's k is 3
	} {
		m := NewEvaluator(w.L, fake.Catalog(), []*runlog.Run{fake.Arrhythmia(t, w, change)})
		n := len(m.Quantity(&ledger.Operand{Metric: "f1"}, "dae_uai", "arrhythmia", "N").Values)
		if want := map[bool]int{true: len(fake.WorldSeeds), false: 0}[what == ""]; n != want {
			t.Errorf("%q: %d values, want %d", what, n, want)
		}
	}
}

// Failed cells are not hidden by shorter, successful runs of the same replicates.
func TestFailedCellsDoNotHide(t *testing.T) {
	w := &fake.World{L: fake.Ledger(t)}
	failed := fake.Arrhythmia(t, w, func(*runlog.CellRecord) {})
	shorter := fake.Arrhythmia(t, w, func(c *runlog.CellRecord) { c.Cell.Budget = bench.Budget{Audits: 66} })
	for i := range failed.Cells {
		failed.Cells[i].Result, failed.Cells[i].Status = nil, runlog.Status{State: runlog.Failed}
	}
	for _, runs := range [][]*runlog.Run{{failed, shorter}, {shorter, failed}} {
		s := NewEvaluator(w.L, fake.Catalog(), runs).Quantity(&ledger.Operand{Metric: "f1"}, "dae_uai", "arrhythmia", "N")
		if s.Failed == "" || len(s.Values) > 0 {
			t.Errorf("%d values, failed: %q", len(s.Values), s.Failed)
		}
	}
}

// A sample ends before the first replicate that failed or has not run, whatever ran after it. Its
// order is by the data's seeds, then the training seeds, whatever the cells' order.
func TestSampleOrder(t *testing.T) {
	w := &fake.World{L: fake.Ledger(t)}
	f1 := &ledger.Operand{Metric: "f1"}
	for _, state := range []runlog.State{runlog.Failed, runlog.TimedOut, runlog.Planned, runlog.Running} {
		run := fake.Arrhythmia(t, w, func(*runlog.CellRecord) {})
		for i := range run.Cells {
			if c := &run.Cells[i]; c.Cell.Seed == 4 {
				c.Result, c.Status = nil, runlog.Status{State: state}
			}
		}
		if s := NewEvaluator(w.L, fake.Catalog(), []*runlog.Run{run}).Quantity(f1, "dae_uai", "arrhythmia", "N"); len(s.Values) != 3 {
			t.Errorf("the fourth %s: %d values", state, len(s.Values))
		}
	}
	run := fake.Arrhythmia(t, w, func(c *runlog.CellRecord) { c.Cell.Dataset.Seed = 1 + c.Cell.Seed%2 })
	slices.Reverse(run.Cells)
	s := NewEvaluator(w.L, fake.Catalog(), []*runlog.Run{run}).Quantity(f1, "dae_uai", "arrhythmia", "N")
	want := []Replicate{{1, 2}, {1, 4}, {1, 6}, {1, 8}, {1, 10}, {2, 1}, {2, 3}, {2, 5}, {2, 7}, {2, 9}}
	if !slices.Equal(s.Keys, want) {
		t.Errorf("%v, want %v", s.Keys, want)
	}
}

// TestPairs has details that mutation testing found uncovered, other than by the full report.
func TestPairs(t *testing.T) {
	// Pairs are of one draw and one seed.
	a := Sample{Keys: []Replicate{{1, 1}, {1, 2}, {2, 1}}, Values: []float64{1, 2, 3}}
	b := Sample{Keys: []Replicate{{1, 2}, {2, 1}, {2, 2}}, Values: []float64{20, 30, 40}}
	if p := Pair(a, b, func(x, y float64) float64 { return y - x }); !slices.Equal(p.Values, []float64{18, 27}) {
		t.Errorf("%v", p.Values)
	}
	// With equal counts neither is behind, and a tie at the end is a crossing.
	if got := lastBehind([]int{2, 4}, []int{2, 3}, 10); got != 3 {
		t.Errorf("last behind at %d", got)
	}
	if got := lastBehind([]int{5}, []int{5}, 10); got != 0 {
		t.Errorf("tied: %d", got)
	}
	// An arm that is never behind is ahead from audit 1; one that catches up at audit 4, from audit
	// 4.
	for _, x := range []struct {
		a, b []int
		want float64
	}{{[]int{5}, []int{5}, 1}, {[]int{2, 4}, []int{2, 3}, 4}, {nil, []int{9}, math.Inf(1)}} {
		if got := crossing(x.a, x.b); got != x.want {
			t.Errorf("%v over %v: from %v, want %v", x.a, x.b, got, x.want)
		}
	}
}
