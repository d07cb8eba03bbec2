// Package nights judges the nights of an experiment, successive runs of one spec, against a
// baseline that changes only when a night is accepted.
//
//	folder of runs and packs -> Read -> Judge -> Story: a state for each night, and dated steps
//
// A night that cannot be read is listed and skipped.
//
// A night is compared with the baseline and with the last green night since. A regression stays red
// until it is repaired or accepted, and a drift too slow to show between two neighbouring nights
// shows against the baseline. Package compare's gate defines a regression.
package nights

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/uaibench/uaibench/bench/metric/registry"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/compare"
)

// State is the state of a night.
type State string

const (
	Before   State = "before" // older than the baseline, and not judged
	Baseline State = "baseline"
	Green    State = "green"
	Red      State = "red"
)

// Night is a run with its judgement.
type Night struct {
	Name    string      `json:"night"`
	State   State       `json:"state"`
	Since   string      `json:"since,omitempty"`   // first of the consecutive red nights
	Crossed []string    `json:"crossed,omitempty"` // the gate's findings, since when
	Run     *runlog.Run `json:"-"`
}

// Step is a change of a group's mean from one night to the next, over the cells that are done in
// both.
type Step struct {
	Night   string  `json:"night"`
	Last    string  `json:"last_night"`
	Group   string  `json:"group"`
	Metric  string  `json:"metric"`
	Old     float64 `json:"old_mean"`
	New     float64 `json:"new_mean"`
	Cells   int     `json:"cells"`
	Commits string  `json:"commits"` // of the last night and of this one
}

// Story has an experiment's nights, oldest first.
type Story struct {
	Baseline string  `json:"baseline"`
	Accepted string  `json:"accepted,omitempty"` // the reason given
	Nights   []Night `json:"nights"`
	Steps    []Step  `json:"steps"`

	Unreadable []Unreadable `json:"unreadable,omitempty"` // nights that are not in Nights

	// Last compares the last night with the baseline, or with the last green night if the gate
	// fails only against that.
	Last *compare.Comparison `json:"-"`
}

// Judge judges runs, oldest first, of which there must be at least one. The baseline is the
// accepted night or, if there is none, the first one. Without s.MaxDrop each run's spec sets how
// far a mean may fall.
func Judge(runs []*runlog.Run, accepted *Accepted, s compare.Settings) (*Story, error) {
	base, err := accepted.find(runs)
	if err != nil {
		return nil, err
	}
	story := &Story{Baseline: Name(runs[base]), Steps: []Step{}}
	if accepted != nil {
		story.Accepted = accepted.Reason
	}
	green, since := base, ""
	for i, run := range runs {
		night := Night{Name: Name(run), Run: run}
		switch {
		case i < base:
			night.State = Before
		case i == base:
			night.State = Baseline
			story.Last = against(run, run, s)
		default:
			night.Crossed, story.Last = judge(runs, base, green, i, s)
			night.State, green = Green, i
			if len(night.Crossed) > 0 {
				night.State, green = Red, story.lastGreen(base, runs)
				since = cmp.Or(since, night.Name)
			} else {
				since = ""
			}
			night.Since = since
		}
		if i > 0 {
			story.Steps = append(story.Steps, steps(runs[i-1], run, s)...)
		}
		story.Nights = append(story.Nights, night)
	}
	return story, nil
}

// lastGreen is the index of the last green night, or else of the baseline.
func (s *Story) lastGreen(base int, runs []*runlog.Run) int {
	for i := min(len(s.Nights), len(runs)) - 1; i > base; i-- {
		if s.Nights[i].State == Green {
			return i
		}
	}
	return base
}

// judge compares a night with the baseline and the last green night.
func judge(runs []*runlog.Run, base, green, i int, s compare.Settings) (crossed []string,
	c *compare.Comparison) {
	c = against(runs[base], runs[i], s)
	for _, x := range c.Crossed {
		crossed = append(crossed, fmt.Sprintf("since the baseline, %s: %s", Name(runs[base]), x))
	}
	if green == base {
		return crossed, c
	}
	recent := against(runs[green], runs[i], s)
	for _, x := range recent.Crossed {
		if !slices.Contains(c.Crossed, x) {
			crossed = append(crossed,
				fmt.Sprintf("since %s, the last green night: %s", Name(runs[green]), x))
		}
	}
	if len(c.Crossed) == 0 && len(recent.Crossed) > 0 {
		c = recent
	}
	return crossed, c
}

