package verify

import (
	"fmt"
	"slices"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
)

// Replay recomputes the measurements of a done cell from its audit log, without training: it
// returns r with all fields that Result.Measure sets, for comparison with the files. It fails if
// the log contradicts itself or r, checkpoints included as far as they follow from the log.
// Unlabelled, Checkpoints, Counts and the part of Full past the audits cannot be replayed, and are
// returned unchanged.
func Replay(r runlog.Result, queries []runlog.Audit) (runlog.Result, error) {
	if r.Cell.HasHoldout() {
		return replayHoldout(r, queries)
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
		case q.Number != i+1:
			return r, bad(i, "the log numbers it %d", q.Number)
		case q.Call != call || q.Rank != rank:
			return r, bad(i, "the log places it at rank %d of round %d; at k = %d it is rank %d "+
				"of round %d", q.Rank, q.Call, r.K, rank, call)
		case q.Row < 0 || q.Row >= r.Rows:
			return r, bad(i, "row %d is not in [0, %d)", q.Row, r.Rows)
		case audited[q.Row]:
			return r, bad(i, "row %d was audited before", q.Row)
		case q.Head != bench.HeadBase.String() && q.Head != bench.HeadTrained.String():
			return r, bad(i, "there is no head %q", q.Head)
		case r.Cell.Noise == bench.Noise{} && q.Label != q.Truth:
			return r, bad(i, "the oracle does not err, but its answer differs from the truth")
		case q.Found != found:
			return r, bad(i, "the log counts %d anomalies found, but has %d", q.Found, found)
		}
		audited[q.Row] = true
	}
	if err := order(&r, queries); err != nil {
		return r, fmt.Errorf("cell %s: %w", r.ID, err)
	}
	switch {
	case len(queries) == 0 || len(queries) > r.Budget:
		return r, fmt.Errorf("cell %s: %d audits for a budget of %d", r.ID, len(queries), r.Budget)
	case len(queries) < r.Budget && found < r.Anomalies:
		return r, fmt.Errorf("cell %s: it stopped at %d of %d audits with %d of %d anomalies found",
			r.ID, len(queries), r.Budget, found, r.Anomalies)
	}
	for i := range r.Checkpoints {
		if err := replayProbes(&r.Checkpoints[i], &r, queries, truth); err != nil {
			return r, err
		}
	}
	out := r
	out.Measure(truth, r.Anomalies, r.Budget)
	if r.Full != nil && (len(r.Full) != r.Anomalies || found > r.Anomalies ||
		!slices.Equal(r.Full[:found], out.Found)) {
		return r, fmt.Errorf("cell %s: the full ranking's curve does not begin with the audits' "+
			"curve", r.ID)
	}
	if err := ranking(&out, queries); err != nil {
		return r, fmt.Errorf("cell %s: %w", r.ID, err)
	}
	return out, nil
}

// replayHoldout is Replay for a cell with a holdout split, which has no audits: it recomputes the
// measurements from the ranking.
func replayHoldout(r runlog.Result, queries []runlog.Audit) (runlog.Result, error) {
	bad := func(format string, args ...any) (runlog.Result, error) {
		return r, fmt.Errorf("cell %s: %s", r.ID, fmt.Sprintf(format, args...))
	}
	if r.Holdout == nil {
		return bad("its dataset is split in halves, but its holdout result is missing")
	}
	if len(queries) > 0 || r.Audited > 0 || len(r.Found) > 0 || r.Budget != 0 || r.K != 0 {
		return bad("its dataset is split in halves, so nothing is audited, but audits are recorded")
	}
	s := *r.Holdout
	t := r.Cell.Threshold
	switch {
	case s.Train.Rows < 1 || s.Test.Rows < 1:
		return bad("halves of %d and %d rows", s.Train.Rows, s.Test.Rows)
	case r.Rows != s.Train.Rows+s.Test.Rows || r.Anomalies != s.Train.Anomalies+s.Test.Anomalies:
		return bad("%d rows and %d anomalies are not the sums of its halves", r.Rows, r.Anomalies)
	case s.Flagged < 0 || s.Flagged > s.Test.Rows:
		return bad("%d of %d rows are flagged", s.Flagged, s.Test.Rows)
	case !t.Own && s.Flagged != t.Count(s.Test.Rows):
		return bad("the threshold (%s) flags %d of %d rows, not %d", t, t.Count(s.Test.Rows),
			s.Test.Rows, s.Flagged)
	}
	ranked, err := s.Ranked.Curve(s.Test.Rows)
	switch {
	case err != nil:
		return bad("%v", err)
	case len(ranked) != s.Test.Anomalies:
		return bad("the ranking has %d anomalies, the test half %d", len(ranked), s.Test.Anomalies)
	}
	if err := ranksFollow("its ranking", ranked, s.Test.Rows, nil, s.Ranks); err != nil {
		return bad("%v", err)
	}
	s.Measure(ranked)
	r.Holdout = &s
	return r, nil
}
