package runlog

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"time"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/text"
)

// Run is the state of a run directory or a pack at one moment.
type Run struct {
	Path      string
	Plan      bench.Plan
	Envs      []Env        // one per invocation, oldest first
	Cells     []CellRecord // in the plan's order
	NotInPlan int          // cells of earlier plans that are still present

	from store
}

// CellRecord is a planned cell with its status and result.
type CellRecord struct {
	bench.PlannedCell
	Status Status
	Result *Result // nil unless Status.State is Done
}

// PlanFile is plan.json.
type PlanFile struct {
	Format int        `json:"format"`
	Digest string     `json:"digest"` // of the plan's cells
	Plan   bench.Plan `json:"plan"`
	Seal   string     `json:"seal,omitempty"` // SHA-256 of the fields above
}

// Read reads a run directory, finished or not, even while it is being written; or a pack. Every
// done cell is checked against its digest: if any is damaged Read fails and names them all (as
// *Damage, joined), since a table without them would look complete.
func Read(path string) (*Run, error) {
	from, err := openStore(path)
	if err != nil {
		return nil, err
	}
	return read(path, from)
}

func read(root string, from store) (*Run, error) {
	plan, err := readPlan(from)
	if err != nil {
		return nil, notThere(root, err)
	}
	if seal, err := plan.ComputeSeal(); plan.Seal != "" && (err != nil || seal != plan.Seal) {
		// A changed label would misname a method's curve, and no digest covers labels.
		return nil, fmt.Errorf("%s was edited after it was written; running its spec again "+
			"rewrites it and keeps the results", from.path(PlanName))
	}
	run := &Run{Path: root, Plan: plan.Plan, from: from}
	run.Plan.Own = located(from, plan.Plan.Own)
	if run.Envs, err = readEnvs(from); err != nil {
		return nil, err
	}
	running, err := from.running()
	if err != nil {
		return nil, err
	}
	var damaged []error
	planned := map[string]bool{}
	for _, p := range plan.Plan.Cells {
		planned[p.ID] = true
		c, err := loadSettled(from, p.ID)
		switch {
		case err != nil && !errors.Is(err, fs.ErrNotExist): // damaged, or not readable by this user
			damaged = append(damaged, err)
		case c.Status.State == Done:
		case running[p.ID]: // for the first time, or again after it failed
			c.Status.State = Running
		case err != nil:
			c.Status.State = Planned
		}
		run.Cells = append(run.Cells, CellRecord{PlannedCell: p, Status: c.Status,
			Result: c.Result})
	}
	if damaged != nil {
		err := errors.Join(damaged...)
		if _, mends := errors.AsType[*Damage](err); mends {
			err = errors.Join(err,
				errors.New("running the spec again sets damaged cells aside and runs them again"))
		}
		return nil, err
	}
	run.NotInPlan, err = from.others(planned)
	return run, err
}

// loadSettled loads a cell, and reads one that seems damaged again after 10 ms, since a running
// process may just be replacing a failed cell.
func loadSettled(from store, id string) (StoredCell, error) {
	c, err := load(from, id)
	if _, damaged := errors.AsType[*Damage](err); damaged && from.changing() {
		time.Sleep(10 * time.Millisecond)
		c, err = load(from, id)
	}
	return c, err
}

// Digest is the RunDigest of the run's done cells.
func (r *Run) Digest() string {
	cells := map[string]string{}
	for _, c := range r.Cells {
		if c.Status.State == Done {
			cells[c.ID] = c.Status.Digest
		}
	}
	return RunDigest(cells)
}

// Count is the number of cells in a state; a cell that is planned twice, under two names, counts
// once.
func (r *Run) Count(s State) int {
	ids := map[string]bool{}
	for _, c := range r.Cells {
		if c.Status.State == s {
			ids[c.ID] = true
		}
	}
	return len(ids)
}

// Planned is the number of planned cells, each counted once.
func (r *Run) Planned() int {
	ids := map[string]bool{}
	for _, c := range r.Cells {
		ids[c.ID] = true
	}
	return len(ids)
}

