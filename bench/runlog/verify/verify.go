// Package verify checks the files of a run, a directory or a pack, against their digests, each
// other and the audit logs: the curve and the metrics of every cell are recomputed from its log
// only (Replay), and must match the stored bytes. It trains nothing and needs no data.
package verify

import (
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
)

// Finding is a problem in a run's files: something that cannot be as it was written.
type Finding struct {
	Cell    string `json:"cell,omitempty"` // empty: a problem of the run
	File    string `json:"file"`
	Problem string `json:"problem"`
}

func (f Finding) String() string {
	if f.Cell == "" || strings.Contains(f.Problem, f.Cell) {
		return f.Problem
	}
	return "cell " + f.Cell + ": " + f.Problem
}

// Attempted is a planned cell that had more than one attempt, or that is not done.
type Attempted struct {
	Cell     string           `json:"cell"`
	Name     string           `json:"name"` // method on dataset, seed
	State    runlog.State     `json:"state"`
	Attempts []runlog.Attempt `json:"attempts"` // oldest first
}

// Report is the result of Run.
type Report struct {
	Path     string `json:"path"`
	Plan     string `json:"plan"`   // digest of the plan's cells
	Digest   string `json:"digest"` // of the results of the done cells
	Planned  int    `json:"planned"`
	Done     int    `json:"done"`
	Failed   int    `json:"failed"`
	TimedOut int    `json:"timed_out"`
	NotRun   int    `json:"not_run"` // planned cells that are missing

	// Replayed counts done cells whose curve and metrics follow, byte for byte, from their audit
	// log.
	Replayed int `json:"replayed"`
	Audits   int `json:"audits"` // in these cells
	// Slim counts slim cells. They keep no scores, so neither the scores' order nor the log's
	// digest can be checked from the files; Compare checks a second run against that digest.
	Slim int `json:"slim"`
	// Shared counts audits of a row that another cell on the same pool audited too, all with the
	// same truth.
	Shared int `json:"shared"`
	// Models counts cells that share their model before the first label with another cell; they
	// agree on what it ranks first and on its scores.
	Models int `json:"models"`

	NotReplayed []string    `json:"not_replayed"` // parts of the results that no audit log can show
	Tried       []Attempted `json:"tried"`
	NotInPlan   int         `json:"not_in_plan"` // cells that are present but not planned
	SetAside    []string    `json:"set_aside"`   // damaged cells that an earlier run set aside

	// Unsealed counts files, and Unproven invocations in env.json, from before seals: what no
	// digest covers in them is not checked.
	Unsealed int `json:"unsealed"`
	Unproven int `json:"unproven"`

	Findings []Finding `json:"findings"`

	Own *bench.OwnThings `json:"-"` // the plan's

	options Options
	files   *runlog.Files
	cells   []checked
}

// Options configure Run. The zero value requires all planned cells, and knows no method.
type Options struct {
	Partial bool // planned cells may be missing

	// Pretraining identifies what determines a cell's base scores before the first label; "" if
	// that is unknown. Cells with the same value are compared. nil: "" for all cells.
	Pretraining func(bench.Cell) string
	// Scores returns the scores of all rows by a method that looks only at their number, not at the
	// data; known is false for other methods. nil: for all methods.
	Scores func(c bench.Cell, rows int) (scores []float64, known bool)
	// Possible reports whether the method of a cell can give a score; nil: it can give any.
	Possible func(c bench.Cell, score float64) bool
	// Dataset names a cell's dataset in messages; nil: by its id.
	Dataset func(bench.PlannedCell) string
}

// Run reads and checks a complete run.
//
// Problems with the files are in Findings; the error is for a run that cannot be read at all.
func Run(root string, o Options) (*Report, error) {
	files, err := runlog.OpenFiles(root)
	if err != nil {
		return nil, err
	}
	v := &Report{
		Path: root, options: o, files: files,
		NotReplayed: []string{}, Tried: []Attempted{}, SetAside: []string{}, Findings: []Finding{},
	}
	plan, err := v.plan()
	if plan == nil {
		return v, err
	}
	v.Own = files.Located(plan.Own)
	if err := v.envs(); err != nil {
		return nil, err
	}
	planned, err := v.planned(plan, o.Partial)
	if err != nil {
		return nil, err
	}
	v.pools()
	v.oneKind()
	v.shared()
	v.unreplayable()
	if v.NotInPlan, err = files.NotInPlan(planned); err != nil {
		return nil, err
	}
	if files.Packed() && v.NotInPlan > 0 {
		v.find("", files.Path(runlog.PlanName),
			fmt.Errorf("%d cells of the pack are not in its plan: "+
				"the plan was edited, since a pack has only planned cells", v.NotInPlan))
	}
	aside, err := files.SetAside()
	v.SetAside = append(v.SetAside, aside...)
	return v, err
}

// planned checks each planned cell and returns the cells' ids.
func (v *Report) planned(plan *bench.Plan, partial bool) (ids map[string]bool, err error) {
	ids = map[string]bool{}
	var once []bench.PlannedCell
	for _, p := range plan.Cells {
		if !ids[p.ID] {
			ids[p.ID] = true
			once = append(once, p)
		}
	}
	type outcome struct {
		Report // of this cell only
		cell   checked
		err    error
	}
	outcomes := make([]outcome, len(once))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, p := range once {
		group.Go(func() error {
			o := &outcomes[i]
			o.options, o.files = v.options, v.files
			o.cell, o.err = o.check(p)
			return nil
		})
	}
	group.Wait()
	digests := map[string]string{}
	v.Planned = len(once)
	for i, p := range once {
		c, err := outcomes[i].cell, outcomes[i].err
		v.add(&outcomes[i].Report)
		switch {
		case errors.Is(err, fs.ErrPermission):
			return nil, err
		case errors.Is(err, fs.ErrNotExist):
			v.NotRun++
			if !partial {
				v.find(p.ID, v.files.Path(runlog.CellFile(p.ID, "")),
					fmt.Errorf("%s is planned, but missing", v.name(p)))
			}
		case err == nil && c.state == runlog.Done:
			digests[p.ID] = c.digest
		}
	}
	v.Digest = runlog.RunDigest(digests)
	return ids, nil
}

