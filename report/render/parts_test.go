package render

import (
	"strings"
	"testing"

	"github.com/uaibench/uaibench/report/internal/fake"
)

// TestPartsInText checks numbers for sentences by hand: in each of two seeds the learner finds the
// first of three anomalies with its second audit and the next with its fourth.
func TestPartsInText(t *testing.T) {
	p := newParts(fake.Probed().Run, fake.Catalog())
	for audits, want := range map[int]string{0: "0", 1: "0", 2: "1", 3: "1", 4: "2"} {
		if got, err := p.found("mnist0", "DAE_uai", audits); err != nil || got != want {
			t.Errorf("found after %d: %q, %v, want %q", audits, got, err, want)
		}
	}
	if got, err := p.anomalies("mnist0"); err != nil || got != "3" {
		t.Errorf("%q, %v anomalies", got, err)
	}
	f := fake.Probed()
	f.Run.Cells[0].Result.Anomalies = 1234
	if got, err := newParts(f.Run, fake.Catalog()).anomalies("mnist0"); err != nil || got != "3–1,234" {
		t.Errorf("%q, %v anomalies where the draws differ", got, err)
	}
	f = fake.Probed()
	f.Run.Cells[1].Result.Found = []int{4} // of the other seed
	if got, err := newParts(f.Run, fake.Catalog()).found("mnist0", "DAE_uai", 4); err != nil || got != "1.5" {
		t.Errorf("%q, %v: a median of 1 and 2", got, err)
	}
	for name, c := range map[string]struct {
		dataset, method string
		audits          int
		want            string
	}{
		"beyond the budget":  {"mnist0", "DAE_uai", 5, "up to 4 audits, not to 5"},
		"no such method":     {"mnist0", "dae_uai", 4, `no method "dae_uai" on mnist0 among ["DAE_uai" "DAE"]`},
		"no such dataset":    {"mnist1", "DAE", 4, `no dataset "mnist1" among ["mnist0"]`},
		"less than no audit": {"mnist0", "DAE", -1, "not to -1"},
	} {
		if got, err := p.found(c.dataset, c.method, c.audits); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %q, %v, want %q", name, got, err, c.want)
		}
	}
	if got, err := p.anomalies("mnist1"); err == nil {
		t.Errorf("%q anomalies of no dataset", got)
	}
}
