package decide

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/claims/ledger"
	"github.com/uaibench/uaibench/report/claims/rule"
	"github.com/uaibench/uaibench/report/claims/sample"
)

// task is a claim with the cells that take it to its next look.
type task struct {
	Claim
	cells    []work
	commands []Command // other than runs
	weight   float64
	weigh    func() // sets Chance, weight and hopeless; nil: there is no chance to compute
	hopeless bool
}

// task finds what takes a claim to its next look. A comparison without any measurement only lowers
// the claim's scope, so it is omitted unless there are no others.
func (p *planner) task(row *rule.Row) *task {
	t := &task{Claim: Claim{ID: row.ID, Verdict: row.Verdict}, weight: unknown}
	c := p.Ledger.Second.Claim(row.ID)
	t.commands = p.others(c, row)
	needs, half := p.Judge.Needs(c, row)
	var all, measured, ready []meeting
	for _, n := range needs {
		x := p.need(n, row.Specs)
		switch {
		case x.values >= n.Next.N:
			ready = append(ready, x)
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
	if most := max((len(needs)+1)/2-len(ready), 0); half && len(all) > most {
		// The cheapest that complete the look.
		slices.SortStableFunc(all, func(a, b meeting) int { return cmp.Compare(p.cost(a), p.cost(b)) })
		all = all[:most]
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
		t.Looks = append(t.Looks, x.look())
	}
	switch {
	case len(needs) == 0 && len(t.commands) == 0:
		t.Note = "it has reached its last look" + Within(row)
		if row.Verdict == rule.NotRun {
			t.Note = "it rests on no runs"
		}
	case len(t.cells) == 0 && len(t.commands) == 0:
		t.Note = cmp.Or(t.Note, "nothing is left to run")
	case len(ahead) > 0 && !slices.ContainsFunc(all, func(x meeting) bool { return x.values == 0 }):
		t.weigh = func() { p.judgeAhead(t, c, row, ahead) }
	}
	if half && len(all) > 0 {
		for _, x := range ready {
			t.Looks = append(t.Looks, x.look())
		}
	}
	return t
}

// judgeAhead sets the chance that a task's claim is decided at its next look, and whether it is
// hopeless.
func (p *planner) judgeAhead(t *task, c *ledger.Claim, row *rule.Row, needs []rule.Need) {
	chance := p.chance(c, row, needs, 0, 1)
	t.Chance, t.weight = &chance, chance
	last := p.Ledger.Second.Looks[len(p.Ledger.Second.Looks)-1].N
	if chance < few && p.chance(c, row, needs, last, few) < few {
		t.hopeless = true
		t.Note = fmt.Sprintf("decided in less than %.0f %% of worlds like this at %d replicates%s",
			100*few, last, Within(row))
	}
}

// Within formats the interval of a claim's effect as the end of a sentence; "" if it has none.
func Within(row *rule.Row) string {
	e := (*rule.Effect)(nil)
	if row.Aggregate != nil {
		e = row.Aggregate.Effect
	} else if row.Telling != nil {
		e = row.Telling.Effect
	}
	if e == nil {
		return ""
	}
	return "; effect within " + e.Within()
}

// meeting is a need with the cells that meet it.
type meeting struct {
	rule.Need
	cells  []work          // not done
	have   []sample.Sample // of each quantity
	seeds  []string        // of each quantity, if known
	first  []work          // of each quantity, a cell of the counted configuration; none: nothing is missing
	values int             // of the quantity with the fewest
	why    string          // why it cannot be met
}

// look returns the Look of the need's comparison, without the seeds unless they are known.
func (x meeting) look() Look {
	out := Look{N: x.Next.N, Alpha: x.Next.Alpha, of: x}
	for i, q := range x.Quantities {
		if i == 0 {
			out.Dataset = q.Dataset
		} else if q.Dataset != out.Dataset {
			out.Dataset = ""
		}
		named := Quantity{Metric: Metric(q.Operand), Arm: q.Arm, Dataset: q.Dataset, At: q.At}
		if i < len(x.seeds) {
			named.Seeds = x.seeds[i]
		}
		out.Quantities = append(out.Quantities, named)
	}
	return out
}

// Metric names an operand's metric with its arguments, without arm and dataset.
func Metric(o *ledger.Operand) string {
	s := o.Metric
	if o.Against != "" {
		s += " against " + o.Against
	}
	if o.Level != 0 {
		s += fmt.Sprintf(" level %g", o.Level)
	}
	if o.Name != "" {
		s += " of " + o.Name
	}
	return s
}

// need finds the cells of a need in the claim's experiments, in the one that takes the least time.
func (p *planner) need(n rule.Need, specs []string) meeting {
	out := meeting{Need: n, values: math.MaxInt}
	for _, q := range n.Quantities {
		s := p.Judge.Source.Quantity(q.Operand, q.Arm, q.Dataset, q.At)
		out.values, out.have = min(out.values, len(s.Values)), append(out.have, s)
		if strings.Contains(s.Why, "data missing") {
			out.why = s.Why
		}
	}
	if out.values >= n.Next.N || out.why != "" {
		return out
	}
	for i, q := range n.Quantities {
		cells := p.cheapest(q, n.Next.N, out.have[i].Ended, specs)
		if cells == nil {
			out.why = "no committed experiment plans " + q.Arm + " on " + q.Dataset + " so far"
			for _, name := range specs {
				if err := p.wrong[name]; err != nil {
					out.why = err.Error()
				}
			}
			return out
		}
		out.first = append(out.first, cells[0])
		for _, w := range cells {
			if p.done[w.cell.ID] != "" {
				continue
			}
			if p.Blocked != nil {
				if out.why = p.Blocked(w.cell); out.why != "" {
					return out
				}
			}
			out.cells = append(out.cells, w)
		}
	}
	return out
}

// places finds the cells of an arm on a dataset, and reports which will have an operand's metric.
type places interface {
	Cells(arm, dataset string) []sample.Cell
	Enough(c bench.Cell, o *ledger.Operand, dataset, at string) bool
}

// seed sets the replicates that looks judge once all planned cells have run, including those that
// run besides.
func (p *planner) seed(looks []Look, planned map[string]*book) {
	var books []*book
	for _, b := range planned {
		if !slices.Contains(books, b) {
			books = append(books, b)
		}
	}
	for _, l := range looks {
		for i, q := range l.of.Quantities {
			s := l.of.have[i]
			keys := slices.Clone(s.Keys)
			if len(l.of.first) > 0 {
				keys = p.ahead(q, s, l.of.first[i].cell, books, planned)
			}
			l.Quantities[i].Seeds = Seeds(keys, l.N)
		}
	}
}

// beside finds the other comparisons that reach a look by the planned cells: those of other claims.
func (p *planner) beside(s *Step, planned map[string]*book) {
	var books []*book
	for _, b := range planned {
		if !slices.Contains(books, b) {
			books = append(books, b)
		}
	}
	fresh := func(q rule.Quantity) (cells []bench.PlannedCell) {
		for _, b := range books {
			for _, c := range b.evaluator.Cells(q.Arm, q.Dataset) {
				if planned[c.ID] != nil && p.done[c.ID] == "" {
					cells = append(cells, c.PlannedCell)
				}
			}
		}
		return cells
	}
	for _, rows := range [][]rule.Row{p.Rows, p.Others} {
		for i := range rows {
			row := &rows[i]
			if slices.ContainsFunc(s.Claims, func(c Claim) bool { return c.ID == row.ID }) {
				continue
			}
			needs, _ := p.Judge.Needs(p.Ledger.Second.Claim(row.ID), row)
			claim := Claim{ID: row.ID, Verdict: row.Verdict}
			for _, n := range needs {
				x := meeting{Need: n}
				reached, touched := true, false
				for _, q := range n.Quantities {
					have := p.Judge.Source.Quantity(q.Operand, q.Arm, q.Dataset, q.At)
					keys, new := have.Keys, fresh(q)
					if len(new) > 0 {
						touched = true
						keys = p.ahead(q, have, new[0], books, planned)
					}
					reached = reached && len(keys) >= n.Next.N
					x.seeds = append(x.seeds, Seeds(keys, n.Next.N))
				}
				if reached && touched {
					claim.Looks = append(claim.Looks, x.look())
				}
			}
			if claim.Looks != nil {
				s.Beside = append(s.Beside, claim)
			}
		}
	}
}

// ahead returns the replicates that a quantity will have in the configuration of the cell like.
func (p *planner) ahead(q rule.Quantity, s sample.Sample, like bench.PlannedCell, books []*book,
	planned map[string]*book) (keys []sample.Replicate) {
	add := func(in places, counts func(sample.Cell) bool) {
		for _, c := range in.Cells(q.Arm, q.Dataset) {
			if counts(c) && p.series(c.PlannedCell) == p.series(like) &&
				in.Enough(c.Cell, q.Operand, q.Dataset, q.At) {
				keys = append(keys, sample.Replicate{Data: c.Cell.Dataset.Seed, Train: c.Cell.Seed})
			}
		}
	}
	if source, ok := p.Judge.Source.(places); ok {
		add(source, func(c sample.Cell) bool { return c.Status.State == runlog.Done })
	} else {
		keys = slices.Clone(s.Keys)
	}
	for _, b := range books {
		add(b.evaluator, func(c sample.Cell) bool { return planned[c.ID] != nil })
	}
	slices.SortFunc(keys, func(a, b sample.Replicate) int {
		return cmp.Or(cmp.Compare(a.Data, b.Data), cmp.Compare(a.Train, b.Train))
	})
	keys = slices.Compact(keys)
	if s.Ended { // a replicate is a draw of the data
		keys = slices.CompactFunc(keys, func(a, b sample.Replicate) bool { return a.Data == b.Data })
	}
	return keys
}

// Seeds formats the first n replicates, readable and comparable: each data seed, then its training
// seeds.
func Seeds(keys []sample.Replicate, n int) string {
	keys = keys[:min(n, len(keys))]
	var b strings.Builder
	for i := 0; i < len(keys); {
		end := i + 1
		for end < len(keys) && keys[end].Data == keys[i].Data &&
			keys[end].Train == keys[end-1].Train+1 {
			end++
		}
		switch {
		case i > 0 && keys[i].Data == keys[i-1].Data:
			b.WriteString(",")
		case i > 0:
			b.WriteString(" ")
			fallthrough
		default:
			fmt.Fprintf(&b, "%d:", keys[i].Data)
		}
		fmt.Fprint(&b, keys[i].Train)
		if end > i+1 {
			fmt.Fprintf(&b, "-%d", keys[end-1].Train)
		}
		i = end
	}
	return b.String()
}

func (p *planner) cost(x meeting) (sum time.Duration) {
	for _, w := range x.cells {
		sum += p.time(w.cell)
	}
	return sum
}

// work is a cell that a book plans.
type work struct {
	book *book
	cell bench.PlannedCell
	n    int // number of its replicate in the book, from 1
}
