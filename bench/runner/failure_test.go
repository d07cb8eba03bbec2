package runner

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
)

func TestFailuresFailTheirCell(t *testing.T) {
	noGoroutines(t)
	methods := []string{"learns", "panics", "errs", "nan", "unmade", "exits", "nan late", "sleeps"}
	p := plan([]string{"a", "missing", "broken", "panics"}, methods, 1)
	for i := range p.Cells {
		if p.Cells[i].Cell.Method.ID == "nan late" {
			p.Cells[i].Cell.Checkpoints = []int{20}
			p.Cells[i] = planned(p.Cells[i].Cell)
		}
	}
	tooMuch := p.Cells[0].Cell
	tooMuch.Budget = bench.Budget{Audits: 61}
	p.Cells = append(p.Cells, planned(tooMuch))
	p.Timeout = time.Second // more than any other cell needs on a busy machine
	c := config(t, p)
	var builds counting
	c.Data = builds.data
	s := must(t, c)
	if s.Done != 1 || s.Failed != len(p.Cells)-2 || s.TimedOut != 1 || s.NotRun != 0 || s.Interrupted || len(s.Failures) != len(p.Cells)-1 {
		t.Fatalf("%+v", s)
	}
	if diff := cmp.Diff(map[string]int{"a": 1, "missing": 1, "broken": 1, "panics": 1}, builds.builds); diff != "" {
		t.Error("built more than once: ", diff)
	}
	want := map[string]string{
		"panics": "panic: out of its depth", "errs": "train after 0 audits: the matrix is singular",
		"nan": "row 3 scored NaN after 0 audits", "unmade": "make method unmade: it takes more than one class",
		"exits": "exited without a result", "nan late": "checkpoint 20: row 3 scored +Inf", "sleeps": "the time limit was reached: 1s before the first audit",
		"learns":  "budget is 61: it must be between 1 and the dataset's 60 rows",
		"missing": "get it from its shelf", "broken": "row 3, column 1: NaN is not a finite number",
	}
	for _, cell := range read(t, c.Dir).Cells {
		if cell.Status.State == runlog.Done {
			continue
		}
		a := cell.Status.Attempts[0]
		msg := want[cell.Cell.Method.ID]
		if d := cell.Cell.Dataset.ID; want[d] != "" && d != "panics" {
			msg = want[d]
		} else if d == "panics" {
			msg = "dataset panics: panic: no such shelf"
		}
		if !strings.Contains(a.Error, msg) {
			t.Errorf("%s on %s: %q, want %q", cell.Label, cell.Cell.Dataset.ID, a.Error, msg)
		}
		if a.Seed != 100 || a.Host != "here" || a.Kernel != "made up" {
			t.Errorf("attempt: %+v", a)
		}
		if panicked := strings.Contains(a.Error, "panic:"); panicked != (a.Stack != "") {
			t.Errorf("%s on %s: stack %q", cell.Label, cell.Cell.Dataset.ID, a.Stack)
		} else if panicked && !strings.Contains(a.Stack, "fake_test.go") {
			t.Errorf("the stack does not show where it panicked: %s", a.Stack)
		}
	}
	nothingLeft(t, c.Dir)
}

func TestResumeRetryAndFailFast(t *testing.T) {
	c := config(t, plan([]string{"a"}, []string{"learns", "errs"}, 3))
	c.Jobs = 1
	c.FailFast = true
	s := must(t, c)
	if s.Done != 3 || s.Failed != 1 || s.NotRun != 2 || s.Interrupted {
		t.Fatalf("fail fast: %+v", s)
	}
	c.FailFast = false
	s = must(t, c)
	if s.Done != 3 || s.Ran != 0 || s.Failed != 3 || !s.Failures[0].Earlier || s.Failures[1].Earlier {
		t.Fatalf("resumed: %+v", s)
	}
	c.Method = func(c bench.Cell) (bench.Learner, error) {
		if c.Method.ID == "errs" {
			c.Method.ID = "static"
		} else {
			t.Error("a done cell runs again")
		}
		return makeUp(c)
	}
	if s = must(t, c); s.Failed != 3 {
		t.Fatalf("failed cells run again unasked: %+v", s)
	}
	c.RetryFailed = true
	s = must(t, c)
	if s.Done != 6 || s.Ran != 3 || s.Failures != nil {
		t.Fatalf("retried: %+v", s)
	}
	for _, cell := range read(t, c.Dir).Cells[3:] {
		if a := cell.Status.Attempts; len(a) != 2 || a[0].State != runlog.Failed || a[1].State != runlog.Done {
			t.Errorf("history: %+v", a)
		}
	}
}

