package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestBrokenSpecs runs every broken spec of package spec: status 2, a message that begins with the
// file's name, and no run directory. The exact messages are tested in that package, with a
// catalogue made for it.
func TestBrokenSpecs(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "..", "spec", "testdata", "broken", "*.yaml"))
	if err != nil || len(files) < 20 {
		t.Fatalf("%d broken specs, %v", len(files), err)
	}
	dir := t.TempDir()
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			var out, errs bytes.Buffer
			status := run(context.Background(), []string{"run", file, "--out", filepath.Join(dir, "run")}, &out, &errs)
			if status != statusUsage || !strings.HasPrefix(errs.String(), file+":") {
				t.Errorf("status %d, %q", status, errs.String())
			}
			if _, err := os.Stat(filepath.Join(dir, "run")); err == nil {
				t.Error("a run directory was made")
			}
		})
	}
}
