package ensemble

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/uaibench/uaibench/baselines/internal/state"
	"github.com/uaibench/uaibench/bench"
)

// AAD learns the weights of an ensemble's features from audits (Das et al.): a bench.Learner. Rows
// are ranked by w·z; before the first label w is uniform, which gives the ensemble's own ranking.
type AAD struct {
	set  AADSettings
	base ensemble

	pool    *coded
	tables  [][]float64 // w times value, by code
	single  [][]float64 // by member with one feature, its values by code
	squares [][]float64 // value squared; nil without UnitNorm
	uniform float64     // 1/sqrt(m): each weight of w_0
	compact []int32     // len m: index in w; 0: one of the rest
	w       []float64   // compact (see objective)
	prior   []float64
	rest    int

	scores  []float64 // len pool.list; those of the current w if fresh
	full    []float64 // len n, the same by row; scores itself if all rows are distinct
	scratch []float64
	fresh   bool // scores and full belong to the current w

	known    int      // number of labels added
	rows     []sparse // features of the rows of the last Memory labels
	anomaly  []bool   // … and their answers
	within   []bool
	draws    state.Generator // random source of the constraint set
	descent  descent
	dual     dual
	sweeps   state.Generator // random source of the exact optimiser
	done     work
	rescored int64
	times    Times
}

// Times are the times that an AAD spent, for benchmarks; no result contains them.
type Times struct{ Fit, Learning, Rescoring time.Duration }

// NewTreeAAD returns an untrained Tree-AAD.
func NewTreeAAD(f ForestSettings, s AADSettings) *AAD { return newAAD(newForest(f), s) }

// NewLODAAAD returns an untrained LODA-AAD.
func NewLODAAAD(l LodaSettings, s AADSettings) *AAD { return newAAD(newLoda(l), s) }

func newAAD(e ensemble, s AADSettings) *AAD {
	s.RMSprop.fill()
	s.Solver.fill()
	return &AAD{
		set: s, base: e,
		draws:   state.NewGenerator(bench.NewStream(s.Seed, "aad constraint set").Source()),
		sweeps:  state.NewGenerator(bench.NewStream(s.Seed, "aad sweeps").Source()),
		descent: descent{opt: s.RMSprop},
		dual:    dual{opt: s.Solver},
	}
}

// Train fits the ensemble at the first call, and learns new weights at every call with labels.
func (a *AAD) Train(ctx context.Context, d bench.Data, l bench.Labels) error {
	if a.pool == nil {
		if err := a.start(ctx, d); err != nil {
			return err
		}
	}
	if l.Len() == 0 {
		return nil
	}
	if err := a.rescore(ctx); err != nil {
		return err
	}
	began := time.Now()
	defer func() { a.times.Learning += time.Since(began) }()
	return a.learn(ctx, l)
}

// start fits the ensemble and encodes the pool.
func (a *AAD) start(ctx context.Context, d bench.Data) error {
	began := time.Now()
	defer func() { a.times.Fit += time.Since(began) }()
	if err := a.base.fit(ctx, d); err != nil {
		return err
	}
	a.base.prepare()
	if a.set.UnitNorm {
		a.squares = newTables(a.base)
		for j := range a.squares {
			for slot := range a.base.slots(j) {
				_, value := a.base.entries(j, slot)
				a.squares[j][slot] = sparse{value: value}.square()
			}
		}
	}
	pool, err := encode(ctx, a.base, d, a.squares)
	if err != nil {
		return err
	}
	if err := pool.renumber(ctx, a.base); err != nil {
		return err
	}
	a.tables, a.single = pool.newTables(), singles(a.base, pool.slots)
	m := a.base.weights()
	a.uniform = 1 / math.Sqrt(float64(max(1, m)))
	a.compact = make([]int32, m)
	a.w, a.prior, a.rest = []float64{a.uniform}, []float64{a.uniform}, m
	a.scores = make([]float64, len(pool.list))
	a.scratch = make([]float64, pool.n)
	a.full = a.scores
	if pool.place != nil {
		a.full = make([]float64, pool.n)
	}
	a.pool = pool
	return nil
}

