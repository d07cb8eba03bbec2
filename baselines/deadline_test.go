package baselines

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/uaibench/uaibench/bench"
)

// TestCostHasADeadline: a trial that does not end is abandoned at the deadline, whether or not the
// method heeds its context.
func TestCostHasADeadline(t *testing.T) {
	for _, heeds := range []bool{true, false} {
		id := map[bool]string{true: "heeds", false: "deaf"}[heeds]
		release := make(chan struct{})
		had := methods
		methods = append(methods[:len(methods):len(methods)], method{
			MethodInfo: bench.MethodInfo{ID: id, Version: 1},
			build: func(bench.Params, uint64, buildOptions) bench.Learner {
				return bench.Passive(hanging{heeds, release})
			},
		})
		synctest.Test(t, func(t *testing.T) {
			release = make(chan struct{}) // a channel of this bubble
			start := time.Now()
			_, err := new(Trials).Cost(t.Context(), bench.MethodRef{ID: id, Version: 1}, Shape{Rows: 10, Features: 2, Budget: 1, K: 1})
			if err == nil || err.Error() != "it did not finish within 10s" || time.Since(start) != Deadline {
				t.Errorf("%s: %v after %v", id, err, time.Since(start))
			}
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(time.Second, cancel)
			if _, err := new(Trials).Cost(ctx, bench.MethodRef{ID: id, Version: 1}, Shape{Rows: 10, Features: 2, Budget: 1, K: 1}); !errors.Is(err, context.Canceled) {
				t.Errorf("%s: %v after Ctrl-C", id, err)
			}
			close(release)
		})
		methods = had
	}
}

// hanging blocks until release is closed and, if heeds, until its context is done.
type hanging struct {
	heeds   bool
	release chan struct{}
}

func (h hanging) Fit(ctx context.Context, _ bench.Data) error {
	if h.heeds {
		select {
		case <-h.release:
		case <-ctx.Done():
			return ctx.Err()
		}
		return nil
	}
	<-h.release
	return nil
}

func (h hanging) Scores(_ context.Context, dst []float64, _ bench.Data, _ []int, head bench.Head) (bench.Head, error) {
	return head, nil
}
