//go:build !unix

package baselines

import "time"

var started = time.Now()

// processorTime is the elapsed time, which includes the machine's other work.
func processorTime() time.Duration { return time.Since(started) }
