package runner

import (
	"time"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
)

// EventKind says what happened.
type EventKind string

const (
	PlanReady       EventKind = "plan ready"       // first of all; Plan is set
	DatasetBuilding EventKind = "dataset building" // Dataset is set, in this and the next two
	DatasetBuilt    EventKind = "dataset built"
	// Error too; not of one that an interruption cut short
	DatasetFailed EventKind = "dataset failed"
	// Cell and Index are set, in this and all that follow but Stopping
	CellStarted EventKind = "started"
	// After CellStarted: it goes on where an interrupted attempt was, at Progress
	CellResumed  EventKind = "resumed"
	CellProgress EventKind = "progress" // after each round
	// The cell can go on from here, at Progress; Bytes is set
	SnapshotWritten EventKind = "snapshot"
	// It could not be written (Error); the cell goes on, or stops if it was told to
	SnapshotFailed EventKind = "no snapshot"
	// What an interrupted attempt left is not to be trusted (Error); the cell starts afresh
	SnapshotIgnored EventKind = "bad snapshot"
	// The run was told to stop; cells that can be written down are, first
	Stopping     EventKind = "stopping"
	CellDone     EventKind = "done"      // it is on the disk
	CellFailed   EventKind = "failed"    // Error too
	CellTimedOut EventKind = "timed out" // Error too
	// The cell left nothing but its last snapshot; it is run again next time
	Interrupted EventKind = "interrupted"
)

// Event is one thing that happened. A cell whose dataset fails, or that is interrupted while it
// waits for it, ends without having started.
type Event struct {
	Kind     EventKind
	At       time.Time
	Plan     *Overview
	Dataset  *bench.DatasetRef
	Cell     *bench.PlannedCell
	Index    int // of the cell in the plan
	Progress Progress
	Elapsed  time.Duration // of the cell, since it started; with what a resumed one took before
	Bytes    int           // of a snapshot
	Cells    int           // of DatasetFailed: that wait for it, and fail
	NoData   bool          // of CellFailed: DatasetFailed has said why
	Error    string
}

// Overview is what a run begins with.
type Overview struct {
	Planned int // cells of the plan or shard
	Done    int // already
	Reused  int // of those, just now from other runs
	Failed  int // already, or timed out
	ToRun   []*bench.PlannedCell
	Took    []Took // what the done ones took
	Jobs    int

	Damaged   []*runlog.Damage
	NotInPlan int  // cells of earlier plans in the directory
	Replaced  bool // the directory held another plan
}

// Took is how long a cell took, by whichever machine.
type Took struct {
	Cell    *bench.PlannedCell
	Seconds float64
}

func (r *run) emit(e Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.emitLocked(e)
}

func (r *run) emitLocked(e Event) {
	if r.Events != nil {
		e.At = time.Now()
		r.Events(e)
	}
}
