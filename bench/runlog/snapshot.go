package runlog

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/atomicfile"
)

// A snapshot is cells/.snapshot-<id>: the state of a cell in progress, from which it can resume. It
// is replaced atomically, and removed when the cell is done or has failed. The file is a line that
// names the format, a JSON header and a body, each preceded by its length, and the SHA-256 of all
// of that:
//
//	"uaibench snapshot 1\n"   uint32 n, header (n bytes)   uint64 m, body (m bytes)   32 bytes
//
// Numbers are little endian. Only the program that wrote a body can use it, so the header
// identifies that program by its digest.
const (
	snapshotPrefix = ".snapshot-"
	snapshotFormat = "uaibench snapshot 1\n"
	maxSnapshot    = 1 << 30
	maxHeader      = 1 << 20
)

// Snapshot is the header of a cell's snapshot.
type Snapshot struct {
	Cell    string          `json:"cell"` // its id, which identifies all its settings
	Method  bench.MethodRef `json:"method"`
	Build   string          `json:"build"` // digest of the program
	Audits  int             `json:"audits"`
	Found   int             `json:"found"`
	Budget  int             `json:"budget"`
	Seconds float64         `json:"seconds"` // the cell's time so far, without what interruptions lost
	Times   int             `json:"times"`   // resumptions so far
	Written time.Time       `json:"written"`
	Host    string          `json:"host"`
	Kernels []string        `json:"kernels,omitempty"` // kernels used so far, each once
}

// Snapshot writes a snapshot of the cell. It panics if s is another cell's.
func (d *StagedCell) Snapshot(s Snapshot, body []byte) error {
	if s.Cell != d.id {
		panic("runlog: the snapshot of cell " + s.Cell + " for cell " + d.id)
	}
	data, err := encodeSnapshot(s, body)
	if err != nil {
		return err
	}
	// The temporary file is in the staged cell's folder, which is swept even if this process dies.
	if err := atomicfile.WriteIn(d.dir, snapshotFile(d.w.path, d.id), data); err != nil {
		return err
	}
	return syncDir(filepath.Join(d.w.path, CellsName))
}

// Snapshot reads an interrupted cell's snapshot and checks its digest, method and build. The error
// is why it cannot be used; it wraps fs.ErrNotExist where there is none.
func (w *Writer) Snapshot(c bench.PlannedCell, build string) (Snapshot, []byte, error) {
	s, body, err := readSnapshot(w.path, c.ID)
	if err != nil {
		return Snapshot{}, nil, err
	}
	switch {
	case s.Method.ID != c.Cell.Method.ID || s.Method.Version != c.Cell.Method.Version:
		return Snapshot{}, nil, fmt.Errorf("it is of %s version %d, not %s version %d",
			s.Method.ID, s.Method.Version, c.Cell.Method.ID, c.Cell.Method.Version)
	case s.Build != build:
		return Snapshot{}, nil, errors.New("another build of this program wrote it, and only " +
			"that build can resume from it")
	}
	return s, body, nil
}

// Snapshot returns the header of a cell's snapshot; ok is false where there is none, or it cannot
// be trusted.
func (r *Run) Snapshot(id string) (s Snapshot, ok bool) {
	s, _, err := readSnapshot(r.Path, id)
	return s, err == nil
}

// dropSnapshot removes a cell's snapshot, or whatever is in its place.
func dropSnapshot(path, id string) error { return os.RemoveAll(snapshotFile(path, id)) }

func snapshotFile(path, id string) string {
	return filepath.Join(path, CellsName, snapshotPrefix+id)
}

func encodeSnapshot(s Snapshot, body []byte) ([]byte, error) {
	header, err := Encode(s)
	if err != nil {
		return nil, err
	}
	size := len(snapshotFormat) + 4 + len(header) + 8 + len(body) + sha256.Size
	if err := checkSize("the snapshot of cell "+s.Cell, int64(size), maxSnapshot); err != nil {
		return nil, err
	}
	out := make([]byte, 0, size)
	out = append(out, snapshotFormat...)
	out = binary.LittleEndian.AppendUint32(out, uint32(len(header)))
	out = append(out, header...)
	out = binary.LittleEndian.AppendUint64(out, uint64(len(body)))
	out = append(out, body...)
	sum := sha256.Sum256(out)
	return append(out, sum[:]...), nil
}

func readSnapshot(path, id string) (s Snapshot, body []byte, err error) {
	data, err := readRegular(snapshotFile(path, id), maxSnapshot)
	if err != nil {
		return s, nil, err
	}
	rest, ok := bytes.CutPrefix(data, []byte(snapshotFormat))
	if !ok {
		return s, nil, errors.New("it does not begin like a snapshot of this program")
	}
	cut := errors.New("it was cut off or has changed since it was written")
	if len(rest) < sha256.Size {
		return s, nil, cut
	}
	end := len(data) - sha256.Size
	if sum := sha256.Sum256(data[:end]); !bytes.Equal(sum[:], data[end:]) {
		return s, nil, cut
	}
	// Data with the right digest was written by encodeSnapshot, or forged.
	rest = rest[:len(rest)-sha256.Size]
	header, rest, ok := block(rest, 4)
	if !ok || len(header) > maxHeader {
		return s, nil, cut
	}
	body, rest, ok = block(rest, 8)
	if !ok || len(rest) > 0 {
		return s, nil, cut
	}
	if err := decode("its header", header, &s); err != nil {
		return Snapshot{}, nil, err
	}
	if s.Cell != id {
		return Snapshot{}, nil, fmt.Errorf("it belongs to another cell (%s)", s.Cell)
	}
	return s, body, nil
}

// block splits off a block that is preceded by its length, a number of width bytes.
func block(data []byte, width int) (in, rest []byte, ok bool) {
	if len(data) < width {
		return nil, nil, false
	}
	var n [8]byte
	copy(n[:], data[:width])
	size, rest := binary.LittleEndian.Uint64(n[:]), data[width:]
	if size > uint64(len(rest)) {
		return nil, nil, false
	}
	return rest[:size], rest[size:], true
}
