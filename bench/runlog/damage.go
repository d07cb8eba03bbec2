package runlog

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
)

// Damage reports that a cell's files are not as written: cut off, edited, swapped or unreadable.
type Damage struct {
	ID   string
	Path string // the file at fault
	Err  error
	// Kept is the path to which Open moved the damaged cell; empty in errors of Read.
	Kept string
}

func (d *Damage) Error() string { return fmt.Sprintf("cell %s is damaged: %v", d.ID, d.Err) }

// Unwrap returns the cause.
func (d *Damage) Unwrap() error { return d.Err }

// StoredCell is a cell as stored on disk.
type StoredCell struct {
	Status Status
	Result *Result // nil unless done
	Bytes  []byte  // result.json as stored, or as rebuilt from a slim cell's files
	Log    []byte  // queries.jsonl as stored; nil for a slim cell

	slim      *slimAudits // nil: the cell is not slim
	slimFiles [2][]byte   // a slim cell's result.slim.json and audits.slim as stored
}

// Slim reports whether the cell's audits are kept without their scores, in place of its log.
func (c StoredCell) Slim() bool { return c.slim != nil }

// Audits returns the cell's audit log; name is the log's name in errors. The scores of a slim cell
// are NaN.
func (c StoredCell) Audits(name string) ([]Audit, error) {
	if c.slim != nil {
		return c.slim.audits(c.Result.K), nil
	}
	return DecodeLog(name, c.Log)
}

// load reads a cell and checks it against its digests. A missing cell is fs.ErrNotExist, and one
// that this user may not read is fs.ErrPermission; all other errors are a *Damage.
func load(from store, id string) (StoredCell, error) {
	var c StoredCell
	folder := path.Join(CellsName, id)
	at := func(name string, err error) (StoredCell, error) {
		file := from.path(path.Join(folder, name))
		if errors.Is(err, fs.ErrPermission) {
			return StoredCell{}, err
		}
		if errors.Is(err, fs.ErrNotExist) {
			err = fmt.Errorf("%s is missing", file)
		}
		return StoredCell{}, &Damage{ID: id, Path: file, Err: err}
	}
	if is, err := from.there(folder); err == nil && !is {
		return c, fmt.Errorf("cell %s: %w", id, fs.ErrNotExist)
	}
	statusFile := from.path(path.Join(folder, StatusName))
	if err := decodeFile(from, path.Join(folder, StatusName), &c.Status); err != nil {
		return at(StatusName, err)
	}
	s := c.Status
	known := []State{Done, Failed, TimedOut}
	if !slices.Contains(known, s.State) || len(s.Attempts) == 0 ||
		s.Attempts[len(s.Attempts)-1].State != s.State {
		return at(StatusName, fmt.Errorf("%s: state %q does not follow from its %d attempts",
			statusFile, s.State, len(s.Attempts)))
	}
	if s.State != Done {
		return c, nil
	}
	c, name, err := loadDone(from, folder, s)
	if err != nil {
		return at(name, err)
	}
	file := from.path(path.Join(folder, ResultName))
	switch {
	case c.Result.Format != FormatVersion:
		return at(ResultName, fmt.Errorf("%s has format %d; this program reads format %d", file,
			c.Result.Format, FormatVersion))
	case c.Result.ID != id || c.Result.Cell.ID() != id:
		return at(ResultName, fmt.Errorf("%s is the result of another cell (%s)", file,
			c.Result.Cell.ID()))
	}
	c.Status = s
	return c, nil
}

// loadDone reads the result and the audits of a done cell, slim or not. On failure name is the file
// at fault.
func loadDone(from store, folder string, s Status) (c StoredCell, name string, err error) {
	files := map[string][]byte{}
	for _, name := range []string{ResultName, LogName} {
		data, err := from.read(path.Join(folder, name))
		if name == ResultName && errors.Is(err, fs.ErrNotExist) {
			c, slimName, e := loadSlim(from, folder, s)
			if !errors.Is(e, fs.ErrNotExist) || slimName != SlimResultName {
				return c, slimName, e
			}
		}
		if err != nil {
			return c, name, err
		}
		if got, want := FileDigest(data), s.Files[name]; got != want {
			return c, name, fmt.Errorf("%s has changed since it was written: its SHA-256 is %s, "+
				"not %s", from.path(path.Join(folder, name)), got, want)
		}
		files[name] = data
	}
	if got := CellDigest(files[ResultName], files[LogName]); got != s.Digest {
		return c, StatusName, fmt.Errorf("%s: the cell's digest is %s, not %s",
			from.path(path.Join(folder, StatusName)), got, s.Digest)
	}
	c.Bytes, c.Log = files[ResultName], files[LogName]
	c.Result = new(Result)
	return c, ResultName, decode(from.path(path.Join(folder, ResultName)), c.Bytes, c.Result)
}
