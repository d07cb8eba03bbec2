package claims

import (
	"crypto/sha256"
	"encoding/hex"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/experiments"
	"github.com/uaibench/uaibench/report/stats"
)

// The second ledger has a row for each claim, headline claims are few, the looks are those of package
// stats and their errors stay within the budget, and the first design is the file that its digest names.
func TestSecondLedger(t *testing.T) {
	s := ledger(t).Second
	if len(s.Claims) != 57 || len(s.Predictions) != 4 {
		t.Fatalf("%d claims, %d predictions", len(s.Claims), len(s.Predictions))
	}
	headline, alpha := 0, 0.0
	for _, c := range s.Claims {
		if c.Weight == "headline" {
			headline++
		}
	}
	if headline < 6 || headline > 8 {
		t.Errorf("%d headline claims: six to eight fit on one screen", headline)
	}
	if !slices.Equal(s.Looks, stats.Looks()) {
		t.Errorf("looks %v, of package stats %v", s.Looks, stats.Looks())
	}
	for _, look := range s.Looks {
		alpha += look.Alpha
	}
	if alpha > 0.06 {
		t.Errorf("the looks spend %g in all", alpha)
	}
	design, err := experiments.Specs.ReadFile(s.Design.File)
	if err != nil {
		t.Fatal(err)
	}
	if sum := sha256.Sum256(design); hex.EncodeToString(sum[:]) != s.Design.SHA256 {
		t.Errorf("%s has SHA-256 %x", s.Design.File, sum)
	}
}

// The ledger's text holds the same numbers as the rows: none was lost on the way.
func TestRowsFollowTheLedger(t *testing.T) {
	for _, r := range Judge(ledger(t), catalog(), Evidence{}).Numbers {
		if !strings.Contains(string(experiments.Ledger), r.Printed) {
			t.Errorf("%+v: the ledger has no %s", r, r.Printed)
		}
	}
}

// arrhythmia is the paper's world with DAE_uai on arrhythmia alone, its cells and results changed.
func arrhythmia(t *testing.T, w *papersWorld, change func(c *runlog.CellRecord)) *runlog.Run {
	t.Helper()
	run := some(t, w, func(c *runlog.CellRecord) (bool, bool) {
		return w.arms[c.ID] == "dae_uai" && c.Cell.Dataset.ID == "arrhythmia", true
	})
	for i := range run.Cells {
		c := &run.Cells[i]
		m, d := bench.Params{}, bench.Params{}
		for k, v := range c.Cell.Method.Params {
			m[k] = v
		}
		for k, v := range c.Cell.Dataset.Params {
			d[k] = v
		}
		c.Cell.Method.Params, c.Cell.Dataset.Params = m, d
		change(c)
		c.ID = c.Cell.ID()
		c.Result.Cell, c.Result.ID = c.Cell, c.ID
	}
	return run
}

// Cells of another configuration are not the paper's: they leave every number unmeasured.
func TestOtherSettingsDoNotCount(t *testing.T) {
	w := &papersWorld{l: ledger(t)}
	for what, change := range map[string]func(c *runlog.CellRecord){
		"":                func(*runlog.CellRecord) {},
		"a parameter":     func(c *runlog.CellRecord) { c.Cell.Method.Params["noise"] = 0.3 },
		"wrong labels":    func(c *runlog.CellRecord) { c.Cell.Noise.Miss = 0.1 },
		"another scaling": func(c *runlog.CellRecord) { c.Cell.Dataset.Params["scaling"] = "zscore" },
		"another method":  func(c *runlog.CellRecord) { c.Cell.Method.ID = "dae" },
		"another k":       func(c *runlog.CellRecord) { c.Result.K = 10 }, // below 100 anomalies the paper's is 3
	} {
		m := newEvaluator(w.l, catalog(), []*runlog.Run{arrhythmia(t, w, change)})
		n := len(m.quantity(&Operand{Metric: "f1"}, "dae_uai", "arrhythmia", "N").xs)
		if want := map[bool]int{true: len(worldSeeds), false: 0}[what == ""]; n != want {
			t.Errorf("%q: %d values, want %d", what, n, want)
		}
	}
}

