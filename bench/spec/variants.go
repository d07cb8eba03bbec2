package spec

import (
	"maps"
	"slices"

	"github.com/uaibench/uaibench/bench"
)

// Variants: one change at a time from what the rest of the spec says, which is the default.

func (v *Variants) decode(d *decoder, n *node) bool {
	if n.kind == isMap {
		return d.fields(n, &v.Some)
	}
	if n.kind != isList {
		d.fail(n, "%s", n.wrong("a list of variants or {default, list}"))
		return false
	}
	return !d.tooLong(n) && d.decode(n, &v.List)
}

// scheme is a variant in force; nil is the default.
type scheme struct {
	*Variant
	at       *node
	layer    int
	settings []bench.Setting
}

// schemes are those of the latest layer that has variants, the default first.
func (r *resolver) schemes(methods, datasets []*entry) []*scheme {
	for i, l := range slices.Backward(r.layers) {
		if l.Variants == nil {
			continue
		}
		var out []*scheme
		if l.Variants.Default == nil || bool(*l.Variants.Default) {
			out = append(out, nil)
		}
		first := map[string]*scheme{}
		for _, v := range l.Variants.List {
			s := &scheme{Variant: v, at: r.where[v], layer: i}
			r.checkScheme(s, methods, datasets)
			s.settings = r.settingsOf(s, methods, datasets)
			key := jsonText(s.settings)
			switch o := first[key]; {
			case len(s.settings) == 0:
				if !s.tries() {
					r.fail(s.at, "a variant that changes nothing needs a label")
				}
			case o != nil:
				r.fail(s.at, "cannot be told from %s: give each a label of its own", o.at.path())
			default:
				first[key] = s
			}
			out = append(out, s)
		}
		if len(out) == 0 {
			r.fail(r.where[l.Variants], "without the default there is at least one variant")
		}
		return out
	}
	return []*scheme{nil}
}

// checkScheme says which of a variant's keys name nothing, and which methods and datasets it is for but have no such
// parameter.
func (r *resolver) checkScheme(s *scheme, methods, datasets []*entry) {
	all := slices.Concat(methods, datasets)
	for i := range s.Only {
		if !slices.ContainsFunc(all, func(e *entry) bool { return e.id == s.Only[i] }) {
			r.fail(r.where[&s.Only[i]], "no method or dataset here is called %q: %s", brief(s.Only[i]), suggest(s.Only[i], ids(distinct(all), func(e *entry) string { return e.id })))
		}
	}
	lacks := func(name string, v *node, list []*entry) {
		who, param, _ := cutName(name)
		has := func(e *entry) bool { _, ok := e.param(param); return ok }
		if who != "" || !slices.ContainsFunc(list, has) {
			return // of one, or of none, which is said elsewhere
		}
		for _, e := range distinct(list) {
			if s.isFor(e, list) && !has(e) {
				r.fail(v, "%s has no such parameter: list those that the variant is for under only, or write ID.%s", e.id, param)
			}
		}
	}
	for name, v := range s.Params {
		lacks(name, v, methods)
	}
	for name, v := range s.DatasetParams {
		lacks(name, v, datasets)
	}
}

// isFor tells whether only lets the variant be for e, which is one of list: it does if it names none of them.
func (s *scheme) isFor(e *entry, list []*entry) bool {
	named := slices.ContainsFunc(list, func(e *entry) bool { return slices.Contains(s.Only, e.id) })
	return !named || slices.Contains(s.Only, e.id)
}

// own are the variant's parameters for methods or for datasets, whichever e is.
func (s *scheme) own(e *entry) Params {
	switch {
	case s == nil:
		return nil
	case e.what == "dataset":
		return s.DatasetParams
	}
	return s.Params
}

// bare tells whether the variant changes nothing: a copy under another name.
func (s *scheme) bare() bool {
	return !s.audits() && len(s.Params) == 0 && len(s.DatasetParams) == 0
}

// tries tells whether the variant was meant to change something, rightly written or not.
func (s *scheme) tries() bool {
	return slices.ContainsFunc(s.at.keys, func(k *node) bool { return k.text != "only" && k.text != "label" })
}

