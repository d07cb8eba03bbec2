package runner

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
)

// saved is the state of a cell in progress: the body of a snapshot.
type saved struct {
	Position bench.Position `json:"position"`
	Result   runlog.Result  `json:"result"` // as far as it has been measured
	Queries  []runlog.Audit `json:"queries"`

	learner []byte
}

// encode returns the state as JSON, preceded by its length (8 bytes, little endian), then the
// learner.
func (s *saved) encode() ([]byte, error) {
	state, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	out := make([]byte, 0, 8+len(state)+len(s.learner))
	out = binary.LittleEndian.AppendUint64(out, uint64(len(state)))
	out = append(out, state...)
	return append(out, s.learner...), nil
}

func decodeSaved(body []byte) (*saved, error) {
	if len(body) < 8 || binary.LittleEndian.Uint64(body) > uint64(len(body)-8) {
		return nil, errors.New("its body is too short")
	}
	n := binary.LittleEndian.Uint64(body)
	var s saved
	if err := json.Unmarshal(body[8:8+n], &s); err != nil {
		return nil, fmt.Errorf("its state: %w", err)
	}
	s.learner = body[8+n:]
	return &s, nil
}

// keeper writes snapshots of a cell at intervals, and once more when the run is told to stop.
type keeper struct {
	// Ends when the run is told to stop; keep then returns its cause to the cell
	run   context.Context
	every time.Duration
	write func(*saved) error // a failed write is an event, and nil; an error ends the cell
	from  *saved             // state to resume from; nil: the start

	learner bench.Resumable
	last    time.Time

	mu     sync.Mutex
	closed bool // an abandoned cell must not write to the directory once its lock is released
}

// newKeeper returns a keeper of a learner, whose first interval begins now.
func newKeeper(run context.Context, l bench.Resumable, every time.Duration,
	write func(*saved) error) *keeper {
	return &keeper{run: run, every: every, write: write, learner: l, last: time.Now()}
}

// attach makes a run with settings s write snapshots of the learner's state and of state(), the
// measurement so far, and resume from k.from.
func (k *keeper) attach(s *bench.Settings, state func() saved) {
	keep := func(at bench.Position) error {
		if k.run.Err() == nil && time.Since(k.last) < k.every {
			return nil
		}
		v := state()
		v.Position = at
		if err := k.keep(&v); err != nil {
			return err
		}
		return context.Cause(k.run)
	}
	if !k.static() {
		s.Between = keep
	}
	if p, ok := k.learner.(bench.Pauser); ok {
		p.Pause(func() error { return keep(bench.Position{}) })
	}
	if k.from != nil {
		s.From = &k.from.Position
	}
}

// static reports whether the learner is static: once it has ranked, nothing that is left takes
// time, so it needs no snapshots.
func (k *keeper) static() bool {
	s, ok := k.learner.(bench.Static)
	return ok && s.Static()
}

// canKeep reports whether the cell has a point at which a snapshot can be written.
func (k *keeper) canKeep() bool {
	_, pauses := k.learner.(bench.Pauser)
	return pauses || !k.static()
}

func (k *keeper) keep(v *saved) error {
	var b bytes.Buffer
	if err := k.learner.Snapshot(&b); err != nil {
		return fmt.Errorf("save the method after %d audits: %w", v.Position.Labels.Len(), err)
	}
	v.learner = b.Bytes()
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.closed {
		return errAbandoned
	}
	err := k.write(v)
	// after the writing, so that with a slow disk the cell does not only write
	k.last = time.Now()
	return err
}

// close waits for a snapshot that is being written, and prevents others.
func (k *keeper) close() {
	k.mu.Lock()
	k.closed = true
	k.mu.Unlock()
}

// restore sets a new learner to the state in from.
func restore(ctx context.Context, l bench.Resumable, d bench.Data, from *saved) error {
	r := bytes.NewReader(from.learner)
	if err := l.Restore(ctx, d, from.Position.Labels, r); err != nil {
		return err
	}
	if r.Len() > 0 {
		return fmt.Errorf("%d bytes of the method's state are left over", r.Len())
	}
	return nil
}

