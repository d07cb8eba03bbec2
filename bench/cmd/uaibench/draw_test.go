package main

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"
)

var regen = flag.Bool("regen", false, "rewrite the golden files instead of comparing with them")

// TestDrawGolden: Figures 1 and 5, the latter as in Figure 10, from the built networks. Look at a change before it is
// accepted with -regen.
func TestDrawGolden(t *testing.T) {
	for name, args := range map[string][]string{
		"figure1.svg": {"draw", "dae_uai"},
		"figure5.svg": {"draw", "class_uai", "--dataset", "mnist_hard", "--set", "params.hidden=[256,64,1]"},
	} {
		var got, stderr bytes.Buffer
		if status := run(t.Context(), args, &got, &stderr); status != 0 {
			t.Fatalf("status %d: %s", status, stderr.Bytes())
		}
		path := filepath.Join("testdata", "draw", name)
		if *regen {
			if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, got.Bytes(), 0o666); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got.Bytes(), want) {
			t.Errorf("%s differs from what draw gives", path)
		}
	}
}
