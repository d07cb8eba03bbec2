package claims

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/bench/theory"
)

// measured is what the run directories hold, arranged for the claims.
type measured struct {
	ledger   *Ledger
	catalog  bench.Catalog
	theorems *theory.Result // nil: not run
	records  []*record      // each cell once, in the order of the runs
	cache    map[string][]*series
}

// record is a cell with what became of it, in all runs together.
type record struct {
	runlog.CellRecord
	run      string // the run directory's name
	conflict bool   // two runs have it done, with different results
}

// series are the cells of one arm on one dataset that differ in nothing but the seed.
type series struct {
	arm     *Arm
	records []*record
}

func newMeasured(l *Ledger, cat bench.Catalog, e Evidence) *measured {
	m := &measured{ledger: l, catalog: cat, theorems: e.Theory, cache: map[string][]*series{}}
	at := map[string]*record{}
	for _, run := range e.Runs {
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

// weight orders what runs say of one cell: done says most; that it failed says more than that it was not tried.
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

// arm's series on a dataset, in the order of the runs.
func (m *measured) series(arm *Arm, dataset string) []*series {
	key := arm.ID + "\x00" + dataset
	if s, ok := m.cache[key]; ok {
		return s
	}
	var out []*series
	by := map[string]*series{}
	for _, r := range m.records {
		if !m.isDataset(r.Cell.Dataset, dataset) || !m.isArm(r, arm, dataset) {
			continue
		}
		same := r.Cell
		same.Seed, same.Dataset.Split.Seed = 0, 0
		s := by[same.ID()]
		if s == nil {
			s = &series{arm: arm}
			by[same.ID()] = s
			out = append(out, s)
		}
		s.records = append(s.records, r)
	}
	m.cache[key] = out
	return out
}

// isDataset tells whether a recipe is the dataset as the paper has it, or the alias.
func (m *measured) isDataset(ref bench.DatasetRef, id string) bool {
	set := map[string]string(nil)
	if a := m.ledger.alias(id); a != nil {
		id, set = a.Dataset, a.Set
	}
	if ref.ID != id {
		return false
	}
	info, ok := m.catalog.Dataset(id)
	return ok && sameParams(info.Params, ref.Params, set, nil)
}

// isArm tells whether a cell is the arm's: the catalogue's defaults but for what the arm says, no wrong labels, the paper's k.
func (m *measured) isArm(r *record, arm *Arm, dataset string) bool {
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
		if have, ok := c.Method.Params[name]; ok && showParam(have) == v {
			return false
		}
	}
	if c.Halved() {
		return true // it audits nothing
	}
	approximate := slices.ContainsFunc(m.ledger.Approximate, func(a Approximate) bool { return a.Dataset == dataset && a.K == m.k(r) })
	return (m.k(r) == m.paperK(r) || approximate || !m.usesK(arm)) && (c.Candidates == (bench.Candidates{}) || m.mayApproximate(dataset))
}

// usesK is false for methods that do not learn: k only cuts their list into rounds.
func (m *measured) usesK(arm *Arm) bool {
	info, _ := m.catalog.Method(arm.Method)
	return info.Active
}

func (m *measured) mayApproximate(dataset string) bool {
	return slices.ContainsFunc(m.ledger.Approximate, func(a Approximate) bool { return a.Dataset == dataset })
}

// anomalies are the cell's, or, before it has run, the published number.
func (m *measured) anomalies(r *record) int {
	if r.Result != nil {
		return r.Result.Anomalies
	}
	if d := m.ledger.dataset(r.Cell.Dataset.ID); d != nil {
		return d.Anomalies
	}
	return 0
}

func (m *measured) k(r *record) int {
	if r.Result != nil {
		return r.Result.K
	}
	return r.Cell.K.Resolve(m.anomalies(r))
}

func (m *measured) paperK(r *record) int {
	rule := m.ledger.K
	return bench.K{Below: rule.Below, Then: rule.Then, Else: rule.Else}.Resolve(m.anomalies(r))
}

// sameParams compares resolved parameters with the defaults, but for those set and those free.
func sameParams(known []bench.Param, have bench.Params, set map[string]string, free []string) bool {
	have = bench.Complete(known, have)
	want := map[string]string{}
	for _, p := range known {
		want[p.Name] = showParam(p.Default)
	}
	for name, v := range set {
		if _, ok := want[name]; !ok {
			return false // the catalogue has no such parameter (yet)
		}
		want[name] = v
	}
	for name, v := range have {
		if w, ok := want[name]; !ok || w != showParam(v) && !slices.Contains(free, name) {
			return false
		}
	}
	return true
}

// showParam writes a parameter as the ledger does: JSON, but words without quotes.
func showParam(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	b, err := json.Marshal(v)
	if err != nil {
		panic("claims: " + err.Error())
	}
	return string(b)
}

// sample is a quantity of some cells: one value a run, by seed, or one for all.
type sample struct {
	Values map[uint64]float64
	One    *float64 // the same whatever the seed: published, or of the dataset
	Cells  []string // that it rests on, done or not
	Notes  []string
	Failed []string // cells that failed
	Wait   int      // cells that are planned or running
	Why    string   // why there is nothing: what would have to be run
}

// all the values, in the order of the seeds.
func (s sample) all() []float64 {
	if s.One != nil {
		return []float64{*s.One}
	}
	var out []float64
	for _, seed := range slices.Sorted(maps.Keys(s.Values)) {
		out = append(out, s.Values[seed])
	}
	return out
}

func (s sample) empty() bool { return s.One == nil && len(s.Values) == 0 }

// join takes over what another sample says of its cells.
func (s *sample) join(o sample) {
	for _, c := range o.Cells {
		if !slices.Contains(s.Cells, c) {
			s.Cells = append(s.Cells, c)
		}
	}
	for _, c := range o.Failed {
		if !slices.Contains(s.Failed, c) {
			s.Failed = append(s.Failed, c)
		}
	}
	for _, n := range o.Notes {
		if !slices.Contains(s.Notes, n) {
			s.Notes = append(s.Notes, n)
		}
	}
	s.Wait += o.Wait
	if s.Why == "" {
		s.Why = o.Why
	}
}

// of evaluates a quantity of a result for each run of an arm on a dataset. get returns an error where a result does not hold the
// quantity. Of several series that hold it, the one with the most planned runs counts, then the one with the most done.
func (m *measured) of(arm *Arm, dataset string, get func(*runlog.Result) (float64, error)) sample {
	best, bestRank := sample{Why: fmt.Sprintf("no run has %s on %s as the paper has it", arm.Title, dataset)}, [3]int{}
	for _, s := range m.series(arm, dataset) {
		got := sample{Values: map[uint64]float64{}}
		why := ""
		for _, r := range s.records {
			got.Cells = append(got.Cells, r.ID)
			switch {
			case r.noData():
				got.Wait++
				why = "data missing"
			case r.failed():
				got.Failed = append(got.Failed, r.ID+" "+failure(r))
			case !r.done():
				got.Wait++
			default:
				v, err := get(r.Result)
				if err != nil {
					why = err.Error()
					continue
				}
				got.Values[r.Cell.Seed] = v
			}
		}
		first := s.records[0]
		if k := m.k(first); !first.Cell.Halved() && k != m.paperK(first) && m.usesK(arm) {
			got.Notes = append(got.Notes, fmt.Sprintf("%s on %s with k = %d, a declared approximation", arm.Title, dataset, k))
		}
		if first.Cell.Candidates != (bench.Candidates{}) {
			got.Notes = append(got.Notes, fmt.Sprintf("%s on %s with a shortlist of candidates, a declared approximation", arm.Title, dataset))
		}
		for _, name := range arm.Free {
			v, ok := first.Cell.Method.Params[name]
			if p := param(m.catalog, arm.Method, name); ok && p != nil && showParam(v) != showParam(p.Default) && (len(arm.FreeOn) == 0 || slices.Contains(arm.FreeOn, dataset)) {
				got.Notes = append(got.Notes, fmt.Sprintf("%s on %s with %s = %s", arm.Title, dataset, name, showParam(v)))
			}
		}
		if len(got.Values) == 0 && len(got.Failed) == 0 {
			got.Why = fmt.Sprintf("%s on %s: %s", arm.Title, dataset, why)
			if why == "" {
				got.Why = fmt.Sprintf("%s on %s: planned, not run", arm.Title, dataset)
			}
		}
		answers := 0
		switch {
		case len(got.Values) > 0:
			answers = 2
		case len(got.Failed) > 0:
			answers = 1
		}
		if rank := [3]int{answers, len(s.records), len(got.Values)}; slices.Compare(rank[:], bestRank[:]) > 0 {
			best, bestRank = got, rank
		}
	}
	return best
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

// ofDataset evaluates a quantity of the dataset itself: every cell that has it must agree for one recipe, and the first recipe counts.
func (m *measured) ofDataset(dataset string, get func(*runlog.Result) (float64, error)) sample {
	out := sample{Why: fmt.Sprintf("no run has %s as the paper has it", dataset)}
	recipe := ""
	var wait, failed []string
	for _, r := range m.records {
		if r.Cell.Halved() || !m.isDataset(r.Cell.Dataset, dataset) || recipe != "" && r.Cell.Dataset.Key() != recipe {
			continue
		}
		if !r.done() {
			switch {
			case r.noData():
				out.Why = dataset + ": data missing"
			case r.failed():
				failed = append(failed, r.ID+" "+failure(r))
			default:
				wait = append(wait, r.ID)
			}
			continue
		}
		v, err := get(r.Result)
		if err != nil {
			if out.One == nil {
				out.Why = fmt.Sprintf("%s: %v", dataset, err)
			}
			continue
		}
		if out.One == nil {
			recipe = r.Cell.Dataset.Key()
			out.One, out.Why, out.Cells = &v, "", []string{r.ID}
		} else if *out.One != v {
			out.Failed = append(out.Failed, fmt.Sprintf("%s has %g of %s, %s has %g", r.ID, v, dataset, out.Cells[0], *out.One))
		}
	}
	if out.One == nil {
		out.Failed, out.Wait = failed, len(wait)
		if len(wait) > 0 {
			out.Why = dataset + ": planned, not run"
		}
	}
	return out
}

// train is how the training half of a cell is made, in the ledger's words; "" for a cell that has the whole dataset.
func (m *measured) train(c bench.Cell) string {
	if !c.Halved() {
		return ""
	}
	s := c.Dataset.Split
	if s.Train == bench.TrainContaminated && s.Of == "" && s.Contamination == m.ledger.Low[c.Dataset.ID] {
		return "low"
	}
	if s.Train == bench.TrainContaminated {
		return "contaminated otherwise"
	}
	return s.Train
}
