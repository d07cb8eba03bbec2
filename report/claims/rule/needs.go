package rule

import (
	"slices"

	"github.com/uaibench/uaibench/report/claims/ledger"
	"github.com/uaibench/uaibench/report/stats"
)

// Quantity is an operand's metric of one arm on one dataset, which a comparison needs from runs.
type Quantity struct {
	Operand          *ledger.Operand
	Arm, Dataset, At string
}

// Need is what takes one comparison, or one block of an aggregate, to its next look.
type Need struct {
	Quantities []Quantity
	Next       stats.Look
}

// Needs returns the needs of a claim's comparisons that are open or not run, or of its aggregate;
// none if each has reached its last look, or if the claim rests on no runs. half is true for an
// aggregate, whose look is complete with half of its needs. row is the judged claim.
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

// fewest is the number of replicates from which a check is judged; 0 is the first look.
func fewest(k *ledger.Check) int {
	if slices.Contains([]string{"near", "spread", "mean_diff", "steadier"}, k.Op) ||
		k.Right != nil && k.Right.Metric == "published" {
		return fewForMeans
	}
	return 0
}

// unsettled reports whether more runs may change the comparison.
func (c *Comparison) unsettled() bool {
	return c.Outcome == Undecided || c.Outcome == Missing || c.Outcome == CellFailed
}

// quantities returns a point's quantities: both operands', with every arm and dataset that they
// pick from.
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

// gapOf returns the quantities of a comparison of gaps.
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

// effectsOf returns, for each effect of a trend, its quantities and its counterpart's.
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
