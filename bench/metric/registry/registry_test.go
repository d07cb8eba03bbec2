package registry_test

import (
	"math"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/bench/metric"
	"github.com/uaibench/uaibench/bench/metric/registry"
	"github.com/uaibench/uaibench/bench/runlog"
)

func number(x float64) *float64 { return &x }

// pool has 4 anomalies among 20 rows, three of them found at audits 1, 3 and 6 of 8.
func pool() *runlog.Result {
	r := &runlog.Result{Rows: 20, Features: 5, Classes: 3, K: 2}
	r.Measure([]bool{true, false, true, false, false, true, false, false}, 4, 8)
	r.Unlabelled = &runlog.RankMetrics{ROCAUC: number(0.75), AveragePrecision: number(0.5)}
	return r
}

// static is pool by a method that does not learn, which ranks the fourth anomaly 15th.
func static() *runlog.Result {
	r := pool()
	r.Full = metric.RecallCurve{1, 3, 6, 15}
	return r
}

// early is a pool whose anomalies were all found by five of eight audits.
func early() *runlog.Result {
	r := &runlog.Result{Rows: 20, K: 5}
	r.Measure([]bool{true, true, false, true, true}, 4, 8)
	return r
}

// cold has 30 anomalies and one audit a round: the cold start's ten audits found 4 of them.
func cold() *runlog.Result {
	r := &runlog.Result{Rows: 100, K: 1}
	truth := make([]bool, 30)
	for _, j := range []int{1, 2, 5, 10, 11, 12} {
		truth[j-1] = true
	}
	r.Measure(truth, 30, 30)
	return r
}

// split flags 4 rows of a test half with 6 anomalies, 3 of them correctly.
func split() *runlog.Result {
	s := &runlog.Holdout{Test: runlog.Half{Rows: 50, Anomalies: 6}, Flagged: 4}
	s.Measure(metric.RecallCurve{1, 2, 4, 7, 8, 9})
	return &runlog.Result{Rows: 100, Anomalies: 12, Holdout: s}
}

// frozen has rankings of 10 rows with 3 anomalies: after 2 audits, one of which is a hit, and after
// 4.
func frozen() *runlog.Result {
	r := &runlog.Result{Rows: 10, Anomalies: 3, Budget: 4, K: 2}
	for at, f := range map[int]metric.RecallCurve{2: {1, 4, 9}, 4: {1, 4, 5}} {
		r.Checkpoints = append(r.Checkpoints, runlog.Checkpoint{At: at, Audited: at, Ranking: runlog.NewFrozenRanking(f, at, 10)})
	}
	if r.Checkpoints[0].At > r.Checkpoints[1].At {
		r.Checkpoints[0], r.Checkpoints[1] = r.Checkpoints[1], r.Checkpoints[0]
	}
	return r
}

// tested has checkpoints at 0, 10, 20 and 30 audits with recalls of .1, .3, .3 and .5 on the types
// seen, and a projection at 10 and 20.
func tested() *runlog.Result {
	r := &runlog.Result{Rows: 1000, Anomalies: 20, Budget: 30, K: 10}
	for i, hits := range []int{1, 3, 3, 5} {
		t := &runlog.TestProbe{Rows: 100, Anomalies: 14, Seen: runlog.Hits{Hits: hits, Of: 10}, Unseen: runlog.Hits{Hits: i, Of: 4}}
		t.Groups = []runlog.GroupHits{{Name: "a", Seen: true, Hits: runlog.Hits{Of: 10}}, {Name: "b", Hits: runlog.Hits{Of: 3}}, {Name: "c", Hits: runlog.Hits{Of: 1}}}
		r.Checkpoints = append(r.Checkpoints, runlog.Checkpoint{At: 10 * i, Audited: 10 * i, Test: t})
	}
	r.Checkpoints[1].Projection = &runlog.LatentProjection{Balanced: number(0.8)}
	r.Checkpoints[2].Projection = &runlog.LatentProjection{Balanced: number(0.9)}
	return r
}

