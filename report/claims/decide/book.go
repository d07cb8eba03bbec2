package decide

import (
	"fmt"
	"math"
	"path"
	"slices"
	"time"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/bench/spec"
	"github.com/uaibench/uaibench/bench/spec/tree"
	"github.com/uaibench/uaibench/report/claims/rule"
	"github.com/uaibench/uaibench/report/claims/sample"
)

// planner holds the state of planning: what the runs have done, and what the experiments plan.
type planner struct {
	Input
	timed map[string][]float64 // seconds of done cells, by kind
	// of a cell, by kind; filled on demand
	typical   map[string]time.Duration
	estimates map[string]time.Duration // by kind
	done      map[string]string        // the run that has a cell done
	books     map[string][]*book       // by the experiment's name; filled on demand
	kinds     map[string]string        // memo of name
	known     map[string]float64       // memo of chance, shared with Planner
	wrong     map[string]error         // why an experiment cannot be read
}

// book is an experiment with one profile, or none, planned with as many seeds as the last look
// needs.
type book struct {
	spec, profile string
	dir           string // its default run directory
	fixed         bool   // its seeds are a list, so their number cannot be set
	cells         []bench.PlannedCell
	place         map[string]int // number of a cell's replicate, from 1
	evaluator     *sample.Evaluator
}

// read collects from the runs the done cells and their times.
func (p *planner) read() {
	for _, run := range p.Runs {
		for _, c := range run.Cells {
			if c.Status.State != runlog.Done || p.done[c.ID] != "" {
				continue
			}
			p.done[c.ID] = run.Path
			if n := len(c.Status.Attempts); n > 0 {
				k := p.kind(c.PlannedCell)
				p.timed[k] = append(p.timed[k], c.Status.Attempts[n-1].Seconds)
			}
		}
	}
}

// kind is the id of a cell without its seeds.
func (p *planner) kind(c bench.PlannedCell) string {
	return p.name("kind", c, func(x *bench.Cell) {
		x.Seed, x.Dataset.Seed, x.Dataset.Split.Seed = 0, 0, 0
	})
}

// ready is the longest time, in seconds, of a passive cell that reuses the pre-training of another:
// it only scores.
const ready = 1.0

// time is 0 for a done cell, otherwise the median over done cells of its kind, or an estimate if
// there are none. A method that does not learn may reuse another cell's pre-training, which takes
// most of the time; of its cells, only those that took longer than ready count.
func (p *planner) time(c bench.PlannedCell) time.Duration {
	if p.done[c.ID] != "" {
		return 0
	}
	k := p.kind(c)
	if t, ok := p.typical[k]; ok {
		return t
	}
	s := p.timed[k]
	slices.Sort(s)
	info, _ := p.Catalog.Method(c.Cell.Method.ID)
	if !info.Active && len(s) > 0 {
		own, _ := slices.BinarySearch(s, ready)
		s = s[own:]
	}
	var t time.Duration
	if len(s) > 0 {
		t = time.Duration(s[len(s)/2] * float64(time.Second))
	} else if p.Estimate != nil {
		e, ok := p.estimates[k]
		if !ok {
			e = p.Estimate(c.Cell)
			p.estimates[k] = e
		}
		if t = e; len(p.timed[k]) > 0 {
			t = max(t, time.Duration(p.timed[k][len(p.timed[k])-1]*float64(time.Second)))
		}
	}
	p.typical[k] = t
	return t
}

// cheaper removes the plans that surely take longer than another: the same cells with larger
// budgets.
func (p *planner) cheaper(found [][]work) (out [][]work) {
	audits := func(b bench.Budget) int {
		if b.Rule == "all" {
			return math.MaxInt
		}
		return b.Audits // 0: the number of anomalies, which a plan does not know
	}
	within := func(a, b []work) bool {
		for i := range a {
			x, y := audits(a[i].cell.Cell.Budget), audits(b[i].cell.Cell.Budget)
			if x > y || (x == 0) != (y == 0) && y != math.MaxInt ||
				p.unlimited(a[i].cell) != p.unlimited(b[i].cell) {
				return false
			}
		}
		return true
	}
	for _, b := range found {
		if !slices.ContainsFunc(found, func(a []work) bool { return within(a, b) && !within(b, a) }) {
			out = append(out, b)
		}
	}
	return out
}

// unlimited is the id of a cell without its budget, checkpoints and probes.
func (p *planner) unlimited(c bench.PlannedCell) string {
	return p.name("unlimited", c, func(x *bench.Cell) {
		x.Budget, x.Checkpoints, x.Probes = bench.Budget{}, nil, nil
	})
}

