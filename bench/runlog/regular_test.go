package runlog

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// odd are things that can be in a file's place, and the error for each.
var odd = []struct {
	what, want string
	make       func(path string) error
}{
	{"device", "is a device, not a regular file", func(p string) error { return os.Symlink("/dev/zero", p) }},
	{"named pipe", "is a named pipe, not a regular file", mkfifo},
	{"folder", "is a folder, not a regular file", func(p string) error { return os.Mkdir(p, 0o755) }},
	{"too large", "is too large: 1073741825 bytes, at most ", func(p string) error { // a sparse file: all of it is a hole
		if err := os.WriteFile(p, nil, 0o644); err != nil {
			return err
		}
		return os.Truncate(p, maxQueries+1)
	}},
}

func TestOddFilesDamageTheirCell(t *testing.T) {
	for _, name := range []string{StatusName, ResultName, LogName} {
		for _, o := range odd {
			t.Run(name+" "+o.what, func(t *testing.T) {
				dir := t.TempDir()
				plan := testPlan(1)
				w := open(t, dir, plan)
				finish(t, w, plan.Cells[0])
				w.Close()
				file := filepath.Join(cellDir(dir, plan.Cells[0].ID), name)
				replaceBy(t, file, o.make)
				_, err := Read(dir)
				if d, ok := errors.AsType[*Damage](err); !ok || d.Path != file || !strings.Contains(err.Error(), file+" "+o.want) {
					t.Fatalf("Read: %v, want %q", err, o.want)
				}
				w = open(t, dir, plan)
				if len(w.Damaged) != 1 || w.Damaged[0].Path != file {
					t.Fatalf("Open: damaged %v", w.Damaged)
				}
				finish(t, w, plan.Cells[0])
			})
		}
	}
}

// A link to nothing or to itself in a cell's place is set aside like any other damage.
func TestOddCells(t *testing.T) {
	for _, target := range []string{"nowhere", "itself"} {
		dir := t.TempDir()
		plan := testPlan(1)
		open(t, dir, plan).Close()
		place := cellDir(dir, plan.Cells[0].ID)
		if target == "itself" {
			target = place
		}
		if err := os.Symlink(target, place); err != nil {
			t.Fatal(err)
		}
		w := open(t, dir, plan)
		if len(w.Damaged) != 1 {
			t.Fatalf("link to %s: damaged %v", target, w.Damaged)
		}
		finish(t, w, plan.Cells[0])
	}
}

// An error names whatever is in the place of plan.json or env.json, and a remedy, which keeps the
// cells.
func TestOddFilesBesideTheCells(t *testing.T) {
	cases := append(odd[:len(odd):len(odd)], []struct {
		what, want string
		make       func(path string) error
	}{
		{"object", ".json", func(p string) error { return os.WriteFile(p, []byte("{}\n"), 0o644) }},
		{"garbage", ".json:1: byte 1 of 3: invalid character", func(p string) error { return os.WriteFile(p, []byte("\x00\x01\x02"), 0o644) }},
	}...)
	for name, remedy := range map[string]string{PlanName: "remove it (the cells beside it are kept)", EnvName: "move it away, and the run continues with all its cells"} {
		for _, c := range cases {
			t.Run(name+" "+c.what, func(t *testing.T) {
				dir := t.TempDir()
				plan := testPlan(1)
				w := open(t, dir, plan)
				finish(t, w, plan.Cells[0])
				w.Close()
				file := filepath.Join(dir, name)
				replaceBy(t, file, c.make)
				if _, err := Read(dir); err == nil || !strings.Contains(err.Error(), file) || !strings.Contains(err.Error(), c.want) {
					t.Errorf("Read: %v, want %q", err, c.want)
				}
				_, err := Open(dir, plan, Env{}, Shard{})
				if err == nil || !strings.Contains(err.Error(), file) || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), remedy) {
					t.Fatalf("Open: %v, want %q and %q", err, c.want, remedy)
				}
				if err := os.Remove(file); err != nil {
					t.Fatal(err)
				}
				if w := open(t, dir, plan); w.Status(plan.Cells[0].ID).State != Done {
					t.Error("the cell was lost")
				}
			})
		}
	}
}

func TestNotAFolder(t *testing.T) {
	for _, name := range []string{CellsName, locksName} {
		for _, c := range []struct {
			want string
			make func(path string) error
		}{
			{"is a file, not a folder: move it away", func(p string) error { return os.WriteFile(p, nil, 0o644) }},
			{"is a named pipe, not a folder: move it away", mkfifo},
			{"is a link to nothing, not a folder: move it away", func(p string) error { return os.Symlink("nowhere", p) }},
			{"is a link that leads back to itself, not a folder: move it away", func(p string) error { return os.Symlink(filepath.Base(p), p) }},
		} {
			dir := t.TempDir()
			open(t, dir, testPlan(1)).Close()
			path := filepath.Join(dir, name)
			replaceBy(t, path, c.make)
			if _, err := Open(dir, testPlan(1), Env{}, Shard{}); err == nil || !strings.Contains(err.Error(), path+" "+c.want) {
				t.Errorf("Open: %v, want %q", err, c.want)
			}
			if _, err := Read(dir); name == CellsName && (err == nil || !strings.Contains(err.Error(), path+" "+c.want)) {
				t.Errorf("Read: %v, want %q", err, c.want)
			}
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
			open(t, dir, testPlan(1))
		}
	}
}

func replaceBy(t *testing.T, path string, put func(string) error) {
	t.Helper()
	if err := os.RemoveAll(path); err != nil {
		t.Fatal(err)
	}
	if err := put(path); err != nil {
		t.Fatal(err)
	}
}
