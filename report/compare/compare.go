// Package compare compares two runs of an experiment: which cells are equal byte for byte, which
// moved and by how much, and which are new, gone or failing now.
//
//	two runlog.Run -> Pair (a cell in both) -> Group (its seeds) -> paired differences
//	    -> text, Markdown, HTML
package compare

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/metric/registry"
	"github.com/uaibench/uaibench/bench/runlog"
)

// Outcome of a cell in the comparison of two runs.
type Outcome string

const (
	Equal     Outcome = "equal"            // the same bytes
	Moved     Outcome = "moved"            // different results
	Same      Outcome = "same figures"     // its recipe changed, its figures did not
	Tolerated Outcome = "within tolerance" // on another architecture
	New       Outcome = "new"              // only the new run plans it
	Gone      Outcome = "gone"             // only the old run plans it
	FailsNow  Outcome = "fails now"        // or times out
	WorksNow  Outcome = "works now"        // it failed, or was not run
	NotRunNow Outcome = "not run now"
	NotDone   Outcome = "done in neither"
)

var outcomes = []Outcome{FailsNow, NotRunNow, Gone, Moved, New, WorksNow, NotDone, Tolerated, Same,
	Equal}

// Pair is a cell of either run, or of both.
type Pair struct {
	Old     string  `json:"old,omitempty"` // id
	New     string  `json:"new,omitempty"`
	Seed    uint64  `json:"seed"`
	Outcome Outcome `json:"outcome"`
	// Recipe lists the changes in what determines the cell: "method.version: 1 -> 2"; empty if
	// there are none.
	Recipe []string `json:"recipe_changed,omitempty"`
	Error  string   `json:"error,omitempty"` // of a cell that fails now

	old, new *runlog.CellRecord
}

// Group has the cells that differ only by their seed: a curve of a report.
type Group struct {
	Dataset string `json:"dataset"`
	Method  string `json:"method"`
	Varied  string `json:"varied,omitempty"`

	Pairs []Pair `json:"cells"`
	// over the cells done in both runs; none if no cell moved
	Metrics []Difference `json:"differences"`
}

// Name returns the group's display name.
func (g Group) Name() string {
	s := g.Method + " on " + g.Dataset
	if g.Varied != "" {
		s += ", " + g.Varied
	}
	return s
}

// Side is one of the two runs.
type Side struct {
	Path    string   `json:"path"`
	Digest  string   `json:"digest"`
	Arch    []string `json:"goarch"`
	Commits []string `json:"commits"`
	Planned int      `json:"planned"`
	Done    int      `json:"done"`
}

// Comparison of an old and a new run.
type Comparison struct {
	Old    Side            `json:"old"`
	New    Side            `json:"new"`
	Counts map[Outcome]int `json:"counts"`
	Groups []Group         `json:"groups"`
	// Tolerance is the largest difference between cells of different architectures: a share of N
	// for found, a number for f1, area and split_f1. 0: both runs are of the same architectures,
	// and cells must be equal byte for byte.
	Tolerance float64  `json:"tolerance,omitempty"`
	Notes     []string `json:"notes"`
	Crossed   []string `json:"crossed"` // violations of the gate
}

// Settings of a comparison.
type Settings struct {
	Tolerance float64            // across architectures; 0: 0.02
	MaxDrop   map[string]float64 // by metric, the largest permitted drop of a group's mean; nil: 0.02
	// of FailsNow, NotRunNow, Gone and Moved: permitted by the gate. Moved is a violation only if
	// the recipe is the same
	Allow []Outcome
}

