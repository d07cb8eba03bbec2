package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"golang.org/x/sys/cpu"

	"github.com/uaibench/uaibench/bench/cmd/uaibench/internal/runjson"
	"github.com/uaibench/uaibench/bench/runlog"
)

// exactSpec is small enough for the portable kernel, which takes some ten times as long, and goes
// past the ten cold-start calls.
const exactSpec = `
version: 1
name: exact
datasets: [mnist0]
methods: [dae_uai, class_uai, dae, class, random]
budget: 20
seeds: {base: 7, count: 1}
profiles:
  smoke:
    params: {hidden: [24, 8], pretrain_steps: 10, round_steps: 1}
    dataset_params: {rows: 400}
`

// program builds uaibench for a GOAMD64 level.
func program(t *testing.T, dir, level string) string {
	t.Helper()
	out := filepath.Join(dir, "uaibench-"+level)
	c := exec.Command("go", "build", "-ldflags=-s -w", "-o", out, ".")
	c.Env = append(os.Environ(), "GOAMD64="+level)
	if text, err := c.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, text)
	}
	return out
}

type invocation struct {
	program string
	env     []string
	args    []string
}

// digest runs the spec to its end in dir, which need not exist, and returns the digest of all
// results.
func (v invocation) digest(t *testing.T, spec, dir string) string {
	t.Helper()
	c := exec.Command(v.program, append([]string{"run", spec, "--profile", "smoke", "--json", "--out", dir}, v.args...)...)
	c.Env = append(os.Environ(), v.env...)
	var stdout, stderr bytes.Buffer
	c.Stdout, c.Stderr = &stdout, &stderr
	if err := c.Run(); err != nil {
		t.Fatalf("%v: %v\n%s", v, err, stderr.Bytes())
	}
	var sum runjson.Run
	if err := json.Unmarshal(stdout.Bytes(), &sum); err != nil {
		t.Fatalf("%v\n%s", err, stdout.Bytes())
	}
	if sum.Done != 5 || sum.Digest == "" {
		t.Fatalf("%d of 5 cells done", sum.Done)
	}
	return sum.Digest
}

// TestSameBytes checks that the digest of all results is the same with one worker or two, one
// thread a cell or three, GOMAXPROCS=1, methods in another order, either kernel, GOAMD64=v1 or v3,
// and after SIGKILL at random moments and a resume, from snapshots too.
func TestSameBytes(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds a program and runs some thirty")
	}
	dir := t.TempDir()
	spec := filepath.Join(dir, "exact.yaml")
	if err := os.WriteFile(spec, []byte(exactSpec), 0o644); err != nil {
		t.Fatal(err)
	}
	this := itself(t, dir)
	n := 0
	fresh := func() string { n++; return filepath.Join(dir, "runs", string(rune('a'+n))) }
	want := invocation{this, nil, []string{"-j", "1"}}.digest(t, spec, fresh())
	check := func(name string, v invocation) {
		t.Run(name, func(t *testing.T) {
			if got := v.digest(t, spec, fresh()); got != want {
				t.Errorf("digest %s, want %s", got, want)
			}
		})
	}
	check("jobs=2", invocation{this, nil, []string{"-j", "2"}})
	check("GOMAXPROCS=1", invocation{this, []string{"GOMAXPROCS=1"}, nil})
	check("threads=3", invocation{this, nil, []string{"-j", "1", "--threads", "3"}})
	check("another order", invocation{this, nil, []string{"-j", "2", "--set", "methods=random,class,dae,class_uai,dae_uai"}})
	check("generic kernel", invocation{this, []string{"UAIBENCH_KERNEL=generic"}, nil})
	if runtime.GOARCH == "amd64" && cpu.X86.HasAVX2 && cpu.X86.HasFMA && cpu.X86.HasBMI2 {
		other := map[string]string{"v1": "v3"}[runlog.Collect().Level]
		if other == "" {
			other = "v1"
		}
		built := program(t, dir, other)
		check("GOAMD64="+other, invocation{built, nil, nil})
		check("GOAMD64="+other+", generic kernel", invocation{built, []string{"UAIBENCH_KERNEL=generic"}, nil})
	} else {
		t.Log("no GOAMD64=v3 on this machine")
	}
	t.Run("killed", func(t *testing.T) {
		// A longer run, whose cells write snapshots before they are killed. The moments differ from
		// run to run; the digest must not depend on them.
		longer := []string{"--set", "datasets=toy2d", "--set", "budget=130", "--set", "params.round_steps=25"}
		want := invocation{this, nil, longer}.digest(t, spec, fresh())
		rng := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 0))
		out, kills := fresh(), 0
		for range 12 {
			ctx, cancel := context.WithTimeout(context.Background(), time.Duration(rng.IntN(400))*time.Millisecond)
			args := append([]string{"run", spec, "--profile", "smoke", "--out", out, "--snapshot", "30ms"}, longer...)
			c := exec.CommandContext(ctx, this, args...) // killed by SIGKILL
			err := c.Run()
			if errors.Is(ctx.Err(), context.DeadlineExceeded) && err != nil {
				kills++
			}
			cancel()
		}
		if got := (invocation{this, nil, longer}).digest(t, spec, out); got != want {
			t.Errorf("after %d kills: digest %s, want %s", kills, got, want)
		}
		left, err := filepath.Glob(filepath.Join(out, "cells", ".*"))
		if err != nil || len(left) > 0 {
			t.Errorf("left behind: %v %v", left, err)
		}
		t.Logf("%d kills", kills)
	})
}
