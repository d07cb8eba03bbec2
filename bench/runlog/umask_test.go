//go:build unix

package runlog

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

// TestUmask: every file and folder of a run, and a pack of it, has the mode that the umask leaves,
// so that others can read nothing under 077, and the group can write everything under 002.
func TestUmask(t *testing.T) {
	defer unix.Umask(unix.Umask(0o022))
	for umask, want := range map[int][2]fs.FileMode{0o077: {0o600, 0o700}, 0o002: {0o664, 0o775}} {
		unix.Umask(umask)
		dir := filepath.Join(t.TempDir(), "new", "run")
		plan := testPlan(4)
		w := open(t, dir, plan)
		finish(t, w, plan.Cells[0])
		fail(t, w, plan.Cells[1], Failed, "it broke")
		d, err := w.Begin(plan.Cells[2].ID)
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Snapshot(Snapshot{Cell: plan.Cells[2].ID}, []byte("half of it")); err != nil {
			t.Fatal(err)
		}
		if _, err := Pack(dir, filepath.Join(dir, "pack.tar.gz")); err != nil {
			t.Fatal(err)
		}
		seen := 0
		err = filepath.WalkDir(filepath.Dir(dir), func(path string, e fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			info, err := e.Info()
			if err != nil {
				return err
			}
			mode := want[0]
			if e.IsDir() {
				mode = want[1]
			}
			if seen++; info.Mode().Perm() != mode {
				t.Errorf("umask %03o: %s has %o, not %o", umask, path, info.Mode().Perm(), mode)
			}
			return nil
		})
		if err != nil || seen < 16 {
			t.Errorf("%d files and folders, %v", seen, err)
		}
	}
}

// TestSweepOfReplacements: Open removes the drafts of a process that was killed while it replaced
// plan.json or env.json.
func TestSweepOfReplacements(t *testing.T) {
	dir := t.TempDir()
	open(t, dir, testPlan(1)).Close()
	for _, name := range []string{".plan.json123", ".env.json99", ".tmp.plan.json"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("{"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	open(t, dir, testPlan(1)).Close()
	if left, err := names(dir, "."); err != nil || len(left) != 1 || left[0] != locksName {
		t.Errorf("%q, %v", left, err)
	}
}
