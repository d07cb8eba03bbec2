package baselines

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/uaibench/uaibench/bench"
)

// working is a learner whose work advances a clock of its own, so that an estimate can be compared
// with the cell's time.
type working struct {
	clock           *time.Duration
	pretrain, round int
	step, labelled  time.Duration // per step
	passes          time.Duration // per row, whenever training stops
	fit, score      func(rows int) time.Duration
	static          bool
}

func (w *working) Static() bool { return w.static }

// truthful is an oracle that finds no anomaly.
type truthful struct{}

func (truthful) Audit(_ context.Context, rows []int) ([]bool, error) {
	return make([]bool, len(rows)), nil
}

type unrecorded struct{}

func (unrecorded) Record(bench.Round) error { return nil }

func (w *working) Train(_ context.Context, d bench.Data, l bench.Labels) error {
	if l.Len() > 0 && w.static {
		return nil
	}
	if l.Len() == 0 {
		*w.clock += w.fit(d.Rows()) + time.Duration(w.pretrain)*w.step
	} else {
		*w.clock += time.Duration(w.round) * w.labelled
	}
	*w.clock += time.Duration(d.Rows()) * w.passes
	return nil
}

func (w *working) Scores(_ context.Context, _ []float64, d bench.Data, rows []int,
	_ bench.Head) (bench.Head, error) {
	n := d.Rows()
	if rows != nil {
		n = len(rows)
	}
	*w.clock += w.score(n)
	return bench.HeadBase, nil
}

// TestCostIsTheWork: on a clock that counts work, an estimate equals the cell's time.
func TestCostIsTheWork(t *testing.T) {
	linear := func(each time.Duration) func(int) time.Duration {
		return func(n int) time.Duration { return time.Duration(n) * each }
	}
	none := linear(0)
	by := func(most int, f func(n, m float64) float64) func(int) time.Duration {
		return func(n int) time.Duration {
			return time.Duration(f(float64(n), float64(min(n, most)))) * time.Nanosecond
		}
	}
	for _, c := range []struct {
		id   string
		give map[string]any
		work working
	}{
		{"dae_uai", nil, working{step: 3000, labelled: 5000, fit: none, score: linear(70)}},
		{"dae_uai", map[string]any{"round_loss": "uai"},
			working{step: 3000, labelled: 900, fit: none, score: linear(70)}},
		{"dae", nil, working{step: 3000, fit: none, score: linear(70)}},
		{"dae", map[string]any{"rerank": true},
			working{step: 3000, labelled: 3000, fit: none, score: linear(70)}},
		{"dagmm_uai", nil,
			working{step: 3000, labelled: 5000, passes: 90, fit: none, score: linear(70)}},
		{"dagmm", map[string]any{"epochs": 30},
			working{step: 3000, passes: 90, fit: none, score: linear(70)}},
		{"dcn_uai", map[string]any{"layer_steps": 7, "end_steps": 11},
			working{step: 3000, labelled: 5000, passes: 90, fit: none, score: linear(70)}},
		{"iforest", nil, working{fit: linear(4), score: linear(70)}},
		{"ocsvm", map[string]any{"subsample": 20000},
			working{fit: by(20000, func(_, m float64) float64 { return 3 * m * m }),
				score: by(20000, func(n, m float64) float64 { return 2 * n * m })}},
		{"ocsvm", map[string]any{"subsample": 0},
			working{fit: by(1e9, func(_, m float64) float64 { return 3 * m * m }),
				score: by(1e9, func(n, m float64) float64 { return 2 * n * m })}},
		{"ocsvm", map[string]any{"subsample": 500},
			working{fit: by(500, func(_, m float64) float64 { return 3 * m * m }),
				score: by(500, func(n, m float64) float64 { return 2 * n * m })}},
		{"kde", nil,
			working{fit: by(10000, func(_, m float64) float64 { return 5 * m * min(m, 1000) }),
				score: by(10000, func(n, m float64) float64 { return 2 * n * m })}},
	} {
		for _, rows := range []int{800, 30000} {
			ref := bench.MethodRef{ID: c.id}
			for _, m := range methods {
				if m.ID == c.id {
					p, errs := bench.Resolve(m.Params, c.give)
					if errs != nil {
						t.Fatal(errs)
					}
					ref.Version, ref.Params = m.Version, bench.Complete(m.Params, p)
				}
			}
			var clock time.Duration
			of := func(r bench.MethodRef, rows int) *working {
				w := c.work
				w.clock = &clock
				if _, ok := r.Params["pretrain_steps"]; ok {
					w.pretrain = stepsBefore(r.Params, rows)
				}
				if v, ok := r.Params["round_steps"]; ok {
					w.round = v.(int)
				}
				return &w
			}
			shape := Shape{Rows: rows, Features: 2, Budget: 95, K: 10}
			e := newEstimate(ref, shape)
			tr := trial{estimate: e, ctx: t.Context(), ref: ref, shape: shape,
				now:  func() time.Duration { return clock },
				make: func(r bench.MethodRef) (bench.Learner, error) { return of(r, trialRows), nil }}
			m, err := tr.measure()
			if err != nil {
				t.Fatal(err)
			}
			got := e.cost(m, shape).Total()

			clock = 0 // the cell itself
			w, d := of(ref, rows), bench.Data{X: bench.NewMatrix(rows, 2)}
			w.static = !infoOf(t, c.id).Active && c.give["rerank"] != true
			if _, err := bench.Run(t.Context(), d, w, truthful{},
				bench.Settings{Budget: shape.Budget, K: shape.K}, unrecorded{}); err != nil {
				t.Fatal(err)
			}
			if off := float64(got)/float64(clock) - 1; off < -0.001 || off > 0.001 {
				t.Errorf("%s %v, %d rows: estimated %v, takes %v", c.id, c.give, rows, got, clock)
			}
		}
	}
}