// still is of a static method that ranks like frozen at 2; its later checkpoint has the same
// ranking.
func still() *runlog.Result {
	r := frozen()
	r.Full = metric.RecallCurve{1, 4, 9}
	r.Checkpoints[1].Ranking = nil
	return r
}

// looked is of a static method that probed the test set once; its later checkpoints have the same
// probe.
func looked() *runlog.Result {
	r := tested()
	r.Full = metric.RecallCurve{1, 2, 3}
	for i := range r.Checkpoints[1:] {
		r.Checkpoints[i+1].Test = nil
	}
	return r
}

// blind is of a static method that never probed a test set.
func blind() *runlog.Result {
	r := looked()
	r.Checkpoints[0].Test = nil
	return r
}

// worked has checkpoints with counts of "steps", at k = 10.
func worked(counts map[int]int64) *runlog.Result {
	r := &runlog.Result{Rows: 10000, Anomalies: 100, K: 10}
	for at := range 10001 {
		if n, ok := counts[at]; ok {
			r.Checkpoints = append(r.Checkpoints, runlog.Checkpoint{At: at, Audited: at, Counts: map[string]int64{"steps": n}})
			r.Budget = at
		}
	}
	return r
}

// line's rounds take 1, 2 and 3 steps with 10 to 100, 110 to 200 and 210 to 300 labels.
func line() *runlog.Result { return worked(map[int]int64{0: 0, 100: 10, 200: 30, 300: 60}) }

// bent's rounds take 1, 2 and 6 steps.
func bent() *runlog.Result { return worked(map[int]int64{0: 0, 100: 10, 200: 30, 300: 90}) }

// partial's last round has 5 audits and counts as a round: the work of each is its number of
// labels.
func partial() *runlog.Result { return worked(map[int]int64{0: 0, 10: 10, 20: 30, 25: 55}) }

// power's total work is b^1.5 except in the first quarter of the range.
func power() *runlog.Result {
	return worked(map[int]int64{100: 9999, 400: 8000, 900: 27000, 1600: 64000})
}

type args = registry.Args

