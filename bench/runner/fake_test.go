package runner

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
)

// toy builds made-up datasets: 2-D noise in which a tenth of the rows are anomalies, to one side.
// "missing" is an error, "panics" panics, and "broken" has a NaN.
func toy(_ context.Context, ref bench.DatasetRef) (*bench.Dataset, error) {
	switch ref.ID {
	case "missing":
		return nil, fmt.Errorf("file toy.gz: %w: get it from its shelf", fs.ErrNotExist)
	case "panics":
		panic("no such shelf")
	}
	n := ref.Params.Int("rows")
	d := &bench.Dataset{Name: ref.ID, Data: bench.Data{X: bench.NewMatrix(n, 2)}, Truth: make([]bool, n)}
	rng := bench.NewStream(ref.Seed, "dataset", ref.ID).Rand()
	for i := range n {
		x := d.X.Row(i)
		x[0], x[1] = rng.Float32(), rng.Float32()
		if d.Truth[i] = rng.Float64() < 0.1; d.Truth[i] {
			x[0] += 0.5
		}
	}
	if ref.ID == "broken" {
		d.X.Data[7] = float32(math.NaN())
	}
	return d, nil
}

// learner is a made-up method: it scores a row by how much nearer it is to the mean of the labelled
// anomalies than to that of the normals, and at random while it has none.
type learner struct {
	chance []float64
	mean   [2][2]float64
	labels int
	steps  int64
	pause  func(ctx context.Context) error // in each Train
}

func (l *learner) Train(ctx context.Context, d bench.Data, labels bench.Labels) error {
	var sum [2][2]float64
	var count [2]float64
	for i, row := range labels.Index {
		k := 0
		if labels.Anomaly[i] {
			k = 1
		}
		count[k]++
		for j, v := range d.X.Row(row) {
			sum[k][j] += float64(v)
		}
	}
	for k := range 2 {
		for j := range 2 {
			l.mean[k][j] = sum[k][j] / max(count[k], 1)
		}
	}
	l.labels = labels.Len()
	l.steps++
	return l.pause(ctx)
}

func (l *learner) Scores(_ context.Context, dst []float64, d bench.Data, rows []int, want bench.Head) (bench.Head, error) {
	for i := range dst {
		row := i
		if rows != nil {
			row = rows[i]
		}
		dst[i] = l.chance[row]
		for j, v := range d.X.Row(row) {
			a, b := float64(v)-l.mean[1][j], float64(v)-l.mean[0][j]
			dst[i] += float64(b*b) - float64(a*a)
		}
	}
	return want, nil
}

// Snapshot writes the means and the counts; chance follows from the seed.
func (l *learner) Snapshot(w io.Writer) error {
	return binary.Write(w, binary.LittleEndian, learnerState{l.mean, int64(l.labels), l.steps})
}

func (l *learner) Restore(_ context.Context, _ bench.Data, labels bench.Labels, r io.Reader) error {
	var s learnerState
	if err := binary.Read(r, binary.LittleEndian, &s); err != nil {
		return err
	}
	if s.Labels > int64(labels.Len()) {
		return fmt.Errorf("%d labels were known of %d", s.Labels, labels.Len())
	}
	l.mean, l.labels, l.steps = s.Mean, int(s.Labels), s.Steps
	return nil
}

type learnerState struct {
	Mean          [2][2]float64
	Labels, Steps int64
}

func (l *learner) Counts() map[string]int64 { return map[string]int64{"steps": l.steps} }

func (l *learner) Cold(call int, _ bench.Labels) bool { return call <= 2 }

// static ranks once.
type static struct{ *learner }

func (static) Static() bool                                                    { return true }
func (s static) Train(ctx context.Context, _ bench.Data, _ bench.Labels) error { return s.pause(ctx) }

// broken has scores that fail.
type broken struct {
	*learner
	scores func(dst []float64) error
}

func (b broken) Scores(_ context.Context, dst []float64, _ bench.Data, _ []int, want bench.Head) (bench.Head, error) {
	return want, b.scores(dst)
}

