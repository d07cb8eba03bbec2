package main

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/uaibench/uaibench/report/claims/sample"
)

// costly are the datasets that no seed changes and that take seconds to count. Package synth's
// tests compare the built datasets with the published counts; TestDrawsAreCounted compares the
// committed counts with the published ones.
var costly = []string{"mnist_pca", "fashion_pca", "covtype", "kddcup"}

// TestDrawsAreCounted compares the committed draws.json with new counts: the first draws of each
// dataset whose files are available.
func TestDrawsAreCounted(t *testing.T) {
	t.Parallel()
	path := filepath.Join("..", "..", "..", "experiments", "results", drawsFile)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	committed, err := sample.ReadDraws(path, data)
	if err != nil {
		t.Fatal(err)
	}
	a := &app{}
	counted := 0
	for _, d := range committed.Datasets {
		info, ok := a.catalog().Dataset(d.ID)
		if !ok || info.Version != d.Version {
			t.Errorf("%s: of version %d, the catalogue has %d: run uaibench data draws --out experiments/results", d.ID, d.Version, info.Version)
			continue
		}
		if slices.Contains(costly, d.ID) {
			want := sample.DrawnDataset{ID: d.ID, Version: d.Version, Draws: d.Draws}
			for metric, n := range map[string]int{"rows": info.Published.Rows,
				"anomalies": info.Published.Anomalies, "classes": info.Classes} {
				if n > 0 {
					want.Add(metric, slices.Repeat([]int{n}, d.Draws))
				}
			}
			if diff := cmp.Diff(want, d); diff != "" {
				t.Errorf("%s: %s", d.ID, diff)
			}
			continue
		}
		few := min(d.Draws, 5)
		got, err := drawn(context.Background(), info, few, a.finder())
		if err != nil {
			t.Log(d.ID, "has no file here:", err)
			continue
		}
		counted++
		want := sample.DrawnDataset{ID: d.ID, Version: d.Version, Draws: few}
		for metric, xs := range d.Counts {
			want.Add(metric, xs[:min(few, len(xs))])
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", d.ID, diff)
		}
	}
	if counted < 3 {
		t.Errorf("%d datasets counted; three of MNIST's are always there", counted)
	}
}
