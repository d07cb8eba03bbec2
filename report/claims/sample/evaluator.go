package sample

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/metric/registry"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/claims/ledger"
)

// Evaluator finds the cells of an arm on a dataset in all runs.
type Evaluator struct {
	ledger  *ledger.Ledger
	catalog bench.Catalog
	records []*record // each cell once, in the order of the runs
	series  map[string][]*series
	samples map[string]Sample // of simple quantities
}

// record is a cell with its outcome in all runs.
type record struct {
	runlog.CellRecord
	run      string // the run directory's name
	conflict bool   // done in two runs, with different results
}

// series has the cells of one arm on one dataset in one configuration. They differ in their data
// and training seeds, their budgets, checkpoints and probes.
type series struct {
	id      string // of a cell with these fields zero
	records []*record
}

// NewEvaluator merges the cells of all runs: each counts once, in its most advanced state; done cells
// with different results conflict.
func NewEvaluator(l *ledger.Ledger, cat bench.Catalog, runs []*runlog.Run) *Evaluator {
	m := &Evaluator{ledger: l, catalog: cat, series: map[string][]*series{},
		samples: map[string]Sample{}}
	at := map[string]*record{}
	for _, run := range runs {
		for _, c := range run.Cells {
			if c.Status.State == runlog.Done && c.Result == nil {
				c.Status.State = runlog.Failed // marked done, but its result is missing
			}
			r := at[c.ID]
			switch {
			case r == nil:
				r = &record{CellRecord: c, run: run.Path}
				at[c.ID] = r
				m.records = append(m.records, r)
			case r.Status.State == runlog.Done && c.Status.State == runlog.Done:
				r.conflict = r.conflict || !reflect.DeepEqual(r.Result, c.Result)
			case weight(c.Status.State) > weight(r.Status.State):
				r.CellRecord, r.run = c, run.Path
			}
		}
	}
	return m
}

// weight orders the states that several runs have of one cell: done, then failed, then running,
// then planned.
func weight(s runlog.State) int {
	switch s {
	case runlog.Done:
		return 3
	case runlog.Failed, runlog.TimedOut:
		return 2
	case runlog.Running:
		return 1
	}
	return 0
}

func failure(r *record) string {
	if r.conflict {
		return "differs between two runs"
	}
	if n := len(r.Status.Attempts); n > 0 {
		line, _, _ := strings.Cut(r.Status.Attempts[n-1].Error, "\n")
		if l := []rune(line); len(l) > 100 {
			line = string(l[:100]) + "…"
		}
		return fmt.Sprintf("%s: %s", r.Status.State, line)
	}
	return string(r.Status.State)
}

func (r *record) done() bool { return r.Status.State == runlog.Done && !r.conflict }

// noData reports whether a cell failed because its raw data is not on the machine that tried.
func (r *record) noData() bool {
	n := len(r.Status.Attempts)
	return !r.conflict && r.Status.State == runlog.Failed && n > 0 && r.Status.Attempts[n-1].NoData
}

func (r *record) failed() bool {
	if r.noData() {
		return false
	}
	return r.conflict || r.Status.State == runlog.Failed || r.Status.State == runlog.TimedOut
}

// configurations returns an arm's series on a dataset, in the order of the runs.
func (m *Evaluator) configurations(arm *ledger.Arm, dataset string) []*series {
	key := seriesKey(arm, dataset)
	if s, ok := m.series[key]; ok {
		return s
	}
	var out []*series
	for _, r := range m.records {
		if m.isDataset(r.Cell.Dataset, dataset) && m.isArm(r, arm, dataset) {
			out = grouped(out, r)
		}
	}
	m.series[key] = out
	return out
}

func seriesKey(arm *ledger.Arm, dataset string) string { return arm.ID + "\x00" + dataset }

// grouped returns list with r added to its series, once, or in a new series at the end.
func grouped(list []*series, r *record) []*series {
	same := r.Cell
	same.Seed, same.Dataset.Seed, same.Dataset.Split.Seed = 0, 0, 0
	same.Budget, same.Checkpoints, same.Probes = bench.Budget{}, nil, nil
	id := same.ID()
	for _, s := range list {
		if s.id == id {
			if !slices.Contains(s.records, r) {
				s.records = append(s.records, r)
			}
			return list
		}
	}
	return append(list, &series{id: id, records: []*record{r}})
}

// isDataset reports whether ref is the dataset with the paper's parameters, or the alias.
func (m *Evaluator) isDataset(ref bench.DatasetRef, id string) bool {
	set := map[string]string(nil)
	if a := m.ledger.Alias(id); a != nil {
		id, set = a.Dataset, a.Set
	}
	if ref.ID != id {
		return false
	}
	info, ok := m.catalog.Dataset(id)
	return ok && sameParams(info.Params, ref.Params, set, nil)
}

// isArm reports whether a cell is one of the arm's: default parameters except those that the arm
// sets or frees, no label noise, and the paper's k (or a declared approximation).
func (m *Evaluator) isArm(r *record, arm *ledger.Arm, dataset string) bool {
	c := r.Cell
	if c.Method.ID != arm.Method || c.Noise != (bench.Noise{}) || m.train(c) != arm.Train {
		return false
	}
	info, ok := m.catalog.Method(arm.Method)
	if !ok {
		return false
	}
	free := arm.Free
	if len(arm.FreeOn) > 0 && !slices.Contains(arm.FreeOn, dataset) {
		free = nil
	}
	if !sameParams(info.Params, c.Method.Params, arm.Set, free) {
		return false
	}
	for name, v := range arm.Not {
		if have, ok := c.Method.Params[name]; ok && ShowParam(have) == v {
			return false
		}
	}
	if c.HasHoldout() {
		return true // a holdout split has no audits
	}
	approximate := slices.ContainsFunc(m.ledger.Approximate,
		func(a ledger.Approximate) bool { return a.Dataset == dataset && a.K == m.k(r) })
	return m.k(r) == m.paperK(r) || approximate || !m.usesK(arm)
}

