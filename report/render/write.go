package render

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/uaibench/uaibench/bench/atomicfile"
)

// Write puts the document in file and its plots below the folder of results, and removes plots that
// it no longer shows. It returns the paths that changed. With check it changes nothing, and returns
// those that would.
func (b *Document) Write(file, results string, check bool) (changed []string, err error) {
	want := map[string][]byte{file: b.Markdown}
	for name, svg := range b.Plots {
		want[filepath.Join(results, filepath.FromSlash(name))] = svg
	}
	for _, path := range slices.Sorted(maps.Keys(want)) {
		have, err := os.ReadFile(path)
		if err == nil && bytes.Equal(have, want[path]) {
			continue
		}
		changed = append(changed, path)
		if check {
			continue
		}
		if err := os.MkdirAll(filepath.Dir(path), atomicfile.DirMode); err != nil {
			return changed, fmt.Errorf("render: %w", err)
		}
		if err := atomicfile.Write(path, want[path]); err != nil {
			return changed, fmt.Errorf("render: %w", err)
		}
	}
	old, err := filepath.Glob(filepath.Join(results, "plots", "*.svg"))
	if err != nil {
		return changed, fmt.Errorf("render: %w", err)
	}
	for _, path := range old {
		if _, ok := want[path]; ok {
			continue
		}
		changed = append(changed, path)
		if check {
			continue
		}
		if err := os.Remove(path); err != nil {
			return changed, fmt.Errorf("render: %w", err)
		}
	}
	return changed, nil
}
