package baselines

import (
	"time"

	"golang.org/x/sys/unix"
)

// processorTime is the processor time that this thread has used. getrusage measures a single thread
// only in scheduler ticks, which are longer than a trial.
func processorTime() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t); err != nil {
		panic("baselines: processor time: " + err.Error())
	}
	return time.Duration(t.Nano())
}
