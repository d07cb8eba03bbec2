package baselines

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"time"

	"github.com/uaibench/uaibench/bench"
)

// Shape is the size of a cell's work.
type Shape struct {
	Rows, Features, Classes int
	Budget, K               int
	Zeros                   float64 // share of zero feature values
	Distinct                float64 // share of rows that equal no earlier row; 0: all

	Checkpoints int // number of checkpoints, at which the frozen model scores all rows again
	TestRows    int // rows of the test set, which is scored at each checkpoint too
}

// costModel extrapolates a cell's time from a trial on fewer rows.
type costModel struct {
	// steps returns the training steps before the first label, for the given number of rows, and
	// after each round (0: no further training). nil: the method fits in one go.
	steps func(p bench.Params, rows int) (before, round int)
	// trial sets p to the given number of steps before the first label and after each round, with
	// values at which training on random data does not fail. It is set if steps is.
	trial func(p bench.Params, steps int)
	// refreshes reports whether the method passes over all rows whenever training stops; nil:
	// never.
	refreshes func(p bench.Params) bool
	// growth returns the factors by which the work of fitting and of scoring grows between two
	// numbers of rows, for a method without steps; nil: in proportion to the rows.
	growth func(p bench.Params, from, to int) (fit, score float64)

	// learning is the work of a round's training on the given number of labels, where that depends
	// on the labels and not on the rows; its unit is the learner's count learningUnit. brief
	// shortens the training in a trial. nil: every round has the same work.
	learning func(p bench.Params, labels int) float64
	brief    func(p bench.Params)
	// rescoresAll: a round scores the audited rows too.
	rescoresAll bool
}

// learningUnit is the count (bench.Counter) that is the unit of costModel.learning.
const learningUnit = "rows_touched"

// Cost is the processor time of a cell on one thread.
type Cost struct {
	Pretraining time.Duration // shared by the cells with the same PretrainingKey
	Rest        time.Duration
}

// Total is the cost of a cell that shares no pre-training.
func (c Cost) Total() time.Duration { return c.Pretraining + c.Rest }

// Trials estimates costs by running methods briefly on random data of the same width and share of
// zeros. Cells that have the same method and parameters, and data of the same kind, share a trial.
// The zero value is ready for use; it is not safe for concurrent use.
type Trials struct {
	done       map[string]outcome
	used, took time.Duration // processor time and wall-clock time of the trials that ended in time
	row        float64       // seconds a row and round (see selectionCost); 0: not measured yet
}

// outcome is a trial's measurements or its error.
type outcome struct {
	measured
	err error
}

// Deadline limits the time of a trial.
const Deadline = 10 * time.Second

// Cost returns an upper estimate of a cell's cost: a run that finds every anomaly early takes less.
//
// A method whose trial takes longer than Deadline has no estimate: Cost returns an error that
// states this. A method that ignores its context keeps running in the background.
func (t *Trials) Cost(ctx context.Context, ref bench.MethodRef, s Shape) (Cost, error) {
	key, err := json.Marshal([]any{ref.ID, ref.Params, s.Features, s.Classes, s.Zeros})
	if err != nil {
		return Cost{}, err
	}
	e := newEstimate(ref, s)
	o, ok := t.done[string(key)]
	if !ok {
		o = t.try(ctx, e, ref, s)
		if ctx.Err() != nil {
			return Cost{}, o.err
		}
		if t.done == nil {
			t.done = map[string]outcome{}
		}
		t.done[string(key)] = o
	}
	if o.err != nil {
		return Cost{}, o.err
	}
	cost := e.cost(o.measured, s)
	cost.Rest += t.selectionCost(s)
	return cost, nil
}

// selectionCost is the time of Algorithm 1 itself: every round passes over the unaudited rows to
// find the best and to remove them. It is measured once, with a learner that does no work.
func (t *Trials) selectionCost(s Shape) time.Duration {
	if t.row == 0 {
		d := bench.Data{X: bench.NewMatrix(loopRows, 1)}
		settings := bench.Settings{Budget: loopRounds * bench.DefaultK}
		runtime.LockOSThread() // processorTime measures this thread
		began := processorTime()
		// The error is ignored: nothing in this run can fail.
		bench.Run(context.Background(), d, costless{}, nobody{}, settings, nobody{})
		t.row = (processorTime() - began).Seconds() / (loopRows * loopRounds)
		runtime.UnlockOSThread()
	}
	rounds := float64((s.Budget + s.K - 1) / max(1, s.K))
	return duration(rounds * (float64(s.Rows) - float64(s.Budget)/2) * t.row)
}

