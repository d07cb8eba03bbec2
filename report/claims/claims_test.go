package claims

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/bench/theory"
)

// notReproduced are the claims that the paper's world does not give, with what it gives.
var notReproduced = map[string]Verdict{
	"t1-uai-vs-best":          Partly, // its own table says otherwise on thyroid, creditcard and covtype
	"t1-same-hyperparameters": ByConstruction,
	"t1-prf-equal":            ByConstruction,
	"t3-table1-consistency":   ByConstruction, // rests on no run

	// DAGMM's spread on Thyroid, as printed, leaves these open with five runs.
	"t3-comparable-to-clean-dagmm": Inconclusive,
	"t3-quoted-rows":               Inconclusive,

	// This world's five runs of DAE_uai on Thyroid's 93 and arrhythmia's 66 anomalies are equal: no spread, no ratio.
	"t3-more-stable": Inconclusive,

	// A run directory does not keep the number of types in the training sample.
	"f4-types": Inconclusive,
}

// In a world where runs give what the paper prints, the claims hold, but for those that its own numbers contradict.
func TestPapersWorld(t *testing.T) {
	w := &world{l: ledger(t)}
	j := Judge(w.l, catalog(), Evidence{[]*runlog.Run{w.run(t)}, theorems(true)})
	if len(j.Claims) != 57 { // theorem 2's bound, and that it is tight, are one each
		t.Errorf("%d claims: the paper makes 57", len(j.Claims))
	}
	for _, c := range j.Claims {
		want, ok := notReproduced[c.ID]
		if !ok {
			want = Reproduced
		}
		if c.Verdict != want {
			t.Errorf("%s: %s (%s), want %s", c.ID, c.Verdict, c.Reason, want)
		}
		if c.Verdict == Reproduced && c.Kind != "theory" && len(c.Cells) == 0 {
			t.Errorf("%s rests on no cell", c.ID)
		}
	}
	for _, n := range j.Numbers {
		if n.Verdict == Contradicted && !strings.HasSuffix(n.Quantity, " sd") {
			t.Errorf("%s, %s of %s on %s: %g contradicts %s", n.Table, n.Quantity, n.Of, n.Dataset, *n.Ours, n.Printed)
		}
	}
}

// clone copies a run so that results can be changed.
func clone(run *runlog.Run, wrong func(r *runlog.Result)) *runlog.Run {
	out := *run
	out.Cells = slices.Clone(run.Cells)
	for i := range out.Cells {
		if out.Cells[i].Result == nil {
			continue
		}
		r := *out.Cells[i].Result
		if r.Metrics.AtAnomalies != nil {
			prf := *r.Metrics.AtAnomalies
			r.Metrics.AtAnomalies = &prf
		}
		if r.Split != nil {
			split := *r.Split
			r.Split = &split
		}
		r.Checkpoints = slices.Clone(r.Checkpoints)
		for k := range r.Checkpoints {
			c := &r.Checkpoints[k]
			if c.Test != nil {
				v := *c.Test
				c.Test = &v
			}
			if c.Plane != nil {
				c.Plane = &runlog.Plane{Dim: c.Plane.Dim, Balanced: c.Plane.Balanced}
			}
			if c.Tail != nil {
				v := *c.Tail
				c.Tail = &v
			}
		}
		wrong(&r)
		out.Cells[i].Result = &r
	}
	return &out
}

