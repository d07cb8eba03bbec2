package verify

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/uaibench/uaibench/bench/metric"
	"github.com/uaibench/uaibench/bench/runlog"
)

func TestReplay(t *testing.T) {
	want, queries := testResult(testPlan(1).Cells[0].Cell)
	// By hand: one of N = 2 found, at the second of 3 audits. Flagging the first two gives one hit;
	// found(j) sums to 0+1+1 of the ideal 1+2+2.
	if diff := cmp.Diff(metric.RecallCurve{2}, want.Found); diff != "" {
		t.Error(diff)
	}
	if got := want.Metrics; *got.AtAnomalies != (metric.PRF{Precision: 0.5, Recall: 0.5, F1: 0.5}) || got.Area != 2.0/5 {
		t.Errorf("%+v", got)
	}
	bare := want
	bare.Audited, bare.StoppedEarly, bare.Found, bare.Metrics = 9, true, nil, runlog.Metrics{}
	got, err := Replay(bare, queries)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Any change in an audit log contradicts the log itself or the result.
func TestReplayRefuses(t *testing.T) {
	for _, c := range []struct {
		name, want string
		change     func(r *runlog.Result, q *[]runlog.Audit)
	}{
		{"label", "the oracle does not err", func(_ *runlog.Result, q *[]runlog.Audit) { (*q)[1].Label = false }},
		{"truth", "the oracle does not err", func(_ *runlog.Result, q *[]runlog.Audit) { (*q)[1].Truth = false }},
		{"both", "counts 1 anomalies found, but has 0", func(_ *runlog.Result, q *[]runlog.Audit) { (*q)[1].Truth, (*q)[1].Label = false, false }},
		{"found", "counts 0 anomalies found, but has 1", func(_ *runlog.Result, q *[]runlog.Audit) { (*q)[2].Found = 0 }},
		{"number", "audit 2 of cell", func(_ *runlog.Result, q *[]runlog.Audit) { (*q)[1].Number = 3 }},
		{"order", "the log numbers it 2", func(_ *runlog.Result, q *[]runlog.Audit) { (*q)[0], (*q)[1] = (*q)[1], (*q)[0] }},
		{"a line removed", "the log numbers it 3", func(_ *runlog.Result, q *[]runlog.Audit) { *q = slices.Delete(*q, 1, 2) }},
		{"the end removed", "it stopped at 2 of 3 audits with 1 of 2", func(_ *runlog.Result, q *[]runlog.Audit) { *q = (*q)[:2] }},
		{"all removed", "0 audits for a budget of 3", func(_ *runlog.Result, q *[]runlog.Audit) { *q = nil }},
		{"more than the budget", "3 audits for a budget of 2", func(r *runlog.Result, _ *[]runlog.Audit) { r.Budget = 2 }},
		{"row again", "row 3 was audited before", func(_ *runlog.Result, q *[]runlog.Audit) { (*q)[2].Row = 3 }},
		{"row out of range", "row 5 is not in [0, 5)", func(_ *runlog.Result, q *[]runlog.Audit) { (*q)[2].Row = 5 }},
		{"round", "at k = 3 it is rank 3 of round 1", func(_ *runlog.Result, q *[]runlog.Audit) { (*q)[2].Call = 2 }},
		{"k", "at k = 2 it is rank 1 of round 2", func(r *runlog.Result, _ *[]runlog.Audit) { r.K = 2 }},
		{"k of zero", "at k = 0", func(r *runlog.Result, _ *[]runlog.Audit) { r.K = 0 }},
		{"score", "scores above the one ranked before", func(_ *runlog.Result, q *[]runlog.Audit) { (*q)[2].Score = 0.3 }},
		{"head", `no head "both"`, func(_ *runlog.Result, q *[]runlog.Audit) { (*q)[2].Head = "both" }},
		{"full curve", "does not begin with the audits' curve", func(r *runlog.Result, _ *[]runlog.Audit) { r.Full = metric.RecallCurve{3, 4} }},
		{"short full curve", "does not begin with the audits' curve", func(r *runlog.Result, _ *[]runlog.Audit) { r.Full = metric.RecallCurve{2} }},
		{"fewer anomalies", "does not begin with the audits' curve", func(r *runlog.Result, _ *[]runlog.Audit) { r.Full, r.Anomalies = metric.RecallCurve{}, 0 }},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, q := testResult(testPlan(1).Cells[0].Cell)
			r.Full = metric.RecallCurve{2, 5}
			if _, err := Replay(r, q); err != nil {
				t.Fatal(err)
			}
			c.change(&r, &q)
			if _, err := Replay(r, q); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
	// An oracle that errs may contradict the truth.
	r, q := testResult(testPlan(1).Cells[0].Cell)
	r.Cell.Noise.Miss = 0.5
	q[1].Label = false
	if _, err := Replay(r, q); err != nil {
		t.Error(err)
	}
}
