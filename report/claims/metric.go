package claims

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
	"gonum.org/v1/gonum/stat"
)

// metrics of a run. at is a number of audits as the ledger writes it.
var metrics = map[string]func(r *runlog.Result, o *Operand, at string) (float64, error){
	"f1": func(r *runlog.Result, _ *Operand, _ string) (float64, error) {
		return score(r, func(p bench.PRF) float64 { return p.F1 })
	},
	"precision": func(r *runlog.Result, _ *Operand, _ string) (float64, error) {
		return score(r, func(p bench.PRF) float64 { return p.Precision })
	},
	"recall": func(r *runlog.Result, _ *Operand, _ string) (float64, error) {
		return score(r, func(p bench.PRF) float64 { return p.Recall })
	},
	"share": func(r *runlog.Result, _ *Operand, at string) (float64, error) { return foundAt(r, at, true) },
	"found": func(r *runlog.Result, _ *Operand, at string) (float64, error) { return foundAt(r, at, false) },
	"prf_gap": func(r *runlog.Result, _ *Operand, _ string) (float64, error) {
		p := r.Metrics.AtAnomalies
		if p == nil {
			return 0, fmt.Errorf("the budget of %d is below N = %d", r.Budget, r.Anomalies)
		}
		return max(math.Abs(p.Precision-p.Recall), math.Abs(p.Precision-p.F1)), nil
	},
	"area": func(r *runlog.Result, _ *Operand, at string) (float64, error) {
		f, b, err := curveTo(r, at)
		if err != nil {
			return 0, err
		}
		return f.Area(b, r.Anomalies), nil
	},
	"auc": func(r *runlog.Result, _ *Operand, _ string) (float64, error) {
		if r.Unlabelled == nil {
			return 0, fmt.Errorf("no ROC-AUC of the unlabelled scores")
		}
		return given(r.Unlabelled.ROCAUC, "ROC-AUC")
	},
	"audits_to": func(r *runlog.Result, o *Operand, _ string) (float64, error) {
		f, end := curve(r)
		if j, ok := f.Audits(int(math.Ceil(o.Level * float64(r.Anomalies)))); ok {
			return float64(j), nil
		}
		return float64(end + 1), nil // later than that
	},
	// The ten calls of the cold start rank by s alone; after them every audit could be a hit.
	"attainable": func(r *runlog.Result, _ *Operand, _ string) (float64, error) {
		cold := min(coldStartCalls*r.K, r.Anomalies)
		f, end := curve(r)
		if end < cold {
			return 0, fmt.Errorf("the budget of %d is below %d", end, cold)
		}
		return float64(f.At(cold)+r.Anomalies-cold) / float64(r.Anomalies), nil
	},
	"recall_seen":   func(r *runlog.Result, _ *Operand, at string) (float64, error) { return recallAt(r, at, true) },
	"recall_unseen": func(r *runlog.Result, _ *Operand, at string) (float64, error) { return recallAt(r, at, false) },
	// Spearman's correlation of budget and recall on the types seen.
	"recall_seen_trend": func(r *runlog.Result, _ *Operand, _ string) (float64, error) {
		var b, v []float64
		for _, c := range r.Checkpoints {
			if c.Test == nil {
				continue
			}
			if x, ok := c.Test.Seen.Recall(); ok {
				b, v = append(b, float64(c.Audited)), append(v, x)
			}
		}
		if len(b) < 3 {
			return 0, fmt.Errorf("%d checkpoints with a test set: a trend needs 3", len(b))
		}
		rho := stat.Correlation(ranks(b), ranks(v), nil)
		if math.IsNaN(rho) {
			return 0, nil // a recall that never changes follows nothing
		}
		return rho, nil
	},
	"plane_accuracy": func(r *runlog.Result, _ *Operand, at string) (float64, error) {
		c, err := checkpoint(r, at, func(c runlog.Checkpoint) bool { return c.Plane != nil })
		if err != nil {
			return 0, err
		}
		return given(c.Plane.Balanced, "balanced accuracy")
	},
	"guess_area": func(r *runlog.Result, _ *Operand, at string) (float64, error) {
		c, err := checkpoint(r, at, func(c runlog.Checkpoint) bool { return c.Tail != nil })
		if err != nil {
			return 0, err
		}
		return c.Tail.Area, nil
	},
	// Precision of the guesses with which so many anomalies are found.
	"guess_precision": func(r *runlog.Result, o *Operand, at string) (float64, error) {
		f, _, err := guesses(r, at)
		if err != nil {
			return 0, err
		}
		j, ok := f.Audits(int(o.Level))
		if !ok {
			return 0, fmt.Errorf("there are %d anomalies, not %g", len(f), o.Level)
		}
		return o.Level / float64(j), nil
	},
	// Share of N found by the audits and so many times N guesses more.
	"guess_share": func(r *runlog.Result, o *Operand, at string) (float64, error) {
		f, audited, err := guesses(r, at)
		if err != nil {
			return 0, err
		}
		return float64(f.At(audited+int(o.Level*float64(r.Anomalies)))) / float64(r.Anomalies), nil
	},
	// How much the work of a round changes over the range of labels, of its mean.
	"work_growth": func(r *runlog.Result, o *Operand, _ string) (float64, error) {
		t, w, err := roundWork(r, o.Name)
		if err != nil {
			return 0, err
		}
		_, slope := stat.LinearRegression(t, w, nil, false)
		if m := stat.Mean(w, nil); m != 0 {
			return slope * (slices.Max(t) - slices.Min(t)) / m, nil
		}
		return 0, nil
	},
	"work_fit": func(r *runlog.Result, o *Operand, _ string) (float64, error) {
		t, w, err := roundWork(r, o.Name)
		if err != nil {
			return 0, err
		}
		if slices.Min(w) == slices.Max(w) {
			return 1, nil
		}
		a, b := stat.LinearRegression(t, w, nil, false)
		return stat.RSquared(t, w, nil, a, b), nil
	},
	// Exponent of the total work against b, over the last three quarters of the checkpoints' range.
	"work_exponent": func(r *runlog.Result, o *Operand, _ string) (float64, error) {
		var b, w []float64
		for _, c := range r.Checkpoints {
			if n, ok := c.Counts[o.Name]; ok && n > 0 && 4*c.Audited >= r.Checkpoints[len(r.Checkpoints)-1].Audited {
				b, w = append(b, math.Log(float64(c.Audited))), append(w, math.Log(float64(n)))
			}
		}
		if len(b) < 3 || b[0] == b[len(b)-1] {
			return 0, fmt.Errorf("%d checkpoints that count %s: a line needs 3", len(b), o.Name)
		}
		_, slope := stat.LinearRegression(b, w, nil, false)
		return slope, nil
	},
}

