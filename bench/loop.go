package bench

import (
	"cmp"
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

	// First sees the scores of all n rows before any label exists: the static ranking.
	// head is the head that gave them. nil: not wanted.
	First func(scores []float64, head Head) error

	// Done is asked after each round with the rows just audited; true ends the run early
	// (the runner's rule: every anomaly is found). nil: never.
	Done func(rows []int) bool

	// Candidates bound what the rounds score; zero: all unaudited rows.
	Candidates Candidates

	// Checkpoints are numbers of audits, ascending, at which the model is trained once more and
	// handed, frozen, to Checkpoint: at the first round with at least that many audits, or at the
	// end of a run that stopped early.
	Checkpoints []int
	Checkpoint  func(at int, l Labels, m Learner) error

	// Between is called after each round but the last with where the run is then; m may be written down
	// meanwhile (see Resumable). The position's slices are the run's own. nil: not wanted.
	Between func(Position) error
	// From is where an earlier run with the same settings was when m was written down; Run goes on from
	// there. nil: from the start.
	From *Position
}

// Round is one turn of Algorithm 1's loop: rows in rank order with the scores that chose them.
type Round struct {
	Call    int // 1-based count of select_top
	Head    Head
	Rows    []int
	Scores  []float64
	Anomaly []bool // the oracle's answers
	Audited int    // audits after this round
}

// Recorder keeps what a run did; the slices of a Round are reused after Record returns.
type Recorder interface {
	Record(Round) error
}

// ErrNotFinite is wrapped by Run's error when a method scores a row NaN or infinite: a diverged
// model fails its cell, it never gets ranked.
var ErrNotFinite = errors.New("score is not finite")

// Run is the paper's Algorithm 1: train, select the top k unaudited rows, audit, until b rows are
// audited. The last batch is cut so that exactly b are audited (the printed pseudo-code overshoots
// where k does not divide b).
func Run(ctx context.Context, d Data, m Learner, o Oracle, s Settings, r Recorder) (Labels, error) {
	var l Labels
	n := d.Rows()
	if s.K == 0 {
		s.K = DefaultK
	}
	if s.K < 1 {
		return l, fmt.Errorf("k is %d: it must be at least 1", s.K)
	}
	if s.Budget < 1 || s.Budget > n {
		return l, fmt.Errorf("budget is %d: it must be between 1 and the pool's %d rows", s.Budget, n)
	}
	st, _ := m.(Static)
	static := st != nil && st.Static()
	cold, _ := m.(ColdStarter)

	l.Index = make([]int, 0, s.Budget)
	l.Anomaly = make([]bool, 0, s.Budget)
	pool := make([]int, n) // unaudited rows, ascending
	for i := range pool {
		pool[i] = i
	}
	scores := make([]float64, n)
	top := make([]int, 0, s.K)
	chosen := make([]float64, 0, s.K)
	list := shortlist{Candidates: s.Candidates}
	var scored []int // rows of the scores, ascending
	call, cp := 1, 0
	if from := s.From; from != nil {
		if err := from.check(n, s); err != nil {
			return l, fmt.Errorf("the place to go on from: %w", err)
		}
		if static && from.Labels.Len() > 0 {
			return l, errStatic
		}
		l.Index = append(l.Index, from.Labels.Index...)
		l.Anomaly = append(l.Anomaly, from.Labels.Anomaly...)
		pool = without(pool, scores, l.Index)
		call, cp = 1+(l.Len()+s.K-1)/s.K, from.Reached
		list.resume(from.Shortlist)
	}
	atCheckpoint := func() error {
		for cp < len(s.Checkpoints) && s.Checkpoints[cp] <= l.Len() {
			if err := s.Checkpoint(s.Checkpoints[cp], l, m); err != nil {
				return err
			}
			cp++
		}
		return nil
	}

	var head Head
	for ; l.Len() < s.Budget; call++ {
		if err := ctx.Err(); err != nil {
			return l, err
		}
		if err := m.Train(ctx, d, l); err != nil {
			return l, fmt.Errorf("train after %d audits: %w", l.Len(), err)
		}
		if err := atCheckpoint(); err != nil {
			return l, err
		}
		if call == 1 || !static {
			want := HeadTrained
			if cold != nil && cold.Cold(call, l) {
				want = HeadBase
			}
			scored = list.choose(want, min(s.K, s.Budget-l.Len()))
			whole := scored == nil
			if whole {
				scored = pool
			}
			rows := scored
			if call == 1 {
				rows = nil
			}
			var err error
			head, err = m.Scores(ctx, scores[:len(scored)], d, rows, want)
			if err != nil {
				return l, fmt.Errorf("score after %d audits: %w", l.Len(), err)
			}
			for i, v := range scores[:len(scored)] {
				if math.IsNaN(v) || math.IsInf(v, 0) {
					return l, fmt.Errorf("row %d scored %v after %d audits: %w", scored[i], v, l.Len(), ErrNotFinite)
				}
			}
			if whole {
				list.full(want, pool, scores[:len(pool)])
			}
			if call == 1 && s.First != nil {
				if err := s.First(scores, head); err != nil {
					return l, err
				}
			}
		} else {
			scored = pool
		}
		top = Select(top, scores[:len(scored)], min(s.K, s.Budget-l.Len()))
		chosen = chosen[:0]
		for i, p := range top {
			chosen = append(chosen, scores[p])
			top[i] = scored[p]
		}
		y, err := o.Audit(ctx, top)
		if err != nil {
			return l, fmt.Errorf("audit after %d audits: %w", l.Len(), err)
		}
		if len(y) != len(top) {
			return l, fmt.Errorf("oracle answered %d of %d audits", len(y), len(top))
		}
		l.Index = append(l.Index, top...)
		l.Anomaly = append(l.Anomaly, y...)
		if err := r.Record(Round{Call: call, Head: head, Rows: top, Scores: chosen, Anomaly: y, Audited: l.Len()}); err != nil {
			return l, err
		}
		pool = without(pool, scores, top)
		list.drop(top)
		if s.Done != nil && s.Done(top) {
			break
		}
		if s.Between != nil && l.Len() < s.Budget {
			if err := s.Between(Position{Labels: l, Reached: cp, Shortlist: list.position()}); err != nil {
				return l, err
			}
		}
	}
	if cp < len(s.Checkpoints) {
		if err := m.Train(ctx, d, l); err != nil {
			return l, fmt.Errorf("train after %d audits: %w", l.Len(), err)
		}
		for ; cp < len(s.Checkpoints); cp++ {
			if err := s.Checkpoint(s.Checkpoints[cp], l, m); err != nil {
				return l, err
			}
		}
	}
	return l, nil
}

