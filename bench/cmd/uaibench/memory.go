package main

import (
	"cmp"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/uaibench/uaibench/baselines"
	"github.com/uaibench/uaibench/baselines/external"
	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/cmd/uaibench/internal/bytesize"
)

// programMemory is the memory of the program itself, in bytes.
const programMemory = 32 << 20

// fit returns the number of cells at a time, from 1 to jobs, that fit into limit, and the most
// memory that one cell may need. For n cells it counts the largest datasets (two, or one if n is 1)
// and the n largest methods among cells, a tenth on top for uncollected garbage, and programMemory.
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
		// Cells of one dataset are adjacent, so rarely more than two datasets are in use.
		return programMemory + (largest(sets, min(n, 2))+largest(methods, n))*11/10
	}
	for fits = jobs; fits > 1 && need(fits) > int64(limit); fits-- {
	}
	return fits, bytesize.Size(need(1))
}

// tuneCollector makes the garbage collector run more often (GOGC=10) and sets limit as its memory
// limit (0: none), until restore is called. The heap of a run is a few large slices without
// pointers, so collections cost little. GOGC and GOMEMLIMIT in the environment take precedence.
func tuneCollector(limit bytesize.Size) (restore func()) {
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

// addMachine adds the flags that affect how cells run, and --retry-failed.
func (f *runFlags) addMachine(c *cobra.Command) {
	c.Flags().IntVarP(&f.jobs, "jobs", "j", 0, "cells at a time (default: one a core)")
	c.Flags().IntVar(&f.threads, "threads", 0,
		"threads a cell (default: the cores divided among the running cells); results do "+
			"not depend on it")
	c.Flags().BoolVar(&f.retryFailed, "retry-failed", false,
		"also run the cells that failed or timed out before")
	c.Flags().DurationVar(&f.snapshot, "snapshot", 10*time.Minute,
		"how often a long cell is saved, to be resumed from there after an interruption; 0: "+
			"never")
	c.Flags().Var(&f.memory, "memory",
		"a limit such as 4GiB: fewer cells at a time if their estimated memory is above it "+
			"(default: no limit)")
}

// checkMachine checks the flags that addMachine added, except --memory.
func (f *runFlags) checkMachine() error {
	switch {
	case f.jobs < 0:
		return usage(fmt.Errorf("--jobs %d: write 1 or more, or leave it out for one a core", f.jobs))
	case f.snapshot < 0:
		return usage(fmt.Errorf("--snapshot %v: write a time such as 10m, or 0 for never", f.snapshot))
	}
	if err := checkThreads(f.threads); err != nil {
		return usage(err)
	}
	return nil
}

// mostThreads exceeds any machine's number of cores; more would cost unbounded memory and time.
const mostThreads = 1024

// checkThreads checks the value of --threads; 0 means that it was not given.
func checkThreads(n int) error {
	if n < 0 || n > mostThreads {
		return fmt.Errorf("--threads %d: write 1 to %d, or leave it out; this machine has %d cores",
			n, mostThreads, runtime.NumCPU())
	}
	return nil
}

// threads returns the number of threads a cell: asked if not 0, else GOMAXPROCS divided by the
// number of cells that run now, min(jobs, left), and at least 1.
func threads(asked, jobs, left int) int {
	return cmp.Or(asked, max(1, runtime.GOMAXPROCS(0)/max(1, min(jobs, left))))
}
