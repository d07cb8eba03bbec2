package runlog

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/uaibench/uaibench/bench"
)

// Writer is a run directory open for writing. Its methods may be called concurrently, but each cell
// may be used by only one goroutine at a time.
type Writer struct {
	// Damaged are the cells that Open found damaged and set aside, to be run again.
	Damaged   []*Damage
	NotInPlan int  // cells of earlier plans that are still present
	Replaced  bool // the directory held another plan

	path  string
	shard Shard
	locks locks

	mu       sync.Mutex
	statuses map[string]Status // the shard's cells that are on disk, by id
}

// Open creates the run directory at path, or opens it to continue, and locks it for a shard of plan
// (or for the complete plan) until Close. It removes what killed processes left, replaces plan.json
// if it differs (cells are addressed by content, so those in both plans are kept), appends env to
// env.json, and checks each of the shard's done cells.
//
// If another process has the directory, the error wraps ErrInUse and names that process.
func Open(path string, plan bench.Plan, env Env, shard Shard) (*Writer, error) {
	if err := shard.Check(); err != nil {
		return nil, err
	}
	if err := prepare(path); err != nil {
		return nil, err
	}
	opening, held, err := lock(filepath.Join(path, locksName, openingLock), true,
		openingPatience)
	if err != nil {
		return nil, fmt.Errorf("the run directory cannot be written to: %w", err)
	}
	if held {
		return nil, fmt.Errorf("%s is %w: another process has been opening it for %v", path,
			ErrInUse, openingPatience)
	}
	defer opening.Close()
	held2, err := acquire(path, shard)
	if err != nil {
		return nil, err
	}
	w := &Writer{path: path, shard: shard, locks: held2, statuses: map[string]Status{}}
	if err := w.enter(plan, env); err != nil {
		w.Close()
		return nil, err
	}
	return w, nil
}

// prepare creates the folders, unless path is something other than a run directory.
func prepare(path string) error {
	entries, err := os.ReadDir(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("the run directory cannot be used: %w", err)
	}
	ours := false
	for _, e := range entries {
		ours = ours || e.Name() == PlanName || e.Name() == locksName
	}
	if len(entries) > 0 && !ours {
		return fmt.Errorf("%s is not a run directory: it holds other things (%s) but no %s; name "+
			"another directory", path, entries[0].Name(), PlanName)
	}
	// The locks come first: they mark a run directory until there is a plan.
	for _, dir := range []string{locksName, CellsName} {
		if err := checkFolder(filepath.Join(path, dir)); err != nil {
			return fmt.Errorf("the run directory cannot be used: %w", err)
		}
		if err := makeDir(filepath.Join(path, dir)); err != nil {
			return fmt.Errorf("the run directory cannot be created: %w", err)
		}
	}
	return nil
}

// enter does Open's work under the locks.
func (w *Writer) enter(plan bench.Plan, env Env) error {
	if err := w.sweep(plan); err != nil {
		return fmt.Errorf("remove what an earlier process left: %w", err)
	}
	envs, err := readEnvs(directory(w.path)) // first, so that a failure leaves the plan as it was
	if err != nil {
		return err
	}
	if err := w.writePlan(plan); err != nil {
		return err
	}
	if env.Seal, err = env.ComputeSeal(); err != nil {
		return err
	}
	data, err := Encode(append(envs, env))
	if err != nil {
		return err
	}
	if err := replaceFile(filepath.Join(w.path, EnvName), data); err != nil {
		return err
	}
	planned := map[string]bool{}
	for i, c := range plan.Cells {
		if !planned[c.ID] && w.shard.Owns(i) {
			if err := w.check(c.ID); err != nil {
				return err
			}
		}
		planned[c.ID] = true
	}
	w.NotInPlan, err = countOthers(w.path, planned)
	return err
}

