package decide

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/report/claims/ledger"
	"github.com/uaibench/uaibench/report/claims/rule"
	"github.com/uaibench/uaibench/report/claims/sample"
)

// task is a claim with the cells that take it to its next look.
type task struct {
	Claim
	cells    []work
	commands []Command // that are not runs
	weight   float64
}

// task finds what takes a claim to its next look. A comparison of which nothing was measured lowers a
// claim's scope alone, so it is left out unless that is all there is.
func (p *planner) task(row *rule.Row) (t *task, hopeless bool) {
	t = &task{Claim: Claim{ID: row.ID, Verdict: row.Verdict}, weight: unknown}
	c := p.Ledger.Second.Claim(row.ID)
	t.commands = p.others(c, row)
	needs, half := p.Judge.Needs(c, row)
	var all, measured, ready []planned
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
		// the cheapest that complete the look
		slices.SortStableFunc(all, func(a, b planned) int { return cmp.Compare(p.cost(a), p.cost(b)) })
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
		t.Note = "it has come to the last look" + Within(row)
		if row.Verdict == rule.NotRun {
			t.Note = "it rests on no runs"
		}
	case len(t.cells) == 0 && len(t.commands) == 0:
		t.Note = cmp.Or(t.Note, "nothing is left to run")
	case len(ahead) > 0 && !slices.ContainsFunc(all, func(x planned) bool { return x.values == 0 }):
		chance := p.chance(c, row, ahead, 0, 1)
		t.Chance, t.weight = &chance, chance
		last := p.Ledger.Second.Looks[len(p.Ledger.Second.Looks)-1].N
		if chance < few && p.chance(c, row, ahead, last, few) < few {
			hopeless = true
			t.Note = fmt.Sprintf("decided in less than %.0f %% of worlds like this at %d replicates%s",
				100*few, last, Within(row))
		}
	}
	if half && len(all) > 0 {
		for _, x := range ready {
			t.Looks = append(t.Looks, x.look())
		}
	}
	return t, hopeless
}

// Within is the interval of a claim's effect, for the end of a sentence; "" where it has none.
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

// planned is a need with the cells that meet it.
type planned struct {
	rule.Need
	cells  []work   // that are not done
	seeds  []string // of each quantity, as Seeds writes them
	values int      // of the quantity that has the fewest
	why    string   // it cannot be met
}

// look is what the need's comparison is judged by.
func (x planned) look() Look {
	out := Look{N: x.Next.N, Alpha: x.Next.Alpha}
	for i, q := range x.Quantities {
		if i == 0 {
			out.Dataset = q.Dataset
		} else if q.Dataset != out.Dataset {
			out.Dataset = ""
		}
		c := Quantity{Metric: Metric(q.Operand), Arm: q.Arm, Dataset: q.Dataset, At: q.At}
		if i < len(x.seeds) {
			c.Seeds = x.seeds[i]
		}
		out.Quantities = append(out.Quantities, c)
	}
	return out
}

// Metric names what an operand measures, whatever arm and dataset it is measured on.
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

// need finds the cells of a need in the claim's experiments: of those that plan them all, the ones
// that take the least time.
func (p *planner) need(n rule.Need, specs []string) planned {
	out := planned{Need: n, values: math.MaxInt}
	have := make([]sample.Sample, len(n.Quantities))
	for i, q := range n.Quantities {
		s := p.Judge.Source.Quantity(q.Operand, q.Arm, q.Dataset, q.At)
		out.values, have[i] = min(out.values, len(s.Values)), s
		if strings.Contains(s.Why, "data missing") {
			out.why = s.Why
		}
	}
	if out.values >= n.Next.N {
		for _, s := range have {
			out.seeds = append(out.seeds, Seeds(s.Keys, n.Next.N))
		}
		return out
	}
	if out.why != "" {
		return out
	}
	for i, q := range n.Quantities {
		cells := p.cheapest(q, n.Next.N, have[i].Ended, specs)
		if cells == nil {
			out.why = "no committed experiment plans " + q.Arm + " on " + q.Dataset + " so far"
			return out
		}
		out.seeds = append(out.seeds, Seeds(replicates(have[i], cells), n.Next.N))
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

// replicates are those that a sample has once further cells of its kind are done.
func replicates(s sample.Sample, cells []work) (keys []sample.Replicate) {
	same := len(s.Cells) == 0
	for _, w := range cells {
		keys = append(keys, sample.Replicate{Data: w.cell.Cell.Dataset.Seed, Train: w.cell.Cell.Seed})
		same = same || slices.Contains(s.Cells, w.cell.ID)
	}
	if same {
		keys = append(keys, s.Keys...)
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

// Seeds writes the first n replicates, for people and to be compared: the seed of the data, then those
// of the training.
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

func (p *planner) cost(x planned) (sum time.Duration) {
	for _, w := range x.cells {
		sum += p.time(w.cell)
	}
	return sum
}

// work is a cell that a book plans.
type work struct {
	book *book
	cell bench.PlannedCell
	n    int // replicates of the book that it belongs to: its place among them, from 1
}