// cases by hand; if there is no value, err is part of the reason.
var cases = []struct {
	metric string
	of     func() *runlog.Result
	args   args
	want   float64
	err    string
}{
	{"found", pool, args{}, 3, ""}, // at the budget of 8
	{"found", pool, args{At: "N"}, 2, ""},
	{"found", pool, args{At: "5"}, 2, ""},
	{"found", pool, args{At: "0"}, 0, ""},
	{"found", pool, args{At: "9"}, 0, "the budget of 8 is below 9"},
	{"found", static, args{At: "15"}, 4, ""},
	{"found", static, args{At: "15", WithinBudget: true}, 0, "the budget of 8 is below 15"},
	{"found", early, args{At: "5N"}, 4, ""}, // 20 audits, which is all rows
	{"found", split, args{At: "1"}, 0, "audits nothing"},
	{"found", pool, args{At: "soon"}, 0, "is not a number of audits"},
	{"share", pool, args{At: "2N"}, 0.75, ""},
	{"share", static, args{At: "99"}, 1, ""}, // at most all 20 rows
	{"share", func() *runlog.Result { return &runlog.Result{Rows: 5, Budget: 5} }, args{}, 0, "no anomalies"},
	{"area", pool, args{}, 17.0 / 26, ""},         // 1+1+2+2+2+3+3+3 of 1+2+3+4+4+4+4+4
	{"area", pool, args{At: "N"}, 6.0 / 10, ""},   // 1+1+2+2 of 1+2+3+4
	{"area", early, args{At: "6"}, 16.0 / 18, ""}, // 1+2+2+3+4+4 of 1+2+3+4+4+4
	{"f1", pool, args{}, 0.5, ""},
	{"f1", split, args{}, 0.6, ""}, // 2*3 of 4+6
	{"f1", func() *runlog.Result { r := pool(); r.Budget = 3; return r }, args{}, 0, "the budget of 3 is below 4"},
	{"precision", pool, args{}, 0.5, ""},
	{"precision", split, args{}, 0.75, ""},
	{"recall", pool, args{}, 0.5, ""},
	{"recall", split, args{}, 0.5, ""},
	{"split_f1", split, args{}, 0.6, ""},
	{"split_f1", pool, args{}, 0, "no holdout split"},
	{"prf_gap", pool, args{}, 0, ""},
	{"prf_gap", func() *runlog.Result {
		r := pool()
		r.Metrics.AtAnomalies = &metric.PRF{Precision: 0.5, Recall: 0.25, F1: 0.3}
		return r
	}, args{}, 0.25, ""},
	{"prf_gap", cold, args{}, 0, ""},
	{"audits_to", pool, args{Level: 0.5}, 3, ""},
	{"audits_to", pool, args{Level: 0.51}, 6, ""}, // 2.04 anomalies round up to three
	{"audits_to", pool, args{Level: 1}, 9, ""},    // beyond the budget of 8
	{"audits_to", static, args{Level: 1}, 15, ""},
	{"audits_to", split, args{Level: 1}, 0, "audits nothing"},
	{"attainable", pool, args{}, 0.5, ""},       // all four are in the cold start, two hit
	{"attainable", cold, args{}, 24.0 / 30, ""}, // 4 of 10, then 20 of 20
	{"auc", pool, args{}, 0.75, ""},
	{"auc", cold, args{}, 0, "no ROC-AUC"},
	{"average_precision", pool, args{}, 0.5, ""},
	{"recall_seen", tested, args{At: "10"}, 0.3, ""},
	{"recall_seen", tested, args{At: registry.Last}, 0.5, ""},
	{"recall_seen", tested, args{At: "N"}, 0.3, ""},
	{"recall_seen", tested, args{At: "11"}, 0, "no checkpoint probed that after 11"},
	{"recall_seen", looked, args{At: "20"}, 0.1, ""},
	{"recall_unseen", looked, args{At: registry.Last}, 0, ""},
	{"recall_seen", looked, args{At: "11"}, 0, "no checkpoint probed that after 11"},
	{"recall_seen", blind, args{At: "20"}, 0, "no checkpoint probed that after 20"},
	{"recall_seen_trend", looked, args{}, 0, ""},
	{"recall_unseen", tested, args{At: "20"}, 0.5, ""},
	{"recall_unseen", pool, args{At: registry.Last}, 0, "no checkpoint"},
	// Ranks 1 2 3 4 and 1 2.5 2.5 4: covariances 4.5, of √(5 · 4.5).
	{"recall_seen_trend", tested, args{}, 4.5 / math.Sqrt(22.5), ""},
	{"recall_seen_trend", pool, args{}, 0, "needs 3"},
	{"projection_accuracy", tested, args{At: "10"}, 0.8, ""},
	{"projection_accuracy", tested, args{At: registry.Last}, 0.9, ""},
	{"plane_accuracy", tested, args{At: "0"}, 0, "no checkpoint"},
	// found is 1 1 1 2 2 2 2 2 3 3, of 1 2 3 3 3 3 3 3 3 3.
	{"frozen_area", frozen, args{At: "2"}, 19.0 / 27, ""},
	{"guess_area", frozen, args{At: registry.Last}, 23.0 / 27, ""}, // 1 1 1 2 3 3 3 3 3 3
	{"frozen_precision", frozen, args{At: "2", Level: 2}, 0.5, ""},
	{"frozen_precision", frozen, args{At: "4", Level: 3}, 0.6, ""},
	{"frozen_precision", frozen, args{At: "4", Level: 4}, 0, "there are 3 anomalies"},
	{"frozen_share", frozen, args{At: "2", Level: 1}, 2.0 / 3, ""}, // 2 audits and 3 guesses
	{"frozen_share", frozen, args{At: "4", Level: 0}, 2.0 / 3, ""},
	{"frozen_share", frozen, args{At: "4", Level: 1}, 1, ""},
	{"frozen_share", still, args{At: "4", Level: 0}, 2.0 / 3, ""},
	{"frozen_area", still, args{At: registry.Last}, 19.0 / 27, ""},
	// The rounds have 55, 155 and 255 labels on average; the line rises by 1 in 100, over 200,
	// relative to a mean of 2.
	{"work_growth", line, args{Count: "steps"}, 1, ""},
	{"work_growth", line, args{Count: "rows"}, 0, "needs 3"},
	{"work_fit", line, args{Count: "steps"}, 1, ""},
	{"work_fit", bent, args{Count: "steps"}, 1 - 1.5/14, ""}, // off by .5, -1 and .5, of 2, 1 and 3 from the mean
	{"work_fit", partial, args{Count: "steps"}, 1, ""},
	{"work_exponent", power, args{Count: "steps"}, 1.5, ""},
	{"work_exponent", pool, args{Count: "steps"}, 0, "needs 3"},
	{"rows", pool, args{}, 20, ""},
	{"anomalies", pool, args{}, 4, ""},
	{"features", pool, args{}, 5, ""},
	{"classes", pool, args{}, 3, ""},
	{"anomaly_share", pool, args{}, 0.2, ""},
	{"test_normals", tested, args{}, 86, ""},
	{"test_anomalies", tested, args{}, 14, ""},
	{"test_seen", tested, args{}, 10, ""},
	{"test_unseen", tested, args{}, 4, ""},
	{"test_types", tested, args{}, 3, ""},
	{"new_types", tested, args{}, 2, ""},
	{"new_types", pool, args{}, 0, "no checkpoint"},
}

