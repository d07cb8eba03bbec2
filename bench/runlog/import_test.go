package runlog

import (
	"os"
	"path/filepath"
	"testing"
)

func TestImportCell(t *testing.T) {
	plan := testPlan(3)
	there := t.TempDir()
	w := open(t, there, plan)
	finish(t, w, plan.Cells[0])
	finish(t, w, plan.Cells[1])
	fail(t, w, plan.Cells[2], Failed, "it broke there")
	w.Close()
	pack := filepath.Join(t.TempDir(), "there.tar.gz")
	if _, err := Pack(there, pack); err != nil {
		t.Fatal(err)
	}
	for _, source := range []string{there, pack} {
		run, err := Read(source)
		if err != nil {
			t.Fatal(err)
		}
		here := t.TempDir()
		w := open(t, here, plan)
		fail(t, w, plan.Cells[1], TimedOut, "it was slow here")
		for i, want := range []bool{true, true, false} {
			if imported, err := w.ImportCell(plan.Cells[i].ID, run); imported != want || err != nil {
				t.Errorf("cell %d of %s: imported %v, %v", i, source, imported, err)
			}
		}
		if _, err := w.ImportCell(plan.Cells[0].ID, run); err == nil {
			t.Error("a done cell was replaced")
		}
		w.Close()
		for _, c := range plan.Cells[:2] {
			for _, name := range []string{ResultName, LogName} {
				if a, b := bytesOf(t, filepath.Join(cellDir(here, c.ID), name)), bytesOf(t, filepath.Join(cellDir(there, c.ID), name)); string(a) != string(b) {
					t.Errorf("%s differs", name)
				}
			}
		}
		got, err := Read(here)
		if err != nil {
			t.Fatal(err)
		}
		if a := got.Cells[1].Status.Attempts; len(a) != 2 || a[0].Error != "it was slow here" || a[1].State != Done {
			t.Errorf("attempts %+v: the one here, then the one there", a)
		}
		if got.Cells[2].Status.State != Planned || hidden(t, here) != nil {
			t.Errorf("a failed cell was imported: %v, %v", got.Cells[2].Status.State, hidden(t, here))
		}
	}
}

// A cell damaged since the other run was read is not imported, and leaves nothing behind.
func TestImportOfDamagedCell(t *testing.T) {
	plan := testPlan(1)
	there, here := t.TempDir(), t.TempDir()
	w := open(t, there, plan)
	finish(t, w, plan.Cells[0])
	w.Close()
	run, err := Read(there)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(filepath.Join(cellDir(there, plan.Cells[0].ID), LogName), 9); err != nil {
		t.Fatal(err)
	}
	w = open(t, here, plan)
	if imported, err := w.ImportCell(plan.Cells[0].ID, run); imported || err == nil {
		t.Errorf("imported %v, %v", imported, err)
	}
	if w.Status(plan.Cells[0].ID).State != Planned || hidden(t, here) != nil {
		t.Error("something is left of it")
	}
}
