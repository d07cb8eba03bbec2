package figures

import (
	"slices"
	"sync"

	"github.com/uaibench/uaibench/bench/metric"
	"github.com/uaibench/uaibench/bench/runlog"
)

// bestLines caches the results of bestLine by projection, since they are slow to compute.
var bestLines sync.Map

// bestLine returns the line that best separates the sample of a latent projection. ok is false if
// there is no sample, or only one kind of row. The line is fitted to the sample, so its balanced
// accuracy there is, on average, higher than on all rows.
func bestLine(p *runlog.LatentProjection) (l metric.Line, ok bool) {
	a, n := p.Anomalies, p.Normals
	if a == nil || n == nil {
		return l, false
	}
	if kept, ok := bestLines.Load(p); ok {
		return kept.(metric.Line), true
	}
	truth := make([]bool, len(a.L)+len(n.L))
	for i := range a.L {
		truth[i] = true
	}
	l, ok = metric.BestLine(slices.Concat(a.L, n.L), slices.Concat(a.S, n.S), truth)
	if ok {
		bestLines.Store(p, l)
	}
	return l, ok
}
