package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/bench/runlog/verify"
)

// TestProbeExperiments runs the smoke profiles of Figures 4, 11, 9 and 10, further reduced, from
// spec to plot: every done cell has its probes, which agree with its audit log, and every figure is
// drawn.
func TestProbeExperiments(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		plots []string
		has   func(runlog.Checkpoint) bool
		args  []string
	}{
		{"figure4", []string{"kddcup_rev.test-recall.full.svg"}, func(c runlog.Checkpoint) bool {
			return c.Test != nil && c.Test.Anomalies == 7315 && c.Test.Seen.Of+c.Test.Unseen.Of == 7315 && len(c.Test.Groups) > 30
		}, nil},
		{"figure11", []string{"guesses.dae_uai.svg", "thyroid.guesses.dae_uai.full.svg"}, func(c runlog.Checkpoint) bool { return c.Ranking != nil },
			[]string{"--set", "datasets={id: thyroid, budget: 60, checkpoints: [0, 30, 60]}, {id: arrhythmia, budget: 60, checkpoints: [0, 60]}"}},
		{"figure9_10", []string{"mnist0_2.plane.class_uai.svg"}, func(c runlog.Checkpoint) bool {
			return c.Projection != nil && c.Projection.Dim == 1 && *c.Projection.AUC > 0.4 && *c.Projection.Balanced >= 0.5 && len(c.Projection.Normals.Row) > 100
		}, []string{"--set", "datasets=mnist0_2", "--set", "methods={id: class_uai, params: {hidden: [32, 1]}}"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			args := append([]string{"run", c.name, "--profile", "smoke", "--out", dir, "--set", "seeds.count=1",
				"--set", "params.pretrain_steps=20", "--set", "params.round_steps=2"}, c.args...)
			var stdout, stderr bytes.Buffer
			status := run(t.Context(), args, &stdout, &stderr)
			r, err := runlog.Read(dir)
			if err != nil {
				t.Fatalf("%v\n%s", err, stderr.Bytes())
			}
			for _, cell := range r.Cells {
				if n := len(cell.Status.Attempts); n > 0 && cell.Status.Attempts[n-1].NoData {
					t.Skipf("data missing: %s", cell.Status.Attempts[n-1].Error)
				}
			}
			if status != 0 {
				t.Fatalf("status %d\n%s", status, stderr.Bytes())
			}
			for _, cell := range r.Cells {
				for i, k := range cell.Result.Checkpoints {
					if probed := cell.Result.Full == nil || i == 0; probed && !c.has(k) {
						t.Errorf("%s, checkpoint %d: %+v", cell.Label, k.At, k)
					}
				}
				queries, err := cell.Audits(r)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := verify.Replay(*cell.Result, queries); err != nil {
					t.Error(err)
				}
			}
			for _, plot := range c.plots {
				if _, err := os.Stat(filepath.Join(dir, "plots", plot)); err != nil {
					t.Error(err)
				}
			}
		})
	}
}
