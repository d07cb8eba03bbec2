package runner

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
)

// Config configures Run: what to run, and how.
type Config struct {
	Plan bench.Plan
	Dir  string // run directory; created if missing
	Jobs int    // cells at a time; 0: GOMAXPROCS
	// Fit may lower Jobs, given the cells that are to be run, for example to what fits in memory.
	// nil: Jobs stays.
	Fit func(todo []*bench.PlannedCell, jobs int) int

	// Data builds a dataset. It is called once per recipe, even if many cells share it.
	Data func(ctx context.Context, ref bench.DatasetRef) (*bench.Dataset, error)
	// Method makes a new learner, used by this cell only.
	Method func(c bench.Cell) (bench.Learner, error)

	// Begin is called before a cell begins, by several goroutines; false skips the cell in this
	// invocation. nil: all cells begin.
	Begin func(*bench.PlannedCell) bool

	// Events receives the run's events; nil: they are dropped. It is called by one goroutine at a
	// time, in the order of events, and never after Run has returned; it blocks the workers while
	// it runs.
	Events func(Event)

	Env   runlog.Env   // provenance of this invocation; Jobs is filled in
	Shard runlog.Shard // zero: all cells
	// Done cells of these runs are imported, not run again; if several runs have a cell, the first
	// counts
	Reuse []*runlog.Run
	// Run cells again that failed or timed out before; those whose dataset could not be built, or
	// whose time limit has been raised, run again in any case
	RetryFailed bool
	FailFast    bool // stop at the first cell that fails or times out
	// Interval at which snapshots of a cell are written, from which it resumes after an
	// interruption; 0: none are
	Snapshot time.Duration
	// How long a cell has to write a snapshot before it is cancelled, and how long it, or a
	// dataset, may then continue before it is abandoned; 0: 5 s
	Grace time.Duration

	order func([]int) // tests shuffle the cells
}

// Summary is the outcome of the plan, or of its shard.
type Summary struct {
	Planned   int // cells, each counted once
	Done      int // now or before
	Ran       int // of those, by this invocation
	Reused    int // of those, imported by this invocation from Config.Reuse
	Failed    int // now or before
	TimedOut  int // now or before
	NotRun    int // the rest: skipped by Begin, interrupted, or after FailFast stopped
	Abandoned int // cells that did not stop when cancelled: their goroutines may still run

	Failures  []Failure        // cells that failed or timed out, in the plan's order
	Damaged   []*runlog.Damage // cells that were found damaged, set aside and run again
	NotInPlan int              // cells of earlier plans in the directory

	Interrupted bool   // ctx was cancelled before all cells had run
	Digest      string // of the results of the done cells
	Elapsed     time.Duration
}

// Failure is a cell that failed or timed out, with its last attempt.
type Failure struct {
	Cell    bench.PlannedCell
	Attempt runlog.Attempt
	Earlier bool // in an earlier invocation; not run again in this one
}

var errFailFast = errors.New("a cell failed, and the run stops at the first failure")

// Run runs the plan's missing cells, and retries failed ones as c sets. Failed cells and an
// interruption are in the Summary; the error is for failures of the harness itself: a directory
// that is in use or cannot be written. Cells done by then are kept.
func Run(ctx context.Context, c Config) (Summary, error) {
	start := time.Now()
	if c.Jobs < 1 {
		c.Jobs = runtime.GOMAXPROCS(0)
	}
	if c.Grace <= 0 {
		c.Grace = 5 * time.Second
	}
	c.Env.Jobs = c.Jobs
	log, err := runlog.Open(c.Dir, c.Plan, c.Env, c.Shard)
	if err != nil {
		return Summary{}, err
	}
	defer log.Close()

	r := &run{Config: c, log: log, ran: map[string]bool{}}
	var stopClock func()
	r.clock, stopClock = newClock()
	defer stopClock()
	if r.build = thisBuild(); r.build == "" {
		r.Snapshot = 0
	}
	mine := r.mine()
	if err := r.reuse(mine); err != nil {
		return Summary{}, err
	}
	todo := r.todo(mine)
	if c.Fit != nil {
		r.Jobs = max(1, min(c.Jobs, c.Fit(r.cells(todo), c.Jobs)))
	}
	defer r.emitStopping(ctx)()
	group, work := errgroup.WithContext(ctx)
	r.data = newDatasets(work, r, todo)
	r.emit(Event{Kind: PlanReady, Plan: r.overview(mine, todo)})
	if c.order != nil {
		c.order(todo)
	}
	group.SetLimit(r.Jobs)
	for _, i := range todo {
		if work.Err() != nil {
			break
		}
		group.Go(func() error { return r.cell(work, i) })
	}
	err = group.Wait()
	r.data.wait()
	if errors.Is(err, errFailFast) {
		err = nil
	}
	s := r.summary(mine)
	// A cell that failed in an earlier run counts too, if it was to be retried.
	s.Interrupted = ctx.Err() != nil && slices.ContainsFunc(todo, func(i int) bool {
		return !r.ran[r.Plan.Cells[i].ID]
	})
	s.Elapsed = time.Since(start)
	return s, err
}

// run is one invocation.
type run struct {
	Config
	log   *runlog.Writer
	data  *datasets
	clock *clock
	build string // digest of this program

	mu        sync.Mutex // guards calls of Events and the fields below
	ran       map[string]bool
	abandoned int
	imported  int
}

// emitStopping emits Stopping when ctx ends, unless done is called before. Without snapshots it
// does nothing.
func (r *run) emitStopping(ctx context.Context) (done func()) {
	if r.Snapshot <= 0 {
		return func() {}
	}
	emitted := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		r.emit(Event{Kind: Stopping})
		close(emitted)
	})
	return func() {
		if !stop() {
			<-emitted
		}
	}
}

