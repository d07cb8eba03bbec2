package verify

import (
	"fmt"
	"math"
	"slices"

	"github.com/uaibench/uaibench/bench/metric"
	"github.com/uaibench/uaibench/bench/runlog"
)

// replayProbes checks those parts of a checkpoint that follow from the audit log; truth is each
// audit's, in order.
func replayProbes(c *runlog.Checkpoint, r *runlog.Result, queries []runlog.Audit,
	truth []bool) error {
	bad := func(what string) error {
		return fmt.Errorf("cell %s: checkpoint %d: %s", r.ID, c.At, what)
	}
	if c.Audited < 0 || c.Audited > len(truth) {
		return bad(fmt.Sprintf("it counts %d audits, but the log has %d", c.Audited, len(truth)))
	}
	if err := checkpointRanks(c, r, queries); err != nil {
		return bad(err.Error())
	}
	found := metric.CurveOf(truth[:c.Audited])
	if t := c.Ranking; t != nil {
		f, err := t.Curve(r.Rows)
		switch {
		case err != nil:
			return bad(err.Error())
		case len(f) != r.Anomalies:
			return bad(fmt.Sprintf("its tail has %d of %d anomalies", len(f), r.Anomalies))
		case !slices.Equal(f[:f.At(c.Audited)], found):
			return bad("its tail does not begin with the audits")
		case *runlog.NewFrozenRanking(f, c.Audited, r.Rows) != *t:
			return bad("its tail's figures do not follow from its runs")
		}
		if err := frozenRanking(c, f, r); err != nil {
			return bad(err.Error())
		}
	}
	for _, e := range c.Explanations {
		if e.Row < 0 || e.Row >= r.Rows || checkExplanation(&e, r.Features) != nil {
			return bad(fmt.Sprintf("the explanation of row %d: %v", e.Row,
				checkExplanation(&e, r.Features)))
		}
	}
	if t := c.Test; t != nil {
		again := *t
		again.Sum()
		switch {
		case t.Found != len(found):
			return bad(fmt.Sprintf("%d anomalies found, but %d by the audit log", t.Found,
				len(found)))
		case again.Seen != t.Seen || again.Unseen != t.Unseen:
			return bad("its counts by kind of anomaly do not add up to seen and unseen")
		case t.Groups != nil && (t.Seen.Hits+t.Unseen.Hits != t.Hits ||
			t.Seen.Of+t.Unseen.Of != t.Anomalies):
			return bad("its counts of seen and unseen do not add up to the total")
		case t.Hits < 0 || t.Hits > t.Anomalies || t.Anomalies > t.Rows:
			return bad(fmt.Sprintf("%d hits of %d anomalies in %d rows", t.Hits, t.Anomalies,
				t.Rows))
		}
		for _, g := range t.Groups {
			if g.Hits.Hits < 0 || g.Hits.Hits > g.Of {
				return bad(fmt.Sprintf("%d hits of %d anomalies of kind %q", g.Hits.Hits, g.Of,
					g.Name))
			}
		}
	}
	return nil
}

// checkExplanation returns an error if an explanation of a row of this many features contradicts
// itself.
func checkExplanation(e *runlog.Explanation, features int) error {
	sum, last := 0.0, math.Inf(1)
	for _, f := range e.Features {
		size := math.Abs(f.Contribution())
		if f.Index < 0 || f.Index >= features || !(size > 0) || size > last {
			return fmt.Errorf("feature %d of %d contributes %v after %v", f.Index, features,
				f.Contribution(), last)
		}
		sum, last = sum+size, size
	}
	if !(sum <= e.Total*(1+1e-12)) {
		return fmt.Errorf("its features contribute %v of a total of %v", sum, e.Total)
	}
	if n := len(e.Pixels); n != len(e.Heat) || n != 0 && n != runlog.Side*runlog.Side {
		return fmt.Errorf("a picture of %d pixels and %d heat values", n, len(e.Heat))
	}
	return nil
}
