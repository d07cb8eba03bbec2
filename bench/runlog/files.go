package runlog

import (
	"path"
	"path/filepath"
)

// Names of a run's files, of which those after cells stand in a folder for each cell.
const (
	PlanName   = "plan.json"
	EnvName    = "env.json"
	LocalName  = "local.json" // of a directory alone: see local.go
	CellsName  = "cells"
	ResultName = "result.json"
	LogName    = "queries.jsonl"
	StatusName = "status.json"

	// Of a slim cell, in the place of result.json and queries.jsonl.
	SlimResultName = "result.slim.json"
	SlimAuditsName = "audits.slim"
)

// doneNames are all names that a cell's folder has besides status.json where it is done.
var doneNames = []string{ResultName, LogName, SlimResultName, SlimAuditsName}

// Hidden names in the folder of cells.
const (
	// A staged cell is cells/.tmp.<holder>.<id>: a cell that holder is working on. It is also how
	// Read sees that a cell is running.
	stagedPrefix = ".tmp."
	// A failed cell steps aside to cells/.old.<id> while its successor is put in place.
	oldPrefix = ".old."
	// A damaged cell is kept as cells/.damaged-<id>-<n>.
	damagedPrefix = ".damaged-"
)

// CellFile is the name, relative to the run, of one of a cell's files.
func CellFile(id, name string) string { return path.Join(CellsName, id, name) }

// Files gives the files of a run, a directory or a pack, as they are on disk: for who checks more
// of them than Read does. Names are relative to the run, with slashes.
type Files struct {
	root string
	from store
}

// OpenFiles opens the run at root, a directory or a pack. A directory that is not there shows when
// something is read of it.
func OpenFiles(root string) (*Files, error) {
	from, err := openStore(root)
	if err != nil {
		return nil, err
	}
	return &Files{root, from}, nil
}

// Read gives a whole file; what is not there is fs.ErrNotExist.
func (f *Files) Read(name string) ([]byte, error) { return f.from.read(name) }

// Path is what messages call a file.
func (f *Files) Path(name string) string { return f.from.path(name) }

// Packed says that the run is a pack.
func (f *Files) Packed() bool {
	_, is := f.from.(*pack)
	return is
}

// Plan reads plan.json, of which the ids and the digest of the cells are checked, but not the seal.
// Where data is nil there is nothing to read, and the error says what is there instead of a run.
func (f *Files) Plan() (plan PlanFile, data []byte, err error) {
	if data, err = f.from.read(PlanName); err != nil {
		return plan, nil, notThere(f.root, err)
	}
	plan, err = readPlan(f.from)
	return plan, data, err
}

// Envs reads env.json; no file is no invocation.
func (f *Files) Envs() ([]Env, error) { return readEnvs(f.from) }

// Cell reads a cell and checks all that its digests say. A cell that is not there is
// fs.ErrNotExist, and one that this user may not read is fs.ErrPermission; all other errors are a
// *Damage.
func (f *Files) Cell(id string) (StoredCell, error) { return loadSettled(f.from, id) }

// NotInPlan counts the cells that are there but not planned.
func (f *Files) NotInPlan(planned map[string]bool) (int, error) { return f.from.others(planned) }

// SetAside names the damaged cells that an earlier run kept beside the others; a pack has none.
func (f *Files) SetAside() ([]string, error) {
	dir, ok := f.from.(directory)
	if !ok {
		return nil, nil
	}
	return names(filepath.Join(string(dir), CellsName), damagedPrefix)
}
