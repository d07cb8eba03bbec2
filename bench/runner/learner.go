package runner

import (
	"context"
	"fmt"
	"io"

	"github.com/uaibench/uaibench/bench"
)

// begin makes the learner of a cell, and starts it if it is a bench.Starter.
func (c Config) begin(ctx context.Context, cell bench.Cell,
	ds *bench.Dataset) (bench.Learner, error) {
	l, err := c.Method(cell)
	if err != nil {
		return nil, fmt.Errorf("make method %s: %w", cell.Method.ID, err)
	}
	if s, ok := l.(bench.Starter); ok {
		return s.Start(ctx, ds.Data)
	}
	return l, nil
}

// with calls work, then closes the learner; an error of Close is the cell's error too. If work
// fails or panics the learner is aborted.
func with(l bench.Learner, work func() (measured, error)) (m measured, err error) {
	done := false
	defer func() {
		if !done { // or work panicked
			abort(l)
		}
	}()
	if m, err = work(); err != nil {
		return m, err
	}
	done = true
	if c, ok := l.(io.Closer); ok {
		err = c.Close()
	}
	return m, err
}

func abort(l bench.Learner) {
	if a, ok := l.(bench.Aborter); ok {
		a.Abort()
	}
}
