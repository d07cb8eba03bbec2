package runlog

import "testing"

func TestMeasureUndefined(t *testing.T) {
	var r Result
	r.Measure([]bool{true, false}, 3, 2)
	if r.Metrics.AtAnomalies != nil || r.Metrics.Area != 2.0/3 {
		t.Errorf("a budget below N: %+v", r.Metrics)
	}
	r.Measure([]bool{false, false}, 0, 2)
	if r.Metrics != (Metrics{}) || len(r.Found) != 0 || r.StoppedEarly {
		t.Errorf("no anomalies: %+v", r)
	}
	r.Measure([]bool{false, true}, 1, 9)
	if !r.StoppedEarly || r.Audited != 2 || r.Metrics.Area != 8.0/9 { // flat from audit 2 to 9
		t.Errorf("stopped early: %+v", r)
	}
}
