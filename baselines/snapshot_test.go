package baselines

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/bench/runner"
)

// smallest are settings with which every method takes some milliseconds and the labels outgrow a
// batch.
var smallest = map[string]any{"hidden": []int{8, 3}, "compression": []int{4, 2}, "batch": 32,
	"pretrain_steps": 40, "epochs": 3, "round_steps": 10, "layer_steps": 10, "end_steps": 10, "lambda": 10.0, "trees": 20, "k_min": 20, "k_max": 40, "components": 2}

// smallCell returns a cell of the method on the pool. Settings that the method does not have are
// left out.
func smallCell(t *testing.T, m bench.MethodInfo, given map[string]any) bench.Cell {
	t.Helper()
	use := map[string]any{}
	for _, p := range m.Params {
		for _, from := range []map[string]any{smallest, given} {
			if v, ok := from[p.Name]; ok {
				use[p.Name] = v
			}
		}
	}
	p, errs := bench.Resolve(m.Params, use)
	if errs != nil {
		t.Fatal(errs)
	}
	return bench.Cell{
		Dataset: bench.DatasetRef{ID: "hard", Version: 1}, Method: bench.MethodRef{ID: m.ID,
			Version: m.Version, Params: p},
		Seed: 11, Budget: bench.Budget{Audits: 60}, K: bench.K{Audits: 5}, Loop: bench.LoopVersion,
	}
}

// kept runs one cell and returns its files' bytes, nil if it was interrupted.
func kept(ctx context.Context, t *testing.T, c runner.Config) ([]byte, runlog.Status) {
	t.Helper()
	learners := NewShared()
	learners.Expect(c.Plan.Cells[0].Cell)
	c.Method, c.Jobs = learners.New, 1
	c.Data = func(_ context.Context, ref bench.DatasetRef) (*bench.Dataset, error) {
		d, truth := pool()
		for i := range truth { // anomalies amid normal rows, so that no method finds all of them
			truth[i] = truth[i] || ref.ID == "hard" && i%9 == 4
		}
		ds := &bench.Dataset{Name: "pool", Data: d, Truth: truth}
		if ref.Split != (bench.Split{}) {
			half := *ds
			ds.Test = &half
		}
		return ds, nil
	}
	s, err := runner.Run(ctx, c)
	if err != nil || s.Failures != nil {
		t.Fatal(err, s.Failures)
	}
	if s.Done == 0 {
		return nil, runlog.Status{}
	}
	if n := len(learners.expected); n > 0 &&
		learners.expected[PretrainingKey(c.Plan.Cells[0].Cell)] != 0 ||
		len(learners.snapshots) > 0 {
		t.Errorf("a pre-training is kept for nobody: %v, %d", learners.expected,
			len(learners.snapshots))
	}
	run, err := runlog.Read(c.Dir)
	if err != nil {
		t.Fatal(err)
	}
	var all []byte
	for _, name := range []string{"result.json", "queries.jsonl"} {
		data, err := os.ReadFile(filepath.Join(c.Dir, "cells", c.Plan.Cells[0].ID, name))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, data...)
	}
	return all, run.Cells[0].Status
}

