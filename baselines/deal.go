package baselines

import (
	"cmp"
	"slices"

	"github.com/uaibench/uaibench/bench"
)

// Deal divides the cells of a plan among shards of about equal work and returns the shard of each
// cell, from 1. Cells that share a pre-training go to the same shard, so that it runs once. The
// heaviest units are assigned first, each to the shard with the least work; shape returns the size
// of a cell's work.
//
// The result depends only on the plan, not on the machine or the time: all shards, wherever they
// run, must divide it alike.
func Deal(cells []bench.PlannedCell, shards int, shape func(bench.Cell) Shape) []int {
	type unit struct {
		work  float64
		kind  string // its cells' IDs without their seeds
		cells []int
	}
	var units []*unit
	byKey := map[string]*unit{}
	for i, c := range cells {
		key := PretrainingKey(c.Cell)
		if key == "" {
			key = c.ID // a cell that is planned twice runs once
		}
		u := byKey[key]
		if u == nil {
			u = &unit{}
			byKey[key] = u
			units = append(units, u)
		}
		u.work += work(c.Cell.Method, shape(c.Cell))
		u.kind += kindOf(c.Cell)
		u.cells = append(u.cells, i)
	}
	// Units of one kind are adjacent, so that they spread where two kinds have equal work.
	slices.SortStableFunc(units, func(a, b *unit) int {
		return cmp.Or(cmp.Compare(b.work, a.work), cmp.Compare(a.kind, b.kind))
	})
	load, owner := make([]float64, shards), make([]int, len(cells))
	for _, u := range units {
		least := 0
		for i := range load {
			if load[i] < load[least] {
				least = i
			}
		}
		load[least] += u.work
		for _, i := range u.cells {
			owner[i] = least + 1
		}
	}
	return owner
}

func kindOf(c bench.Cell) string {
	c.Seed, c.Dataset.Seed, c.Dataset.Split.Seed = 0, 0, 0
	return c.ID()
}

// work is a rough measure of a cell's cost, in multiplications: good enough to separate a method
// that trains after every round from one that sorts random numbers, and much coarser than Cost,
// which measures on this machine.
func work(ref bench.MethodRef, s Shape) float64 {
	const units, trees = 64, 100 // width of a usual layer; size of a usual ensemble
	m, known := find(ref.ID)
	rows, width := float64(s.Rows), float64(s.Features)
	rounds := float64((s.Budget + max(s.K, 1) - 1) / max(s.K, 1))
	switch p := bench.Complete(m.Params, ref.Params); {
	case ref.ID == random.ID:
		return rows
	case known && m.cost.steps != nil:
		before, round := m.cost.steps(p, s.Rows)
		passes := 1.0
		if round > 0 {
			passes += rounds
		}
		const batch, backward = 256, 3
		steps := float64(before) + float64(rounds*float64(round))
		return (float64(steps*batch*backward) + float64(passes*rows)) * width * units
	case known && m.Active:
		return rows*width*trees + float64(rounds*rows*trees)
	}
	return rows * width * trees
}
