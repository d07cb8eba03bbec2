package bench

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
)

// DefaultK is the paper's number of audits a round (App. A.1).
const DefaultK = 10

// Settings of one run of Algorithm 1.
type Settings struct {
	Budget int // b; at least 1, at most n
	K      int // audits a round; 0 means DefaultK

	// First is called with the scores of all n rows before any label exists: the static ranking.
	// head is the head that gave them. nil: not called.
	First func(scores []float64, head Head) error

	// Done is called after each round with the rows just audited; true ends the run early (the
	// runner does so when every anomaly is found). nil: never.
	Done func(rows []int) bool

	// Checkpoints are numbers of audits, ascending, at which the model is trained once more and
	// passed, frozen, to Checkpoint: at the first round with at least that many audits, or at the
	// end of a run that stopped early.
	Checkpoints []int
	Checkpoint  func(at int, l Labels, m Learner) error

	// Between is called after each round but the last with the run's position; it may call m's
	// Snapshot (see Resumable). The position's slices belong to the run. nil: not called.
	Between func(Position) error
	// From is the position of an earlier run with the same settings at which m was saved; Run
	// continues from there. nil: from the start.
	From *Position
}

// Round is one iteration of Algorithm 1: the selected rows in rank order, with their scores.
type Round struct {
	Call    int // number of the call of select_top, from 1
	Head    Head
	Rows    []int
	Scores  []float64
	Anomaly []bool // the oracle's answers
	Audited int    // audits after this round
}

// Recorder records the rounds of a run; a Round's slices are reused after Record returns.
type Recorder interface {
	Record(Round) error
}

// ErrNotFinite is wrapped by Run's error if a method gives a row a NaN or infinite score: a
// diverged model fails its cell and is never ranked.
var ErrNotFinite = errors.New("score is not finite")

// Run is the paper's Algorithm 1: train, select the top k unaudited rows, audit, until b rows are
// audited. The last batch is cut so that exactly b are audited (the printed pseudo-code overshoots
// if k does not divide b). It returns the labels in audit order; with an error, those until then.
func Run(ctx context.Context, d Data, m Learner, o Oracle, s Settings, r Recorder) (Labels, error) {
	l, err := newLoop(d, m, s)
	if err != nil {
		return Labels{}, err
	}
	for ended := false; !ended && l.labels.Len() < l.Budget; l.call++ {
		if err := l.train(ctx); err != nil {
			return l.labels, err
		}
		if l.call == 1 || !l.static {
			if err := l.score(ctx); err != nil {
				return l.labels, err
			}
		}
		if ended, err = l.audit(ctx, o, r); err != nil {
			return l.labels, err
		}
	}
	if l.reached < len(l.Checkpoints) {
		return l.labels, l.end(ctx)
	}
	return l.labels, nil
}

// loop is the state of Algorithm 1 between its steps.
type loop struct {
	Settings
	data   Data
	m      Learner
	static bool // m's scores never change

	call    int // of select_top, from 1
	labels  Labels
	reached int // checkpoints passed to Checkpoint

	pool   []int     // unaudited rows, ascending …
	scores []float64 // … and their scores by the last call of score, in the same order; n long
	head   Head      // of scores

	top    []int     // reused by each round
	chosen []float64 // scores of top
}

// newLoop checks the settings, and returns the loop at the start or at the position From.
func newLoop(d Data, m Learner, s Settings) (*loop, error) {
	n := d.Rows()
	if s.K == 0 {
		s.K = DefaultK
	}
	if s.K < 1 {
		return nil, fmt.Errorf("k is %d: it must be at least 1", s.K)
	}
	if s.Budget < 1 || s.Budget > n {
		return nil, fmt.Errorf("budget is %d: it must be between 1 and the pool's %d rows",
			s.Budget, n)
	}
	l := &loop{
		Settings: s, data: d, m: m, call: 1,
		labels: Labels{Index: make([]int, 0, s.Budget), Anomaly: make([]bool, 0, s.Budget)},
		pool:   make([]int, n),
		scores: make([]float64, n),
		top:    make([]int, 0, s.K),
		chosen: make([]float64, 0, s.K),
	}
	if st, ok := m.(Static); ok {
		l.static = st.Static()
	}
	for i := range l.pool {
		l.pool[i] = i
	}
	if s.From == nil {
		return l, nil
	}
	if err := s.From.check(n, s); err != nil {
		return nil, fmt.Errorf("the position to resume from: %w", err)
	}
	if l.static && s.From.Labels.Len() > 0 {
		return nil, errStatic
	}
	l.labels.Index = append(l.labels.Index, s.From.Labels.Index...)
	l.labels.Anomaly = append(l.labels.Anomaly, s.From.Labels.Anomaly...)
	l.drop(l.labels.Index)
	l.call, l.reached = 1+(l.labels.Len()+s.K-1)/s.K, s.From.Reached
	return l, nil
}

