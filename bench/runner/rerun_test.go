package runner

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/bench/runlog/verify"
)

// Running a finished run's cells again gives the same bytes; with another method it gives findings.
func TestRerun(t *testing.T) {
	var builds counting
	c := config(t, plan([]string{"near", "far"}, []string{"learns", "static"}, 2))
	c.Data = builds.data
	must(t, c)
	v, err := verify.Run(c.Dir, verify.Options{})
	if err != nil || len(v.Findings) != 0 || v.Replayed != 8 || v.Shared == 0 {
		t.Fatalf("%+v, %v", v, err)
	}
	builds.builds = nil
	compare := func(c Config) {
		t.Helper()
		n := 0
		err := Rerun(t.Context(), c, v.Sample(99, 1), func(p bench.PlannedCell, r runlog.Result, q []runlog.Audit, err error) error {
			n++
			return errors.Join(err, v.Compare(p.ID, r, q))
		})
		if err != nil || n != 8 {
			t.Errorf("%d cells, %v", n, err)
		}
	}
	compare(c)
	if len(v.Findings) != 0 || builds.builds["near"] != 1 || builds.builds["far"] != 1 {
		t.Errorf("%v; built %v", v.Findings, builds.builds)
	}
	c.Method = func(c bench.Cell) (bench.Learner, error) { return makeOf(c.Method.ID, c.Seed+1) }
	compare(c)
	if len(v.Findings) != 8 || !strings.Contains(v.Findings[0].Problem, "differs when its cell is run again") {
		t.Errorf("%d findings: %v", len(v.Findings), v.Findings)
	}
}

// A cell that cannot be run again is reported, and does not end the rerun.
func TestRerunFails(t *testing.T) {
	p := plan([]string{"missing", "panics", "near"}, []string{"panics", "learns"}, 1)
	p.Cells[5].Cell.Loop = 99
	var got []string
	err := Rerun(t.Context(), config(t, p), p.Cells, func(_ bench.PlannedCell, _ runlog.Result, _ []runlog.Audit, err error) error {
		got = append(got, err.Error())
		return nil
	})
	want := []string{"get it from its shelf", "get it from its shelf", "no such shelf", "no such shelf", "out of its depth", "version 99 of the loop"}
	if err != nil || len(got) != len(want) {
		t.Fatal(got, err)
	}
	for i, w := range want {
		if !strings.Contains(got[i], w) {
			t.Errorf("%q, want %q", got[i], w)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Rerun(ctx, config(t, p), p.Cells, nil); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