// Compare compares two runs. Cells are matched by their id, which is a hash of what determines
// them. Those without a match, because a version or a parameter's default changed, are matched by
// dataset, method, label, sweep and seed.
func Compare(before, after *runlog.Run, s Settings) *Comparison {
	c := &Comparison{Old: SideOf(before), New: SideOf(after), Counts: map[Outcome]int{},
		Groups: []Group{}, Notes: []string{}, Crossed: []string{}}
	if !slices.Equal(c.Old.Arch, c.New.Arch) {
		c.Tolerance = cmp.Or(s.Tolerance, 0.02)
		c.note("the runs were made on different architectures (%s, %s): bytes may differ, so "+
			"cells are compared with a tolerance of %v (found: as a share of N)",
			strings.Join(c.Old.Arch, " and "), strings.Join(c.New.Arch, " and "), c.Tolerance)
	}
	for _, p := range match(before, after) {
		c.add(p)
	}
	for i := range c.Groups {
		g := &c.Groups[i]
		for j := range g.Pairs {
			c.judge(&g.Pairs[j])
			c.Counts[g.Pairs[j].Outcome]++
		}
		g.measure()
	}
	c.gate(s)
	return c
}

func (c *Comparison) note(format string, args ...any) {
	c.Notes = append(c.Notes, fmt.Sprintf(format, args...))
}

// SideOf returns a run's origin and progress.
func SideOf(r *runlog.Run) Side {
	s := Side{Path: r.Path, Digest: r.Digest(), Planned: r.Planned(), Done: r.Count(runlog.Done)}
	for _, e := range r.Envs {
		if !slices.Contains(s.Arch, e.Arch) {
			s.Arch = append(s.Arch, e.Arch)
		}
		if commit := e.Commit[:min(12, len(e.Commit))]; commit != "" &&
			!slices.Contains(s.Commits, commit) {
			s.Commits = append(s.Commits, commit)
		}
	}
	slices.Sort(s.Arch)
	return s
}

// add puts a pair into its group.
func (c *Comparison) add(p Pair) {
	rec := p.new
	if rec == nil {
		rec = p.old
	}
	g := Group{Dataset: cmp.Or(rec.DatasetLabel, rec.Cell.Dataset.ID), Method: rec.Label,
		Varied: bench.SettingsText(rec.PlannedCell.Variant)}
	i := slices.IndexFunc(c.Groups, func(h Group) bool {
		return h.Dataset == g.Dataset && h.Method == g.Method && h.Varied == g.Varied
	})
	if i < 0 {
		i = len(c.Groups)
		c.Groups = append(c.Groups, g)
	}
	c.Groups[i].Pairs = append(c.Groups[i].Pairs, p)
}

// judge sets the outcome of a pair.
func (c *Comparison) judge(p *Pair) {
	done := func(r *runlog.CellRecord) bool { return r.Result != nil }
	switch {
	case p.old == nil:
		p.Outcome = New
		if failed(p.new) {
			p.Outcome = FailsNow
		}
	case p.new == nil:
		p.Outcome = Gone
	case done(p.old) && !done(p.new):
		p.Outcome = NotRunNow
		if failed(p.new) {
			p.Outcome = FailsNow
		}
	case !done(p.old) && done(p.new):
		p.Outcome = WorksNow
	case !done(p.old):
		p.Outcome = NotDone
	case p.old.Status.Digest == p.new.Status.Digest:
		p.Outcome = Equal
	case len(p.Recipe) > 0 && sameFigures(p.old.Result, p.new.Result):
		p.Outcome = Same
	case c.Tolerance > 0 && within(p.old.Result, p.new.Result, c.Tolerance):
		p.Outcome = Tolerated
	default:
		p.Outcome = Moved
	}
	if p.Outcome == FailsNow {
		a := p.new.Status.Attempts
		p.Error, _, _ = strings.Cut(a[len(a)-1].Error, "\n")
	}
}

func failed(r *runlog.CellRecord) bool {
	return r.Status.State == runlog.Failed || r.Status.State == runlog.TimedOut
}

func sameFigures(a, b *runlog.Result) bool {
	if (a.Holdout == nil) != (b.Holdout == nil) ||
		a.Holdout != nil && a.Holdout.PRF != b.Holdout.PRF {
		return false
	}
	return a.Anomalies == b.Anomalies && a.Budget == b.Budget && slices.Equal(a.Found, b.Found)
}

