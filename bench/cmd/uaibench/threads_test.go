package main

import (
	"runtime"
	"testing"
)

// TestThreadsOfLastCells checks that cells get one thread each while there is one for each core,
// that the last cells share all cores, and that --threads takes precedence.
func TestThreadsOfLastCells(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(16))
	for _, c := range []struct{ asked, jobs, left, want int }{
		{0, 16, 40, 1}, {0, 16, 16, 1}, {0, 16, 9, 1}, {0, 16, 8, 2}, {0, 16, 5, 3}, {0, 16, 1, 16},
		{0, 16, 0, 16}, {0, 4, 40, 4}, {0, 4, 3, 5}, {0, 99, 40, 1}, {3, 16, 40, 3}, {3, 16, 1, 3},
	} {
		if got := threads(c.asked, c.jobs, c.left); got != c.want {
			t.Errorf("asked for %d, %d at a time, %d left: %d threads, want %d", c.asked, c.jobs, c.left,
				got, c.want)
		}
	}
}
