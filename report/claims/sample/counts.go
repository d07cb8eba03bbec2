package sample

import (
	"slices"

	"github.com/uaibench/uaibench/bench/metric/registry"
)

// Counts returns a dataset's metric, a count, over its draws in the runs: one value per data seed.
// It is nil if two runs disagree on a draw.
func (m *Evaluator) Counts(dataset, name string) []float64 {
	metric, ok := registry.Lookup(name)
	if !ok {
		return nil
	}
	at := map[uint64]float64{}
	var order []uint64
	for _, r := range m.records {
		if r.Cell.HasHoldout() || !r.done() || !m.isDataset(r.Cell.Dataset, dataset) {
			continue
		}
		v, err := metric.Of(r.Result, registry.Args{})
		if err != nil {
			continue
		}
		seed := r.Cell.Dataset.Seed
		if have, ok := at[seed]; ok && have != v {
			return nil // two runs disagree on one draw: it counts as none
		} else if !ok {
			order = append(order, seed)
		}
		at[seed] = v
	}
	slices.Sort(order)
	var out []float64
	for _, seed := range order {
		out = append(out, at[seed])
	}
	return out
}
