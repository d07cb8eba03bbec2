package f32

import (
	"runtime"
	"sync/atomic"
	"time"
)

// A Team is a number of goroutines that share the work of one owner, the only goroutine that may
// call Do. Work is divided by its outputs (rows, columns, elements), never within a sum, so results
// do not depend on the number of threads.
//
// A Team of one thread starts no goroutine. The goroutines of a larger one end when the Team is no
// longer reachable.
type Team struct{ *crew }

// crew is the part that the goroutines refer to; a reference to the Team would keep it reachable.
type crew struct {
	spaces []Workspace // by member
	failed []any       // by member: value of a panic
	idle   []waiter    // by member; the owner, member 0, waits for all others
	spin   bool        // there may be a processor for each

	// The current call of Do, valid for members once rounds has grown.
	body    func(member, lo, hi int)
	n, unit int
	rounds  atomic.Int64 // calls so far; negative: the team is dissolved
	working atomic.Int64 // members other than the owner that have not finished
}

// patience is how long a waiter spins before it sleeps. Waking takes about 5 to 50 µs; the parts of
// a training step that are not shared take less than patience.
const patience = 100 * time.Microsecond

// A waiter is a place where one goroutine waits.
type waiter struct {
	asleep atomic.Bool
	wake   chan struct{}
	_      [64]byte // avoids false sharing of a cache line
}

// until returns once ready does; the goroutine that makes it ready must call up afterwards.
func (w *waiter) until(spin bool, ready func() bool) {
	if spin {
		for begin := time.Now(); time.Since(begin) < patience; {
			for range 64 {
				if ready() {
					return
				}
			}
		}
	}
	for !ready() {
		w.asleep.Store(true)
		if ready() && w.asleep.CompareAndSwap(true, false) {
			return
		}
		<-w.wake
	}
}

// up wakes the goroutine if it sleeps.
func (w *waiter) up() {
	if w.asleep.CompareAndSwap(true, false) {
		w.wake <- struct{}{}
	}
}

// NewTeam returns a Team of threads members, at least one.
func NewTeam(threads int) *Team {
	threads = max(threads, 1)
	c := &crew{spaces: make([]Workspace, threads), failed: make([]any, threads),
		idle: make([]waiter, threads), spin: threads <= runtime.GOMAXPROCS(0)}
	for member := range c.idle {
		c.idle[member].wake = make(chan struct{}, 1)
		if member > 0 {
			go c.follow(member)
		}
	}
	t := &Team{c}
	if threads > 1 {
		runtime.AddCleanup(t, (*crew).dissolve, c)
	}
	return t
}

func (c *crew) dissolve() {
	c.rounds.Store(-1)
	for member := range c.idle[1:] {
		c.idle[1+member].up()
	}
}

// follow runs a member's part of each round.
func (c *crew) follow(member int) {
	round := int64(0)
	called := func() bool { return c.rounds.Load() != round }
	for {
		c.idle[member].until(c.spin, called)
		if round = c.rounds.Load(); round < 0 {
			return
		}
		c.part(member)
	}
}

func (c *crew) part(member int) {
	defer func() {
		c.failed[member] = recover()
		if c.working.Add(-1) == 0 {
			c.idle[0].up()
		}
	}()
	c.do(member)
}

func (c *crew) do(member int) {
	if lo, hi := c.cut(member), c.cut(member+1); lo < hi {
		c.body(member, lo, hi)
	}
}

func (c *crew) cut(member int) int { return Cut(c.n, c.unit, member, len(c.spaces)) }

// Cut returns where part i begins if parts parts share [0, n) evenly, with borders at multiples of
// unit; n for i = parts.
func Cut(n, unit, i, parts int) int {
	if i == parts {
		return n
	}
	share := parts * unit
	return min(n, (2*n*i+share)/(2*share)*unit)
}

// Threads returns the number of members.
func (t *Team) Threads() int { return len(t.spaces) }

// Workspace returns a member's scratch memory.
func (t *Team) Workspace(member int) *Workspace { return &t.spaces[member] }

// Do calls body for parts [lo, hi) of [0, n), one for each member, in parallel, and returns when
// all have finished. A panic in a member is raised in the caller. Do allocates nothing if body is
// created once and reused.
func (t *Team) Do(n int, body func(member, lo, hi int)) { t.DoBy(1, n, body) }

// DoBy is Do with parts that begin at multiples of unit.
func (t *Team) DoBy(unit, n int, body func(member, lo, hi int)) {
	if len(t.spaces) == 1 || n <= unit {
		body(0, 0, n)
		return
	}
	t.body, t.n, t.unit = body, n, unit
	t.working.Store(int64(len(t.spaces) - 1))
	t.rounds.Add(1)
	for member := range t.idle[1:] {
		t.idle[1+member].up()
	}
	func() {
		defer t.await() // also if this part panics: the others still use the memory
		t.do(0)
	}()
	runtime.KeepAlive(t)
	for member, p := range t.failed {
		if p != nil {
			t.failed[member] = nil
			panic(p)
		}
	}
}

func (c *crew) await() {
	c.idle[0].until(c.spin, func() bool { return c.working.Load() == 0 })
	c.body = nil
}
