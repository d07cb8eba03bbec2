// Package model arranges a run for reports. Cells of one method with one setting on one dataset,
// which differ only in the seed, form a Series; the series of a dataset form a Group.
//
//	m := model.New(run, catalogue)
//	for _, g := range m.Groups {
//		for _, s := range g.Series {
//			fmt.Println(g.Title, s.Label, s.Counts, model.NewCurve(s.Results()).End)
//		}
//	}
//
// The package also has the labels of datasets and methods, the counts of cells by state, the
// comparisons of settings (Families) and where the run was computed (Facts). Titles and labels are
// unique and fit on one line.
//
// Plots and tables are made in package figures. Statistics beyond the median and range of a curve
// are in report/stats.
package model

import (
	"fmt"
	"maps"
	"slices"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/plot"
	"github.com/uaibench/uaibench/report/text"
)

// Counts is the number of cells by state. Every part of a report shows it, so that a missing seed
// is not mistaken for a narrow band.
type Counts struct {
	Planned, Done, Failed, TimedOut, Running, NotRun int

	NoData int // cells whose dataset was missing, so that they were not tried
}

// NoData is the state of a cell whose dataset was missing. The run directory records it as a failed
// attempt, which the next run repeats; a report must not show it as a failure of the method.
const NoData runlog.State = "data missing"

func (c *Counts) add(s runlog.State) {
	c.Planned++
	switch s {
	case runlog.Done:
		c.Done++
	case NoData:
		c.NoData++
	case runlog.Failed:
		c.Failed++
	case runlog.TimedOut:
		c.TimedOut++
	case runlog.Running:
		c.Running++
	default:
		c.NotRun++
	}
}

// String returns, for example, "14 of 16 cells done, 2 failed".
func (c Counts) String() string {
	s := fmt.Sprintf("%d of %d cells done", c.Done, c.Planned)
	for _, p := range []struct {
		n    int
		what string
	}{{c.NoData, string(NoData)}, {c.Failed, "failed"}, {c.TimedOut, "timed out"},
		{c.Running, "running"}, {c.NotRun, "not run"}} {
		if p.n > 0 {
			s += fmt.Sprintf(", %d %s", p.n, p.what)
		}
	}
	return s
}

// Cell is a planned cell with its record in the run directory.
type Cell struct {
	runlog.CellRecord
	State   runlog.State
	Message string // why it has no result
}

// Series is one method with one setting on one dataset group: cells that differ only in the seed.
type Series struct {
	Method bench.MethodRef
	Label  string // unique within the group
	Style  plot.Style
	Cells  []Cell
	Counts Counts
}

// Results returns the results of the done cells, in the plan's order.
func (s *Series) Results() []*runlog.Result {
	var out []*runlog.Result
	for _, c := range s.Cells {
		if c.State == runlog.Done {
			out = append(out, c.Result)
		}
	}
	return out
}

// Copies reports whether there are several done cells and all have byte-identical audit logs, so
// that the seeds changed nothing. Such a series counts as one run, because the spread of copies is
// meaningless.
func (s *Series) Copies() bool {
	first, n := "", 0
	for _, c := range s.Cells {
		log := c.Status.Files[runlog.LogName]
		switch {
		case c.State != runlog.Done:
			continue
		case log == "" || c.Cell.HasHoldout() || n > 0 && log != first:
			return false
		}
		first = log
		n++
	}
	return n > 1
}

// Distinct returns Results, or only the first if they are copies.
func (s *Series) Distinct() []*runlog.Result {
	if s.Copies() {
		return s.Results()[:1]
	}
	return s.Results()
}

// Group is one dataset of the run, built from one recipe and with one label of the plan.
type Group struct {
	Ref    bench.DatasetRef
	Info   bench.DatasetInfo
	Known  bool   // Info is from the catalogue
	Own    string // the plan's label, if it is not the title
	Name   string // Own or the dataset's id, unique within the run; for terminals
	Title  string // unique within the run
	Slug   string // for file names and anchors, unique within the run
	Series []*Series
	Counts Counts
}