// within reports whether two results differ by at most a tolerance in every metric.
func within(a, b *runlog.Result, tolerance float64) bool {
	for _, name := range Metrics {
		x, ok1 := value(a, name)
		y, ok2 := value(b, name)
		if ok1 != ok2 || ok1 && math.Abs(y-x) > tolerance*scale(a, name) {
			return false
		}
	}
	return a.Anomalies == b.Anomalies
}

// Metrics are the compared metrics, by their names in the registry. For all of them more is better.
var Metrics = []string{"found", "f1", "area", "split_f1"}

// value returns a metric within a cell's budget. A cell with a holdout split has no audits: it has
// split_f1 and none of the others.
func value(r *runlog.Result, name string) (v float64, ok bool) {
	if (r.Holdout != nil) != (name == "split_f1") {
		return 0, false
	}
	v, err := registry.Get(name).Of(r, registry.Args{WithinBudget: true})
	return v, err == nil
}

// scale is the unit of a metric's thresholds: N for a number of anomalies, else 1.
func scale(r *runlog.Result, name string) float64 {
	if registry.Get(name).Unit == "anomalies" {
		return float64(max(r.Anomalies, 1))
	}
	return 1
}

// measure computes a group's paired differences.
func (g *Group) measure() {
	moved := false
	var both []Pair
	for _, p := range g.Pairs {
		moved = moved || p.Outcome == Moved || p.Outcome == Tolerated
		if p.old != nil && p.new != nil && p.old.Result != nil && p.new.Result != nil {
			both = append(both, p)
		}
	}
	if !moved {
		return
	}
	for _, name := range Metrics {
		var before, after []float64
		most := 0.0
		for _, p := range both {
			x, ok1 := value(p.old.Result, name)
			y, ok2 := value(p.new.Result, name)
			if ok1 && ok2 {
				before, after = append(before, x), append(after, y)
				most = max(most, scale(p.old.Result, name), scale(p.new.Result, name))
			}
		}
		if len(before) > 0 {
			d := paired(before, after)
			d.Metric, d.decimals, d.scale = name, registry.Get(name).Decimals, most
			g.Metrics = append(g.Metrics, d)
		}
	}
}

// gate collects the violations.
func (c *Comparison) gate(s Settings) {
	cross := func(format string, args ...any) {
		c.Crossed = append(c.Crossed, fmt.Sprintf(format, args...))
	}
	for _, g := range c.Groups {
		for _, p := range g.Pairs {
			if slices.Contains(s.Allow, p.Outcome) {
				continue
			}
			switch {
			case p.Outcome == FailsNow:
				cross("%s, seed %d: fails now: %s", g.Name(), p.Seed, p.Error)
			case p.Outcome == NotRunNow, p.Outcome == Gone:
				cross("%s, seed %d: %s", g.Name(), p.Seed, p.Outcome)
			case p.Outcome == Moved && len(p.Recipe) == 0 && c.Tolerance == 0:
				cross("%s, seed %d: different bytes from the same recipe on the same "+
					"architecture: a version was not raised, or something is not "+
					"deterministic", g.Name(), p.Seed)
			case p.Outcome == Moved && len(p.Recipe) == 0:
				cross("%s, seed %d: differs by more than the tolerance", g.Name(), p.Seed)
			}
		}
		for _, d := range g.Metrics {
			limit, ok := s.MaxDrop[d.Metric]
			if s.MaxDrop == nil {
				limit, ok = 0.02, true
			}
			if ok && -d.Mean > limit*d.scale {
				cross("%s: %s fell by %s on average over %d seeds, more than %s (%v of %s)",
					g.Name(), d.Metric,
					d.number(-d.Mean), d.N, d.number(limit*d.scale), limit, d.number(d.scale))
			}
		}
	}
}
