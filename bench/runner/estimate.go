package runner

import (
	"time"

	"github.com/uaibench/uaibench/bench"
)

// Estimator estimates from a run's events how much longer the run will take: by done cells of the
// same method on the same dataset, of this or an earlier invocation; else by the progress of
// running ones; else by the method's cells on other datasets; else by all cells. An earlier
// invocation may have been on another machine, or beside other work, so its times are scaled by the
// slowness of this one. An Estimator is not safe for concurrent use.
type Estimator struct {
	jobs    int
	waiting map[string]workKind     // by id: not started
	running map[string]*runningCell // by id
	done    map[workKind]mean       // seconds per cell, in this invocation
	before  map[workKind]mean       // seconds per cell, in earlier ones
}

// workKind groups cells that should take about equally long.
type workKind struct{ method, dataset string }

func kindOf(c *bench.PlannedCell) workKind {
	return workKind{c.Cell.Method.ID, c.Cell.Dataset.Key()}
}

type runningCell struct {
	kind    workKind
	started time.Time
	first   Progress // after the first round, so after any pre-training
	firstAt time.Time
	seen    Progress
	seenAt  time.Time
}

type mean struct {
	sum float64
	n   int
}

func (m *mean) add(v float64)       { m.sum += v; m.n++ }
func (m mean) get() (float64, bool) { return m.sum / float64(max(m.n, 1)), m.n > 0 }

// Observe updates the estimates by an event.
func (e *Estimator) Observe(ev Event) {
	switch ev.Kind {
	case PlanReady:
		*e = Estimator{
			jobs:    max(ev.Plan.Jobs, 1),
			waiting: map[string]workKind{},
			running: map[string]*runningCell{},
			done:    map[workKind]mean{},
			before:  map[workKind]mean{},
		}
		for _, c := range ev.Plan.ToRun {
			e.waiting[c.ID] = kindOf(c)
		}
		for _, c := range ev.Plan.Took {
			took(e.before, kindOf(c.Cell), c.Seconds)
		}
	case CellStarted:
		e.running[ev.Cell.ID] = &runningCell{kind: e.waiting[ev.Cell.ID], started: ev.At}
		delete(e.waiting, ev.Cell.ID)
	case CellResumed:
		if r := e.running[ev.Cell.ID]; r != nil {
			r.started = ev.At.Add(-ev.Elapsed)
		}
	case CellProgress:
		if r := e.running[ev.Cell.ID]; r != nil {
			r.seen, r.seenAt = ev.Progress, ev.At
			if r.first.Audits == 0 {
				r.first, r.firstAt = r.seen, r.seenAt
			}
		}
	case CellDone:
		if r := e.running[ev.Cell.ID]; r != nil {
			took(e.done, r.kind, ev.Elapsed.Seconds())
		}
		e.end(ev.Cell.ID)
	case CellFailed, CellTimedOut, Interrupted:
		e.end(ev.Cell.ID)
	}
}

func took(cells map[workKind]mean, kind workKind, seconds float64) {
	m := cells[kind]
	m.add(seconds)
	cells[kind] = m
}

// typical is the mean time of done cells of a kind in seconds: those of this invocation, else those
// of earlier ones times slow. ok is false if there are none.
func (e *Estimator) typical(kind workKind, slow float64) (float64, bool) {
	if s, ok := e.done[kind].get(); ok {
		return s, true
	}
	s, ok := e.before[kind].get()
	return s * slow, ok
}

// slowness is the ratio of the time that cells take now to what they took before, by the done cells
// and, in proportion to their progress, the running ones. A prior of 1 has the weight of a tenth of
// a mean cell.
func (e *Estimator) slowness() float64 {
	var now, then, all mean
	for kind, before := range e.before {
		b, _ := before.get()
		all.add(b)
		if m := e.done[kind]; m.n > 0 {
			now.sum, then.sum = now.sum+m.sum, then.sum+b*float64(m.n)
		}
	}
	for _, r := range e.running {
		if b, ok := e.before[r.kind].get(); ok {
			if left, ok := r.byPace(r.seenAt); ok {
				share := float64(r.seen.Audits) / float64(r.seen.Budget)
				total := max(r.seenAt.Sub(r.started).Seconds(), 0) + left
				now.sum, then.sum = now.sum+share*total, then.sum+share*b
			}
		}
	}
	average, _ := all.get()
	prior := 0.1 * average
	if then.sum+prior == 0 {
		return 1
	}
	return (now.sum + prior) / (then.sum + prior)
}

