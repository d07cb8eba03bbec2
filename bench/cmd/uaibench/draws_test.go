package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/uaibench/uaibench/report/claims/sample"
)

// The committed draws.json has what counting gives: the first draws of each dataset whose files are
// here.
func TestDrawsAreCounted(t *testing.T) {
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
		if d.ID == "kddcup" {
			continue // no seed changes it, and to read it takes seconds
		}
		info, ok := a.catalog().Dataset(d.ID)
		if !ok || info.Version != d.Version {
			t.Errorf("%s: of version %d, the catalogue has %d: run uaibench data draws --out experiments/results", d.ID, d.Version, info.Version)
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
	if counted < 4 {
		t.Errorf("%d datasets counted; MNIST's four are always there", counted)
	}
}