// add adds the report of one cell to v.
func (v *Report) add(c *Report) {
	v.Done += c.Done
	v.Failed += c.Failed
	v.TimedOut += c.TimedOut
	v.Replayed += c.Replayed
	v.Audits += c.Audits
	v.Slim += c.Slim
	v.Unsealed += c.Unsealed
	v.Tried = append(v.Tried, c.Tried...)
	v.Findings = append(v.Findings, c.Findings...)
	v.cells = append(v.cells, c.cells...)
}

// plan reads and checks plan.json. A nil plan without an error means that the problem is a finding,
// and that no cell can be checked against the plan.
func (v *Report) plan() (*bench.Plan, error) {
	file, data, err := v.files.Plan()
	switch {
	case data == nil:
		return nil, err
	case err != nil:
		v.find("", v.files.Path(runlog.PlanName), err)
		return nil, nil
	}
	v.Plan = file.Digest
	seal, err := file.ComputeSeal()
	v.seal("", v.files.Path(runlog.PlanName), data, file, file.Seal, seal, err)
	return &file.Plan, nil
}

// envs checks each invocation's entry in env.json against its seal, and that the file is in its
// canonical form.
func (v *Report) envs() error {
	file := v.files.Path(runlog.EnvName)
	envs, err := v.files.Envs()
	if errors.Is(err, fs.ErrPermission) {
		return err
	}
	if err != nil {
		v.find("", file, err)
		return nil
	}
	sealed := 0
	for i, e := range envs {
		which := fmt.Sprintf("invocation %d of %d (%s, on %s)",
			i+1, len(envs), e.Started.UTC().Format(time.DateTime), e.Host)
		seal, err := e.ComputeSeal()
		switch {
		case err != nil:
			v.find("", file, fmt.Errorf("%s: %s: %w", file, which, err))
		case e.Seal == "" && sealed > 0:
			v.find("", file, fmt.Errorf("%s was edited: %s has no seal, but an earlier one has",
				file, which))
		case e.Seal != "" && e.Seal != seal:
			v.find("", file, fmt.Errorf("%s was edited: the seal of %s is %s, but its contents "+
				"give %s",
				file, which, e.Seal, seal))
		}
		if e.Seal != "" {
			sealed++
		}
	}
	v.Unproven = len(envs) - sealed
	data, err := v.files.Read(runlog.EnvName)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // no file: no invocations
	}
	v.form("", file, data, envs, err)
	return nil
}

// seal checks a file against its seal, and that it is in its canonical form. computed and err are
// ComputeSeal's results.
func (v *Report) seal(cell, file string, data []byte, decoded any, seal, computed string,
	err error) {
	if seal == "" {
		v.Unsealed++
	}
	if err == nil && seal != "" && seal != computed {
		v.find(cell, file, fmt.Errorf("%s was edited: its seal is %s, but its contents give %s",
			file, seal, computed))
		return
	}
	v.form(cell, file, data, decoded, err)
}

// form checks that a file is in the canonical form of its contents. An earlier error err is a
// finding as well.
func (v *Report) form(cell, file string, data []byte, decoded any, err error) {
	again, e := runlog.Encode(decoded)
	switch {
	case err != nil || e != nil:
		v.find(cell, file, errors.Join(err, e))
	case string(again) != string(data):
		v.find(cell, file, fmt.Errorf("%s was edited: %s", file, firstDifference(data, again)))
	}
}

func (v *Report) find(cell, file string, problem error) {
	v.Findings = append(v.Findings, Finding{cell, file, problem.Error()})
}

// dataset names a cell's dataset in messages.
func (v *Report) dataset(p bench.PlannedCell) string {
	if v.options.Dataset == nil {
		return p.Cell.Dataset.ID
	}
	return v.options.Dataset(p)
}

// name names a cell in messages.
func (v *Report) name(p bench.PlannedCell) string {
	s := fmt.Sprintf("%s on %s, seed %d", p.Label, v.dataset(p), p.Cell.Seed)
	for _, set := range p.Variant {
		s += ", " + set.Name + "=" + set.Value
	}
	return s
}

// firstDifference describes the first line in which two texts differ.
func firstDifference(have, want []byte) string {
	a, b := strings.Split(string(have), "\n"), strings.Split(string(want), "\n")
	for i := range max(len(a), len(b)) {
		switch {
		case i >= len(a):
			return fmt.Sprintf("line %d is missing: %s", i+1, brief(b[i]))
		case i >= len(b):
			return fmt.Sprintf("line %d is superfluous: %s", i+1, brief(a[i]))
		case a[i] != b[i]:
			return fmt.Sprintf("line %d is %s, not %s", i+1, brief(a[i]), brief(b[i]))
		}
	}
	return "they are equal"
}

// brief quotes at most 160 characters of a line.
func brief(line string) string {
	line = strings.TrimSpace(line)
	if r := []rune(line); len(r) > 160 {
		line = string(r[:160]) + "…"
	}
	return fmt.Sprintf("%q", line)
}