// First returns the first result of the group, or nil if no cell is done. Rows, anomalies and
// features are the same in all.
func (p *Group) First() *runlog.Result {
	for _, s := range p.Series {
		for _, r := range s.Results() {
			return r
		}
	}
	return nil
}

// Model is a run arranged for reports, in the plan's order.
type Model struct {
	Run      *runlog.Run
	Catalog  bench.Catalog
	Title    string
	Groups   []*Group
	Halves   []*Group // datasets with cells of the half-split protocol
	Labels   []string // every series label of the run, in order of first appearance
	Counts   Counts
	Warnings []string
	Audits   func(runlog.CellRecord) ([]runlog.Audit, error) // of a done cell
}

// New arranges a run. cat gives titles, defaults and published sizes; it may be empty.
func New(run *runlog.Run, cat bench.Catalog) *Model {
	m := &Model{Run: run, Catalog: cat, Title: text.Clean(run.Plan.Title)}
	if m.Title == "" {
		m.Title = text.Clean(run.Plan.Name)
	}
	if m.Title == "" {
		m.Title = "A run without a name"
	}
	m.Audits = func(c runlog.CellRecord) ([]runlog.Audit, error) { return c.Audits(run) }
	pools := map[string]*Group{}
	members := map[string]*Series{}
	counted := map[string]bool{}
	for _, rec := range run.Cells {
		list, key := &m.Groups, rec.Cell.Dataset.Key()
		if rec.Cell.HasHoldout() {
			list, key = &m.Halves, "halves of "+whole(rec.Cell.Dataset).Key()
		}
		own := cat.OwnLabel(rec.PlannedCell)
		key += "\x00" + own
		p := pools[key]
		if p == nil {
			p = &Group{Ref: whole(rec.Cell.Dataset), Own: text.Clean(own)}
			p.Info, p.Known = cat.Dataset(p.Ref.ID)
			if p.Ref.ID == bench.FileID {
				p.Info.Title = rec.DatasetLabel
			}
			pools[key] = p
			*list = append(*list, p)
		}
		c := newCell(rec)
		label := m.label(rec.PlannedCell)
		// Cells of a series differ only in the seed.
		same := rec.Cell
		same.Seed, same.Dataset.Split.Seed = 0, 0
		id := key + "\x00" + same.ID() + "\x00" + label
		s := members[id]
		if s == nil {
			s = &Series{Method: rec.Cell.Method, Label: label}
			members[id] = s
			p.Series = append(p.Series, s)
		}
		if slices.ContainsFunc(s.Cells, func(o Cell) bool { return o.ID == c.ID }) {
			m.Warn(fmt.Sprintf("cell %s is planned more than once as %q: it counts once", c.ID,
				label))
			continue
		}
		s.Cells = append(s.Cells, c)
		s.Counts.add(c.State)
		p.Counts.add(c.State)
		if !counted[c.ID] { // a variant that changes nothing shares its cells with the default
			m.Counts.add(c.State)
		}
		counted[c.ID] = true
	}
	m.nameSeries()
	nameGroups(m.Groups)
	nameGroups(m.Halves)
	m.Warnings = append(m.Warnings, Mixed(run)...)
	m.Warnings = append(m.Warnings, nondeterministic(run)...)
	styleSeries(m)
	return m
}

// newCell checks the record: a cell counts as done only with a result.
func newCell(rec runlog.CellRecord) Cell {
	c := Cell{CellRecord: rec, State: rec.Status.State}
	if n := len(rec.Status.Attempts); n > 0 && c.State != runlog.Done {
		c.Message = text.CleanLines(rec.Status.Attempts[n-1].Error)
		if c.State == runlog.Failed && rec.Status.Attempts[n-1].NoData {
			c.State = NoData
		}
	}
	if c.State == runlog.Done && rec.Result == nil {
		c.State, c.Message = runlog.Failed, "marked done, but its result is missing"
	}
	if c.State == "" {
		c.State = runlog.Planned
	}
	return c
}

