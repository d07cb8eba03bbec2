package baselines

import (
	"context"
	"maps"
	"math"
	"runtime"
	"time"

	"github.com/uaibench/uaibench/bench"
)

// trial runs a method briefly.
type trial struct {
	estimate
	ctx   context.Context
	ref   bench.MethodRef
	shape Shape
	make  func(bench.MethodRef) (bench.Learner, error)
	now   func() time.Duration // processor time; in tests a clock that counts work
	all   time.Duration        // total time used
}

// Rows and steps of a trial; tallRows measure the work on all rows that is not part of a step.
const (
	trialRows, tallRows = 1024, 4096
	fewSteps, moreSteps = 2, 8
	labelShare          = 4 // one row in labelShare is labelled

	longFit = 0.03 // seconds; a longer fit is taken to grow in full with the rows

	tries    = 6
	patience = 40 * time.Millisecond // no further try starts after it
)

func newTrial(ctx context.Context, e estimate, ref bench.MethodRef, s Shape) *trial {
	return &trial{
		estimate: e, ctx: ctx, ref: ref, shape: s, now: processorTime,
		make: func(ref bench.MethodRef) (bench.Learner, error) { return New(ref, 1) },
	}
}

// timed are the times of a try, in seconds.
type timed struct {
	first, score float64 // the first Train, and the scores of all rows after it
	// A Train with labels, or one learningUnit of it; and the scores after it.
	round, rescore float64
}

// measure times a method's work.
func (t *trial) measure() (measured, error) {
	runtime.LockOSThread() // the clock measures this thread
	defer runtime.UnlockOSThread()
	began := t.now()
	defer func() { t.all = t.now() - began }()
	if t.model.steps != nil {
		return t.ofSteps()
	}
	one, err := t.several(0, t.data(trialRows))
	if err != nil {
		return measured{}, err
	}
	m := measured{fit: one.first, score: one.score / trialRows, rescore: one.rescore / trialRows,
		round: one.round}
	if t.model.growth != nil || one.first > longFit {
		return m, nil
	}
	tall, err := t.several(0, t.data(tallRows))
	if err != nil {
		return measured{}, err
	}
	// Time that more rows do not add is constant: trees of a subsample, the weights of a round.
	grows := func(few, more float64) (row, fixed float64) {
		row = min(max(0, more-few)/(tallRows-trialRows), few/trialRows)
		return row, few - row*trialRows
	}
	m.fit, m.fitFixed = grows(one.first, tall.first)
	m.fit *= trialRows
	m.rescore, m.roundFixed = grows(one.rescore, tall.rescore)
	m.score = min(m.score, tall.score/tallRows)
	m.round = tall.round
	return m, nil
}

// ofSteps measures a method that trains by steps: a step's time is the difference between trials of
// few and of more steps, a refresh's that between trials on few and on more rows.
func (t *trial) ofSteps() (m measured, err error) {
	d := t.data(trialRows)
	few, err := t.several(fewSteps, d)
	if err != nil {
		return m, err
	}
	more, err := t.several(moreSteps, d)
	if err != nil {
		return m, err
	}
	step := func(few, more float64) float64 { return max(0, more-few) / (moreSteps - fewSteps) }
	m.step, m.roundStep = step(few.first, more.first), step(few.round, more.round)
	m.score = min(few.score, more.score) / trialRows
	m.rescore = min(few.rescore, more.rescore) / trialRows
	if t.model.refreshes == nil || !t.model.refreshes(t.params) {
		return m, nil
	}
	tall, err := t.several(fewSteps, t.data(tallRows))
	if err != nil {
		return m, err
	}
	m.refresh = max(0, tall.first-few.first) / (tallRows - trialRows)
	return m, nil
}

// data returns random data with the given number of rows.
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

// several repeats a try with the given number of steps (0: the method has none) and returns the
// minimum of each time: the first try warms caches, and other work on the machine can only add
// time. Medians were twice the cells' times on a busy machine, where contention weighs more on
// short trials.
func (t *trial) several(steps int, d bench.Data) (timed, error) {
	var all []timed
	begun := t.now()
	for i := 0; i < tries && (i == 0 || t.now()-begun < patience); i++ {
		one, err := t.once(steps, d)
		if err != nil {
			return timed{}, err
		}
		all = append(all, one)
	}
	return leastOf(all), nil
}

// leastOf returns the minimum of each time separately.
func leastOf(all []timed) timed {
	least := all[0]
	for _, one := range all[1:] {
		least = timed{min(least.first, one.first), min(least.score, one.score),
			min(least.round, one.round), min(least.rescore, one.rescore)}
	}
	return least
}

// once times the first Train and, if the method learns, a second one with labels; each with the
// scores after it.
func (t *trial) once(steps int, d bench.Data) (out timed, err error) {
	r := t.ref
	r.Params = maps.Clone(t.params)
	if steps > 0 {
		t.model.trial(r.Params, steps)
	}
	if t.model.brief != nil {
		t.model.brief(r.Params)
	}
	l, err := t.make(r)
	if err != nil {
		return out, err
	}
	dst := make([]float64, d.Rows())
	pass := func(call int, labels bench.Labels) (train, score float64, err error) {
		head := bench.HeadTrained
		if cold, ok := l.(bench.ColdStarter); ok && cold.Cold(call, labels) {
			head = bench.HeadBase
		}
		start := t.now()
		if err := l.Train(t.ctx, d, labels); err != nil {
			return 0, 0, err
		}
		trained := t.now()
		_, err = l.Scores(t.ctx, dst, d, nil, head)
		return (trained - start).Seconds(), (t.now() - trained).Seconds(), err
	}
	if out.first, out.score, err = pass(1, bench.Labels{}); err != nil || !t.active {
		return out, err
	}
	var labels bench.Labels
	for i := range d.Rows() / labelShare {
		labels.Index = append(labels.Index, i)
		labels.Anomaly = append(labels.Anomaly, i%2 == 0)
	}
	var rounds []timed
	begun := t.now()
	for i := 0; i < tries && (i == 0 || t.now()-begun < patience/4); i++ {
		before := t.learned(l)
		var r timed
		if r.round, r.rescore, err = pass(math.MaxInt, labels); err != nil {
			return out, err
		}
		if t.model.learning != nil {
			r.round /= max(1, t.learned(l)-before)
		}
		rounds = append(rounds, r)
	}
	each := leastOf(rounds)
	out.round, out.rescore = each.round, each.rescore
	return out, nil
}

// learned returns the learner's count of learningUnit, 0 if it has none.
func (t *trial) learned(l bench.Learner) float64 {
	c, ok := l.(bench.Counter)
	if !ok {
		return 0
	}
	return float64(c.Counts()[learningUnit])
}
