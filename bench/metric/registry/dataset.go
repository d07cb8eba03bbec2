package registry

import (
	"fmt"

	"github.com/uaibench/uaibench/bench/runlog"
)

// datasetMetrics are properties of the dataset that a cell ran on.
var datasetMetrics = []*Metric{
	count("rows", "rows", "rows", "Rows n of the pool.",
		func(r *runlog.Result) int { return r.Rows }),
	count("anomalies", "anomalies", "anomalies", "Anomalies N of the pool.",
		func(r *runlog.Result) int { return r.Anomalies }),
	count("features", "features", "features", "Features d of a row.",
		func(r *runlog.Result) int { return r.Features }),
	count("classes", "classes", "classes",
		"Classes C given with the data; 0 if none are.",
		func(r *runlog.Result) int { return r.Classes }),
	{
		Name: "anomaly_share", Title: "share of anomalies", Dataset: true, Decimals: 4,
		Doc: "N divided by n.",
		of: func(r *runlog.Result, _ Args) (float64, error) {
			if r.Rows == 0 {
				return 0, fmt.Errorf("it has no rows")
			}
			return float64(r.Anomalies) / float64(r.Rows), nil
		},
	},
	ofTest("test_normals", "normal rows of the test set", "rows",
		func(t *runlog.TestProbe) int { return t.Rows - t.Anomalies }),
	ofTest("test_anomalies", "anomalies of the test set", "anomalies",
		func(t *runlog.TestProbe) int { return t.Anomalies }),
	ofTest("test_seen", "anomalies of the test set, of types in the pool", "anomalies",
		func(t *runlog.TestProbe) int { return t.Seen.Of }),
	ofTest("test_unseen", "anomalies of the test set, of types not in the pool", "anomalies",
		func(t *runlog.TestProbe) int { return t.Unseen.Of }),
	ofTest("test_types", "types of anomaly in the test set", "types",
		func(t *runlog.TestProbe) int { return len(t.Groups) }),
	ofTest("new_types", "types of anomaly in the test set that are not in the pool", "types",
		func(t *runlog.TestProbe) int {
			n := 0
			for _, g := range t.Groups {
				if !g.Seen {
					n++
				}
			}
			return n
		}),
}

// count returns a metric that every result has.
func count(name, title, unit, doc string, get func(*runlog.Result) int) *Metric {
	return &Metric{
		Name: name, Title: title, Unit: unit, Doc: doc, Dataset: true,
		of: func(r *runlog.Result, _ Args) (float64, error) { return float64(get(r)), nil },
	}
}

// ofTest returns a metric of the dataset's test set.
func ofTest(name, title, unit string, get func(*runlog.TestProbe) int) *Metric {
	return &Metric{
		Name: name, Title: title, Unit: unit, Dataset: true,
		Doc: "As counted at the last checkpoint that scored the test set.",
		of: func(r *runlog.Result, _ Args) (float64, error) {
			c, err := Checkpoint(r, Last, hasTest)
			if err != nil {
				return 0, err
			}
			return float64(get(c.Test)), nil
		},
	}
}
