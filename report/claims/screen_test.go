package claims

import (
	"encoding/csv"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/report/claims/internal/fake"
	"github.com/uaibench/uaibench/report/claims/rule"
)

// The screen has a line for every headline claim and for no other, and the ids of those that runs
// decide, within its width and 40 lines.
func TestScreen(t *testing.T) {
	j := Judge(fake.Ledger(t), fake.Catalog(), rule.Evidence{})
	for i := range j.Claims { // as many as today
		if j.Claims[i].Weight != "headline" && i%2 == 0 {
			j.Claims[i].Verdict = []rule.Verdict{rule.Reproduced, rule.Partly, rule.Contradicted}[i%3]
		}
	}
	for _, width := range []int{60, 100} {
		var b strings.Builder
		if err := j.WriteScreen(&b, width); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
		if width == 100 && len(lines) > 40 {
			t.Errorf("%d lines", len(lines))
		}
		for _, l := range lines {
			if len([]rune(l)) > width {
				t.Errorf("wider than %d: %s", width, l)
			}
		}
		for _, c := range j.Claims {
			if is := strings.Contains(b.String(), "\n"+c.ID+" "); is != (c.Weight == "headline") {
				t.Errorf("%s: on the screen: %v", c.ID, is)
			}
			if is := strings.Contains(b.String(), c.ID); is != (c.Weight == "headline" || c.Verdict.Decided() && c.Verdict != rule.ByConstruction) {
				t.Errorf("%s, %s: on the screen: %v", c.ID, c.Verdict, is)
			}
		}
	}
}

// A headline claim's line has its verdict, estimate and n.
func TestScreenLine(t *testing.T) {
	j := &Judgement{Count: map[rule.Verdict]int{rule.Open: 1}, Claims: []ClaimRow{{Row: rule.Row{ID: "x", Weight: "headline",
		Verdict: rule.Open, Plain: "It is so.", N: [2]int{5, 10}, OneDraw: true,
		Telling: &rule.Comparison{Measure: "shift", Effect: &rule.Effect{Estimate: 0.5, Lo: 0.25, Hi: 1, Level: 0.95}, Delta: 0.02}}}}}
	var b strings.Builder
	if err := j.WriteScreen(&b, 100); err != nil {
		t.Fatal(err)
	}
	want := "\nThe headline claims:\nx                    open ¹           0.5 [0.25, 1] shift, δ = 0.02  n = 5–10\n" +
		"  It is so.\n\n¹ one draw of the data"
	if !strings.Contains(b.String(), want) {
		t.Error(b.String())
	}
}

// The wanted column begins with the check's words, or with its delta if it has none.
func TestWantedBeginsWithAWord(t *testing.T) {
	for wanted, want := range map[string]string{"": "δ = 0.05", "twice it": "twice it, δ = 0.05", "within 0.1": "within 0.1"} {
		row := ClaimRow{Row: rule.Row{Comparisons: []rule.Comparison{{Wanted: wanted, Delta: 0.05}}}}
		var b strings.Builder
		if err := row.ComparisonTable().WriteCSV(&b); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(strings.NewReader(b.String())).ReadAll()
		if err != nil || rows[1][4] != want {
			t.Errorf("%q: %q, %v; want %q", wanted, rows, err, want)
		}
	}
}
