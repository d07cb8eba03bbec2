// Package decide says which runs would take the open claims to their next look, as commands, those
// first that decide most in an hour.
//
// It promises no number of runs: a look is a number of replicates at which a verdict may change, and
// the chance that it does is that of further runs like those at hand. What was not measured at all
// has no such chance.
package decide

import (
	"cmp"
	"math"
	"slices"
	"strings"
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
	Specs   map[string][]byte // the experiments that may be run, by name

	// Estimate is the time of a cell of which the runs have none like it; 0: unknown.
	Estimate func(bench.Cell) time.Duration
}

// Plan is what to run, in order.
type Plan struct {
	Steps    []Step  `json:"steps"`
	Hopeless []Claim `json:"hopeless"` // they would hardly be decided at the last look either
	Stuck    []Claim `json:"stuck"`    // no run of the committed experiments takes them further
}

// Step takes claims to their next look, once those before it have run.
type Step struct {
	Claims   []Claim       `json:"claims"` // the first one's chance an hour gives the step its place
	Commands []Command     `json:"commands"`
	Time     time.Duration `json:"ns"` // of one core
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
}

// unknown chance is taken for this one when steps are put in order.
const unknown = 0.5

// few is the chance at the last look below which a claim is hopeless.
const few = 0.1

// task is a claim with the cells that take it to its next look.
type task struct {
	Claim
	cells    []work
	commands []Command // that are not runs
	weight   float64
}

// work is a cell that a book plans.
type work struct {
	book *book
	cell bench.PlannedCell
	n    int // replicates of the book that it belongs to: its place among them, from 1
}

// New plans.
func New(in Input) *Plan {
	p := &planner{Input: in, timed: map[string][]float64{},
		typical: map[string]time.Duration{}, done: map[string]string{},
		books: map[string][]*book{}}
	p.read()
	out := &Plan{}
	var tasks []*task
	for i := range in.Rows {
		row := &in.Rows[i]
		if row.Verdict != rule.Open && row.Verdict != rule.NotRun {
			continue
		}
		if row.Calibration != nil && !row.Calibration.Decides() {
			out.Stuck = append(out.Stuck, Claim{ID: row.ID, Verdict: row.Verdict,
				Note: "its checks cannot decide it"})
			continue
		}
		t, hopeless := p.task(row)
		switch {
		case hopeless:
			out.Hopeless = append(out.Hopeless, t.Claim)
		case len(t.cells) == 0 && len(t.commands) == 0:
			out.Stuck = append(out.Stuck, t.Claim)
		default:
			tasks = append(tasks, t)
		}
	}
	out.Steps = p.order(tasks)
	return out
}

// Within leaves out the steps that do not fit into a time, of one core.
func (p *Plan) Within(most time.Duration) {
	var spent time.Duration
	p.Steps = slices.DeleteFunc(p.Steps, func(s Step) bool {
		fits := spent+s.Time <= most
		if fits {
			spent += s.Time
		}
		return !fits
	})
}

// order takes the claim with the largest chance an hour, then the next one without the cells that
// are planned by then; a claim that needs no more belongs to the same step.
func (p *planner) order(tasks []*task) []Step {
	var out []Step
	planned := map[string]*book{} // by the cell
	left := func(t *task) (cost time.Duration) {
		for _, w := range t.cells {
			if planned[w.cell.ID] == nil {
				cost += p.time(w.cell.Cell)
			}
		}
		return cost
	}
	for len(tasks) > 0 {
		slices.SortStableFunc(tasks, func(a, b *task) int {
			return cmp.Compare(b.rate(left(b)), a.rate(left(a)))
		})
		first := tasks[0]
		s := Step{Commands: slices.Clone(first.commands)}
		var fresh []work
		for _, w := range first.cells {
			if planned[w.cell.ID] == nil {
				fresh = append(fresh, w)
			}
		}
		s.Commands = append(s.Commands, p.commands(fresh, planned)...)
		for _, c := range s.Commands {
			s.Time += c.Time
		}
		tasks = slices.DeleteFunc(tasks, func(t *task) bool {
			same := t == first || len(t.cells) > 0 && !slices.ContainsFunc(t.cells,
				func(w work) bool { return planned[w.cell.ID] == nil })
			if same {
				s.Claims = append(s.Claims, t.Claim)
			}
			return same
		})
		out = append(out, s)
	}
	return out
}

