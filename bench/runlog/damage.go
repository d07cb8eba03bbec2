package runlog

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
)

// Damage says that a cell's files are not what was written: cut, edited, swapped or unreadable.
type Damage struct {
	ID   string
	Path string // the file at fault
	Err  error
	// Kept is where Open put the damaged cell; empty when only reading.
	Kept string
}

func (d *Damage) Error() string { return fmt.Sprintf("cell %s is damaged: %v", d.ID, d.Err) }

// Unwrap gives the cause.
func (d *Damage) Unwrap() error { return d.Err }

// StoredCell is a cell as it is on disk.
type StoredCell struct {
	Status Status
	Result *Result // nil unless done
	Bytes  []byte  // result.json, as it is
	Log    []byte  // queries.jsonl, as it is
}

// load reads a cell and checks all that its digests say. A cell that is not there is
// fs.ErrNotExist, and one that this user may not read is fs.ErrPermission; all other errors are a
// *Damage.
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
	files := map[string][]byte{}
	for _, name := range []string{ResultName, LogName} {
		data, err := from.read(path.Join(folder, name))
		if err != nil {
			return at(name, err)
		}
		if got, want := FileDigest(data), s.Files[name]; got != want {
			return at(name, fmt.Errorf("%s has changed since it was written: its SHA-256 is %s, "+
				"not %s", from.path(path.Join(folder, name)), got, want))
		}
		files[name] = data
	}
	if got := CellDigest(files[ResultName], files[LogName]); got != s.Digest {
		return at(StatusName, fmt.Errorf("%s: the cell's digest is %s, not %s", statusFile, got,
			s.Digest))
	}
	c.Bytes, c.Log = files[ResultName], files[LogName]
	c.Result = new(Result)
	file := from.path(path.Join(folder, ResultName))
	if err := decode(file, files[ResultName], c.Result); err != nil {
		return at(ResultName, err)
	}
	switch {
	case c.Result.Format != FormatVersion:
		return at(ResultName, fmt.Errorf("%s has format %d; this program reads format %d", file,
			c.Result.Format, FormatVersion))
	case c.Result.ID != id || c.Result.Cell.ID() != id:
		return at(ResultName, fmt.Errorf("%s is the result of another cell (%s)", file,
			c.Result.Cell.ID()))
	}
	return c, nil
}