// statistics of a dataset.
var statistics = map[string]func(r *runlog.Result) (float64, error){
	"rows":          func(r *runlog.Result) (float64, error) { return float64(r.Rows), nil },
	"anomalies":     func(r *runlog.Result) (float64, error) { return float64(r.Anomalies), nil },
	"features":      func(r *runlog.Result) (float64, error) { return float64(r.Features), nil },
	"classes":       func(r *runlog.Result) (float64, error) { return float64(r.Classes), nil },
	"anomaly_share": func(r *runlog.Result) (float64, error) { return float64(r.Anomalies) / float64(r.Rows), nil },
	"test_normals": func(r *runlog.Result) (float64, error) {
		return ofTest(r, func(t *runlog.TestLook) int { return t.Rows - t.Anomalies })
	},
	"test_anomalies": func(r *runlog.Result) (float64, error) {
		return ofTest(r, func(t *runlog.TestLook) int { return t.Anomalies })
	},
	"test_seen": func(r *runlog.Result) (float64, error) {
		return ofTest(r, func(t *runlog.TestLook) int { return t.Seen.Of })
	},
	"test_unseen": func(r *runlog.Result) (float64, error) {
		return ofTest(r, func(t *runlog.TestLook) int { return t.Unseen.Of })
	},
	"test_types": func(r *runlog.Result) (float64, error) {
		return ofTest(r, func(t *runlog.TestLook) int { return len(t.Groups) })
	},
	"new_types": func(r *runlog.Result) (float64, error) {
		return ofTest(r, func(t *runlog.TestLook) int {
			n := 0
			for _, g := range t.Groups {
				if !g.Seen {
					n++
				}
			}
			return n
		})
	},
	"train_types": func(r *runlog.Result) (float64, error) {
		return 0, fmt.Errorf("a run directory does not keep how many kinds of anomaly the pool has")
	},
}

// others are evaluated with more than one run's results at hand.
var others = []string{"chance", "crossover", "published", "theory"}

func metricNames() []string {
	return slices.Sorted(slices.Values(slices.Concat(slices.Collect(maps.Keys(metrics)), slices.Collect(maps.Keys(statistics)), others)))
}

const coldStartCalls = 10 // App. A.1

// auditsAt reads a number of audits: "500", "N", "2N"; ok is false for anything else.
func auditsAt(at string, anomalies, rows int) (b int, ok bool) {
	s, times := strings.CutSuffix(at, "N")
	if times && s == "" {
		return min(anomalies, rows), true
	}
	v, err := strconv.Atoi(s)
	if err != nil || v < 0 {
		return 0, false
	}
	if times {
		v *= anomalies
	}
	return min(v, rows), true
}

// curve is the found curve as far as it is known, and where that is.
func curve(r *runlog.Result) (bench.Found, int) {
	switch {
	case r.Full != nil:
		return r.Full, r.Rows
	case r.StoppedEarly:
		return r.Found, r.Rows
	}
	return r.Found, r.Budget
}

