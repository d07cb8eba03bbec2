package runner

import (
	"time"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
)

// EventKind is the kind of an event.
type EventKind string

const (
	PlanReady       EventKind = "plan ready"       // the first event; Plan is set
	DatasetBuilding EventKind = "dataset building" // Dataset is set, in this and the next two
	DatasetBuilt    EventKind = "dataset built"
	// Error is set too; not emitted if an interruption cut the building short
	DatasetFailed EventKind = "dataset failed"
	// Cell and Index are set, in this and all below except Stopping
	CellStarted EventKind = "started"
	// After CellStarted: the cell resumes an interrupted attempt, at Progress
	CellResumed  EventKind = "resumed"
	CellProgress EventKind = "progress" // after each round
	// The cell can resume from here, at Progress; Bytes is set
	SnapshotWritten EventKind = "snapshot"
	// A snapshot could not be written (Error); the cell continues, or stops if it was told to
	SnapshotFailed EventKind = "no snapshot"
	// The snapshot of an interrupted attempt cannot be trusted (Error); the cell starts afresh
	SnapshotIgnored EventKind = "bad snapshot"
	// The run was told to stop; cells first write a snapshot if they can
	Stopping     EventKind = "stopping"
	CellDone     EventKind = "done"      // its results are on the disk
	CellFailed   EventKind = "failed"    // Error is set
	CellTimedOut EventKind = "timed out" // Error is set
	// The cell left only its last snapshot; the next invocation runs it again
	Interrupted EventKind = "interrupted"
)

// Event is something that happened in a run. A cell whose dataset fails, or that is interrupted
// while it waits for the dataset, ends without having started.
type Event struct {
	Kind     EventKind
	At       time.Time
	Plan     *Overview
	Dataset  *bench.DatasetRef
	Cell     *bench.PlannedCell
	Index    int // of the cell in the plan
	Progress Progress
	Elapsed  time.Duration // time since the cell started, including what a resumed one took before
	Bytes    int           // size of a snapshot
	Cells    int           // of DatasetFailed: the number of cells that wait for it, and fail
	NoData   bool          // of CellFailed: DatasetFailed has the reason
	Error    string
}

// Overview is the state of a run at its beginning.
type Overview struct {
	Planned int // cells of the plan or shard
	Done    int // done already
	Reused  int // of those, just imported from other runs
	Failed  int // failed or timed out already
	ToRun   []*bench.PlannedCell
	Took    []Took // times of the done cells
	Jobs    int

	Damaged   []*runlog.Damage
	NotInPlan int  // cells of earlier plans in the directory
	Replaced  bool // the directory held another plan
}

// Took is the time that a done cell took, on whichever machine.
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
