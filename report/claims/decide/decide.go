// Package decide plans the runs that take open claims to their next look, as commands, ordered by
// the decisions that they yield per hour. It runs nothing.
//
// It does not predict a number of runs. A look is a number of replicates at which a verdict may
// change, and the chance that it does is computed by resampling the runs at hand; without any
// measurement there is no chance.
//
// A look needs equally many replicates of both arms (Equal), so cells are allocated between claims
// only.
package decide

import (
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/claims/ledger"
	"github.com/uaibench/uaibench/report/claims/rule"
)

// Input is the judged evidence, and what may be run.
type Input struct {
	Ledger  *ledger.Ledger
	Catalog bench.Catalog
	Runs    []*runlog.Run
	Judge   *rule.Judge       // of the runs
	Rows    []rule.Row        // of the claims to decide, in the ledger's order
	Others  []rule.Row        // of other claims that may reach a look by the same runs
	Specs   map[string][]byte // the experiments that may be run, by name

	// Estimate is the time of a cell if the runs have none of its kind; 0: unknown.
	Estimate func(bench.Cell) time.Duration
	// Blocked returns why a cell cannot be run, or "" if it can. nil: all can.
	Blocked func(bench.PlannedCell) string

	// Ran reports whether a command other than a run has already been run, so that it need not be
	// repeated; nil: none has.
	Ran func(args []string) bool

	Jobs   int           // number of concurrent cells; 0: one
	Within time.Duration // limit of all steps' time together; 0: none
	// Done is called repeatedly and ends the planning when it returns true; nil: never.
	Done func() bool
}

// Equal states why no arm gets more replicates than the other, as an allocation by deviations and
// costs would have it.
const Equal = "both arms of a comparison get as many replicates, whatever they cost and however they " +
	"scatter: a look is of n replicates of each, and judges the first n"

// Plan is an ordered list of runs.
type Plan struct {
	Steps    []Step  `json:"steps"`
	Hopeless []Claim `json:"hopeless"` // hardly decided even at the last look
	Stuck    []Claim `json:"stuck"`    // no run of the committed experiments takes them further
	TooLong  []Claim `json:"too_long"` // they do not fit into Input.Within
}

// Step takes claims to their next look, once the steps before it have run.
type Step struct {
	Claims []Claim `json:"claims"` // the first one's chance per hour orders the steps
	// Beside are other claims with a comparison that reaches a look by the same runs; set only in a
	// plan's first step.
	Beside   []Claim       `json:"beside,omitempty"`
	Commands []Command     `json:"commands"`
	Time     time.Duration `json:"ns"`      // of one core
	Wall     time.Duration `json:"wall_ns"` // with Input.Jobs concurrent cells
}

// Claim is an undecided claim.
type Claim struct {
	ID      string       `json:"id"`
	Verdict rule.Verdict `json:"verdict"`
	Next    int          `json:"next"` // replicates at the next look; 0: it has reached the last one
	// Chance is the probability that the claim is decided at that look, if further runs resemble
	// those at hand; nil: some of its quantities have no measurement.
	Chance *float64 `json:"chance"`
	Note   string   `json:"note,omitempty"`
	Looks  []Look   `json:"looks,omitempty"` // of the comparisons that need more runs
}

// Look is the next look of one comparison of a claim, with the replicates that it judges.
type Look struct {
	Dataset    string     `json:"dataset,omitempty"` // "": several
	N          int        `json:"n"`                 // replicates of each arm
	Alpha      float64    `json:"alpha"`             // that the look spends
	Quantities []Quantity `json:"quantities"`

	of meeting
}

// Quantity is a metric of one arm with the replicates that count, formatted by Seeds.
type Quantity struct {
	Metric  string `json:"metric"`
	Arm     string `json:"arm"`
	Dataset string `json:"dataset"`
	At      string `json:"at,omitempty"` // audits
	Seeds   string `json:"seeds"`
}

// unknown replaces a nil chance in the order of steps.
const unknown = 0.5

// few is the chance at the last look below which a claim is hopeless.
const few = 0.1

// New returns the plan for in.
func New(in Input) *Plan { return (&Planner{}).Plan(in) }

// Planner keeps between plans what does not change: experiments, estimates, and chances by evidence
// that is still the same. The zero value is ready for use. Its inputs may differ only in the
// measurements (Runs, Judge, Rows, Others, Ran), Blocked and Within.
type Planner struct {
	planner
	chances map[string]float64 // by claim, evidence and look
}

// Plan returns the plan for in.
func (x *Planner) Plan(in Input) *Plan {
	x.take(in)
	p, out := &x.planner, &Plan{}
	var tasks []*task
	for i := range in.Rows {
		row := &in.Rows[i]
		if row.Verdict != rule.Open && row.Verdict != rule.NotRun || p.over() {
			continue
		}
		if row.Calibration != nil && !row.Calibration.Decides() {
			out.Stuck = append(out.Stuck, Claim{ID: row.ID, Verdict: row.Verdict,
				Note: "its checks cannot decide it"})
			continue
		}
		tasks = append(tasks, p.task(row))
	}
	p.weigh(tasks)
	tasks = slices.DeleteFunc(tasks, func(t *task) bool {
		switch {
		case t.hopeless:
			out.Hopeless = append(out.Hopeless, t.Claim)
		case len(t.cells) == 0 && len(t.commands) == 0:
			out.Stuck = append(out.Stuck, t.Claim)
		default:
			return false
		}
		return true
	})
	out.Steps, out.TooLong = p.order(tasks)
	return out
}

