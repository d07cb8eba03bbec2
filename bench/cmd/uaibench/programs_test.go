//go:build unix

package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/uaibench/uaibench/bench/runlog"
)

// python3 skips the test where Python is not installed; the protocol itself is tested without it.
func python3(t *testing.T) {
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skip("python3 is not here")
	}
}

// longRun writes a table and a spec whose cell, of the Python method
// experiments/external/nearest.py, takes a while. It returns the spec's path.
func longRun(t *testing.T) (spec string) {
	t.Helper()
	examples, err := filepath.Abs(filepath.Join("..", "..", "..", "experiments", "external"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	var table strings.Builder
	table.WriteString("a,b,label\n")
	for i := range 300 {
		y := 0
		if i%30 == 7 {
			y = 1
		}
		fmt.Fprintf(&table, "%d,%d,%d\n", (i*i)%97+200*y, (i*7)%31, y)
	}
	text := "version: 1\nname: long\ndatasets: [{id: file, path: t.csv}]\nmethods:\n" +
		"  - {id: exec, label: nearest, command: [python3, nearest.py], files: uaibench_client.py}\n" +
		"budget: 200\nk: 1\nseeds: [1]\n"
	for name, content := range map[string]string{"t.csv": table.String(), "long.yaml": text} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"nearest.py", "uaibench_client.py"} {
		content, err := os.ReadFile(filepath.Join(examples, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "long.yaml")
}

// midway waits until the run's only cell has a snapshot after more than 3 audits.
func midway(ctx context.Context, out string) {
	for ctx.Err() == nil {
		if run, err := runlog.Read(out); err == nil {
			if s, ok := run.Snapshot(run.Cells[0].ID); ok && s.Audits > 3 {
				return
			}
		}
		time.Sleep(time.Millisecond)
	}
}

// programsAt lists the processes whose working folder is below out.
func programsAt(out string) (left []string) {
	entries, _ := os.ReadDir("/proc")
	for _, e := range entries {
		cwd, err := os.Readlink("/proc/" + e.Name() + "/cwd")
		if err == nil && strings.HasPrefix(cwd, out) {
			left = append(left, e.Name()+" in "+cwd)
		}
	}
	return left
}

// TestProgramGoesOn kills the harness in the middle of a Python method's cell. The program ends
// too, the next run resumes from the method's snapshot, and its digest is that of an uninterrupted
// run. Its log is replayed.
func TestProgramGoesOn(t *testing.T) {
	python3(t)
	spec := longRun(t)
	t.Setenv("UAIBENCH_ALLOW_EXEC", "1")
	whole, killed := filepath.Join(t.TempDir(), "whole"), filepath.Join(t.TempDir(), "killed")
	do := func(args ...string) (int, string) {
		var out bytes.Buffer
		return run(t.Context(), args, &out, &out), out.String()
	}
	if status, out := do("run", spec, "--out", whole); status != 0 {
		t.Fatal(out)
	}
	c := exec.Command(itself(t, t.TempDir()), "run", spec, "--out", killed, "--snapshot", "1ns")
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, &out
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	midway(ctx, killed)
	c.Process.Signal(syscall.SIGKILL)
	c.Wait()
	deadline := time.Now().Add(10 * time.Second)
	for len(programsAt(killed)) > 0 && time.Now().Before(deadline) {
		time.Sleep(10 * time.Millisecond)
	}
	if left := programsAt(killed); len(left) > 0 {
		t.Errorf("processes are left: %v", left)
	}
	status, output := do("run", spec, "--out", killed)
	if status != 0 || !strings.Contains(output, "resume nearest on t.csv, seed 1: at ") {
		t.Fatalf("status %d\n%s\nthe killed run said\n%s", status, output, out.String())
	}
	a, errA := runlog.Read(whole)
	b, errB := runlog.Read(killed)
	if errA != nil || errB != nil || a.Digest() != b.Digest() || a.Cells[0].Result.Counts["distances"] == 0 {
		t.Errorf("%v, %v, digests %s and %s", errA, errB, a.Digest(), b.Digest())
	}
	if status, text := do("verify", killed, "--sample", "1"); status != 0 || !strings.Contains(text, "1 gave the same bytes") {
		t.Errorf("status %d\n%s", status, text)
	}
	for _, dir := range []string{whole, killed} {
		if _, err := os.Stat(filepath.Join(dir, "programs")); err == nil {
			t.Errorf("%s has programs' files left", dir)
		}
	}
}

// TestExamples checks the Python methods of experiments/external against the protocol; the one on
// scikit-learn only where that is installed.
func TestExamples(t *testing.T) {
	t.Parallel()
	python3(t)
	dir := filepath.Join("..", "..", "..", "experiments", "external")
	files, err := filepath.Glob(filepath.Join(dir, "*.py"))
	if err != nil || len(files) < 4 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, file := range files {
		if filepath.Base(file) == "uaibench_client.py" {
			continue
		}
		t.Run(filepath.Base(file), func(t *testing.T) {
			interpreter, args := "python3", []string{"method", "check"}
			if filepath.Base(file) == "forest.py" {
				interpreter = "/usr/bin/python3"
				if exec.Command(interpreter, "-c", "import sklearn").Run() != nil {
					t.Skip("scikit-learn is not here")
				}
				args = append(args, "--param", "trees=10")
			}
			var out bytes.Buffer
			if status := run(t.Context(), append(args, "--", interpreter, file), &out, &out); status != 0 {
				t.Errorf("status %d\n%s", status, out.String())
			}
		})
	}
}
