// Package runjson defines the output of run --json and status --json: a run and its cells.
package runjson

import (
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/bench/runner"
)

// Run is the summary of a run for scripts.
type Run struct {
	Name     string `json:"name"`
	Dir      string `json:"dir"`
	Digest   string `json:"digest"` // of the results of all done cells
	Planned  int    `json:"planned"`
	Done     int    `json:"done"`
	Ran      int    `json:"ran"`             // by this invocation
	Reused   int    `json:"taken,omitempty"` // by this invocation, from other runs
	Failed   int    `json:"failed"`
	TimedOut int    `json:"timed_out"`
	NotRun   int    `json:"not_run"`
	Cells    []Cell `json:"cells"`
}

// Cell is a planned cell and its outcome.
type Cell struct {
	ID           string  `json:"id"`
	Dataset      string  `json:"dataset"`
	DatasetLabel string  `json:"dataset_label"`
	Method       string  `json:"method"`
	Label        string  `json:"label"`
	Seed         uint64  `json:"seed"`
	State        string  `json:"state"`
	Budget       int     `json:"budget,omitempty"`
	Audited      int     `json:"audited,omitempty"` // below Budget if every anomaly was found
	Found        int     `json:"found"`
	F1           float64 `json:"split_f1,omitempty"` // on the test half of a split, without audits
	Of           int     `json:"anomalies,omitempty"`
	Seconds      float64 `json:"seconds,omitempty"`
	Error        string  `json:"error,omitempty"`

	// ProgramMemory is the measured peak memory of a program of the user's own, in bytes.
	ProgramMemory int64 `json:"program_memory,omitempty"`

	Resumed  *runlog.Resumed  `json:"resumed,omitempty"`  // set if the last attempt was resumed
	Snapshot *runlog.Snapshot `json:"snapshot,omitempty"` // of a cell that is not done
}

// Of returns the summary of a run; sum is the outcome of one invocation on it.
func Of(run *runlog.Run, sum runner.Summary) Run {
	out := Run{Name: run.Plan.Name, Dir: run.Path, Digest: run.Digest(), Planned: sum.Planned,
		Done: sum.Done, Ran: sum.Ran, Reused: sum.Reused, Failed: sum.Failed,
		TimedOut: sum.TimedOut, NotRun: sum.NotRun}
	for _, c := range run.Cells {
		out.Cells = append(out.Cells, OfCell(run, c))
	}
	return out
}

// OfCell returns the JSON of a cell of a run.
func OfCell(run *runlog.Run, c runlog.CellRecord) Cell {
	j := Cell{ID: c.ID, Dataset: c.Cell.Dataset.ID, DatasetLabel: c.DatasetLabel,
		Method: c.Cell.Method.ID, Label: c.Label, Seed: c.Cell.Seed, State: string(c.Status.State)}
	if r := c.Result; r != nil {
		j.Budget, j.Audited, j.Found, j.Of = r.Budget, r.Audited, len(r.Found), r.Anomalies
		if r.Holdout != nil {
			j.Of, j.F1 = r.Holdout.Test.Anomalies, r.Holdout.F1
		}
	}
	if n := len(c.Status.Attempts); n > 0 {
		last := c.Status.Attempts[n-1]
		j.Seconds, j.Error, j.Resumed = last.Seconds, last.Error, last.Resumed
		j.ProgramMemory = last.ProgramMemory
	}
	if s, ok := run.Snapshot(c.ID); ok && c.Status.State != runlog.Done {
		j.Snapshot = &s
	}
	return j
}
