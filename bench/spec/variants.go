package spec

import (
	"maps"
	"slices"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/spec/tree"
)

// Variants: one change at a time from the default, which is the rest of the spec.

// change is a resolved variant; nil is the default.
type change struct {
	*Variant
	at       *node
	settings []bench.Setting
}

// changes returns the variants, with the default first.
func (r *resolver) changes(datasets []*entry) []*change {
	v := r.choices.Variants
	if v == nil {
		return []*change{nil}
	}
	var out []*change
	if v.Default {
		out = append(out, nil)
	}
	first := map[string]*change{}
	for _, variant := range v.List {
		c := &change{Variant: variant, at: r.where[variant]}
		r.checkChange(c, datasets)
		c.settings = r.settingsOf(c, datasets)
		key := jsonText(c.settings)
		switch o := first[key]; {
		case len(c.settings) == 0:
			if !c.tries() {
				r.fail(c.at, "a variant that changes nothing needs a label")
			}
		case o != nil:
			r.fail(c.at, "has the same name as %s: give each its own label", o.at.Path())
		default:
			first[key] = c
		}
		out = append(out, c)
	}
	if len(out) == 0 {
		r.fail(r.where[v], "without the default, at least one variant is needed")
	}
	return out
}

// checkChange reports ids under only that name no entry, and methods and datasets that the variant
// applies to but that lack its parameters.
func (r *resolver) checkChange(c *change, datasets []*entry) {
	all := slices.Concat(r.methods, datasets)
	for i := range c.Only {
		if !slices.ContainsFunc(all, func(e *entry) bool { return e.handle() == c.Only[i] }) {
			here := slices.Compact(ids(all, (*entry).handle))
			r.fail(r.where[&c.Only[i]], "no method or dataset here is called %q: %s",
				tree.Brief(c.Only[i]), tree.Suggest(c.Only[i], here))
		}
	}
	lacks := func(name string, v *node, list []*entry) {
		who, param, _ := cutName(name)
		has := func(e *entry) bool { _, ok := e.param(param); return ok }
		if who != "" || !slices.ContainsFunc(list, has) {
			return // of one entry, or of none, which is reported elsewhere
		}
		for _, e := range list {
			if c.isFor(e, list) && !has(e) {
				r.fail(v,
					"%s has no such parameter: list the variant's methods or datasets under "+
						"only, or write ID.%s", e.who(), param)
			}
		}
	}
	for name, v := range c.Params {
		lacks(name, v, r.methods)
	}
	for name, v := range c.DatasetParams {
		lacks(name, v, datasets)
	}
}

// isFor reports whether the variant applies to e of list: only names e, or nothing in list.
func (c *change) isFor(e *entry, list []*entry) bool {
	return c == nil || slices.Contains(c.Only, e.handle()) ||
		!slices.ContainsFunc(list, func(e *entry) bool { return slices.Contains(c.Only, e.handle()) })
}

// own returns the variant's parameters for e's kind, method or dataset.
func (c *change) own(e *entry) Params {
	switch {
	case c == nil:
		return nil
	case e.data != nil:
		return c.DatasetParams
	}
	return c.Params
}

// audit is a variant's change of a setting of the audits.
type audit struct {
	name, value string
	layer       int // the latest that sets it otherwise, on a dataset
}

// audits lists the variant's changes to the settings of the audits; dataset may be nil where the
// layers do not matter.
func (r *resolver) audits(c *change, dataset *entry) (out []audit) {
	d, general, own := r.decoder, r.choices, new(Dataset)
	if dataset != nil {
		own = dataset.dataset
	}
	if c.Budget != nil {
		layer := max(layerOf(d, own.Budget), layerOf(d, general.Budget),
			sweepLayer(general.Sweep["budget"]))
		out = append(out, audit{"budget", c.Budget.plan().String(), layer})
	}
	if c.K != nil {
		layer := max(layerOf(d, own.K), layerOf(d, general.K), sweepLayer(general.Sweep["k"]))
		out = append(out, audit{"k", c.K.plan().String(), layer})
	}
	if c.Oracle != nil && c.Oracle.Miss != nil {
		out = append(out, audit{"oracle.miss", jsonText(*c.Oracle.Miss),
			layerOf(d, general.Oracle.Miss)})
	}
	if c.Oracle != nil && c.Oracle.Alarm != nil {
		out = append(out, audit{"oracle.alarm", jsonText(*c.Oracle.Alarm),
			layerOf(d, general.Oracle.Alarm)})
	}
	return out
}

// tries reports whether the variant is meant to change something, even if it is written wrongly.
func (c *change) tries() bool {
	return slices.ContainsFunc(c.at.Keys, func(k *node) bool {
		return k.Text != "only" &&
			k.Text != "label"
	})
}

// concerns reports whether a method on a dataset has cells in the variant. It has none, and shares
// the default's, if the variant changes nothing of it, or if a later layer sets all of the changes
// again. If a later layer sets only some of them again, a variant without a label is an error,
// since its name would give values that it does not have. split is for cells measured on the other
// half, where nothing is audited.
func (r *resolver) concerns(c *change, method, dataset *entry, split bool) bool {
	if c == nil || c.K == nil && c.Budget == nil && c.Oracle == nil && len(c.Params) == 0 &&
		len(c.DatasetParams) == 0 {
		return true // the default itself, perhaps under another name
	}
	kept, undone := false, false
	count := func(layer int) {
		again := layer > layerAt(c.at)
		kept, undone = kept || !again, undone || again
	}
	for _, a := range r.audits(c, dataset) {
		if !split {
			count(a.layer)
		}
	}
	r.now = c
	for _, e := range []*entry{method, dataset} {
		on := dataset
		if e == dataset {
			on = nil
		}
		for name := range c.own(e) {
			if who, param, _ := cutName(name); who == "" || who == e.handle() {
				if _, has := e.param(param); has {
					values, _ := r.assigned(e, on, param)
					count(sweepLayer(values))
				}
			}
		}
	}
	r.now = nil
	if kept && undone && c.Label == "" {
		r.fail(c.at, "a profile or --set overrides some of what this variant changes of %s on %s:"+
			" leave that out there or here, or give the variant a label",
			method.who(), dataset.who())
	}
	return kept
}

// settingsOf returns the variant's name as settings: its label, or everything that it sets.
func (r *resolver) settingsOf(c *change, datasets []*entry) []bench.Setting {
	if c.Label != "" {
		return []bench.Setting{{Name: "variant", Value: c.Label}}
	}
	var out []bench.Setting
	add := func(name, value string) { out = append(out, bench.Setting{Name: name, Value: value}) }
	for _, a := range r.audits(c, nil) {
		add(a.name, a.value)
	}
	params := func(p Params, list []*entry, prefix string) {
		for _, name := range slices.Sorted(maps.Keys(p)) {
			who, param, _ := cutName(name)
			for _, e := range list {
				known, has := e.param(param)
				if !has || who != "" && who != e.handle() {
					continue
				}
				if v, ok := r.param(p[name], known); ok {
					if who == "" {
						name = prefix + name
					}
					add(name, shownValue(v))
				}
				break
			}
		}
	}
	params(c.DatasetParams, datasets, "dataset.")
	params(c.Params, r.methods, "")
	return out
}
