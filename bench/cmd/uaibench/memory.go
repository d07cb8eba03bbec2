package main

import (
	"os"
	"runtime/debug"
	"slices"

	"github.com/uaibench/uaibench/baselines"
	"github.com/uaibench/uaibench/baselines/external"
	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/cmd/uaibench/internal/bytesize"
)

// programMemory is what the program itself takes.
const programMemory = 32 << 20

// fit gives the number of cells at a time, at most jobs, that a limit of memory holds, and what one
// would need at most. Counted are the datasets of cells that run side by side, and the largest
// cells at that; a tenth on top is what the collector of garbage leaves lying.
func (a *app) fit(limit bytesize.Size, cells []*bench.PlannedCell, jobs, threads int) (fits int,
	one bytesize.Size) {
	data := map[string]int64{}
	var methods []int64
	for _, c := range cells {
		d, rows, _ := baselines.Size(a.catalog(), c.Cell)
		s := baselines.Shape{Rows: rows, Features: d.Features, Classes: d.Classes}
		data[c.Cell.Dataset.Key()] = baselines.DataMemory(s)
		if isProgram(c.Cell) {
			methods = append(methods, external.Memory(rows, d.Features))
			continue
		}
		methods = append(methods, baselines.Memory(c.Cell.Method, s, threads))
	}
	var sets []int64
	for _, size := range data {
		sets = append(sets, size)
	}
	largest := func(sizes []int64, n int) (sum int64) {
		slices.SortFunc(sizes, func(x, y int64) int { return int(max(-1, min(1, y-x))) })
		for _, size := range sizes[:min(n, len(sizes))] {
			sum += size
		}
		return sum
	}
	need := func(n int) int64 {
		// Cells of one dataset follow each other, so those of two are at work at a time, seldom
		// more.
		return programMemory + (largest(sets, min(n, 2))+largest(methods, n))*11/10
	}
	for fits = jobs; fits > 1 && need(fits) > int64(limit); fits-- {
	}
	return fits, bytesize.Size(need(1))
}

// sparing has the collector of garbage leave less lying, until restore is called: what a run holds
// is a few large slices without pointers, which cost it next to nothing. It is told of the limit
// (0: none). Whoever sets GOGC or GOMEMLIMIT knows better.
func sparing(limit bytesize.Size) (restore func()) {
	percent, most := -1, int64(-1)
	if os.Getenv("GOGC") == "" {
		percent = debug.SetGCPercent(10)
	}
	if os.Getenv("GOMEMLIMIT") == "" && limit > 0 {
		most = debug.SetMemoryLimit(int64(limit))
	}
	return func() {
		if percent >= 0 {
			debug.SetGCPercent(percent)
		}
		if most >= 0 {
			debug.SetMemoryLimit(most)
		}
	}
}
