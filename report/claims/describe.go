package claims

import (
	"fmt"
	"strings"

	"github.com/uaibench/uaibench/bench/metric/registry"
)

// describe names what a comparison compares.
func (j *judge) describe(p point) string {
	k := p.check
	left := j.name(k.Left, p.left, p.leftAt)
	if k.Right == nil {
		return left
	}
	if k.Right.Metric == "published" {
		return left + " − the printed F1"
	}
	factor := ""
	if k.factor() != 1 {
		factor = short(k.factor()) + " × "
	}
	word := " − "
	if k.Op == "steadier" {
		word = " / sd of "
		left = "sd of " + left
	}
	if l, r := k.Left, k.Right; l.Metric == r.Metric && p.leftAt == p.rightAt && k.Op != "steadier" && l.Dataset == r.Dataset && l.Metric != "crossover" && len(l.WorstOf) == 0 {
		return j.quantityOf(l, p.leftAt) + ": " + j.who(l, p.left) + word + factor + j.who(r, p.right)
	}
	return left + word + factor + j.name(k.Right, p.right, p.rightAt)
}

// quantityOf names a metric, with its number of audits.
func (j *judge) quantityOf(o *Operand, at string) string {
	m, ok := registry.Lookup(o.Metric)
	switch {
	case !ok:
		return o.Metric
	case m.Takes&registry.TakesAt != 0:
		return m.Title + " at b = " + at
	}
	return m.Title
}

// who names an arm, or those among which an operand picks.
func (j *judge) who(o *Operand, arm string) string {
	if o.Pick == "" {
		return j.ledger.title(arm)
	}
	var all []string
	for _, a := range o.Arms {
		all = append(all, j.ledger.title(a))
	}
	return "the " + o.Pick + " of " + strings.Join(all, ", ")
}

// name names a quantity.
func (j *judge) name(o *Operand, arm, at string) string {
	who := j.who(o, arm)
	text := j.quantityOf(o, at) + " of " + who
	switch {
	case o.Metric == "crossover":
		text = "audits until " + who + " is ahead of " + j.ledger.title(o.Against) + " for good"
	case len(o.WorstOf) > 0:
		text += ", worst of " + strings.Join(o.WorstOf, ", ")
	}
	if o.Dataset != "" {
		text += " on " + o.Dataset
	}
	return text
}

// wanted is what a check asks for.
func (j *judge) wanted(k *Check, delta float64, p point) string {
	switch k.Op {
	case "beats":
		if k.Margin != 0 {
			return "> " + short(k.Margin)
		}
		return "> 0"
	case "at_least":
		return "> −" + short(delta)
	case "above", "spread":
		return "> " + short(*k.Bound)
	case "below":
		return "< " + short(*k.Bound)
	case "frequency":
		return short(k.Share) + " inside"
	case "near":
		want := k.Values[p.dataset]
		if v, ok := j.ledger.tables().Value(k.Published, p.left, p.dataset); k.Published != "" && ok {
			want = v.Mean
		}
		return fmt.Sprintf("within %s of %s", short(delta), short(want))
	}
	return ""
}
