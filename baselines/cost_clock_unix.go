//go:build unix && !linux

package baselines

import (
	"syscall"
	"time"
)

// processorTime is the processor time that this process has used, on all cores.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic("baselines: processor time: " + err.Error())
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
