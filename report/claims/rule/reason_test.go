package rule

import (
	"strings"
	"testing"

	"github.com/uaibench/uaibench/report/claims/internal/fake"
	"github.com/uaibench/uaibench/report/claims/ledger"
	"github.com/uaibench/uaibench/report/claims/sample"
)

// The reason gives both probabilities in per cent.
func TestCalibrationReason(t *testing.T) {
	c := &Calibration{Basis: "printed means", Paper: 0.5, None: 0.02}
	if got := c.Reason(); !strings.Contains(got, "in 50 % of the paper's") || !strings.Contains(got, "in 2.0 % of those without") {
		t.Error(got)
	}
}

// The reason of an aggregate without a comparison at its first look states this, not a result over
// no comparisons.
func TestReasonBeforeTheFirstLook(t *testing.T) {
	l := fake.Ledger(t)
	for _, c := range []struct {
		id, want string
		n        int
	}{
		{"t1-uai-vs-best", ": 5 replicates at most, and the first look is at 10", 5},
		{"t1-uai-vs-best", " over 11 comparisons: ", 10},
		{"t1-uai-vs-loda", ": 1 replicate at most, and the first look is at 5", 1},
		{"t1-uai-vs-loda", " over 11 comparisons: ", 5},
	} {
		j := &Judge{Ledger: l, Source: fakes(func(_ *ledger.Operand, _, _, _ string) []float64 {
			return fake.Quantiles(40, 0.5, 0.1)[:c.n]
		})}
		got := j.Claim(l.Second.Claim(c.id)).Reason
		if !strings.Contains(got, c.want) || strings.Contains(got, "over 0") {
			t.Errorf("%s with %d: %q, want %q", c.id, c.n, got, c.want)
		}
	}
}

// An arm that has ended does not make up for the other, which has too few replicates.
func TestReasonOfAnEndedArm(t *testing.T) {
	j := &Judge{Ledger: fake.Ledger(t)}
	ended := sample.Sample{Values: fake.Quantiles(10, 0.5, 0.1), Ended: true}
	few := sample.Sample{Values: fake.Quantiles(2, 0.5, 0.1)}
	for _, arms := range [][2]sample.Sample{{ended, few}, {few, ended}} {
		var c Comparison
		if j.ready(&c, arms[0], &arms[1], 0) || c.Reason != "2 replicates: the first look is at 5" {
			t.Errorf("ready, or %q", c.Reason)
		}
	}
}
