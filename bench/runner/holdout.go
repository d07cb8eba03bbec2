package runner

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/metric"
	"github.com/uaibench/uaibench/bench/runlog"
)

// measureHoldout runs a cell with a holdout split (experiments/methods.md): it trains learner on
// ds, ranks ds.Test by its scores, and compares the flagged rows with the truth.
func measureHoldout(ctx context.Context, c bench.Cell, ds *bench.Dataset,
	learner bench.Learner) (runlog.Result, error) {
	r := runlog.Result{Format: runlog.FormatVersion, ID: c.ID(), Cell: c,
		Found: metric.RecallCurve{}}
	if ds.Test == nil {
		return r, errors.New("the dataset was to be built in two halves, but has no test half")
	}
	s := &runlog.Holdout{
		Train: runlog.Half{Rows: ds.Rows(), Anomalies: ds.Anomalies()},
		Test:  runlog.Half{Rows: ds.Test.Rows(), Anomalies: ds.Test.Anomalies()},
	}
	r.Rows, r.Features, r.Classes = s.Train.Rows+s.Test.Rows, ds.X.Cols, ds.Classes
	r.Anomalies = s.Train.Anomalies + s.Test.Anomalies
	if s.Test.Anomalies == 0 {
		return r, fmt.Errorf("the test half of %d rows has no anomaly: precision and recall are "+
			"undefined", s.Test.Rows)
	}
	if st, ok := learner.(bench.Static); !ok || !st.Static() {
		return r, fmt.Errorf("%s learns from audits, but a holdout split has none",
			c.Method.ID)
	}
	if err := learner.Train(ctx, ds.Data, bench.Labels{}); err != nil {
		return r, fmt.Errorf("train on the training half: %w", err)
	}
	scores, _, err := score(ctx, learner, ds.Test.Data, bench.HeadBase)
	if err != nil {
		return r, fmt.Errorf("the test half: %w", err)
	}
	if s.Flagged, err = flagged(c, ds.Test.Data, learner, scores); err != nil {
		return r, err
	}
	ranked := fullCurve(scores, ds.Test.Truth)
	s.Ranked, s.Ranks = ranked.RunLengths(), rank(scores, ds.Test.Truth)
	s.Measure(ranked)
	r.Holdout = s
	if counter, ok := learner.(bench.Counter); ok {
		r.Counts = counter.Counts()
	}
	return r, ctx.Err()
}

// flagged returns the number of flagged rows of d, which are the first of its ranking. It is an
// error if a learner's own flags contradict its scores.
func flagged(c bench.Cell, d bench.Data, learner bench.Learner, scores []float64) (int, error) {
	if !c.Threshold.Own {
		return c.Threshold.Count(d.Rows()), nil
	}
	f, ok := bench.FlaggerOf(learner)
	if !ok {
		return 0, fmt.Errorf("%s has no threshold of its own", c.Method.ID)
	}
	flags := make([]bool, d.Rows())
	f.Flags(flags, d)
	n, least, most := 0, math.Inf(1), math.Inf(-1)
	for i, flag := range flags {
		if flag {
			n++
			least = min(least, scores[i])
		} else {
			most = max(most, scores[i])
		}
	}
	if least <= most {
		return 0, fmt.Errorf("%s contradicts itself: it flags a row of score %v but not one of "+
			"score %v", c.Method.ID, least, most)
	}
	return n, nil
}