// weigh sets the pool's tables to w times value.
func (a *AAD) weigh(tables [][]float64) {
	for j, t := range tables {
		if a.single[j] == nil {
			for code, slot := range a.pool.slots[j] {
				t[code] = a.weighted(j, int(slot))
			}
			continue
		}
		at, _ := a.base.entries(j, int(a.pool.slots[j][0]))
		w := a.w[a.compact[at[0]]]
		for code, value := range a.single[j] {
			t[code] = float64(w * value)
		}
	}
}

// singles returns, by member, the values of its only feature by code; nil for members with several
// features. Those of LODA have one each.
func singles(e ensemble, slots [][]uint16) [][]float64 {
	all := make([][]float64, len(slots))
	for j := range slots {
		var values []float64
		first, _ := e.entries(j, int(slots[j][0]))
		for _, slot := range slots[j] {
			at, value := e.entries(j, int(slot))
			if len(at) != 1 || at[0] != first[0] {
				values = nil
				break
			}
			values = append(values, value[0])
		}
		all[j] = values
	}
	return all
}

// weighted is the product of w with the features that a slot sets.
func (a *AAD) weighted(j, slot int) float64 {
	at, value := a.base.entries(j, slot)
	sum := 0.0
	for i, p := range at {
		sum += float64(a.w[a.compact[p]] * value[i])
	}
	return sum
}

// weighAll sets tables by slot (see newTables) to w times value.
func (a *AAD) weighAll(tables [][]float64) {
	for j, t := range tables {
		for slot := range a.base.slots(j) {
			t[slot] = a.weighted(j, slot)
		}
	}
}

// rescore updates the pool's scores to the current w, in one pass over the codes.
func (a *AAD) rescore(ctx context.Context) error {
	if a.fresh {
		return nil
	}
	began := time.Now()
	defer func() { a.times.Rescoring += time.Since(began) }()
	a.weigh(a.tables)
	if err := a.pool.score(ctx, a.scores, a.tables, a.base.workers()); err != nil {
		return err
	}
	for i, p := range a.pool.place {
		a.full[i] = a.scores[p]
	}
	a.rescored += int64(len(a.scores))
	a.fresh = true
	return nil
}

// addWeights gives each weight in at its own element of w.
func (a *AAD) addWeights(at []int32) {
	for _, p := range at {
		if a.compact[p] == 0 {
			a.compact[p] = int32(len(a.w))
			a.w = append(a.w, a.w[0])
			a.prior = append(a.prior, a.prior[0])
			a.rest--
		}
	}
}

// row returns the features of a row of the pool, with indices in w.
func (a *AAD) row(row int) sparse {
	i := a.pool.of(row)
	block := a.pool.block(i/blockRows, a.base.members())
	var z sparse
	for j := range a.base.members() {
		at, value := a.base.entries(j, int(a.pool.slots[j][block[j*blockRows+i%blockRows]]))
		z.at = append(z.at, at...)
		z.value = append(z.value, value...)
	}
	a.addWeights(z.at)
	for k, p := range z.at {
		z.at[k] = a.compact[p]
	}
	if a.pool.norm != nil {
		for k := range z.value {
			z.value[k] /= a.pool.norm[i]
		}
	}
	return z
}

// learn runs one feedback round.
func (a *AAD) learn(ctx context.Context, l bench.Labels) error {
	f, forgotten := a.objective(l)
	a.done.rounds++
	var err error
	if a.set.Exact {
		err = a.dual.minimise(ctx, &f, a.w, forgotten, a.sweeps.Rand, &a.done)
	} else {
		err = a.descent.minimise(ctx, &f, a.w,
			bench.NewStream(a.set.Seed, "aad batches", a.done.rounds), &a.done)
	}
	if err != nil {
		return err
	}
	a.normalise()
	a.fresh = false
	return nil
}