// Near the printed mean a number is reproduced, shifted beyond the tolerance contradicted, and with a
// cell that failed before the first look it is neither.
func TestShiftedValuesFlip(t *testing.T) {
	w := &papersWorld{l: ledger(t)}
	for shift, want := range map[float64]Verdict{0: Reproduced, 0.3: Contradicted, -0.3: Contradicted} {
		run := arrhythmia(t, w, func(c *runlog.CellRecord) {
			r := *c.Result
			n := r.Anomalies
			setFound(&r, curveOf(n, r.Budget, []step{{n, 0.47 + shift + spread("x", "y", c.Cell.Seed, 0.02)}}))
			c.Result = &r
		})
		number := func() NumberRow {
			list := judgeOf(w.l, Evidence{Runs: []*runlog.Run{run}}).numbers()
			return list[slices.IndexFunc(list, func(n NumberRow) bool {
				return n.Table == "table1" && n.Dataset == "arrhythmia" && n.Of == "DAE_uai" && n.Quantity == "f1"
			})]
		}
		if n := number(); n.Verdict != want || math.Abs(*n.Ours-0.47-shift) > 0.02 {
			t.Errorf("%g off: %s, %g", shift, n.Verdict, *n.Ours)
		}
		run.Cells[3].Result, run.Cells[3].Status.State = nil, runlog.TimedOut
		if n := number(); n.Verdict != Open || !strings.Contains(n.Reason, string(runlog.TimedOut)) {
			t.Errorf("%g off, one failed: %s (%s)", shift, n.Verdict, n.Reason)
		}
	}
}

// Two runs that have one cell with different results are a failure of both, and of nothing else.
func TestRunsThatDisagree(t *testing.T) {
	w := &papersWorld{l: ledger(t)}
	run := w.run(t)
	other := clone(run, func(r *runlog.Result) {
		if w.arms[r.ID] == "dae" && r.Cell.Seed == 2 {
			mistakes["all found at once"](r)
		}
	})
	j := judgeOf(w.l, Evidence{Runs: []*runlog.Run{run, other}})
	row := j.claim(claimOf(t, w.l, "t1-dae-bad"))
	for _, c := range row.Comparisons {
		if c.Outcome != CellFailed || !strings.Contains(c.Reason, "differs between two runs") {
			t.Errorf("DAE on %s: %s (%s)", c.Dataset, c.Outcome, c.Reason)
		}
	}
	alone := judgeOf(w.l, Evidence{Runs: []*runlog.Run{run}})
	c := claimOf(t, w.l, "t1-uai-vs-loda")
	if got, want := j.claim(c), alone.claim(c); got.Verdict != want.Verdict || got.Reason != want.Reason {
		t.Errorf("%s: %s (%s), want %s", c.ID, got.Verdict, got.Reason, want.Verdict)
	}
}

// Cells that failed do not hide behind a shorter run of the same replicates that did not.
func TestFailedCellsDoNotHide(t *testing.T) {
	w := &papersWorld{l: ledger(t)}
	failed := arrhythmia(t, w, func(*runlog.CellRecord) {})
	shorter := arrhythmia(t, w, func(c *runlog.CellRecord) { c.Cell.Budget = bench.Budget{Audits: 66} })
	for i := range failed.Cells {
		failed.Cells[i].Result, failed.Cells[i].Status = nil, runlog.Status{State: runlog.Failed}
	}
	for _, runs := range [][]*runlog.Run{{failed, shorter}, {shorter, failed}} {
		s := newEvaluator(w.l, catalog(), runs).quantity(&Operand{Metric: "f1"}, "dae_uai", "arrhythmia", "N")
		if s.failed == "" || len(s.xs) > 0 {
			t.Errorf("%d values, failed: %q", len(s.xs), s.failed)
		}
	}
}

// Cells that are planned, or that ran less far than a claim speaks of, are nothing that it rests on.
func TestNotRunRestsOnNothing(t *testing.T) {
	w := &papersWorld{l: ledger(t)}
	short := clone(w.run(t), func(r *runlog.Result) {
		r.Budget, r.Found, r.StoppedEarly, r.Checkpoints = 1, r.Found[:min(1, len(r.Found))], false, nil
	})
	planned := some(t, w, func(*runlog.CellRecord) (bool, bool) { return true, false })
	for name, run := range map[string]*runlog.Run{"short": short, "planned": planned} {
		notRun := 0
		for _, c := range Judge(w.l, catalog(), Evidence{Runs: []*runlog.Run{run}}).Claims {
			if c.Verdict != NotRun {
				continue
			}
			if notRun++; len(c.Cells) > 0 {
				t.Errorf("%s: %s is not run, and rests on %d cells", name, c.ID, len(c.Cells))
			}
		}
		if notRun < 5 {
			t.Errorf("%s: only %d claims are not run", name, notRun)
		}
	}
}

