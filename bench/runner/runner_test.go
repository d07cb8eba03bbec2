package runner

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
	"weak"

	"github.com/google/go-cmp/cmp"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
)

// good is a plan of which every cell gets done.
func good() bench.Plan {
	p := plan([]string{"a", "b"}, []string{"learns", "static"}, 3)
	for i, c := range p.Cells {
		switch i % 3 {
		case 1:
			c.Cell.Noise = bench.Noise{Miss: 0.3, Alarm: 0.1}
			c.Cell.Budget = bench.Budget{Rule: "anomalies"}
		case 2:
			c.Cell.Checkpoints = []int{0, 10, 500}
			c.Cell.Budget = bench.Budget{Rule: "all"}
			c.Cell.K = bench.K{Below: 100, Then: 3, Else: 10}
		}
		p.Cells[i] = planned(c.Cell)
	}
	return p
}

func TestSameDigestWhateverTheOrder(t *testing.T) {
	noGoroutines(t)
	var want string
	for _, jobs := range []int{1, 2, 8} {
		for _, procs := range []int{1, 4} {
			for shuffle := range 2 {
				c := config(t, good())
				c.Jobs = jobs
				if shuffle == 1 {
					c.order = func(o []int) { rand.Shuffle(len(o), func(i, j int) { o[i], o[j] = o[j], o[i] }) }
				}
				before := runtime.GOMAXPROCS(procs)
				s := must(t, c)
				runtime.GOMAXPROCS(before)
				if s.Done != 12 || s.Ran != 12 || s.Planned != 12 || s.Interrupted || s.Failures != nil {
					t.Fatalf("%+v", s)
				}
				run := read(t, c.Dir)
				if want == "" {
					want = s.Digest
				}
				if s.Digest != want || run.Digest() != want {
					t.Errorf("-j %d, GOMAXPROCS %d, shuffled %d: digest %s, on disk %s, want %s", jobs, procs, shuffle, s.Digest, run.Digest(), want)
				}
				nothingLeft(t, c.Dir)
			}
		}
	}
}

