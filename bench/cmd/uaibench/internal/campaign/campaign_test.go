package campaign

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/uaibench/uaibench/baselines"
	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/bench/runner"
	"github.com/uaibench/uaibench/report/claims/rule"
	"github.com/uaibench/uaibench/synth"
)

// childOf is the variable by which a test process is told to decide in a folder.
const childOf = "CAMPAIGN_TEST_OUT"

func TestMain(m *testing.M) {
	if out := os.Getenv(childOf); out != "" {
		h := host(nil)
		h.Stdout, h.Stderr = os.Stdout, os.Stderr
		if err := h.Decide(context.Background(), nil, Settings{Out: out, Jobs: 2}); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// host runs the test's small experiment for the test's ledger, with real methods on the toy data;
// ended is called after each cell.
func host(ended func(runner.Event)) *Host {
	read := func(name string) []byte {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			panic(err)
		}
		return data
	}
	h := &Host{Ledger: read("ledger.yaml"), Specs: map[string][]byte{"small": read("small.yaml")},
		Catalog: bench.Catalog{Datasets: synth.Catalog(), Methods: baselines.Catalog()},
		Width:   100, Program: "uaibench", Stdout: &bytes.Buffer{}, Stderr: &bytes.Buffer{}}
	h.Evidence = func(paths []string) (e rule.Evidence, err error) {
		for _, p := range paths {
			if filepath.Base(p) == "looks.json" {
				e.Looked, err = rule.ReadLookedFile(p)
			} else {
				var r *runlog.Run
				r, err = runlog.Read(p)
				e.Runs = append(e.Runs, r)
			}
			if err != nil {
				return e, err
			}
		}
		return e, nil
	}
	h.Estimate = func(context.Context, bench.Cell) time.Duration { return time.Minute }
	h.Missing = func(*bench.Plan) map[string]bool { return nil }
	h.Execute = func(ctx context.Context, c runner.Config) (runner.Summary, error) {
		c.Jobs = 2
		c.Data = func(ctx context.Context, ref bench.DatasetRef) (*bench.Dataset, error) {
			return synth.Build(ctx, ref, nil)
		}
		c.Method = func(c bench.Cell) (bench.Learner, error) { return baselines.New(c.Method, c.Seed) }
		c.Events = ended
		return runner.Run(ctx, c)
	}
	h.Command = func(context.Context, []string) error { return errors.New("no other command is called here") }
	return h
}

func (h *Host) said() string {
	return h.Stdout.(*bytes.Buffer).String() + h.Stderr.(*bytes.Buffer).String()
}

// kept is all in a campaign's folder that must not depend on when it was interrupted: without times,
// hosts, locks.
func kept(t *testing.T, out string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(out, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(out, path)
		switch {
		case d.IsDir() && d.Name() == ".locks":
			return fs.SkipDir
		case d.IsDir(), d.Name() == busyName, d.Name() == "env.json", d.Name() == "status.json",
			strings.HasPrefix(d.Name(), "holder-of-"):
			return nil
		}
		data, err := os.ReadFile(path)
		files[name] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// One claim is decided, one hopeless, one open at its last look.
func TestDecide(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	h := host(nil)
	if err := h.Decide(t.Context(), nil, Settings{Out: out, Jobs: 2}); err != nil {
		t.Fatalf("%v\n%s", err, h.said())
	}
	t.Log(h.said())
	b, _ := os.ReadFile(filepath.Join(out, LockName))
	t.Log(string(b))
	_ = exec.Command
}
