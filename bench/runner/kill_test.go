package runner

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
)

// fragile has cells that get done and cells that fail at every try, so that a kill can hit the
// replacement of a failed cell too.
func fragile() bench.Plan {
	return plan([]string{"a", "b"}, []string{"dozes", "errs", "static"}, 5)
}

// child is a process of its own: a run of fragile in dir, with files of limited size if so told.
func child(dir string) {
	if limit, err := strconv.ParseUint(os.Getenv("UAIBENCH_TEST_FSIZE"), 10, 64); err == nil {
		signal.Ignore(unix.SIGXFSZ) // the write fails instead
		if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: limit, Max: limit}); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
	}
	_, err := Run(context.Background(), Config{Plan: fragile(), Dir: dir, Jobs: 3, Data: toy, Method: makeUp, RetryFailed: true})
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

func TestKilledAtAnyMoment(t *testing.T) {
	reference := config(t, fragile())
	want := must(t, reference).Digest

	unhindered := filepath.Join(t.TempDir(), "run")
	start := time.Now()
	if out, err := childCommand(t, unhindered).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	whole := time.Since(start)
	if got := read(t, unhindered).Digest(); got != want {
		t.Fatalf("another process: digest %s, want %s", got, want)
	}

	const kills = 20
	killed, rounds, states := 0, 0, map[string]bool{}
	for killed < kills {
		rounds++
		dir := filepath.Join(t.TempDir(), "run")
		for {
			cmd := childCommand(t, dir)
			var out strings.Builder
			cmd.Stderr = &out
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			died := make(chan error, 1)
			go func() { died <- cmd.Wait() }()
			var err error
			select {
			case err = <-died:
			case <-time.After(time.Duration(rand.Float64() * float64(whole))):
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
			switch {
			case err == nil: // it came through
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
			nothingLeft(t, dir)
			break
		}
	}
	t.Logf("%d kills in %d runs of %v, at %d different numbers of done and failed cells", killed, rounds, whole, len(states))
}

// A disk that fills up, by a limit on the size of a file: queries.jsonl exceeds it.
func TestFullDisk(t *testing.T) {
	c := config(t, fragile())
	c.RetryFailed = true
	must(t, c)
	// All results but one are there, so that plan.json need not be written again.
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