// audits tells whether the variant changes how rows are audited.
func (s *scheme) audits() bool { return s.K != nil || s.Budget != nil || s.Oracle != nil }

// concerns tells whether a method on a dataset is the variant's at all: what it does not change is the default's, and so is
// what a later layer, a profile or a --set, sets again. Where only a part of what it changes is set again, a variant without
// a label is refused, for it would go by values that it has not.
func (r *resolver) concerns(s *scheme, method, dataset *entry, halved bool) bool {
	if s == nil || s.bare() {
		return true
	}
	kept, undone := false, false
	count := func(again bool) { kept, undone = kept || !again, undone || again }
	if !halved {
		r.countAudits(s, dataset, count)
	}
	for _, e := range []*entry{method, dataset} {
		on := dataset
		if e == dataset {
			on = nil
		}
		for name := range s.own(e) {
			if who, param, _ := cutName(name); who == "" || who == e.id {
				if _, has := e.param(param); has {
					count(r.later(s, func(i int) bool { v, _ := r.assignedBy(i, e, on, param); return v != nil }))
				}
			}
		}
	}
	if kept && undone && s.Label == "" {
		r.fail(s.at, "some of what this variant changes of %s on %s is set again by a profile or a --set, which wins: leave that out there or here, or give the variant a label", method.id, dataset.id)
	}
	return kept
}

// countAudits counts what the variant changes of how rows are audited.
func (r *resolver) countAudits(s *scheme, dataset *entry, count func(again bool)) {
	if s.K != nil {
		count(r.later(s, func(i int) bool {
			l := r.layers[i]
			return l.K != nil || l.Sweep["k"] != nil || i == dataset.layer && dataset.own.K != nil
		}))
	}
	if s.Budget != nil {
		count(r.later(s, func(i int) bool {
			l := r.layers[i]
			return l.Budget != nil || l.Sweep["budget"] != nil || i == dataset.layer && dataset.own.Budget != nil
		}))
	}
	if s.Oracle != nil && s.Oracle.Miss != nil {
		count(r.later(s, func(i int) bool { o := r.layers[i].Oracle; return o != nil && o.Miss != nil }))
	}
	if s.Oracle != nil && s.Oracle.Alarm != nil {
		count(r.later(s, func(i int) bool { o := r.layers[i].Oracle; return o != nil && o.Alarm != nil }))
	}
}

// later tells whether a layer after the variant's does something.
func (r *resolver) later(s *scheme, does func(layer int) bool) bool {
	for i := s.layer + 1; i < len(r.layers); i++ {
		if does(i) {
			return true
		}
	}
	return false
}

// settingsOf is how the variant is spoken of: by its label, or by all that it sets.
func (r *resolver) settingsOf(s *scheme, methods, datasets []*entry) []bench.Setting {
	if s.Label != "" {
		return []bench.Setting{{Name: "variant", Value: s.Label}}
	}
	var out []bench.Setting
	add := func(name, value string) { out = append(out, bench.Setting{Name: name, Value: value}) }
	if s.Budget != nil {
		add("budget", s.Budget.String())
	}
	if s.K != nil {
		add("k", s.K.String())
	}
	if s.Oracle != nil && s.Oracle.Miss != nil {
		add("oracle.miss", jsonText(float64(*s.Oracle.Miss)))
	}
	if s.Oracle != nil && s.Oracle.Alarm != nil {
		add("oracle.alarm", jsonText(float64(*s.Oracle.Alarm)))
	}
	params := func(p Params, list []*entry, prefix string) {
		for _, name := range slices.Sorted(maps.Keys(p)) {
			who, param, _ := cutName(name)
			for _, e := range list {
				known, has := e.param(param)
				if !has || who != "" && who != e.id {
					continue
				}
				if v, ok := r.value(p[name], known); ok {
					if who == "" {
						name = prefix + name
					}
					add(name, shownValue(v))
				}
				break
			}
		}
	}
	params(s.DatasetParams, datasets, "dataset.")
	params(s.Params, methods, "")
	return out
}