// usesK is false for methods that do not learn: k only cuts their ranking into rounds.
func (m *Evaluator) usesK(arm *ledger.Arm) bool {
	info, _ := m.catalog.Method(arm.Method)
	return info.Active
}

// anomalies returns the cell's number of anomalies; before it has run, the published one.
func (m *Evaluator) anomalies(r *record) int {
	if r.Result != nil {
		return r.Result.Anomalies
	}
	if d := m.ledger.Tables().Dataset(r.Cell.Dataset.ID); d != nil {
		return d.Anomalies
	}
	return 0
}

func (m *Evaluator) k(r *record) int {
	if r.Result != nil {
		return r.Result.K
	}
	return r.Cell.K.Resolve(m.anomalies(r))
}

func (m *Evaluator) paperK(r *record) int {
	rule := m.ledger.K
	return bench.K{Below: rule.Below, Then: rule.Then, Else: rule.Else}.Resolve(m.anomalies(r))
}

// sameParams reports whether the resolved parameters equal the defaults, apart from those set and
// those free.
func sameParams(known []bench.Param, have bench.Params, set map[string]string, free []string) bool {
	have = bench.Complete(known, have)
	want := map[string]string{}
	for _, p := range known {
		want[p.Name] = ShowParam(p.Default)
	}
	for name, v := range set {
		if _, ok := want[name]; !ok {
			return false // the catalogue has no such parameter (yet)
		}
		want[name] = v
	}
	for name, v := range have {
		if w, ok := want[name]; !ok || w != ShowParam(v) && !slices.Contains(free, name) {
			return false
		}
	}
	return true
}

// ShowParam formats a parameter as the ledger does: JSON, but strings without quotes.
func ShowParam(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	b, err := json.Marshal(v)
	if err != nil {
		panic("sample: " + err.Error())
	}
	return string(b)
}

// train returns how a cell's training half is made, in the ledger's words; "" without a holdout
// split.
func (m *Evaluator) train(c bench.Cell) string {
	if !c.HasHoldout() {
		return ""
	}
	s := c.Dataset.Split
	if s.Train == bench.TrainContaminated && s.Of == "" &&
		s.Contamination == m.ledger.Low[c.Dataset.ID] {
		return "low"
	}
	if s.Train == bench.TrainContaminated {
		return "contaminated otherwise"
	}
	return s.Train
}

// Param returns a parameter of a method, or nil.
func Param(cat bench.Catalog, method, name string) *bench.Param {
	info, _ := cat.Method(method)
	for i, p := range info.Params {
		if p.Name == name {
			return &info.Params[i]
		}
	}
	return nil
}

// Cell is a cell of an arm on a dataset, with the run that has it in the most advanced state.
type Cell struct {
	runlog.CellRecord
	Run string
}

// Cells returns an arm's cells on a dataset in the paper's configuration, planned ones included, in
// the order of the runs.
func (m *Evaluator) Cells(arm, dataset string) []Cell {
	var out []Cell
	for _, s := range m.configurations(m.ledger.Arm(arm), dataset) {
		for _, r := range s.records {
			out = append(out, Cell{r.CellRecord, r.run})
		}
	}
	return out
}

// Enough reports whether a planned cell will have an operand's metric: whether its budget,
// checkpoints and probes suffice.
func (m *Evaluator) Enough(c bench.Cell, o *ledger.Operand, dataset, at string) bool {
	metric, known := registry.Lookup(o.Metric)
	d := m.ledger.Tables().Dataset(c.Dataset.ID)
	if c.HasHoldout() || !known || d == nil {
		return o.Metric != "crossover" || c.Budget.Audits >= zoom
	}
	probe := map[string]string{"recall_seen": bench.ProbeTestSet, "recall_unseen": bench.ProbeTestSet,
		"recall_seen_trend": bench.ProbeTestSet, "projection_accuracy": bench.ProbeProjection,
		"frozen_area": bench.ProbeRanking, "frozen_precision": bench.ProbeRanking,
		"frozen_share": bench.ProbeRanking}[metric.Name]
	if probe != "" && !slices.Contains(c.Probes, probe) ||
		strings.HasPrefix(metric.Name, "work_") && len(c.Checkpoints) == 0 {
		return false
	}
	whole := m.fullBudget(&runlog.Result{Rows: d.Instances, Anomalies: d.Anomalies}, c.Dataset.ID)
	need := 0
	switch b, err := strconv.Atoi(at); {
	case slices.Contains(wholeRun, metric.Name):
		need = whole
	case metric.Name == "f1" || metric.Takes&registry.TakesAt != 0 && at == "N":
		need = d.Anomalies
	case metric.Takes&registry.TakesAt != 0 && at == "2N":
		need = 2 * d.Anomalies
	case metric.Takes&registry.TakesAt != 0 && err == nil:
		need = b
		if probe != "" && !slices.Contains(c.Checkpoints, b) {
			return false
		}
	}
	if info, _ := m.catalog.Method(c.Method.ID); !info.Active && probe == "" {
		return true // its full ranking is kept, whatever the budget
	}
	budget, err := c.Budget.Resolve(d.Instances, d.Anomalies)
	return err == nil && budget >= min(need, d.Instances)
}
