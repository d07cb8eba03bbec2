package bench

import "github.com/uaibench/uaibench/bench/metric"

// These names of before package metric go once nothing uses them.
type (
	Found = metric.RecallCurve
	PRF   = metric.PRF
)

var (
	FoundIn = metric.CurveOf
	PRFAt   = metric.PRFAt
	ROCAUC  = metric.ROCAUC
)
