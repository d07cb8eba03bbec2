package runlog

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/gofrs/flock"

	"github.com/uaibench/uaibench/bench/atomicfile"
)

// Locks are flock locks on files in <run>/.locks, so a process that dies releases them:
//
//	opening        held while plan.json and env.json are replaced and leftovers are swept
//	run            exclusive: one process has the complete run; shared: shards have it
//	shard-<i>-<n>  exclusive: one process has shard i of n
//
// The files are never removed (another process could hold the removed one). holder-of-<name> beside
// an exclusive run lock or a shard's lock has one line that names who took it last.
const (
	locksName   = ".locks"
	openingLock = "opening"
	runLock     = "run"
)

// ErrInUse is wrapped by errors that report that another process holds the run directory or shard.
var ErrInUse = errors.New("in use")

// Shard is the part of a plan that one of several processes runs. The zero value is the complete
// plan.
type Shard struct {
	I, N int // the I-th of N, from 1
	// Owner is the number of each cell's shard, from 1, by the cell's index in the plan. It must be
	// the same in all shards. nil: the cells are dealt in turn.
	Owner []int
}

// Owns reports whether the cell at an index of the plan belongs to the shard.
func (s Shard) Owns(index int) bool {
	switch {
	case s.N == 0:
		return true
	case s.Owner != nil:
		return s.Owner[index] == s.I
	}
	return index%s.N == s.I-1
}

// Check returns an error for a shard that cannot exist.
func (s Shard) Check() error {
	if (s.I != 0 || s.N != 0) && (s.N < 1 || s.I < 1 || s.I > s.N) {
		return fmt.Errorf("there is no shard %d of %d: shards are 1/n to n/n", s.I, s.N)
	}
	return nil
}

// holder is the shard's name in lock and draft names.
func (s Shard) holder() string {
	if s.N == 0 {
		return runLock
	}
	return fmt.Sprintf("shard-%d-%d", s.I, s.N)
}

// shardName returns the words for shard-<i>-<n> in messages.
func shardName(file string) string {
	parts := strings.SplitN(file, "-", 3)
	return fmt.Sprintf("shard %s of %s", parts[1], parts[2])
}

// patience is how long to wait for a lock that a reader holds for a moment to test it;
// openingPatience, for a process that is opening the directory.
const (
	patience        = 300 * time.Millisecond
	openingPatience = 20 * time.Second
)

// lock takes a lock file, exclusively or shared, and waits for it at most wait. held reports that
// another process has it.
func lock(path string, exclusive bool, wait time.Duration) (l *flock.Flock, held bool, err error) {
	// Read and write: an exclusive flock on NFS needs a file that is open for writing.
	l = flock.New(path, flock.SetFlag(os.O_RDWR|os.O_CREATE),
		flock.SetPermissions(atomicfile.FileMode))
	try := l.TryRLock
	if exclusive {
		try = l.TryLock
	}
	for until := time.Now().Add(wait); ; time.Sleep(5 * time.Millisecond) {
		switch got, err := try(); {
		case got:
			return l, false, nil
		case errors.Is(err, syscall.EINTR):
		case errors.As(err, new(*fs.PathError)): // from opening it
			return nil, false, err
		case err != nil:
			return nil, false, fmt.Errorf("lock %s: %w (does its file system support locks?)", path,
				err)
		case !time.Now().Before(until):
			return nil, true, nil
		}
	}
}

// sign writes this process's name beside the lock file that was taken last. On failure it releases
// all locks.
func (l locks) sign() error {
	host, err := os.Hostname()
	if err != nil {
		host = "an unnamed host"
	}
	line := fmt.Appendf(nil, "process %d on %s, since %s\n", os.Getpid(), host,
		time.Now().Format(time.DateTime))
	if err := atomicfile.Write(signatureOf(l[len(l)-1].Path()), line); err != nil {
		l.release()
		return err
	}
	return nil
}

// signatureOf is the path of the file that names a lock's holder. It is not the lock file itself,
// which no other process can read on Windows while it is locked.
func signatureOf(path string) string {
	return filepath.Join(filepath.Dir(path), "holder-of-"+filepath.Base(path))
}

