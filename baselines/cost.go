package baselines

import (
	"context"
	"fmt"
	"maps"
	"math"
	"time"

	"github.com/uaibench/uaibench/bench"
)

// Shape is the size of a cell's work.
type Shape struct {
	Rows, Features, Classes int
	Budget, K               int
	Zeros                   float64 // share of the features that are 0
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
}

// Cost estimates how long a cell takes on one core of this machine, by letting the method work for
// a moment on random data of the same width and share of zeros. A run that finds every anomaly
// early takes less.
//
// A method that has not done its trial by Deadline gets no estimate but an error that says so. One
// that does not heed its context goes on in the background.
func Cost(ctx context.Context, ref bench.MethodRef, s Shape) (time.Duration, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, Deadline,
		fmt.Errorf("it was not done within %v", Deadline))
	defer cancel()
	type outcome struct {
		cost time.Duration
		err  error
	}
	end := make(chan outcome, 1)
	go func() {
		cost, err := newTrial(ctx, ref, s).cost()
		end <- outcome{cost, err}
	}()
	select {
	case o := <-end:
		if o.err != nil && ctx.Err() != nil {
			o.err = context.Cause(ctx)
		}
		return o.cost, o.err
	case <-ctx.Done():
		return 0, context.Cause(ctx)
	}
}

// Deadline of a trial, in which Cost lets a method work.
const Deadline = 10 * time.Second

func newTrial(ctx context.Context, ref bench.MethodRef, s Shape) *trial {
	start := time.Now()
	return &trial{
		ctx: ctx, ref: ref, shape: s,
		make: func(ref bench.MethodRef) (bench.Learner, error) { return New(ref, 1) },
		now:  func() time.Duration { return time.Since(start) },
	}
}

// trial lets a method work for a moment.
type trial struct {
	ctx   context.Context
	ref   bench.MethodRef
	shape Shape
	make  func(bench.MethodRef) (bench.Learner, error)
	now   func() time.Duration // a test's clock goes by counted work

	model  costModel
	params bench.Params // complete
	active bool         // the method trains after every round
}

// Rows and steps of a trial; tall rows are for what a method does with all rows beside its steps.
const (
	trialRows, tallRows = 1024, 4096
	fewSteps, moreSteps = 2, 8
	trialLabels         = 256

	// The least of several tries counts. One that takes long is not upset by what else the machine
	// does, and is not repeated.
	tries    = 4
	patience = 300 * time.Millisecond
)

// timed is what a trial took: the first Train, a second one with labels, and what is trained.
type timed struct {
	first, round time.Duration
	learner      bench.Learner
}

func (t *trial) cost() (time.Duration, error) {
	if m, ok := find(t.ref.ID); ok {
		t.model, t.params, t.active = m.cost, bench.Complete(m.Params, t.ref.Params), m.Active
	}
	rounds := time.Duration((t.shape.Budget + t.shape.K - 1) / t.shape.K)
	if t.model.steps != nil {
		return t.ofSteps(rounds)
	}
	d := t.data(trialRows)
	one, err := t.least(0, d)
	if err != nil {
		return 0, err
	}
	scoring, err := t.scoring(one.learner, d)
	if err != nil {
		return 0, err
	}
	fit, score := float64(t.shape.Rows)/trialRows, float64(t.shape.Rows)/trialRows
	if t.model.growth != nil {
		fit, score = t.model.growth(t.params, trialRows, t.shape.Rows)
	}
	total := times(one.first, fit) + times(scoring, score)
	if t.active {
		total += rounds * (one.round + times(scoring, score))
	}
	return total, nil
}

