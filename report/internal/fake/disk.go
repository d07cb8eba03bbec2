package fake

import (
	"path/filepath"
	"testing"

	"github.com/uaibench/uaibench/bench/runlog"
)

// OnDisk writes a fake run as a run directory and reads it back.
func OnDisk(tb testing.TB, run *runlog.Run) *runlog.Run {
	tb.Helper()
	dir := filepath.Join(tb.TempDir(), "run")
	w, err := runlog.Open(dir, run.Plan, run.Envs[0], runlog.Shard{})
	if err != nil {
		tb.Fatal(err)
	}
	defer w.Close()
	for _, c := range run.Cells {
		d, err := w.Begin(c.ID)
		if err != nil {
			tb.Fatal(err)
		}
		if c.Result == nil {
			err = d.Fail(c.Status.Attempts[0])
		} else {
			queries, _ := Audits(c)
			_, err = d.Done(*c.Result, queries, c.Status.Attempts[0])
		}
		if err != nil {
			tb.Fatal(err)
		}
	}
	got, err := runlog.Read(dir)
	if err != nil {
		tb.Fatal(err)
	}
	return got
}
