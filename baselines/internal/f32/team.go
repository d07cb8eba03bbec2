package f32

import (
	"runtime"
	"sync"
)

// A Team is a number of goroutines that share the work of one owner, who alone may call Do. Work
// is split by what it writes (rows, columns, elements), never within a sum, so results do not
// depend on the number of threads.
//
// A Team of one thread starts no goroutine. The goroutines of a larger one end when the Team is
// no longer reachable.
type Team struct{ *crew }

// crew is what the goroutines hold on to; a Team they must not, or it would never be let go.
type crew struct {
	spaces []Workspace // one a member
	orders []chan order
	done   sync.WaitGroup
	failed []any // what a member's work panicked with
}

type order struct {
	body   func(member, lo, hi int)
	lo, hi int
}

// NewTeam returns a Team of at least one thread.
func NewTeam(threads int) *Team {
	threads = max(threads, 1)
	c := &crew{spaces: make([]Workspace, threads), failed: make([]any, threads)}
	t := &Team{c}
	for member := 1; member < threads; member++ {
		orders := make(chan order, 1)
		c.orders = append(c.orders, orders)
		go func() {
			for o := range orders {
				c.follow(member, o)
			}
		}()
	}
	if threads > 1 {
		runtime.AddCleanup(t, func(orders []chan order) {
			for _, o := range orders {
				close(o)
			}
		}, c.orders)
	}
	return t
}

func (c *crew) follow(member int, o order) {
	defer c.done.Done()
	defer func() { c.failed[member] = recover() }()
	o.body(member, o.lo, o.hi)
}

// Threads is the number of members.
func (t *Team) Threads() int { return len(t.spaces) }

// Workspace returns a member's scratch memory.
func (t *Team) Workspace(member int) *Workspace { return &t.spaces[member] }

// Do calls body for parts [lo, hi) of [0, n), one a member, at the same time, and returns when
// all are done. A panic of a member's becomes the caller's. A body that is made once and kept
// makes Do free of allocations.
func (t *Team) Do(n int, body func(member, lo, hi int)) {
	size := (n + len(t.spaces) - 1) / len(t.spaces)
	if len(t.spaces) == 1 || n < 2 {
		body(0, 0, n)
		return
	}
	for i, orders := range t.orders {
		if lo := (i + 1) * size; lo < n {
			t.done.Add(1)
			orders <- order{body, lo, min(lo+size, n)}
		}
	}
	func() {
		defer t.done.Wait() // also when the caller's part panics: the others still use the memory
		body(0, 0, size)
	}()
	runtime.KeepAlive(t)
	for member, p := range t.failed {
		if p != nil {
			t.failed[member] = nil
			panic(p)
		}
	}
}
