package atomicfile

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// listed returns the names and modes of a folder's files.
func listed(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	out := ""
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		out += fmt.Sprintf("%s %o\n", e.Name(), info.Mode().Perm())
	}
	return out
}

// TestFailure checks that a failed Write leaves the existing files, and no others.
func TestFailure(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "f")
	if err := os.MkdirAll(filepath.Join(path, "in the way"), DirMode); err != nil {
		t.Fatal(err)
	}
	before := listed(t, dir)
	if err := Write(path, []byte("x")); err == nil {
		t.Error("a folder that is not empty was replaced")
	}
	if got := listed(t, dir); got != before {
		t.Errorf("%q, before %q", got, before)
	}
	if err := Write(filepath.Join(dir, "no folder", "f"), nil); err == nil {
		t.Error("a file without a folder was written")
	}
}