// What is on disk follows from the audit logs, and from running a cell again.
func TestReplayAndRerunGiveTheSameBytes(t *testing.T) {
	c := config(t, good())
	must(t, c)
	run := read(t, c.Dir)
	stopped := 0
	for _, cell := range run.Cells {
		queries, err := cell.Queries(run)
		if err != nil {
			t.Fatal(err)
		}
		bare := *cell.Result
		bare.Audited, bare.StoppedEarly, bare.Found, bare.Metrics = 0, false, nil, runlog.Metrics{}
		replayed, err := runlog.Replay(bare, queries)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := runlog.Digest(replayed, queries); err != nil || got != cell.Status.Digest {
			t.Errorf("cell %s replays to %s, %v; want %s", cell.ID, got, err, cell.Status.Digest)
		}
		if cell.Result.StoppedEarly {
			stopped++
		}
		ds, err := toy(t.Context(), cell.Cell.Dataset)
		if err != nil {
			t.Fatal(err)
		}
		l, err := makeUp(cell.Cell.Method, cell.Cell.Seed)
		if err != nil {
			t.Fatal(err)
		}
		if cell.Cell.Noise != (bench.Noise{}) {
			noisy := bench.Noisy(bench.Truth(ds.Truth), cell.Cell.Noise, bench.NewStream(cell.Cell.Seed, "oracle"))
			for _, q := range queries {
				if a, err := noisy.Audit(t.Context(), []int{q.Row}); err != nil || a[0] != q.Anomaly {
					t.Errorf("cell %s: row %d is answered %v, want %v, %v", cell.ID, q.Row, q.Anomaly, a, err)
				}
			}
		}
		result, queries, err := Measure(t.Context(), cell.Cell, ds, l, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := runlog.Digest(result, queries); err != nil || got != cell.Status.Digest {
			t.Errorf("cell %s run again gives %s, %v; want %s", cell.ID, got, err, cell.Status.Digest)
		}
	}
	if stopped == 0 {
		t.Error("no cell of the test plan stops early")
	}
}

// The paper's way of counting, by hand, on 10 rows of which 3 are anomalies.
func TestMeasureByHand(t *testing.T) {
	ds := &bench.Dataset{Name: "ten", Data: bench.Data{X: bench.NewMatrix(10, 1)}, Truth: make([]bool, 10)}
	ds.Truth[2], ds.Truth[5], ds.Truth[6] = true, true, true
	cell := bench.Cell{Budget: bench.Budget{Audits: 8}, K: bench.K{Audits: 3}, Checkpoints: []int{3}}
	// The static ranking is 9, 5, 0 | 2, 1, 3 | 6, …: found at audits 2, 4 and 7.
	place := []float64{7, 5, 6, 4, 1, 8, 3, 2, 0, 9}
	l := static{&learner{chance: place, pause: func(context.Context) error { return nil }}}
	l.learner.mean = [2][2]float64{}
	var seen []Progress
	r, queries, err := Measure(t.Context(), cell, ds, l, func(p Progress) { seen = append(seen, p) })
	if err != nil {
		t.Fatal(err)
	}
	// Rounds of three: the third one completes the anomalies with row 6 as its first (audit 7),
	// and is cut to the two audits that are left of the budget.
	if diff := cmp.Diff([]Progress{{3, 1, 8}, {6, 2, 8}, {8, 3, 8}}, seen); diff != "" {
		t.Error(diff)
	}
	var rows, found []int
	for _, q := range queries {
		rows, found = append(rows, q.Row), append(found, q.Found)
	}
	if diff := cmp.Diff([]int{9, 5, 0, 2, 1, 3, 6, 7}, rows); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]int{0, 1, 1, 2, 2, 2, 3, 3}, found); diff != "" {
		t.Error(diff)
	}
	// ROC-AUC: of 3*7 pairs, row 5 beats 6 normals, row 2 beats 5, row 6 beats 3: 14/21.
	// AP: (1/2 + 2/4 + 3/7)/3. Area to b = 8: 7 + 5 + 2 = 14 of the ideal 1+2+3*6 = 21.
	roc, ap := 14.0/21, (1.0/2+2.0/4+3.0/7)/3
	third := 1.0 / 3
	want := runlog.Result{
		Format: 1, ID: cell.ID(), Cell: cell, Rows: 10, Features: 1, Anomalies: 3, Budget: 8, K: 3,
		Audited: 8, Found: bench.Found{2, 4, 7}, Full: bench.Found{2, 4, 7},
		Metrics:     runlog.Metrics{AtAnomalies: &bench.PRF{Precision: third, Recall: third, F1: third}, Area: 14.0 / 21},
		Unlabelled:  &runlog.RankMetrics{ROCAUC: &roc, AveragePrecision: &ap},
		Checkpoints: []runlog.Checkpoint{{At: 3, Audited: 3, Ranks: runlog.RankMetrics{ROCAUC: &roc, AveragePrecision: &ap}}},
		Counts:      map[string]int64{"steps": 0},
	}
	near := cmp.Comparer(func(a, b float64) bool { return a == b || a-b < 1e-15 && b-a < 1e-15 })
	if diff := cmp.Diff(want, r, near); diff != "" {
		t.Error(diff)
	}
}

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
	p.Timeout = 100 * time.Millisecond
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
		"exits": "exited without a result", "nan late": "row 3 scored +Inf at checkpoint 20", "sleeps": "the time limit was reached: 100ms before the first audit",
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
	c.Method = func(ref bench.MethodRef, seed uint64) (bench.Learner, error) {
		if ref.ID == "errs" {
			ref.ID = "static"
		} else {
			t.Error("a done cell runs again")
		}
		return makeUp(ref, seed)
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
	var asked time.Time
	rec := &recorder{on: func(e Event) {
		if e.Kind == CellProgress && e.Index == 5 && asked.IsZero() {
			asked = time.Now()
			cancel()
		}
	}}
	c.Events = rec.see
	s, err := Run(ctx, c)
	if err != nil {
		t.Fatal(err)
	}
	if took := time.Since(asked); took > time.Second {
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

func TestInterruptedRetryIsNoFailureOfThisRun(t *testing.T) {
	c := config(t, plan([]string{"a"}, []string{"errs"}, 1))
	must(t, c)
	c.RetryFailed = true
	ctx, cancel := context.WithCancel(t.Context())
	c.Method = func(ref bench.MethodRef, seed uint64) (bench.Learner, error) {
		cancel()
		return makeUp(bench.MethodRef{ID: "sleeps"}, seed)
	}
	s, err := Run(ctx, c)
	if err != nil || s.Failed != 1 || !s.Failures[0].Earlier {
		t.Errorf("%+v, %v", s, err)
	}
	if a := read(t, c.Dir).Cells[0].Status.Attempts; len(a) != 1 {
		t.Errorf("the interrupted attempt is on disk: %+v", a)
	}
}

// A learner or builder that heeds no context is abandoned, after a time limit and after Ctrl-C.
func TestHungIsAbandoned(t *testing.T) {
	release := make(chan struct{})
	rec := &recorder{}
	defer func() {
		// What an abandoned cell does once it wakes up is not shown.
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
	hang := func(ref bench.MethodRef, seed uint64) (bench.Learner, error) {
		l, err := makeUp(bench.MethodRef{ID: "learns"}, seed)
		if ref.ID == "hangs" {
			l.(*learner).pause = func(context.Context) error { <-release; return nil }
		}
		return l, err
	}
	t.Run("time limit", func(t *testing.T) {
		p := plan([]string{"a"}, []string{"hangs", "learns"}, 2)
		p.Timeout = 30 * time.Millisecond
		c := config(t, p)
		c.Grace, c.Method = 30*time.Millisecond, hang
		c.Events = rec.see
		s := must(t, c)
		rec.closed.Store(true)
		if s.TimedOut != 2 || s.Done != 2 || s.Abandoned != 2 {
			t.Fatalf("%+v", s)
		}
		if msg := s.Failures[0].Attempt.Error; !strings.Contains(msg, "the time limit was reached: 30ms") || !strings.Contains(msg, "abandoned: it did not stop within 30ms") {
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
		if err != nil || !s.Interrupted || s.Abandoned != 1 || time.Since(start) > time.Second {
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
		if err != nil || !s.Interrupted || time.Since(start) > time.Second {
			t.Errorf("%+v, %v after %v", s, err, time.Since(start))
		}
		nothingLeft(t, c.Dir)
	})
}

func TestDatasetsAreBuiltOnceAndReleased(t *testing.T) {
	c := config(t, plan([]string{"a", "b"}, []string{"learns", "static"}, 3))
	c.Jobs = 1
	var builds counting
	var first weak.Pointer[bench.Dataset]
	c.Data = func(ctx context.Context, ref bench.DatasetRef) (*bench.Dataset, error) {
		d, err := builds.data(ctx, ref)
		if ref.ID == "a" {
			first = weak.Make(d)
		}
		return d, err
	}
	cells := 0
	c.Method = func(ref bench.MethodRef, seed uint64) (bench.Learner, error) {
		cells++
		runtime.GC()
		if held := first.Value() != nil; held != (cells <= 6) {
			t.Errorf("at cell %d of 6 + 6 the first dataset is held: %v", cells, held)
		}
		return makeUp(ref, seed)
	}
	must(t, c)
	if diff := cmp.Diff(map[string]int{"a": 1, "b": 1}, builds.builds); diff != "" {
		t.Error(diff)
	}
}

// The seconds of a cell leave out the building of its dataset, which cells share.
func TestSecondsAreTheCells(t *testing.T) {
	c := config(t, plan([]string{"a", "missing"}, []string{"static"}, 1))
	c.Data = func(ctx context.Context, ref bench.DatasetRef) (*bench.Dataset, error) {
		time.Sleep(200 * time.Millisecond)
		return toy(ctx, ref)
	}
	must(t, c)
	for _, cell := range read(t, c.Dir).Cells {
		if s := cell.Status.Attempts[0].Seconds; s < 0 || s > 0.1 {
			t.Errorf("%s on %s: %g s", cell.Label, cell.Cell.Dataset.ID, s)
		}
	}
}

func TestShards(t *testing.T) {
	whole := config(t, good())
	want := must(t, whole).Digest
	c := config(t, good())
	total := 0
	for i := range 3 {
		c.Shard = runlog.Shard{I: i + 1, N: 3}
		s := must(t, c)
		total += s.Planned
		if s.Done != 4 || s.Ran != 4 {
			t.Errorf("shard %d: %+v", i+1, s)
		}
	}
	if got := read(t, c.Dir).Digest(); got != want || total != 12 {
		t.Errorf("three shards of together %d cells: digest %s, want %s", total, got, want)
	}
	c.Shard = runlog.Shard{}
	if s := must(t, c); s.Ran != 0 || s.Digest != want {
		t.Errorf("the whole plan after its shards: %+v", s)
	}
}

func TestCellPlannedTwiceRunsOnce(t *testing.T) {
	p := plan([]string{"a"}, []string{"learns"}, 2)
	p.Cells = append(p.Cells, p.Cells[0])
	c := config(t, p)
	if s := must(t, c); s.Planned != 2 || s.Ran != 2 {
		t.Errorf("%+v", s)
	}
	if n := len(read(t, c.Dir).Cells); n != 3 {
		t.Errorf("the plan reads back with %d places", n)
	}
}

func TestChangedPlanRunsWhatIsMissing(t *testing.T) {
	c := config(t, plan([]string{"a"}, []string{"learns", "static"}, 2))
	must(t, c)
	c.Plan = plan([]string{"a"}, []string{"static", "dozes"}, 2)
	if s := must(t, c); s.Done != 4 || s.Ran != 2 || s.NotInPlan != 2 {
		t.Errorf("%+v", s)
	}
}

func TestDamagedCellRunsAgain(t *testing.T) {
	c := config(t, good())
	want := must(t, c).Digest
	if err := os.Truncate(filepath.Join(c.Dir, "cells", c.Plan.Cells[4].ID, "result.json"), 50); err != nil {
		t.Fatal(err)
	}
	s := must(t, c)
	if s.Ran != 1 || s.Digest != want || len(s.Damaged) != 1 || s.Damaged[0].ID != c.Plan.Cells[4].ID {
		t.Errorf("%+v", s)
	}
}

func TestEvents(t *testing.T) {
	p := plan([]string{"a", "missing"}, []string{"learns", "errs"}, 2)
	c := config(t, p)
	rec := &recorder{}
	c.Events = rec.see
	must(t, c)
	rec.closed.Store(true)
	if rec.events[0].Kind != PlanReady || rec.events[0].Plan.Planned != 8 || len(rec.events[0].Plan.ToRun) != 8 {
		t.Fatalf("first event: %+v", rec.events[0])
	}
	got := map[string]string{}
	for _, e := range rec.events[1:] {
		name := ""
		if e.Dataset != nil {
			name = e.Dataset.ID
		} else {
			name = fmt.Sprintf("%s %s %d", e.Cell.Label, e.Cell.Cell.Dataset.ID, e.Cell.Cell.Seed)
			if p.Cells[e.Index].ID != e.Cell.ID {
				t.Error("index and cell disagree")
			}
		}
		if e.At.IsZero() {
			t.Error("an event without a time")
		}
		if last := string(e.Kind); !strings.HasSuffix(got[name], last+";") {
			got[name] += last + ";"
		}
	}
	want := map[string]string{"a": "dataset building;dataset built;", "missing": "dataset building;dataset failed;"}
	for _, seed := range []int{100, 101} {
		want[fmt.Sprintf("learns a %d", seed)] = "started;progress;done;"
		want[fmt.Sprintf("errs a %d", seed)] = "started;failed;"
		want[fmt.Sprintf("learns missing %d", seed)] = "failed;"
		want[fmt.Sprintf("errs missing %d", seed)] = "failed;"
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestInUse(t *testing.T) {
	c := config(t, plan([]string{"a"}, []string{"dozes"}, 1))
	var second error
	c.Events = func(e Event) {
		if e.Kind == CellStarted {
			again := c
			again.Events = nil
			_, second = Run(t.Context(), again)
		}
	}
	must(t, c)
	if !errors.Is(second, runlog.ErrInUse) || !strings.Contains(second.Error(), fmt.Sprintf("process %d on ", os.Getpid())) {
		t.Errorf("a second process: %v", second)
	}
}

func TestUnwritableDirectory(t *testing.T) {
	c := config(t, plan([]string{"a"}, []string{"learns"}, 1))
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	c.Dir = filepath.Join(file, "run")
	if _, err := Run(t.Context(), c); err == nil || !strings.Contains(err.Error(), "not a directory") {
		t.Errorf("a run directory under a file: %v", err)
	}
	// The cells' folder goes away in the middle: the harness stops and says where.
	c = config(t, plan([]string{"a"}, []string{"learns"}, 4))
	c.Jobs = 1
	c.Events = func(e Event) {
		if e.Kind == CellStarted && e.Index == 2 {
			os.RemoveAll(filepath.Join(c.Dir, "cells"))
			os.WriteFile(filepath.Join(c.Dir, "cells"), nil, 0o644)
		}
	}
	s, err := Run(t.Context(), c)
	if err == nil || !strings.Contains(err.Error(), c.Plan.Cells[2].ID) || s.NotRun != 2 {
		t.Errorf("cells/ gone: %v, %+v", err, s)
	}
	if _, err := os.Stat(filepath.Join(c.Dir, "plan.json")); errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}
