// Package labels implements a rival that shows the value of the labels on their own: a logistic
// regression of the answers on a row's features and its isolation-forest score. Until both answers
// are known the forest ranks.
package labels

import (
	"context"
	"io"
	"math"

	"github.com/uaibench/uaibench/baselines/ensemble"
	"github.com/uaibench/uaibench/baselines/internal/split"
	"github.com/uaibench/uaibench/baselines/internal/state"
	"github.com/uaibench/uaibench/bench"
)

// Settings are the settings of a Learner.
type Settings struct {
	Forest    ensemble.ForestSettings
	C         float64 // weight of the log loss beside half the squared weights; 0: 1
	Tolerance float64 // of the gradient's largest component; 0: 1e-8
}

// Learner ranks by the logit of a logistic regression with an L2 penalty, fitted to all audited
// rows after each round: a bench.Learner. Its inputs are the features and the isolation forest's
// score, each standardised by its mean and standard deviation over the pool (a constant one is 0);
// classes are balanced (see problem).
type Learner struct {
	set    Settings
	forest *ensemble.IForest

	shift, scale []float64 // len d+1, for the inputs: the last is the forest's score
	known        bench.Labels
	weights      []float64 // len d+2, the last the intercept; nil: at most one answer is known
	fits, newton int64
}

// New returns an untrained Learner.
func New(s Settings) *Learner {
	if s.C == 0 {
		s.C = 1
	}
	if s.Tolerance == 0 {
		s.Tolerance = 1e-8
	}
	return &Learner{set: s, forest: ensemble.NewIForest(s.Forest)}
}

// Train grows the forest at the first call, and fits the regression at every call with labels.
func (m *Learner) Train(ctx context.Context, d bench.Data, l bench.Labels) error {
	if m.shift == nil {
		if err := m.start(ctx, d); err != nil {
			return err
		}
	}
	if l.Len() == 0 {
		return nil
	}
	return m.fit(ctx, d, l)
}

// start grows the forest and computes the inputs' moments over the pool.
func (m *Learner) start(ctx context.Context, d bench.Data) error {
	if err := m.forest.Fit(ctx, d); err != nil {
		return err
	}
	n, cols := d.Rows(), d.X.Cols
	s := make([]float64, n)
	if _, err := m.forest.Scores(ctx, s, d, nil, bench.HeadBase); err != nil {
		return err
	}
	m.shift, m.scale = make([]float64, cols+1), make([]float64, cols+1)
	each := func(f func(j int, v float64)) {
		for i := range n {
			for j, v := range d.X.Row(i) {
				f(j, float64(v))
			}
			f(cols, s[i])
		}
	}
	first, differ := make([]float64, cols+1), make([]bool, cols+1)
	for j, v := range d.X.Row(0) {
		first[j] = float64(v)
	}
	first[cols] = s[0]
	each(func(j int, v float64) {
		m.shift[j] += v / float64(n)
		differ[j] = differ[j] || v != first[j]
	})
	each(func(j int, v float64) {
		e := v - m.shift[j]
		m.scale[j] += float64(e*e) / float64(n)
	})
	for j, v := range m.scale {
		if m.scale[j] = 0; differ[j] {
			m.scale[j] = 1 / math.Sqrt(v)
		}
	}
	return nil
}

// input sets x (len d+2) to a row's inputs and the intercept's 1.
func (m *Learner) input(x []float64, row []float32, score float64) {
	for j, v := range row {
		x[j] = (float64(v) - m.shift[j]) * m.scale[j]
	}
	j := len(row)
	x[j], x[j+1] = (score-m.shift[j])*m.scale[j], 1
}

// fit fits the regression to the labels l.
func (m *Learner) fit(ctx context.Context, d bench.Data, l bench.Labels) error {
	m.known, m.weights = l, nil
	var of [2]int
	for _, y := range l.Anomaly {
		of[kind(y)]++
	}
	if of[0] == 0 || of[1] == 0 {
		return nil
	}
	s := make([]float64, l.Len())
	if _, err := m.forest.Scores(ctx, s, d, l.Index, bench.HeadBase); err != nil {
		return err
	}
	p := newProblem(l.Len(), d.X.Cols+2)
	for i, row := range l.Index {
		m.input(p.row(i), d.X.Row(row), s[i])
		k := kind(l.Anomaly[i])
		p.sign[i] = float64(2*k - 1)
		p.cost[i] = m.set.C * float64(l.Len()) / float64(2*of[k])
	}
	weights, steps, err := p.minimise(ctx, m.set.Tolerance)
	m.weights = weights
	m.fits++
	m.newton += steps
	return err
}

func kind(anomaly bool) int {
	if anomaly {
		return 1
	}
	return 0
}

// Scores: see bench.Scorer. The trained score is the logit; before both answers are known, and for
// HeadBase, it is the forest's.
func (m *Learner) Scores(ctx context.Context, dst []float64, d bench.Data, rows []int,
	want bench.Head) (bench.Head, error) {
	if _, err := m.forest.Scores(ctx, dst, d, rows, bench.HeadBase); err != nil {
		return want, err
	}
	if want == bench.HeadBase || m.weights == nil {
		return bench.HeadBase, nil
	}
	const chunk = 256
	n := len(dst)
	chunks := (n + chunk - 1) / chunk
	threads := m.set.Forest.Workers
	crew := make([][]float64, split.Width(threads, chunks))
	for i := range crew {
		crew[i] = make([]float64, len(m.weights))
	}
	return want, split.Each(ctx, threads, chunks, func(w, c int) {
		for i := c * chunk; i < min(n, (c+1)*chunk); i++ {
			row := i
			if rows != nil {
				row = rows[i]
			}
			m.input(crew[w], d.X.Row(row), dst[i])
			dst[i] = dot(m.weights, crew[w])
		}
	})
}

// Counts: see bench.Counter.
func (m *Learner) Counts() map[string]int64 {
	return map[string]int64{"fits": m.fits, "newton_steps": m.newton}
}

// Snapshot: see bench.Resumable. The rest follows from the labels.
func (m *Learner) Snapshot(w io.Writer) error {
	return state.Write(w, int64(m.known.Len()), m.fits, m.newton)
}

// Restore: see bench.Resumable.
func (m *Learner) Restore(ctx context.Context, d bench.Data, l bench.Labels, r io.Reader) error {
	var s struct{ Known, Fits, Newton int64 }
	if err := state.Read(r, &s); err != nil {
		return err
	}
	if s.Known < 0 || s.Known > int64(l.Len()) {
		return io.ErrUnexpectedEOF
	}
	known := bench.Labels{Index: l.Index[:s.Known], Anomaly: l.Anomaly[:s.Known]}
	if err := m.Train(ctx, d, known); err != nil {
		return err
	}
	m.fits, m.newton = s.Fits, s.Newton
	return nil
}
