package progress

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/bench/runner"
)

func cell(method, dataset string, seed uint64) *bench.PlannedCell {
	c := bench.Cell{Dataset: bench.DatasetRef{ID: dataset}, Method: bench.MethodRef{ID: method}, Seed: seed}
	return &bench.PlannedCell{ID: c.ID(), Cell: c, Label: strings.ToUpper(method)}
}

// script has the events of a run of two cells.
func script() []runner.Event {
	start := time.Now()
	a, b := cell("dae", "mnist0", 1), cell("class", "mnist0", 2)
	b.Variant = []bench.Setting{{Name: "k", Value: "3"}}
	at := func(s float64) time.Time { return start.Add(time.Duration(s * float64(time.Second))) }
	return []runner.Event{
		{Kind: runner.PlanReady, At: at(0), Plan: &runner.Overview{
			Planned: 5, Done: 2, Failed: 1, ToRun: []*bench.PlannedCell{a, b}, Jobs: 2, NotInPlan: 7, Replaced: true,
			Damaged: []*runlog.Damage{{ID: "0a", Err: errors.New("cells/0a/result.json has changed"), Kept: "cells/.damaged-0a-1"}},
		}},
		{Kind: runner.DatasetBuilding, At: at(0), Dataset: &a.Cell.Dataset},
		{Kind: runner.DatasetBuilt, At: at(1), Dataset: &a.Cell.Dataset},
		{Kind: runner.CellStarted, At: at(1), Cell: a},
		{Kind: runner.CellStarted, At: at(1), Cell: b},
		{Kind: runner.CellProgress, At: at(2), Cell: a, Progress: runner.Progress{Audits: 10, Found: 1, Budget: 100}},
		{Kind: runner.CellProgress, At: at(61), Cell: a, Progress: runner.Progress{Audits: 50, Found: 4, Budget: 100}},
		{Kind: runner.CellProgress, At: at(62), Cell: a, Progress: runner.Progress{Audits: 60, Found: 5, Budget: 100}},
		{Kind: runner.CellFailed, At: at(63), Cell: b, Error: "panic: no\nsecond line"},
		{Kind: runner.CellDone, At: at(64), Cell: a, Progress: runner.Progress{Audits: 100, Found: 9, Budget: 100}, Elapsed: 63 * time.Second},
	}
}

