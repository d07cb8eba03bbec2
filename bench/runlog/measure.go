package runlog

import "github.com/uaibench/uaibench/bench/metric"

// Measure computes all that follows from an audit list: truth[i] is whether audit i was an anomaly,
// anomalies is N and budget b. It sets Anomalies, Budget, Audited, StoppedEarly, Found and Metrics
// of r and leaves the other fields as they are. Runs and replays share it, so that both measure the
// same.
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
