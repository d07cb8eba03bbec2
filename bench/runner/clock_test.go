package runner

import (
	"testing"
	"time"
)

// The time between two readings counts, unless it is so long that the process was stopped.
func TestClockExcludesStops(t *testing.T) {
	at := time.Now()
	c := &clock{time: func() time.Time { return at }, last: at}
	for range 8 {
		at = at.Add(lookEvery)
		c.now()
	}
	if got := c.now(); got != 2*time.Second {
		t.Errorf("ran %v, want 2 s", got)
	}
	at = at.Add(time.Hour)
	if got := c.now(); got != 2*time.Second+lookEvery {
		t.Errorf("with an hour of sleep: ran %v", got)
	}
	at = at.Add(mostApart)
	if got := c.now(); got != 4*time.Second+lookEvery {
		t.Errorf("a look that came late on a busy machine: ran %v", got)
	}
}

func TestClockRuns(t *testing.T) {
	c, stop := newClock()
	defer stop()
	before := c.now()
	time.Sleep(30 * time.Millisecond)
	if ran := c.now() - before; ran < 30*time.Millisecond {
		t.Errorf("ran %v in 30 ms", ran)
	}
}