// TestStoppedAtEveryPlace: every method, stopped at every point at which it is saved (within the
// pre-training, and after each round) and resumed from there by a new learner, gives the same bytes
// as an uninterrupted run.
func TestStoppedAtEveryPlace(t *testing.T) {
	type variant struct {
		name   string
		params map[string]any
		change func(*bench.Cell)
	}
	everything := func(c *bench.Cell) {
		c.Noise = bench.Noise{Miss: 0.3, Alarm: 0.1}
		c.Checkpoints = []int{0, 13, 30, 60}
	}
	easy := func(c *bench.Cell) { c.Dataset.ID = "easy"; c.Budget.Audits = 300 }
	halved := func(c *bench.Cell) {
		c.Dataset.Split = bench.Split{Seed: 4, Train: bench.TrainDirty}
		c.Threshold = bench.Threshold{Ratio: 0.1, Round: bench.RoundUp}
		c.Budget, c.K = bench.Budget{}, bench.K{}
	}
	lone := variant{"the cross-entropy alone", map[string]any{"round_loss": "uai"}, nil}
	separate := variant{"an optimiser each", map[string]any{"uai_optimizer": "separate"}, nil}
	both := variant{"the cross-entropy alone, by its own optimiser",
		map[string]any{"round_loss": "uai", "uai_optimizer": "separate"}, everything}
	variants := map[string][]variant{
		"dae_uai": {
			{"noise of all kinds",
				map[string]any{"noise_kind": "masking", "noisy_scores": true,
					"iid_batches": true}, everything},
			{"balanced, standardized, no optimiser's memory",
				map[string]any{"labelled_batch": "balanced", "score_scale": "standardized",
					"reset_optimizer": true}, everything},
			{"replacement, running",
				map[string]any{"labelled_batch": "replacement", "score_scale": "running",
					"uai_slots": "decayed"}, nil},
			{"members, alternate",
				map[string]any{"labelled_batch": "members", "alternate": true,
					"exclude_anomalies": true}, nil},
			{"an MLP as head, a switch by confidence",
				map[string]any{"head": "mlp", "head_hidden": []int{5, 4}, "switch": "confidence",
					"switch_window": 12}, everything},
			{"members alone",
				map[string]any{"round_loss": "uai", "labelled_batch": "members",
					"score_scale": "running", "uai_slots": "decayed", "uai_optimizer": "separate"}, nil},
			{"members, an optimiser each",
				map[string]any{"labelled_batch": "members", "alternate": true,
					"uai_optimizer": "separate", "reset_optimizer": true}, nil},
			{"cold start by labels", map[string]any{"cold_start_labels": 33}, nil},
			{"cold start until both",
				map[string]any{"cold_start_calls": 0, "wait_for_both": true,
					"inverse_frequency": true}, everything},
			{"ends early", nil, func(c *bench.Cell) { easy(c); c.Checkpoints = []int{5, 280} }},
		},
		"pae_uai": {{"Adam below an optimiser of its own",
			map[string]any{"optimizer": "adam",
				"uai_optimizer": "separate"}, nil}, {"Adam, the cross-entropy alone", map[string]any{"optimizer": "adam", "round_loss": "uai"}, nil}},
		"dagmm_uai": {{"all of z, alone",
			map[string]any{"latent": "all", "round_loss": "uai",
				"uai_optimizer": "separate"}, nil}},
		"class_uai": {{"exclusions",
			map[string]any{"exclude_anomalies": true, "uai_init": "base",
				"switch": "confidence"}, everything}},
		"dae": {{"reranked", map[string]any{"rerank": true}, everything},
			{"halved", nil, halved}},
		"class": {{"reranked", map[string]any{"rerank": true}, nil}},
		"tree_aad": {
			{"memory and constraints",
				map[string]any{"memory": 12, "constraints": 3,
					"prior_mean": "previous"}, everything},
			{"exact", map[string]any{"optimizer": "exact", "memory": 20, "node_features": "all"},
				everything},
			{"ends early", map[string]any{"batch": 7}, easy},
		},
		"loda_aad": {
			{"memory and constraints", map[string]any{"memory": 12, "constraints": 3}, everything},
			{"exact", map[string]any{"optimizer": "exact", "constraints": 3}, nil},
		},
	}
	for _, m := range Catalog() {
		if m.Over != "" {
			variants[m.ID] = append(variants[m.ID], lone, separate, both)
		}
		for _, v := range append([]variant{{name: "as it is"}}, variants[m.ID]...) {
			t.Run(m.ID+", "+v.name, func(t *testing.T) {
				t.Parallel()
				c := smallCell(t, m, v.params)
				if v.change != nil {
					v.change(&c)
				}
				plan := bench.Plan{Name: "snapshots",
					Cells: []bench.PlannedCell{{ID: c.ID(), Cell: c, Label: m.ID}}}
				want, _ := kept(t.Context(), t,
					runner.Config{Plan: plan, Dir: filepath.Join(t.TempDir(), "whole")})

				dir, stops, within := filepath.Join(t.TempDir(), "stopped"), 0, 0
				for {
					ctx, cancel := context.WithCancel(t.Context())
					got, status := kept(ctx, t,
						runner.Config{Plan: plan, Dir: dir, Snapshot: 1,
							Events: func(e runner.Event) {
								switch e.Kind {
								case runner.SnapshotWritten:
									if stops++; e.Progress.Audits == 0 {
										within++
									}
									cancel()
								case runner.SnapshotFailed, runner.SnapshotIgnored:
									t.Errorf("%s: %s", e.Kind, e.Error)
								}
							}})
					cancel()
					if got == nil && stops < 300 {
						continue
					}
					if !bytes.Equal(got, want) {
						t.Errorf("stopped %d times, the results are others:\n%s\nwant\n%s", stops,
							got, want)
					}
					rounds := 11
					if c.Dataset.ID == "easy" {
						rounds = 2
					}
					if r := status.Attempts[0].Resumed; m.Active &&
						(r == nil || r.Times < within+rounds) {
						t.Errorf("it was not stopped between all rounds: %d places, %+v", stops, r)
					}
					break
				}
				if network := PretrainingKey(c) != ""; network != (within > 0) {
					t.Errorf("%d places within the pre-training", within)
				}
			})
		}
	}
}
