package rule

import (
	"fmt"
	"strings"

	"github.com/uaibench/uaibench/bench/metric/registry"
	"github.com/uaibench/uaibench/report/claims/ledger"
)

// describe names both sides of a comparison.
func (j *Judge) describe(p Point) string {
	k := p.Check
	left := j.name(k.Left, p.Left, p.LeftAt)
	if k.Right == nil {
		return left
	}
	if k.Right.Metric == "published" {
		return left + " − the printed F1"
	}
	factor := ""
	if k.Times() != 1 {
		factor = Short(k.Times()) + " × "
	}
	word := " − "
	if k.Op == "steadier" {
		word = " / sd of "
		left = "sd of " + left
	}
	if l, r := k.Left, k.Right; l.Metric == r.Metric && p.LeftAt == p.RightAt &&
		k.Op != "steadier" && l.Dataset == r.Dataset && l.Metric != "crossover" &&
		len(l.WorstOf) == 0 {
		return j.quantityOf(l, p.LeftAt) + ": " + j.who(l, p.Left) + word + factor +
			j.who(r, p.Right)
	}
	return left + word + factor + j.name(k.Right, p.Right, p.RightAt)
}

// quantityOf names a metric, with its number of audits.
func (j *Judge) quantityOf(o *ledger.Operand, at string) string {
	m, ok := registry.Lookup(o.Metric)
	switch {
	case !ok:
		return o.Metric
	case m.Takes&registry.TakesAt != 0:
		return m.Title + " at b = " + at
	}
	return m.Title
}

// who names an arm, or the arms among which an operand picks.
func (j *Judge) who(o *ledger.Operand, arm string) string {
	if o.Pick == "" {
		return j.Ledger.Title(arm)
	}
	var all []string
	for _, a := range o.Arms {
		all = append(all, j.Ledger.Title(a))
	}
	return "the " + o.Pick + " of " + strings.Join(all, ", ")
}

// name names a quantity.
func (j *Judge) name(o *ledger.Operand, arm, at string) string {
	who := j.who(o, arm)
	text := j.quantityOf(o, at) + " of " + who
	switch {
	case o.Metric == "crossover":
		text = "audits until " + who + " is ahead of " + j.Ledger.Title(o.Against) + " for good"
	case len(o.WorstOf) > 0:
		text += ", worst of " + strings.Join(o.WorstOf, ", ")
	}
	if o.Dataset != "" {
		text += " on " + o.Dataset
	}
	return text
}

// wanted is the condition under which a check holds; "" for other operations.
func (j *Judge) wanted(k *ledger.Check, delta float64, p Point) string {
	switch k.Op {
	case "beats":
		if k.Margin != 0 {
			return "> " + Short(k.Margin)
		}
		return "> 0"
	case "at_least":
		return "> −" + Short(delta)
	case "above", "spread":
		return "> " + Short(*k.Bound)
	case "below":
		return "< " + Short(*k.Bound)
	case "frequency":
		return Short(k.Share) + " inside"
	case "near":
		want := k.Values[p.Dataset]
		if v, ok := j.Ledger.Tables().Value(k.Published, p.Left, p.Dataset); k.Published != "" &&
			ok {
			want = v.Mean
		}
		return fmt.Sprintf("within %s of %s", Short(delta), Short(want))
	}
	return ""
}
