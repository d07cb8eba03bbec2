package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestModesAreTheUmasks checks that no file of the program names a file mode: atomicfile has the
// modes before the umask. Exceptions are packs, in which the mode is part of the bytes and the same
// for everybody, and files in the system's temporary folder, which belong to this process only.
func TestModesAreTheUmasks(t *testing.T) {
	mode := regexp.MustCompile(`\b0o[0-7]{3,4}\b|\b0[67][0-7]{2}\)|os\.(CreateTemp|MkdirTemp)\([^"]|\.Chmod\(`)
	root := filepath.Join("..", "..", "..")
	seen := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		name, _ := filepath.Rel(root, path)
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() == ".git":
			return filepath.SkipDir
		case !strings.HasSuffix(name, ".go"), strings.HasSuffix(name, "_test.go"), strings.HasPrefix(name, "bench/atomicfile"):
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		seen++
		for i, line := range strings.Split(string(data), "\n") {
			code, _, _ := strings.Cut(line, "//")
			if m := mode.FindString(code); m != "" && !strings.Contains(code, "tar.Header{") {
				t.Errorf("%s:%d: %s", name, i+1, m)
			}
		}
		return nil
	})
	if err != nil || seen < 100 {
		t.Errorf("%d files, %v", seen, err)
	}
}
