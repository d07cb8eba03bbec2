package main

import (
	"bytes"
	"flag"
	"image/gif"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/bench/runlog"
)

var regen = flag.Bool("regen", false, "rewrite the golden files instead of comparing with them")

// TestDrawGolden compares Figures 1 and 5, the latter as in Figure 10, drawn from the built
// networks, with golden files. Look at a change before accepting it with -regen.
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

// TestAnimationExperiment runs the animation experiment, much reduced, from spec to GIF.
func TestAnimationExperiment(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var stdout, stderr bytes.Buffer
	status := run(t.Context(), []string{"run", "animation", "--profile", "smoke", "--out", dir, "--set", "dataset_params.rows=600", "--set", "budget=130",
		"--set", "checkpoints=0,60,130", "--set", "params.pretrain_steps=20", "--set", "params.round_steps=2", "--set", "params.hidden=[8,1]"}, &stdout, &stderr)
	r, err := runlog.Read(dir)
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.Bytes())
	}
	if n := r.Cells[0].Status.Attempts; len(n) > 0 && n[len(n)-1].NoData {
		t.Skipf("data missing: %s", n[len(n)-1].Error)
	}
	if status != 0 {
		t.Fatalf("status %d: %s", status, stderr.Bytes())
	}
	stdout.Reset()
	if status := run(t.Context(), []string{"report", dir, "--format", "gif"}, &stdout, &stderr); status != 0 {
		t.Fatalf("status %d: %s", status, stderr.Bytes())
	}
	for name, frames := range map[string]int{"plane.dae_uai": 3, "plane.class_uai": 3, "choices.dae_uai": 14, "choices.class_uai": 14} {
		path := filepath.Join(dir, "plots", "mnist0_2."+name+".seed2019.gif")
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		g, err := gif.DecodeAll(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if len(g.Image) != frames || !strings.Contains(stdout.String(), path) {
			t.Errorf("%s has %d frames, want %d", path, len(g.Image), frames)
		}
	}
	if n := strings.Count(stdout.String(), "\n"); n != 4 {
		t.Errorf("%d files:\n%s", n, stdout.String())
	}
}
