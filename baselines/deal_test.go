package baselines

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/uaibench/uaibench/bench"
)

func dealt(methods []string, seeds int) (cells []bench.PlannedCell) {
	for seed := range seeds { // methods are the fastest index, as in a plan
		for _, id := range methods {
			m, ok := find(id)
			if !ok {
				panic(id)
			}
			c := bench.Cell{
				Dataset: bench.DatasetRef{ID: "abalone", Version: 1},
				Method:  bench.MethodRef{ID: id, Version: m.Version, Params: bench.Complete(m.Params, nil)},
				Seed:    uint64(seed), Budget: bench.Budget{Audits: 100},
			}
			cells = append(cells, bench.PlannedCell{ID: c.ID(), Cell: c, Label: id})
		}
	}
	return cells
}

func someShape(bench.Cell) Shape { return Shape{Rows: 2000, Features: 9, Budget: 100, K: 10} }

// TestDealSpreadsMethods: with as many shards as seeds, every shard gets one cell of each method,
// whatever their number.
func TestDealSpreadsMethods(t *testing.T) {
	for _, methods := range [][]string{
		{"random", "iforest", "loda", "loda_aad"},
		{"dae_uai", "class_uai", "dae", "iforest"},
		{"random", "dae_uai"},
	} {
		cells := dealt(methods, 8)
		count := map[string]int{}
		for i, shard := range Deal(cells, 8, someShape) {
			count[fmt.Sprintf("%s in %d", cells[i].Label, shard)]++
		}
		if len(count) != 8*len(methods) {
			t.Errorf("%v: %v", methods, count)
		}
	}
}

// TestDeal: every cell is dealt once, cells that share a pre-training stay together, and no shard
// exceeds the lightest one by more than its heaviest unit.
func TestDeal(t *testing.T) {
	all := []string{"random", "iforest", "loda", "loda_aad", "tree_aad", "dae", "dae_uai", "class", "class_uai", "ocsvm", "gmm"}
	rapid.Check(t, func(r *rapid.T) {
		methods := rapid.SliceOfNDistinct(rapid.SampledFrom(all), 1, len(all), rapid.ID[string]).Draw(r, "methods")
		cells := dealt(methods, rapid.IntRange(1, 9).Draw(r, "seeds"))
		shards := rapid.IntRange(1, 12).Draw(r, "shards")
		owner := Deal(cells, shards, someShape)
		if !slices.Equal(owner, Deal(cells, shards, someShape)) {
			r.Fatal("it deals in two ways")
		}
		load, units, of := make([]float64, shards), map[string]float64{}, map[string]int{}
		for i, c := range cells {
			if owner[i] < 1 || owner[i] > shards {
				r.Fatalf("cell %d goes to shard %d", i, owner[i])
			}
			key := PretrainingKey(c.Cell)
			if key == "" {
				key = c.ID
			}
			if before, ok := of[key]; ok && before != owner[i] {
				r.Fatalf("%s is apart from those of its pre-training", c.Label)
			}
			w := work(c.Cell.Method, someShape(c.Cell))
			of[key], load[owner[i]-1], units[key] = owner[i], load[owner[i]-1]+w, units[key]+w
		}
		heaviest := 0.0
		for _, w := range units {
			heaviest = max(heaviest, w)
		}
		if least, most := slices.Min(load), slices.Max(load); most > (least+heaviest)*(1+1e-9) {
			r.Errorf("loads %v, heaviest unit %v", load, heaviest)
		}
	})
}
