package runner

import (
	"context"
	"fmt"
	"time"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
)

// Rerun runs cells again, one after the other, and passes each outcome to done, whose error stops
// it. It writes nothing. Cells of the same dataset should be adjacent: a dataset is kept until a
// cell of another one comes. Of c it uses Data, Method and Grace.
func Rerun(ctx context.Context, c Config, cells []bench.PlannedCell,
	done func(bench.PlannedCell, runlog.Result, []runlog.Audit, error) error) error {
	var ds *bench.Dataset
	var err error
	built := ""
	for _, p := range cells {
		if key := p.Cell.Dataset.Key(); key != built {
			ds = nil // two at a time may not fit in memory
			ds, err = guard(ctx, max(c.Grace, time.Second),
				func(ctx context.Context) (*bench.Dataset, error) {
					ds, err := c.Data(ctx, p.Cell.Dataset)
					if err != nil {
						return nil, err
					}
					return ds, ds.Check()
				})
			built = key
		}
		var m measured
		failed := err
		if failed == nil {
			m, failed = c.again(ctx, p.Cell, ds)
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err := done(p, m.result, m.queries, failed); err != nil {
			return err
		}
	}
	return nil
}

func (c Config) again(ctx context.Context, cell bench.Cell, ds *bench.Dataset) (measured, error) {
	if cell.Loop != bench.LoopVersion {
		return measured{}, fmt.Errorf("the cell was made by version %d of the loop, this program "+
			"has version %d", cell.Loop, bench.LoopVersion)
	}
	return guard(ctx, max(c.Grace, time.Second), func(ctx context.Context) (measured, error) {
		learner, err := c.begin(ctx, cell, ds)
		if err != nil {
			return measured{}, err
		}
		return with(learner, func() (measured, error) {
			result, queries, err := Measure(ctx, cell, ds, learner, nil)
			return measured{result, queries}, err
		})
	})
}