func TestMetricsByHand(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range cases {
		m := registry.Get(c.metric)
		got, err := m.Of(c.of(), c.args)
		switch {
		case c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)):
			t.Errorf("%s at %+v: %v, %v; want an error that says %q", c.metric, c.args, got, err, c.err)
		case c.err == "" && (err != nil || math.Abs(got-c.want) > 1e-12):
			t.Errorf("%s at %+v: %v, %v; want %v", c.metric, c.args, got, err, c.want)
		}
		seen[m.Name] = seen[m.Name] || c.err == ""

		// Arguments that a metric does not take have no effect.
		other := c.args
		if m.Takes&registry.TakesAt == 0 {
			other.At = "3"
		}
		if m.Takes&registry.TakesLevel == 0 {
			other.Level = 77
		}
		if m.Takes&registry.TakesCount == 0 {
			other.Count = "joint_steps"
		}
		if again, e := m.Of(c.of(), other); again != got || (e == nil) != (err == nil) {
			t.Errorf("%s: %v, %v with %+v but %v, %v with %+v, and it does not take that", c.metric, got, err, c.args, again, e, other)
		}
	}
	for _, name := range registry.Names() {
		if !seen[name] {
			t.Errorf("%s has no value by hand", name)
		}
	}
}

func TestRegistry(t *testing.T) {
	names := map[string]bool{}
	for _, m := range registry.All() {
		for _, name := range append([]string{m.Name}, m.Aliases...) {
			if names[name] {
				t.Errorf("%s is there twice", name)
			}
			names[name] = true
			if got, ok := registry.Lookup(name); !ok || got != m {
				t.Errorf("%s is not found", name)
			}
		}
		if m.Title == "" || !strings.HasSuffix(m.Doc, ".") {
			t.Errorf("%s: title %q, doc %q", m.Name, m.Title, m.Doc)
		}
	}
	if _, ok := registry.Lookup("f2"); ok {
		t.Error("f2 is a metric")
	}
	if s := registry.Get("found").Better.String() + registry.Get("audits_to").Better.String(); s != "higherlower" {
		t.Error(s)
	}
}

func TestParseAt(t *testing.T) {
	for _, good := range []string{"0", "500", "N", "2N", "10N", "last", ""} {
		if at, err := registry.ParseAt(good); err != nil || string(at) != good {
			t.Errorf("%q: %v", good, err)
		}
	}
	for _, bad := range []string{"-1", "n", "N2", "1.5", "1.5N", "-N", "first", "500 "} {
		if _, err := registry.ParseAt(bad); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
}
