package runner

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/bench/runlog"
)

func TestShards(t *testing.T) {
	whole := config(t, good())
	want := must(t, whole).Digest
	c := config(t, good())
	total := 0
	for i := range 3 {
		c.Shard = runlog.Shard{I: i + 1, N: 3}
		s := must(t, c)
		total += s.Planned
		if s.Done != 4 || s.Ran != 4 {
			t.Errorf("shard %d: %+v", i+1, s)
		}
	}
	if got := read(t, c.Dir).Digest(); got != want || total != 12 {
		t.Errorf("three shards of together %d cells: digest %s, want %s", total, got, want)
	}
	c.Shard = runlog.Shard{}
	if s := must(t, c); s.Ran != 0 || s.Digest != want {
		t.Errorf("the whole plan after its shards: %+v", s)
	}
}

func TestCellPlannedTwiceRunsOnce(t *testing.T) {
	p := plan([]string{"a"}, []string{"learns"}, 2)
	p.Cells = append(p.Cells, p.Cells[0])
	c := config(t, p)
	if s := must(t, c); s.Planned != 2 || s.Ran != 2 {
		t.Errorf("%+v", s)
	}
	if n := len(read(t, c.Dir).Cells); n != 3 {
		t.Errorf("the plan reads back with %d places", n)
	}
}

func TestChangedPlanRunsMissingCells(t *testing.T) {
	c := config(t, plan([]string{"a"}, []string{"learns", "static"}, 2))
	must(t, c)
	c.Plan = plan([]string{"a"}, []string{"static", "dozes"}, 2)
	if s := must(t, c); s.Done != 4 || s.Ran != 2 || s.NotInPlan != 2 {
		t.Errorf("%+v", s)
	}
}

func TestDamagedCellRunsAgain(t *testing.T) {
	c := config(t, good())
	want := must(t, c).Digest
	if err := os.Truncate(filepath.Join(c.Dir, "cells", c.Plan.Cells[4].ID, "result.json"), 50); err != nil {
		t.Fatal(err)
	}
	s := must(t, c)
	if s.Ran != 1 || s.Digest != want || len(s.Damaged) != 1 || s.Damaged[0].ID != c.Plan.Cells[4].ID {
		t.Errorf("%+v", s)
	}
}

func TestInUse(t *testing.T) {
	c := config(t, plan([]string{"a"}, []string{"dozes"}, 1))
	var second error
	c.Events = func(e Event) {
		if e.Kind == CellStarted {
			again := c
			again.Events = nil
			_, second = Run(t.Context(), again)
		}
	}
	must(t, c)
	if !errors.Is(second, runlog.ErrInUse) || !strings.Contains(second.Error(), fmt.Sprintf("process %d on ", os.Getpid())) {
		t.Errorf("a second process: %v", second)
	}
}

func TestUnwritableDirectory(t *testing.T) {
	c := config(t, plan([]string{"a"}, []string{"learns"}, 1))
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	c.Dir = filepath.Join(file, "run")
	if _, err := Run(t.Context(), c); err == nil || !strings.Contains(err.Error(), "not a directory") {
		t.Errorf("a run directory under a file: %v", err)
	}
	// The cells' folder disappears during the run: the harness stops and names the cell.
	c = config(t, plan([]string{"a"}, []string{"learns"}, 4))
	c.Jobs = 1
	c.Events = func(e Event) {
		if e.Kind == CellStarted && e.Index == 2 {
			os.RemoveAll(filepath.Join(c.Dir, "cells"))
			os.WriteFile(filepath.Join(c.Dir, "cells"), nil, 0o644)
		}
	}
	s, err := Run(t.Context(), c)
	if err == nil || !strings.Contains(err.Error(), c.Plan.Cells[2].ID) || s.NotRun != 2 {
		t.Errorf("cells/ gone: %v, %+v", err, s)
	}
	if _, err := os.Stat(filepath.Join(c.Dir, "plan.json")); errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

// A plan that shares cells with finished runs imports them, whichever shard they are in, and gives
// the bytes of a run that imports nothing.
func TestImportFromOtherRuns(t *testing.T) {
	whole := plan([]string{"a", "b"}, []string{"learns", "static"}, 2)
	want := must(t, config(t, whole)).Digest

	first := config(t, plan([]string{"a"}, []string{"learns", "static", "dozes"}, 2)) // 4 of its 6 cells are in whole
	must(t, first)
	second := config(t, plan([]string{"a", "b"}, []string{"static"}, 1)) // 2 cells, one of which the first has too
	must(t, second)
	c := config(t, whole)
	c.Reuse = []*runlog.Run{read(t, first.Dir), read(t, second.Dir)}
	s := must(t, c)
	if s.Reused != 5 || s.Ran != 3 || s.Done != 8 || s.Digest != want || read(t, c.Dir).Digest() != want {
		t.Errorf("%+v", s)
	}
	if s := must(t, c); s.Reused != 0 || s.Ran != 0 {
		t.Errorf("again: %+v", s)
	}

	c = config(t, whole)
	c.Reuse = []*runlog.Run{read(t, first.Dir), read(t, second.Dir)}
	imported := 0
	for i := range 3 {
		c.Shard = runlog.Shard{I: i + 1, N: 3}
		imported += must(t, c).Reused
	}
	if got := read(t, c.Dir).Digest(); got != want || imported != 5 {
		t.Errorf("three shards took %d cells: digest %s, want %s", imported, got, want)
	}
}
