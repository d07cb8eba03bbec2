package baselines

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/uaibench/uaibench/bench"
)

// working is a learner whose work moves a clock of its own, so that an estimate can be held to what
// the cell takes.
type working struct {
	clock           *time.Duration
	pretrain, round int
	step, labelled  time.Duration // each step
	passes          time.Duration // each row, whenever training stops
	fit, score      func(rows int) time.Duration
}

func (w *working) Train(_ context.Context, d bench.Data, l bench.Labels) error {
	if l.Len() == 0 {
		*w.clock += w.fit(d.Rows()) + time.Duration(w.pretrain)*w.step
	} else {
		*w.clock += time.Duration(w.round) * w.labelled
	}
	*w.clock += time.Duration(d.Rows()) * w.passes
	return nil
}

func (w *working) Scores(_ context.Context, _ []float64, d bench.Data, _ []int,
	_ bench.Head) (bench.Head, error) {
	*w.clock += w.score(d.Rows())
	return bench.HeadBase, nil
}

// TestCostIsTheWork: on a clock that goes by counted work, an estimate is what the cell takes
// there.
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
			tr := trial{ctx: t.Context(), ref: ref, shape: shape,
				now:  func() time.Duration { return clock },
				make: func(r bench.MethodRef) (bench.Learner, error) { return of(r, trialRows), nil }}
			got, err := tr.cost()
			if err != nil {
				t.Fatal(err)
			}

			clock = 0 // the cell itself
			w, d := of(ref, rows), bench.Data{X: bench.NewMatrix(rows, 2)}
			w.Train(t.Context(), d, bench.Labels{})
			w.Scores(t.Context(), nil, d, nil, bench.HeadBase)
			if infoOf(t, c.id).Active || c.give["rerank"] == true {
				for range 10 {
					w.Train(t.Context(), d, bench.Labels{Index: []int{1}, Anomaly: []bool{true}})
					w.Scores(t.Context(), nil, d, nil, bench.HeadTrained)
				}
			}
			if off := float64(got)/float64(clock) - 1; off < -0.001 || off > 0.001 {
				t.Errorf("%s %v, %d rows: estimated %v, takes %v", c.id, c.give, rows, got, clock)
			}
		}
	}
}

// TestGrowthIsCounted: a one-class SVM's work by its own counts, and a kernel density's, from 512
// rows to four times and sixteen times as many. Support vectors are a share of the rows, up to
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
		// A column of the kernel for each support vector, and for each of the few steps.
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

// TestRefreshed: DAGMM's mixture and DCN's centres are made of all rows when training stops, and
// the estimate counts that; of no other method.
func TestRefreshed(t *testing.T) {
	for _, m := range methods {
		got := m.cost.refreshes != nil && m.cost.refreshes(bench.Complete(m.Params, nil))
		if want := strings.HasPrefix(m.ID, "dagmm") || strings.HasPrefix(m.ID, "dcn"); got != want {
			t.Errorf("%s goes through all rows: %v", m.ID, got)
		}
	}
}