func curveTo(r *runlog.Result, at string) (bench.Found, int, error) {
	b, ok := auditsAt(at, r.Anomalies, r.Rows)
	f, end := curve(r)
	switch {
	case r.Split != nil:
		return nil, 0, fmt.Errorf("it was split in halves, and audits nothing")
	case r.Anomalies == 0:
		return nil, 0, fmt.Errorf("it has no anomalies")
	case !ok:
		return nil, 0, fmt.Errorf("%q is no number of audits", at)
	case b > end:
		return nil, 0, fmt.Errorf("the budget of %d is below %d", r.Budget, b)
	}
	return f, b, nil
}

func foundAt(r *runlog.Result, at string, share bool) (float64, error) {
	f, b, err := curveTo(r, at)
	if err != nil {
		return 0, err
	}
	if share {
		return float64(f.At(b)) / float64(r.Anomalies), nil
	}
	return float64(f.At(b)), nil
}

// score of the rows flagged in the test half, or, where a pool is audited, of the first N audits, of which all three are one number.
func score(r *runlog.Result, get func(bench.PRF) float64) (float64, error) {
	if r.Split != nil {
		return get(r.Split.PRF), nil
	}
	return foundAt(r, "N", true)
}

func given(x *float64, what string) (float64, error) {
	if x == nil {
		return 0, fmt.Errorf("the %s is undefined", what)
	}
	return *x, nil
}

// checkpoint finds the look at a number of audits, or the last one that has what is asked for.
func checkpoint(r *runlog.Result, at string, has func(runlog.Checkpoint) bool) (runlog.Checkpoint, error) {
	if at == "last" {
		for _, c := range slices.Backward(r.Checkpoints) {
			if has(c) {
				return c, nil
			}
		}
		return runlog.Checkpoint{}, fmt.Errorf("no checkpoint looked at that")
	}
	b, ok := auditsAt(at, r.Anomalies, r.Rows)
	if i := slices.IndexFunc(r.Checkpoints, func(c runlog.Checkpoint) bool { return ok && c.At == b && has(c) }); i >= 0 {
		return r.Checkpoints[i], nil
	}
	return runlog.Checkpoint{}, fmt.Errorf("no checkpoint looked at that after %s audits", at)
}

func ofTest(r *runlog.Result, get func(*runlog.TestLook) int) (float64, error) {
	c, err := checkpoint(r, "last", func(c runlog.Checkpoint) bool { return c.Test != nil })
	if err != nil {
		return 0, err
	}
	return float64(get(c.Test)), nil
}

func recallAt(r *runlog.Result, at string, seen bool) (float64, error) {
	c, err := checkpoint(r, at, func(c runlog.Checkpoint) bool { return c.Test != nil })
	if err != nil {
		return 0, err
	}
	h := c.Test.Unseen
	if seen {
		h = c.Test.Seen
	}
	v, ok := h.Recall()
	if !ok {
		return 0, fmt.Errorf("the test set has no anomalies of that kind")
	}
	return v, nil
}

func guesses(r *runlog.Result, at string) (f bench.Found, audited int, err error) {
	c, err := checkpoint(r, at, func(c runlog.Checkpoint) bool { return c.Tail != nil })
	if err != nil {
		return nil, 0, err
	}
	f, err = c.Tail.Found(r.Rows)
	return f, c.Audited, err
}

// roundWork is what a round between two neighbouring checkpoints counted, against the labels that it knew. A labelled batch
// grows up to 256 rows: joint steps are looked at from there.
func roundWork(r *runlog.Result, name string) (labels, work []float64, err error) {
	from := 0
	if name == "joint_steps" {
		from = 256
	}
	for i := 1; i < len(r.Checkpoints); i++ {
		a, b := r.Checkpoints[i-1], r.Checkpoints[i]
		before, ok := a.Counts[name]
		after, ok2 := b.Counts[name]
		rounds := (b.Audited - a.Audited + r.K - 1) / max(1, r.K)
		if first := min(a.Audited+r.K, b.Audited); ok && ok2 && rounds > 0 && first >= from {
			labels = append(labels, float64(first+b.Audited)/2)
			work = append(work, float64(after-before)/float64(rounds))
		}
	}
	if len(labels) < 3 {
		return nil, nil, fmt.Errorf("%d rounds between checkpoints that count %s: a line needs 3", len(labels), name)
	}
	return labels, work, nil
}

// ranks from 1, ties sharing their mean.
func ranks(x []float64) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		below, equal := 0, 0
		for _, w := range x {
			if w < v {
				below++
			} else if w == v {
				equal++
			}
		}
		out[i] = float64(below) + float64(equal+1)/2
	}
	return out
}
