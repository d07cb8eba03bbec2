package runlog

import (
	"github.com/uaibench/uaibench/bench/metric"
)

// Holdout holds the measurements of a cell with a holdout split: how well the flagged rows of the
// test half match its anomalies (experiments/methods.md). This is a different task from finding a
// pool's anomalies by audits; the figures of the two are not comparable.
type Holdout struct {
	Train   Half              `json:"train"` // as trained on, after anomalies were taken out
	Test    Half              `json:"test"`
	Ranked  metric.RunLengths `json:"ranked"` // positions of the test half's anomalies when its rows are ranked, best first
	Flagged int               `json:"flagged"`

	// TP, FP, FN and PRF follow from the fields above.
	TP int `json:"tp"` // anomalies among the flagged rows, which are the first of the ranking
	FP int `json:"fp"`
	FN int `json:"fn"`
	metric.PRF

	Ranks RankMetrics `json:"ranks"` // of the test half's scores; not replayable, since ties make it differ from Ranked
}

// Half is one half of a dataset.
type Half struct {
	Rows      int `json:"rows"`
	Anomalies int `json:"anomalies"`
}

// Measure computes TP, FP, FN and PRF from the ranking's found curve and Flagged.
func (s *Holdout) Measure(ranked metric.RecallCurve) {
	s.TP = ranked.At(s.Flagged)
	s.FP, s.FN = s.Flagged-s.TP, s.Test.Anomalies-s.TP
	s.PRF = metric.PRFAt(s.TP, s.Flagged, s.Test.Anomalies)
}
