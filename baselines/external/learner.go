package external

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/atomicfile"
)

// Settings are the settings of a program.
type Settings struct {
	Command []string     // program and arguments, as in the spec
	Env     []string     // NAME=value, or NAME to pass this process's value
	Folder  string       // the spec's
	Files   []string     // NAME=SHA-256 of files that must be unchanged; nil: none
	Params  bench.Params // passed to the program
	Seed    uint64
	Threads int // 0: 1

	Temp  string        // parent of the program's working folder; created if missing
	Name  string        // prefix of the working folder's name
	Start time.Duration // time limit until ready; 0: 2 minutes
	End   time.Duration // time limit after bye; 0: 5 s

	Trace io.Writer // gets every line of the protocol; nil: none
}

// Program returns the learner of a program. No process is started before Start.
func Program(s Settings) bench.Learner {
	if s.Threads < 1 {
		s.Threads = 1
	}
	if s.Start <= 0 {
		s.Start = 2 * time.Minute
	}
	if s.End <= 0 {
		s.End = 5 * time.Second
	}
	return &session{Settings: s}
}

// session is a running program that serves one cell.
type session struct {
	Settings
	ctx    context.Context // of the cell, for Snapshot, which gets none
	p      *process
	dir    string // working folder
	ready  answer
	sent   int       // number of labels sent
	scores []float64 // n scores, by the last answer
	counts map[string]int64
	ended  bool
}

// static is the session of a program that is not active; keeping that of one that saves itself.
type (
	static  struct{ *session }
	keeping struct{ *session }
)

func (static) Static() bool { return true }

var (
	_ bench.Starter   = (*session)(nil)
	_ bench.Static    = static{}
	_ bench.Resumable = keeping{}
	_ bench.Weigher   = (*session)(nil)
	_ io.Closer       = (*session)(nil)
)

// Start starts the program and passes it the data. The learner that it returns is a Static or a
// Resumable if the program declares itself so.
func (s *session) Start(ctx context.Context, d bench.Data) (bench.Learner, error) {
	s.ctx = ctx
	err := s.start(ctx, d)
	switch {
	case err != nil:
		s.discard()
		return nil, s.named(err)
	case s.ready.Active != nil && !*s.ready.Active:
		return static{s}, nil
	case s.ready.Saves:
		return keeping{s}, nil
	}
	return s, nil
}

func (s *session) start(ctx context.Context, d bench.Data) error {
	command, err := resolve(s.Folder, s.Command)
	if err != nil {
		return err
	}
	if err := unchanged(s.Folder, s.Files); err != nil {
		return err
	}
	if err := s.makeFolder(); err != nil {
		return err
	}
	s.scores = make([]float64, d.Rows())
	first := hello{Version: Version, X: "x.npy", Seed: s.Seed, Threads: s.Threads, Params: s.Params}
	if first.Params == nil {
		first.Params = bench.Params{}
	}
	if err := writeMatrix(filepath.Join(s.dir, first.X), d.X); err != nil {
		return err
	}
	if d.Class != nil {
		name := "class.npy"
		first.Class = &name
		if err := writeClass(filepath.Join(s.dir, name), d.Class); err != nil {
			return err
		}
	}
	if s.p, err = start(command, s.environment(), s.dir, s.Trace); err != nil {
		return err
	}
	limited, cancel := context.WithTimeoutCause(ctx, s.Settings.Start,
		fmt.Errorf("it was not ready within %v", s.Settings.Start))
	defer cancel()
	if s.ready, err = s.p.ask(limited, first, "ready"); err != nil {
		if ctx.Err() == nil && limited.Err() != nil {
			return s.p.wrong(err)
		}
		return err
	}
	if s.ready.Ready != Version {
		return fmt.Errorf("it uses version %d of the protocol, this program has version %d",
			s.ready.Ready, Version)
	}
	return nil
}

// makeFolder creates the program's working folder. It removes those of earlier processes for the
// cell. Other sessions, of other processes too, remove the parent when theirs was the last folder
// in it, so that the parent may go at any moment until this session's folder is there.
func (s *session) makeFolder() (err error) {
	for range folderTries {
		if err = s.tryFolder(); err == nil {
			s.dir, err = filepath.Abs(s.dir)
			return err
		}
		if !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrExist) {
			break
		}
	}
	return err
}

// folderTries bounds the tries: each fails only if another session ends within its microseconds.
const folderTries = 1000

func (s *session) tryFolder() error {
	if err := os.MkdirAll(s.Temp, atomicfile.DirMode); err != nil {
		return err
	}
	old, err := os.ReadDir(s.Temp)
	if err != nil {
		return err
	}
	for _, e := range old {
		if s.Name != "" && strings.HasPrefix(e.Name(), s.Name+"-") {
			os.RemoveAll(filepath.Join(s.Temp, e.Name()))
		}
	}
	s.dir = filepath.Join(s.Temp, s.Name+"-"+strconv.FormatUint(rand.Uint64(), 36))
	return os.Mkdir(s.dir, atomicfile.DirMode)
}

// named adds the program's name to an error.
func (s *session) named(err error) error {
	name := s.ready.Name
	if name == "" {
		name = filepath.Base(s.Command[min(1, len(s.Command)-1)])
	}
	return fmt.Errorf("program %s: %w", name, err)
}

