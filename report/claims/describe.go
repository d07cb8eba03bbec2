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
	return left + word + factor + j.name(k.Right, p.right, p.rightAt)
}

// name names a quantity.
func (j *judge) name(o *Operand, arm, at string) string {
	title, audits := o.Metric, ""
	if m, ok := registry.Lookup(o.Metric); ok {
		title = m.Title
		if m.Takes&registry.TakesAt != 0 {
			audits = " at b = " + at
		}
	}
	who := j.ledger.title(arm)
	if o.Pick != "" {
		var all []string
		for _, a := range o.Arms {
			all = append(all, j.ledger.title(a))
		}
		who = "the " + o.Pick + " of " + strings.Join(all, ", ")
	}
	text := fmt.Sprintf("%s of %s%s", title, who, audits)
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
