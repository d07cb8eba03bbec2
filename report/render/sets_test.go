package render

import (
	"strings"
	"testing"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/claims"
	"github.com/uaibench/uaibench/report/claims/rule"
	"github.com/uaibench/uaibench/report/internal/fake"
	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/stats"
)

// open has a default that finds 2, 3 and 4, and settings of open points beside it.
func open(change map[string][]int) *runlog.Run {
	f := fake.New("open")
	for i := range 3 {
		add := func(n int, variant ...bench.Setting) {
			f.Add(fake.Dataset("mnist0", nil), "dae_uai", "DAE_uai", uint64(i+1),
				fake.Outcome{Rows: 100, N: 20, Budget: 10, Found: fake.First(n)}, variant...)
		}
		add(2 + i)
		for name, n := range change {
			add(n[i], bench.Setting{Name: "variant", Value: name})
		}
	}
	return f.Run
}

// A setting belongs to every point that its name begins with, and to no other. The interval of its
// differences decides.
func TestEvidence(t *testing.T) {
	run := open(map[string][]int{"U4: two more": {4, 5, 6}, "U1, U4: one less": {1, 2, 3}, "U4: to and fro": {3, 2, 4}, "U14: another": {9, 9, 9}, "none": {9, 9, 9}})
	m := model.New(run, fake.Catalog())
	var e evidence
	for range 2 { // a second set with the same results adds nothing
		if !e.add(m, "U4") {
			t.Fatal("nothing is said of U4")
		}
	}
	got := e.list()
	for _, want := range []string{"* two more, DAE_uai: ahead on MNIST0", "* one less (with U1), DAE_uai: behind on MNIST0", "* to and fro, DAE_uai: undecided on MNIST0"} {
		if !strings.Contains(got+"\n", want+"\n") {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	if n := strings.Count(got, "\n"); n != 2 {
		t.Errorf("%d lines, want 3:\n%s", n+1, got)
	}
	if e = nil; !e.add(m, "U1") || strings.Contains(e.list(), "another") || !strings.Contains(e.list(), "(with U4)") {
		t.Errorf("U1: %s", e.list())
	}
	if e = nil; e.add(m, "U2") || len(e) > 0 {
		t.Errorf("U2: %s", e.list())
	}
}

// Cells in two sets of an experiment count once, and so does their time.
func TestStatusOfAnExperiment(t *testing.T) {
	f := fake.New("one")
	f.Add(fake.Dataset("mnist0", nil), "dae", "DAE", 1, fake.Outcome{Rows: 100, N: 20, Budget: 10, Found: fake.First(3)})
	f.Add(fake.Dataset("mnist0", nil), "dae", "DAE", 2, fake.Outcome{Rows: 100, N: 20, Budget: 10, State: runlog.Failed, Error: "diverged"})
	run := f.Run
	run.Plan.Name = "mnist"
	run.Cells[0].Status.Attempts = []runlog.Attempt{{Seconds: 1}, {Seconds: 7200}}
	w := &writer{template: Template{Out: "E.md"}, sets: &sets{Source: Source{Results: "x/results"}, names: []string{"mnist", "mnist-more"},
		runs: map[string]*runlog.Run{"mnist": run, "mnist-more": run}}}
	for got, want := range map[string]string{
		w.status("mnist"): "1 of 2 cells", w.took("mnist"): "2.0 h", w.page("mnist"): "[mnist](x/results/mnist.md)",
		w.status("other"): "not run", w.took("other"): "", w.page("other"): "`other`"} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	run.Cells = run.Cells[:1]
	run.Cells[0].Status.Attempts[1].Seconds = 30
	if w.status("mnist") != "all 1 cell" || w.took("mnist") != "30 s" {
		t.Errorf("%s in %s", w.status("mnist"), w.took("mnist"))
	}
}

// TestClaimItems checks the items of a claim by hand.
func TestClaimItems(t *testing.T) {
	row := claims.ClaimRow{Row: rule.Row{ID: "a", Weight: "headline", Verdict: rule.Open, Plain: "DAE_uai wins.", Specs: []string{"mnist"}, N: [2]int{5, 10},
		Scope: "2 of 3 datasets; creditcard has no file", OneDraw: true, Record: stats.Record{Wins: 4, Ties: 2, Losses: 1},
		Telling:   &rule.Comparison{Measure: "shift", Effect: &rule.Effect{Estimate: 9, Lo: 9, Hi: 9}},
		Aggregate: &rule.Aggregate{Measure: "mean win probability", Effect: &rule.Effect{Estimate: 0.25, Lo: -0.5, Hi: 0.75}}}}
	detail := claims.ClaimRow{Row: rule.Row{ID: "b", Weight: "detail", Verdict: rule.NotRun, Plain: "No run.", Telling: row.Telling}}
	w := &writer{template: Template{Out: "x/m.md"}, sets: &sets{Source: Source{Results: "x/results"},
		judgement: &claims.Judgement{Claims: []claims.ClaimRow{detail, row}}}}
	want := "* **open**: DAE_uai wins.\n  [a](results/claims.md#a): mean win probability 0.25 [−0.5, 0.75]; n = 5–10; 2 of 3 datasets; one draw of the data"
	if got := w.headlines(); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	if got := w.resting("mnist"); got != want {
		t.Errorf("mnist: %s", got)
	}
	if got := w.resting("fashion"); got != "" {
		t.Errorf("fashion: %s", got)
	}
	if got, err := w.record("a"); err != nil || got != "won on 4, tied on 2, lost on 1" {
		t.Errorf("%q, %v", got, err)
	}
	if got, err := w.estimate("b"); err != nil || got != "shift 9 [9, 9]" {
		t.Errorf("%q, %v", got, err)
	}
	got, err := w.verdicts("")
	if err != nil || !strings.HasPrefix(got, "### a\n\n**open**: DAE_uai wins.\n") || !strings.Contains(got, "creditcard has no file") ||
		!strings.Contains(got, "\n\n### b\n") {
		t.Errorf("%v: %s", err, got)
	}
}

// Every verdict has an answer, and only the decided ones are yes or no.
func TestAnswers(t *testing.T) {
	want := map[rule.Verdict]string{rule.Reproduced: "yes", rule.Partly: "in part", rule.Contradicted: "no", rule.ByConstruction: "yes, by construction",
		rule.Open: "not decided yet", rule.NotDecidable: "not decidable", rule.NotRun: "not run yet", rule.NotTestable: "the checks cannot tell"}
	for _, v := range rule.Verdicts {
		w := &writer{sets: &sets{judgement: &claims.Judgement{Claims: []claims.ClaimRow{{Row: rule.Row{ID: "a", Verdict: v}}}}}}
		if got, err := w.answer("a"); err != nil || got != want[v] || got == "" {
			t.Errorf("%s: %q, %v", v, got, err)
		}
	}
}

// The answer on an undecidable claim includes the runs' own verdict, and doubt gives the reason.
func TestAnswersOfNoDecision(t *testing.T) {
	for _, c := range []struct {
		by            rule.Verdict
		paper, none   float64
		answer, doubt string
	}{
		{rule.Contradicted, 0.09, 0.03, "not in these runs, but not decidable",
			"; were the paper's numbers true, the check would confirm them in 9 % of simulations"},
		{rule.Reproduced, 0.8, 0.5, "yes in these runs, but not decidable",
			"; without an effect the check would confirm one in 50 % of simulations"},
		{rule.Open, 0.79, 0, "not decidable",
			"; were the paper's numbers true, the check would confirm them in 79 % of simulations"},
	} {
		row := rule.Row{ID: "a", Verdict: rule.NotDecidable, ByRuns: c.by,
			Calibration: &rule.Calibration{Paper: c.paper, None: c.none}}
		w := &writer{sets: &sets{judgement: &claims.Judgement{Claims: []claims.ClaimRow{{Row: row}}}}}
		answer, _ := w.answer("a")
		if doubt, err := w.doubt("a"); err != nil || answer != c.answer || doubt != c.doubt {
			t.Errorf("%q%q, %v", answer, doubt, err)
		}
	}
	w := &writer{sets: &sets{judgement: &claims.Judgement{Claims: []claims.ClaimRow{{Row: rule.Row{ID: "a", Verdict: rule.Open}}}}}}
	if doubt, err := w.doubt("a"); err != nil || doubt != "" {
		t.Errorf("%q, %v", doubt, err)
	}
	if _, err := w.doubt("b"); err == nil {
		t.Error("no such claim")
	}
}
