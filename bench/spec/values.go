package spec

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/uaibench/uaibench/bench"
)

// How the language's own types are written, and the catalogue's parameters.

func (e *Dataset) decode(d *decoder, n *node) bool { return d.entry(n, e, &e.ID) }
func (e *Method) decode(d *decoder, n *node) bool  { return d.entry(n, e, &e.ID) }

// entry takes an id, or a mapping with one.
func (d *decoder) entry(n *node, v any, id *string) bool {
	switch n.kind {
	case isMap:
		d.fields(n, v)
		return *id != ""
	case isText:
		return d.decode(n, id)
	}
	d.fail(n, "%s", n.wrong("an id or {id, params, label}"))
	return false
}

func (p *Params) decode(d *decoder, n *node) bool {
	if n.kind != isMap {
		d.fail(n, "%s", n.wrong("a mapping of parameters (name: value)"))
		return false
	}
	*p = Params{}
	for i, k := range n.keys {
		(*p)[k.text] = n.items[i]
	}
	return true
}

func (s *Sweep) decode(d *decoder, n *node) bool {
	if n.kind != isMap {
		d.fail(n, "%s", n.wrong("a mapping of axes (name: [values])"))
		return false
	}
	*s = Sweep{}
	for i, k := range n.keys {
		switch axis := n.items[i]; {
		case axis.kind != isList:
			d.fail(axis, "%s", axis.wrong("a list of values"))
		case len(axis.items) == 0:
			d.fail(axis, "the list is empty: a sweep needs at least one value")
		case d.tooLong(axis):
		default:
			(*s)[k.text] = axis.items
		}
	}
	return true
}

func (b *Budget) decode(d *decoder, n *node) bool {
	if n.kind == isText && !(n.quoted && classify(n.text) != isText) && !grouped.MatchString(n.text) {
		return d.word(n, "a budget (a number, anomalies or all)", budgetRules, &b.Rule)
	}
	if !d.integer(n, &b.Audits) {
		return false
	}
	if b.Audits < 1 {
		d.fail(n, "%d is below 1: a run audits at least one row", b.Audits)
		return false
	}
	return true
}

func (k *K) decode(d *decoder, n *node) bool {
	if n.kind == isMap {
		var rule KRule
		before := len(d.errs)
		d.fields(n, &rule)
		k.Below, k.Then, k.Else = rule.Below, rule.Then, rule.Else
		return len(d.errs) == before
	}
	if n.kind == isText && !n.quoted && !grouped.MatchString(n.text) {
		d.fail(n, "%s", n.wrong("an integer or {if_anomalies_below, then, else}"))
		return false
	}
	if !d.integer(n, &k.Audits) {
		return false
	}
	if k.Audits < 1 {
		d.fail(n, "%d is below 1: a round audits at least one row", k.Audits)
		return false
	}
	return true
}

func (s *Seed) decode(d *decoder, n *node) bool {
	var i int
	if !d.integer(n, &i) {
		return false
	}
	if i < 0 {
		d.fail(n, "%d is negative: seeds begin at 0", i)
		return false
	}
	*s = Seed(i)
	return true
}

func (s *Seeds) decode(d *decoder, n *node) bool {
	switch n.kind {
	case isMap:
		return d.fields(n, &s.Range)
	case isList:
		if len(n.items) == 0 {
			d.fail(n, "the list is empty: there is at least one seed")
			return false
		}
		return d.decode(n, &s.List) && d.distinct(n, s.List)
	}
	d.fail(n, "%s", n.wrong("{base, count} or a list of seeds"))
	return false
}

// distinct says which of n's items, whose values are l, are there twice.
func (d *decoder) distinct(n *node, l []Seed) bool {
	first, good := map[Seed]bool{}, true
	for i, v := range l {
		if first[v] {
			d.fail(n.items[i], "%d is listed twice", v)
			good = false
		}
		first[v] = true
	}
	return good
}

func (c *Checkpoints) decode(d *decoder, n *node) bool {
	if n.kind != isMap {
		return d.audits(n, &c.At)
	}
	var p struct {
		At   audits `json:"at,omitempty"`
		Look []Look `json:"look,omitempty"`
	}
	before := len(d.errs)
	d.fields(n, &p)
	c.At, c.Look = p.At, p.Look
	if at, ok := n.get("at"); ok {
		d.where[&c.At] = at
	}
	if at, ok := n.get("look"); ok {
		d.where[&c.Look] = at
		for i, l := range c.Look {
			if slices.Contains(c.Look[:i], l) {
				d.fail(at.items[i], "%s is listed twice", l)
			}
		}
	}
	return len(d.errs) == before
}