// writePlan writes local.json, and replaces plan.json if it differs from plan.
func (w *Writer) writePlan(plan bench.Plan) error {
	if err := writeLocal(w.path, plan.Own); err != nil {
		return err
	}
	plan.Own = plan.Own.Portable()
	whole := PlanFile{Format: FormatVersion, Digest: plan.Digest(), Plan: plan}
	var err error
	if whole.Seal, err = whole.ComputeSeal(); err != nil {
		return err
	}
	data, err := Encode(whole)
	if err != nil {
		return err
	}
	file := filepath.Join(w.path, PlanName)
	if err := checkSize(file, int64(len(data)), maxFile); err != nil {
		return err
	}
	there, err := readRegular(file, maxFile)
	switch {
	case err == nil && string(there) == string(data):
		return nil
	case errors.Is(err, fs.ErrPermission):
		return err
	case !errors.Is(err, fs.ErrNotExist):
		old, err := readPlan(directory(w.path))
		if err != nil {
			return fmt.Errorf("%w; remove it (the cells beside it are kept), or name another "+
				"directory", err)
		}
		w.Replaced = old.Digest != plan.Digest()
	}
	if w.Replaced && w.shard.N != 0 {
		others, err := heldShards(w.path)
		if err != nil {
			return err
		}
		for _, other := range others {
			if other != w.shard.holder() {
				return fmt.Errorf("%s is %w: another plan runs in it (%s, %s); name "+
					"another directory", w.path, ErrInUse, shardName(other),
					signature(filepath.Join(w.path, locksName, other)))
			}
		}
	}
	return replaceFile(file, data)
}

// check loads a cell, and sets it aside if it is damaged.
func (w *Writer) check(id string) error {
	c, err := load(directory(w.path), id)
	damage, damaged := errors.AsType[*Damage](err)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !damaged:
		return nil
	case damaged:
		for n := 1; ; n++ {
			aside := filepath.Join(w.path, CellsName, fmt.Sprintf("%s%s-%d", damagedPrefix, id, n))
			if _, err := os.Lstat(aside); !errors.Is(err, fs.ErrNotExist) {
				continue
			}
			if err := os.Rename(cellDir(w.path, id), aside); err != nil {
				return err
			}
			damage.Kept = aside
			w.Damaged = append(w.Damaged, damage)
			return syncDir(filepath.Join(w.path, CellsName))
		}
	case err != nil:
		return err
	}
	w.statuses[id] = c.Status
	if c.Status.State == Done {
		// A process may have died between publishing the cell and removing its snapshot.
		return dropSnapshot(w.path, id)
	}
	return nil
}

// sweep removes the drafts of dead processes and finishes interrupted replacements.
func (w *Writer) sweep(plan bench.Plan) error {
	// Drafts of plan.json, local.json and env.json: under the opening lock all are leftovers.
	for _, prefix := range []string{"." + PlanName, "." + LocalName, "." + EnvName, stagedPrefix} {
		root, err := names(w.path, prefix)
		if err != nil {
			return err
		}
		for _, file := range root {
			if err := os.Remove(filepath.Join(w.path, file)); err != nil {
				return err
			}
		}
	}
	own := map[string]bool{}
	for i, c := range plan.Cells {
		if w.shard.Owns(i) {
			own[c.ID] = true
		}
	}
	cells := filepath.Join(w.path, CellsName)
	entries, err := os.ReadDir(cells)
	if err != nil {
		return err
	}
	for _, e := range entries {
		path := filepath.Join(cells, e.Name())
		if rest, ok := strings.CutPrefix(e.Name(), stagedPrefix); ok {
			// A living shard's drafts are not leftovers.
			holder, _, _ := strings.Cut(rest, ".")
			if w.shard.N == 0 || holder == runLock || holder == w.shard.holder() {
				if err := os.RemoveAll(path); err != nil {
					return err
				}
			}
		}
		if id, ok := strings.CutPrefix(e.Name(), oldPrefix); ok && (w.shard.N == 0 || own[id]) {
			if err := finishReplacing(path, cellDir(w.path, id)); err != nil {
				return err
			}
		}
	}
	return syncDir(cells)
}

// finishReplacing ends the replacement of a failed cell that was moved aside to old: it removes old
// if a successor is in place, and moves it back if not.
func finishReplacing(old, place string) error {
	_, err := os.Stat(place)
	if errors.Is(err, fs.ErrNotExist) {
		return os.Rename(old, place)
	}
	if err != nil {
		return err
	}
	return os.RemoveAll(old)
}

// Status returns the status of one of the shard's cells; State is Planned if it is not on disk.
func (w *Writer) Status(id string) Status {
	w.mu.Lock()
	defer w.mu.Unlock()
	if s, ok := w.statuses[id]; ok {
		return s
	}
	return Status{State: Planned}
}

// Digest is the RunDigest of the shard's done cells.
func (w *Writer) Digest() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	cells := map[string]string{}
	for id, s := range w.statuses {
		if s.State == Done {
			cells[id] = s.Digest
		}
	}
	return RunDigest(cells)
}

// Close releases the locks.
func (w *Writer) Close() {
	w.locks.release()
	w.locks = nil
}
