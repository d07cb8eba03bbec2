package runner

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/uaibench/uaibench/bench"
)

// at is the time s seconds after a fixed start.
func at(s float64) time.Time {
	return time.Date(2019, 5, 6, 0, 0, 0, 0, time.UTC).Add(seconds(s))
}

func toRun(p bench.Plan) []*bench.PlannedCell {
	var out []*bench.PlannedCell
	for i := range p.Cells {
		out = append(out, &p.Cells[i])
	}
	return out
}

func TestTimeLeftByHand(t *testing.T) {
	cells := toRun(plan([]string{"a"}, []string{"learns", "static"}, 2)) // learns 0, 1; static 2, 3
	var e Estimator
	if _, ok := e.Left(at(0)); ok {
		t.Error("an estimate before there is a plan")
	}
	check := func(now float64, want float64, known bool) {
		t.Helper()
		got, ok := e.Left(at(now))
		if ok != known || ok && got.Round(time.Millisecond) != seconds(want) {
			t.Errorf("at %g s: %v, %v; want %v, %v", now, got, ok, seconds(want), known)
		}
	}
	observe := func(k EventKind, now float64, cell int, p Progress, elapsed float64) {
		e.Observe(Event{Kind: k, At: at(now), Cell: cells[cell], Progress: p, Elapsed: seconds(elapsed)})
	}
	e.Observe(Event{Kind: PlanReady, At: at(0), Plan: &Overview{ToRun: cells, Jobs: 2}})
	check(0, 0, false)
	observe(CellStarted, 0, 0, Progress{}, 0)
	observe(CellStarted, 0, 2, Progress{}, 0)
	check(5, 0, false)
	// One round gives no pace: most of the time before it was pre-training.
	observe(CellProgress, 2, 0, Progress{2, 0, 40}, 2)
	check(5, 0, false)
	// Eight audits in the 8 s since then: 30 s left for 30 audits, and the other three cells are
	// taken to need 40 s each: 30 + 30 + 40 + 40 over two workers.
	observe(CellProgress, 10, 0, Progress{10, 1, 40}, 10)
	check(10, 70, true)
	if left, ok := e.CellLeft(cells[0].ID, at(13)); !ok || left != seconds(27) {
		t.Errorf("cell: %v, %v; want 27 s", left, ok)
	}
	if _, ok := e.CellLeft(cells[2].ID, at(13)); ok {
		t.Error("an estimate for a cell of which nothing is known")
	}
	// The static cell took 2 s, so the other one is expected to; the learning ones take 40.
	observe(CellDone, 12, 2, Progress{}, 2)
	observe(CellStarted, 12, 3, Progress{}, 0)
	check(12, 40, true) // the longest: (28 + 2 + 40)/2 is less than one complete cell
	observe(CellFailed, 13, 3, Progress{}, 1)
	check(20, 40, true) // 20 and 40, in parallel
	observe(CellDone, 30, 0, Progress{}, 30)
	check(30, 30, true)
	observe(CellStarted, 30, 1, Progress{}, 0)
	check(50, 10, true)
	// Longer than other cells of its kind: by its own pace of 1 s per audit.
	observe(CellProgress, 32, 1, Progress{2, 0, 40}, 2)
	observe(CellProgress, 65, 1, Progress{35, 3, 40}, 35)
	check(65, 5, true)
	check(100, 0, true)
	observe(CellDone, 100, 1, Progress{}, 70)
	check(100, 0, true)
}

// Times of earlier invocations count from the start, and a method's cells on another dataset take
// precedence over another method's.
func TestTimeLeftFromEarlierInvocations(t *testing.T) {
	p := toRun(plan([]string{"a", "b"}, []string{"learns", "static"}, 2)) // a: learns 0, 1; static 2, 3; b: 4, 5; 6, 7
	var e Estimator
	e.Observe(Event{Kind: PlanReady, At: at(0), Plan: &Overview{
		Took: []Took{{p[0], 30}, {p[2], 2}}, ToRun: []*bench.PlannedCell{p[1], p[3], p[4], p[6]}, Jobs: 1,
	}})
	if left, ok := e.Left(at(0)); !ok || left != seconds(30+2+30+2) {
		t.Errorf("%v, %v; want 64 s", left, ok)
	}
	e.Observe(Event{Kind: CellStarted, At: at(0), Cell: p[4]})
	e.Observe(Event{Kind: CellDone, At: at(50), Cell: p[4], Elapsed: seconds(50)})
	if left, ok := e.Left(at(50)); !ok || left != seconds(30+2+2) {
		t.Errorf("%v, %v; want 34 s", left, ok)
	}
}

