package fake

import (
	"math"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/uaibench/uaibench/baselines"
	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/metric"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/bench/theory"
	"github.com/uaibench/uaibench/experiments"
	"github.com/uaibench/uaibench/report/claims/ledger"
	"github.com/uaibench/uaibench/synth"
)

// Catalog returns the complete catalogue of datasets and methods.
var Catalog = sync.OnceValue(func() bench.Catalog {
	return bench.Catalog{Datasets: synth.Catalog(), Methods: baselines.Catalog()}
})

// Step is a point of a found curve: the share of N found after so many audits.
type Step struct {
	Audits int
	Share  float64
}

// Quantiles returns n quantiles of a normal distribution, in an order that is not ascending.
func Quantiles(n int, mean, sd float64) []float64 {
	out := make([]float64, n)
	for i := range out {
		k := (i*7 + 3) % n
		u := (float64(k) + 0.5) / float64(n)
		out[i] = mean + sd*math.Sqrt2*math.Erfinv(2*u-1)
	}
	return out
}

// Some returns the paper's world with only the cells that keep accepts; those not done are planned.
func Some(t *testing.T, w *World, keep func(c *runlog.CellRecord) (there, done bool)) *runlog.Run {
	run := Clone(w.Run(t), func(*runlog.Result) {})
	var cells []runlog.CellRecord
	for _, c := range run.Cells {
		there, done := keep(&c)
		if !there {
			continue
		}
		if !done {
			c.Result, c.Status = nil, runlog.Status{State: runlog.Planned}
		}
		cells = append(cells, c)
	}
	run.Cells = cells
	return run
}

// Arrhythmia returns the paper's world with only DAE_uai on arrhythmia, its cells and results
// changed.
func Arrhythmia(t *testing.T, w *World, change func(c *runlog.CellRecord)) *runlog.Run {
	t.Helper()
	run := Some(t, w, func(c *runlog.CellRecord) (bool, bool) {
		return w.Arms[c.ID] == "dae_uai" && c.Cell.Dataset.ID == "arrhythmia", true
	})
	for i := range run.Cells {
		c := &run.Cells[i]
		m, d := bench.Params{}, bench.Params{}
		for k, v := range c.Cell.Method.Params {
			m[k] = v
		}
		for k, v := range c.Cell.Dataset.Params {
			d[k] = v
		}
		c.Cell.Method.Params, c.Cell.Dataset.Params = m, d
		change(c)
		c.ID = c.Cell.ID()
		c.Result.Cell, c.Result.ID = c.Cell, c.ID
	}
	return run
}

// Theorems returns a result in which all statements that the ledger names hold, or all fail.
func Theorems(hold bool) *theory.Result {
	r := &theory.Result{}
	for _, name := range []string{"theorem1.uniform", "theorem1.support", "theorem1.p1",
		"theorem2.bound", "theorem2.kl", "theorem2.exact", "theorem2.tight", "theorem3.bound",
		"theorem3.equality"} {
		r.Statements = append(r.Statements, theory.Statement{Name: name, Holds: hold})
	}
	return r
}

// Draws returns the draws of a world whose datasets match the paper's: 200 of each count.
func Draws(l *ledger.Ledger) func(dataset, metric string) []float64 {
	return func(dataset, metric string) []float64 {
		var v float64
		switch d := l.Tables().Dataset(dataset); {
		case strings.HasSuffix(metric, "_types"):
			v = map[string]float64{"train_types": 16, "test_types": 36, "new_types": 20}[metric]
		case d == nil:
			return nil
		default:
			v = map[string]float64{"rows": float64(d.Instances),
				"anomalies": float64(d.Anomalies), "classes": float64(d.Classes),
				"features":      float64(d.Features),
				"anomaly_share": float64(d.Anomalies) / float64(d.Instances)}[metric]
		}
		xs := slices.Repeat([]float64{v}, 200)
		if d := l.Tables().Dataset(dataset); d != nil && d.InstancesWithin > 0 &&
			(metric == "anomalies" || metric == "rows") {
			for i := range xs {
				xs[i] += float64(i%21 - 10)
			}
		}
		return xs
	}
}

