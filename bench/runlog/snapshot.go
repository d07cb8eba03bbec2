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

// A snapshot is cells/.snapshot-<id>: a cell in the middle of its work, to go on from. It is
// replaced whole or not at all, and goes when the cell is done or has failed. In the file stand a
// line that names the format, a header as JSON and a body, both preceded by their length, and the
// SHA-256 of all of that:
//
//	"uaibench snapshot 1\n"   uint32 n, header (n bytes)   uint64 m, body (m bytes)   32 bytes
//
// Numbers are little endian. A body means something to the very program that wrote it alone, so the
// header names that program by its digest.
const (
	snapshotPrefix = ".snapshot-"
	snapshotFormat = "uaibench snapshot 1\n"
	maxSnapshot    = 1 << 30
	maxHeader      = 1 << 20
)

// Snapshot is the header of a cell's snapshot.
type Snapshot struct {
	Cell    string          `json:"cell"` // its id, which stands for all its settings
	Method  bench.MethodRef `json:"method"`
	Build   string          `json:"build"` // of the program
	Audits  int             `json:"audits"`
	Found   int             `json:"found"`
	Budget  int             `json:"budget"`
	Seconds float64         `json:"seconds"` // that the cell has taken until then, without what interruptions lost
	Times   int             `json:"times"`   // that it had gone on from a snapshot by then
	Written time.Time       `json:"written"`
	Host    string          `json:"host"`
	Kernels []string        `json:"kernels,omitempty"` // that the cell has run with until then, each once
}

// Snapshot keeps where the cell is.
func (d *StagedCell) Snapshot(s Snapshot, body []byte) error {
	if s.Cell != d.id {
		panic("runlog: the snapshot of cell " + s.Cell + " for cell " + d.id)
	}
	data, err := encodeSnapshot(s, body)
	if err != nil {
		return err
	}
	// In the staged cell's folder, which is swept, whatever becomes of this process.
	if err := atomicfile.WriteIn(d.dir, snapshotFile(d.w.path, d.id), data); err != nil {
		return err
	}
	return syncDir(filepath.Join(d.w.path, CellsName))
}

// Snapshot reads where an interrupted cell was, checked against its digest, or gives an error that
// says why it is not to be trusted; one that wraps fs.ErrNotExist says that there is none.
func (w *Writer) Snapshot(c bench.PlannedCell, build string) (Snapshot, []byte, error) {
	s, body, err := readSnapshot(w.path, c.ID)
	if err != nil {
		return Snapshot{}, nil, err
	}
	switch {
	case s.Method.ID != c.Cell.Method.ID || s.Method.Version != c.Cell.Method.Version:
		return Snapshot{}, nil, fmt.Errorf("it is one of %s version %d, not of %s version %d",
			s.Method.ID, s.Method.Version, c.Cell.Method.ID, c.Cell.Method.Version)
	case s.Build != build:
		return Snapshot{}, nil, errors.New("another build of this program wrote it, and only " +
			"that one can go on from it")
	}
	return s, body, nil
}

// Snapshot tells where a cell that is not done was last written down; ok is false where it was not,
// or where what there is cannot be trusted.
func (r *Run) Snapshot(id string) (s Snapshot, ok bool) {
	s, _, err := readSnapshot(r.Path, id)
	return s, err == nil
}

// dropSnapshot removes a cell's snapshot, and whatever is in its place.
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
		return s, nil, errors.New("it does not begin as this program's snapshots do")
	}
	cut := errors.New("it was cut off or has changed since it was written")
	if len(rest) < sha256.Size {
		return s, nil, cut
	}
	end := len(data) - sha256.Size
	if sum := sha256.Sum256(data[:end]); !bytes.Equal(sum[:], data[end:]) {
		return s, nil, cut
	}
	// What has the right digest was written by encodeSnapshot, or by somebody who knows how.
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
		return Snapshot{}, nil, fmt.Errorf("it is that of another cell (%s)", s.Cell)
	}
	return s, body, nil
}

// block cuts off a block that its length, a number of width bytes, precedes.
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
