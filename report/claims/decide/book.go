package decide

import (
	"fmt"
	"slices"
	"sort"
	"time"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/bench/spec"
	"github.com/uaibench/uaibench/bench/spec/tree"
	"github.com/uaibench/uaibench/report/claims/rule"
	"github.com/uaibench/uaibench/report/claims/sample"
)

// planner knows what the runs have and what the experiments plan.
type planner struct {
	Input
	timed map[string][]float64 // seconds of done cells, by kind
	done  map[string]string    // the run that has a cell done
	books map[string][]*book   // by the experiment's name, once read
}

// book is an experiment with a profile, or with none, with as many seeds as the last look asks for.
type book struct {
	spec, profile string
	own           int  // replicates that it plans by itself
	fixed         bool // its seeds are a list: it has no others
	cells         []bench.PlannedCell
	place         map[string]int // of a cell's replicate, from 1
	evaluator     *sample.Evaluator
}

// read takes from the runs which cells are done, and how long they took.
func (p *planner) read() {
	for _, run := range p.Runs {
		for _, c := range run.Cells {
			if c.Status.State != runlog.Done || p.done[c.ID] != "" {
				continue
			}
			p.done[c.ID] = run.Path
			if n := len(c.Status.Attempts); n > 0 {
				k := kind(c.Cell)
				p.timed[k] = append(p.timed[k], c.Status.Attempts[n-1].Seconds)
			}
		}
	}
}

// kind of a cell: all but its seeds.
func kind(c bench.Cell) string {
	c.Seed, c.Dataset.Seed, c.Dataset.Split.Seed = 0, 0, 0
	return c.ID()
}

// time is the median of done cells of the kind, else an estimate, and of what is done 0.
func (p *planner) time(c bench.Cell) time.Duration {
	if p.done[c.ID()] != "" {
		return 0
	}
	k := kind(c)
	if len(p.timed[k]) == 0 && p.Estimate != nil {
		p.timed[k] = []float64{p.Estimate(c).Seconds()}
	}
	if s := p.timed[k]; len(s) > 0 {
		sort.Float64s(s)
		return time.Duration(s[len(s)/2] * float64(time.Second))
	}
	return 0
}

// booksOf reads an experiment once. A profile that only shows that things work is none.
func (p *planner) booksOf(name string) []*book {
	if b, ok := p.books[name]; ok {
		return b
	}
	text, ok := p.Specs[name]
	profiles := []string{""}
	root, _ := tree.Read(&tree.Source{Name: name, Lines: true}, text, nil)
	if list, have := root.Get("profiles"); ok && have {
		for _, k := range list.Keys {
			if k.Text != "smoke" {
				profiles = append(profiles, k.Text)
			}
		}
	}
	p.books[name] = nil
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
	own, err := spec.Parse(name, text, p.Catalog, o)
	if err != nil {
		return nil
	}
	o.Set = []string{fmt.Sprintf("seeds.count=%d", looks[len(looks)-1].N)}
	plan, err := spec.Parse(name, text, p.Catalog, o)
	b := &book{spec: name, profile: profile, place: map[string]int{}, fixed: err != nil}
	if b.fixed {
		plan = own
	}
	replicates := func(cells []bench.PlannedCell) []uint64 {
		var seeds []uint64
		for _, c := range cells {
			seeds = append(seeds, c.Cell.Seed)
		}
		slices.Sort(seeds)
		return slices.Compact(seeds)
	}
	b.own = len(replicates(own.Cells))
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

// cheapest are the cells of a quantity's first n replicates in one of the experiments; nil: none has
// them.
func (p *planner) cheapest(q rule.Quantity, n int, specs []string) []work {
	var best []work
	var least time.Duration
	for _, name := range specs {
		for _, b := range p.booksOf(name) {
			cells := b.first(q, n)
			if len(cells) < n {
				continue
			}
			var cost time.Duration
			for _, w := range cells {
				cost += p.time(w.cell.Cell)
			}
			if best == nil || cost < least {
				best, least = cells, cost
			}
		}
	}
	return best
}

// first are the cells of a quantity's first replicates, one each.
func (b *book) first(q rule.Quantity, n int) []work {
	found := make([]work, n)
	k := 0
	for _, c := range b.evaluator.Cells(q.Arm, q.Dataset) {
		at := b.place[c.ID]
		if at <= n && found[at-1].book == nil &&
			b.evaluator.Enough(c.Cell, q.Operand, q.Dataset, q.At) {
			found[at-1] = work{b, c.PlannedCell, at}
			k++
		}
	}
	if k < n {
		return nil
	}
	return found
}