// mistakes that a result may have.
var mistakes = map[string]func(r *runlog.Result){
	"nothing found": func(r *runlog.Result) { setFound(r, bench.Found{}) },
	"all found at once": func(r *runlog.Result) {
		f := make(bench.Found, r.Anomalies)
		for i := range f {
			f[i] = i + 1
		}
		setFound(r, f)
	},
	"found late": func(r *runlog.Result) {
		f := slices.Clone(r.Found)
		for i := range f {
			f[i] = min(r.Rows-len(f)+i, 4*f[i])
		}
		setFound(r, f)
	},
	"another pool": func(r *runlog.Result) { r.Rows += 2000; r.Anomalies += r.Anomalies/2 + 1 },
	"more classes": func(r *runlog.Result) { r.Classes++; r.Features++ },
	"unequal scores": func(r *runlog.Result) {
		if r.Split == nil {
			r.Metrics.AtAnomalies.Precision += 0.0008
		}
	},
	"another half's scores": func(r *runlog.Result) {
		if r.Split != nil {
			r.Split.PRF = bench.PRF{Precision: 0.6, Recall: 0.6, F1: 0.6}
		}
	},
	"no separation, no recall, no trend": func(r *runlog.Result) {
		half := 0.5
		for i := range r.Checkpoints {
			c := &r.Checkpoints[i]
			if c.Plane != nil {
				c.Plane.Balanced = &half
			}
			if c.Test != nil {
				c.Test.Seen.Hits, c.Test.Unseen.Hits, c.Test.Seen.Of = 0, 0, c.Test.Seen.Of+1
			}
			if c.Tail != nil {
				c.Tail = runlog.NewTail(curveOf(r.Anomalies, r.Rows, []step{{r.Rows, 1}}), c.Audited, r.Rows)
			}
			if c.Counts != nil {
				c.Counts = map[string]int64{"rows_touched": int64(i + 1), "joint_steps": int64(i * i)}
			}
		}
	},
	"no ranking": func(r *runlog.Result) {
		if half := 0.5; r.Unlabelled != nil {
			r.Unlabelled = &runlog.RankMetrics{ROCAUC: &half}
		}
	},
	"all recalled": func(r *runlog.Result) {
		for i := range r.Checkpoints {
			if t := r.Checkpoints[i].Test; t != nil {
				t.Seen.Hits, t.Unseen.Hits = t.Seen.Of, t.Unseen.Of
			}
		}
	},
	"a seed astray": func(r *runlog.Result) {
		if r.Cell.Seed == 4 {
			setFound(r, r.Found[:len(r.Found)/9])
		}
	},
}

func setFound(r *runlog.Result, f bench.Found) {
	if r.Split != nil {
		return
	}
	r.Found, r.StoppedEarly = f, len(f) == r.Anomalies
	prf := bench.PRFAt(f.At(r.Anomalies), r.Anomalies, r.Anomalies)
	r.Metrics = runlog.Metrics{AtAnomalies: &prf, Area: f.Area(r.Budget, r.Anomalies)}
}

// Wrong values in a copy of the results turn the verdict of every claim that held: each claim falls to at least one of the
// mistakes, made by one arm or by all of them.
func TestInjection(t *testing.T) {
	w := &world{l: ledger(t)}
	run := w.run(t)
	honest := newMeasured(w.l, catalog(), Evidence{[]*runlog.Run{run}, theorems(true)})
	wrong := map[string][2]*measured{} // mistake and arm -> a world with it
	world := func(mistake, arm string) *measured {
		key := mistake + "\x00" + arm
		if m, ok := wrong[key]; ok {
			return m[0]
		}
		m := newMeasured(w.l, catalog(), Evidence{[]*runlog.Run{clone(run, func(r *runlog.Result) {
			if arm == "" || w.arms[r.ID] == arm {
				mistakes[mistake](r)
			}
		})}, theorems(false)})
		wrong[key] = [2]*measured{m}
		return m
	}
	tried := 0
	for i := range w.l.Claims {
		c := &w.l.Claims[i]
		before := honest.claim(c).Verdict
		if before != Reproduced && before != ByConstruction || c.ID == "t3-table1-consistency" { // which rests on no run
			continue
		}
		tried++
		arms := []string{""}
		for _, test := range c.Tests {
			for _, o := range []*Operand{test.Of, test.Than} {
				if o != nil {
					arms = append(arms, o.Arms...)
				}
			}
		}
		turned := ""
	search:
		for _, mistake := range slices.Sorted(maps.Keys(mistakes)) {
			for _, arm := range arms {
				if v := world(mistake, arm).claim(c).Verdict; v != before {
					turned = fmt.Sprintf("%s by %q: %s", mistake, arm, v)
					if v == Reproduced {
						t.Errorf("%s: %s", c.ID, turned)
					}
					break search
				}
			}
		}
		if turned == "" {
			t.Errorf("%s: no mistake turns its verdict", c.ID)
		}
	}
	if tried < 35 {
		t.Errorf("only %d claims were tried", tried)
	}
}

// theorems says of all statements that the ledger names whether they hold.
func theorems(hold bool) *theory.Result {
	r := &theory.Result{}
	for _, name := range []string{"theorem1.uniform", "theorem1.support", "theorem1.p1", "theorem2.bound", "theorem2.kl", "theorem2.exact", "theorem2.tight", "theorem3.bound", "theorem3.equality"} {
		r.Statements = append(r.Statements, theory.Statement{Name: name, Holds: hold})
	}
	return r
}

