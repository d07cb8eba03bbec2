package verify

import (
	"crypto/sha256"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/bench/runlog"
)

// A slim pack is replayed like a full one, and its slim cells are counted. A second run of a cell
// is checked against the SHA-256 of its original log, so a changed score is found although no score
// is kept.
func TestVerifySlim(t *testing.T) {
	dir, plan := wholeRun(t, 4)
	file := filepath.Join(t.TempDir(), "slim"+runlog.PackSuffix)
	if _, err := runlog.PackSlim(dir, file); err != nil {
		t.Fatal(err)
	}
	want, v := verify(t, dir), verify(t, file)
	if len(v.Findings) != 0 || v.Slim != 4 || v.Replayed != 4 || v.Digest != want.Digest || v.Shared != want.Shared || want.Slim != 0 {
		t.Errorf("%+v, want as of %+v", v, want)
	}
	c := plan.Cells[0]
	r, q := testResult(c.Cell)
	if err := v.Compare(c.ID, r, q); err != nil || len(v.Findings) != 0 {
		t.Fatal(err, v.Findings)
	}
	q[1].Score = 0.26
	if err := v.Compare(c.ID, r, q); err != nil || len(v.Findings) != 1 || !strings.Contains(v.Findings[0].Problem, "so the scores differ") {
		t.Error(err, v.Findings)
	}
	q[1].Row = 2
	if err := v.Compare(c.ID, r, q); err != nil || len(v.Findings) != 2 || !strings.Contains(v.Findings[1].Problem, "audit 2 is now of row 2") {
		t.Error(err, v.Findings)
	}
	r.Counts["steps"]++
	if err := v.Compare(c.ID, r, q); err != nil || len(v.Findings) != 3 || !strings.Contains(v.Findings[2].Problem, "steps") {
		t.Error(err, v.Findings)
	}
}

// Rows exchanged in a slim cell, with a digest that fits, contradict other cells where their truths
// differ.
func TestVerifySlimForgery(t *testing.T) {
	dir, plan := wholeRun(t, 4)
	file := filepath.Join(t.TempDir(), "slim"+runlog.PackSuffix)
	if _, err := runlog.PackSlim(dir, file); err != nil {
		t.Fatal(err)
	}
	files, err := runlog.OpenFiles(file)
	if err != nil {
		t.Fatal(err)
	}
	name := runlog.CellFile(plan.Cells[0].ID, runlog.SlimAuditsName)
	data, err := files.Read(name)
	if err != nil {
		t.Fatal(err)
	}
	data[8+32+2], data[8+32+3] = data[8+32+3], data[8+32+2] // rows 3 and 1, of which 1 is the anomaly
	sum := sha256.Sum256(data[8+32:])
	copy(data[8:], sum[:])
	out := t.TempDir()
	if msg, err := exec.Command("tar", "xzf", file, "-C", out).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, msg)
	}
	if err := os.WriteFile(filepath.Join(out, name), data, 0o644); err != nil {
		t.Fatal(err)
	}
	if v := verify(t, out); len(v.Findings) != 2 || !strings.Contains(v.Findings[0].Problem, "3 other cells on the same data") {
		t.Errorf("%+v", v.Findings)
	}
}