// On a machine half as fast as the earlier one, a cell's estimate moves gradually to its own pace,
// and the estimates of waiting cells follow.
func TestTimeLeftOnASlowerMachine(t *testing.T) {
	p := toRun(plan([]string{"a"}, []string{"learns"}, 3))
	var e Estimator
	e.Observe(Event{Kind: PlanReady, At: at(0), Plan: &Overview{Took: []Took{{p[0], 100}}, ToRun: p[1:], Jobs: 1}})
	e.Observe(Event{Kind: CellStarted, At: at(0), Cell: p[1]})
	if left, ok := e.Left(at(0)); !ok || left != seconds(200) {
		t.Errorf("%v, %v; want 200 s", left, ok)
	}
	// Twenty seconds and ten audits of pre-training and the first round, then two seconds per
	// audit: 200 s in all.
	last := 100.0
	for audits := 10; audits <= 100; audits++ {
		now := float64(2 * audits)
		e.Observe(Event{Kind: CellProgress, At: at(now), Cell: p[1], Progress: Progress{Audits: audits, Budget: 100}})
		left, ok := e.CellLeft(p[1].ID, at(now))
		got, want := left.Seconds(), 200-now
		switch {
		case !ok || got > want+1e-9:
			t.Errorf("at %g s: %v, %v; want at most %g s", now, left, ok, want)
		case audits > 11 && math.Abs(got-last) > 5: // the eleventh is the first with a pace
			t.Errorf("at %g s: from %g to %g s", now, last, got)
		case audits >= 50 && got < 0.85*want:
			t.Errorf("at %g s: %v, want some %g s", now, left, want)
		}
		last = got
		if audits == 55 {
			// By hand: 0.55 of a cell that takes 200 s where 100 were expected, and the prior of a
			// tenth of a cell.
			slow := (0.55*200 + 10) / (0.55*100 + 10)
			gone := 110 / (100 * slow)
			cell := (1-gone)*(100*slow-110) + gone*90
			if left, _ := e.Left(at(now)); math.Abs(left.Seconds()-cell-100*slow) > 1e-6 {
				t.Errorf("%v for this one and the next, want %g s", left, cell+100*slow)
			}
		}
	}
	e.Observe(Event{Kind: CellDone, At: at(200), Cell: p[1], Elapsed: seconds(200)})
	if left, ok := e.Left(at(200)); !ok || left != seconds(200) {
		t.Errorf("%v, %v; want 200 s", left, ok)
	}
}

// In any order of events, even with a clock that jumps, an estimate is finite and not negative.
func TestTimeLeftIsNeverNonsense(t *testing.T) {
	cells := toRun(plan([]string{"a", "b"}, []string{"learns", "static"}, 2))
	kinds := []EventKind{CellStarted, CellProgress, CellDone, CellFailed, CellTimedOut, Interrupted}
	rapid.Check(t, func(t *rapid.T) {
		var e Estimator
		e.Observe(Event{Kind: PlanReady, Plan: &Overview{
			ToRun: cells, Jobs: rapid.IntRange(0, 9).Draw(t, "jobs"),
			Took: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Took {
				return Took{rapid.SampledFrom(cells).Draw(t, "of"), rapid.Float64Range(0, 1e6).Draw(t, "took")}
			}), 0, 3).Draw(t, "before"),
		}})
		for range rapid.IntRange(0, 40).Draw(t, "events") {
			now := at(rapid.Float64Range(-1e6, 1e6).Draw(t, "at"))
			cell := rapid.SampledFrom(cells).Draw(t, "cell")
			e.Observe(Event{
				Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), At: now, Cell: cell,
				Progress: Progress{Audits: rapid.IntRange(0, 50).Draw(t, "audits"), Budget: rapid.IntRange(0, 50).Draw(t, "budget")},
				Elapsed:  seconds(rapid.Float64Range(0, 1e6).Draw(t, "elapsed")),
			})
			if left, _ := e.Left(now); left < 0 || left > 1e5*time.Hour {
				t.Fatalf("%v left", left)
			}
			if left, _ := e.CellLeft(cell.ID, now); left < 0 || left > 1e5*time.Hour {
				t.Fatalf("%v left of a cell", left)
			}
		}
	})
}