// A failed cell leaves every claim that rests on it inconclusive; a cell that has not run never makes a pass.
func TestFailedCells(t *testing.T) {
	w := &world{l: ledger(t)}
	run := w.run(t)
	honest := newMeasured(w.l, catalog(), Evidence{Runs: []*runlog.Run{run}})
	for i := range w.l.Claims {
		c := &w.l.Claims[i]
		row := honest.claim(c)
		if len(row.Cells) == 0 {
			continue
		}
		states := []runlog.State{runlog.Failed, runlog.Planned}
		if i%2 == 1 {
			states = []runlog.State{runlog.TimedOut, runlog.Running}
		}
		for _, state := range states {
			bad := *run
			bad.Cells = slices.Clone(run.Cells)
			broken := 0
			for k := range bad.Cells {
				// All cells of seed 3: those of a dataset's statistics stand on the others.
				if bad.Cells[k].Cell.Seed == 3 && slices.Contains(row.Cells, bad.Cells[k].ID) {
					bad.Cells[k].Result, bad.Cells[k].Status = nil, runlog.Status{State: state}
					broken++
				}
			}
			if broken == 0 || allStatistics(c) {
				continue
			}
			got := newMeasured(w.l, catalog(), Evidence{Runs: []*runlog.Run{&bad}}).claim(c)
			if failed := state == runlog.Failed || state == runlog.TimedOut; failed && got.Verdict != Inconclusive ||
				!failed && got.Verdict == Reproduced && !c.Construction {
				t.Errorf("%s with a cell %s: %s (%s)", c.ID, state, got.Verdict, got.Reason)
			}
		}
	}
}

// Cells that failed do not hide behind a shorter run of the same arm that did not, nor behind one as long.
func TestFailedCellsDoNotHide(t *testing.T) {
	w := &world{l: ledger(t)}
	run := w.run(t)
	dae := w.l.arm("dae_uai")
	for what, seeds := range map[string][]uint64{"shorter": worldSeeds[:2], "as long": worldSeeds} {
		failed, other := clone(run, func(*runlog.Result) {}), clone(run, func(*runlog.Result) {})
		var again []runlog.CellRecord
		for k := range failed.Cells {
			c := &failed.Cells[k]
			if w.arms[c.ID] != "dae_uai" || c.Cell.Dataset.ID != "mnist0" {
				continue
			}
			if slices.Contains(seeds, c.Cell.Seed) {
				more := other.Cells[k]
				more.Cell.Budget = bench.Budget{Audits: 1000}
				more.ID = more.Cell.ID()
				again = append(again, more)
			}
			c.Result, c.Status = nil, runlog.Status{State: runlog.Failed}
		}
		other.Cells = again
		for _, runs := range [][]*runlog.Run{{failed, other}, {other, failed}} {
			m := newMeasured(w.l, catalog(), Evidence{Runs: runs})
			s := m.of(dae, "mnist0", func(*runlog.Result) (float64, error) { return 1, nil })
			if len(s.Failed) != len(worldSeeds) {
				t.Errorf("%s: %d failed cells, %d values", what, len(s.Failed), len(s.Values))
			}
			for i := range w.l.Claims {
				if c := &w.l.Claims[i]; c.ID == "syn-cold-start" {
					if row := m.claim(c); row.Verdict != Inconclusive {
						t.Errorf("%s: %s (%s)", what, row.Verdict, row.Reason)
					}
				}
			}
		}
	}
}

// Holm's family is all of a claim's comparisons: what was not run makes no p smaller.
func TestFamily(t *testing.T) {
	p := func(x float64) Item { return Item{Outcome: Holds, P: &PValues{T: x}, above: x} }
	items := []Item{p(0.004), {Outcome: Missing}, p(0.02), {Outcome: Broken}}
	adjust(items)
	near(t, "the least", items[0].P.Holm, 0.016, 1e-12)
	near(t, "the next", items[2].P.Holm, 0.06, 1e-12)
	items[3].Outcome = Straddles
	for x, want := range map[float64]Verdict{0.012: Reproduced, 0.013: Inconclusive} { // of four 0.0125
		items[0] = p(x)
		if got, why := verdict(&Claim{Any: true}, items); got != want {
			t.Errorf("p = %g among four: %s (%s)", x, got, why)
		}
	}
}

func allStatistics(c *Claim) bool {
	for _, t := range c.Tests {
		if t.Of == nil || statistics[t.Of.Metric] == nil {
			return false
		}
	}
	return true
}

