package runner

import (
	"context"
	"fmt"
	"maps"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/metric"
	"github.com/uaibench/uaibench/bench/runlog"
)

// Progress of a cell.
type Progress struct {
	Audits int `json:"audits"`
	Found  int `json:"found"` // anomalies, by truth
	Budget int `json:"budget"`
}

// Measure runs a cell: Algorithm 1 with learner on ds, until the budget is spent or every anomaly
// is found. It returns what the run directory keeps of it, which depends on nothing but its
// arguments. seen (nil: nobody) is called after each round.
func Measure(ctx context.Context, c bench.Cell, ds *bench.Dataset, learner bench.Learner, seen func(Progress)) (runlog.Result, []runlog.Query, error) {
	return measure(ctx, c, ds, learner, seen, nil)
}

// measure is Measure with a keeper (nil: none) that writes the cell down now and then.
func measure(ctx context.Context, c bench.Cell, ds *bench.Dataset, learner bench.Learner, seen func(Progress), k *keeper) (runlog.Result, []runlog.Query, error) {
	if c.Halved() {
		if k != nil { // only the training takes time
			k.attach(&bench.Settings{}, func() saved { return saved{} })
		}
		r, err := measureSplit(ctx, c, ds, learner)
		return r, nil, err
	}
	r := runlog.Result{
		Format: runlog.FormatVersion, ID: c.ID(), Cell: c,
		Rows: ds.Rows(), Features: ds.X.Cols, Classes: ds.Classes, Anomalies: ds.Anomalies(),
	}
	var err error
	if r.Budget, err = c.Budget.Resolve(r.Rows, r.Anomalies); err != nil {
		return r, nil, err
	}
	r.K = c.K.Resolve(r.Anomalies)

	log := &auditLog{ctx: ctx, truth: ds.Truth, budget: r.Budget, seen: seen}
	st, static := learner.(bench.Static)
	static = static && st.Static()
	if err := checkLooks(c, ds, learner); err != nil {
		return r, nil, err
	}
	s := bench.Settings{
		Budget: r.Budget,
		K:      r.K,
		First: func(scores []float64, _ bench.Head) error {
			ranks := rank(scores, ds.Truth)
			r.Unlabelled = &ranks
			if static {
				r.Full = fullCurve(scores, ds.Truth)
			}
			return nil
		},
		Candidates:  c.Candidates,
		Checkpoints: c.Checkpoints,
		Checkpoint: func(at int, l bench.Labels, m bench.Learner) error {
			var counts map[string]int64
			if counter, ok := m.(bench.Counter); ok {
				counts = maps.Clone(counter.Counts())
			}
			// Before any label the trained score has learned nothing: "b = 0 is the DAE by s" (methods.md, E9).
			want := bench.HeadTrained
			if l.Len() == 0 {
				want = bench.HeadBase
			}
			scores, head, err := score(ctx, m, ds.Data, want)
			if err != nil {
				return fmt.Errorf("checkpoint %d: %w", at, err)
			}
			seen := runlog.Checkpoint{At: at, Audited: l.Len(), Head: head.String(), Ranks: rank(scores, ds.Truth), Counts: counts}
			if len(r.Checkpoints) == 0 || !static { // a static model shows the same at every budget
				if err := look(ctx, c, ds, m, l, scores, want, &seen); err != nil {
					return fmt.Errorf("checkpoint %d: %w", at, err)
				}
			}
			r.Checkpoints = append(r.Checkpoints, seen)
			return nil
		},
	}
	if r.Anomalies > 0 {
		s.Done = func([]int) bool { return log.found == r.Anomalies }
	}
	oracle := bench.Truth(ds.Truth)
	if c.Noise != (bench.Noise{}) {
		oracle = bench.Noisy(oracle, c.Noise, bench.NewStream(c.Seed, "oracle"))
	}
	if k != nil {
		if k.from != nil {
			r = k.from.Result
			r.Cell = c
			log.resume(k.from.Queries)
		}
		k.attach(&s, func() saved { return saved{Result: r, Queries: log.queries} })
	}
	labels, err := bench.Run(ctx, ds.Data, learner, oracle, s, log)
	if err != nil {
		return r, nil, err
	}
	truth := make([]bool, labels.Len())
	for i, row := range labels.Index {
		truth[i] = ds.Truth[row]
	}
	r.Measure(truth, r.Anomalies, r.Budget)
	if counter, ok := learner.(bench.Counter); ok {
		r.Counts = counter.Counts()
	}
	return r, log.queries, nil
}

// fullCurve is the found curve of the ranking of all rows.
func fullCurve(scores []float64, truth []bool) metric.RecallCurve {
	ranked := make([]bool, len(truth))
	for i, row := range bench.Ranking(scores) {
		ranked[i] = truth[row]
	}
	return metric.CurveOf(ranked)
}

func rank(scores []float64, truth []bool) runlog.RankMetrics {
	var m runlog.RankMetrics
	if v, ok := metric.ROCAUC(scores, truth); ok {
		m.ROCAUC = &v
	}
	if v, ok := metric.AveragePrecision(scores, truth); ok {
		m.AveragePrecision = &v
	}
	return m
}

// auditLog records a run's audits.
type auditLog struct {
	ctx     context.Context
	truth   []bool
	budget  int
	seen    func(Progress)
	found   int
	queries []runlog.Query
}

// resume takes over the audits of an interrupted run.
func (l *auditLog) resume(queries []runlog.Query) {
	l.queries = queries
	if n := len(queries); n > 0 {
		l.found = queries[n-1].Found
	}
}

func (l *auditLog) Record(r bench.Round) error {
	for i, row := range r.Rows {
		if l.truth[row] {
			l.found++
		}
		l.queries = append(l.queries, runlog.Query{
			Audit: len(l.queries) + 1, Call: r.Call, Rank: i + 1, Row: row, Score: r.Scores[i],
			Head: r.Head.String(), Anomaly: r.Anomaly[i], Truth: l.truth[row], Found: l.found,
		})
	}
	if l.seen != nil {
		l.seen(Progress{Audits: r.Audited, Found: l.found, Budget: l.budget})
	}
	return l.ctx.Err()
}