// rate is the chance an hour, of at least a minute.
func (t *task) rate(cost time.Duration) float64 {
	return t.weight / max(cost, time.Minute).Hours()
}

// task finds what takes a claim to its next look. A comparison of which nothing was measured lowers a
// claim's scope alone, so it is left out unless that is all there is.
func (p *planner) task(row *rule.Row) (t *task, hopeless bool) {
	t = &task{Claim: Claim{ID: row.ID, Verdict: row.Verdict}, weight: unknown}
	c := p.Ledger.Second.Claim(row.ID)
	t.commands = p.others(c, row)
	needs, half := p.Judge.Needs(c, row)
	var all, measured []planned
	ready, total := 0, 0
	for _, n := range needs {
		x := p.need(n, row.Specs)
		total++
		switch {
		case x.values >= n.Next.N:
			ready++
			continue
		case x.why != "":
			t.Note = cmp.Or(t.Note, x.why)
			continue
		}
		all = append(all, x)
		if x.values > 0 {
			measured = append(measured, x)
		}
	}
	if len(measured) > 0 {
		all = measured
	}
	if half { // the cheapest that complete the look
		slices.SortStableFunc(all, func(a, b planned) int { return cmp.Compare(p.cost(a), p.cost(b)) })
		all = all[:min(len(all), max((total+1)/2-ready, 0))]
	}
	var ahead []rule.Need
	seen := map[string]bool{}
	for _, x := range all {
		ahead = append(ahead, x.Need)
		t.Next = max(t.Next, x.Next.N)
		for _, w := range x.cells {
			if !seen[w.cell.ID] {
				seen[w.cell.ID] = true
				t.cells = append(t.cells, w)
			}
		}
	}
	switch {
	case len(needs) == 0 && len(t.commands) == 0:
		t.Note = "it has come to the last look"
		if row.Verdict == rule.NotRun {
			t.Note = "it rests on no runs"
		}
	case len(t.cells) == 0 && len(t.commands) == 0:
		t.Note = cmp.Or(t.Note, "nothing is left to run")
	case len(ahead) > 0 && !slices.ContainsFunc(all, func(x planned) bool { return x.values == 0 }):
		chance := p.chance(c, row, ahead, 0)
		t.Chance, t.weight = &chance, chance
		if last := p.Ledger.Second.Looks; chance < few {
			hopeless = p.chance(c, row, ahead, last[len(last)-1].N) < few
		}
	}
	return t, hopeless
}

// planned is a need with the cells that meet it.
type planned struct {
	rule.Need
	cells  []work
	values int    // of the quantity that has the fewest
	why    string // it cannot be met
}

// need finds the cells of a need in the claim's experiments: of those that plan them all, the ones
// that take the least time.
func (p *planner) need(n rule.Need, specs []string) planned {
	out := planned{Need: n, values: math.MaxInt}
	draws := make([]bool, len(n.Quantities))
	for i, q := range n.Quantities {
		s := p.Judge.Source.Quantity(q.Operand, q.Arm, q.Dataset, q.At)
		out.values, draws[i] = min(out.values, len(s.Values)), s.Ended
		if strings.Contains(s.Why, "data missing") {
			out.why = s.Why
			return out
		}
	}
	for i, q := range n.Quantities {
		cells := p.cheapest(q, n.Next.N, draws[i], specs)
		if cells == nil {
			out.why = "no committed experiment plans " + q.Arm + " on " + q.Dataset + " so far"
			return out
		}
		for _, w := range cells {
			if p.done[w.cell.ID] == "" {
				out.cells = append(out.cells, w)
			}
		}
	}
	return out
}

func (p *planner) cost(x planned) (sum time.Duration) {
	for _, w := range x.cells {
		sum += p.time(w.cell.Cell)
	}
	return sum
}
