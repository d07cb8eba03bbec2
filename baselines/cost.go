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
	Zeros                   float64 // share of the features that are 0
	Distinct                float64 // share of the rows that equal no earlier one; 0: all

	Checkpoints int // at which the frozen model scores all rows once more
	TestRows    int // that it scores there too
}

// costModel is how a cell's time follows from that of a trial on fewer rows.
type costModel struct {
	// steps are those of a method that trains by steps: before the first label, on so many rows,
	// and after each round (0: it does not train again). nil: the method fits in one go.
	steps func(p bench.Params, rows int) (before, round int)
	// trial sets p to so many steps before the first label and after a round, at which training on
	// random data does not fail. It goes with steps.
	trial func(p bench.Params, steps int)
	// refreshes tells whether the method goes through all rows whenever training stops; nil: never.
	refreshes func(p bench.Params) bool
	// growth is how many times the work of fitting and of scoring grows between two numbers of
	// rows, for a method without steps; nil: as the rows do.
	growth func(p bench.Params, from, to int) (fit, score float64)

	// learning is the work of a round's training with so many labels, where that depends on them
	// and not on the rows; of a trial, it is what the learner counts as learningUnit. brief makes
	// it short in a trial. nil: it is the same in every round.
	learning func(p bench.Params, labels int) float64
	brief    func(p bench.Params)
	// whole: a round scores the audited rows too.
	whole bool
}

// learningUnit is the count (bench.Counter) that costModel.learning is in.
const learningUnit = "rows_touched"

// Cost is the processor time of a cell, in one thread.
type Cost struct {
	Pretraining time.Duration // which cells with one PretrainingKey share
	Rest        time.Duration
}

// Total is that of a cell which shares nothing.
func (c Cost) Total() time.Duration { return c.Pretraining + c.Rest }

// Trials estimate costs by letting methods work for a moment on random data of the same width and
// share of zeros. Cells of a method with the same parameters on data of the same kind share a
// trial. The zero value is ready; it is not safe for use by several goroutines.
type Trials struct {
	done       map[string]outcome
	used, took time.Duration // of processors and by the clock, by trials that ended in time
	row        float64       // see choosing; 0: not known yet
}

// outcome is what a trial yielded.
type outcome struct {
	measured
	err error
}

// Deadline of a trial, in which a method works.
const Deadline = 10 * time.Second

// Cost estimates what a cell takes at most: a run that finds every anomaly early takes less.
//
// A method that has not done its trial by Deadline gets no estimate but an error that says so. One
// that does not heed its context goes on in the background.
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
	cost.Rest += t.choosing(s)
	return cost, nil
}

// choosing is what Algorithm 1 itself takes: every round goes through the unaudited rows, for the
// best and to leave them out. It is measured once, on rows that cost nothing.
func (t *Trials) choosing(s Shape) time.Duration {
	if t.row == 0 {
		d := bench.Data{X: bench.NewMatrix(loopRows, 1)}
		settings := bench.Settings{Budget: loopRounds * bench.DefaultK}
		runtime.LockOSThread() // the clock is this thread's
		began := processorTime()
		// without an error, as nothing in it can fail
		bench.Run(context.Background(), d, costless{}, nobody{}, settings, nobody{})
		t.row = (processorTime() - began).Seconds() / (loopRows * loopRounds)
		runtime.UnlockOSThread()
	}
	rounds := float64((s.Budget + s.K - 1) / max(1, s.K))
	return duration(rounds * (float64(s.Rows) - float64(s.Budget)/2) * t.row)
}

const loopRows, loopRounds = 1 << 15, 50

// nobody is an oracle that finds nothing, and keeps no record.
type nobody struct{}

func (nobody) Audit(_ context.Context, rows []int) ([]bool, error) {
	return make([]bool, len(rows)), nil
}

func (nobody) Record(bench.Round) error { return nil }

// costless is a learner that does nothing: rows keep the scores that they have.
type costless struct{}

func (costless) Static() bool { return true }

func (costless) Train(context.Context, bench.Data, bench.Labels) error { return nil }

func (costless) Scores(context.Context, []float64, bench.Data, []int,
	bench.Head) (bench.Head, error) {
	return bench.HeadBase, nil
}

// Share of a core that the machine left to the trials so far, at most 1: less than that where other
// work keeps it busy.
func (t *Trials) Share() float64 {
	if t.took == 0 {
		return 1
	}
	return min(1, t.used.Seconds()/t.took.Seconds())
}

// try lets the method work, until the deadline.
func (t *Trials) try(ctx context.Context, e estimate, ref bench.MethodRef, s Shape) outcome {
	ctx, cancel := context.WithTimeoutCause(ctx, Deadline,
		fmt.Errorf("it was not done within %v", Deadline))
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

// estimate is the arithmetic from a trial to a cell.
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

// measured are times of a trial's work, in seconds.
type measured struct {
	step, roundStep float64 // of a method by steps: one before the first label, one in a round
	// of another: what grows with the rows, on trialRows; and what does not, in all and a round
	fit, fitFixed, roundFixed float64

	// A row's scores: before the first label, and in a round, where all counts that grows with the
	// rows.
	score, rescore float64
	refresh        float64 // a row, whenever training stops
	round          float64 // what else a round takes; of costModel.learning, for each unit of it
}

// cost is that of a cell. A run trains before every round but scores shrinking pools: after the
// i-th of its rounds, i k rows are audited.
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
		// A static method shows the test set once, and is asked for its scores at each checkpoint.
		return Cost{duration(before), duration(scoring + checked)}
	}
	rest := scoring + checked
	for audited := s.K; audited < s.Budget; audited += s.K {
		left := 1 - float64(audited)/rows
		if e.model.whole {
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
