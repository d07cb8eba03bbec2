package baselines

import (
	"time"

	"golang.org/x/sys/unix"
)

// processorTime is what this thread has used of a core. getrusage tells it of one thread by the
// scheduler's ticks alone, which are longer than a trial.
func processorTime() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t); err != nil {
		panic("baselines: processor time: " + err.Error())
	}
	return time.Duration(t.Nano())
}
