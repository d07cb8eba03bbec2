package main

import (
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"

	"github.com/uaibench/uaibench/baselines"
	"github.com/uaibench/uaibench/baselines/external"
	"github.com/uaibench/uaibench/bench"
)

// bytesFlag is an amount of memory: 4GiB, 500MB, 1073741824.
type bytesFlag int64

var byteUnits = []struct {
	name string
	size int64
}{{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"TiB", 1 << 40},
	{"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"TB", 1e12}, {"B", 1}}

func (b *bytesFlag) Type() string { return "size" }

func (b *bytesFlag) String() string {
	switch {
	case *b == 0:
		return ""
	case *b >= 1<<30:
		return fmt.Sprintf("%.1f GiB", float64(*b)/(1<<30))
	case *b < 1<<20:
		return fmt.Sprintf("%d bytes", *b)
	}
	return fmt.Sprintf("%.0f MiB", float64(*b)/(1<<20))
}

func (b *bytesFlag) Set(s string) error {
	number, unit := strings.TrimSpace(s), int64(1)
	for _, u := range byteUnits {
		if rest, ok := strings.CutSuffix(number, u.name); ok {
			number, unit = strings.TrimSpace(rest), u.size
			break
		}
	}
	v, err := strconv.ParseFloat(number, 64)
	if err != nil || !(v > 0) || v*float64(unit) > 1<<60 {
		return fmt.Errorf("write an amount such as 4GiB or 500MB")
	}
	*b = bytesFlag(v * float64(unit))
	return nil
}

// programMemory is what the program itself takes.
const programMemory = 32 << 20

// fit gives the number of cells at a time, at most jobs, that a limit of memory holds, and what one
// would need at most. Counted are the datasets of cells that run side by side, and the largest
// cells at that; a tenth on top is what the collector of garbage leaves lying.
func (a *app) fit(limit bytesFlag, cells []*bench.PlannedCell, jobs, threads int) (fits int,
	one bytesFlag) {
	data := map[string]int64{}
	var methods []int64
	for _, c := range cells {
		d, rows, _ := a.size(c.Cell)
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
	return fits, bytesFlag(need(1))
}

// sparing has the collector of garbage leave less lying, until restore is called: what a run holds
// is a few large slices without pointers, which cost it next to nothing. It is told of the limit
// (0: none). Whoever sets GOGC or GOMEMLIMIT knows better.
func sparing(limit bytesFlag) (restore func()) {
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