func against(before, after *runlog.Run, s compare.Settings) *compare.Comparison {
	if s.MaxDrop == nil {
		s.MaxDrop = after.Plan.MaxDrop
	}
	return compare.Compare(before, after, s)
}

// steps returns the changes of means from one night to the next.
func steps(before, after *runlog.Run, s compare.Settings) (out []Step) {
	c := against(before, after, s)
	for _, g := range c.Groups {
		for _, d := range g.Metrics {
			if d.Mean != 0 {
				out = append(out, Step{Night: Name(after), Last: Name(before), Group: g.Name(),
					Metric: d.Metric, Old: d.Old, New: d.New, Cells: d.N,
					Commits: commits(c.Old) + " → " + commits(c.New)})
			}
		}
	}
	return out
}

func commits(s compare.Side) string {
	if len(s.Commits) == 0 {
		return "unknown"
	}
	return strings.Join(s.Commits, " and ")
}

// String describes the step in a line.
func (s Step) String() string {
	d := registry.Get(s.Metric).Decimals
	return fmt.Sprintf("%s: %s: %s %.*f → %.*f over %d cells since %s (commit %s)", s.Night,
		s.Group, s.Metric, d, s.Old, d, s.New, s.Cells, s.Last, s.Commits)
}

// Worse reports whether the metric fell. For every compared metric, more is better.
func (s Step) Worse() bool { return s.New < s.Old }

// Name is a night's name: its file's, without the suffix of packs.
func Name(run *runlog.Run) string { return nameOf(run.Path) }

func nameOf(path string) string {
	return strings.TrimSuffix(filepath.Base(path), runlog.PackSuffix)
}

// Now returns the last readable night.
func (s *Story) Now() Night { return s.Nights[len(s.Nights)-1] }

// Changed reports whether the last night's colour differs from that of the night before.
func (s *Story) Changed() bool {
	red := func(n Night) bool { return n.State == Red }
	return len(s.Nights) > 1 && red(s.Now()) != red(s.Nights[len(s.Nights)-2])
}

// Blind reports whether the last night cannot be read, so that Now is an earlier one.
func (s *Story) Blind() bool {
	return slices.ContainsFunc(s.Unreadable, func(u Unreadable) bool { return u.Last })
}

// Verdict is the current state in a line.
func (s *Story) Verdict() string {
	if len(s.Unreadable) == 0 {
		return s.verdict()
	}
	var names []string
	for _, u := range s.Unreadable {
		names = append(names, u.Night)
	}
	return fmt.Sprintf("cannot be read: %s; of the others: %s", strings.Join(names, ", "),
		s.verdict())
}

func (s *Story) verdict() string {
	switch now := s.Now(); {
	case now.State == Red && now.Since != now.Name:
		return fmt.Sprintf("red since %s", now.Since)
	case now.State == Red:
		return fmt.Sprintf("red since tonight, %s", now.Name)
	case now.State == Baseline:
		return fmt.Sprintf("%s is the baseline", now.Name)
	case s.Changed():
		return fmt.Sprintf("green again with %s (baseline %s)", now.Name, s.Baseline)
	default:
		return fmt.Sprintf("green, baseline %s", s.Baseline)
	}
}

// Since returns the steps after a night, given by name.
func (s *Story) Since(night string) []Step {
	from := slices.IndexFunc(s.Nights, func(n Night) bool { return n.Name == night })
	later := map[string]bool{}
	for _, n := range s.Nights[from+1:] {
		later[n.Name] = true
	}
	return slices.DeleteFunc(slices.Clone(s.Steps), func(t Step) bool { return !later[t.Night] })
}

// Started is when a night's first invocation began; zero if unknown.
func (n Night) Started() time.Time {
	if len(n.Run.Envs) == 0 {
		return time.Time{}
	}
	return n.Run.Envs[0].Started
}

// Commits returns the commits of a night's invocations, 12 digits each.
func (n Night) Commits() string {
	return commits(compare.SideOf(n.Run))
}
