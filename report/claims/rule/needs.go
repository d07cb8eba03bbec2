package rule

import (
	"slices"

	"github.com/uaibench/uaibench/report/claims/ledger"
	"github.com/uaibench/uaibench/report/stats"
)

// Quantity is what a comparison asks of runs: an operand's metric of one arm on one dataset.
type Quantity struct {
	Operand          *ledger.Operand
	Arm, Dataset, At string
}

// Need is what takes one comparison, or one block of an aggregate, to its next look.
type Need struct {
	Quantities []Quantity
	Next       stats.Look
}

// Needs are those of a claim's comparisons that are open or were not run, or of its aggregate; none
// where each has come to its last look, or where the claim rests on no runs. half says that an
// aggregate's look is complete with half of them. row is the claim as it was judged.
func (j *Judge) Needs(c *ledger.Claim, row *Row) (needs []Need, half bool) {
	add := func(last, least int, q ...Quantity) {
		for _, l := range j.Ledger.Second.Looks {
			if l.N > last && l.N >= least {
				needs = append(needs, Need{q, l})
				return
			}
		}
	}
	g := row.Aggregate
	if g != nil && g.Outcome != Undecided && g.Outcome != Missing {
		return nil, true
	}
	for i := range c.Checks {
		check := &c.Checks[i]
		switch check.Op {
		case "data", "plan", "printed", "theory":
		case "widest":
			for _, x := range j.widest(check) {
				if x.unsettled() {
					add(x.Look.N, fewForMeans, j.gapOf(check, check.Left.Dataset, x.Dataset)...)
				}
			}
		case "trend":
			for _, q := range j.effectsOf(check) {
				add(g.Look.N, 0, q...)
			}
		default:
			for _, p := range j.Points(check) {
				if g != nil {
					add(g.Look.N, fewest(check), j.quantities(p)...)
				} else if x := j.compare(p); x.unsettled() {
					add(x.Look.N, fewest(check), j.quantities(p)...)
				}
			}
		}
	}
	return needs, g != nil
}

// fewest replicates at which a check is judged.
func fewest(k *ledger.Check) int {
	if slices.Contains([]string{"near", "spread", "mean_diff", "steadier"}, k.Op) ||
		k.Right != nil && k.Right.Metric == "published" {
		return fewForMeans
	}
	return 0
}

// unsettled tells whether runs may still change the comparison.
func (c *Comparison) unsettled() bool {
	return c.Outcome == Undecided || c.Outcome == Missing || c.Outcome == CellFailed
}

// quantities of a point: of both operands, of each arm and dataset among which one picks.
func (j *Judge) quantities(p Point) []Quantity {
	var out []Quantity
	for _, side := range []struct {
		o       *ledger.Operand
		arm, at string
	}{{p.Check.Left, p.Left, p.LeftAt}, {p.Check.Right, p.Right, p.RightAt}} {
		if side.o == nil || side.o.Metric == "published" {
			continue
		}
		arms, on := []string{side.arm}, []string{p.Dataset}
		if side.o.Pick != "" {
			arms = side.o.Arms
		}
		if side.o.Against != "" {
			arms = append(slices.Clone(arms), side.o.Against)
		}
		switch {
		case len(side.o.WorstOf) > 0:
			on = j.Ledger.Second.Datasets(side.o.WorstOf)
		case side.o.Dataset != "":
			on = []string{side.o.Dataset}
		}
		for _, d := range on {
			for _, a := range arms {
				out = append(out, Quantity{side.o, a, d, side.at})
			}
		}
	}
	return out
}

// gapOf are the quantities of a comparison of gaps.
func (j *Judge) gapOf(check *ledger.Check, datasets ...string) []Quantity {
	var out []Quantity
	for _, d := range datasets {
		for _, o := range []*ledger.Operand{check.Left, check.Right} {
			for _, a := range o.Arms {
				out = append(out, Quantity{o, a, d, "N"})
			}
		}
	}
	return out
}

// effectsOf are the quantities of each effect of a trend and of its counterpart.
func (j *Judge) effectsOf(check *ledger.Check) [][]Quantity {
	var out [][]Quantity
	like := j.Ledger.Second.Datasets(check.Like)
	for i, d := range j.Ledger.Second.Datasets(check.Datasets) {
		for _, at := range check.Left.At {
			for _, p := range check.Pairs {
				out = append(out, []Quantity{{check.Left, p[0], d, at}, {check.Left, p[1], d, at},
					{check.Left, p[0], like[i], at}, {check.Left, p[1], like[i], at}})
			}
		}
	}
	return out
}
