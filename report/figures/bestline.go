package figures

import (
	"slices"
	"sync"

	"github.com/uaibench/uaibench/bench/metric"
	"github.com/uaibench/uaibench/bench/runlog"
)

// bestLines keeps what bestLine found by the projection, since finding it takes a while.
var bestLines sync.Map

// bestLine is the line that separates a latent projection's sample best. ok is false where there is
// no sample, or one kind of row alone. It is fitted to the sample, so that its balanced accuracy
// there is, on average, above what the line has on all rows.
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
