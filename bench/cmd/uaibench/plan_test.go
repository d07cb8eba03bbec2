package main

import (
	"strings"
	"testing"
	"time"

	"github.com/uaibench/uaibench/baselines"
	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
)

// TestPretrainingsCountOnce checks totalCost for DAE and DAE_uai, which share pre-trainings by
// seed; a method without one pays its fit each time.
func TestPretrainingsCountOnce(t *testing.T) {
	cells := func(id string) (out []bench.Cell) {
		for seed := range uint64(3) {
			out = append(out, bench.Cell{Method: bench.MethodRef{ID: id, Version: 1}, Seed: seed})
		}
		return out
	}
	trained := map[string]bool{}
	for _, c := range []struct {
		id   string
		n    int
		want time.Duration
	}{{"dae_uai", 2, 2*10 + 2*3}, {"dae", 3, 10 + 3*3}, {"iforest", 3, 3 * 13}, {"dae_uai", 0, 0}} {
		one := baselines.Cost{Pretraining: 10, Rest: 3}
		if got := totalCost(one, cells(c.id)[:c.n], trained); got != c.want {
			t.Errorf("%d of %s: %d, want %d", c.n, c.id, got, c.want)
		}
	}
}

// TestKinds checks that cells that differ by seed are of one kind and methods are not, that a cell
// planned twice counts once, and that the times of the last attempts of done cells are added up.
func TestKinds(t *testing.T) {
	planned := func(id, method string, seed uint64) bench.PlannedCell {
		return bench.PlannedCell{ID: id,
			Cell: bench.Cell{Method: bench.MethodRef{ID: method}, Seed: seed}}
	}
	p := &bench.Plan{Cells: []bench.PlannedCell{planned("a", "dae", 1), planned("b", "random", 1),
		planned("c", "dae", 2), planned("a", "dae", 1), planned("d", "dae", 3)}}
	attempts := func(seconds ...float64) (out []runlog.Attempt) {
		for _, s := range seconds {
			out = append(out, runlog.Attempt{Seconds: s})
		}
		return out
	}
	record := func(id string, state runlog.State, seconds ...float64) runlog.CellRecord {
		return runlog.CellRecord{PlannedCell: bench.PlannedCell{ID: id},
			Status: runlog.Status{State: state, Attempts: attempts(seconds...)}}
	}
	runs := []*runlog.Run{{Cells: []runlog.CellRecord{record("a", runlog.Done, 100, 4),
		record("c", runlog.Done, 8), record("d", runlog.Failed, 1)}}}
	kinds, cells := kindsOf(p, runs)
	if cells != 4 || len(kinds) != 2 {
		t.Fatalf("%d cells of %d kinds", cells, len(kinds))
	}
	if k := kinds[0]; k.ready != 2 || k.seconds != 12 || len(k.missing) != 1 ||
		k.missing[0].Seed != 3 {
		t.Errorf("%+v", k)
	}
	if k := kinds[1]; k.ready != 0 || len(k.missing) != 1 {
		t.Errorf("%+v", k)
	}
	// The third seed costs the mean of the first two; no trial is made.
	var trials baselines.Trials
	got, err := (&app{}).costOf(t.Context(), &trials, kinds[0])
	if err != nil || got.Total() != 6*time.Second {
		t.Errorf("%v, %v", got, err)
	}
}

// TestInAll checks that the wall time is divided among the cores, but not below that of the longest
// cell, and grows with other work.
func TestInAll(t *testing.T) {
	for _, c := range []struct {
		total, longest time.Duration
		share          float64
		want, not      string
	}{
		{8 * time.Hour, time.Hour, 1, "8.0 h of processor time: 2.0 h on the 4 cores", "other work"},
		{8 * time.Hour, 5 * time.Hour, 1, "8.0 h of processor time: 5.0 h on the 4 cores", "other work"},
		{8 * time.Hour, time.Hour, 0.5, "4.0 h while other work leaves 50 % of a core", "1.0 h"},
		{0, 0, 0.5, "0.0 s of processor time", "other work"},
	} {
		got := inAll(c.total, c.longest, 4, c.share)
		if !strings.Contains(got, c.want) || strings.Contains(got, c.not) {
			t.Errorf("%+v: %s", c, got)
		}
	}
}