// weigh simulates the tasks' chances and concurrently estimates the times of their cells: neither
// depends on the other.
func (p *planner) weigh(tasks []*task) {
	var chances sync.WaitGroup
	chances.Go(func() {
		for _, t := range tasks {
			if t.weigh != nil {
				t.weigh()
			}
		}
	})
	for _, t := range tasks {
		for _, w := range t.cells {
			if p.over() {
				break
			}
			p.time(w.cell)
		}
	}
	chances.Wait()
}

// Cells returns all cells that the claims' next looks may need and that are not done, each once.
// The draws of a dataset without a method are one cell.
func (x *Planner) Cells(in Input) []bench.PlannedCell {
	in.Blocked = nil
	x.take(in)
	var out []bench.PlannedCell
	seen := map[string]bool{}
	for i := range in.Rows {
		row := &in.Rows[i]
		if row.Verdict != rule.Open && row.Verdict != rule.NotRun {
			continue
		}
		c := in.Ledger.Second.Claim(row.ID)
		for _, k := range x.others(c, row) {
			for _, d := range k.draws {
				if d := ofDataset(d); !seen[d.ID] {
					seen[d.ID] = true
					out = append(out, d)
				}
			}
		}
		needs, _ := in.Judge.Needs(c, row)
		for _, n := range needs {
			for _, w := range x.need(n, row.Specs).cells {
				if !seen[w.cell.ID] {
					seen[w.cell.ID] = true
					out = append(out, w.cell)
				}
			}
		}
	}
	return out
}

// Time returns the time of a cell as of the last plan, 0 if it is done.
func (x *Planner) Time(c bench.PlannedCell) time.Duration { return x.time(c) }

// take resets the planner for a new input.
func (x *Planner) take(in Input) {
	x.Input, x.timed, x.done = in, map[string][]float64{}, map[string]string{}
	if x.books == nil {
		x.books, x.kinds, x.estimates = map[string][]*book{}, map[string]string{},
			map[string]time.Duration{}
		x.chances, x.wrong = map[string]float64{}, map[string]error{}
	}
	x.typical = map[string]time.Duration{}
	x.known = x.chances
	x.read()
}

// over reports whether planning is to end early.
func (p *planner) over() bool { return p.Done != nil && p.Done() }

// order repeatedly chooses the task that decides most per hour, given the cells planned so far. A
// cell counts for every claim that uses it: a claim that needs no further cells adds its chance and
// joins the same step. Tasks that do not fit into Input.Within are returned in tooLong.
func (p *planner) order(tasks []*task) (out []Step, tooLong []Claim) {
	planned := map[string]*book{} // by the cell
	run := map[string]bool{}      // commands other than runs
	var spent time.Duration
	for len(tasks) > 0 && !p.over() {
		best, rate := -1, -1.0
		var first leftover
		for i, t := range tasks {
			left := p.left(t, planned)
			if p.Within > 0 && spent+left.wall(p.Jobs) > p.Within {
				continue
			}
			if r := gain(t, left.planned, tasks, run) / max(left.time, time.Minute).Hours(); r > rate {
				best, rate, first = i, r, left
			}
		}
		if best < 0 {
			break
		}
		s := Step{Commands: slices.Clone(tasks[best].commands), Wall: first.wall(p.Jobs)}
		for _, c := range s.Commands {
			run[c.String()] = true
		}
		planned = first.planned
		s.Commands = append(s.Commands, first.commands...)
		for _, c := range s.Commands {
			s.Time += c.Time
		}
		s.Wall = max(s.Wall, s.Time/time.Duration(max(p.Jobs, 1)))
		spent += s.Wall
		chosen := tasks[best]
		p.seed(chosen.Looks, planned)
		s.Claims = append(s.Claims, chosen.Claim)
		tasks = slices.DeleteFunc(tasks, func(t *task) bool {
			rides := t != chosen && t.rides(planned, run)
			if rides {
				p.seed(t.Looks, planned)
				s.Claims = append(s.Claims, t.Claim)
			}
			return rides || t == chosen
		})
		if len(out) == 0 {
			p.beside(&s, planned)
		}
		out = append(out, s)
	}
	for _, t := range tasks {
		tooLong = append(tooLong, t.Claim)
	}
	return out, tooLong
}

// leftover is what a task adds to the planned cells: the cells that it needs, and those that its
// commands run besides.
type leftover struct {
	commands      []Command
	planned       map[string]*book // including the task
	time, longest time.Duration
}

// wall returns the elapsed time with jobs concurrent cells.
func (l leftover) wall(jobs int) time.Duration {
	return max(l.time/time.Duration(max(jobs, 1)), l.longest)
}

func (p *planner) left(t *task, planned map[string]*book) leftover {
	var cells []work
	for _, w := range t.cells {
		if planned[w.cell.ID] == nil {
			cells = append(cells, w)
		}
	}
	l := leftover{planned: maps.Clone(planned)}
	l.commands = p.commands(cells, l.planned)
	for _, c := range l.commands {
		l.time, l.longest = l.time+c.Time, max(l.longest, c.longest)
	}
	return l
}

// gain returns the expected number of claims decided by a task and by all other cells of its
// commands.
func gain(t *task, cells map[string]*book, tasks []*task, run map[string]bool) (sum float64) {
	commands := maps.Clone(run)
	for _, c := range t.commands {
		commands[c.String()] = true
	}
	for _, o := range tasks {
		if o == t || o.rides(cells, commands) {
			sum += o.weight
		}
	}
	return sum
}

// rides reports whether all that a task needs is planned.
func (t *task) rides(planned map[string]*book, run map[string]bool) bool {
	return !slices.ContainsFunc(t.commands, func(c Command) bool { return !run[c.String()] }) &&
		!slices.ContainsFunc(t.cells, func(w work) bool { return planned[w.cell.ID] == nil })
}
