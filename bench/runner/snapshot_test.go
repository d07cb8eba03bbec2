package runner

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
)

// stopped runs c until its first cell has written n snapshots, and returns the snapshot's path.
func stopped(t *testing.T, c Config, n int) string {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	c.Snapshot, c.Jobs = time.Nanosecond, 1
	c.Events = func(e Event) {
		if e.Kind == SnapshotWritten {
			if n--; n == 0 {
				cancel()
			}
		}
	}
	if s, err := Run(ctx, c); err != nil || !s.Interrupted || s.Done != 0 {
		t.Fatal(s, err)
	}
	return filepath.Join(c.Dir, "cells", ".snapshot-"+c.Plan.Cells[0].ID)
}

func TestGoesOnFromSnapshot(t *testing.T) {
	c := config(t, plan([]string{"a"}, []string{"learns"}, 1))
	want := must(t, config(t, c.Plan)).Digest
	file := stopped(t, c, 3)
	c.Env.Kernel = "moved"
	file2 := stopped(t, c, 2)
	if file != file2 {
		t.Fatal("two files")
	}
	var seen []Event
	c.Snapshot = time.Hour
	c.Events = func(e Event) { seen = append(seen, e) }
	s := must(t, c)
	if s.Digest != want || s.Done != 1 {
		t.Errorf("%+v, want digest %s", s, want)
	}
	r := read(t, c.Dir).Cells[0].Status.Attempts[0]
	if r.Resumed == nil || r.Resumed.Audits != 20 || r.Resumed.Times != 2 || r.Resumed.Seconds <= 0 || r.Seconds < r.Resumed.Seconds {
		t.Errorf("attempt: %+v, %+v", r, r.Resumed)
	} else if d := cmp.Diff([]string{"made up", "moved"}, r.Resumed.Kernels); d != "" {
		t.Error("kernels until the snapshot:", d)
	}
	var kinds []EventKind
	for _, e := range seen {
		kinds = append(kinds, e.Kind)
		if e.Kind == CellResumed && (e.Progress.Audits != 20 || e.Progress.Budget != 41 || e.Elapsed < seconds(r.Resumed.Seconds)) {
			t.Errorf("%+v", e)
		}
	}
	if kinds[3] != CellStarted || kinds[4] != CellResumed || kinds[5] != CellProgress || seen[5].Progress.Audits != 24 {
		t.Errorf("events: %v", kinds)
	}
	for _, k := range kinds {
		if k == SnapshotWritten {
			t.Error("written before the time")
		}
	}
	nothingLeft(t, c.Dir)
}

// A run that is told to stop emits that, and its cell writes a snapshot at the end of the round,
// long before the next is due.
func TestStopWritesSnapshot(t *testing.T) {
	noGoroutines(t)
	c := config(t, plan([]string{"a"}, []string{"learns"}, 1))
	want := must(t, config(t, c.Plan)).Digest
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var kinds []EventKind
	c.Snapshot = time.Hour
	c.Events = func(e Event) {
		kinds = append(kinds, e.Kind)
		if e.Kind == CellProgress && e.Progress.Audits == 12 {
			cancel()
		}
	}
	if s, err := Run(ctx, c); err != nil || !s.Interrupted || s.Done != 0 {
		t.Fatal(s, err)
	}
	for _, k := range []EventKind{Stopping, SnapshotWritten, Interrupted} {
		if i := slices.Index(kinds, k); i < 0 || slices.Contains(kinds[i+1:], k) {
			t.Errorf("%q is not there once: %v", k, kinds)
		}
	}
	c.Events = nil
	if s := must(t, c); s.Digest != want {
		t.Errorf("digest %s, want %s", s.Digest, want)
	}
	if a := read(t, c.Dir).Cells[0].Status.Attempts[0]; a.Resumed == nil || a.Resumed.Audits != 12 {
		t.Errorf("resumed: %+v", a.Resumed)
	}
}

