package runlog

import (
	"github.com/uaibench/uaibench/bench/metric"
)

// Holdout is what a cell with a holdout split measured: how well the flagged rows of the test half
// are its anomalies (experiments/methods.md). It is another task than finding a pool's anomalies by
// audits, and no figure of the one is to be read as one of the other.
type Holdout struct {
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
func (s *Holdout) Measure(ranked metric.RecallCurve) {
	s.TP = ranked.At(s.Flagged)
	s.FP, s.FN = s.Flagged-s.TP, s.Test.Anomalies-s.TP
	s.PRF = metric.PRFAt(s.TP, s.Flagged, s.Test.Anomalies)
}
