package runlog

import (
	"path"
	"path/filepath"
)

// Names of a run's files. Those after CellsName are in each cell's folder.
const (
	PlanName   = "plan.json"
	EnvName    = "env.json"
	LocalName  = "local.json" // only in a directory; see local.go
	CellsName  = "cells"
	ResultName = "result.json"
	LogName    = "queries.jsonl"
	StatusName = "status.json"

	// In a slim cell, in place of result.json and queries.jsonl.
	SlimResultName = "result.slim.json"
	SlimAuditsName = "audits.slim"
)

// doneNames are the names that a done cell's folder may have besides status.json.
var doneNames = []string{ResultName, LogName, SlimResultName, SlimAuditsName}

// Hidden names in the folder cells.
const (
	// A staged cell is cells/.tmp.<holder>.<id>: a cell that holder is working on. Read takes such
	// a cell as running.
	stagedPrefix = ".tmp."
	// A failed cell is moved to cells/.old.<id> while its successor is put in place.
	oldPrefix = ".old."
	// A damaged cell is kept as cells/.damaged-<id>-<n>.
	damagedPrefix = ".damaged-"
)

// CellFile is the path, relative to the run, of one of a cell's files.
func CellFile(id, name string) string { return path.Join(CellsName, id, name) }

// Files reads the files of a run, a directory or a pack, as stored, for callers that check more of
// them than Read does. Names are relative to the run, with slashes.
type Files struct {
	root string
	from store
}

// OpenFiles opens the run at root, a directory or a pack. A missing directory is an error only when
// something is read from it.
func OpenFiles(root string) (*Files, error) {
	from, err := openStore(root)
	if err != nil {
		return nil, err
	}
	return &Files{root, from}, nil
}

// Read returns a file's contents; a missing file is fs.ErrNotExist.
func (f *Files) Read(name string) ([]byte, error) { return f.from.read(name) }

// Path is a file's name in messages.
func (f *Files) Path(name string) string { return f.from.path(name) }

// Packed reports whether the run is a pack.
func (f *Files) Packed() bool {
	_, is := f.from.(*pack)
	return is
}

// Plan reads plan.json and checks the ids and the digest of its cells, but not its seal. If data is
// nil nothing could be read, and the error names what is there instead of a run.
func (f *Files) Plan() (plan PlanFile, data []byte, err error) {
	if data, err = f.from.read(PlanName); err != nil {
		return plan, nil, notThere(f.root, err)
	}
	plan, err = readPlan(f.from)
	return plan, data, err
}

// Envs reads env.json; without the file there are no invocations.
func (f *Files) Envs() ([]Env, error) { return readEnvs(f.from) }

// Cell reads a cell and checks it against its digests. A missing cell is fs.ErrNotExist, and one
// that this user may not read is fs.ErrPermission; all other errors are a *Damage.
func (f *Files) Cell(id string) (StoredCell, error) { return loadSettled(f.from, id) }

// NotInPlan counts the run's cells that are not planned.
func (f *Files) NotInPlan(planned map[string]bool) (int, error) { return f.from.others(planned) }

// SetAside returns the names of the damaged cells that Open has set aside; a pack has none.
func (f *Files) SetAside() ([]string, error) {
	dir, ok := f.from.(directory)
	if !ok {
		return nil, nil
	}
	return names(filepath.Join(string(dir), CellsName), damagedPrefix)
}
