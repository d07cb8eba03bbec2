package runlog

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/uaibench/uaibench/bench/atomicfile"
)

// StagedCell is a cell in progress: a folder under a temporary name. Exactly one of Done, Fail and
// Discard ends it.
type StagedCell struct {
	w       *Writer
	id, dir string
}

// Begin starts a cell that is not done, for the first time or again.
func (w *Writer) Begin(id string) (*StagedCell, error) {
	if w.Status(id).State == Done {
		return nil, fmt.Errorf("cell %s is done, and a done cell is never replaced", id)
	}
	dir := filepath.Join(w.path, CellsName, stagedPrefix+w.shard.holder()+"."+id)
	if err := os.Mkdir(dir, atomicfile.DirMode); err != nil {
		return nil, err
	}
	return &StagedCell{w, id, dir}, nil
}

// Done writes the cell's results and returns its digest once they are on the disk under the cell's
// own name. It panics if r is another cell's result.
func (d *StagedCell) Done(r Result, queries []Audit, a Attempt) (digest string, err error) {
	defer d.discardUnless(&err)
	if r.ID != d.id || r.Cell.ID() != d.id {
		panic("runlog: the result of cell " + r.ID + " for cell " + d.id)
	}
	r.Format = FormatVersion
	result, err := Encode(r)
	if err != nil {
		return "", fmt.Errorf("result of cell %s: %w", d.id, err)
	}
	log, err := EncodeLog(queries)
	if err != nil {
		return "", fmt.Errorf("audit log of cell %s: %w", d.id, err)
	}
	for _, f := range []struct {
		name string
		data []byte
	}{{ResultName, result}, {LogName, log}} {
		file := filepath.Join(d.dir, f.name)
		if err := checkSize(file, int64(len(f.data)), sizeLimit(f.name)); err != nil {
			return "", err
		}
		if err := writeSynced(file, f.data); err != nil {
			return "", err
		}
	}
	a.State = Done
	s := Status{
		State:  Done,
		Digest: CellDigest(result, log),
		Files:  map[string]string{ResultName: FileDigest(result), LogName: FileDigest(log)},
	}
	return s.Digest, d.publish(s, a)
}

// Fail records a failed attempt in status.json, after earlier ones. It panics unless a.State is
// Failed or TimedOut.
func (d *StagedCell) Fail(a Attempt) (err error) {
	defer d.discardUnless(&err)
	if a.State != Failed && a.State != TimedOut {
		panic("runlog: a failed attempt cannot be " + string(a.State))
	}
	return d.publish(Status{State: a.State}, a)
}

// Discard removes an interrupted attempt, except for its last snapshot.
func (d *StagedCell) Discard() error { return os.RemoveAll(d.dir) }

func (d *StagedCell) discardUnless(err *error) {
	if *err != nil {
		d.Discard() // else the next Open sweeps it
	}
}

// publish writes status.json to the draft and moves the draft to the cell's place.
func (d *StagedCell) publish(s Status, attempts ...Attempt) error {
	s.Attempts = append(slices.Clip(d.w.Status(d.id).Attempts), attempts...)
	var err error
	if s.Seal, err = s.ComputeSeal(); err != nil {
		return err
	}
	status, err := Encode(s)
	if err != nil {
		return err
	}
	if err := writeSynced(filepath.Join(d.dir, StatusName), status); err != nil {
		return err
	}
	if err := syncDir(d.dir); err != nil {
		return err
	}
	cells := filepath.Join(d.w.path, CellsName)
	place, old := cellDir(d.w.path, d.id), filepath.Join(cells, oldPrefix+d.id)
	// A folder cannot be renamed over one that is not empty, so a failed cell is first moved aside.
	// If the process dies here, the next Open moves it back.
	if d.w.Status(d.id).State != Planned {
		if err := os.Rename(place, old); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if err := os.Rename(d.dir, place); err != nil {
		if _, e := os.Stat(old); e == nil {
			os.Rename(old, place) // else the next Open does it
		}
		return err
	}
	if err := syncDir(cells); err != nil {
		return err
	}
	d.w.mu.Lock()
	d.w.statuses[d.id] = s
	d.w.mu.Unlock()
	// If the process dies here, the next Open removes both.
	return errors.Join(os.RemoveAll(old), dropSnapshot(d.w.path, d.id))
}