// without removes the audited rows from pool and, in step, their entries from scores.
func without(pool []int, scores []float64, rows []int) []int {
	gone := slices.Clone(rows)
	slices.Sort(gone)
	w := 0
	for i, p := range pool {
		if len(gone) > 0 && gone[0] == p {
			gone = gone[1:]
			continue
		}
		pool[w], scores[w] = p, scores[i]
		w++
	}
	return pool[:w]
}

// Select returns the positions of the k highest scores, best first; ties go to the lower
// position. k over len(scores) selects all. No score is NaN. dst's memory is reused; nil allocates.
func Select(dst []int, scores []float64, k int) []int {
	k = min(k, len(scores))
	if k <= 0 {
		return dst[:0]
	}
	// h is a heap with the worst of the best k at its root.
	worse := func(a, b int) bool { // a ranks after b
		return scores[a] < scores[b] || (scores[a] == scores[b] && a > b)
	}
	h := slices.Grow(dst[:0], k)
	down := func(i int) {
		for {
			c := 2*i + 1
			if c >= len(h) {
				return
			}
			if c+1 < len(h) && worse(h[c+1], h[c]) {
				c++
			}
			if !worse(h[c], h[i]) {
				return
			}
			h[i], h[c] = h[c], h[i]
			i = c
		}
	}
	for i := range scores {
		if len(h) < k {
			h = append(h, i)
			if len(h) == k {
				for j := k/2 - 1; j >= 0; j-- {
					down(j)
				}
			}
		} else if worse(h[0], i) {
			h[0] = i
			down(0)
		}
	}
	slices.SortFunc(h, func(a, b int) int {
		if c := cmp.Compare(scores[b], scores[a]); c != 0 {
			return c
		}
		return cmp.Compare(a, b)
	})
	return h
}

// Ranking returns all positions, best first: Select of everything.
func Ranking(scores []float64) []int { return Select(nil, scores, len(scores)) }
