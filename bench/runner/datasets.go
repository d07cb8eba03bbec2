package runner

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/uaibench/uaibench/bench"
)

// datasets builds each dataset once, when the first cell needs it, and releases it after its last
// cell.
type datasets struct {
	run      *run
	ctx      context.Context
	building sync.WaitGroup

	mu      sync.Mutex
	entries map[string]*dataset
}

type dataset struct {
	cells   int // cells that have not released it yet
	started bool
	ready   chan struct{} // closed once data and err are set
	data    *bench.Dataset
	err     error
}

// newDatasets returns the datasets of the cells in todo, each of which may call get and release
// once.
func newDatasets(ctx context.Context, r *run, todo []int) *datasets {
	d := &datasets{run: r, ctx: ctx, entries: map[string]*dataset{}}
	for _, i := range todo {
		key := r.Plan.Cells[i].Cell.Dataset.Key()
		if d.entries[key] == nil {
			d.entries[key] = &dataset{ready: make(chan struct{})}
		}
		d.entries[key].cells++
	}
	return d
}

// get returns a dataset, built and checked, which all cells share and none may modify. A failure is
// kept, and not retried for each cell.
func (d *datasets) get(ctx context.Context, ref bench.DatasetRef) (*bench.Dataset, error) {
	d.mu.Lock()
	e := d.entries[ref.Key()]
	if !e.started {
		e.started = true
		d.building.Go(func() { d.build(e, ref) })
	}
	d.mu.Unlock()
	select {
	case <-e.ready:
		return e.data, e.err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

func (d *datasets) build(e *dataset, ref bench.DatasetRef) {
	defer close(e.ready)
	d.run.emit(Event{Kind: DatasetBuilding, Dataset: &ref})
	data, err := guard(d.ctx, d.run.Grace, func(ctx context.Context) (*bench.Dataset, error) {
		data, err := d.run.Data(ctx, ref)
		if err != nil {
			return nil, err
		}
		if data == nil {
			return nil, errors.New("the builder returned nothing")
		}
		return data, data.Check()
	})
	if err != nil {
		e.err = fmt.Errorf("dataset %s: %w", ref.ID, err)
		if d.ctx.Err() != nil && errors.Is(err, context.Canceled) {
			return // not a failure: the run was told to stop
		}
		d.mu.Lock()
		cells := e.cells
		d.mu.Unlock()
		d.run.emit(Event{Kind: DatasetFailed, Dataset: &ref, Cells: cells, Error: e.err.Error()})
		return
	}
	e.data = data
	d.run.emit(Event{Kind: DatasetBuilt, Dataset: &ref})
}

// release ends a cell's use of a dataset.
func (d *datasets) release(ref bench.DatasetRef) {
	d.mu.Lock()
	defer d.mu.Unlock()
	key := ref.Key()
	e := d.entries[key]
	if e.cells--; e.cells == 0 {
		delete(d.entries, key)
	}
}

// wait returns once no builder that obeys its context is running.
func (d *datasets) wait() { d.building.Wait() }