// reuse imports the shard's cells that other runs have done and this one has not, even if they
// failed here.
func (r *run) reuse(mine []int) error {
	for _, i := range mine {
		id := r.Plan.Cells[i].ID
		for _, other := range r.Reuse {
			if r.log.Status(id).State == runlog.Done {
				break
			}
			imported, err := r.log.ImportCell(id, other)
			if err != nil {
				return fmt.Errorf("import cell %s from %s: %w", id, other.Path, err)
			}
			if imported {
				r.imported++
			}
		}
	}
	return nil
}

// mine returns the indices in the plan of the shard's cells, each once.
func (r *run) mine() (mine []int) {
	seen := map[string]bool{}
	for i, c := range r.Plan.Cells {
		// A cell that is planned twice belongs to the shard of its first position.
		if !seen[c.ID] && r.Shard.Owns(i) {
			mine = append(mine, i)
		}
		seen[c.ID] = true
	}
	return mine
}

// todo returns those of mine that are to be run.
func (r *run) todo(mine []int) (todo []int) {
	for _, i := range mine {
		status := r.log.Status(r.Plan.Cells[i].ID)
		switch status.State {
		case runlog.Done:
		case runlog.Failed, runlog.TimedOut:
			// A cell whose dataset could not be built was not tried: the data may be available now.
			// A cell that reached a time limit may finish if the limit was raised or lifted since.
			last := status.Attempts[len(status.Attempts)-1]
			longer := last.Limit > 0 && (r.Plan.Timeout == 0 || r.Plan.Timeout > last.Limit)
			if r.RetryFailed || last.NoData || longer {
				todo = append(todo, i)
			}
		default:
			todo = append(todo, i)
		}
	}
	return todo
}

func (r *run) overview(mine, todo []int) *Overview {
	o := &Overview{
		Planned: len(mine), Jobs: r.Jobs, Reused: r.imported,
		Damaged: r.log.Damaged, NotInPlan: r.log.NotInPlan, Replaced: r.log.Replaced,
	}
	for _, i := range mine {
		c := &r.Plan.Cells[i]
		switch status := r.log.Status(c.ID); status.State {
		case runlog.Done:
			o.Done++
			o.Took = append(o.Took, Took{c, status.Attempts[len(status.Attempts)-1].Seconds})
		case runlog.Failed, runlog.TimedOut:
			o.Failed++
		}
	}
	o.ToRun = r.cells(todo)
	return o
}

func (r *run) cells(indices []int) (cells []*bench.PlannedCell) {
	for _, i := range indices {
		cells = append(cells, &r.Plan.Cells[i])
	}
	return cells
}

func (r *run) summary(mine []int) Summary {
	s := Summary{
		Planned: len(mine), Reused: r.imported, Abandoned: r.abandoned,
		Damaged: r.log.Damaged, NotInPlan: r.log.NotInPlan, Digest: r.log.Digest(),
	}
	for _, i := range mine {
		c := r.Plan.Cells[i]
		status := r.log.Status(c.ID)
		switch status.State {
		case runlog.Done:
			s.Done++
			if r.ran[c.ID] {
				s.Ran++
			}
			continue
		case runlog.Failed:
			s.Failed++
		case runlog.TimedOut:
			s.TimedOut++
		default:
			s.NotRun++
			continue
		}
		last := status.Attempts[len(status.Attempts)-1]
		s.Failures = append(s.Failures, Failure{Cell: c, Attempt: last, Earlier: !r.ran[c.ID]})
	}
	return s
}

// cell runs one cell and writes its outcome. Its error stops the run.
func (r *run) cell(ctx context.Context, i int) error {
	if ctx.Err() != nil {
		return nil
	}
	c := &r.Plan.Cells[i]
	defer r.data.release(c.Cell.Dataset)
	if r.Config.Begin != nil && !r.Config.Begin(c) {
		return nil
	}
	draft, err := r.log.Begin(c.ID)
	if err != nil {
		return fmt.Errorf("begin cell %s: %w", c.ID, err)
	}
	a := runlog.Attempt{
		Started: time.Now(), Host: r.Env.Host, Kernel: r.Env.Kernel, Commit: r.Env.Commit, Seed: c.Cell.Seed,
	}
	t := &attempt{run: r, cell: c, index: i, draft: draft}
	m, err := t.measure(ctx)
	t.spent(&a)
	if errors.Is(err, errAbandoned) {
		r.mu.Lock()
		r.abandoned++
		r.mu.Unlock()
	}
	switch {
	case err == nil:
		if _, err := draft.Done(m.result, m.queries, a); err != nil {
			t.end(Interrupted, err)
			return fmt.Errorf("the results of cell %s could not be written: %w; done cells are "+
				"kept", c.ID, err)
		}
		t.end(CellDone, nil)
		return nil
	case ctx.Err() != nil:
		t.end(Interrupted, err)
		if err := draft.Discard(); err != nil {
			return fmt.Errorf("remove what is left of cell %s: %w", c.ID, err)
		}
		return nil
	}
	kind := CellFailed
	a.State, a.Error = runlog.Failed, err.Error()
	if errors.Is(err, errTimeLimit) {
		kind = CellTimedOut
		a.State, a.Limit = runlog.TimedOut, r.Plan.Timeout
	}
	a.NoData = errors.Is(err, errNoData)
	if p, ok := errors.AsType[*panicError](err); ok {
		a.Stack = p.stack
	}
	if err := draft.Fail(a); err != nil {
		t.end(Interrupted, err)
		return fmt.Errorf("the failure of cell %s (%s) could not be written: %w", c.ID, a.Error,
			err)
	}
	t.end(kind, err)
	if r.FailFast {
		return errFailFast
	}
	return nil
}