// Settings of a sweep are set beside the paper's own cells: they change no verdict, and say with which a
// comparison that fails holds.
func TestSensitivity(t *testing.T) {
	w := &papersWorld{l: ledger(t)}
	made := func(settings ...string) *runlog.Run {
		run := &runlog.Run{Path: "sweep"}
		for i, name := range append([]string{""}, settings...) {
			f1 := 0.1 // contradicts Table 1's .47
			if name == "mends it" {
				f1 = 0.47
			}
			cells := arrhythmia(t, w, func(c *runlog.CellRecord) {
				r := *c.Result
				setFound(&r, curveOf(r.Anomalies, r.Budget, []step{{r.Anomalies, f1 + spread("x", "y", c.Cell.Seed, 0.02)}}))
				c.Result = &r
				if i > 0 {
					c.Cell.Method.Params["noise"] = float64(i)
					c.Variant = []bench.Setting{{Name: "variant", Value: name}}
				}
			}).Cells
			run.Cells = append(run.Cells, cells...)
		}
		return run
	}
	alone := Judge(w.l, catalog(), Evidence{Runs: []*runlog.Run{made()}})
	j := Judge(w.l, catalog(), Evidence{Runs: []*runlog.Run{made("mends it", "does not")}})
	j.SensitivityTable()
	for i, c := range alone.Claims {
		if got := j.Claims[i]; got.Verdict != c.Verdict || got.Reason != c.Reason {
			t.Errorf("%s: %s (%s) beside settings, %s (%s) alone", c.ID, got.Verdict, got.Reason, c.Verdict, c.Reason)
		}
	}
	row := j.Claim("t1-values")
	if row.Verdict != Contradicted || len(row.Sensitivity) != 2 {
		t.Fatalf("%s, %+v", row.Verdict, row.Sensitivity)
	}
	for i, want := range []Ablation{{Setting: "mends it", Touched: 1, Before: Tally{Fails: 1}, After: Tally{Holds: 1}},
		{Setting: "does not", Touched: 1, Before: Tally{Fails: 1}, After: Tally{Fails: 1}}} {
		a := row.Sensitivity[i]
		if a.Setting != want.Setting || a.Touched != want.Touched || a.Before != want.Before || a.After != want.After {
			t.Errorf("%+v, want %+v", a, want)
		}
	}
	if row.best().Setting != "mends it" || row.stubborn() != nil {
		t.Errorf("best %q, always fails %q", row.best().Setting, row.stubborn())
	}
	never := Judge(w.l, catalog(), Evidence{Runs: []*runlog.Run{made("does not", "nor this")}})
	never.SensitivityTable()
	if got := never.Claim("t1-values").stubborn(); len(got) != 1 || !strings.Contains(got[0], "on arrhythmia") {
		t.Errorf("always fails: %q", got)
	}
}

// A sample ends before the first replicate that failed or has not run, whatever ran after it, and its
// order is that of the data's draws and then of the seeds, whatever the cells' order.
func TestSampleOrder(t *testing.T) {
	w := &papersWorld{l: ledger(t)}
	f1 := &Operand{Metric: "f1"}
	for _, state := range []runlog.State{runlog.Failed, runlog.TimedOut, runlog.Planned, runlog.Running} {
		run := arrhythmia(t, w, func(*runlog.CellRecord) {})
		for i := range run.Cells {
			if c := &run.Cells[i]; c.Cell.Seed == 4 {
				c.Result, c.Status = nil, runlog.Status{State: state}
			}
		}
		if s := newEvaluator(w.l, catalog(), []*runlog.Run{run}).quantity(f1, "dae_uai", "arrhythmia", "N"); len(s.xs) != 3 {
			t.Errorf("the fourth %s: %d values", state, len(s.xs))
		}
	}
	run := arrhythmia(t, w, func(c *runlog.CellRecord) { c.Cell.Dataset.Seed = 1 + c.Cell.Seed%2 })
	slices.Reverse(run.Cells)
	s := newEvaluator(w.l, catalog(), []*runlog.Run{run}).quantity(f1, "dae_uai", "arrhythmia", "N")
	want := []replicate{{1, 2}, {1, 4}, {1, 6}, {1, 8}, {1, 10}, {2, 1}, {2, 3}, {2, 5}, {2, 7}, {2, 9}}
	if !slices.Equal(s.keys, want) {
		t.Errorf("%v, want %v", s.keys, want)
	}
}
