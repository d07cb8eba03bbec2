package registry

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/uaibench/uaibench/bench/metric"
	"github.com/uaibench/uaibench/bench/runlog"
)

// At is a number of audits: "500", "N" (the dataset's anomalies) or a multiple, "2N"; "" is the
// run's budget. For checkpoints "last" is the last one that has the probe in question.
type At string

// Last is the last checkpoint.
const Last At = "last"

// ParseAt parses an At; the error lists the valid forms.
func ParseAt(s string) (At, error) {
	a := At(s)
	if _, ok := a.audits(10, 10, 100); !ok && a != Last {
		return "", fmt.Errorf("%q is not a number of audits, N, 2N or last", s)
	}
	return a, nil
}

// Audits returns the number of audits for a result, at most its n rows. ok is false if At is not a
// number of audits, as for Last.
func (a At) Audits(r *runlog.Result) (b int, ok bool) {
	return a.audits(r.Budget, r.Anomalies, r.Rows)
}

func (a At) audits(budget, anomalies, rows int) (b int, ok bool) {
	if a == "" {
		return budget, true
	}
	s, times := strings.CutSuffix(string(a), "N")
	if times && s == "" {
		return min(anomalies, rows), true
	}
	v, err := strconv.Atoi(s)
	if err != nil || v < 0 {
		return 0, false
	}
	if times {
		v *= anomalies
	}
	return min(v, rows), true
}

// Curve returns a result's recall curve as far as it is known, and the number of audits that it
// covers: the budget, or all n if every anomaly was found, or if the method does not learn, so that
// its ranking is known from the start.
func Curve(r *runlog.Result) (f metric.RecallCurve, end int) {
	switch {
	case r.Full != nil:
		return r.Full, r.Rows
	case r.StoppedEarly:
		return r.Found, r.Rows
	}
	return r.Found, r.Budget
}

// CurveTo returns a result's recall curve and the number of audits a.At; it is an error if the
// curve does not cover them.
func CurveTo(r *runlog.Result, a Args) (f metric.RecallCurve, audits int, err error) {
	audits, ok := a.At.Audits(r)
	f, end := Curve(r)
	if a.WithinBudget {
		f, end = r.Found, r.Budget
	}
	switch {
	case r.Holdout != nil:
		return nil, 0, fmt.Errorf("it has a holdout split, and audits nothing")
	case !ok:
		return nil, 0, fmt.Errorf("%q is not a number of audits", a.At)
	case audits > end:
		return nil, 0, fmt.Errorf("the budget of %d is below %d", r.Budget, audits)
	}
	return f, audits, nil
}

var errNoAnomalies = fmt.Errorf("it has no anomalies")
