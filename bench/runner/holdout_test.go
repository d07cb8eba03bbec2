package runner

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/metric"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/bench/runlog/verify"
)

// scored scores the rows of both halves by a table, from their one feature, and flags those above
// cut.
type scored struct {
	score  map[float32]float64
	cut    float64
	flips  bool // flags contrary to the scores
	fitted int  // rows
}

func (s *scored) Fit(_ context.Context, d bench.Data) error { s.fitted = d.Rows(); return nil }

func (s *scored) Scores(_ context.Context, dst []float64, d bench.Data, _ []int, _ bench.Head) (bench.Head, error) {
	for i := range dst {
		dst[i] = s.score[d.X.Row(i)[0]]
	}
	return bench.HeadBase, nil
}

func (s *scored) Flags(dst []bool, d bench.Data) {
	for i := range dst {
		dst[i] = s.score[d.X.Row(i)[0]] > s.cut != s.flips
	}
}

// byHand has a training half of 3 rows and a test half of 10, with anomalies at the listed rows.
func byHand() *bench.Dataset {
	half := func(n int, anomalies ...int) *bench.Dataset {
		d := &bench.Dataset{Name: "hand", Data: bench.Data{X: bench.NewMatrix(n, 1)}, Truth: make([]bool, n)}
		for i := range n {
			d.X.Data[i] = float32(i)
			d.Truth[i] = slices.Contains(anomalies, i)
		}
		return d
	}
	d := half(3, 1)
	d.Test = half(10, 2, 5, 9)
	return d
}

func halvedCell(t bench.Threshold) bench.Cell {
	return bench.Cell{
		Dataset:   bench.DatasetRef{ID: "hand", Params: bench.Params{}, Split: bench.Split{Seed: 4, Train: bench.TrainDirty, Stratified: true}},
		Method:    bench.MethodRef{ID: "scored", Params: bench.Params{}},
		Seed:      4,
		Threshold: t,
		Loop:      bench.LoopVersion,
	}
}

// TestSplitByHand: the ranking is 5 (anomaly), 0, 9 (anomaly), 1, 3, … and 2 (anomaly) last.
func TestSplitByHand(t *testing.T) {
	score := map[float32]float64{5: 9, 0: 8, 9: 7, 1: 6, 3: 5, 4: 5, 6: 4, 7: 3, 8: 2, 2: 1}
	for _, c := range []struct {
		threshold           bench.Threshold
		cut                 float64
		flagged, tp         int
		precision, recall_1 float64
		f1                  float64
	}{
		{bench.Threshold{Ratio: 0.25, Round: bench.RoundUp}, 0, 3, 2, 2. / 3, 2. / 3, 2. / 3},
		{bench.Threshold{Ratio: 0.25, Round: bench.RoundDown}, 0, 2, 1, 0.5, 1. / 3, 0.4},
		{bench.Threshold{Ratio: 1, Round: bench.RoundDown}, 0, 10, 3, 0.3, 1, 6. / 13},
		{bench.Threshold{Own: true}, 5.5, 4, 2, 0.5, 2. / 3, 4. / 7},
		{bench.Threshold{Own: true}, 4.5, 6, 2, 2. / 6, 2. / 3, 4. / 9},
		{bench.Threshold{Own: true}, 99, 0, 0, 0, 0, 0},
	} {
		m := &scored{score: score, cut: c.cut}
		r, queries, err := Measure(t.Context(), halvedCell(c.threshold), byHand(), bench.Passive(m), nil)
		if err != nil {
			t.Fatal(err)
		}
		want := &runlog.Holdout{
			Train: runlog.Half{Rows: 3, Anomalies: 1}, Test: runlog.Half{Rows: 10, Anomalies: 3}, Ranked: "0 1 1 1 6 1",
			Flagged: c.flagged, TP: c.tp, FP: c.flagged - c.tp, FN: 3 - c.tp,
			PRF: metric.PRF{Precision: c.precision, Recall: c.recall_1, F1: c.f1}, Ranks: r.Holdout.Ranks,
		}
		if diff := cmp.Diff(want, r.Holdout); diff != "" || m.fitted != 3 || queries != nil {
			t.Errorf("%v (-want +got):\n%s", c.threshold, diff)
		}
		if auc := *r.Holdout.Ranks.ROCAUC; auc != 13./21 { // 7 + 6 + 0 of 3 x 7 pairs
			t.Errorf("ROC-AUC %v", auc)
		}
		if r.Rows != 13 || r.Anomalies != 4 || r.Budget != 0 || r.Audited != 0 || r.Metrics.AtAnomalies != nil || r.Full != nil {
			t.Errorf("%+v", r)
		}
		bare := r
		half := *r.Holdout
		half.TP, half.FP, half.FN, half.PRF = 0, 0, 0, metric.PRF{}
		bare.Holdout = &half
		again, err := verify.Replay(bare, nil)
		if diff := cmp.Diff(r, again); diff != "" || err != nil {
			t.Errorf("replayed: %v\n%s", err, diff)
		}
	}
}

