// Package decide says which runs would take the open claims to their next look, as commands, those
// first that decide most in an hour. It runs nothing.
//
// It promises no number of runs: a look is a number of replicates at which a verdict may change, and
// the chance that it does is that of further runs like those at hand. What was not measured at all
// has no such chance.
//
// A look asks for as many replicates of both arms (Equal), so that cells are shared out between
// claims alone.
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

// Input is what was measured, judged, and what may be run.
type Input struct {
	Ledger  *ledger.Ledger
	Catalog bench.Catalog
	Runs    []*runlog.Run
	Judge   *rule.Judge       // by the runs
	Rows    []rule.Row        // of the claims to be decided, in the ledger's order
	Others  []rule.Row        // of claims that are not, but may be looked at on the way
	Specs   map[string][]byte // the experiments that may be run, by name

	// Estimate is the time of a cell of which the runs have none like it; 0: unknown.
	Estimate func(bench.Cell) time.Duration
	// Blocked says why a cell cannot be run; "": it can. nil: all can.
	Blocked func(bench.PlannedCell) string

	// Ran tells whether a command that is no run has run, so that it helps no further; nil: none has.
	Ran func(args []string) bool

	Jobs   int           // cells at a time; 0: one
	Within time.Duration // steps that take longer, together, are left out; 0: no limit
	// Done is called now and then, and ends the planning where it is true; nil: never.
	Done func() bool
}

// Equal says why no arm gets more replicates than the other, as an allotment by deviations and costs
// would have it.
const Equal = "both arms of a comparison get as many replicates, whatever they cost and however they " +
	"scatter: a look is of n replicates of each, and judges the first n"

// Plan is what to run, in order.
type Plan struct {
	Steps    []Step  `json:"steps"`
	Hopeless []Claim `json:"hopeless"` // they would hardly be decided at the last look either
	Stuck    []Claim `json:"stuck"`    // no run of the committed experiments takes them further
	TooLong  []Claim `json:"too_long"` // they do not fit into Input.Within
}

// Step takes claims to their next look, once those before it have run.
type Step struct {
	Claims []Claim `json:"claims"` // the first one's chance an hour gives the step its place
	// Beside are other claims of which a comparison comes to a look by the same runs; of the first
	// step of a plan alone.
	Beside   []Claim       `json:"beside,omitempty"`
	Commands []Command     `json:"commands"`
	Time     time.Duration `json:"ns"`      // of one core
	Wall     time.Duration `json:"wall_ns"` // with Input.Jobs cells at a time
}

// Claim is one that is not decided.
type Claim struct {
	ID      string       `json:"id"`
	Verdict rule.Verdict `json:"verdict"`
	Next    int          `json:"next"` // replicates at the next look; 0: it has come to the last one
	// Chance that the claim is decided then, if further runs are like those at hand; nil: not all
	// that it needs was measured at all.
	Chance *float64 `json:"chance"`
	Note   string   `json:"note,omitempty"`
	Looks  []Look   `json:"looks,omitempty"` // its comparisons that come to a look, or to none
}

// Look is what one comparison of a claim is judged by at its next look.
type Look struct {
	Dataset    string     `json:"dataset,omitempty"` // "": of several
	N          int        `json:"n"`                 // replicates of each arm
	Alpha      float64    `json:"alpha"`             // that the look spends
	Quantities []Quantity `json:"quantities"`

	of meeting
}

// Quantity is a metric of one arm with the replicates that count, as Seeds writes them.
type Quantity struct {
	Metric  string `json:"metric"`
	Arm     string `json:"arm"`
	Dataset string `json:"dataset"`
	At      string `json:"at,omitempty"` // audits
	Seeds   string `json:"seeds"`
}

// unknown chance is taken for this one when steps are put in order.
const unknown = 0.5

// few is the chance at the last look below which a claim is hopeless.
const few = 0.1

// New plans.
func New(in Input) *Plan { return (&Planner{}).Plan(in) }

// Planner keeps from plan to plan what does not change: experiments, estimates, chances by evidence
// that is still the same. The zero value is ready; the inputs of one planner differ in what was
// measured, in Blocked and in Within alone.
type Planner struct {
	planner
	chances map[string]float64 // by the claim, its evidence and the look
}

// Plan plans.
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

// weigh simulates the tasks' chances and, on the side, estimates the times of their cells: neither
// needs what the other finds.
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

// Cells are all that the claims' next looks may need, each once, but for those that are done. Draws of
// a dataset without a method are one cell.
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

// Time of a cell, as the last plan has it: 0 where it is done.
func (x *Planner) Time(c bench.PlannedCell) time.Duration { return x.time(c) }

// take begins a plan.
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

// over tells that nobody waits for the plan.
func (p *planner) over() bool { return p.Done != nil && p.Done() }

// order takes the claim whose cells decide most in an hour, then the next one without the cells that
// are planned by then. A cell counts for every claim that it serves: one that needs no further cells
// adds its chance, and belongs to the same step. What no longer fits into Input.Within is left out.
func (p *planner) order(tasks []*task) (out []Step, tooLong []Claim) {
	planned := map[string]*book{} // by the cell
	run := map[string]bool{}      // commands that are no runs
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

// leftover is what runs for a task beside what is planned: what it needs, and what its commands run
// beside that.
type leftover struct {
	commands      []Command
	planned       map[string]*book // with it
	time, longest time.Duration
}

// wall is how long it takes with so many cells at a time.
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

// gain is how many claims a task decides, by their chances, with all that its commands run.
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

// rides tells whether all that a task needs is planned.
func (t *task) rides(planned map[string]*book, run map[string]bool) bool {
	return !slices.ContainsFunc(t.commands, func(c Command) bool { return !run[c.String()] }) &&
		!slices.ContainsFunc(t.cells, func(w work) bool { return planned[w.cell.ID] == nil })
}
