// Package model arranges a run for showing: its cells become series, a series the cells of a method
// with one setting on one dataset that differ by their seed alone, and series the groups of a
// dataset.
//
//	m := model.New(run, catalogue)
//	for _, g := range m.Groups {
//		for _, s := range g.Series {
//			fmt.Println(g.Title, s.Label, s.Counts, model.NewCurve(s.Results()).End)
//		}
//	}
//
// Here are the labels of datasets and methods, how many cells of each are done, what a run compares
// with what (Families), and where it ran (Facts). Titles and labels are unique and fit for one
// line.
//
// It draws nothing and makes no table: that is what package figures is for. Statistics beyond the
// median and the range of a curve are report/stats'.
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

// Counts says what became of a number of cells. Nothing in a report is shown without them, so that
// a missing seed is never mistaken for a narrow band.
type Counts struct {
	Planned, Done, Failed, TimedOut, Running, NotRun int

	NoData int // cells whose dataset was not to be had: they were not tried
}

// NoData is the state of a cell whose dataset was not to be had. The run directory knows it as a
// failed attempt, which is made again at the next run; a report must not show it as a failure of
// the method.
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

// String is "14 of 16 cells done, 2 failed".
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

// Cell is a planned cell with what the run directory holds of it.
type Cell struct {
	runlog.CellRecord
	State   runlog.State
	Message string // why it has no result
}

// Series is one method with one setting on one dataset group: the cells that differ in nothing but
// the seed.
type Series struct {
	Method bench.MethodRef
	Label  string // unique within the group
	Style  plot.Style
	Cells  []Cell
	Counts Counts
}

// Results of the cells that are done, in the plan's order.
func (s *Series) Results() []*runlog.Result {
	var out []*runlog.Result
	for _, c := range s.Cells {
		if c.State == runlog.Done {
			out = append(out, c.Result)
		}
	}
	return out
}

// Copies tells that the seeds of a series changed nothing: there are several, and all gave the same
// audits to the byte. Such a series is one run, whose spread would be that of copies.
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

// Distinct are Results, of which copies count once.
func (s *Series) Distinct() []*runlog.Result {
	if s.Copies() {
		return s.Results()[:1]
	}
	return s.Results()
}

// Group is one dataset of the run, as built from one recipe and under one label of the plan.
type Group struct {
	Ref    bench.DatasetRef
	Info   bench.DatasetInfo
	Known  bool   // Info is the catalogue's
	Own    string // the label that the plan gives, where it is not the title
	Name   string // Own or the dataset's id, unique within the run: for a terminal
	Title  string // unique within the run
	Slug   string // for file names and anchors, unique within the run
	Series []*Series
	Counts Counts
}

// First result of the group, or nil where no cell is done. Rows, anomalies and features are the
// same in all.
func (p *Group) First() *runlog.Result {
	for _, s := range p.Series {
		for _, r := range s.Results() {
			return r
		}
	}
	return nil
}

// Model is a run arranged for showing. Everything follows the plan's order.
type Model struct {
	Run      *runlog.Run
	Catalog  bench.Catalog
	Title    string
	Groups   []*Group
	Halves   []*Group // datasets of which cells of the half-split protocol have halves
	Labels   []string // every series label of the run, in order of first appearance
	Counts   Counts
	Warnings []string
	Audits   func(runlog.CellRecord) ([]runlog.Audit, error) // of a done cell
}

// New arranges a run. The catalogue gives titles, defaults and published sizes; it may be empty.
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
		// Cells belong together if they differ in the seed alone.
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
	m.Warnings = append(m.Warnings, unpromised(run)...)
	styleSeries(m)
	return m
}

// newCell checks that what the record says fits together: only a done cell with a result counts as
// done.
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

// label of a curve: the plan's label (or the catalogue's title, or the id) and what the sweep set.
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
		if v.Name != "split" || !c.Cell.HasHoldout() { // the protocol has columns of its own
			l += ", " + v.Name + "=" + v.Value
		}
	}
	return text.Clean(l)
}

// Mixed warns where the cells of a run were not all computed by the same program. Kernels agree to
// the bit by design; that is checked elsewhere, and here only said.
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

// Ranges are the axes that the plan asks for with a kind of plot; 0 is the whole, which is always
// there.
func (m *Model) Ranges(kind string) []int {
	out := []int{0}
	for _, p := range m.Run.Plan.Plots {
		if p.Kind == kind && p.XMax > 0 && !slices.Contains(out, p.XMax) {
			out = append(out, p.XMax)
		}
	}
	return out
}

// Asks tells whether the plan asks for a kind of plot.
func (m *Model) Asks(kind string) bool {
	return slices.ContainsFunc(m.Run.Plan.Plots, func(p bench.Plot) bool { return p.Kind == kind })
}

// Warn adds a warning to the report, unless it has it.
func (m *Model) Warn(s string) {
	if !slices.Contains(m.Warnings, s) {
		m.Warnings = append(m.Warnings, s)
	}
}

// Seconds that the done cells' last attempts took.
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

// Found is how many anomalies each seed found within its budget.
func (s *Series) Found() []float64 {
	var out []float64
	for _, r := range s.Results() {
		out = append(out, float64(r.Found.At(r.Budget)))
	}
	return out
}

// whole is a reference without its split, by which halves are grouped: each seed has its own.
func whole(r bench.DatasetRef) bench.DatasetRef {
	r.Split = bench.Split{}
	return r
}

// AsHalf is the series' label with its protocol, where it is not the pool's.
func (s *Series) AsHalf() string {
	if c := s.Cells[0].Cell; c.HasHoldout() {
		return fmt.Sprintf("%s, split: %s, flagged by %s", s.Label, c.Dataset.Split, c.Threshold)
	}
	return s.Label
}

// PanelSlug begins the names of files that show all datasets: no dataset has it.
const PanelSlug = "panel"

// Measured tells whether a dataset has a result.
func (m *Model) Measured() bool {
	return slices.ContainsFunc(m.Groups, func(g *Group) bool { return g.First() != nil })
}