// Without runs nothing is reproduced but what needs none.
func TestNothingRan(t *testing.T) {
	j := Judge(ledger(t), catalog(), Evidence{})
	for _, c := range j.Claims {
		want := NotRun
		if c.ID == "t3-table1-consistency" {
			want = ByConstruction
		}
		if c.Verdict != want {
			t.Errorf("%s: %s", c.ID, c.Verdict)
		}
	}
	for _, n := range j.Numbers {
		if n.Verdict != NotRun {
			t.Errorf("%+v", n)
		}
	}
	if j.Measured() {
		t.Error("it says that something was measured")
	}
}

// Cells that are planned, or that ran less far than a claim speaks of, are nothing that it rests on.
func TestNotRunRestsOnNothing(t *testing.T) {
	w := &world{l: ledger(t)}
	run := w.run(t)
	short := clone(run, func(r *runlog.Result) {
		r.Budget, r.Found, r.StoppedEarly, r.Checkpoints = 1, r.Found[:min(1, len(r.Found))], false, nil
	})
	planned := *run
	planned.Cells = slices.Clone(run.Cells)
	for i := range planned.Cells {
		planned.Cells[i].Result, planned.Cells[i].Status = nil, runlog.Status{State: runlog.Planned}
	}
	for name, run := range map[string]*runlog.Run{"short": short, "planned": &planned} {
		j := Judge(w.l, catalog(), Evidence{Runs: []*runlog.Run{run}})
		notRun := 0
		for _, c := range j.Claims {
			if c.Verdict == NotRun {
				notRun++
			}
			if c.Verdict == NotRun && len(c.Cells) > 0 {
				t.Errorf("%s: %s is not run, and rests on %d cells", name, c.ID, len(c.Cells))
			}
			for _, it := range c.Items {
				if it.Outcome == Missing && len(it.Cells) > 0 {
					t.Errorf("%s: %s: %s is not run, and rests on %d cells", name, c.ID, it.What, len(it.Cells))
				}
			}
		}
		for _, n := range j.Numbers {
			if n.Verdict == NotRun && len(n.Cells) > 0 {
				t.Errorf("%s: %s of %s on %s is not run, and rests on %d cells", name, n.Quantity, n.Of, n.Dataset, len(n.Cells))
			}
		}
		if notRun < 5 {
			t.Errorf("%s: only %d claims are not run", name, notRun)
		}
	}
}

// That two printed tables agree is no evidence; that they do not contradicts.
func TestPrintedIsNoEvidence(t *testing.T) {
	l := ledger(t)
	at := func() ClaimRow {
		j := Judge(l, catalog(), Evidence{})
		return j.Claims[slices.IndexFunc(j.Claims, func(c ClaimRow) bool { return c.ID == "t3-table1-consistency" })]
	}
	if c := at(); c.Verdict != ByConstruction || !strings.Contains(c.Reason, "no run bears") {
		t.Errorf("%s: %s", c.Verdict, c.Reason)
	}
	for i := range l.Table1.F1 {
		for d := range l.Table1.F1[i].Values {
			l.Table1.F1[i].Values[d] += 0.2
		}
	}
	if c := at(); c.Verdict != Contradicted {
		t.Errorf("%s: %s", c.Verdict, c.Reason)
	}
}

// A statement of the theorems that fails says what the simulations found.
func TestTight(t *testing.T) {
	j := Judge(ledger(t), catalog(), Evidence{Theory: &theory.Result{Statements: []theory.Statement{{Name: "theorem2.tight", Why: "7.1 times"}, {Name: "theorem2.bound", Holds: true}}}})
	c := j.Claims[slices.IndexFunc(j.Claims, func(c ClaimRow) bool { return c.ID == "th2-tight" })]
	if c.Verdict != Contradicted || !strings.Contains(c.Reason, "7.1 times") {
		t.Errorf("%s: %s", c.Verdict, c.Reason)
	}
}

// Two runs that have one cell with different results are a failure of both.
func TestRunsThatDisagree(t *testing.T) {
	w := &world{l: ledger(t)}
	run := w.run(t)
	other := clone(run, func(r *runlog.Result) {
		if w.arms[r.ID] == "dae" && r.Cell.Seed == 2 {
			mistakes["found late"](r)
		}
	})
	j := Judge(w.l, catalog(), Evidence{Runs: []*runlog.Run{run, other}})
	for _, c := range j.Claims {
		if c.ID == "t1-dae-bad" && c.Verdict != Inconclusive {
			t.Errorf("%s: %s (%s)", c.ID, c.Verdict, c.Reason)
		}
		if c.ID == "t1-uai-vs-loda" && c.Verdict != Reproduced {
			t.Errorf("%s: %s (%s)", c.ID, c.Verdict, c.Reason)
		}
	}
}
