package runlog

import "github.com/uaibench/uaibench/bench/metric"

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
