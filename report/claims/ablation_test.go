package claims

import (
	"slices"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/bench/theory"
)

// arrhythmia is a run of DAE on arrhythmia alone: as the paper has it but for change, and with settings, each with five seeds' F1.
func arrhythmia(t *testing.T, change func(*bench.Cell), settings ...string) *runlog.Run {
	t.Helper()
	run := &runlog.Run{Path: "sweep"}
	var model runlog.CellRecord
	w := &world{l: ledger(t)}
	for _, c := range w.run(t).Cells {
		if w.arms[c.ID] == "dae" && c.Cell.Dataset.ID == "arrhythmia" {
			model = c
		}
	}
	for i, name := range append([]string{""}, settings...) {
		for seed := range uint64(5) {
			c := model
			c.Cell.Method.Params = bench.Params{}
			for k, v := range model.Cell.Method.Params {
				c.Cell.Method.Params[k] = v
			}
			c.Cell.Seed = seed + 1
			if change != nil {
				change(&c.Cell)
			}
			f1 := 0.16 // contradicts Table 1's 0.35, by more than its tolerance
			if i > 0 {
				c.Cell.Method.Params["noise"] = float64(i)
				c.Variant = []bench.Setting{{Name: "variant", Value: name}}
			}
			if name == "mends it" {
				f1 = 0.35
			}
			c.ID = c.Cell.ID()
			r := *model.Result
			r.ID, r.Cell = c.ID, c.Cell
			n := r.Anomalies
			r.Found = curveOf(n, r.Budget, []step{{n, f1 + 0.001*float64(seed)}})
			prf := bench.PRFAt(r.Found.At(n), n, n)
			r.StoppedEarly, r.Audited, r.Metrics = false, r.Budget, runlog.Metrics{AtAnomalies: &prf}
			c.Result = &r
			run.Cells = append(run.Cells, c)
		}
	}
	return run
}

func ofClaim(t *testing.T, j *Judgement, id string) ClaimRow {
	t.Helper()
	i := slices.IndexFunc(j.Claims, func(c ClaimRow) bool { return c.ID == id })
	if i < 0 {
		t.Fatalf("no claim %s", id)
	}
	return j.Claims[i]
}

func TestAblations(t *testing.T) {
	judge := func(run *runlog.Run) *Judgement {
		return Judge(ledger(t), catalog(), Evidence{Runs: []*runlog.Run{run}})
	}
	run := arrhythmia(t, nil, "mends it", "does not")
	j := judge(run)
	row := ofClaim(t, j, "t1-values")
	want := []Ablation{
		{Setting: "mends it", Touched: 1, Before: Tally{Fails: 1}, After: Tally{Holds: 1}},
		{Setting: "does not", Touched: 1, Before: Tally{Fails: 1}, After: Tally{Fails: 1}},
	}
	if len(row.Ablations) != 2 {
		t.Fatalf("%+v", row.Ablations)
	}
	for i, a := range row.Ablations {
		a.outcomes = nil
		if a.Setting != want[i].Setting || a.Touched != 1 || a.Before != want[i].Before || a.After != want[i].After {
			t.Errorf("%+v, want %+v", a, want[i])
		}
	}
	if row.Verdict != Contradicted || row.best().Setting != "mends it" || row.stubborn() != nil {
		t.Errorf("%s, best %q, fails always: %q", row.Verdict, row.best().Setting, row.stubborn())
	}

	t.Run("no verdict changes", func(t *testing.T) {
		alone := judge(arrhythmia(t, nil))
		for i, c := range alone.Claims {
			if got := j.Claims[i]; got.Verdict != c.Verdict || got.Reason != c.Reason || !slices.Equal(got.Cells, c.Cells) {
				t.Errorf("%s: %s (%s) beside settings, %s (%s) alone", c.ID, got.Verdict, got.Reason, c.Verdict, c.Reason)
			}
			if c.Ablations != nil {
				t.Errorf("%s has ablations of nothing: %+v", c.ID, c.Ablations)
			}
		}
	})
	t.Run("what fails with every setting is named", func(t *testing.T) {
		row := ofClaim(t, judge(arrhythmia(t, nil, "does not", "nor this")), "t1-values")
		if got := strings.Join(row.stubborn(), "; "); got != "F1 of DAE on arrhythmia" {
			t.Errorf("%q", got)
		}
	})
	t.Run("an entry of its own goes by its label", func(t *testing.T) {
		run := arrhythmia(t, nil, "", "mends it")
		for i := range run.Cells[5:10] {
			run.Cells[5+i].Label, run.Cells[5+i].Variant = "DAE, noisier", nil
		}
		for i := range run.Cells[10:] {
			run.Cells[10+i].Label = "DAE, noisier"
		}
		var got []string
		for _, a := range ofClaim(t, judge(run), "t1-values").Ablations {
			got = append(got, a.Setting)
		}
		if want := []string{"DAE, noisier", "DAE, noisier, mends it"}; !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	})
	// Two runs of one sweep, one of them cut short: what is done anywhere counts, once.
	t.Run("a cell of two runs is one", func(t *testing.T) {
		cut := arrhythmia(t, nil, "mends it", "does not")
		for i := range cut.Cells[5:] {
			cut.Cells[5+i].Status, cut.Cells[5+i].Result = runlog.Status{State: runlog.Failed}, nil
		}
		for _, runs := range [][]*runlog.Run{{cut, run}, {run, cut}} {
			row := ofClaim(t, Judge(ledger(t), catalog(), Evidence{Runs: runs}), "t1-values")
			if len(row.Ablations) != 2 || row.Ablations[0].After != want[0].After || row.Ablations[1].After != want[1].After {
				t.Errorf("%+v", row.Ablations)
			}
		}
	})
	// A sweep of another network has nothing to be set beside, nor have labels of an expert who errs.
	t.Run("only beside the paper's own", func(t *testing.T) {
		narrow := arrhythmia(t, func(c *bench.Cell) { c.Method.Params["hidden"] = []int{4} }, "mends it")
		wrong := arrhythmia(t, nil, "mends it")
		for i := range wrong.Cells[5:] {
			c := &wrong.Cells[5+i]
			c.Cell.Noise.Miss = 0.1
			c.ID = c.Cell.ID()
		}
		paper := arrhythmia(t, nil)
		for _, runs := range [][]*runlog.Run{{paper, narrow}, {wrong}} {
			row := ofClaim(t, Judge(ledger(t), catalog(), Evidence{Runs: runs}), "t1-values")
			if row.Verdict != Contradicted || row.Ablations != nil {
				t.Errorf("%s, %+v", row.Verdict, row.Ablations)
			}
		}
	})
}

