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

// Evaluator finds the cells that are an arm's on a dataset, in all runs together.
type Evaluator struct {
	ledger  *ledger.Ledger
	catalog bench.Catalog
	records []*record // each cell once, in the order of the runs
	series  map[string][]*series
	samples map[string]Sample // of simple quantities
}

// record is a cell with what became of it, in all runs together.
type record struct {
	runlog.CellRecord
	run      string // the run directory's name
	conflict bool   // two runs have it done, with different results
}

// series are the cells of one arm on one dataset in one configuration: they differ in their draws
// of the data and of the training, and in how far they ran and what was looked at on the way.
type series struct {
	id      string // of a cell without those
	records []*record
}

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

// weight orders what runs say of one cell: done says most; that it failed says more than that it
// was not tried.
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

// noData tells that a cell could not even begin: its raw data is not on the machine that tried.
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

// configurations are an arm's series on a dataset, in the order of the runs.
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

// grouped is list with a cell in its series, once, or in a new one at the end.
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

// isDataset tells whether a recipe is the dataset as the paper has it, or the alias.
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

// isArm tells whether a cell is the arm's: the catalogue's defaults but for what the arm says, no
// wrong labels, the paper's k.
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
		return true // it audits nothing
	}
	approximate := slices.ContainsFunc(m.ledger.Approximate,
		func(a ledger.Approximate) bool { return a.Dataset == dataset && a.K == m.k(r) })
	return m.k(r) == m.paperK(r) || approximate || !m.usesK(arm)
}

// usesK is false for methods that do not learn: k only cuts their list into rounds.
func (m *Evaluator) usesK(arm *ledger.Arm) bool {
	info, _ := m.catalog.Method(arm.Method)
	return info.Active
}

// anomalies are the cell's, or, before it has run, the published number.
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

// sameParams compares resolved parameters with the defaults, but for those set and those free.
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

// ShowParam writes a parameter as the ledger does: JSON, but words without quotes.
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

// train is how the training half of a cell is made, in the ledger's words; "" for a cell that has
// the whole dataset.
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

// Param is a parameter of a method, or nil.
func Param(cat bench.Catalog, method, name string) *bench.Param {
	info, _ := cat.Method(method)
	for i, p := range info.Params {
		if p.Name == name {
			return &info.Params[i]
		}
	}
	return nil
}

// Cell is one that is an arm's on a dataset, with the run that says most of it.
type Cell struct {
	runlog.CellRecord
	Run string
}

// Cells are an arm's on a dataset as the paper has it, planned ones too, in the order of the runs.
func (m *Evaluator) Cells(arm, dataset string) []Cell {
	var out []Cell
	for _, s := range m.configurations(m.ledger.Arm(arm), dataset) {
		for _, r := range s.records {
			out = append(out, Cell{r.CellRecord, r.run})
		}
	}
	return out
}

// Enough tells whether a planned cell will have an operand's metric: whether its budget, its
// checkpoints and its probes are what the metric asks for.
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
		return true // its whole ranking is kept, whatever the budget is
	}
	budget, err := c.Budget.Resolve(d.Instances, d.Anomalies)
	return err == nil && budget >= min(need, d.Instances)
}