// A long round is waited for no longer than Grace; a cell that cannot write a snapshot, not at all.
func TestStopDoesNotWaitForLong(t *testing.T) {
	for method, grace := range map[string]time.Duration{"sleeps": 20 * time.Millisecond, "static": time.Hour, "off": time.Hour} {
		t.Run(method, func(t *testing.T) {
			noGoroutines(t)
			c := config(t, plan([]string{"a"}, []string{"sleeps"}, 1))
			c.Grace, c.Snapshot = grace, time.Hour
			switch method {
			case "static":
				c.Method = func(cell bench.Cell) (bench.Learner, error) {
					l, err := makeUp(cell)
					return static{l.(*learner)}, err
				}
			case "off":
				c.Snapshot = 0
			}
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			c.Events = func(e Event) {
				switch e.Kind {
				case CellStarted:
					time.AfterFunc(20*time.Millisecond, cancel)
				case SnapshotWritten:
					t.Error("written down in the middle of a round")
				}
			}
			if s, err := Run(ctx, c); err != nil || !s.Interrupted || s.Abandoned != 0 {
				t.Error(s, err)
			}
			nothingLeft(t, c.Dir)
		})
	}
}

// Without Config.Snapshot a cell neither writes a snapshot nor resumes from one, and an existing
// snapshot is removed once its cell is done.
func TestSnapshotsOff(t *testing.T) {
	c := config(t, plan([]string{"a"}, []string{"learns"}, 2))
	file := stopped(t, c, 1)
	c.Events = func(e Event) {
		if e.Kind == CellStarted && e.Index == 1 {
			if _, err := os.Stat(file); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("the snapshot of a cell that is done: %v", err)
			}
		}
		if e.Kind == CellResumed || e.Kind == SnapshotWritten {
			t.Errorf("%+v", e)
		}
	}
	c.Jobs = 1
	if s := must(t, c); s.Done != 2 {
		t.Error(s)
	}
}