// label is a curve's label: the plan's label (or the catalogue's title, or the id) and the sweep's
// values.
func (m *Model) label(c bench.PlannedCell) string {
	l := c.Label
	if l == "" {
		if info, ok := m.Catalog.Method(c.Cell.Method.ID); ok {
			l = info.Title
		}
	}
	if l == "" {
		l = c.Cell.Method.ID
	}
	for _, v := range c.Variant {
		if v.Name != "split" || !c.Cell.HasHoldout() { // the protocol has its own columns
			l += ", " + v.Name + "=" + v.Value
		}
	}
	return text.Clean(l)
}

// Mixed returns warnings if the done cells were not all computed with the same kernel and commit.
// Kernels are bit-identical by design, which is checked elsewhere.
func Mixed(run *runlog.Run) []string {
	kernels, commits := map[string]bool{}, map[string]bool{}
	for _, c := range run.Cells {
		if n := len(c.Status.Attempts); n > 0 && c.Status.State == runlog.Done {
			a := c.Status.Attempts[n-1]
			kernels[text.Clean(a.Kernel)] = true
			if a.Resumed != nil { // its beginning may come from another machine
				for _, k := range a.Resumed.Kernels {
					kernels[text.Clean(k)] = true
				}
			}
			commits[text.Clean(text.Shorten(a.Commit, 13))] = true
		}
	}
	var out []string
	for _, set := range []struct {
		what   string
		values map[string]bool
	}{{"kernels", kernels}, {"commits", commits}} {
		if len(set.values) > 1 {
			v := slices.Sorted(maps.Keys(set.values))
			for i := range v {
				if v[i] == "" {
					v[i] = "unknown"
				}
			}
			out = append(out,
				fmt.Sprintf("mixed %s: cells were computed with %s", set.what, text.And(v)))
		}
	}
	return out
}

// Ranges returns the x-axis ends that the plan requests for a kind of plot. The first is always 0,
// the full range.
func (m *Model) Ranges(kind string) []int {
	out := []int{0}
	for _, p := range m.Run.Plan.Plots {
		if p.Kind == kind && p.XMax > 0 && !slices.Contains(out, p.XMax) {
			out = append(out, p.XMax)
		}
	}
	return out
}

// Requests reports whether the plan requests a kind of plot.
func (m *Model) Requests(kind string) bool {
	return slices.ContainsFunc(m.Run.Plan.Plots, func(p bench.Plot) bool { return p.Kind == kind })
}

// Warn adds a warning to the report unless it is already there.
func (m *Model) Warn(s string) {
	if !slices.Contains(m.Warnings, s) {
		m.Warnings = append(m.Warnings, s)
	}
}

// Seconds returns the durations of the last attempts of the cells with a result.
func (s *Series) Seconds() []float64 {
	var out []float64
	for _, c := range s.Cells {
		if n := len(c.Status.Attempts); n > 0 && c.Result != nil &&
			c.Status.Attempts[n-1].Seconds >= 0 {
			out = append(out, c.Status.Attempts[n-1].Seconds)
		}
	}
	return out
}

// Found returns the number of anomalies that each seed found within its budget.
func (s *Series) Found() []float64 {
	var out []float64
	for _, r := range s.Results() {
		out = append(out, float64(r.Found.At(r.Budget)))
	}
	return out
}

// whole is a reference without its split, which differs by seed, for grouping halves.
func whole(r bench.DatasetRef) bench.DatasetRef {
	r.Split = bench.Split{}
	return r
}

// AsHalf is the series' label, with training half and threshold for the half-split protocol.
func (s *Series) AsHalf() string {
	if c := s.Cells[0].Cell; c.HasHoldout() {
		return fmt.Sprintf("%s, split: %s, flagged by %s", s.Label, c.Dataset.Split, c.Threshold)
	}
	return s.Label
}

// PanelSlug begins the names of files that show all datasets. No dataset has this slug.
const PanelSlug = "panel"

// Measured reports whether any dataset has a result.
func (m *Model) Measured() bool {
	return slices.ContainsFunc(m.Groups, func(g *Group) bool { return g.First() != nil })
}
