package runlog

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestChangedPlanKeepsCells(t *testing.T) {
	dir := t.TempDir()
	w := open(t, dir, testPlan(3))
	for _, c := range testPlan(3).Cells {
		finish(t, w, c)
	}
	w.Close()
	next := testPlan(5)
	next.Cells = next.Cells[2:]
	w = open(t, dir, next)
	if !w.Replaced || w.NotInPlan != 2 {
		t.Errorf("replaced %v, %d cells not in the plan; want true, 2", w.Replaced, w.NotInPlan)
	}
	if w.Status(next.Cells[0].ID).State != Done || w.Status(next.Cells[1].ID).State != Planned {
		t.Error("the cell that both plans have was not kept")
	}
	w.Close()
	run, err := Read(dir)
	if err != nil || run.NotInPlan != 2 || len(run.Cells) != 3 {
		t.Errorf("Read: %+v, %v", run, err)
	}
	w = open(t, dir, testPlan(3))
	if w.NotInPlan != 0 {
		t.Error("the first plan's cells are gone")
	}
}

func TestReadRefuses(t *testing.T) {
	for _, c := range []struct {
		name, want string
		make       func(t *testing.T, dir string)
	}{
		{"nothing", "there is no run directory", func(t *testing.T, dir string) { os.Remove(dir) }},
		{"empty", "is not a run directory: it has no plan.json", func(*testing.T, string) {}},
		{"format", "has format 2; this program reads format 1", func(t *testing.T, dir string) { put(t, dir, `{"format": 2, "plan": "unheard of"}`) }},
		{"broken", "plan.json:2: byte 20 of 20: invalid character", func(t *testing.T, dir string) { put(t, dir, "{\"format\": 1,\n  \"p}\n") }},
		{"cut", "plan.json:1: byte 5 of 5: unexpected end of JSON", func(t *testing.T, dir string) { put(t, dir, `{"for`) }},
		{"edited seed", "its contents give", func(t *testing.T, dir string) { editPlan(t, dir, `"seed": 9223372036854775808`, `"seed": 7`) }},
		{"removed cell", "the digest of its cells is", func(t *testing.T, dir string) { editPlan(t, dir, `"digest": "`, `"digest": "0`) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			c.make(t, dir)
			run, err := Read(dir)
			if run != nil || err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("Read: %v, want %q", err, c.want)
			}
		})
	}
}

func put(t *testing.T, dir, plan string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, PlanName), []byte(plan), 0o644); err != nil {
		t.Fatal(err)
	}
}

func editPlan(t *testing.T, dir, old, new string) {
	t.Helper()
	open(t, dir, testPlan(2)).Close()
	if err := edit(dir, PlanName, old, new); err != nil {
		t.Fatal(err)
	}
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "thesis.tex"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path  string
		shard Shard
		want  string
	}{
		{dir, Shard{}, "not a run directory: it holds other things (thesis.tex)"},
		{filepath.Join(dir, "thesis.tex", "run"), Shard{}, "not a directory"},
		{filepath.Join(dir, "thesis.tex"), Shard{}, "not a directory"},
		{filepath.Join(dir, "run"), Shard{I: 3, N: 2}, "no shard 3 of 2"},
		{filepath.Join(dir, "run"), Shard{I: 0, N: 2}, "no shard 0 of 2"},
	} {
		if _, err := Open(c.path, testPlan(1), Env{}, c.shard); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("Open(%s): %v, want %q", c.path, err, c.want)
		}
	}
	// A process that died at once leaves only the locks; the run can be opened.
	young := filepath.Join(dir, "young")
	if err := os.MkdirAll(filepath.Join(young, locksName), 0o755); err != nil {
		t.Fatal(err)
	}
	open(t, young, testPlan(1))
	broken := filepath.Join(dir, "broken")
	if err := os.Mkdir(broken, 0o755); err != nil {
		t.Fatal(err)
	}
	put(t, broken, "{")
	if _, err := Open(broken, testPlan(1), Env{}, Shard{}); err == nil || !strings.Contains(err.Error(), "plan.json:1") {
		t.Errorf("Open of a directory with a broken plan.json: %v", err)
	}
}

func TestLock(t *testing.T) {
	dir := t.TempDir()
	plan := testPlan(4)
	whole := open(t, dir, plan)
	me := fmt.Sprintf("process %d on ", os.Getpid())
	refused := func(s Shard, by string) {
		t.Helper()
		w, err := Open(dir, plan, Env{}, s)
		if err == nil {
			w.Close()
			t.Fatalf("shard %v opened", s)
		}
		if !errors.Is(err, ErrInUse) || !strings.Contains(err.Error(), me) || !strings.Contains(err.Error(), by) {
			t.Errorf("shard %v: %v, want %q", s, err, by)
		}
	}
	refused(Shard{}, "the whole run")
	refused(Shard{I: 1, N: 2}, "the whole run")
	whole.Close()

	first, err := Open(dir, plan, Env{}, Shard{I: 1, N: 2})
	if err != nil {
		t.Fatal(err)
	}
	second, err := Open(dir, plan, Env{}, Shard{I: 2, N: 2})
	if err != nil {
		t.Fatal(err)
	}
	refused(Shard{I: 1, N: 2}, "shard 1 of 2")
	refused(Shard{I: 1, N: 3}, "shard 1 of 2")
	refused(Shard{}, "shard 1 of 2")
	// A shard neither sweeps another's drafts, nor checks its cells, nor changes its plan.
	draft, err := first.Begin(plan.Cells[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	second.Close()
	if _, err := Open(dir, testPlan(3), Env{}, Shard{I: 2, N: 2}); !errors.Is(err, ErrInUse) || !strings.Contains(err.Error(), "another plan") {
		t.Errorf("another plan beside a living shard: %v", err)
	}
	second, err = Open(dir, plan, Env{}, Shard{I: 2, N: 2})
	if err != nil {
		t.Fatal(err)
	}
	r, q := testResult(plan.Cells[0].Cell)
	if _, err := draft.Done(r, q, Attempt{}); err != nil {
		t.Error("the draft was swept:", err)
	}
	finish(t, second, plan.Cells[1])
	first.Close()
	second.Close()
	run, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if run.Count(Done) != 2 || len(run.Envs) != 4 {
		t.Errorf("%d cells done, %d invocations", run.Count(Done), len(run.Envs))
	}
}