func TestPlainLines(t *testing.T) {
	var out bytes.Buffer
	d := New(&out, Options{Every: 30 * time.Second})
	for _, e := range script() {
		d.Event(e)
	}
	fmt.Fprintln(d, "a line of a log")
	d.Close()
	// From 2 s to 61 s DAE made 40 audits, so the remaining 50 take 59·50/40 = 74 s; at 62 s it has
	// made 50 in 60 s, and the remaining 40 take 48 s. At 62 s the next line about it is not due
	// yet.
	want := `5 cells: 2 done, 2 to run, 2 at a time; 1 failed before and are not retried
the plan has changed: 7 cells of earlier plans are kept, but not part of it
cell 0a is damaged: cells/0a/result.json has changed; it is kept as cells/.damaged-0a-1 and runs again
building dataset mnist0
start DAE on mnist0, seed 1
start CLASS on mnist0, k = 3, seed 2
      DAE on mnist0, seed 1: 50/100 audits, 4 found, about 1m14s left
      CLASS on mnist0, k = 3, seed 2: before the first audit, 1m00s
      3/5 cells, 1 failed, about 1m14s left
FAILED CLASS on mnist0, k = 3, seed 2: panic: no [4/5 cells, 2 failed, about 47s left]
done  DAE on mnist0, seed 1: 9 anomalies in 100 audits, 1m03s [5/5 cells, 2 failed]
a line of a log
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Error(diff)
	}
}

// screen emulates as much of a terminal as the bars need: lines, "cursor up n", "erase to the end".
type screen struct {
	mu   sync.Mutex
	rows []string
	row  int
	out  bytes.Buffer
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.out.Write(p)
	for text := string(p); text != ""; {
		if rest, ok := strings.CutPrefix(text, "\x1b["); ok {
			end := strings.IndexAny(rest, "ABCDJK")
			n, err := strconv.Atoi(rest[:end])
			switch rest[end] {
			case 'A':
				if err != nil {
					panic("cursor up by " + rest[:end])
				}
				s.row -= n
			case 'J':
				s.rows = s.rows[:min(s.row, len(s.rows))]
			default:
				panic("unknown escape " + rest[:end+1])
			}
			text = rest[end+1:]
			continue
		}
		line, rest, whole := strings.Cut(text, "\n")
		if e := strings.Index(text, "\x1b"); e >= 0 && e < len(line) {
			line, rest, whole = text[:e], text[e:], false
		}
		for len(s.rows) <= s.row {
			s.rows = append(s.rows, "")
		}
		s.rows[s.row] += line
		if whole {
			s.row++
		}
		text = rest
	}
	return len(p), nil
}

func (s *screen) show() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.rows, "\n")
}

func onScreen(s *screen) *Display {
	d := New(s, Options{})
	d.draw(newBars(s, true))
	return d
}

func eventually(t *testing.T, s *screen, want ...string) {
	t.Helper()
	var shown string
	for range 300 {
		shown = s.show()
		missing := ""
		for _, w := range want {
			if !strings.Contains(shown, w) {
				missing = w
			}
		}
		if missing == "" {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("the screen shows\n%s\nwhich lacks one of %q", shown, want)
}

func noGoroutines(t *testing.T) {
	t.Helper()
	var stacks string
	for range 200 {
		buf := make([]byte, 1<<20)
		stacks = string(buf[:runtime.Stack(buf, true)])
		if !strings.Contains(stacks, "vbauerster/mpb") && !strings.Contains(stacks, "progress.(*Display)") {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("goroutines are left:\n%s", stacks)
}

func TestBars(t *testing.T) {
	s := new(screen)
	d := onScreen(s)
	events := script()
	for _, e := range events[:7] {
		d.Event(e)
	}
	eventually(t, s, "building dataset mnist0\n", "DAE on mnist0, seed 1: 50/100 audits, 4 found", "CLASS on mnist0, k = 3, seed 2: before the first audit", "[====", "3/5 cells, 1 failed")
	fmt.Fprintln(d, "a line of a log")
	for _, e := range events[7:] {
		d.Event(e)
	}
	eventually(t, s, "a line of a log\nFAILED CLASS", "done  DAE on mnist0, seed 1: 9 anomalies in 100 audits, 1m03s\n", "5/5 cells, 2 failed")
	d.Close()
	d.Close()
	if shown := s.show(); strings.Contains(shown, "[=") || strings.Contains(shown, "before the first audit") || !strings.HasSuffix(strings.TrimRight(shown, "\n"), "1m03s") {
		t.Errorf("after Close the screen shows\n%s", shown)
	}
	if strings.Contains(s.out.String(), "\x1b[?25l") {
		t.Error("the cursor was hidden")
	}
	noGoroutines(t)
}

// Ctrl-C: the bars are removed while cells are running, and events still come.
func TestClosedInTheMiddle(t *testing.T) {
	s := new(screen)
	d := onScreen(s)
	events := script()
	for _, e := range events[:6] {
		d.Event(e)
	}
	eventually(t, s, "10/100 audits")
	start := time.Now()
	d.Close()
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("Close took %v", took)
	}
	if shown := s.show(); strings.Contains(shown, "audits") || strings.Contains(shown, "[") {
		t.Errorf("after Close the screen shows\n%s", shown)
	}
	d.Event(runner.Event{Kind: runner.Interrupted, At: time.Now(), Cell: events[3].Cell})
	d.Event(events[8])
	if shown := s.show(); !strings.Contains(shown, "FAILED CLASS") {
		t.Errorf("later events are lost:\n%s", shown)
	}
	noGoroutines(t)
}

type gone struct{}

func (gone) Write([]byte) (int, error) { return 0, os.ErrClosed }

// A terminal that disappears blocks nothing.
func TestTerminalGone(t *testing.T) {
	d := New(gone{}, Options{})
	d.draw(newBars(gone{}, true))
	for range 50 {
		for _, e := range script() {
			d.Event(e)
		}
		time.Sleep(time.Millisecond)
	}
	d.Close()
	noGoroutines(t)
}

// The display with a real run on several workers.
func TestWithRunner(t *testing.T) {
	var p bench.Plan
	for seed := range uint64(20) {
		c := bench.Cell{Dataset: bench.DatasetRef{ID: "toy"}, Method: bench.MethodRef{ID: "first"}, Seed: seed, Budget: bench.Budget{Audits: 50}, K: bench.K{Audits: 1}}
		p.Cells = append(p.Cells, bench.PlannedCell{ID: c.ID(), Cell: c, Label: "First"})
	}
	s := new(screen)
	d := onScreen(s)
	sum, err := runner.Run(t.Context(), runner.Config{
		Plan: p, Dir: t.TempDir(), Jobs: 4, Events: d.Event,
		Data: func(context.Context, bench.DatasetRef) (*bench.Dataset, error) {
			return &bench.Dataset{Name: "toy", Data: bench.Data{X: bench.NewMatrix(50, 1)}, Truth: make([]bool, 50)}, nil
		},
		Method: func(bench.Cell) (bench.Learner, error) { return first{}, nil },
	})
	d.Close()
	if err != nil || sum.Done != 20 {
		t.Fatalf("%+v, %v", sum, err)
	}
	if n := strings.Count(s.show(), "done  First on toy, seed "); n != 20 {
		t.Errorf("%d cells are said to be done:\n%s", n, s.show())
	}
	noGoroutines(t)
}

// first ranks rows by their number.
type first struct{}

func (first) Train(context.Context, bench.Data, bench.Labels) error { return nil }
func (first) Scores(_ context.Context, dst []float64, _ bench.Data, rows []int, _ bench.Head) (bench.Head, error) {
	for i := range dst {
		dst[i] = -float64(i)
	}
	return bench.HeadBase, nil
}

// Snapshots are reported: a cell that resumes, one that starts afresh, one whose snapshot cannot be
// written.
func TestSnapshotLines(t *testing.T) {
	var out bytes.Buffer
	d := New(&out, Options{Every: time.Hour})
	a := cell("dae", "mnist0", 1)
	start := time.Now()
	d.Event(runner.Event{Kind: runner.PlanReady, At: start, Plan: &runner.Overview{Planned: 1, ToRun: []*bench.PlannedCell{a}, Jobs: 1}})
	d.Event(runner.Event{Kind: runner.CellStarted, At: start, Cell: a})
	d.Event(runner.Event{Kind: runner.SnapshotIgnored, At: start, Cell: a, Error: "it was cut off\nsomewhere"})
	d.Event(runner.Event{Kind: runner.CellResumed, At: start, Cell: a, Progress: runner.Progress{}, Elapsed: time.Minute})
	d.Event(runner.Event{Kind: runner.CellResumed, At: start, Cell: a, Progress: runner.Progress{Audits: 40, Found: 3, Budget: 100}, Elapsed: time.Hour})
	d.Event(runner.Event{Kind: runner.SnapshotWritten, At: start, Cell: a})
	d.Event(runner.Event{Kind: runner.SnapshotFailed, At: start, Cell: a, Error: "no space left"})
	// Two rounds of ten audits took two minutes in this invocation; 40 audits are left.
	d.Event(runner.Event{Kind: runner.CellProgress, At: start.Add(time.Minute), Cell: a, Progress: runner.Progress{Audits: 50, Budget: 100}, Elapsed: 61 * time.Minute})
	d.Event(runner.Event{Kind: runner.CellProgress, At: start.Add(2 * time.Minute), Cell: a, Progress: runner.Progress{Audits: 60, Budget: 100}, Elapsed: 62 * time.Minute})
	d.printRunning(start.Add(2 * time.Minute))
	want := `1 cell: 0 done, 1 to run, 1 at a time
start DAE on mnist0, seed 1
DAE on mnist0, seed 1 starts afresh; its snapshot is not used: it was cut off
resume DAE on mnist0, seed 1: in the pre-training, after 1m00s
resume DAE on mnist0, seed 1: at 40 of 100 audits, after 1h00m
no snapshot of DAE on mnist0, seed 1 could be written; it would resume from the last one: no space left
      DAE on mnist0, seed 1: 60/100 audits, 0 found, about 4m00s left
      0/1 cells, about 4m00s left
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Error(diff)
	}
}