// keeper makes the cell's learner, restored from its snapshot if there is one that can be trusted,
// and the learner's keeper, which is nil if no snapshots can or should be written. Unlike the end
// of ctx, that of run leaves the cell time to write a snapshot.
func (t *attempt) keeper(ctx, run context.Context,
	ds *bench.Dataset) (bench.Learner, *keeper, error) {
	cell := t.cell.Cell
	newLearner := func() (bench.Learner, bench.Resumable, error) {
		l, err := t.begin(ctx, cell, ds)
		if err != nil {
			return nil, nil, err
		}
		r, _ := l.(bench.Resumable)
		return l, r, nil
	}
	l, r, err := newLearner()
	if err != nil || r == nil || t.Snapshot <= 0 {
		return l, nil, err
	}
	header, body, err := t.log.Snapshot(*t.cell, t.build)
	var from *saved
	if err == nil {
		if from, err = decodeSaved(body); err == nil {
			err = restore(ctx, r, ds.Data, from)
		}
	}
	switch {
	case err == nil:
		t.resume(header)
	case ctx.Err() != nil:
		abort(l)
		return nil, nil, err
	default:
		if !errors.Is(err, fs.ErrNotExist) {
			abort(l)
			t.emit(Event{Kind: SnapshotIgnored, Cell: t.cell, Index: t.index, Error: err.Error()})
			if l, r, err = newLearner(); err != nil {
				return nil, nil, err
			}
		}
		from = nil
	}
	k := newKeeper(run, r, t.Snapshot, t.writeSnapshot)
	k.from = from
	t.mu.Lock()
	t.keeping, k.closed = k, t.closed
	t.mu.Unlock()
	return l, k, nil
}

// resume records the snapshot from which the cell resumes and emits CellResumed.
func (t *attempt) resume(s runlog.Snapshot) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ended {
		return
	}
	t.resumed = &runlog.Resumed{Audits: s.Audits, Seconds: s.Seconds, Times: s.Times + 1,
		Kernels: s.Kernels}
	if t.limit != nil { // the time limit includes the time before the snapshot
		t.limit.Reset(t.Plan.Timeout - t.sinceStart())
	}
	t.seen = Progress{Audits: s.Audits, Found: s.Found, Budget: s.Budget}
	t.emitLocked(Event{Kind: CellResumed, Cell: t.cell, Index: t.index, Progress: t.seen,
		Elapsed: t.sinceStart()})
}

// writeSnapshot writes a snapshot of the cell. If the disk is full it reports that and returns nil:
// there may be room again when the cell is done.
func (t *attempt) writeSnapshot(v *saved) error {
	body, err := v.encode()
	if err != nil {
		return err
	}
	t.mu.Lock()
	s := runlog.Snapshot{
		Cell: t.cell.ID, Method: t.cell.Cell.Method, Build: t.build,
		Audits: t.seen.Audits, Found: t.seen.Found, Budget: t.seen.Budget,
		Seconds: t.sinceStart().Seconds(), Written: time.Now(), Host: t.Env.Host,
	}
	if t.resumed != nil {
		s.Times = t.resumed.Times
		s.Kernels = slices.Clone(t.resumed.Kernels)
	}
	if k := t.Env.Kernel; k != "" && !slices.Contains(s.Kernels, k) {
		s.Kernels = append(s.Kernels, k)
	}
	t.mu.Unlock()
	e := Event{Kind: SnapshotWritten, Cell: t.cell, Index: t.index,
		Progress: Progress{s.Audits, s.Found, s.Budget}, Bytes: len(body)}
	if err := t.draft.Snapshot(s, body); err != nil {
		e.Kind, e.Error = SnapshotFailed, err.Error()
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.ended {
		t.emitLocked(e)
	}
	return nil
}

// thisBuild returns the SHA-256 of the running program's file; "" if that cannot be read.
var thisBuild = sync.OnceValue(func() string {
	name := "/proc/self/exe" // the running file, even if it has been replaced
	if runtime.GOOS != "linux" {
		var err error
		if name, err = os.Executable(); err != nil {
			return ""
		}
	}
	f, err := os.Open(name)
	if err != nil {
		return ""
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return ""
	}
	return hex.EncodeToString(h.Sum(nil))
})