// ofSteps is the cost of a method that trains by steps: a step's time is the difference between
// trials of few and of more steps, a refresh's that between trials on few and on more rows.
func (t *trial) ofSteps(rounds time.Duration) (time.Duration, error) {
	before, round := t.model.steps(t.params, t.shape.Rows)
	t.active = round > 0
	d := t.data(trialRows)
	few, err := t.least(fewSteps, d)
	if err != nil {
		return 0, err
	}
	more, err := t.least(moreSteps, d)
	if err != nil {
		return 0, err
	}
	scoring, err := t.scoring(more.learner, d)
	if err != nil {
		return 0, err
	}
	scoring = times(scoring, float64(t.shape.Rows)/trialRows)
	step := func(few, more time.Duration) time.Duration {
		return max(0, more-few) / (moreSteps - fewSteps)
	}
	total := step(few.first, more.first)*time.Duration(before) + scoring
	if t.active {
		total += rounds * (step(few.round, more.round)*time.Duration(round) + scoring)
	}
	if t.model.refreshes == nil || !t.model.refreshes(t.params) {
		return total, nil
	}
	tall, err := t.least(fewSteps, t.data(tallRows))
	if err != nil {
		return 0, err
	}
	refresh := func(low, tall time.Duration) time.Duration {
		return times(max(0, tall-low), float64(t.shape.Rows)/(tallRows-trialRows))
	}
	total += refresh(few.first, tall.first)
	if t.active {
		total += rounds * refresh(few.round, tall.round)
	}
	return total, nil
}

func times(d time.Duration, f float64) time.Duration { return time.Duration(float64(d) * f) }

// data is random, and so many rows high.
func (t *trial) data(rows int) bench.Data {
	d := bench.Data{X: bench.NewMatrix(rows, t.shape.Features), Classes: t.shape.Classes}
	rng := bench.NewStream(1, "cost").Rand()
	for i := range d.X.Data {
		if t.shape.Zeros == 0 || rng.Float64() >= t.shape.Zeros {
			d.X.Data[i] = rng.Float32()
		}
	}
	if d.Classes > 0 {
		d.Class = make([]int32, rows)
		for i := range d.Class {
			d.Class[i] = int32(rng.IntN(d.Classes))
		}
	}
	return d
}

// again does what is timed up to so many tries, as long as there is patience.
func (t *trial) again(do func() error) error {
	begun := t.now()
	for i := 0; i < tries && (i == 0 || t.now()-begun < patience); i++ {
		if err := do(); err != nil {
			return err
		}
	}
	return nil
}

// scoring is how long scores of all rows of d take.
func (t *trial) scoring(l bench.Learner, d bench.Data) (time.Duration, error) {
	least := time.Duration(math.MaxInt64)
	dst := make([]float64, d.Rows())
	err := t.again(func() error {
		start := t.now()
		_, err := l.Scores(t.ctx, dst, d, nil, bench.HeadTrained)
		least = min(least, t.now()-start)
		return err
	})
	return least, err
}

// least is a training by so many steps (0: the method has none), with the least time of several
// tries: whatever else the machine does can only add. The first warms caches.
func (t *trial) least(steps int, d bench.Data) (out timed, err error) {
	err = t.again(func() error {
		one, err := t.train(steps, d)
		if err == nil && out.learner != nil {
			one.first, one.round = min(one.first, out.first), min(one.round, out.round)
		}
		out = one
		return err
	})
	return out, err
}

// train times the first Train and, where the method learns, a second one with labels.
func (t *trial) train(steps int, d bench.Data) (out timed, err error) {
	r := t.ref
	if steps > 0 {
		r.Params = maps.Clone(t.params)
		t.model.trial(r.Params, steps)
	}
	if out.learner, err = t.make(r); err != nil {
		return out, err
	}
	start := t.now()
	if err := out.learner.Train(t.ctx, d, bench.Labels{}); err != nil {
		return out, err
	}
	out.first = t.now() - start
	if !t.active {
		return out, nil
	}
	var labels bench.Labels
	for i := range trialLabels {
		labels.Index = append(labels.Index, i)
		labels.Anomaly = append(labels.Anomaly, i%2 == 0)
	}
	start = t.now()
	err = out.learner.Train(t.ctx, d, labels)
	out.round = t.now() - start
	return out, err
}