// Anything but a complete snapshot of this cell by this program is reported and ignored, and the
// cell starts afresh.
func TestBadSnapshotIsIgnored(t *testing.T) {
	p := plan([]string{"a"}, []string{"learns"}, 1)
	want := must(t, config(t, p)).Digest
	other := stopped(t, config(t, plan([]string{"b"}, []string{"learns"}, 1)), 1)
	reseal := func(change func(*runlog.Snapshot, *[]byte)) func(t *testing.T, c Config, file string) {
		return func(t *testing.T, c Config, _ string) {
			w, err := runlog.Open(c.Dir, c.Plan, runlog.Env{}, runlog.Shard{})
			if err != nil {
				t.Fatal(err)
			}
			defer w.Close()
			s, body, err := w.Snapshot(c.Plan.Cells[0], thisBuild())
			if err != nil {
				t.Fatal(err)
			}
			change(&s, &body)
			d, err := w.Begin(c.Plan.Cells[0].ID)
			if err != nil {
				t.Fatal(err)
			}
			if err := d.Snapshot(s, body); err != nil {
				t.Fatal(err)
			}
		}
	}
	edit := func(f func([]byte) []byte) func(t *testing.T, c Config, file string) {
		return func(t *testing.T, _ Config, file string) {
			data, err := os.ReadFile(file)
			if err == nil {
				err = os.WriteFile(file, f(data), 0o644)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	replace := func(f func(file string) error) func(t *testing.T, c Config, file string) {
		return func(t *testing.T, _ Config, file string) {
			if err := errors.Join(os.Remove(file), f(file)); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, x := range map[string]struct {
		spoil  func(t *testing.T, c Config, file string)
		reason string
	}{
		"empty":           {edit(func([]byte) []byte { return nil }), "does not begin like"},
		"cut in half":     {edit(func(b []byte) []byte { return b[:len(b)/2] }), "cut off or has changed"},
		"cut at the head": {edit(func(b []byte) []byte { return b[:22] }), "cut off or has changed"},
		"one bit":         {edit(func(b []byte) []byte { b[len(b)/2] ^= 4; return b }), "cut off or has changed"},
		"longer":          {edit(func(b []byte) []byte { return append(b, 0) }), "cut off or has changed"},
		"another format":  {edit(func(b []byte) []byte { return bytes.Replace(b, []byte("snapshot 1"), []byte("snapshot 0"), 1) }), "does not begin like"},
		"another cell":    {replace(func(file string) error { return os.Link(other, file) }), "belongs to another cell"},
		"a pipe":          {replace(mkfifo), "is a named pipe"},
		"endless":         {replace(func(file string) error { return os.Symlink("/dev/zero", file) }), "is a device"},
		"another method":  {reseal(func(s *runlog.Snapshot, _ *[]byte) { s.Method.Version = 7 }), "learns version 7, not learns version 1"},
		"another build":   {reseal(func(s *runlog.Snapshot, _ *[]byte) { s.Build = "0123" }), "another build"},
		"no state":        {reseal(func(_ *runlog.Snapshot, b *[]byte) { *b = []byte{200, 0, 0, 0, 0, 0, 0, 0, 1} }), "too short"},
		"no JSON":         {reseal(func(_ *runlog.Snapshot, b *[]byte) { (*b)[8] = 'x' }), "its state"},
		"half a method":   {reseal(func(_ *runlog.Snapshot, b *[]byte) { *b = (*b)[:len(*b)-3] }), "unexpected EOF"},
		"more method":     {reseal(func(_ *runlog.Snapshot, b *[]byte) { *b = append(*b, 1, 2) }), "2 bytes of the method's state are left over"},
	} {
		t.Run(name, func(t *testing.T) {
			c := config(t, p)
			x.spoil(t, c, stopped(t, c, 4))
			reason := ""
			c.Snapshot = time.Hour
			c.Events = func(e Event) {
				switch e.Kind {
				case SnapshotIgnored:
					reason += e.Error
				case CellResumed:
					t.Error("it was trusted")
				}
			}
			s := must(t, c)
			if s.Digest != want || !strings.Contains(reason, x.reason) {
				t.Errorf("digest %s, want %s; said %q, want %q", s.Digest, want, reason, x.reason)
			}
			if a := read(t, c.Dir).Cells[0].Status.Attempts[0]; a.Resumed != nil {
				t.Errorf("%+v", a)
			}
			nothingLeft(t, c.Dir)
		})
	}
}

// A snapshot that cannot be written does the cell no harm.
func TestSnapshotThatCannotBeWritten(t *testing.T) {
	c := config(t, plan([]string{"a"}, []string{"learns"}, 1))
	want := must(t, config(t, c.Plan)).Digest
	file := filepath.Join(c.Dir, "cells", ".snapshot-"+c.Plan.Cells[0].ID)
	failed := 0
	c.Snapshot = time.Nanosecond
	c.Events = func(e Event) {
		switch e.Kind {
		case CellStarted:
			if err := os.MkdirAll(filepath.Join(file, "in the way"), 0o755); err != nil {
				t.Fatal(err)
			}
		case SnapshotFailed:
			if failed++; !strings.Contains(e.Error, file) {
				t.Errorf("message: %s", e.Error)
			}
		}
	}
	if s := must(t, c); s.Digest != want || failed < 5 {
		t.Errorf("digest %s, want %s; %d snapshots failed", s.Digest, want, failed)
	}
	nothingLeft(t, c.Dir)
}

// A time limit includes the time before an interruption.
func TestTimeLimitOverInterruptions(t *testing.T) {
	p := plan([]string{"a"}, []string{"learns"}, 1)
	p.Timeout = time.Hour
	c := config(t, p)
	stopped(t, c, 5)
	w, err := runlog.Open(c.Dir, c.Plan, runlog.Env{}, runlog.Shard{})
	if err != nil {
		t.Fatal(err)
	}
	s, body, err := w.Snapshot(p.Cells[0], thisBuild())
	if err != nil {
		t.Fatal(err)
	}
	d, err := w.Begin(p.Cells[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	s.Seconds = 3599.95
	if err := d.Snapshot(s, body); err != nil {
		t.Fatal(err)
	}
	w.Close()
	c.Snapshot = time.Hour
	c.Method = func(cell bench.Cell) (bench.Learner, error) {
		l, err := makeUp(cell)
		l.(*learner).pause = func(ctx context.Context) error { return heed(ctx, time.Hour) }
		return l, err
	}
	sum := must(t, c)
	if sum.TimedOut != 1 {
		t.Fatalf("%+v", sum)
	}
	a := sum.Failures[0].Attempt
	if !strings.Contains(a.Error, "the time limit was reached: 1h0m0s after 20 of 41 audits") || a.Seconds < 3600 || a.Seconds > 3660 || a.Resumed.Audits != 20 {
		t.Errorf("%+v", a)
	}
	nothingLeft(t, c.Dir)
}

// An abandoned cell that wakes up writes no snapshot.
func TestClosedKeeper(t *testing.T) {
	l, err := makeOf("learns", 1)
	if err != nil {
		t.Fatal(err)
	}
	writes := 0
	k := newKeeper(t.Context(), l.(bench.Resumable), 0, func(*saved) error { writes++; return nil })
	if err := k.keep(&saved{}); err != nil || writes != 1 {
		t.Fatal(err, writes)
	}
	k.close()
	if err := k.keep(&saved{}); !errors.Is(err, errAbandoned) || writes != 1 {
		t.Errorf("%v, %d writes", err, writes)
	}
}
