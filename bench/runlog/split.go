package runlog

import (
	"fmt"

	"github.com/uaibench/uaibench/bench/metric"
)

// Split is what a cell of the half-split protocol measured: how well the flagged rows of the test half are its
// anomalies (methods.md 5.3). It is another task than finding a pool's anomalies by audits, and no figure of the
// one is to be read as one of the other.
type Split struct {
	Train   Half              `json:"train"` // as trained on: after anomalies were taken out
	Test    Half              `json:"test"`
	Ranked  metric.RunLengths `json:"ranked"` // where the test half's anomalies stand when its rows are ranked, best first
	Flagged int               `json:"flagged"`

	// These follow from the above.
	TP int `json:"tp"` // flagged rows are the first of the ranking
	FP int `json:"fp"`
	FN int `json:"fn"`
	metric.PRF

	Ranks RankMetrics `json:"ranks"` // of the scores of the test half; ties make it differ from Ranked, so it is not replayable
}

// Half of a dataset.
type Half struct {
	Rows      int `json:"rows"`
	Anomalies int `json:"anomalies"`
}

// Measure computes TP, FP, FN and PRF from the ranking and the number of flagged rows.
func (s *Split) Measure(ranked metric.RecallCurve) {
	s.TP = ranked.At(s.Flagged)
	s.FP, s.FN = s.Flagged-s.TP, s.Test.Anomalies-s.TP
	s.PRF = metric.PRFAt(s.TP, s.Flagged, s.Test.Anomalies)
}

// replaySplit is Replay for a cell of the half-split protocol, which has no audits: it measures anew from the ranking.
func replaySplit(r Result, queries []Query) (Result, error) {
	bad := func(format string, args ...any) (Result, error) {
		return r, fmt.Errorf("cell %s: %s", r.ID, fmt.Sprintf(format, args...))
	}
	if r.Split == nil {
		return bad("its dataset is split in halves, but there is no result of that")
	}
	if len(queries) > 0 || r.Audited > 0 || len(r.Found) > 0 || r.Budget != 0 || r.K != 0 {
		return bad("its dataset is split in halves, so nothing is audited, but audits are recorded")
	}
	s := *r.Split
	t := r.Cell.Threshold
	switch {
	case s.Train.Rows < 1 || s.Test.Rows < 1:
		return bad("halves of %d and %d rows", s.Train.Rows, s.Test.Rows)
	case r.Rows != s.Train.Rows+s.Test.Rows || r.Anomalies != s.Train.Anomalies+s.Test.Anomalies:
		return bad("%d rows and %d anomalies are not those of its halves", r.Rows, r.Anomalies)
	case s.Flagged < 0 || s.Flagged > s.Test.Rows:
		return bad("%d of %d rows are flagged", s.Flagged, s.Test.Rows)
	case !t.Own && s.Flagged != t.Count(s.Test.Rows):
		return bad("%s flags %d of %d rows, not %d", t, t.Count(s.Test.Rows), s.Test.Rows, s.Flagged)
	}
	ranked, err := s.Ranked.Curve(s.Test.Rows)
	switch {
	case err != nil:
		return bad("%v", err)
	case len(ranked) != s.Test.Anomalies:
		return bad("the ranking has %d anomalies, the test half %d", len(ranked), s.Test.Anomalies)
	}
	s.Measure(ranked)
	r.Split = &s
	return r, nil
}
