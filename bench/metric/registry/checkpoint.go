package registry

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"

	"github.com/uaibench/uaibench/bench/metric"
	"github.com/uaibench/uaibench/bench/runlog"
)

// checkpointMetrics are computed from the frozen model at a checkpoint.
var checkpointMetrics = []*Metric{
	{
		Name: "recall_seen", Title: "recall on types seen",
		Better: Higher, Decimals: 4, Takes: TakesAt,
		Doc: "Share of the test set's anomalies of types also in the pool that are flagged.",
		of:  func(r *runlog.Result, a Args) (float64, error) { return recallOf(r, a.At, true) },
	},
	{
		Name: "recall_unseen", Title: "recall on unseen types",
		Better: Higher, Decimals: 4, Takes: TakesAt,
		Doc: "Share of the test set's anomalies of types not in the pool that are flagged.",
		of:  func(r *runlog.Result, a Args) (float64, error) { return recallOf(r, a.At, false) },
	},
	{
		Name: "recall_seen_trend", Title: "trend of the recall on types seen",
		Better: Higher, Decimals: 4,
		Doc: "Spearman's correlation of the number of audits and recall_seen over the " +
			"checkpoints; 0 if the recall never changes.",
		of: recallTrend,
	},
	{
		Name: "projection_accuracy", Aliases: []string{"plane_accuracy"},
		Title:  "balanced accuracy of the latent projection",
		Better: Higher, Decimals: 4, Takes: TakesAt,
		Doc: "Best balanced accuracy of a logistic regression on l and s, fitted to all rows " +
			"with all true labels: how far they are linearly separable.",
		of: func(r *runlog.Result, a Args) (float64, error) {
			c, err := Checkpoint(r, a.At,
				func(c *runlog.Checkpoint) bool { return c.Projection != nil })
			if err != nil {
				return 0, err
			}
			return given(c.Projection.Balanced, "balanced accuracy")
		},
	},
	{
		Name: "frozen_area", Aliases: []string{"guess_area"},
		Title: "area of the frozen ranking", Better: Higher, Decimals: 4, Takes: TakesAt,
		Doc: "Area under found/N over the audits so far, then all other rows in the frozen " +
			"model's order, divided by that of the ideal list.",
		of: func(r *runlog.Result, a Args) (float64, error) {
			c, err := Checkpoint(r, a.At, hasRanking)
			if err != nil {
				return 0, err
			}
			return c.Ranking.Area, nil
		},
	},
	{
		Name: "frozen_precision", Aliases: []string{"guess_precision"},
		Title:  "precision of the frozen ranking",
		Better: Higher, Decimals: 4, Takes: TakesAt | TakesLevel,
		Doc: "Precision of the audits and guesses that find a given number of anomalies.",
		of:  frozenPrecision,
	},
	{
		Name: "frozen_share", Aliases: []string{"guess_share"},
		Title: "share of N found by the frozen ranking", Better: Higher, Decimals: 4,
		Takes: TakesAt | TakesLevel,
		Doc:   "Share of N that the audits and then a multiple of N guesses find.",
		of:    frozenShare,
	},
}

// Checkpoint returns the checkpoint that was requested after at audits, or with Last the last one,
// among those for which has is true.
func Checkpoint(r *runlog.Result, at At,
	has func(*runlog.Checkpoint) bool) (*runlog.Checkpoint, error) {
	b, ok := at.Audits(r)
	for i := range slices.Backward(r.Checkpoints) {
		if c := shown(r, i); (at == Last || ok && c.At == b) && has(c) {
			return c, nil
		}
	}
	if at == Last {
		return nil, fmt.Errorf("no checkpoint probed that")
	}
	return nil, fmt.Errorf("no checkpoint probed that after %s audits", at)
}

// shown returns the i-th checkpoint with its probes: for a static method, which is probed once,
// those of its first checkpoint.
func shown(r *runlog.Result, i int) *runlog.Checkpoint {
	c := r.Checkpoints[i]
	if r.Full != nil {
		first := &r.Checkpoints[0]
		c.Ranking, c.Test, c.Projection = first.Ranking, first.Test, first.Projection
	}
	return &c
}

func hasRanking(c *runlog.Checkpoint) bool { return c.Ranking != nil }

func hasTest(c *runlog.Checkpoint) bool { return c.Test != nil }

func recallOf(r *runlog.Result, at At, seen bool) (float64, error) {
	c, err := Checkpoint(r, at, hasTest)
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

func recallTrend(r *runlog.Result, _ Args) (float64, error) {
	var b, v []float64
	for i := range r.Checkpoints {
		c := shown(r, i)
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
		return 0, nil
	}
	return rho, nil
}

// ranks returns the ranks of x, from 1, ties sharing their mean.
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

// frozen returns the recall curve of a frozen ranking, and the number of audits at its start.
func frozen(r *runlog.Result, at At) (f metric.RecallCurve, audited int, err error) {
	c, err := Checkpoint(r, at, hasRanking)
	if err != nil {
		return nil, 0, err
	}
	f, err = c.Ranking.Curve(r.Rows)
	return f, c.Audited, err
}

func frozenPrecision(r *runlog.Result, a Args) (float64, error) {
	f, _, err := frozen(r, a.At)
	if err != nil {
		return 0, err
	}
	j, ok := f.Audits(int(a.Level))
	if !ok {
		return 0, fmt.Errorf("there are %d anomalies, not %g", len(f), a.Level)
	}
	return a.Level / float64(j), nil
}

func frozenShare(r *runlog.Result, a Args) (float64, error) {
	f, audited, err := frozen(r, a.At)
	switch {
	case err != nil:
		return 0, err
	case r.Anomalies == 0:
		return 0, errNoAnomalies
	}
	return float64(f.At(audited+int(a.Level*float64(r.Anomalies)))) / float64(r.Anomalies), nil
}