func TestInterrupt(t *testing.T) {
	noGoroutines(t)
	p := plan([]string{"a"}, []string{"dozes"}, 20)
	whole := config(t, p)
	whole.Jobs = 8
	want := must(t, whole).Digest

	c := config(t, p)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var cancelled time.Time
	rec := &recorder{on: func(e Event) {
		if e.Kind == CellProgress && e.Index == 5 && cancelled.IsZero() {
			cancelled = time.Now()
			cancel()
		}
	}}
	c.Events = rec.record
	s, err := Run(ctx, c)
	if err != nil {
		t.Fatal(err)
	}
	if took := time.Since(cancelled); took > time.Second {
		t.Errorf("it stopped after %v", took)
	}
	if !s.Interrupted || s.Done < 3 || s.NotRun == 0 || s.Done+s.NotRun != 20 || s.Failures != nil {
		t.Fatalf("%+v", s)
	}
	nothingLeft(t, c.Dir)
	if run := read(t, c.Dir); run.Count(runlog.Done) != s.Done || run.Count(runlog.Planned) != s.NotRun {
		t.Error("on disk is something else than in the summary")
	}
	c.Events = nil
	if s := must(t, c); s.Digest != want || s.Done != 20 {
		t.Errorf("resumed: %+v, want digest %s", s, want)
	}
}

// A dataset whose building is cut short by Ctrl-C has not failed; one that fails at that moment
// has.
func TestInterruptedBuildIsNoFailure(t *testing.T) {
	broken := errors.New("the shelf broke")
	for _, fails := range []bool{false, true} {
		c := config(t, plan([]string{"a"}, []string{"learns"}, 2))
		ctx, cancel := context.WithCancel(t.Context())
		c.Data = func(ctx context.Context, _ bench.DatasetRef) (*bench.Dataset, error) {
			cancel()
			<-ctx.Done()
			if fails {
				return nil, broken
			}
			return nil, fmt.Errorf("read images: %w", ctx.Err())
		}
		rec := &recorder{}
		c.Events = rec.record
		s, err := Run(ctx, c)
		if err != nil || !s.Interrupted || s.NotRun != 2 {
			t.Fatalf("%+v, %v", s, err)
		}
		failed := 0
		for _, e := range rec.events {
			if e.Kind == DatasetFailed {
				failed++
				if !strings.Contains(e.Error, broken.Error()) {
					t.Errorf("shown: %s", e.Error)
				}
			}
		}
		if fails != (failed == 1) {
			t.Errorf("fails %v: %d failures are shown", fails, failed)
		}
	}
}

func TestInterruptedRetryIsNoFailureOfThisRun(t *testing.T) {
	c := config(t, plan([]string{"a"}, []string{"errs"}, 1))
	must(t, c)
	c.RetryFailed = true
	ctx, cancel := context.WithCancel(t.Context())
	c.Method = func(c bench.Cell) (bench.Learner, error) {
		cancel()
		return makeOf("sleeps", c.Seed)
	}
	s, err := Run(ctx, c)
	if err != nil || s.Failed != 1 || !s.Failures[0].Earlier || !s.Interrupted {
		t.Errorf("%+v, %v", s, err)
	}
	if a := read(t, c.Dir).Cells[0].Status.Attempts; len(a) != 1 {
		t.Errorf("the interrupted attempt is on disk: %+v", a)
	}
}

