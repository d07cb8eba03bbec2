package runner

import (
	"context"
	"fmt"
	"maps"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/metric"
	"github.com/uaibench/uaibench/bench/runlog"
)

// Progress is the progress of a cell.
type Progress struct {
	Audits int `json:"audits"`
	Found  int `json:"found"` // anomalies, by truth
	Budget int `json:"budget"`
}

// Measure runs a cell: Algorithm 1 with learner on ds, until the budget is spent or every anomaly
// is found. It returns what the run directory keeps, which depends only on the arguments. seen is
// called after each round, unless nil.
func Measure(ctx context.Context, c bench.Cell, ds *bench.Dataset, learner bench.Learner,
	seen func(Progress)) (runlog.Result, []runlog.Audit, error) {
	return measure(ctx, c, ds, learner, seen, nil)
}

// measure is Measure with a keeper, which writes snapshots of the cell; nil: none are written.
func measure(ctx context.Context, c bench.Cell, ds *bench.Dataset, learner bench.Learner,
	seen func(Progress), k *keeper) (runlog.Result, []runlog.Audit, error) {
	if c.HasHoldout() {
		if k != nil { // only the training takes time
			k.attach(&bench.Settings{}, func() saved { return saved{} })
		}
		r, err := measureHoldout(ctx, c, ds, learner)
		return r, nil, err
	}
	m, err := newMeasurement(ctx, c, ds, learner)
	if err != nil {
		return m.result, nil, err
	}
	log := &auditLog{ctx: ctx, truth: ds.Truth, budget: m.result.Budget, seen: seen}
	s := bench.Settings{
		Budget:      m.result.Budget,
		K:           m.result.K,
		First:       m.first,
		Checkpoints: c.Checkpoints,
		Checkpoint:  m.checkpoint,
	}
	if m.result.Anomalies > 0 {
		s.Done = func([]int) bool { return log.found == m.result.Anomalies }
	}
	if k != nil {
		if k.from != nil {
			m.result = k.from.Result
			m.result.Cell = c
			log.resume(k.from.Queries)
		}
		k.attach(&s, func() saved { return saved{Result: m.result, Queries: log.queries} })
	}
	oracle := bench.Truth(ds.Truth)
	if c.Noise != (bench.Noise{}) {
		oracle = bench.Noisy(oracle, c.Noise, bench.NewStream(c.Seed, "oracle"))
	}
	labels, err := bench.Run(ctx, ds.Data, learner, oracle, s, log)
	if err != nil {
		return m.result, nil, err
	}
	truth := make([]bool, labels.Len())
	for i, row := range labels.Index {
		truth[i] = ds.Truth[row]
	}
	m.result.Measure(truth, m.result.Anomalies, m.result.Budget)
	if counter, ok := learner.(bench.Counter); ok {
		m.result.Counts = counter.Counts()
	}
	return m.result, log.queries, nil
}

// measurement holds what a cell with a pool measures besides its audits.
type measurement struct {
	ctx    context.Context
	cell   bench.Cell
	ds     *bench.Dataset
	static bool // the learner does not learn
	result runlog.Result
}

// newMeasurement resolves the settings that depend on the dataset, and checks that the learner
// supports the cell's probes.
func newMeasurement(ctx context.Context, c bench.Cell, ds *bench.Dataset,
	learner bench.Learner) (*measurement, error) {
	m := &measurement{ctx: ctx, cell: c, ds: ds, result: runlog.Result{
		Format: runlog.FormatVersion, ID: c.ID(), Cell: c,
		Rows: ds.Rows(), Features: ds.X.Cols, Classes: ds.Classes, Anomalies: ds.Anomalies(),
	}}
	r := &m.result
	var err error
	if r.Budget, err = c.Budget.Resolve(r.Rows, r.Anomalies); err != nil {
		return m, err
	}
	r.K = c.K.Resolve(r.Anomalies)
	if st, ok := learner.(bench.Static); ok {
		m.static = st.Static()
	}
	if s, ok := learner.(bench.Describer); ok {
		program := s.Describe()
		r.Program = &program
	}
	return m, checkProbes(c, ds, learner)
}

// first measures the scores of all rows before any label.
func (m *measurement) first(scores []float64, _ bench.Head) error {
	ranks := rank(scores, m.ds.Truth)
	m.result.Unlabelled = &ranks
	if m.static {
		m.result.Full = fullCurve(scores, m.ds.Truth)
	}
	return nil
}

// checkpoint measures the model, frozen after the audits in l.
func (m *measurement) checkpoint(at int, l bench.Labels, learner bench.Learner) error {
	var counts map[string]int64
	if counter, ok := learner.(bench.Counter); ok {
		counts = maps.Clone(counter.Counts())
	}
	// Before any label the trained score has learned nothing, so at b = 0 the base score counts:
	// the DAE by s (experiments/methods.md).
	want := bench.HeadTrained
	if l.Len() == 0 {
		want = bench.HeadBase
	}
	scores, head, err := score(m.ctx, learner, m.ds.Data, want)
	if err != nil {
		return fmt.Errorf("checkpoint %d: %w", at, err)
	}
	c := runlog.Checkpoint{
		At: at, Audited: l.Len(), Head: head.String(), Ranks: rank(scores,
			m.ds.Truth), Counts: counts,
	}
	if len(m.result.Checkpoints) == 0 || !m.static { // a static model gives the same at every budget
		if err := m.probe(learner, l, scores, want, &c); err != nil {
			return fmt.Errorf("checkpoint %d: %w", at, err)
		}
	}
	m.result.Checkpoints = append(m.result.Checkpoints, c)
	return nil
}

// fullCurve is the recall curve of the ranking of all rows.
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
	queries []runlog.Audit
}

// resume restores the audits of an interrupted run.
func (l *auditLog) resume(queries []runlog.Audit) {
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
		l.queries = append(l.queries, runlog.Audit{
			Number: len(l.queries) + 1, Call: r.Call, Rank: i + 1, Row: row, Score: r.Scores[i],
			Head: r.Head.String(), Label: r.Anomaly[i], Truth: l.truth[row], Found: l.found,
		})
	}
	if l.seen != nil {
		l.seen(Progress{Audits: r.Audited, Found: l.found, Budget: l.budget})
	}
	return l.ctx.Err()
}