// A setting may be an arm of the ledger, for the claims about it: it stands in the place of the paper's for the others alone.
func TestAblationsOfAnArm(t *testing.T) {
	w := &world{l: ledger(t)}
	run := clone(w.run(t), func(*runlog.Result) {})
	for k := range run.Cells {
		c := &run.Cells[k]
		switch w.arms[c.ID] {
		case "dae_uai":
			if c.Cell.Dataset.ID == "mnist_hard" { // worse than DAE's worst
				r := *c.Result
				r.Found, r.Metrics = nil, runlog.Metrics{}
				c.Result = &r
			}
		case "dae_uai_cut":
			c.Label = "DAE_uai"
			c.Variant = []bench.Setting{{Name: "variant", Value: "cut"}}
		}
	}
	for k := range run.Cells {
		if w.arms[run.Cells[k].ID] == "dae_uai" {
			run.Cells[k].Label = "DAE_uai"
		}
	}
	j := Judge(w.l, catalog(), Evidence{Runs: []*runlog.Run{run}})
	row := ofClaim(t, j, "syn-robust-uai")
	i := slices.IndexFunc(row.Ablations, func(a Ablation) bool { return a.Setting == "cut" })
	if i < 0 || row.Ablations[i].Before != (Tally{Fails: 1}) || row.Ablations[i].After != (Tally{Holds: 1}) {
		t.Errorf("%s: %+v", row.Verdict, row.Ablations)
	}
	for _, c := range j.Claims {
		about := slices.ContainsFunc(w.l.Claims, func(l Claim) bool { return l.ID == c.ID && l.speaksOf(w.l.arm("dae_uai_cut")) })
		if about && slices.ContainsFunc(c.Ablations, func(a Ablation) bool { return a.Setting == "cut" }) {
			t.Errorf("%s is about the setting that stands in its place", c.ID)
		}
	}
}

func TestAblationsTable(t *testing.T) {
	j := Judge(ledger(t), catalog(), Evidence{Runs: []*runlog.Run{arrhythmia(t, nil, "does not", "mends it")}})
	var b strings.Builder
	if err := j.AblationsTable().WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	if want := "t1-values,contradicted,2,\"0 hold, 1 fail, 0 undecided\",mends it,\"1 hold, 0 fail, 0 undecided\","; !strings.Contains(b.String(), want) {
		t.Errorf("%s\nlacks %s", b.String(), want)
	}
}

// A theorem has no setting that could be run; a claim on methods has.
func TestAblationsOfTheory(t *testing.T) {
	tight := &theory.Result{Statements: []theory.Statement{{Name: "theorem2.tight", Why: "7.1 times"}}}
	table := Judge(ledger(t), catalog(), Evidence{Runs: []*runlog.Run{arrhythmia(t, nil)}, Theory: tight}).AblationsTable()
	var b strings.Builder
	if err := table.WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]string{"th2-tight": "of theory or data alone: no method's setting bears on it", "t1-values": "no other setting was run"} {
		if !slices.ContainsFunc(strings.Split(b.String(), "\n"), func(line string) bool { return strings.Contains(line, id) && strings.Contains(line, want) }) {
			t.Errorf("%s\nlacks %s with %q", b.String(), id, want)
		}
	}
}