// A learner or builder that ignores its context is abandoned, after a time limit and after Ctrl-C.
func TestHungCellIsAbandoned(t *testing.T) {
	release := make(chan struct{})
	rec := &recorder{}
	defer func() {
		// An abandoned cell that wakes up emits no events.
		close(release)
		for range 200 {
			buf := make([]byte, 1<<20)
			if !strings.Contains(string(buf[:runtime.Stack(buf, true)]), "bench.Run(") {
				break
			}
			time.Sleep(5 * time.Millisecond)
		}
		if n := rec.late.Load(); n != 0 {
			t.Errorf("%d events after the end", n)
		}
	}()
	hang := func(c bench.Cell) (bench.Learner, error) {
		l, err := makeOf("learns", c.Seed)
		if c.Method.ID == "hangs" {
			l.(*learner).pause = func(context.Context) error { <-release; return nil }
		}
		return l, err
	}
	t.Run("time limit", func(t *testing.T) {
		p := plan([]string{"a"}, []string{"hangs", "learns"}, 2)
		p.Timeout = 500 * time.Millisecond
		c := config(t, p)
		c.Grace, c.Method = 30*time.Millisecond, hang
		c.Events = rec.record
		s := must(t, c)
		rec.closed.Store(true)
		if s.TimedOut != 2 || s.Done != 2 || s.Abandoned != 2 {
			t.Fatalf("%+v", s)
		}
		if msg := s.Failures[0].Attempt.Error; !strings.Contains(msg, "the time limit was reached: 500ms") || !strings.Contains(msg, "abandoned: it did not stop within 30ms") {
			t.Error(msg)
		}
	})
	t.Run("Ctrl-C", func(t *testing.T) {
		c := config(t, plan([]string{"a"}, []string{"hangs"}, 1))
		c.Grace, c.Method = 30*time.Millisecond, hang
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var start time.Time
		c.Events = func(e Event) {
			if e.Kind == CellStarted {
				start = time.Now()
				time.AfterFunc(30*time.Millisecond, cancel)
			}
		}
		s, err := Run(ctx, c)
		if err != nil || !s.Interrupted || s.Abandoned != 1 || time.Since(start) > 10*time.Second {
			t.Errorf("%+v, %v after %v", s, err, time.Since(start))
		}
		nothingLeft(t, c.Dir)
	})
	t.Run("builder", func(t *testing.T) {
		c := config(t, plan([]string{"a"}, []string{"learns"}, 1))
		c.Grace = 30 * time.Millisecond
		c.Data = func(context.Context, bench.DatasetRef) (*bench.Dataset, error) { <-release; return nil, nil }
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var start time.Time
		c.Events = func(e Event) {
			if e.Kind == DatasetBuilding {
				start = time.Now()
				time.AfterFunc(30*time.Millisecond, cancel)
			}
		}
		s, err := Run(ctx, c)
		if err != nil || !s.Interrupted || time.Since(start) > 10*time.Second {
			t.Errorf("%+v, %v after %v", s, err, time.Since(start))
		}
		nothingLeft(t, c.Dir)
	})
}

// TestUnfitRecipe: a dataset whose recipe does not fit the existing data is not missing. Its cells
// fail with the reason, and are not retried unless asked for.
func TestUnfitRecipe(t *testing.T) {
	c := config(t, plan([]string{"a", "b"}, []string{"learns"}, 1))
	half := bench.Split{Train: bench.TrainContaminated, Contamination: 0.5}
	tries := 0
	c.Data = func(ctx context.Context, ref bench.DatasetRef) (*bench.Dataset, error) {
		if ref.ID == "b" {
			tries++
			_, err := half.Kept(10, 4)
			return nil, fmt.Errorf("built: %w", err)
		}
		return toy(ctx, ref)
	}
	for range 2 {
		s := must(t, c)
		if s.Failed != 1 || s.Done != 1 || s.Failures[0].Attempt.NoData || !strings.Contains(s.Failures[0].Attempt.Error, "a contamination of 0.5 takes 10 anomalies") {
			t.Errorf("%+v", s)
		}
	}
	if tries != 1 {
		t.Errorf("tried %d times", tries)
	}
}

// TestMissingDataIsRetried: a cell whose dataset could not be built was never tried, so the
// next run tries it without being asked; a method's failure remains.
func TestMissingDataIsRetried(t *testing.T) {
	c := config(t, plan([]string{"missing", "a"}, []string{"learns", "errs"}, 1))
	if s := must(t, c); s.Failed != 3 || s.Done != 1 {
		t.Fatalf("%+v", s)
	}
	c.Data = func(ctx context.Context, ref bench.DatasetRef) (*bench.Dataset, error) {
		ref.ID = "a"
		return toy(ctx, ref)
	}
	// "learns" is done on both now. "errs" had failed for lack of data and now fails by itself; its
	// failure on "a" is not repeated.
	s := must(t, c)
	if s.Ran != 1 || s.Done != 2 || s.Failed != 2 || !s.Failures[1].Earlier || s.Failures[0].Earlier {
		t.Errorf("%+v", s)
	}
}