func heed(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return ctx.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// makeUp makes the made-up methods, whose ids describe what they do.
func makeUp(c bench.Cell) (bench.Learner, error) {
	return makeOf(c.Method.ID, c.Seed)
}

func makeOf(id string, seed uint64) (bench.Learner, error) {
	l := &learner{pause: func(context.Context) error { return nil }, chance: make([]float64, 1000)}
	rng := bench.NewStream(seed, "chance").Rand()
	for i := range l.chance {
		l.chance[i] = rng.Float64() * 0.1
	}
	switch id {
	case "learns":
	case "static":
		return static{l}, nil
	case "dozes": // 2 ms per round
		l.pause = func(ctx context.Context) error { return heed(ctx, 2*time.Millisecond) }
	case "sleeps": // until its context ends
		l.pause = func(ctx context.Context) error { return heed(ctx, time.Hour) }
	case "panics":
		l.pause = func(context.Context) error { panic("out of its depth") }
	case "exits":
		l.pause = func(context.Context) error { runtime.Goexit(); return nil }
	case "errs":
		l.pause = func(context.Context) error { return errors.New("the matrix is singular") }
	case "nan":
		return broken{l, func(dst []float64) error { dst[3] = math.NaN(); return nil }}, nil
	case "nan late": // only a checkpoint's scores, those of all rows, are not finite
		return broken{l, func(dst []float64) error {
			for i := range dst {
				dst[i] = 0
			}
			if l.labels > 0 && len(dst) == 60 {
				dst[3] = math.Inf(1)
			}
			return nil
		}}, nil
	case "unmade":
		return nil, errors.New("it takes more than one class")
	default:
		return nil, fmt.Errorf("unknown method %s", id)
	}
	return l, nil
}

// plan has cells of each method on each dataset, with seeds seeds.
func plan(datasets, methods []string, seeds int) bench.Plan {
	p := bench.Plan{Name: "test"}
	for _, d := range datasets {
		for _, m := range methods {
			for s := range seeds {
				p.Cells = append(p.Cells, planned(bench.Cell{
					Dataset: bench.DatasetRef{ID: d, Version: 1, Params: bench.Params{"rows": 60}, Seed: 3},
					Method:  bench.MethodRef{ID: m, Version: 1},
					Seed:    uint64(100 + s),
					Budget:  bench.Budget{Audits: 41},
					K:       bench.K{Audits: 4},
					Loop:    bench.LoopVersion,
				}))
			}
		}
	}
	return p
}

func planned(c bench.Cell) bench.PlannedCell {
	return bench.PlannedCell{ID: c.ID(), Cell: c, Label: c.Method.ID}
}

func config(t *testing.T, p bench.Plan) Config {
	return Config{Plan: p, Dir: filepath.Join(t.TempDir(), "run"), Jobs: 2, Data: toy, Method: makeUp, Env: runlog.Env{Host: "here", Kernel: "made up"}}
}

// must runs c and fails the test on an error of the harness.
func must(t *testing.T, c Config) Summary {
	t.Helper()
	s, err := Run(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func read(t *testing.T, dir string) *runlog.Run {
	t.Helper()
	run, err := runlog.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	return run
}

// nothingLeft checks that no draft of a cell is left on disk.
func nothingLeft(t *testing.T, dir string) {
	t.Helper()
	for _, pattern := range []string{".tmp*", "cells/.*"} {
		left, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil || left != nil {
			t.Errorf("left over: %v %v", left, err)
		}
	}
}

// noGoroutines checks that no goroutine started by this package is left after a test.
func noGoroutines(t *testing.T) {
	t.Helper()
	t.Cleanup(func() {
		var stacks string
		for range 200 {
			buf := make([]byte, 1<<20)
			stacks = string(buf[:runtime.Stack(buf, true)])
			if !strings.Contains(stacks, "created by github.com/uaibench/uaibench/bench/runner.") &&
				!strings.Contains(stacks, "created by golang.org/x/sync/errgroup") {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
		t.Errorf("goroutines are left:\n%s", stacks)
	})
}

// recorder keeps events. It needs no lock, since Events is called by one goroutine at a time.
type recorder struct {
	events []Event
	closed atomic.Bool
	late   atomic.Int64
	on     func(Event)
}

func (r *recorder) record(e Event) {
	if r.closed.Load() {
		r.late.Add(1)
		return
	}
	r.events = append(r.events, e)
	if r.on != nil {
		r.on(e)
	}
}

// counting counts how often each dataset is built.
type counting struct {
	mu     sync.Mutex
	builds map[string]int
}

func (c *counting) data(ctx context.Context, ref bench.DatasetRef) (*bench.Dataset, error) {
	c.mu.Lock()
	if c.builds == nil {
		c.builds = map[string]int{}
	}
	c.builds[ref.ID]++
	c.mu.Unlock()
	return toy(ctx, ref)
}

func TestMain(m *testing.M) {
	if dir := os.Getenv("UAIBENCH_TEST_CHILD"); dir != "" {
		child(dir)
		return
	}
	os.Exit(m.Run())
}