// audits are numbers of audits, ascending.
type audits []int

func (a *audits) decode(d *decoder, n *node) bool { return d.audits(n, (*[]int)(a)) }

func (d *decoder) audits(n *node, to *[]int) bool {
	var l []int
	if d.tooLong(n) || !d.decode(n, &l) {
		return false
	}
	d.where[to] = n
	good, last := true, -1
	for i, v := range l {
		switch {
		case v < 0:
			d.fail(n.items[i], "%d is negative: checkpoints are numbers of audits", v)
			good = false
		case v <= last:
			d.fail(n.items[i], "%d comes after %d: list each once, in ascending order", v, last)
			good = false
		}
		last = max(last, v)
	}
	*to = l
	return good
}

func (l *Look) decode(d *decoder, n *node) bool {
	return d.word(n, "a look", looks, (*string)(l))
}

func (t *Duration) decode(d *decoder, n *node) bool {
	if n.kind == isInt || n.kind == isFloat {
		d.fail(n, "%s has no unit: write %[1]sm for minutes or %[1]ss for seconds", brief(n.text))
		return false
	}
	if n.kind != isText {
		d.fail(n, "%s", n.wrong("a duration (90s, 30m, 1h30m)"))
		return false
	}
	v, err := time.ParseDuration(n.text)
	switch {
	case err == nil && v <= 0:
		d.fail(n, "%s is not above zero: leave it out for no limit", brief(n.text))
		return false
	case err != nil || !durationForm.MatchString(n.text):
		d.fail(n, "%q is not a duration: write it as 90s, 30m or 1h30m", brief(n.text))
		return false
	}
	*t = Duration(v)
	return true
}

var durationForm = regexp.MustCompile(`^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$`)

func (p *Probability) decode(d *decoder, n *node) bool {
	var f float64
	if !d.number(n, &f) {
		return false
	}
	if f < 0 || f > 1 {
		d.fail(n, "%s is not a probability: it is in [0, 1]", brief(n.text))
		return false
	}
	*p = Probability(f)
	return true
}

func (p *PlotKind) decode(d *decoder, n *node) bool {
	return d.word(n, "a kind of plot", plotKinds, (*string)(p))
}

func (t *Table) decode(d *decoder, n *node) bool {
	return d.word(n, "a table", tableKinds, (*string)(t))
}

// value decodes a parameter's value as the catalogue describes it.
func (d *decoder) value(n *node, p bench.Param) (any, bool) {
	var v any
	ok := false
	switch p.Kind {
	case bench.Bool:
		if n.kind != isBool {
			d.fail(n, "%s", n.wrong("true or false"))
			return nil, false
		}
		return strings.EqualFold(n.text, "true"), true
	case bench.Int:
		var i int
		ok = d.integer(n, &i)
		v = i
	case bench.Float:
		var f float64
		ok = d.number(n, &f)
		v = f
	case bench.String:
		var s string
		if p.Enum != nil {
			ok = d.word(n, "a value of "+p.Name, p.Enum, &s)
		} else {
			ok = d.text(n, &s)
		}
		v = s
	case bench.Ints:
		return d.integers(n, p)
	default:
		panic("spec: parameter " + p.Name + " has unknown kind " + string(p.Kind))
	}
	if !ok {
		return nil, false
	}
	return d.normal(n, p, v)
}

// integers decodes a list, so that a bad one is shown at its own place.
func (d *decoder) integers(n *node, p bench.Param) (any, bool) {
	if n.kind != isList {
		hint := ""
		if n.kind == isInt {
			hint = ": write [" + n.text + "]"
		}
		d.fail(n, "%s%s", n.wrong("a list of integers"), hint)
		return nil, false
	}
	if d.tooLong(n) {
		return nil, false
	}
	one := p
	one.Kind = bench.Int
	list, good := make([]int, len(n.items)), true
	for i, item := range n.items {
		ok := d.integer(item, &list[i])
		if ok {
			_, ok = d.normal(item, one, list[i])
		}
		good = good && ok
	}
	if !good {
		return nil, false
	}
	return d.normal(n, p, list)
}

func (d *decoder) normal(n *node, p bench.Param, v any) (any, bool) {
	v, err := p.Normalize(v)
	if err != nil {
		d.fail(n, "%s", err)
		return nil, false
	}
	return v, true
}
