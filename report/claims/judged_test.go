package claims

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/experiments"
	"github.com/uaibench/uaibench/report/claims/internal/fake"
	"github.com/uaibench/uaibench/report/claims/rule"
)

// Regression: a reason read "about 2,567 runs would decide". No reason, note or table gives a
// number of runs to come.
func TestNoRunCounts(t *testing.T) {
	w := &fake.World{L: fake.Ledger(t)}
	j := Judge(w.L, fake.Catalog(), rule.Evidence{Runs: []*runlog.Run{w.Run(t)}})
	data, err := json.Marshal(j.Claims)
	if err != nil {
		t.Fatal(err)
	}
	if m := regexp.MustCompile(`[0-9,]+ runs( like these)? would|would decide`).Find(data); m != nil {
		t.Errorf("%q", m)
	}
}

// The table of deviations has every claim, the date, and the first design's hash, which
// TestSecondLedger compares with the file.
func TestDeviations(t *testing.T) {
	j := Judge(fake.Ledger(t), fake.Catalog(), rule.Evidence{})
	table := j.DeviationTable()
	if len(table.Rows) != 57 || !strings.Contains(table.Caption, j.ledger.Second.Design.SHA256) || !strings.Contains(table.Caption, "2026-11-30") {
		t.Errorf("%d rows: %s", len(table.Rows), table.Caption)
	}
	if _, err := experiments.Specs.ReadFile(j.ledger.Second.Design.File); err != nil {
		t.Error(err)
	}
}
