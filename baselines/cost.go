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
}

// Cost estimates how long a cell takes on one core of this machine, by letting the method work for
// a moment on random data of the same width. A run that finds every anomaly early takes less.
func Cost(ctx context.Context, ref bench.MethodRef, s Shape) (time.Duration, error) {
	const rows, few, more = 1024, 2, 8
	d := bench.Data{X: bench.NewMatrix(rows, s.Features), Classes: s.Classes}
	rng := bench.NewStream(1, "cost").Rand()
	for i := range d.X.Data {
		d.X.Data[i] = rng.Float32()
	}
	if s.Classes > 0 {
		d.Class = make([]int32, rows)
		for i := range d.Class {
			d.Class[i] = int32(rng.IntN(s.Classes))
		}
	}
	var labels bench.Labels
	for i := range 256 {
		labels.Index = append(labels.Index, i)
		labels.Anomaly = append(labels.Anomaly, i%2 == 0)
	}
	_, steps := ref.Params["pretrain_steps"]
	active := isActive(ref.ID)
	if v, ok := ref.Params["rerank"]; ok && v == true {
		active = true
	}
	// train times the first Train and, where the method learns, a second one with labels.
	train := func(n int) (first, round time.Duration, l bench.Learner, err error) {
		r := ref
		r.Params = maps.Clone(ref.Params)
		if steps {
			r.Params["pretrain_steps"], r.Params["round_steps"] = n, n
			if _, ok := r.Params["learning_rate"]; ok {
				r.Params["learning_rate"] = 1e-6 // takes as long, and on random data no network diverges and no cluster of DCN falls empty
			}
			for _, more := range []string{"epochs", "layer_steps", "end_steps"} {
				if _, ok := r.Params[more]; ok {
					r.Params[more] = 0
				}
			}
		}
		if l, err = New(r, 1); err != nil {
			return
		}
		start := time.Now()
		if err = l.Train(ctx, d, bench.Labels{}); err != nil {
			return
		}
		first = time.Since(start)
		if active {
			start = time.Now()
			err = l.Train(ctx, d, labels)
			round = time.Since(start)
		}
		return
	}
	// The least of several goes: whatever else the machine does can only add. The first warms caches.
	least := func(n int) (first, round time.Duration, l bench.Learner, err error) {
		for i := range 4 {
			f, r, m, err := train(n)
			if err != nil {
				return 0, 0, nil, err
			}
			if l = m; i == 0 || f < first {
				first = f
			}
			if i == 0 || r < round {
				round = r
			}
		}
		return first, round, l, nil
	}
	first, round, _, err := least(few)
	if err != nil {
		return 0, err
	}
	first2, round2, l, err := least(more)
	if err != nil {
		return 0, err
	}
	scores := make([]float64, rows)
	scoring := time.Duration(math.MaxInt64)
	for range 4 {
		start := time.Now()
		if _, err := l.Scores(ctx, scores, d, nil, bench.HeadTrained); err != nil {
			return 0, err
		}
		scoring = min(scoring, time.Since(start)*time.Duration(s.Rows)/rows)
	}

	step := func(a, b time.Duration) time.Duration { return max(0, b-a) / (more - few) }
	rounds := time.Duration((s.Budget + s.K - 1) / s.K)
	if !steps {
		total := first*time.Duration(s.Rows)/rows + scoring
		if active {
			total += rounds * (round + scoring)
		}
		return total, nil
	}
	total := step(first, first2)*time.Duration(pretrainSteps(ref.Params, s.Rows)) + scoring
	if active {
		total += rounds * (step(round, round2)*time.Duration(ref.Params.Int("round_steps")) + scoring)
	}
	return total, nil
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
