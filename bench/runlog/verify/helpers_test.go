package verify

import (
	"archive/tar"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
)

// testPlan has n cells that differ in their seed.
func testPlan(n int) bench.Plan {
	p := bench.Plan{Name: "test", Title: "A <test> & more"}
	for i := range n {
		c := bench.Cell{
			Dataset: bench.DatasetRef{ID: "toy", Version: 1, Params: bench.Params{"rows": 5}, Seed: 1},
			Method:  bench.MethodRef{ID: "made_up", Version: 2, Params: bench.Params{"rate": 1e-3}},
			Seed:    1<<63 + uint64(i),
			Budget:  bench.Budget{Audits: 3},
			K:       bench.K{Below: 100, Then: 3, Else: 10},
			Loop:    bench.LoopVersion,
		}
		p.Cells = append(p.Cells, bench.PlannedCell{ID: c.ID(), Cell: c, Label: "Made up"})
	}
	return p
}

// testResult is a run of 3 audits over 5 rows, of which rows 1 and 4 are anomalies.
func testResult(c bench.Cell) (runlog.Result, []runlog.Audit) {
	r := runlog.Result{
		ID: c.ID(), Cell: c, Format: runlog.FormatVersion, Rows: 5, Features: 2, K: 3,
		Counts: map[string]int64{"steps": 7, "rows_scored": 5},
	}
	r.Measure([]bool{false, true, false}, 2, 3)
	return r, []runlog.Audit{
		{Number: 1, Call: 1, Rank: 1, Row: 3, Score: 0.5, Head: "base"},
		{Number: 2, Call: 1, Rank: 2, Row: 1, Score: 0.25, Head: "base", Label: true, Truth: true, Found: 1},
		{Number: 3, Call: 1, Rank: 3, Row: 0, Score: -1e-7, Head: "base", Found: 1},
	}
}

func open(t testing.TB, dir string, p bench.Plan) *runlog.Writer {
	t.Helper()
	w, err := runlog.Open(dir, p, runlog.Env{Host: "here"}, runlog.Shard{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	return w
}

func finish(t testing.TB, w *runlog.Writer, c bench.PlannedCell) {
	t.Helper()
	d, err := w.Begin(c.ID)
	if err != nil {
		t.Fatal(err)
	}
	r, q := testResult(c.Cell)
	if c.Cell.Noise != (bench.Noise{}) {
		answer(t, c.Cell, q)
	}
	if _, err := d.Done(r, q, runlog.Attempt{Seed: c.Cell.Seed, Seconds: 2}); err != nil {
		t.Fatal(err)
	}
}

func fail(t testing.TB, w *runlog.Writer, c bench.PlannedCell, state runlog.State, msg string) {
	t.Helper()
	d, err := w.Begin(c.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Fail(runlog.Attempt{State: state, Seed: c.Cell.Seed, Error: msg}); err != nil {
		t.Fatal(err)
	}
}

// wholeRun has n done cells; the last one has an oracle that errs.
func wholeRun(t testing.TB, n int) (dir string, plan bench.Plan) {
	t.Helper()
	plan = testPlan(n)
	last := &plan.Cells[n-1]
	last.Cell.Noise = bench.Noise{Miss: 0.9}
	last.ID = last.Cell.ID()
	dir = filepath.Join(t.TempDir(), "run")
	w := open(t, dir, plan)
	defer w.Close()
	for _, c := range plan.Cells {
		finish(t, w, c)
	}
	return dir, plan
}

// someRun has two done cells, a failed one and a planned one, and one of an earlier plan.
func someRun(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "some")
	w := open(t, dir, testPlan(5))
	finish(t, w, testPlan(5).Cells[4])
	w.Close()
	plan := testPlan(4)
	w = open(t, dir, plan)
	finish(t, w, plan.Cells[0])
	fail(t, w, plan.Cells[1], runlog.Failed, "it broke")
	fail(t, w, plan.Cells[2], runlog.TimedOut, "too slow")
	finish(t, w, plan.Cells[2])
	w.Close()
	return dir
}

func packed(t *testing.T, dir string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "x"+runlog.PackSuffix)
	if _, err := runlog.Pack(dir, file); err != nil {
		t.Fatal(err)
	}
	return file
}

// tarred packs the files of a run directory as they are, whatever the plan says.
func tarred(t *testing.T, dir string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "x"+runlog.PackSuffix)
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z := gzip.NewWriter(f)
	defer z.Close()
	out := tar.NewWriter(z)
	defer out.Close()
	for _, pattern := range []string{"*.json", "cells/*/*"} {
		paths, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			data := bytesOf(t, path)
			name, _ := filepath.Rel(dir, path)
			h := &tar.Header{Name: name, Size: int64(len(data)), Mode: 0o644, Format: tar.FormatUSTAR}
			if err := out.WriteHeader(h); err != nil {
				t.Fatal(err)
			}
			if _, err := out.Write(data); err != nil {
				t.Fatal(err)
			}
		}
	}
	return file
}

func bytesOf(t testing.TB, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func cellDir(dir, id string) string { return filepath.Join(dir, runlog.CellsName, id) }

func edit(dir, name, old, new string) error {
	file := filepath.Join(dir, name)
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	changed := strings.Replace(string(data), old, new, 1)
	if changed == string(data) {
		return fmt.Errorf("%s does not hold %s", file, old)
	}
	return os.WriteFile(file, []byte(changed), 0o644)
}
