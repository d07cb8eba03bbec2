package report

import (
	"os"
	"path/filepath"
	"testing"
)

func TestLook(t *testing.T) {
	dir := os.Getenv("LOOK")
	if dir == "" {
		t.Skip()
	}
	m := newModel(demo(4, 5, 5000), catalog())
	for _, f := range m.figures() {
		os.WriteFile(filepath.Join(dir, f.Slug+".svg"), f.SVG(), 0o644)
		b, err := f.PNG()
		if err != nil {
			t.Fatal(err)
		}
		os.WriteFile(filepath.Join(dir, f.Slug+".png"), b, 0o644)
	}
}