// objective adds the new labels and returns the round's F, and the number of oldest labels that the
// memory has dropped.
func (a *AAD) objective(l bench.Labels) (f objective, forgotten int) {
	for i := a.known; i < l.Len(); i++ {
		a.rows = append(a.rows, a.row(l.Index[i]))
		a.anomaly = append(a.anomaly, l.Anomaly[i])
	}
	a.known = l.Len()
	if m := a.set.Memory; m > 0 && len(a.rows) > m {
		forgotten = len(a.rows) - m
		a.rows = slices.Delete(a.rows, 0, forgotten)
		a.anomaly = slices.Delete(a.anomaly, 0, forgotten)
	}
	q, tau := tauRank(a.full, a.scratch, a.set.Tau)
	z := a.row(tau)
	if a.set.Previous {
		copy(a.prior, a.w)
	}
	strength := 0.0
	switch a.set.Prior {
	case Fixed:
		strength = 1 / a.set.Sigma2
	case Adaptive:
		strength = 1 / float64(len(a.rows)) / a.set.Sigma2
	}
	return objective{
		rows: a.rows, anomaly: a.anomaly, within: a.constraints(), tau: z, q: q,
		cost: a.set.Costs, strength: strength, prior: a.prior, rest: a.rest,
	}, forgotten
}

// constraints draws the rows that have C_x terms: all of a kind, or the set number at random.
func (a *AAD) constraints() []bool {
	a.within = a.within[:0]
	var of [2]int
	for _, y := range a.anomaly {
		of[kind(y)]++
		a.within = append(a.within, true)
	}
	for k, most := range [2]int{a.set.Nominals, a.set.Anomalies} {
		// Selection sampling: each row of the kind is kept with probability want/left.
		left, want := of[k], most
		if left <= want {
			continue
		}
		for i, y := range a.anomaly {
			if kind(y) != k {
				continue
			}
			a.within[i] = a.draws.IntN(left) < want
			if a.within[i] {
				want--
			}
			left--
		}
	}
	return a.within
}

func kind(anomaly bool) int {
	if anomaly {
		return 1
	}
	return 0
}

// normalise scales w to unit length; w = 0 is unchanged.
func (a *AAD) normalise() {
	sum := float64(float64(a.rest) * float64(a.w[0]*a.w[0]))
	for _, v := range a.w[1:] {
		sum += float64(v * v)
	}
	norm := unit(math.Sqrt(sum))
	for i := range a.w {
		a.w[i] /= norm
	}
}

// Scores: see bench.Scorer. HeadBase is the uniform ensemble.
func (a *AAD) Scores(ctx context.Context, dst []float64, d bench.Data, rows []int,
	want bench.Head) (bench.Head, error) {
	began := time.Now()
	if want == bench.HeadTrained && a.pool.holds(d) {
		if err := a.rescore(ctx); err != nil {
			return want, err
		}
		if rows == nil {
			copy(dst, a.full)
			return want, nil
		}
		for i, r := range rows {
			dst[i] = a.full[r]
		}
		return want, nil
	}
	defer func() { a.times.Rescoring += time.Since(began) }()
	tables := newTables(a.base)
	if want == bench.HeadTrained {
		a.weighAll(tables)
	} else {
		u := AAD{base: a.base, compact: make([]int32, len(a.compact)), w: []float64{a.uniform}}
		u.weighAll(tables)
	}
	return want, scan(ctx, a.base, dst, d, rows, tables, a.squares,
		func(sum, square float64) float64 {
			if a.squares != nil {
				return sum / unit(math.Sqrt(square))
			}
			return sum
		})
}

// Counts: see bench.Counter. They verify that a round takes O(t): rows_touched counts the labelled
// rows that learning read, rows_scored the rows of the pool.
func (a *AAD) Counts() map[string]int64 {
	return map[string]int64{
		"rounds":               a.done.rounds,
		"epochs":               a.done.epochs,
		"gradient_evaluations": a.done.gradients,
		"rows_touched":         a.done.rows,
		"rows_scored":          a.rescored,
		"weights":              int64(len(a.compact)),
	}
}

// Times returns the times spent so far.
func (a *AAD) Times() Times { return a.times }