// TestCostByHand: 1,000 rows, half of them copies; 40 audits by 10 are three rounds after the first
// selection, with 990, 980 and 970 rows left.
func TestCostByHand(t *testing.T) {
	s := Shape{Rows: 1000, Features: 3, Budget: 40, K: 10, Distinct: 0.5}
	steps := func(bench.Params, int) (before, round int) { return 7, 2 }
	for _, c := range []struct {
		name string
		e    estimate
		m    measured
		want Cost
	}{
		// 7 steps of 1 s and 1,000 rows of 2 ms; 500 scores of 4 ms. Then the rounds: 1,470 scores
		// of 8 ms, 3,000 rows of 2 ms, 6 steps of 0.5 s.
		{"steps", estimate{model: costModel{steps: steps}, active: true},
			measured{step: 1, roundStep: 0.5, score: 0.004, rescore: 0.008, refresh: 0.002},
			Cost{9 * time.Second, 2*time.Second + 11760*time.Millisecond + 9*time.Second}},
		{"passive", estimate{model: costModel{steps: steps}},
			measured{step: 1, roundStep: 0.5, score: 0.004, rescore: 0.008, refresh: 0.002},
			Cost{9 * time.Second, 2 * time.Second}},
		// 1,500 scores, and 10 + 20 + 20 units of learning of 3 s each.
		{"AAD", estimate{params: bench.Params{"memory": 20, "epochs": 1}, active: true,
			model: costModel{rescoresAll: true, learning: aadCost.learning}},
			measured{fit: 1.024, score: 0.001, rescore: 0.002, round: 3},
			Cost{time.Second, 500*time.Millisecond + 3*time.Second + 150*time.Second}},
		{"alike", estimate{active: true}, measured{fit: 1.024, score: 0.001, rescore: 0.002, round: 3},
			Cost{time.Second, 500*time.Millisecond + 2940*time.Millisecond + 9*time.Second}},
	} {
		got := c.e.cost(c.m, s)
		near := func(a, b time.Duration) bool { return (a - b).Abs() < time.Microsecond }
		if !near(got.Pretraining, c.want.Pretraining) || !near(got.Rest, c.want.Rest) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// TestLearning: 700 sqrt(labels) rows, limited by the epochs.
func TestLearning(t *testing.T) {
	for _, c := range []struct {
		memory, epochs, labels int
		want                   float64
	}{{0, 1000, 100, 7000}, {0, 1000, 10000, 70000}, {400, 1000, 10000, 14000}, {0, 2, 100, 200}} {
		p := bench.Params{"memory": c.memory, "epochs": c.epochs}
		if got := aadCost.learning(p, c.labels); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
	p := bench.Params{"epochs": 1000}
	if aadCost.brief(p); p["epochs"] != 20 {
		t.Errorf("a trial has %v epochs", p["epochs"])
	}
}

// TestTrialsAreShared: data of the same kind has one trial, whatever its rows and budget. The
// method counts its learners.
func TestTrialsAreShared(t *testing.T) {
	made := 0
	had := methods
	defer func() { methods = had }()
	methods = append(methods[:len(methods):len(methods)], method{
		MethodInfo: bench.MethodInfo{ID: "counted", Version: 1,
			Params: []bench.Param{integer("a", 0, 0, 9, assumed, "")}},
		build: func(p bench.Params, seed uint64, o buildOptions) bench.Learner {
			made++
			return random.build(p, seed, o)
		},
	})
	var trials Trials
	for _, c := range []struct {
		p     bench.Params
		s     Shape
		fresh bool
	}{
		{nil, Shape{Rows: 2000, Features: 3, Budget: 10, K: 5}, true},
		{nil, Shape{Rows: 50, Features: 3, Budget: 20, K: 1, Distinct: 0.5}, false},
		{nil, Shape{Rows: 50, Features: 4, Budget: 20, K: 1}, true},
		{nil, Shape{Rows: 50, Features: 4, Budget: 20, K: 1, Classes: 2}, true},
		{nil, Shape{Rows: 50, Features: 4, Budget: 20, K: 1, Zeros: 0.5}, true},
		{bench.Params{"a": 1}, Shape{Rows: 50, Features: 4, Budget: 20, K: 1, Zeros: 0.5}, true},
		{bench.Params{"a": 1}, Shape{Rows: 90, Features: 4, Budget: 20, K: 1, Zeros: 0.5}, false},
	} {
		before := made
		if _, err := trials.Cost(t.Context(), bench.MethodRef{ID: "counted", Version: 1, Params: c.p},
			c.s); err != nil {
			t.Fatal(err)
		}
		if (made > before) != c.fresh {
			t.Errorf("%v %+v: a trial of its own: %v", c.p, c.s, made > before)
		}
	}
}

// TestShare: processor time of a quarter of the elapsed time is a quarter of a core.
func TestShare(t *testing.T) {
	for _, c := range []struct {
		trials Trials
		want   float64
	}{{Trials{}, 1}, {Trials{used: time.Second, took: 4 * time.Second}, 0.25},
		{Trials{used: 3, took: 2}, 1}} {
		if got := c.trials.Share(); got != c.want {
			t.Errorf("%v, want %v", got, c.want)
		}
	}
}

// TestLeastOf: each time's minimum is taken separately.
func TestLeastOf(t *testing.T) {
	got := leastOf([]timed{{5, 20, 3, 4}, {9, 10, 2, 8}, {7, 30, 4, 1}})
	if want := (timed{5, 10, 2, 1}); got != want {
		t.Errorf("%v, want %v", got, want)
	}
}

// TestGrowthIsCounted compares growth with the counted work of a one-class SVM and a kernel
// density, from 512 rows to 4 and 16 times as many. Support vectors are a share of the rows, up to
// chance.
func TestGrowthIsCounted(t *testing.T) {
	counts := func(id string, rows int) (fit, score float64) {
		ref := bench.MethodRef{ID: id, Version: 1, Params: bench.Params{"subsample": 4000}}
		l, err := New(ref, 1)
		if err != nil {
			t.Fatal(err)
		}
		tr := trial{shape: Shape{Features: 3}}
		if err := l.Train(t.Context(), tr.data(rows), bench.Labels{}); err != nil {
			t.Fatal(err)
		}
		c := l.(bench.Counter).Counts()
		if id == "kde" {
			return float64(c["kernels"]) * min(1000,
				float64(c["kernels"])), float64(rows) * float64(c["kernels"])
		}
		// One kernel column for each support vector and for each of the few steps.
		return float64(c["support_vectors"]+c["iterations"]) * float64(c["training_rows"]), float64(rows) * float64(c["support_vectors"])
	}
	for _, id := range []string{"ocsvm", "kde"} {
		fit, score := counts(id, 512)
		for _, rows := range []int{2048, 8192} {
			if id == "kde" && rows > 2048 {
				continue
			}
			fit2, score2 := counts(id, rows)
			m, _ := find(id)
			wantFit, wantScore := m.cost.growth(bench.Params{"subsample": 4000}, 512, rows)
			if a, b := fit2/fit/wantFit, score2/score/wantScore; a < 0.7 || a > 1.4 || b < 0.8 ||
				b > 1.25 {
				t.Errorf("%s to %d rows: by its counts fitting grows %.1f times and scoring "+
					"%.1f, by the model %.1f and %.1f", id, rows, fit2/fit, score2/score, wantFit, wantScore)
			}
		}
	}
}

// TestRefreshed: only DAGMM's mixture and DCN's centres are computed from all rows when training
// stops, and the estimate includes that.
func TestRefreshed(t *testing.T) {
	for _, m := range methods {
		got := m.cost.refreshes != nil && m.cost.refreshes(bench.Complete(m.Params, nil))
		if want := strings.HasPrefix(m.ID, "dagmm") || strings.HasPrefix(m.ID, "dcn"); got != want {
			t.Errorf("%s goes through all rows: %v", m.ID, got)
		}
	}
}
