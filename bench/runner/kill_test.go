package runner

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
)

// fragile has cells that succeed and cells that fail at every attempt, so that a kill can also hit
// the replacement of a failed cell.
func fragile() bench.Plan {
	return plan([]string{"a", "b"}, []string{"dozes", "errs", "static"}, 5)
}

// child is the main function of a child process: a run of fragile in dir, with limits from its
// environment.
func child(dir string) {
	if limit, err := strconv.ParseUint(os.Getenv("UAIBENCH_TEST_FSIZE"), 10, 64); err == nil {
		if err := limitFiles(limit); err != nil { // the write fails instead
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
	}
	c := Config{Plan: fragile(), Dir: dir, Jobs: 3, Data: toy, Method: makeUp, RetryFailed: true}
	if os.Getenv("UAIBENCH_TEST_SNAPSHOTS") != "" {
		c.Snapshot = time.Nanosecond // after every round
	}
	if file := os.Getenv("UAIBENCH_TEST_HOLD"); file != "" { // the first cell waits for this file
		c.Events = func(e Event) {
			for e.Kind == CellStarted {
				if _, err := os.Stat(file); err == nil {
					break
				}
				time.Sleep(time.Millisecond)
			}
		}
	}
	_, err := Run(context.Background(), c)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

func childCommand(t *testing.T, dir string, env ...string) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe)
	cmd.Env = append(append(os.Environ(), "UAIBENCH_TEST_CHILD="+dir), env...)
	return cmd
}

// Fifty kills, with those of the command's own test. Half of the runs write a snapshot of every
// cell after every round, so that a kill can hit that too.
func TestKilledAtAnyMoment(t *testing.T) {
	want := must(t, config(t, fragile())).Digest
	for _, snapshots := range []string{"", "on"} {
		t.Run("snapshots "+snapshots, func(t *testing.T) {
			t.Parallel()
			killed(t, 19, want, "UAIBENCH_TEST_SNAPSHOTS="+snapshots)
		})
	}
}

// killed kills processes that run fragile, kills times, each at a random moment, and lets others
// continue, until each run is complete.
func killed(t *testing.T, kills int, want, env string) {
	unhindered := filepath.Join(t.TempDir(), "run")
	start := time.Now()
	begun := make(chan time.Time, 1)
	go func() { begun <- awaitBegin(unhindered, start, nil) }()
	if out, err := childCommand(t, unhindered, env).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	whole, work := time.Since(start), time.Since(<-begun)
	if got := read(t, unhindered).Digest(); got != want {
		t.Fatalf("another process: digest %s, want %s", got, want)
	}

	killed, rounds, resumed, states := 0, 0, 0, map[string]bool{}
	for killed < kills {
		rounds++
		dir := filepath.Join(t.TempDir(), "run")
		var done map[string]string // by cell: digests of the cells done when the last process died
		for {
			cmd := childCommand(t, dir, env)
			var out strings.Builder
			cmd.Stderr = &out
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			died := make(chan error, 1)
			go func() { died <- cmd.Wait() }()
			// Every other kill waits until the process has begun the run: it spends most of its
			// time on starting, above all with the race detector, and has nothing to lose until
			// then.
			started := time.Now()
			moment := time.After(time.Duration(rand.Float64() * float64(whole)))
			if ended := make(chan struct{}); killed%2 == 1 {
				late := make(chan time.Time, 1)
				moment = late
				go func() {
					awaitBegin(dir, started, ended)
					time.Sleep(time.Duration(rand.Float64() * float64(work)))
					late <- time.Now()
				}()
				defer close(ended)
			}
			var err error
			select {
			case err = <-died:
			case <-moment:
				if killed == kills {
					err = <-died
					break
				}
				if err := cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
					t.Fatal(err)
				}
				if err = <-died; err != nil {
					killed++
				}
			}
			run, readErr := runlog.Read(dir)
			if readErr == nil {
				now := map[string]string{}
				for _, c := range run.Cells {
					if c.Status.State == runlog.Done {
						now[c.ID] = c.Status.Digest
					}
				}
				for id, digest := range done {
					if now[id] != digest {
						t.Fatalf("cell %s was done, and is lost or another", id)
					}
				}
				done = now
			}
			switch {
			case err == nil: // it completed
			case readErr == nil:
				states[fmt.Sprint(run.Count(runlog.Done), run.Count(runlog.Failed))] = true
				if run.Count(runlog.Running) > 0 {
					t.Error("a killed process's cell is called running")
				}
				continue
			case errors.Is(readErr, fs.ErrNotExist): // killed before there was a plan
				continue
			}
			if err != nil || readErr != nil {
				t.Fatalf("after %d kills: %v, %v: %s", killed, err, readErr, out.String())
			}
			if run.Digest() != want || run.Count(runlog.Done) != 20 || run.Count(runlog.Failed) != 10 {
				t.Fatalf("after %d kills: digest %s, want %s; %d done", killed, run.Digest(), want, run.Count(runlog.Done))
			}
			for _, c := range run.Cells {
				if a := c.Status.Attempts; a[len(a)-1].Resumed != nil {
					resumed++
				}
			}
			nothingLeft(t, dir)
			break
		}
	}
	t.Logf("%d kills in %d runs of %v, at %d different numbers of done and failed cells; %d cells went on from a snapshot", killed, rounds, whole, len(states), resumed)
	if snapshots := !strings.HasSuffix(env, "="); snapshots != (resumed > 0) {
		t.Errorf("%d cells went on from a snapshot", resumed)
	}
}

// awaitBegin returns the time when a process started at started has written its entry to the run's
// env.json, or when ended is closed.
func awaitBegin(dir string, started time.Time, ended <-chan struct{}) time.Time {
	for {
		if info, err := os.Stat(filepath.Join(dir, "env.json")); err == nil && info.ModTime().After(started) {
			return time.Now()
		}
		select {
		case <-ended:
			return time.Now()
		case <-time.After(time.Millisecond):
		}
	}
}

// A full disk, simulated by a limit on the size of files, which queries.jsonl exceeds.
func TestFullDisk(t *testing.T) {
	c := config(t, fragile())
	c.RetryFailed = true
	must(t, c)
	// All results but one exist, so that plan.json is not written again.
	victim := c.Plan.Cells[0]
	if err := os.RemoveAll(filepath.Join(c.Dir, "cells", victim.ID)); err != nil {
		t.Fatal(err)
	}
	before := read(t, c.Dir)
	out, err := childCommand(t, c.Dir, "UAIBENCH_TEST_FSIZE=3000").CombinedOutput()
	if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.ExitCode() != 1 {
		t.Fatalf("%v: %s", err, out)
	}
	if s := string(out); !strings.Contains(s, victim.ID) || !strings.Contains(s, "queries.jsonl: file too large") {
		t.Errorf("message: %s", s)
	}
	nothingLeft(t, c.Dir)
	after := read(t, c.Dir)
	if after.Digest() != before.Digest() || after.Cells[0].Status.State != runlog.Planned {
		t.Error("a finished cell is lost, or one that could not be written is there")
	}
	want := must(t, config(t, fragile())).Digest
	if s := must(t, c); s.Digest != want {
		t.Errorf("with room again: digest %s, want %s", s.Digest, want)
	}
}