// signature returns what sign wrote for a lock file, or "another process".
func signature(path string) string {
	data, err := readRegular(signatureOf(path), maxFile)
	if s := strings.TrimSpace(string(data)); err == nil && s != "" {
		return s
	}
	return "another process"
}

// heldShards returns the lock names of the shards that a process holds now.
func heldShards(path string) ([]string, error) {
	dir := filepath.Join(path, locksName)
	shards, err := names(dir, "shard-")
	if err != nil {
		return nil, err
	}
	var held []string
	for _, shard := range shards {
		is, err := isHeld(filepath.Join(dir, shard))
		if err != nil {
			return nil, err
		}
		if is {
			held = append(held, shard)
		}
	}
	return held, nil
}

// isHeld reports whether a process has an exclusive lock on file now. It needs no write permission.
func isHeld(file string) (bool, error) {
	// Without O_NONBLOCK, opening a named pipe waits for a writer.
	l := flock.New(file, flock.SetFlag(os.O_RDONLY|syscall.O_NONBLOCK))
	free, err := l.TryRLock()
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("lock %s: %w", file, err)
	}
	return !free, l.Close()
}

// runningCells returns the cells with a draft, by id: true where a living process works on it, even
// if a process that died has left another draft of it.
func runningCells(path string) (map[string]bool, error) {
	drafts, err := names(filepath.Join(path, CellsName), stagedPrefix)
	if err != nil {
		return nil, err
	}
	alive := map[string]bool{}
	running := map[string]bool{}
	for _, d := range drafts {
		holder, id, ok := strings.Cut(strings.TrimPrefix(d, stagedPrefix), ".")
		if !ok {
			continue
		}
		if _, known := alive[holder]; !known {
			if alive[holder], err = isHeld(filepath.Join(path, locksName, holder)); err != nil {
				return nil, err
			}
		}
		running[id] = running[id] || alive[holder]
	}
	return running, nil
}

// locks are the locks that one process holds while it works on a run directory.
type locks []*flock.Flock

func (l locks) release() {
	for _, f := range l {
		f.Close()
	}
}

// acquire takes the locks of a shard, or returns an error that names their holder.
func acquire(path string, s Shard) (locks, error) {
	dir := filepath.Join(path, locksName)
	var l locks
	take := func(name string, exclusive bool) (bool, error) {
		f, held, err := lock(filepath.Join(dir, name), exclusive, patience)
		if err != nil || held {
			l.release()
			return held, err
		}
		l = append(l, f)
		return false, nil
	}
	inUse := func(name, by string) error {
		return fmt.Errorf("%s is %w: %s is held by %s; wait until it ends, or name another "+
			"directory", path, ErrInUse, name, by)
	}
	if s.N == 0 {
		held, err := take(runLock, true)
		if err != nil {
			return nil, err
		}
		if held {
			if shards, err := heldShards(path); err == nil && len(shards) > 0 {
				return nil, inUse(shardName(shards[0]), signature(filepath.Join(dir, shards[0])))
			}
			return nil, inUse("the whole run", signature(filepath.Join(dir, runLock)))
		}
		return l, l.sign()
	}
	held, err := take(runLock, false)
	if err != nil {
		return nil, err
	}
	if held {
		return nil, inUse("the whole run", signature(filepath.Join(dir, runLock)))
	}
	// Shards of another N would not be disjoint from this one.
	shards, err := heldShards(path)
	if err != nil {
		l.release()
		return nil, err
	}
	for _, other := range shards {
		if !strings.HasSuffix(other, fmt.Sprintf("-%d", s.N)) {
			l.release()
			return nil, inUse(shardName(other), signature(filepath.Join(dir, other)))
		}
	}
	held, err = take(s.holder(), true)
	if err != nil {
		return nil, err
	}
	if held {
		return nil, inUse(shardName(s.holder()), signature(filepath.Join(dir, s.holder())))
	}
	return l, l.sign()
}
