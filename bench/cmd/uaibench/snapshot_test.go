package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/uaibench/uaibench/bench/runlog"
)

// TestGoesOn stops a run between two rounds. Status shows the audit from which its cell would
// resume, the next run reports the resumption, and so does status afterwards.
func TestGoesOn(t *testing.T) {
	dir := t.TempDir()
	spec, out := filepath.Join(dir, "long.yaml"), filepath.Join(dir, "run")
	err := os.WriteFile(spec, []byte(`
version: 1
name: long
datasets: [toy2d]
methods: [{id: dae_uai, params: {hidden: [16, 4], pretrain_steps: 20, round_steps: 100}}]
budget: 800
k: 5
seeds: {base: 1, count: 1}
`), 0o644)
	if err != nil {
		t.Fatal(err)
	}
	command := func(ctx context.Context, args ...string) (status int, stdout, stderr string) {
		var o, e bytes.Buffer
		status = run(ctx, args, &o, &e)
		return status, o.String(), e.String()
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() {
		defer cancel()
		for ctx.Err() == nil {
			if run, err := runlog.Read(out); err == nil {
				if s, ok := run.Snapshot(run.Cells[0].ID); ok && s.Audits > 0 {
					return
				}
			}
			time.Sleep(time.Millisecond)
		}
	}()
	if status, stdout, stderr := command(ctx, "run", spec, "--out", out, "--snapshot", "1ns"); status != statusInterrupted || !strings.Contains(stderr, "stopping: ") {
		t.Fatalf("status %d\n%s%s", status, stdout, stderr)
	}
	_, stdout, _ := command(t.Context(), "status", out)
	if !strings.Contains(stdout, "1 not run") || !strings.Contains(stdout, " of 800 ") || !strings.Contains(stdout, "at audit ") {
		t.Errorf("interrupted:\n%s", stdout)
	}
	status, _, stderr := command(t.Context(), "run", spec, "--out", out)
	if status != statusOK || !strings.Contains(stderr, "resume DAE_uai on toy2d, seed 1: at ") {
		t.Errorf("status %d\n%s", status, stderr)
	}
	_, stdout, _ = command(t.Context(), "status", out)
	if !strings.Contains(stdout, "1 done") || !strings.Contains(stdout, "resumed at audit ") {
		t.Errorf("done:\n%s", stdout)
	}
	if status, _, stderr = command(t.Context(), "run", spec, "--snapshot", "-1s"); status != statusUsage || !strings.Contains(stderr, "--snapshot -1s") {
		t.Errorf("status %d: %s", status, stderr)
	}
}
