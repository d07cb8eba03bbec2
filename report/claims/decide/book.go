package decide

import (
	"fmt"
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

// planner knows what the runs have and what the experiments plan.
type planner struct {
	Input
	timed map[string][]float64 // seconds of done cells, by kind
	// of a cell of a kind, once asked for
	typical   map[string]time.Duration
	estimates map[string]time.Duration // by kind
	done      map[string]string        // the run that has a cell done
	books     map[string][]*book       // by the experiment's name, once read
	kinds     map[string]string        // of cells, by id
	known     map[string]float64       // chances, as Planner has them
}

// book is an experiment with a profile, or with none, with as many seeds as the last look asks for.
type book struct {
	spec, profile string
	dir           string // where it runs unless it is told
	own           int    // replicates that it plans by itself
	fixed         bool   // its seeds are a list: it has no others
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
				k := p.kind(c.PlannedCell)
				p.timed[k] = append(p.timed[k], c.Status.Attempts[n-1].Seconds)
			}
		}
	}
}

// kind of a cell: all but its seeds.
func (p *planner) kind(c bench.PlannedCell) string {
	k, ok := p.kinds[c.ID]
	if !ok {
		x := c.Cell
		x.Seed, x.Dataset.Seed, x.Dataset.Split.Seed = 0, 0, 0
		k = x.ID()
		p.kinds[c.ID] = k
	}
	return k
}

// time is the median of done cells of the kind, else an estimate, and of what is done 0. Where a
// method does not learn it is no less than the estimate: its pre-training may have been made, and
// timed, by a method that shares it.
func (p *planner) time(c bench.PlannedCell) time.Duration {
	if p.done[c.ID] != "" {
		return 0
	}
	k := p.kind(c)
	if t, ok := p.typical[k]; ok {
		return t
	}
	var t time.Duration
	s := p.timed[k]
	if len(s) > 0 {
		slices.Sort(s)
		t = time.Duration(s[len(s)/2] * float64(time.Second))
	}
	if info, _ := p.Catalog.Method(c.Cell.Method.ID); (len(s) == 0 || !info.Active) &&
		p.Estimate != nil {
		e, ok := p.estimates[k]
		if !ok {
			e = p.Estimate(c.Cell)
			p.estimates[k] = e
		}
		t = max(t, e)
	}
	p.typical[k] = t
	return t
}

// booksOf reads an experiment once. A profile that only shows that things work is none.
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
	b.own, b.dir = len(replicates(own.Cells)), path.Join("runs", own.Name)
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

// cheapest are the cells of a quantity's first n replicates in one of the experiments; nil: none has
// them. Of a method that no seed changes a replicate is a draw of the data.
func (p *planner) cheapest(q rule.Quantity, n int, draws bool, specs []string) []work {
	var found [][]work
	for _, name := range specs {
		for _, b := range p.booksOf(name) {
			if cells := b.first(q, n, draws); len(cells) >= n {
				found = append(found, cells)
			}
		}
	}
	if len(found) < 2 { // no time need be known
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

// first are the cells of a quantity's first replicates, one each, or with draws one each draw of the
// data.
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
