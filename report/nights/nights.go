// Package nights judges the nights of an experiment, runs of one spec after another, against a
// baseline that moves only when somebody says so.
//
//	folder of runs and packs -> Read -> Judge -> Story: a state for each night, and dated steps
//
// A night that cannot be read is named and left out; the others are judged without it.
//
// A night is held against the baseline and against the last green night since. What got worse stays
// red until it is repaired or accepted, and a drift too slow for two neighbouring nights shows
// against the baseline. What "worse" means is package compare's gate.
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

// State of a night.
type State string

const (
	Before   State = "before" // older than the baseline, and not judged
	Baseline State = "baseline"
	Green    State = "green"
	Red      State = "red"
)

// Night is a run and how it was judged.
type Night struct {
	Name    string      `json:"night"`
	State   State       `json:"state"`
	Since   string      `json:"since,omitempty"`   // the first of the red nights up to this one
	Crossed []string    `json:"crossed,omitempty"` // what a gate stops, and since when
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

// Story is what became of an experiment, night by night, oldest first.
type Story struct {
	Baseline string  `json:"baseline"`
	Accepted string  `json:"accepted,omitempty"` // the reason that was given
	Nights   []Night `json:"nights"`
	Steps    []Step  `json:"steps"`

	Unreadable []Unreadable `json:"unreadable,omitempty"` // nights that are not among Nights

	// of the last night with the baseline, or with the last green night where only that shows what
	// a gate stops
	Last *compare.Comparison `json:"-"`
}

// Judge judges runs, oldest first, of which there is at least one. The baseline is the accepted
// night or, where nothing was accepted, the first one. Without s.MaxDrop each run's own spec says
// how far a mean may fall.
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

// lastGreen is the place of the last night that was not red.
func (s *Story) lastGreen(base int, runs []*runlog.Run) int {
	for i := min(len(s.Nights), len(runs)) - 1; i > base; i-- {
		if s.Nights[i].State == Green {
			return i
		}
	}
	return base
}

// judge holds a night against the baseline and the last green night.
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

// steps finds what changed from one night to the next.
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

// String says the step in a line.
func (s Step) String() string {
	d := registry.Get(s.Metric).Decimals
	return fmt.Sprintf("%s: %s: %s %.*f → %.*f over %d cells since %s (commit %s)", s.Night,
		s.Group, s.Metric, d, s.Old, d, s.New, s.Cells, s.Last, s.Commits)
}

// Worse says whether the metric fell; of all that are compared, more is better.
func (s Step) Worse() bool { return s.New < s.Old }

// Name of a night: its file's, without what packs end in.
func Name(run *runlog.Run) string { return nameOf(run.Path) }

func nameOf(path string) string {
	return strings.TrimSuffix(filepath.Base(path), runlog.PackSuffix)
}

// Now is the last night.
func (s *Story) Now() Night { return s.Nights[len(s.Nights)-1] }

// Changed says whether the last night's colour is not that of the night before.
func (s *Story) Changed() bool {
	red := func(n Night) bool { return n.State == Red }
	return len(s.Nights) > 1 && red(s.Now()) != red(s.Nights[len(s.Nights)-2])
}

// Blind tells that the last night cannot be read, so that Now is an earlier one.
func (s *Story) Blind() bool {
	return slices.ContainsFunc(s.Unreadable, func(u Unreadable) bool { return u.Last })
}

// Verdict is the story's end in a line.
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

// Since are the steps after a night, by name.
func (s *Story) Since(night string) []Step {
	from := slices.IndexFunc(s.Nights, func(n Night) bool { return n.Name == night })
	later := map[string]bool{}
	for _, n := range s.Nights[from+1:] {
		later[n.Name] = true
	}
	return slices.DeleteFunc(slices.Clone(s.Steps), func(t Step) bool { return !later[t.Night] })
}

// Started is when a night's first invocation began; zero where that is not known.
func (n Night) Started() time.Time {
	if len(n.Run.Envs) == 0 {
		return time.Time{}
	}
	return n.Run.Envs[0].Started
}

// Commits that a night's invocations were built from, 12 digits each.
func (n Night) Commits() string {
	return commits(compare.SideOf(n.Run))
}
