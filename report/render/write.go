package render

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/uaibench/uaibench/bench/atomicfile"
)

// Write writes the documents below root, and removes other files that match one of the patterns
// (slash-separated, below root): pages and plots that are no longer used. It returns the paths that
// changed. With check it changes nothing, and returns those that would.
func (d Documents) Write(root string, check bool, patterns ...string) (changed []string, err error) {
	for _, name := range slices.Sorted(maps.Keys(d)) {
		path := filepath.Join(root, filepath.FromSlash(name))
		have, err := os.ReadFile(path)
		if err == nil && bytes.Equal(have, d[name]) {
			continue
		}
		changed = append(changed, name)
		if check {
			continue
		}
		if err := os.MkdirAll(filepath.Dir(path), atomicfile.DirMode); err != nil {
			return changed, fmt.Errorf("render: %w", err)
		}
		if err := atomicfile.Write(path, d[name]); err != nil {
			return changed, fmt.Errorf("render: %w", err)
		}
	}
	for _, pattern := range patterns {
		old, err := fs.Glob(os.DirFS(root), pattern)
		if err != nil {
			return changed, fmt.Errorf("render: %w", err)
		}
		for _, name := range old {
			if d[name] != nil {
				continue
			}
			changed = append(changed, name)
			if check {
				continue
			}
			if err := os.Remove(filepath.Join(root, filepath.FromSlash(name))); err != nil {
				return changed, fmt.Errorf("render: %w", err)
			}
		}
	}
	return changed, nil
}