const loopRows, loopRounds = 1 << 15, 50

// nobody is an oracle that finds no anomaly, and a recorder that keeps nothing.
type nobody struct{}

func (nobody) Audit(_ context.Context, rows []int) ([]bool, error) {
	return make([]bool, len(rows)), nil
}

func (nobody) Record(bench.Round) error { return nil }

// costless is a learner that does no work: the scores remain as they were.
type costless struct{}

func (costless) Static() bool { return true }

func (costless) Train(context.Context, bench.Data, bench.Labels) error { return nil }

func (costless) Scores(context.Context, []float64, bench.Data, []int,
	bench.Head) (bench.Head, error) {
	return bench.HeadBase, nil
}

// Share returns the share of a core that the machine left to the trials so far, at most 1; less
// where other work keeps the machine busy.
func (t *Trials) Share() float64 {
	if t.took == 0 {
		return 1
	}
	return min(1, t.used.Seconds()/t.took.Seconds())
}

// try runs a trial until the deadline.
func (t *Trials) try(ctx context.Context, e estimate, ref bench.MethodRef, s Shape) outcome {
	ctx, cancel := context.WithTimeoutCause(ctx, Deadline,
		fmt.Errorf("it did not finish within %v", Deadline))
	defer cancel()
	end := make(chan outcome, 1)
	used := make(chan time.Duration, 1)
	began := time.Now()
	go func() {
		u := newTrial(ctx, e, ref, s)
		m, err := u.measure()
		used <- u.all
		end <- outcome{m, err}
	}()
	select {
	case o := <-end:
		if o.err != nil && ctx.Err() != nil {
			o.err = context.Cause(ctx)
		}
		t.used, t.took = t.used+<-used, t.took+time.Since(began)
		return o
	case <-ctx.Done():
		return outcome{err: context.Cause(ctx)}
	}
}

// estimate extrapolates a trial to a cell.
type estimate struct {
	model  costModel
	params bench.Params // complete
	active bool         // the method trains after every round
}

func newEstimate(ref bench.MethodRef, s Shape) estimate {
	m, _ := find(ref.ID)
	e := estimate{model: m.cost, params: bench.Complete(m.Params, ref.Params), active: m.Active}
	if e.model.steps != nil {
		_, round := e.model.steps(e.params, s.Rows)
		e.active = round > 0
	}
	return e
}

// measured are the times of a trial, in seconds.
type measured struct {
	step, roundStep float64 // of one training step: before the first label, in a round
	// For a method without steps: the part that grows with the rows, on trialRows of them; and the
	// constant parts, in total and a round.
	fit, fitFixed, roundFixed float64

	// Scores, per row: before the first label (score) and in a round (rescore, which includes all
	// work of a round that grows with the rows).
	score, rescore float64
	refresh        float64 // per row, whenever training stops
	round          float64 // rest of a round; per unit of costModel.learning, if set
}

// cost is the cost of a cell. A run trains before every round, but scores a shrinking pool: after
// its i-th round, i k rows are audited.
func (e estimate) cost(m measured, s Shape) Cost {
	rows := float64(s.Rows)
	distinct := rows
	if s.Distinct > 0 {
		distinct *= s.Distinct
	}
	var before, scoring float64
	var roundSteps int
	if e.model.steps != nil {
		var steps int
		steps, roundSteps = e.model.steps(e.params, s.Rows)
		before, scoring = float64(steps)*m.step+rows*m.refresh, distinct*m.score
	} else {
		fit, score := rows/trialRows, distinct/trialRows
		if e.model.growth != nil {
			fit, score = e.model.growth(e.params, trialRows, s.Rows)
		}
		before, scoring = fit*m.fit+m.fitFixed, score*trialRows*m.score
	}
	checked := float64(s.Checkpoints) * scoring / rows * (rows + float64(s.TestRows))
	if !e.active {
		// A static method scores the test set once; each checkpoint asks for its scores again.
		return Cost{duration(before), duration(scoring + checked)}
	}
	rest := scoring + checked
	for audited := s.K; audited < s.Budget; audited += s.K {
		left := 1 - float64(audited)/rows
		if e.model.rescoresAll {
			left = 1
		}
		work := 1.0
		if e.model.learning != nil {
			work = e.model.learning(e.params, audited)
		}
		rest += left*distinct*m.rescore + rows*m.refresh + work*m.round + m.roundFixed +
			float64(roundSteps)*m.roundStep
	}
	return Cost{duration(before), duration(rest)}
}

func duration(seconds float64) time.Duration {
	return time.Duration(seconds * float64(time.Second))
}
