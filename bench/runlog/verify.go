package runlog

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/uaibench/uaibench/bench"
)

// Finding is something in a run's files that cannot be as it was written.
type Finding struct {
	Cell    string `json:"cell,omitempty"` // empty: of the whole run
	File    string `json:"file"`
	Problem string `json:"problem"`
}

func (f Finding) String() string {
	if f.Cell == "" || strings.Contains(f.Problem, f.Cell) {
		return f.Problem
	}
	return "cell " + f.Cell + ": " + f.Problem
}

// Tried is a planned cell that was tried more than once, or whose last attempt failed.
type Tried struct {
	Cell     string    `json:"cell"`
	Name     string    `json:"name"` // method on dataset, seed
	State    State     `json:"state"`
	Attempts []Attempt `json:"attempts"` // oldest first
}

// Verification is what Verify found.
type Verification struct {
	Path     string `json:"path"`
	Plan     string `json:"plan"`   // digest of the plan's cells
	Digest   string `json:"digest"` // of the results of the done cells
	Planned  int    `json:"planned"`
	Done     int    `json:"done"`
	Failed   int    `json:"failed"`
	TimedOut int    `json:"timed_out"`
	NotRun   int    `json:"not_run"` // planned cells that are not there

	Replayed int `json:"replayed"` // done cells whose curve and metrics follow, byte for byte, from their audit log
	Audits   int `json:"audits"`   // in those
	Shared   int `json:"shared"`   // audits of a row that another cell on the same pool audited too, with the same truth

	NotReplayed []string `json:"not_replayed"` // what of the results no audit log can show
	Tried       []Tried  `json:"tried"`
	NotInPlan   int      `json:"not_in_plan"` // cells in the directory that the plan does not name
	SetAside    []string `json:"set_aside"`   // damaged cells that an earlier run kept beside
	Unsealed    int      `json:"unsealed"`    // files of before seals: what no digest covers in them is taken as it is
	Unproven    int      `json:"unproven"`    // invocations of before seals: what env.json says of where they ran is taken as it is

	Findings []Finding `json:"findings"`

	cells []verified
}

// Verify reads all of a run, a directory or a pack, and holds its files to their digests, to each
// other and to what follows from the audit logs. partial allows planned cells that are not there.
//
// What is wrong with the files is in Findings; the error is for a run that cannot be read at all.
func Verify(root string, partial bool) (*Verification, error) {
	from, err := openStore(root)
	if err != nil {
		return nil, err
	}
	v := &Verification{Path: root, NotReplayed: []string{}, Tried: []Tried{}, SetAside: []string{}, Findings: []Finding{}}
	plan, err := v.plan(from)
	if err != nil {
		return nil, notThere(root, err)
	}
	if plan == nil {
		return v, nil
	}
	if err := v.envs(from); err != nil {
		return nil, err
	}
	planned := map[string]bool{}
	digests := map[string]string{}
	for _, p := range plan.Cells {
		if planned[p.ID] {
			continue
		}
		planned[p.ID] = true
		v.Planned++
		c, err := v.cell(from, p)
		switch {
		case errors.Is(err, fs.ErrPermission):
			return nil, err
		case errors.Is(err, fs.ErrNotExist):
			v.NotRun++
			if !partial {
				v.find(p.ID, from.path(path.Join(cellsName, p.ID)), fmt.Errorf("%s is planned, but it is not there", name(p)))
			}
		case err == nil && c.state == Done:
			digests[p.ID] = c.digest
		}
	}
	v.Digest = RunDigest(digests)
	v.pools(from)
	v.unreplayable()
	if v.NotInPlan, err = from.others(planned); err != nil {
		return nil, err
	}
	if _, packed := from.(*pack); packed && v.NotInPlan > 0 {
		v.find("", from.path(planName), fmt.Errorf("%d cells of the pack are not in its plan: the plan was edited, since a pack is made with planned cells alone", v.NotInPlan))
	}
	if dir, ok := from.(directory); ok {
		aside, err := names(filepath.Join(string(dir), cellsName), damagedPrefix)
		if err != nil {
			return nil, err
		}
		v.SetAside = append(v.SetAside, aside...)
	}
	return v, nil
}

// plan reads and checks plan.json; nil: what is wrong with it is a finding, and no cell can be held to it.
func (v *Verification) plan(from store) (*bench.Plan, error) {
	data, err := from.read(planName)
	if err != nil {
		return nil, err
	}
	file, err := readPlan(from)
	if err != nil {
		v.find("", from.path(planName), err)
		return nil, nil
	}
	v.Plan = file.Digest
	seal, err := file.sealed()
	v.seal("", from.path(planName), data, file, file.Seal, seal, err)
	return &file.Plan, nil
}

// envs holds each invocation's entry in env.json to its seal, and the file to the one form that it is written in.
func (v *Verification) envs(from store) error {
	file := from.path(envName)
	envs, err := readEnvs(from)
	if errors.Is(err, fs.ErrPermission) {
		return err
	}
	if err != nil {
		v.find("", file, err)
		return nil
	}
	sealed := 0
	for i, e := range envs {
		which := fmt.Sprintf("invocation %d of %d (%s, on %s)", i+1, len(envs), e.Started.UTC().Format(time.DateTime), e.Host)
		seal, err := e.sealed()
		switch {
		case err != nil:
			v.find("", file, fmt.Errorf("%s: %s: %w", file, which, err))
		case e.Seal == "" && sealed > 0:
			v.find("", file, fmt.Errorf("%s was edited: %s has no seal, and an earlier one has", file, which))
		case e.Seal != "" && e.Seal != seal:
			v.find("", file, fmt.Errorf("%s was edited: the seal of %s is %s, but it holds what is sealed as %s", file, which, e.Seal, seal))
		}
		if e.Seal != "" {
			sealed++
		}
	}
	v.Unproven = len(envs) - sealed
	data, err := from.read(envName)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // no file is no invocation
	}
	again, e := encode(envs)
	switch {
	case err != nil || e != nil:
		v.find("", file, errors.Join(err, e))
	case string(again) != string(data):
		v.find("", file, fmt.Errorf("%s was edited: %s", file, firstDifference(data, again)))
	}
	return nil
}