func (e *Estimator) end(id string) {
	delete(e.waiting, id)
	delete(e.running, id)
}

// CellLeft estimates how much longer a running cell will take; ok is false if nothing is known yet.
func (e *Estimator) CellLeft(id string, now time.Time) (left time.Duration, ok bool) {
	r := e.running[id]
	if r == nil {
		return 0, false
	}
	s, ok := e.left(r, now, e.slowness())
	return seconds(s), ok
}

// left is the seconds that a cell still needs, at least 0: at first by the typical time of its
// kind, towards the end by its own pace. The result is false if neither is known.
func (e *Estimator) left(r *runningCell, now time.Time, slow float64) (float64, bool) {
	elapsed := max(now.Sub(r.started).Seconds(), 0)
	paced, hasPace := r.byPace(now)
	total, hasLike := e.typical(r.kind, slow)
	switch {
	case !hasLike || elapsed >= total:
		return paced, hasPace
	case !hasPace:
		return total - elapsed, true
	}
	gone := elapsed / total
	return (1-gone)*(total-elapsed) + gone*paced, true
}

// byPace is the seconds that a cell still needs, at least 0, at its pace between the first round
// and the last: what came before the first, such as pre-training, is not repeated. The result is
// false before the second round.
func (r *runningCell) byPace(now time.Time) (float64, bool) {
	if r.seen.Audits <= r.first.Audits || r.seen.Budget < r.seen.Audits {
		return 0, false
	}
	pace := max(r.seenAt.Sub(r.firstAt).Seconds(), 0) / float64(r.seen.Audits-r.first.Audits)
	return max(pace*float64(r.seen.Budget-r.seen.Audits)-max(now.Sub(r.seenAt).Seconds(), 0),
		0), true
}

// Left estimates how much longer the run will take; ok is false while too little is known.
func (e *Estimator) Left(now time.Time) (left time.Duration, ok bool) {
	if len(e.waiting)+len(e.running) == 0 {
		return 0, e.jobs > 0
	}
	// Seconds per cell, by kind, by method and over all cells: of done cells, else as projected for
	// running ones.
	projected := map[workKind]mean{}
	byMethod := map[string]mean{}
	var any mean
	count := func(method string, more mean) {
		m := byMethod[method]
		byMethod[method] = mean{m.sum + more.sum, m.n + more.n}
		any.sum, any.n = any.sum+more.sum, any.n+more.n
	}
	for k, m := range e.done {
		count(k.method, m)
	}
	slow := e.slowness()
	for k, m := range e.before {
		count(k.method, mean{m.sum * slow, m.n})
	}
	for _, r := range e.running {
		if s, ok := e.left(r, now, slow); ok && e.done[r.kind].n+e.before[r.kind].n == 0 {
			m, one := projected[r.kind], mean{max(now.Sub(r.started).Seconds(), 0) + s, 1}
			m.add(one.sum)
			projected[r.kind] = m
			count(r.kind.method, one)
		}
	}
	takes := func(k workKind) (float64, bool) {
		if s, ok := e.typical(k, slow); ok {
			return s, true
		}
		for _, m := range []mean{projected[k], byMethod[k.method]} {
			if s, ok := m.get(); ok {
				return s, true
			}
		}
		return any.get()
	}
	var sum, longest float64
	for _, r := range e.running {
		s, ok := e.left(r, now, slow)
		if !ok {
			total, known := takes(r.kind)
			if !known {
				return 0, false
			}
			s = max(total-max(now.Sub(r.started).Seconds(), 0), 0)
		}
		sum, longest = sum+s, max(longest, s)
	}
	for _, kind := range e.waiting {
		s, ok := takes(kind)
		if !ok {
			return 0, false
		}
		sum, longest = sum+s, max(longest, s)
	}
	workers := min(e.jobs, len(e.waiting)+len(e.running))
	return seconds(max(sum/float64(workers), longest)), true
}

// seconds converts s to a Duration, at most about the longest one.
func seconds(s float64) time.Duration {
	return time.Duration(min(s*float64(time.Second), 1<<63-1024))
}
