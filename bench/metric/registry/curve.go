package registry

import (
	"fmt"
	"math"

	"github.com/uaibench/uaibench/bench/metric"
	"github.com/uaibench/uaibench/bench/runlog"
)

// curveMetrics are computed from the audits, or from the scores before the first of them.
var curveMetrics = []*Metric{
	{
		Name: "found", Title: "anomalies found", Unit: "anomalies", Better: Higher, Decimals: 1,
		Takes: TakesAt, Doc: "Anomalies among the first audits, up to the number given.",
		of: func(r *runlog.Result, a Args) (float64, error) {
			f, b, err := CurveTo(r, a)
			return float64(f.At(b)), err
		},
	},
	{
		Name: "share", Title: "share of N found", Better: Higher, Decimals: 4,
		Takes: TakesAt, Doc: "Anomalies among the first audits, up to the number given, " +
			"divided by N: the recall.",
		of: share,
	},
	{
		Name: "area", Title: "area under found(j)/N", Better: Higher, Decimals: 4, Takes: TakesAt,
		Doc: "Area under the recall curve up to a number of audits, divided by that of the " +
			"ideal list: 1 if every audit is a hit until all anomalies are found.",
		of: func(r *runlog.Result, a Args) (float64, error) {
			f, b, err := CurveTo(r, a)
			if err == nil && r.Anomalies == 0 {
				err = errNoAnomalies
			}
			return f.Area(b, r.Anomalies), err
		},
	},
	{
		Name: "f1", Title: "F1", Better: Higher, Decimals: 4,
		Doc: "F1 of the first N audits, where precision and recall are the same; of a cell with " +
			"a holdout split, of the rows flagged in the test half.",
		of: scored(func(p metric.PRF) float64 { return p.F1 }),
	},
	{
		Name: "precision", Title: "precision", Better: Higher, Decimals: 4,
		Doc: "As f1: of the first N audits, or of the rows flagged in the test half.",
		of:  scored(func(p metric.PRF) float64 { return p.Precision }),
	},
	{
		Name: "recall", Title: "recall", Better: Higher, Decimals: 4,
		Doc: "As f1: of the first N audits, or of the rows flagged in the test half.",
		of:  scored(func(p metric.PRF) float64 { return p.Recall }),
	},
	{
		Name: "split_f1", Title: "F1 of the test half", Better: Higher, Decimals: 4,
		Doc: "F1 of the rows flagged in the test half of a holdout split, and of nothing else.",
		of: func(r *runlog.Result, _ Args) (float64, error) {
			if r.Holdout == nil {
				return 0, fmt.Errorf("it has no holdout split")
			}
			return r.Holdout.F1, nil
		},
	},
	{
		Name: "prf_gap", Title: "difference of precision, recall and F1",
		Better: Neither, Decimals: 4,
		Doc: "Largest difference of precision from recall and from F1, of the first N audits: " +
			"0 by construction.",
		of: func(r *runlog.Result, _ Args) (float64, error) {
			p := r.Metrics.AtAnomalies
			if p == nil {
				return 0, fmt.Errorf("the budget of %d is below N = %d", r.Budget, r.Anomalies)
			}
			return max(math.Abs(p.Precision-p.Recall), math.Abs(p.Precision-p.F1)), nil
		},
	},
	{
		Name: "audits_to", Title: "audits needed", Unit: "audits", Better: Lower, Takes: TakesLevel,
		Doc: "Audits until a share of the N anomalies, rounded up, is found; one more than the " +
			"curve covers if it does not reach the share.",
		of: func(r *runlog.Result, a Args) (float64, error) {
			if r.Holdout != nil {
				return 0, fmt.Errorf("it has a holdout split, and audits nothing")
			}
			f, end := Curve(r)
			if j, ok := f.Audits(int(math.Ceil(a.Level * float64(r.Anomalies)))); ok {
				return float64(j), nil
			}
			return float64(end + 1), nil
		},
	},
	{
		Name: "attainable", Title: "share of N attainable", Better: Higher, Decimals: 4,
		Doc: "Share of N that the first N audits could have found: what the base score found in " +
			"the cold start, the first ten rounds, plus a hit with every audit after it.",
		of: attainable,
	},
	{
		Name: "auc", Title: "ROC-AUC", Better: Higher, Decimals: 4,
		Doc: "Area under the ROC curve of the scores of all rows before the first label.",
		of: func(r *runlog.Result, _ Args) (float64, error) {
			return unlabelled(r, "ROC-AUC",
				func(m *runlog.RankMetrics) *float64 { return m.ROCAUC })
		},
	},
	{
		Name: "average_precision", Title: "average precision", Better: Higher, Decimals: 4,
		Doc: "Average precision of the scores of all rows before the first label.",
		of: func(r *runlog.Result, _ Args) (float64, error) {
			return unlabelled(r, "average precision",
				func(m *runlog.RankMetrics) *float64 { return m.AveragePrecision })
		},
	},
}

func share(r *runlog.Result, a Args) (float64, error) {
	f, b, err := CurveTo(r, a)
	switch {
	case err != nil:
		return 0, err
	case r.Anomalies == 0:
		return 0, errNoAnomalies
	}
	return float64(f.At(b)) / float64(r.Anomalies), nil
}

// scored returns the function of a metric that is one of precision, recall and F1.
func scored(get func(metric.PRF) float64) func(*runlog.Result, Args) (float64, error) {
	return func(r *runlog.Result, a Args) (float64, error) {
		if r.Holdout != nil {
			return get(r.Holdout.PRF), nil
		}
		// with N flagged rows, all three are equal
		return share(r, Args{At: "N", WithinBudget: a.WithinBudget})
	}
}

const coldStartCalls = 10 // App. A.1

func attainable(r *runlog.Result, _ Args) (float64, error) {
	cold := min(coldStartCalls*r.K, r.Anomalies)
	f, end := Curve(r)
	switch {
	case r.Holdout != nil:
		return 0, fmt.Errorf("it has a holdout split, and audits nothing")
	case r.Anomalies == 0:
		return 0, errNoAnomalies
	case end < cold:
		return 0, fmt.Errorf("the budget of %d is below %d", end, cold)
	}
	return float64(f.At(cold)+r.Anomalies-cold) / float64(r.Anomalies), nil
}

func unlabelled(r *runlog.Result, what string,
	get func(*runlog.RankMetrics) *float64) (float64, error) {
	if r.Unlabelled == nil {
		return 0, fmt.Errorf("no %s of the unlabelled scores", what)
	}
	return given(get(r.Unlabelled), what)
}

func given(x *float64, what string) (float64, error) {
	if x == nil {
		return 0, fmt.Errorf("the %s is undefined", what)
	}
	return *x, nil
}