// Audits reads the audit log of a done cell and checks it against its digest. The scores of a slim
// cell are NaN.
func (c CellRecord) Audits(run *Run) ([]Audit, error) {
	if c.Status.State != Done {
		return nil, fmt.Errorf("cell %s has no audit log: it is %s", c.ID, c.Status.State)
	}
	from, err := run.store()
	if err != nil {
		return nil, err
	}
	cell, err := load(from, c.ID)
	if err != nil {
		return nil, err
	}
	return cell.Audits(from.path(path.Join(CellsName, c.ID, LogName)))
}

// store returns the source of the run's files.
func (r *Run) store() (store, error) {
	if r.from != nil {
		return r.from, nil
	}
	return openStore(r.Path) // r was not made by Read
}

func cellDir(path, id string) string { return filepath.Join(path, CellsName, id) }

// readPlan reads and checks plan.json.
func readPlan(from store) (PlanFile, error) {
	var plan PlanFile
	data, err := from.read(PlanName)
	if err != nil {
		return plan, err
	}
	file := from.path(PlanName)
	failure := decode(file, data, &plan)
	// The version comes first: another format may not decode at all.
	var version struct {
		Format int `json:"format"`
	}
	if failure == nil {
		version.Format = plan.Format
	} else if err := decode(file, data, &version); err != nil {
		return plan, fmt.Errorf("%w: %w", errPlan, err)
	}
	if version.Format != FormatVersion {
		return plan, fmt.Errorf("%s has format %d; this program reads format %d", file,
			version.Format, FormatVersion)
	}
	if failure != nil {
		return plan, fmt.Errorf("%w: %w", errPlan, failure)
	}
	for i, c := range plan.Plan.Cells {
		if id := c.Cell.ID(); c.ID != id {
			return plan, fmt.Errorf("%s: cell %d has the id %s, but its contents give %s: the "+
				"file was edited, or written by another version", file, i, c.ID, id)
		}
	}
	if got := plan.Plan.Digest(); got != plan.Digest {
		return plan, fmt.Errorf("%s: the digest of its cells is %s, not %s: the file was edited",
			file, got, plan.Digest)
	}
	return plan, nil
}

var errPlan = errors.New("the plan is damaged")

// notThere adds to err, from reading a run's plan, a description of what is at root instead.
func notThere(root string, err error) error {
	info, e := os.Stat(root)
	switch {
	case errors.Is(e, fs.ErrNotExist):
		if root == "" {
			root = `""`
		}
		return text.Reword(fmt.Sprintf("there is no run directory %s", root), e)
	case errors.Is(err, fs.ErrNotExist) && e == nil && !info.IsDir():
		return text.Reword(fmt.Sprintf("%s is not the pack of a run: it has no %s", root, PlanName), err)
	case errors.Is(err, fs.ErrNotExist):
		return text.Reword(fmt.Sprintf("%s is not a run directory: it has no %s", root, PlanName), err)
	case errors.Is(err, errPlan) && e == nil && info.IsDir():
		return fmt.Errorf("%w; remove it and run the spec again, which rewrites it and keeps "+
			"the cells", err)
	}
	return err
}

// readEnvs reads env.json; without the file there are no invocations.
func readEnvs(from store) ([]Env, error) {
	var envs []Env
	err := decodeFile(from, EnvName, &envs)
	switch {
	case err == nil || errors.Is(err, fs.ErrNotExist):
		return envs, nil
	case errors.Is(err, fs.ErrPermission):
		return nil, err
	}
	return nil, fmt.Errorf("%s is damaged: %w; it only records where earlier invocations ran: "+
		"move it away, and the run continues with all its cells", EnvName, err)
}

// countOthers counts the cells on disk that are not planned.
func countOthers(path string, planned map[string]bool) (int, error) {
	entries, err := os.ReadDir(filepath.Join(path, CellsName))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return 0, err
	}
	n := 0
	for _, e := range entries {
		if name := e.Name(); e.IsDir() && name[0] != '.' && !planned[name] {
			n++
		}
	}
	return n, nil
}
