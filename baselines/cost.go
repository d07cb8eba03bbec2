package baselines

import (
	"context"
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

// Cost estimates how long a cell takes on one core of this machine, by letting the method work for
// a moment on random data of the same width and share of zeros. A run that finds every anomaly early takes less.
func Cost(ctx context.Context, ref bench.MethodRef, s Shape) (time.Duration, error) {
	start := time.Now()
	t := trial{ctx: ctx, ref: ref, shape: s, make: func(ref bench.MethodRef) (bench.Learner, error) { return New(ref, 1) },
		now: func() time.Duration { return time.Since(start) }}
	return t.cost()
}

// trial lets a method work for a moment.
type trial struct {
	ctx   context.Context
	ref   bench.MethodRef
	shape Shape
	make  func(bench.MethodRef) (bench.Learner, error)
	now   func() time.Duration // a test's clock goes by counted work
}

// Rows and steps of a trial; where a method goes through all rows beside its steps, tall rows too, to tell the two apart.
const (
	trialRows, tallRows  = 1024, 4096
	fewSteps, moreSteps  = 2, 8
	goes                 = 4
	patience             = 300 * time.Millisecond // so long a go is not upset by what else the machine does, and is not repeated
	trialLabels          = 256
	harmlessLearningRate = 1e-6 // takes as long, and on random data no network diverges and no cluster of DCN falls empty
)

// timed is what a trial took: the first Train, a second one with labels, and what is trained.
type timed struct {
	first, round time.Duration
	learner      bench.Learner
}

func (t *trial) cost() (time.Duration, error) {
	d := t.data(trialRows)
	little, err := t.least(fewSteps, d)
	if err != nil {
		return 0, err
	}
	much := little // without steps there is nothing to take more of
	if t.steps() {
		if much, err = t.least(moreSteps, d); err != nil {
			return 0, err
		}
	}
	rows := t.shape.Rows
	fits, scores := growth(t.ref, trialRows, rows)
	scoring := time.Duration(math.MaxInt64)
	dst := make([]float64, trialRows)
	for i, begun := 0, t.now(); i < goes && (i == 0 || t.now()-begun < patience); i++ {
		start := t.now()
		if _, err := much.learner.Scores(t.ctx, dst, d, nil, bench.HeadTrained); err != nil {
			return 0, err
		}
		scoring = min(scoring, t.now()-start)
	}
	scoring = times(scoring, scores)
	rounds := time.Duration((t.shape.Budget + t.shape.K - 1) / t.shape.K)
	if !t.steps() {
		total := times(little.first, fits) + scoring
		if t.active() {
			total += rounds * (little.round + scoring)
		}
		return total, nil
	}
	step := func(a, b time.Duration) time.Duration { return max(0, b-a) / (moreSteps - fewSteps) }
	total := step(little.first, much.first)*time.Duration(pretrainSteps(t.ref.Params, rows)) + scoring
	if t.active() {
		total += rounds * (step(little.round, much.round)*time.Duration(t.ref.Params.Int("round_steps")) + scoring)
	}
	if refreshed[baseOf(t.ref.ID)] {
		tall, err := t.least(fewSteps, t.data(tallRows))
		if err != nil {
			return 0, err
		}
		pass := func(a, b time.Duration) time.Duration {
			return times(max(0, b-a), float64(rows)/(tallRows-trialRows))
		}
		total += pass(little.first, tall.first)
		if t.active() {
			total += rounds * pass(little.round, tall.round)
		}
	}
	return total, nil
}

func times(d time.Duration, f float64) time.Duration { return time.Duration(float64(d) * f) }

// refreshed are the bases that go through all rows whenever training stops, before they are scored: for DAGMM's mixture, and
// DCN's centres.
var refreshed = map[string]bool{"dagmm": true, "dcn": true}

// growth is how many times the work of fitting and of scoring grows from so many rows to so many, for methods without
// steps. Of most it grows as the rows do. A one-class SVM computes its kernel between all support vectors, a share of the rows
// that train, and all of these, and scores each row by each support vector; a kernel density scores each row by each kernel, and
// chooses a width by the densities of at most a thousand rows.
func growth(ref bench.MethodRef, from, to int) (fit, score float64) {
	n := float64(to) / float64(from)
	kept := func(n int) float64 {
		if most, ok := ref.Params["subsample"].(int); ok && most > 0 {
			n = min(n, most)
		}
		return float64(n)
	}
	m := kept(to) / kept(from)
	switch ref.ID {
	case "ocsvm":
		return m * m, n * m
	case "kde":
		return m * min(kept(to), 1000) / min(kept(from), 1000), n * m
	}
	return n, n
}

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

// steps tells whether the method trains by steps, whose number is given.
func (t *trial) steps() bool { _, ok := t.ref.Params["pretrain_steps"]; return ok }

// active tells whether the method trains after every round.
func (t *trial) active() bool { return isActive(t.ref.ID) || t.ref.Params["rerank"] == true }

// least takes the least of several goes: whatever else the machine does can only add. The first warms caches.
func (t *trial) least(steps int, d bench.Data) (out timed, err error) {
	begun := t.now()
	for i := 0; i < goes && (i == 0 || t.now()-begun < patience); i++ {
		one, err := t.train(steps, d)
		if err != nil {
			return out, err
		}
		if i > 0 {
			one.first, one.round = min(one.first, out.first), min(one.round, out.round)
		}
		out = one
	}
	return out, nil
}

// train times the first Train and, where the method learns, a second one with labels.
func (t *trial) train(steps int, d bench.Data) (out timed, err error) {
	r := t.ref
	r.Params = maps.Clone(t.ref.Params)
	if t.steps() {
		r.Params["pretrain_steps"], r.Params["round_steps"] = steps, steps
		for _, rate := range []string{"learning_rate", "uai_learning_rate"} {
			if _, ok := r.Params[rate]; ok {
				r.Params[rate] = harmlessLearningRate
			}
		}
		for _, more := range []string{"epochs", "layer_steps", "end_steps"} {
			if _, ok := r.Params[more]; ok {
				r.Params[more] = 0
			}
		}
	}
	if out.learner, err = t.make(r); err != nil {
		return out, err
	}
	start := t.now()
	if err := out.learner.Train(t.ctx, d, bench.Labels{}); err != nil {
		return out, err
	}
	out.first = t.now() - start
	if !t.active() {
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

// pretrainSteps is the number of steps before the first label. Those of a base's own phases count as the
// others; they take less.
func pretrainSteps(p bench.Params, rows int) int {
	if v, ok := p["untrained"]; ok && v == true {
		return 0
	}
	n := p.Int("pretrain_steps")
	if _, ok := p["epochs"]; ok && p.Int("epochs") > 0 {
		n = p.Int("epochs") * ((rows + p.Int("batch") - 1) / p.Int("batch"))
	}
	if _, ok := p["layer_steps"]; ok {
		n += p.Int("layer_steps") * len(p.Ints("hidden"))
	}
	if _, ok := p["end_steps"]; ok {
		n += p.Int("end_steps")
	}
	return n
}

// isActive says whether a method learns from audits.
func isActive(id string) bool {
	for _, m := range methods {
		if m.ID == id {
			return m.Active
		}
	}
	return false
}

// baseOf is the network below a method; "": there is none.
func baseOf(id string) string {
	for _, m := range methods {
		if m.ID == id {
			return m.base
		}
	}
	return ""
}
