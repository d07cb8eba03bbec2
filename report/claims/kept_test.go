package claims

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/experiments"
	"github.com/uaibench/uaibench/report/claims/internal/fake"
	"github.com/uaibench/uaibench/report/claims/rule"
	"github.com/uaibench/uaibench/report/stats"
)

// The second ledger has a row for each claim and six to eight headline claims. Its looks are those
// of package stats and their errors stay within the budget. The first design's digest matches its
// file.
func TestSecondLedger(t *testing.T) {
	s := fake.Ledger(t).Second
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

// Every printed number of the rows is in the ledger's text.
func TestRowsFollowTheLedger(t *testing.T) {
	for _, r := range Judge(fake.Ledger(t), fake.Catalog(), rule.Evidence{}).Numbers {
		if !strings.Contains(string(experiments.Ledger), r.Printed) {
			t.Errorf("%+v: the ledger has no %s", r, r.Printed)
		}
	}
}

// A claim that is not run rests on no cell: neither on planned cells nor on cells whose budget is
// too small for it.
func TestNotRunRestsOnNothing(t *testing.T) {
	w := &fake.World{L: fake.Ledger(t)}
	short := fake.Clone(w.Run(t), func(r *runlog.Result) {
		r.Budget, r.Found, r.StoppedEarly, r.Checkpoints = 1, r.Found[:min(1, len(r.Found))], false, nil
	})
	planned := fake.Some(t, w, func(*runlog.CellRecord) (bool, bool) { return true, false })
	for name, run := range map[string]*runlog.Run{"short": short, "planned": planned} {
		notRun := 0
		for _, c := range Judge(w.L, fake.Catalog(), rule.Evidence{Runs: []*runlog.Run{run}}).Claims {
			if c.Verdict != rule.NotRun {
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

// Settings of a sweep change no verdict; Sensitivity has the setting with which a failing
// comparison holds.
func TestSensitivity(t *testing.T) {
	w := &fake.World{L: fake.Ledger(t)}
	made := func(settings ...string) *runlog.Run {
		run := &runlog.Run{Path: "sweep"}
		for i, name := range append([]string{""}, settings...) {
			f1 := 0.1 // contradicts Table 1's .47
			if name == "mends it" {
				f1 = 0.47
			}
			cells := fake.Arrhythmia(t, w, func(c *runlog.CellRecord) {
				r := *c.Result
				fake.SetFound(&r, fake.CurveOf(r.Anomalies, r.Budget, []fake.Step{{Audits: r.Anomalies, Share: f1 + fake.Spread("x", "y", c.Cell.Seed, 0.02)}}))
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
	alone := Judge(w.L, fake.Catalog(), rule.Evidence{Runs: []*runlog.Run{made()}})
	j := Judge(w.L, fake.Catalog(), rule.Evidence{Runs: []*runlog.Run{made("mends it", "does not")}})
	j.SensitivityTable()
	for i, c := range alone.Claims {
		if got := j.Claims[i]; got.Verdict != c.Verdict || got.Reason != c.Reason {
			t.Errorf("%s: %s (%s) beside settings, %s (%s) alone", c.ID, got.Verdict, got.Reason, c.Verdict, c.Reason)
		}
	}
	row := j.Claim("t1-values")
	if row.ByRuns != rule.Contradicted || len(row.Sensitivity) != 2 {
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
	never := Judge(w.L, fake.Catalog(), rule.Evidence{Runs: []*runlog.Run{made("does not", "nor this")}})
	never.SensitivityTable()
	if got := never.Claim("t1-values").stubborn(); len(got) != 1 || !strings.Contains(got[0], "on arrhythmia") {
		t.Errorf("always fails: %q", got)
	}
}