// seal holds a file to its seal, and to the one form that it is written in. computed and err are what
// sealed gave.
func (v *Verification) seal(cell, file string, data []byte, decoded any, seal, computed string, err error) {
	if seal == "" {
		v.Unsealed++
	}
	again, e := encode(decoded)
	switch {
	case err != nil || e != nil:
		v.find(cell, file, errors.Join(err, e))
	case seal != "" && seal != computed:
		v.find(cell, file, fmt.Errorf("%s was edited: its seal is %s, but it holds what is sealed as %s", file, seal, computed))
	case string(again) != string(data):
		v.find(cell, file, fmt.Errorf("%s was edited: %s", file, firstDifference(data, again)))
	}
}

func (v *Verification) find(cell, file string, problem error) {
	v.Findings = append(v.Findings, Finding{cell, file, problem.Error()})
}

// unreplayable says which parts of the results are taken as they are.
func (v *Verification) unreplayable() {
	parts := map[string]int{}
	for _, c := range v.cells {
		for _, part := range c.unreplayable {
			parts[part]++
		}
	}
	for _, part := range unreplayable {
		if n := parts[part]; n > 0 {
			v.NotReplayed = append(v.NotReplayed, fmt.Sprintf("%s (%d of %d cells)", part, n, v.Done))
		}
	}
}

// Sample draws n of the done cells that Verify found nothing wrong with, or all if they are fewer. The
// run's digest is what draws, so nobody can choose which cells are run again without choosing the
// results. They come ordered by their dataset.
func (v *Verification) Sample(n int) []bench.PlannedCell {
	bad := map[string]bool{}
	for _, f := range v.Findings {
		bad[f.Cell] = true
	}
	type drawn struct {
		bench.PlannedCell
		lot string
	}
	var lots []drawn
	for _, c := range v.cells {
		if !bad[c.ID] {
			sum := sha256.Sum256([]byte(v.Digest + " " + c.ID))
			lots = append(lots, drawn{c.PlannedCell, hex.EncodeToString(sum[:])})
		}
	}
	slices.SortFunc(lots, func(a, b drawn) int { return cmp.Compare(a.lot, b.lot) })
	var out []bench.PlannedCell
	for _, d := range lots[:min(n, len(lots))] {
		out = append(out, d.PlannedCell)
	}
	slices.SortStableFunc(out, func(a, b bench.PlannedCell) int {
		return cmp.Compare(a.Cell.Dataset.Key(), b.Cell.Dataset.Key())
	})
	return out
}

// Compare holds a done cell to what running it again gave: the same bytes, or a finding that says
// where they part.
func (v *Verification) Compare(id string, r Result, queries []Query) error {
	i := slices.IndexFunc(v.cells, func(c verified) bool { return c.ID == id })
	if i < 0 {
		panic("runlog: no verified cell " + id)
	}
	c := v.cells[i]
	r.Format = FormatVersion
	result, err := encode(r)
	if err != nil {
		return err
	}
	log, err := encodeQueries(queries)
	if err != nil {
		return err
	}
	if CellDigest(result, log) == c.digest {
		return nil
	}
	from, err := openStore(v.Path)
	if err != nil {
		return err
	}
	for _, f := range []struct {
		name  string
		again []byte
	}{{queriesName, log}, {resultName, result}} {
		name := path.Join(cellsName, id, f.name)
		data, err := from.read(name)
		if err != nil {
			return err
		}
		if string(data) != string(f.again) {
			v.find(id, from.path(name), fmt.Errorf("%s, run again, gives other bytes: %s: %s", from.path(name), nameOf(c), firstDifference(data, f.again)))
			return nil
		}
	}
	return fmt.Errorf("cell %s changed while it was run again", id)
}

func nameOf(c verified) string { return name(c.PlannedCell) }

// name is how one speaks of a cell.
func name(p bench.PlannedCell) string {
	s := fmt.Sprintf("%s on %s, seed %d", p.Label, p.Cell.Dataset.ID, p.Cell.Seed)
	for _, set := range p.Variant {
		s += ", " + set.Name + "=" + set.Value
	}
	return s
}

// firstDifference says in which line two texts part.
func firstDifference(have, want []byte) string {
	a, b := strings.Split(string(have), "\n"), strings.Split(string(want), "\n")
	for i := range max(len(a), len(b)) {
		switch {
		case i >= len(a):
			return fmt.Sprintf("line %d is missing: %s", i+1, brief(b[i]))
		case i >= len(b):
			return fmt.Sprintf("line %d is too much: %s", i+1, brief(a[i]))
		case a[i] != b[i]:
			return fmt.Sprintf("line %d is %s, not %s", i+1, brief(a[i]), brief(b[i]))
		}
	}
	return "they are equal"
}

func brief(line string) string {
	line = strings.TrimSpace(line)
	if r := []rune(line); len(r) > 160 {
		line = string(r[:160]) + "…"
	}
	return fmt.Sprintf("%q", line)
}