// Clone copies a run and applies wrong to the copy of each result.
func Clone(run *runlog.Run, wrong func(r *runlog.Result)) *runlog.Run {
	out := *run
	out.Cells = slices.Clone(run.Cells)
	for i := range out.Cells {
		if out.Cells[i].Result == nil {
			continue
		}
		r := *out.Cells[i].Result
		if r.Metrics.AtAnomalies != nil {
			prf := *r.Metrics.AtAnomalies
			r.Metrics.AtAnomalies = &prf
		}
		if r.Holdout != nil {
			split := *r.Holdout
			r.Holdout = &split
		}
		r.Checkpoints = slices.Clone(r.Checkpoints)
		for k := range r.Checkpoints {
			c := &r.Checkpoints[k]
			if c.Test != nil {
				v := *c.Test
				c.Test = &v
			}
			if c.Projection != nil {
				c.Projection = &runlog.LatentProjection{Dim: c.Projection.Dim,
					Balanced: c.Projection.Balanced}
			}
			if c.Ranking != nil {
				v := *c.Ranking
				c.Ranking = &v
			}
		}
		wrong(&r)
		out.Cells[i].Result = &r
	}
	return &out
}

// Mistakes are errors that a result may have.
var Mistakes = map[string]func(r *runlog.Result){
	"nothing found": func(r *runlog.Result) { SetFound(r, metric.RecallCurve{}) },
	"all found at once": func(r *runlog.Result) {
		f := make(metric.RecallCurve, r.Anomalies)
		for i := range f {
			f[i] = i + 1
		}
		SetFound(r, f)
	},
	"found late": func(r *runlog.Result) {
		f := slices.Clone(r.Found)
		for i := range f {
			f[i] = min(r.Rows-len(f)+i, 4*f[i])
		}
		SetFound(r, f)
	},
	"another half's scores": func(r *runlog.Result) {
		if r.Holdout != nil {
			r.Holdout.PRF = metric.PRF{Precision: 0.6, Recall: 0.6, F1: 0.6}
		}
	},
	"no separation, no recall, no trend": func(r *runlog.Result) {
		half := 0.5
		for i := range r.Checkpoints {
			c := &r.Checkpoints[i]
			if c.Projection != nil {
				c.Projection.Balanced = &half
			}
			if c.Test != nil {
				c.Test.Seen.Hits, c.Test.Unseen.Hits, c.Test.Seen.Of = 0, 0, c.Test.Seen.Of+1
			}
			if c.Ranking != nil {
				c.Ranking = runlog.NewFrozenRanking(CurveOf(r.Anomalies, r.Rows,
					[]Step{{r.Rows, 1}}), c.Audited, r.Rows)
			}
			if c.Counts != nil {
				c.Counts = map[string]int64{"rows_touched": int64(i + 1),
					"joint_steps": int64(i * i)}
			}
		}
	},
	"no ranking": func(r *runlog.Result) {
		if half := 0.5; r.Unlabelled != nil {
			r.Unlabelled = &runlog.RankMetrics{ROCAUC: &half}
		}
	},
	"all recalled": func(r *runlog.Result) {
		for i := range r.Checkpoints {
			if t := r.Checkpoints[i].Test; t != nil {
				t.Seen.Hits, t.Unseen.Hits = t.Seen.Of, t.Unseen.Of
			}
		}
	},
}

// SetFound replaces a result's curve and the metrics that follow from it, except for a half-split.
func SetFound(r *runlog.Result, f metric.RecallCurve) {
	if r.Holdout != nil {
		return
	}
	r.Found, r.StoppedEarly = f, len(f) == r.Anomalies
	prf := metric.PRFAt(f.At(r.Anomalies), r.Anomalies, r.Anomalies)
	r.Metrics = runlog.Metrics{AtAnomalies: &prf, Area: f.Area(r.Budget, r.Anomalies)}
}

// Ledger returns the committed ledger.
func Ledger(tb testing.TB) *ledger.Ledger {
	tb.Helper()
	l, err := ledger.Read("paper.yaml", experiments.Ledger)
	if err != nil {
		tb.Fatal(err)
	}
	return l
}