// train trains with all labels so far, and calls Checkpoint for those reached.
func (l *loop) train(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := l.m.Train(ctx, l.data, l.labels); err != nil {
		return fmt.Errorf("train after %d audits: %w", l.labels.Len(), err)
	}
	for l.reached < len(l.Checkpoints) && l.Checkpoints[l.reached] <= l.labels.Len() {
		if err := l.Checkpoint(l.Checkpoints[l.reached], l.labels, l.m); err != nil {
			return err
		}
		l.reached++
	}
	return nil
}

// score scores the pool.
func (l *loop) score(ctx context.Context) (err error) {
	want := HeadTrained
	if cold, ok := l.m.(ColdStarter); ok && cold.Cold(l.call, l.labels) {
		want = HeadBase
	}
	rows := l.pool
	if l.call == 1 {
		rows = nil // all of them
	}
	scores := l.scores[:len(l.pool)]
	if l.head, err = l.m.Scores(ctx, scores, l.data, rows, want); err != nil {
		return fmt.Errorf("score after %d audits: %w", l.labels.Len(), err)
	}
	for i, v := range scores {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("row %d scored %v after %d audits: %w", l.pool[i], v, l.labels.Len(),
				ErrNotFinite)
		}
	}
	if l.call == 1 && l.First != nil {
		return l.First(scores, l.head)
	}
	return nil
}

// audit has the best k rows audited, or as many as the budget allows. ended reports whether Done
// ends the run.
func (l *loop) audit(ctx context.Context, o Oracle, r Recorder) (ended bool, err error) {
	audited := l.labels.Len()
	l.top = Select(l.top, l.scores[:len(l.pool)], min(l.K, l.Budget-audited))
	l.chosen = l.chosen[:0]
	for i, p := range l.top {
		l.chosen = append(l.chosen, l.scores[p])
		l.top[i] = l.pool[p]
	}
	y, err := o.Audit(ctx, l.top)
	if err != nil {
		return false, fmt.Errorf("audit after %d audits: %w", audited, err)
	}
	if len(y) != len(l.top) {
		return false, fmt.Errorf("oracle answered %d of %d audits", len(y), len(l.top))
	}
	l.labels.Index = append(l.labels.Index, l.top...)
	l.labels.Anomaly = append(l.labels.Anomaly, y...)
	round := Round{
		Call: l.call, Head: l.head, Rows: l.top, Scores: l.chosen,
		Anomaly: y, Audited: l.labels.Len(),
	}
	if err := r.Record(round); err != nil {
		return false, err
	}
	l.drop(l.top)
	if l.Done != nil && l.Done(l.top) {
		return true, nil
	}
	if l.Between != nil && l.labels.Len() < l.Budget {
		return false, l.Between(Position{Labels: l.labels, Reached: l.reached})
	}
	return false, nil
}

// end trains once more and calls Checkpoint for those left.
func (l *loop) end(ctx context.Context) error {
	if err := l.m.Train(ctx, l.data, l.labels); err != nil {
		return fmt.Errorf("train after %d audits: %w", l.labels.Len(), err)
	}
	for ; l.reached < len(l.Checkpoints); l.reached++ {
		if err := l.Checkpoint(l.Checkpoints[l.reached], l.labels, l.m); err != nil {
			return err
		}
	}
	return nil
}

// drop removes audited rows and their scores from the pool.
func (l *loop) drop(rows []int) {
	gone := slices.Sorted(slices.Values(rows))
	w := 0
	for i, p := range l.pool {
		if len(gone) > 0 && gone[0] == p {
			gone = gone[1:]
			continue
		}
		l.pool[w], l.scores[w] = p, l.scores[i]
		w++
	}
	l.pool = l.pool[:w]
}