// series is the id that the cells of one arm on one dataset in one configuration have in common.
func (p *planner) series(c bench.PlannedCell) string {
	return p.name("series", c, func(x *bench.Cell) {
		x.Seed, x.Dataset.Seed, x.Dataset.Split.Seed = 0, 0, 0
		x.Budget, x.Checkpoints, x.Probes = bench.Budget{}, nil, nil
	})
}

// name returns the id of a cell after clear, memoized under of.
func (p *planner) name(of string, c bench.PlannedCell, clear func(*bench.Cell)) string {
	k, ok := p.kinds[of+" "+c.ID]
	if !ok {
		x := c.Cell
		clear(&x)
		k = x.ID()
		p.kinds[of+" "+c.ID] = k
	}
	return k
}

// booksOf reads an experiment with each of its profiles, once. It skips the smoke profile.
func (p *planner) booksOf(name string) []*book {
	if b, ok := p.books[name]; ok {
		return b
	}
	p.books[name] = nil
	text, ok := p.Specs[name]
	if !ok {
		return nil
	}
	profiles := []string{""}
	if root, _ := tree.Read(&tree.Source{Name: name, Lines: true}, text, nil); root != nil {
		if list, have := root.Get("profiles"); have {
			for _, k := range list.Keys {
				if k.Text != "smoke" {
					profiles = append(profiles, k.Text)
				}
			}
		}
	}
	for _, profile := range profiles {
		if b := p.open(name, profile, text); b != nil {
			p.books[name] = append(p.books[name], b)
		}
	}
	return p.books[name]
}

func (p *planner) open(name, profile string, text []byte) *book {
	looks := p.Ledger.Second.Looks
	o := spec.Options{Profile: profile}
	o.Set = []string{fmt.Sprintf("seeds.count=%d", looks[len(looks)-1].N)}
	b := &book{spec: name, profile: profile, place: map[string]int{}}
	plan, err := spec.Parse(name, text, p.Catalog, o)
	if err != nil { // its seeds are a list
		o.Set = nil
		if plan, err = spec.Parse(name, text, p.Catalog, o); err != nil {
			p.wrong[name] = err
			return nil
		}
		b.fixed = true
	}
	replicates := func(cells []bench.PlannedCell) []uint64 {
		var seeds []uint64
		for _, c := range cells {
			seeds = append(seeds, c.Cell.Seed)
		}
		slices.Sort(seeds)
		return slices.Compact(seeds)
	}
	b.dir = path.Join("runs", plan.Name)
	if profile != "" {
		b.dir += "-" + profile
	}
	seeds := replicates(plan.Cells)
	run := &runlog.Run{Path: name}
	for _, c := range plan.Cells {
		b.place[c.ID] = 1 + slices.Index(seeds, c.Cell.Seed)
		run.Cells = append(run.Cells,
			runlog.CellRecord{PlannedCell: c, Status: runlog.Status{State: runlog.Planned}})
	}
	b.cells, b.evaluator = plan.Cells, sample.NewEvaluator(p.Ledger, p.Catalog, []*runlog.Run{run})
	return b
}

// cheapest returns the cells of a quantity's first n replicates in the experiment that takes the
// least time; nil if none plans them. With draws a replicate is a draw of the data, for a method
// without a seed.
func (p *planner) cheapest(q rule.Quantity, n int, draws bool, specs []string) []work {
	var found [][]work
	for _, name := range specs {
		for _, b := range p.booksOf(name) {
			if cells := b.first(q, n, draws); len(cells) >= n {
				found = append(found, cells)
			}
		}
	}
	found = p.cheaper(found)
	if len(found) < 2 { // no times are needed
		return slices.Concat(found...)
	}
	var best []work
	var least time.Duration
	for _, cells := range found {
		var cost time.Duration
		for _, w := range cells {
			cost += p.time(w.cell)
		}
		if best == nil || cost < least {
			best, least = cells, cost
		}
	}
	return best
}

// first returns the cells of a quantity's first n replicates, one each, or nil if the book does not
// plan them. With draws these must be n draws of the data.
func (b *book) first(q rule.Quantity, n int, draws bool) []work {
	found, drawn := make([]work, n), map[uint64]bool{}
	k := 0
	for _, c := range b.evaluator.Cells(q.Arm, q.Dataset) {
		at := b.place[c.ID]
		if at <= n && found[at-1].book == nil &&
			b.evaluator.Enough(c.Cell, q.Operand, q.Dataset, q.At) {
			found[at-1] = work{b, c.PlannedCell, at}
			drawn[c.Cell.Dataset.Seed] = true
			k++
		}
	}
	if k < n || draws && len(drawn) < n {
		return nil
	}
	return found
}
