package runner

import (
	"testing"
	"time"

	"github.com/uaibench/uaibench/bench/runlog"
)

// A cell that reached its time limit runs again if the limit was raised or lifted, and only then.
func TestRaisedLimitRunsAgain(t *testing.T) {
	p := plan([]string{"a"}, []string{"sleeps"}, 1) // obeys its context, and sleeps for long
	p.Timeout = 20 * time.Millisecond
	c := config(t, p)
	tried := 0
	c.Events = func(e Event) {
		if e.Kind == CellStarted {
			tried++
		}
	}
	for i, step := range []struct {
		limit time.Duration
		tried int
	}{
		{20 * time.Millisecond, 1},
		{20 * time.Millisecond, 1},
		{10 * time.Millisecond, 1},
		{40 * time.Millisecond, 2},
		{20 * time.Millisecond, 2},
	} {
		c.Plan.Timeout = step.limit
		if s := must(t, c); s.TimedOut != 1 || tried != step.tried {
			t.Errorf("step %d: %d timed out, tried %d times, want %d", i, s.TimedOut, tried, step.tried)
		}
	}
	a := read(t, c.Dir).Cells[0].Status
	if a.State != runlog.TimedOut || len(a.Attempts) != 2 || a.Attempts[1].Limit != 40*time.Millisecond {
		t.Errorf("%+v", a)
	}
}
