package runlog

import (
	"fmt"
	"slices"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/metric"
)

// Measure computes all that follows from an audit list: truth says of each audit whether it was an
// anomaly, anomalies is N and budget b. It fills Audited, StoppedEarly, Found and Metrics of r and
// leaves the rest alone, so that what a run measures and what a replay measures is one thing.
func (r *Result) Measure(truth []bool, anomalies, budget int) {
	r.Anomalies, r.Budget = anomalies, budget
	r.Audited = len(truth)
	r.StoppedEarly = len(truth) < budget
	r.Found = metric.CurveOf(truth)
	r.Metrics = Metrics{Area: r.Found.Area(budget, anomalies)}
	if anomalies > 0 && budget >= anomalies {
		prf := metric.PRFAt(r.Found.At(anomalies), anomalies, anomalies)
		r.Metrics.AtAnomalies = &prf
	}
}

// Replay measures a done cell anew from its audit log, without training: it returns r with all
// that Measure fills, to be compared with what is on disk. It fails where the log contradicts
// itself or what r says of the run, checkpoints' looks included as far as they follow from the log. Unlabelled, Checkpoints, Counts and the part of Full past the
// audits cannot be replayed, and are returned as they are.
func Replay(r Result, queries []Query) (Result, error) {
	if r.Cell.Halved() {
		return replaySplit(r, queries)
	}
	bad := func(i int, format string, args ...any) error {
		return fmt.Errorf("audit %d of cell %s: %s", i+1, r.ID, fmt.Sprintf(format, args...))
	}
	truth := make([]bool, len(queries))
	audited := make(map[int]bool, len(queries))
	found := 0
	for i, q := range queries {
		truth[i] = q.Truth
		if q.Truth {
			found++
		}
		call, rank := i/max(r.K, 1)+1, i%max(r.K, 1)+1
		switch {
		case q.Audit != i+1:
			return r, bad(i, "the log numbers it %d", q.Audit)
		case q.Call != call || q.Rank != rank:
			return r, bad(i, "the log places it at rank %d of round %d; at k = %d it is rank %d of round %d", q.Rank, q.Call, r.K, rank, call)
		case q.Row < 0 || q.Row >= r.Rows:
			return r, bad(i, "row %d is not in [0, %d)", q.Row, r.Rows)
		case audited[q.Row]:
			return r, bad(i, "row %d was audited before", q.Row)
		case q.Head != bench.HeadBase.String() && q.Head != bench.HeadTrained.String():
			return r, bad(i, "there is no head %q", q.Head)
		case r.Cell.Noise == bench.Noise{} && q.Anomaly != q.Truth:
			return r, bad(i, "the oracle does not err, but its answer differs from the truth")
		case q.Found != found:
			return r, bad(i, "the log counts %d anomalies found; they are %d", q.Found, found)
		case rank > 1 && q.Score > queries[i-1].Score:
			return r, bad(i, "it scores above the one ranked before it")
		}
		audited[q.Row] = true
	}
	switch {
	case len(queries) == 0 || len(queries) > r.Budget:
		return r, fmt.Errorf("cell %s: %d audits for a budget of %d", r.ID, len(queries), r.Budget)
	case len(queries) < r.Budget && found < r.Anomalies:
		return r, fmt.Errorf("cell %s: it stopped at %d of %d audits with %d of %d anomalies found", r.ID, len(queries), r.Budget, found, r.Anomalies)
	}
	for i := range r.Checkpoints {
		if err := r.Checkpoints[i].replayLooks(&r, truth); err != nil {
			return r, err
		}
	}
	out := r
	out.Measure(truth, r.Anomalies, r.Budget)
	if r.Full != nil && (len(r.Full) != r.Anomalies || found > r.Anomalies || !slices.Equal(r.Full[:found], out.Found)) {
		return r, fmt.Errorf("cell %s: the full ranking's curve does not begin with the audits' curve", r.ID)
	}
	return out, nil
}
