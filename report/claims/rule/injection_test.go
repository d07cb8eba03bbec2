package rule

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/claims/internal/fake"
	"github.com/uaibench/uaibench/report/claims/ledger"
)

// A number near the printed mean is reproduced, and one shifted beyond the tolerance is
// contradicted. With a cell that failed before the first look it is neither.
func TestShiftedValuesFlip(t *testing.T) {
	w := &fake.World{L: fake.Ledger(t)}
	for shift, want := range map[float64]Verdict{0: Reproduced, 0.3: Contradicted, -0.3: Contradicted} {
		run := fake.Arrhythmia(t, w, func(c *runlog.CellRecord) {
			r := *c.Result
			n := r.Anomalies
			fake.SetFound(&r, fake.CurveOf(n, r.Budget, []fake.Step{{Audits: n, Share: 0.47 + shift + fake.Spread("x", "y", c.Cell.Seed, 0.02)}}))
			c.Result = &r
		})
		number := func() NumberRow {
			list := judgeOf(w.L, Evidence{Runs: []*runlog.Run{run}}).Numbers()
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

// Two runs that have one cell with different results count as a failure of that cell only.
func TestRunsThatDisagree(t *testing.T) {
	w := &fake.World{L: fake.Ledger(t)}
	run := w.Run(t)
	other := fake.Clone(run, func(r *runlog.Result) {
		if w.Arms[r.ID] == "dae" && r.Cell.Seed == 2 {
			fake.Mistakes["all found at once"](r)
		}
	})
	j := judgeOf(w.L, Evidence{Runs: []*runlog.Run{run, other}})
	row := j.Claim(w.L.Second.Claim("t1-dae-bad"))
	for _, c := range row.Comparisons {
		if c.Outcome != CellFailed || !strings.Contains(c.Reason, "differs between two runs") {
			t.Errorf("DAE on %s: %s (%s)", c.Dataset, c.Outcome, c.Reason)
		}
	}
	alone := judgeOf(w.L, Evidence{Runs: []*runlog.Run{run}})
	c := w.L.Second.Claim("t1-uai-vs-loda")
	if got, want := j.Claim(c), alone.Claim(c); got.Verdict != want.Verdict || got.Reason != want.Reason {
		t.Errorf("%s: %s (%s), want %s", c.ID, got.Verdict, got.Reason, want.Verdict)
	}
}

// Wrong values in a copy of the results change the verdict of every claim that held: each claim
// fails with at least one of the mistakes, made by one arm or by all of them.
func TestInjection(t *testing.T) {
	w := &fake.World{L: fake.Ledger(t)}
	run := w.Run(t)
	honest := judgeOf(w.L, Evidence{Runs: []*runlog.Run{run}, Theory: fake.Theorems(true)})
	wrong := map[string]*Judge{} // mistake and arm -> a judge of a world with it
	with := func(mistake, arm string) *Judge {
		key := mistake + "\x00" + arm
		if j, ok := wrong[key]; ok {
			return j
		}
		j := judgeOf(w.L, Evidence{Runs: []*runlog.Run{fake.Clone(run, func(r *runlog.Result) {
			if arm == "" || w.Arms[r.ID] == arm {
				fake.Mistakes[mistake](r)
			}
		})}, Theory: fake.Theorems(false)})
		j.Bare = true
		wrong[key] = j
		return j
	}
	tried := 0
	for i := range w.L.Second.Claims {
		c := &w.L.Second.Claims[i]
		before := honest.Claim(c).Verdict
		if before != Reproduced || slices.ContainsFunc(c.Checks, func(k ledger.Check) bool { return k.Op == "data" }) {
			continue
		}
		tried++
		arms := []string{""}
		for _, k := range c.Checks {
			for _, o := range []*ledger.Operand{k.Left, k.Right} {
				if o != nil {
					arms = append(arms, o.Arms...)
				}
			}
			for _, p := range k.Pairs {
				arms = append(arms, p...)
			}
		}
		turned := ""
	search:
		for _, mistake := range slices.Sorted(maps.Keys(fake.Mistakes)) {
			for _, arm := range arms {
				if v := with(mistake, arm).Claim(c).Verdict; v != before {
					turned = fmt.Sprintf("%s by %q: %s", mistake, arm, v)
					break search
				}
			}
		}
		if turned == "" {
			t.Errorf("%s: no mistake turns its verdict", c.ID)
		}
	}
	if tried < 25 {
		t.Errorf("only %d claims were tried", tried)
	}
}