// Train sends the labels that the program does not have yet and reads the scores.
func (s *session) Train(ctx context.Context, _ bench.Data, l bench.Labels) error {
	if s.p == nil {
		return errors.New("external: Train before Start")
	}
	message := train{Labels: [][2]int{}}
	for i := s.sent; i < l.Len(); i++ {
		y := 0
		if l.Anomaly[i] {
			y = 1
		}
		message.Labels = append(message.Labels, [2]int{l.Index[i], y})
	}
	a, err := s.p.ask(ctx, message, "scores")
	if err == nil {
		err = s.take(a)
	}
	if err != nil {
		return s.named(err)
	}
	s.sent = l.Len()
	return nil
}

// Train sends no labels.
func (s static) Train(ctx context.Context, d bench.Data, _ bench.Labels) error {
	return s.session.Train(ctx, d, bench.Labels{})
}

// take reads the scores file of an answer.
func (s *session) take(a answer) error {
	root, err := os.OpenRoot(s.dir) // neither names nor links lead out of it
	if err != nil {
		return err
	}
	defer root.Close()
	info, err := root.Stat(a.Scores)
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("not a regular file")
	}
	if err != nil {
		return s.p.wrong(fmt.Errorf("its scores %q cannot be read: %w", a.Scores, err))
	}
	f, err := root.Open(a.Scores)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := readScores(f, info.Size(), s.scores); err != nil {
		return fmt.Errorf("its scores: %s %w", a.Scores, err)
	}
	s.counts = a.Counts
	return nil
}

// Scores returns the scores of the last Train. d must have the rows passed to Start.
func (s *session) Scores(_ context.Context, dst []float64, d bench.Data, rows []int,
	_ bench.Head) (bench.Head, error) {
	head := bench.HeadTrained
	if s.ready.Active != nil && !*s.ready.Active {
		head = bench.HeadBase
	}
	switch {
	case d.Rows() != len(s.scores):
		return head, errNoOtherRows
	case rows == nil:
		copy(dst, s.scores)
		return head, nil
	}
	for i, row := range rows {
		dst[i] = s.scores[row]
	}
	return head, nil
}

var errNoOtherRows = errors.New("a program scores only the rows that it was given")

// Counts returns the counts of the program's last answer.
func (s *session) Counts() map[string]int64 { return s.counts }

// PeakMemory returns the peak memory in bytes of the program and its children; 0: unknown. The
// value is final once the program has ended.
func (s *session) PeakMemory() int64 {
	if s.p == nil {
		return 0
	}
	return s.p.peak
}

// Describe returns the program's description of itself.
func (s *session) Describe() bench.ProgramInfo {
	return bench.ProgramInfo{Name: s.ready.Name, Version: s.ready.Version,
		Deterministic: s.ready.Deterministic}
}

// saved is the header of a snapshot. It follows its own length (8 bytes, little-endian) and
// precedes the program's file.
type saved struct {
	Sent   int              `json:"sent"`
	Counts map[string]int64 `json:"counts,omitempty"`
}

// snapshotTime is the time limit for a program to save itself.
const snapshotTime = time.Minute

const snapName = "snap"

// Snapshot makes the program save itself, and writes the snapshot to w.
func (k keeping) Snapshot(w io.Writer) error {
	ctx, cancel := context.WithTimeoutCause(k.ctx, snapshotTime,
		fmt.Errorf("it did not save itself within %v", snapshotTime))
	defer cancel()
	if _, err := k.p.ask(ctx, save{snapName}, "saved"); err != nil {
		return k.named(err)
	}
	root, err := os.OpenRoot(k.dir)
	if err != nil {
		return err
	}
	defer root.Close()
	text, err := root.ReadFile(snapName)
	if err != nil {
		return k.named(fmt.Errorf("it reported itself saved, but: %w", err))
	}
	head, err := json.Marshal(saved{k.sent, k.counts})
	if err != nil {
		return err
	}
	out := binary.LittleEndian.AppendUint64(nil, uint64(len(head)))
	_, err = w.Write(append(append(out, head...), text...))
	return err
}

// Restore makes the program resume from a snapshot.
func (k keeping) Restore(ctx context.Context, _ bench.Data, l bench.Labels, r io.Reader) error {
	text, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	var head saved
	n := uint64(0)
	if len(text) >= 8 {
		n = binary.LittleEndian.Uint64(text)
	}
	if len(text) < 8 || n > uint64(len(text)-8) || json.Unmarshal(text[8:8+n], &head) != nil ||
		head.Sent < 0 || head.Sent > l.Len() {
		return errors.New("the snapshot of a program is damaged")
	}
	err = os.WriteFile(filepath.Join(k.dir, snapName), text[8+n:],
		atomicfile.FileMode)
	if err != nil {
		return err
	}
	if _, err := k.p.ask(ctx, load{snapName}, "loaded"); err != nil {
		return k.named(err)
	}
	k.sent, k.counts = head.Sent, head.Counts
	return nil
}

// Close asks the program to exit and removes its folder. It returns an error if the program does
// not exit as it should.
func (s *session) Close() error {
	if s.ended || s.p == nil {
		s.discard()
		return nil
	}
	err := s.p.end(s.End)
	s.discard()
	if err != nil {
		return s.named(err)
	}
	return nil
}

// Abort kills the program and removes its folder.
func (s *session) Abort() { s.discard() }

func (s *session) discard() {
	if s.ended {
		return
	}
	s.ended = true
	if s.p != nil {
		s.p.kill()
	}
	if s.dir != "" {
		os.RemoveAll(s.dir)
		os.Remove(s.Temp) // fails if it is not empty
	}
}