func TestSplitRefuses(t *testing.T) {
	score := map[float32]float64{}
	for i := range 10 {
		score[float32(i)] = float64(i)
	}
	nan := map[float32]float64{3: math.NaN()}
	share, own := bench.Threshold{Ratio: 0.2, Round: bench.RoundUp}, bench.Threshold{Own: true}
	whole := byHand()
	whole.Test = nil
	pure := byHand()
	pure.Test.Truth = make([]bool, 10)
	active, err := makeOf("learns", 1)
	if err != nil {
		t.Fatal(err)
	}
	unflagged, err := makeOf("static", 1)
	if err != nil {
		t.Fatal(err)
	}
	flat := byHand()
	flat.X, flat.Test.X = bench.NewMatrix(3, 2), bench.NewMatrix(10, 2)
	for _, c := range []struct {
		threshold bench.Threshold
		data      *bench.Dataset
		learner   bench.Learner
		want      string
	}{
		{share, byHand(), bench.Passive(&scored{score: nan}), "the test half: row 3 scored NaN: score is not finite"},
		{share, flat, active, "learns from audits"},
		{share, whole, bench.Passive(&scored{score: score}), "has no test half"},
		{share, pure, bench.Passive(&scored{score: score}), "the test half of 10 rows has no anomaly"},
		{own, flat, unflagged, "no threshold of its own"},
		{own, byHand(), bench.Passive(&scored{score: score, cut: 4.5, flips: true}), "contradicts itself: it flags a row of score 0 but not one of score 9"},
	} {
		_, _, err := Measure(t.Context(), halvedCell(c.threshold), c.data, c.learner, nil)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %q", err, c.want)
		}
	}
}

// halvedToy is toy, with a test half of as many rows by the split's seed.
func halvedToy(ctx context.Context, ref bench.DatasetRef) (*bench.Dataset, error) {
	d, err := toy(ctx, ref)
	if err != nil || ref.Split == (bench.Split{}) {
		return d, err
	}
	other := ref
	other.Seed += ref.Split.Seed
	d.Test, err = toy(ctx, other)
	return d, err
}

// halvedPlan has cells of a pool and of halves, with one method's ratio rounded both ways.
func halvedPlan() bench.Plan {
	p := plan([]string{"a", "b"}, []string{"static"}, 2)
	for _, c := range slices.Clone(p.Cells) {
		h := c.Cell
		h.Budget, h.K = bench.Budget{}, bench.K{}
		h.Dataset.Split = bench.Split{Seed: h.Seed, Train: bench.TrainClean}
		for _, round := range []string{bench.RoundUp, bench.RoundDown} {
			h.Threshold = bench.Threshold{Ratio: 0.11, Round: round}
			p.Cells = append(p.Cells, planned(h))
		}
	}
	return p
}

// TestSplitRun: a run with halves gives the same bytes on any number of workers, reads back,
// replays and verifies; changed halves are detected.
func TestSplitRun(t *testing.T) {
	var want string
	var dir string
	for _, jobs := range []int{1, 4} {
		c := config(t, halvedPlan())
		c.Jobs, c.Data, dir = jobs, halvedToy, c.Dir
		s := must(t, c)
		if s.Done != 12 || s.Failures != nil {
			t.Fatalf("%+v", s)
		}
		if want == "" {
			want = s.Digest
		}
		if s.Digest != want {
			t.Errorf("%d jobs give digest %s, want %s", jobs, s.Digest, want)
		}
	}
	run := read(t, dir)
	v, err := verify.Run(dir, verify.Options{})
	if err != nil || len(v.Findings) > 0 {
		t.Fatalf("%v %+v", err, v.Findings)
	}
	halved := 0
	for _, c := range run.Cells {
		if (c.Result.Holdout != nil) != c.Cell.HasHoldout() {
			t.Errorf("cell %s has a split of %v", c.ID, c.Result.Holdout)
		}
		if !c.Cell.HasHoldout() {
			continue
		}
		halved++
		for what, change := range map[string]func(*runlog.Result){
			"not follow":        nil,
			"flags":             func(r *runlog.Result) { r.Holdout.Flagged++ },
			"the ranking":       func(r *runlog.Result) { r.Holdout.Ranked = "1 1" },
			"of its halve":      func(r *runlog.Result) { r.Holdout.Train.Rows-- },
			"result is missing": func(r *runlog.Result) { r.Holdout = nil },
		} {
			var r runlog.Result
			data, err := json.Marshal(c.Result)
			if err = errors.Join(err, json.Unmarshal(data, &r)); err != nil {
				t.Fatal(err)
			}
			if change == nil {
				r.Holdout.TP = -1
				if again, err := verify.Replay(r, nil); err != nil || again.Holdout.TP != c.Result.Holdout.TP {
					t.Errorf("%v: %+v", err, again.Holdout)
				}
				continue
			}
			change(&r)
			if _, err := verify.Replay(r, nil); err == nil || !strings.Contains(err.Error(), what) {
				t.Errorf("%s: %v", what, err)
			}
		}
	}
	if halved != 8 {
		t.Errorf("%d halved cells", halved)
	}
	if data, err := os.ReadFile(filepath.Join(dir, "cells", run.Cells[0].ID, "result.json")); err != nil || strings.Contains(string(data), "split") || strings.Contains(string(data), "threshold") {
		t.Errorf("%v: a pool's result speaks of halves:\n%s", err, data)
	}
}
