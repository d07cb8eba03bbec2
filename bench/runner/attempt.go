package runner

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
)

var errTimeLimit = errors.New("the time limit was reached")

// errNoData marks the error of a cell whose dataset could not be built.
var errNoData = errors.New("no dataset")

type noDataError struct{ err error }

func (e *noDataError) Error() string        { return e.err.Error() }
func (e *noDataError) Unwrap() error        { return e.err }
func (e *noDataError) Is(target error) bool { return target == errNoData }

// attempt is one attempt at a cell.
type attempt struct {
	*run
	cell  *bench.PlannedCell
	index int
	draft *runlog.StagedCell
	limit *time.Timer // checks whether the time limit is reached; nil: there is none

	// Under run.mu:
	started bool          // the dataset was ready …
	began   time.Duration // … at this time of the run's clock
	resumed *runlog.Resumed
	seen    Progress
	keeping *keeper
	closed  bool  // guard has returned: an abandoned cell may write no snapshot
	memory  int64 // ProgramMemory of runlog.Attempt
	ended   bool  // no further events, even if an abandoned cell still runs
}

type measured struct {
	result  runlog.Result
	queries []runlog.Audit
}

// measure waits for the dataset and runs the cell, within the plan's time limit. The limit excludes
// the building of the dataset, which cells share.
func (t *attempt) measure(ctx context.Context) (measured, error) {
	cell := t.cell.Cell
	ds, err := t.data.get(ctx, cell.Dataset)
	if _, unfit := errors.AsType[*bench.RecipeError](err); unfit {
		return measured{}, err // the data exist, so the cell fails
	}
	if err != nil {
		return measured{}, &noDataError{err}
	}
	t.mu.Lock()
	t.started, t.began = true, t.clock.now()
	t.mu.Unlock()
	t.emit(Event{Kind: CellStarted, Cell: t.cell, Index: t.index})
	run := ctx
	ctx, cancel := context.WithCancelCause(context.WithoutCancel(run))
	defer cancel(nil)
	defer context.AfterFunc(run, func() { t.stop(func() { cancel(context.Cause(run)) }) })()
	if limit := t.Plan.Timeout; limit > 0 {
		defer t.limited(limit, cancel)()
	}
	m, err := guard(ctx, t.Grace, func(ctx context.Context) (measured, error) {
		learner, k, err := t.keeper(ctx, run, ds)
		if err != nil {
			return measured{}, err
		}
		m, err := with(learner, func() (measured, error) {
			result, queries, err := measure(ctx, cell, ds, learner, t.progress, k)
			return measured{result, queries}, err
		})
		if w, ok := learner.(bench.Weigher); ok {
			t.mu.Lock()
			t.memory = w.PeakMemory()
			t.mu.Unlock()
		}
		return m, err
	})
	t.mu.Lock()
	k := t.keeping
	t.closed = true
	t.mu.Unlock()
	if k != nil {
		k.close()
	}
	if _, panicked := errors.AsType[*panicError](err); err != nil && !panicked &&
		errors.Is(context.Cause(ctx), errTimeLimit) {
		t.mu.Lock()
		seen := t.seen
		t.mu.Unlock()
		limit := fmt.Errorf("%w before the first audit", context.Cause(ctx))
		if seen.Audits > 0 {
			limit = fmt.Errorf("%w after %d of %d audits", context.Cause(ctx), seen.Audits,
				seen.Budget)
		}
		if errors.Is(err, errAbandoned) {
			return m, fmt.Errorf("%w; %w", limit, err)
		}
		return m, limit
	}
	return m, err
}

// limited makes cancel end the cell once it has run for limit, until done is called. A timer
// continues while the process is stopped, so when it fires the run's clock is checked.
func (t *attempt) limited(limit time.Duration, cancel context.CancelCauseFunc) (done func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.limit = time.AfterFunc(limit, func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		if left := limit - t.sinceStart(); left > 0 && t.limit != nil {
			t.limit.Reset(left)
			return
		}
		cancel(fmt.Errorf("%w: %v", errTimeLimit, limit))
	})
	return func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.limit.Stop()
		t.limit = nil
	}
}

// stop cancels the cell after the run was told to stop: at once, or after Grace if the cell can
// write a snapshot at the end of its round. If the cell has ended before, cancel does nothing.
func (t *attempt) stop(cancel func()) {
	t.mu.Lock()
	kept := t.keeping != nil && t.keeping.canKeep()
	t.mu.Unlock()
	if !kept {
		cancel()
		return
	}
	time.AfterFunc(t.Grace, cancel)
}

// progress is called by the cell after each round.
func (t *attempt) progress(p Progress) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ended {
		return
	}
	t.seen = p
	t.emitLocked(Event{Kind: CellProgress, Cell: t.cell, Index: t.index, Progress: p,
		Elapsed: t.sinceStart()})
}

// end emits the outcome of the attempt, its last event.
func (t *attempt) end(kind EventKind, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ended = true
	t.ran[t.cell.ID] = kind != Interrupted
	e := Event{Kind: kind, Cell: t.cell, Index: t.index, Progress: t.seen, Elapsed: t.sinceStart()}
	if err != nil {
		e.Error, e.NoData = err.Error(), errors.Is(err, errNoData)
	}
	t.emitLocked(e)
}

// spent records how long the attempt took, where it resumed, and the peak memory of programs.
func (t *attempt) spent(a *runlog.Attempt) {
	t.mu.Lock()
	defer t.mu.Unlock()
	a.Seconds, a.Resumed, a.ProgramMemory = t.sinceStart().Seconds(), t.resumed, t.memory
}

// sinceStart is the time since the dataset was ready, including the time before the snapshot from
// which the cell resumed. It is 0 for a cell without a dataset. t.mu is held.
func (t *attempt) sinceStart() time.Duration {
	if !t.started {
		return 0
	}
	d := t.clock.now() - t.began
	if t.resumed != nil {
		d += seconds(t.resumed.Seconds)
	}
	return d
}
