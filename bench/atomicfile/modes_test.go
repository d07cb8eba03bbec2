//go:build unix

package atomicfile

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

// TestUmask checks that the mode follows the umask, for new files and for those that replace one
// with another mode, and that no other file is left in the folder.
func TestUmask(t *testing.T) {
	defer unix.Umask(unix.Umask(0o022))
	for umask, want := range map[int]string{0o077: "f 600\n", 0o022: "f 644\n", 0o002: "f 664\n", 0o000: "f 666\n"} {
		dir := t.TempDir()
		unix.Umask(umask)
		path := filepath.Join(dir, "f")
		for _, data := range []string{"one", "two"} {
			if err := Write(path, []byte(data)); err != nil {
				t.Fatal(err)
			}
			if got, err := os.ReadFile(path); err != nil || string(got) != data {
				t.Errorf("%q, %v", got, err)
			}
			if got := listed(t, dir); got != want {
				t.Errorf("umask %03o: %q, want %q", umask, got, want)
			}
			if err := os.Chmod(path, 0o604); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// TestSetgid checks that a file created in a setgid folder has the folder's group.
func TestSetgid(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can give a folder a group of which it is no member")
	}
	dir := t.TempDir()
	if err := os.Chown(dir, -1, 5000); err != nil {
		t.Skip(err)
	}
	if err := os.Chmod(dir, 0o775|os.ModeSetgid); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "f")
	if err := Write(path, nil); err != nil {
		t.Fatal(err)
	}
	var s unix.Stat_t
	if err := unix.Stat(path, &s); err != nil || s.Gid != 5000 {
		t.Errorf("group %d, %v", s.Gid, err)
	}
}
