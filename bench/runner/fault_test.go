package runner

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/uaibench/uaibench/bench/runlog"
)

// If any file of a run is cut in half, a reader fails and names the file; the next run loses no
// other cell, and ends with the same digest.
func TestFileCutInHalf(t *testing.T) {
	p := good()
	whole := config(t, p)
	want := must(t, whole).Digest
	cell := filepath.Join("cells", p.Cells[3].ID)
	for _, name := range []string{filepath.Join(cell, "result.json"), filepath.Join(cell, "queries.jsonl"), filepath.Join(cell, "status.json"), "plan.json", "env.json"} {
		t.Run(filepath.Base(name), func(t *testing.T) {
			c := config(t, p)
			if err := os.CopyFS(c.Dir, os.DirFS(whole.Dir)); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(c.Dir, name)
			info, err := os.Stat(file)
			if err == nil {
				err = os.Truncate(file, info.Size()/2)
			}
			if err != nil {
				t.Fatal(err)
			}
			if _, err := runlog.Read(c.Dir); err == nil || !strings.Contains(err.Error(), filepath.Base(file)) {
				t.Errorf("a reader says: %v", err)
			}
			ran := 1
			if filepath.Dir(name) == "." { // the user must move such a file away, as the message states
				ran = 0
				_, err := Run(t.Context(), c)
				if err == nil || !strings.Contains(err.Error(), filepath.Base(file)) || !strings.Contains(err.Error(), "move") {
					t.Errorf("a run says: %v", err)
				}
				if err := os.Remove(file); err != nil {
					t.Fatal(err)
				}
			}
			s := must(t, c)
			if s.Ran != ran || s.Digest != want || len(s.Damaged) != ran {
				t.Errorf("%+v, want digest %s", s, want)
			}
		})
	}
}

// jump returns a time as a clock gives it that was set while the program runs: without the reading
// of the monotonic clock, by which Go otherwise measures durations.
func jump(t time.Time, by time.Duration) time.Time { return t.Round(0).Add(by) }

// All times of a run have the monotonic clock's reading, so that setting the clock changes no
// duration.
func TestDurationsHeedNoClock(t *testing.T) {
	c := config(t, plan([]string{"a"}, []string{"dozes"}, 2))
	var before time.Time
	c.Snapshot = time.Nanosecond
	c.Events = func(e Event) {
		if !strings.Contains(e.At.String(), " m=") {
			t.Errorf("%s at %v", e.Kind, e.At)
		}
		if e.At.Sub(before) < 0 || e.Elapsed < 0 {
			t.Errorf("%s: %v after the last event, %v after the start", e.Kind, e.At.Sub(before), e.Elapsed)
		}
		before = e.At
	}
	must(t, c)
	for _, cell := range read(t, c.Dir).Cells {
		if s := cell.Status.Attempts[0].Seconds; s < 0.02 || s > 60 { // eleven rounds of 2 ms
			t.Errorf("%v s", s)
		}
	}
}

// Even if times jump an hour back or forth (such as those of another machine's events), estimates
// are possible values.
func TestEstimatesOfAClockThatJumps(t *testing.T) {
	p := plan([]string{"a"}, []string{"dozes"}, 3)
	start := time.Now()
	for _, by := range []time.Duration{-time.Hour, -time.Minute, time.Hour, 24 * 365 * time.Hour} {
		var e Estimator
		now := start.Round(0)
		overview := &Overview{Planned: 3, Jobs: 1}
		for i := range p.Cells {
			overview.ToRun = append(overview.ToRun, &p.Cells[i])
		}
		check := func(when string) {
			for _, at := range []time.Time{now, now.Add(by), now.Add(-by)} {
				left, ok := e.Left(at)
				cell, cellOK := e.CellLeft(p.Cells[0].ID, at)
				if ok && left < 0 || cellOK && cell < 0 {
					t.Errorf("%v, %s: %v left, %v of the cell", by, when, left, cell)
				}
			}
		}
		observe := func(x Event, when string) {
			x.At, x.Cell = now, &p.Cells[0]
			e.Observe(x)
			check(when)
		}
		observe(Event{Kind: PlanReady, Plan: overview}, "planned")
		observe(Event{Kind: CellStarted}, "started")
		now = now.Add(time.Second)
		observe(Event{Kind: CellProgress, Progress: Progress{Audits: 4, Budget: 4100}}, "first round")
		now = jump(now, by)
		observe(Event{Kind: CellProgress, Progress: Progress{Audits: 8, Budget: 4100}}, "second round")
		now = jump(now, -by)
		observe(Event{Kind: CellProgress, Progress: Progress{Audits: 12, Budget: 4100}}, "third round")
		observe(Event{Kind: CellDone, Elapsed: time.Second}, "done")
	}
}
