package runlog

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A process can die between any two steps of a replacement.
func TestReplacementCutShort(t *testing.T) {
	for _, cut := range []string{"stepped aside", "successor in place"} {
		t.Run(cut, func(t *testing.T) {
			dir := t.TempDir()
			plan := testPlan(1)
			id := plan.Cells[0].ID
			w := open(t, dir, plan)
			fail(t, w, plan.Cells[0], Failed, "first")
			if err := os.Rename(cellDir(dir, id), filepath.Join(dir, CellsName, oldPrefix+id)); err != nil {
				t.Fatal(err)
			}
			want := Failed
			if cut == "successor in place" {
				w.statuses = map[string]Status{}
				finish(t, w, plan.Cells[0])
				if err := os.MkdirAll(filepath.Join(dir, CellsName, oldPrefix+id), 0o755); err != nil {
					t.Fatal(err)
				}
				want = Done
			}
			if _, err := w.Begin("0123"); err != nil { // dies while working on another cell
				t.Fatal(err)
			}
			w.Close()
			w = open(t, dir, plan)
			if got := w.Status(id).State; got != want {
				t.Errorf("state %s, want %s", got, want)
			}
			if left := hidden(t, dir); left != nil {
				t.Errorf("left over: %v", left)
			}
		})
	}
}

func TestDamageIsFoundNamedAndSetAside(t *testing.T) {
	change := map[string]func(dir string) error{
		"result.json":  func(d string) error { return edit(d, "result.json", `"audited": 3`, `"audited": 4`) },
		"queries.json": func(d string) error { return edit(d, "queries.jsonl", `"label":true`, `"label":false`) },
		"status.json":  func(d string) error { return edit(d, "status.json", `"digest": "`, `"digest": "0`) },
		"cut":          func(d string) error { return os.Truncate(filepath.Join(d, "result.json"), 100) },
		"empty":        func(d string) error { return os.Truncate(filepath.Join(d, "status.json"), 0) },
		"missing":      func(d string) error { return os.Remove(filepath.Join(d, "queries.jsonl")) },
		"no status":    func(d string) error { return os.Remove(filepath.Join(d, "status.json")) },
		"other state":  func(d string) error { return edit(d, "status.json", `"done"`, `"running"`) },
		"swapped": func(d string) error {
			other := filepath.Join(filepath.Dir(d), testPlan(2).Cells[1].ID)
			if err := os.RemoveAll(d); err != nil {
				return err
			}
			return os.CopyFS(d, os.DirFS(other))
		},
	}
	named := map[string]string{
		"result.json": "result.json has changed", "queries.json": "queries.jsonl has changed", "status.json": "status.json: the cell's digest",
		"cut": "result.json has changed", "empty": "status.json:1: byte 0 of 0", "missing": "queries.jsonl is missing", "no status": "status.json is missing",
		"other state": `status.json: state "running"`, "swapped": "result.json is the result of another cell",
	}
	for name, f := range change {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			plan := testPlan(2)
			w := open(t, dir, plan)
			finish(t, w, plan.Cells[0])
			finish(t, w, plan.Cells[1])
			whole := w.Digest()
			w.Close()
			if err := f(cellDir(dir, plan.Cells[0].ID)); err != nil {
				t.Fatal(err)
			}
			run, err := Read(dir)
			if run != nil || err == nil || !strings.Contains(err.Error(), named[name]) {
				t.Fatalf("Read: %v, want %q", err, named[name])
			}
			if d, ok := errors.AsType[*Damage](err); !ok || d.ID != plan.Cells[0].ID {
				t.Errorf("Read's error is no Damage of the cell: %v", err)
			}
			w = open(t, dir, plan)
			if len(w.Damaged) != 1 || w.Damaged[0].ID != plan.Cells[0].ID {
				t.Fatalf("Open: damaged %v", w.Damaged)
			}
			if _, err := os.Stat(w.Damaged[0].Kept); err != nil {
				t.Error("what was damaged is not kept:", err)
			}
			if w.Status(plan.Cells[0].ID).State != Planned || w.Status(plan.Cells[1].ID).State != Done {
				t.Error("the damaged cell is not to be run again, or the other one is")
			}
			finish(t, w, plan.Cells[0])
			if run, err := Read(dir); err != nil || run.Digest() != whole {
				t.Errorf("run again: %v", err)
			}
		})
	}
}

// Read refuses a plan with a changed label, which would misname a curve and which no cell's digest
// covers; opening the run with its spec's plan repairs it.
func TestEditedPlanIsRefused(t *testing.T) {
	dir := t.TempDir()
	plan := testPlan(2)
	w := open(t, dir, plan)
	finish(t, w, plan.Cells[0])
	whole := w.Digest()
	w.Close()
	label := fmt.Sprintf(`"label": %q`, plan.Cells[0].Label)
	if err := edit(dir, PlanName, label, `"label": "another"`); err != nil {
		t.Fatal(err)
	}
	if run, err := Read(dir); run != nil || err == nil || !strings.Contains(err.Error(), "plan.json was edited") {
		t.Fatalf("Read: %v", err)
	}
	open(t, dir, plan)
	if run, err := Read(dir); err != nil || run.Digest() != whole || run.Cells[0].Label != plan.Cells[0].Label {
		t.Errorf("after another run: %v", err)
	}
}

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
