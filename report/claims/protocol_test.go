package claims

import (
	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/metric"
	"github.com/uaibench/uaibench/bench/runlog"
)

// halved makes a cell one of the half-split protocol.
func halved(c *bench.Cell, arm *Arm, low map[string]float64) {
	if arm.Train == "" {
		return
	}
	s := bench.Split{Seed: c.Seed, Train: arm.Train, Stratified: true}
	if arm.Train == "low" {
		s.Train, s.Contamination = bench.TrainContaminated, low[c.Dataset.ID]
	}
	c.Dataset.Split = s
	c.Budget, c.K = bench.Budget{}, bench.K{}
	c.Threshold = bench.Threshold{Ratio: 0.2, Round: bench.RoundUp}
}

// splitScore gives a halved cell's result its scores.
func splitScore(r *runlog.Result, p metric.PRF) {
	r.Budget, r.K, r.Audited, r.StoppedEarly, r.Found, r.Metrics = 0, 0, 0, false, metric.RecallCurve{}, runlog.Metrics{}
	half := runlog.Half{Rows: r.Rows / 2, Anomalies: r.Anomalies / 2}
	r.Holdout = &runlog.Holdout{Train: half, Test: half, PRF: p}
}
