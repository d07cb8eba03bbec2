//go:build !unix

package baselines

import "time"

var started = time.Now()

// processorTime is the time that has passed: what else the machine does counts as well.
func processorTime() time.Duration { return time.Since(started) }
