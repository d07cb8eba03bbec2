package runner

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"
)

// errAbandoned reports that a function did not stop when cancelled, and is no longer waited for.
var errAbandoned = errors.New("abandoned")

// panicError is a panic that guard caught.
type panicError struct {
	value any
	stack string
}

func (p *panicError) Error() string { return fmt.Sprintf("panic: %v", p.value) }

// guard runs f in its own goroutine. A panic in f becomes a *panicError. If f does not return
// within grace after ctx ends, guard returns errAbandoned: a goroutine cannot be stopped from
// outside, so f continues, and its results are dropped.
//
// A panic in a goroutine that f itself started cannot be caught; it ends the process, and the next
// run resumes from there.
func guard[T any](ctx context.Context, grace time.Duration,
	f func(context.Context) (T, error)) (T, error) {
	type outcome struct {
		value T
		err   error
	}
	end := make(chan outcome, 1)
	go func() {
		// Sent by a deferred function, since runtime.Goexit ends a goroutine without a panic.
		out := outcome{err: errors.New("its goroutine exited without a result")}
		returned := false
		defer func() {
			if !returned {
				if v := recover(); v != nil {
					out.err = &panicError{v, string(debug.Stack())}
				}
			}
			end <- out
		}()
		out.value, out.err = f(ctx)
		returned = true
	}()
	select {
	case out := <-end:
		return out.value, out.err
	case <-ctx.Done():
	}
	patience := time.NewTimer(grace)
	defer patience.Stop()
	select {
	case out := <-end:
		return out.value, out.err
	case <-patience.C:
		var none T
		return none, fmt.Errorf("%w: it did not stop within %v of being cancelled, and may still "+
			"be using memory and a processor", errAbandoned, grace)
	}
}
