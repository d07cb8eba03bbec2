package runner

import (
	"sync"
	"time"
)

// clock tells how long the process has been running. The time in which it was stopped (Ctrl-Z, a
// batch system's suspension, a machine that sleeps) does not count: a cell has not used its time
// limit by then.
//
// It is looked at every lookEvery; what is far more between two looks was no running. A machine that
// is so busy that a look comes late by seconds makes the clock slow, never fast.
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

// newClock starts a clock, which stop ends.
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

// now is how long the process has been running since the clock was started.
func (c *clock) now() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := c.time()
	apart := t.Sub(c.last) // by the monotonic clock, whatever becomes of the wall's
	if apart > mostApart {
		apart = lookEvery
	}
	c.ran, c.last = c.ran+apart, t
	return c.ran
}
