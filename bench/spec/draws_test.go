package spec_test

import (
	"testing"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/spec"
)

// With data_seed: each, a run's dataset is drawn by the run's own seed, and all methods of a run
// share it; the cells are those of a plan of that run only, with that data seed.
func TestDataSeedEach(t *testing.T) {
	text := func(seeds, dataSeed string) []byte {
		return []byte("version: 1\nname: draws\ndatasets: [mnist0]\nmethods: [dae, dae_uai]\n" +
			"budget: 10\nseeds: " + seeds + "\ndata_seed: " + dataSeed + "\n")
	}
	plan := func(seeds, dataSeed string) *bench.Plan {
		p, err := spec.Parse("draws.yaml", text(seeds, dataSeed), catalog(), spec.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	each := plan("[7, 9]", "each")
	alone := append(plan("[7]", "7").Cells, plan("[9]", "9").Cells...)
	if len(each.Cells) != 4 || len(alone) != 4 {
		t.Fatalf("%d and %d cells", len(each.Cells), len(alone))
	}
	for i, c := range each.Cells {
		if c.Cell.Dataset.Seed != c.Cell.Seed || c.ID != alone[i].ID {
			t.Errorf("cell %d: data seed %d, seed %d, id %s, alone %s", i, c.Cell.Dataset.Seed, c.Cell.Seed, c.ID, alone[i].ID)
		}
	}
}
