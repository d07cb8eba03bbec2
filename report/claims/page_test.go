package claims

import (
	"slices"
	"testing"

	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/claims/internal/fake"
	"github.com/uaibench/uaibench/report/claims/rule"
	"github.com/uaibench/uaibench/report/page"
)

// TestVerdictsOfAPage: every claim has its own verdict, reason and cells, and the counts match the
// claims shown.
func TestVerdictsOfAPage(t *testing.T) {
	w := &fake.World{L: fake.Ledger(t)}
	run := w.Run(t)
	j := Judge(w.L, fake.Catalog(), rule.Evidence{Runs: []*runlog.Run{run}, Theory: fake.Theorems(true)})
	count := func(v *page.Verdicts) (n int) {
		for _, c := range v.Counts {
			n += c.N
			if shown := len(slices.DeleteFunc(slices.Clone(v.Claims), func(cl page.Claim) bool { return cl.Verdict != c.Verdict })); shown != c.N {
				t.Errorf("%d %s, but %d are shown", c.N, c.Verdict, shown)
			}
		}
		return n
	}
	v := j.Verdicts("")
	if len(v.Claims) != len(w.L.Second.Claims) || count(v) != len(w.L.Second.Claims) {
		t.Errorf("%d claims, %d counted, of %d", len(v.Claims), count(v), len(w.L.Second.Claims))
	}
	for i, c := range v.Claims {
		from := j.Claims[i]
		if c.ID != w.L.Second.Claims[i].ID || c.Verdict != string(from.Verdict) || c.Reason != from.Reason || !slices.Equal(c.Cells, from.Cells) || len(c.Comparisons.Rows) != len(from.Comparisons) {
			t.Errorf("%s is shown as %s, %s, with %d cells and %d comparisons", from.ID, c.ID, c.Verdict, len(c.Cells), len(c.Comparisons.Rows))
		}
	}
	if one := j.Verdicts("t1-dae-bad"); len(one.Claims) != 1 || one.Claims[0].ID != "t1-dae-bad" || count(one) != 1 || one.Tables != nil {
		t.Errorf("one claim alone: %+v", one)
	}

	// A run's own report has only the claims that rest on it, and is nil if none does.
	some := *run
	some.Cells = slices.DeleteFunc(slices.Clone(run.Cells), func(c runlog.CellRecord) bool { return w.Arms[c.ID] != "loda_aad" })
	own := Judge(w.L, fake.Catalog(), rule.Evidence{Runs: []*runlog.Run{&some}}).OfRun()
	if own == nil || count(own) != len(own.Claims) {
		t.Fatalf("a run of LODA-AAD alone: %+v", own)
	}
	for _, c := range own.Claims {
		if len(c.Comparisons.Rows) == 0 {
			t.Errorf("%s has no comparison", c.ID)
		}
	}
	if !slices.ContainsFunc(own.Claims, func(c page.Claim) bool { return c.ID == "t1-values" }) || len(own.Claims) >= len(v.Claims) {
		t.Errorf("%d claims rest on LODA-AAD", len(own.Claims))
	}
	if own := Judge(w.L, fake.Catalog(), rule.Evidence{}).OfRun(); own != nil {
		t.Errorf("without runs: %+v", own)
	}
}
