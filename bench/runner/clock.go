package runner

import (
	"sync"
	"time"
)

// clock measures how long the process has been running. Time in which it was stopped (Ctrl-Z,
// suspension by a batch system, a machine that sleeps) does not count, so it does not use up a
// cell's time limit.
//
// The clock is read every lookEvery. A gap of more than mostApart between two readings counts as
// lookEvery. If a busy machine delays a reading by seconds the clock is slow, never fast.
type clock struct {
	mu   sync.Mutex
	time func() time.Time
	last time.Time
	ran  time.Duration
}

const (
	lookEvery = 250 * time.Millisecond
	mostApart = 2 * time.Second
)

// newClock starts a clock; stop ends its goroutine.
func newClock() (c *clock, stop func()) {
	c = &clock{time: time.Now, last: time.Now()}
	done := make(chan struct{})
	go func() {
		tick := time.NewTicker(lookEvery)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				c.now()
			case <-done:
				return
			}
		}
	}()
	return c, func() { close(done) }
}

// now returns how long the process has been running since the clock was started.
func (c *clock) now() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := c.time()
	apart := t.Sub(c.last) // by the monotonic clock, so that setting the wall clock has no effect
	if apart > mostApart {
		apart = lookEvery
	}
	c.ran, c.last = c.ran+apart, t
	return c.ran
}
