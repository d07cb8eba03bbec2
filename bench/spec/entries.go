package spec

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/spec/tree"
)

// entry is an item of datasets or methods, with its catalogue entry.
type entry struct {
	*Entry
	at      *node
	title   string // the catalogue's, or the id
	known   []bench.Param
	info    bench.MethodInfo   // of a method
	method  *Method            // of a method: its entry in the spec
	data    *bench.DatasetInfo // of a dataset; nil for a method
	dataset *Dataset           // of a dataset: its entry in the spec

	// Of the user's own files and programs:
	found  map[string]bench.DatasetInfo // of a file, by fileKey
	unread bool                         // of a file: it cannot be read, which has been reported
	fixed  bench.Params                 // of a program, in addition to its parameters

	unknown bool // the catalogue lacks the id; known and title are those of the nearest id
}

// name is the entry's name in the report: the curve's label.
func (e *entry) name() string {
	if e.Label != "" {
		return e.Label
	}
	return e.title
}

func (e *entry) param(name string) (bench.Param, bool) {
	i := slices.IndexFunc(e.known, func(p bench.Param) bool { return p.Name == name })
	if i < 0 {
		return bench.Param{}, false
	}
	return e.known[i], true
}

// known drops the entries that the catalogue lacks.
func known(entries []*entry) []*entry {
	return slices.DeleteFunc(slices.Clone(entries), func(e *entry) bool { return e.unknown })
}

// methodEntries returns the current methods, and reports the errors within each.
func (r *resolver) methodEntries() []*entry {
	var out []*entry
	for _, m := range r.choices.Methods {
		e := &entry{Entry: &m.Entry, at: r.where[m], method: m}
		e.info, _ = r.cat.Method(m.ID)
		out = append(out, e)
	}
	return r.catalogued("methods", out, methodsOf(r.cat))
}

// datasetEntries returns the current datasets, like methodEntries.
func (r *resolver) datasetEntries() []*entry {
	var out []*entry
	for _, s := range r.choices.Datasets {
		e := &entry{Entry: &s.Entry, at: r.where[s], dataset: s, data: new(bench.DatasetInfo),
			found: map[string]bench.DatasetInfo{}}
		*e.data, _ = r.cat.Dataset(s.ID)
		out = append(out, e)
	}
	return r.catalogued("datasets", out, datasetsOf(r.cat))
}

// catalogued fills in each entry of the key from the catalogue's items, and checks it.
//
// No error hides another: the parameters of an unknown id are checked against those of the nearest
// id, or else against all parameters. If an entry cannot be read at all, every item of the
// catalogue is appended as an unknown entry.
func (r *resolver) catalogued(key string, entries []*entry, items []item) []*entry {
	valid, what := ids(items, item.name), strings.TrimSuffix(key, "s")
	list, _ := r.where[r.choices].Get(key)
	unread := list == nil || list.Kind != tree.List || len(list.Items) > len(entries)
	for _, e := range entries {
		at := slices.Index(valid, e.ID)
		if at >= 0 {
			e.title, e.known = cmp.Or(items[at].title, e.ID), items[at].params
		} else if at = slices.Index(valid, tree.Nearest(e.ID, valid)); at >= 0 {
			e.title, e.known, e.unknown = items[at].id, items[at].params, true
		} else {
			e.title, e.known, e.unknown = "the catalogue", allParams(items), true
		}
		switch {
		case e.unknown:
		case e.ID == bench.FileID && e.data != nil && e.dataset.Path != "":
			e.title = filepath.Base(filepath.FromSlash(e.dataset.Path))
		case e.ID == bench.ProgramID && e.method != nil:
			r.program(e)
		}
		if unread = unread || e.ID == ""; e.unknown && e.ID != "" {
			r.fail(r.where[&e.ID], "no %s is called %q: %s", what, tree.Brief(e.ID),
				tree.Suggest(e.ID, valid))
		}
		r.checkParams(e)
	}
	r.checkLabels(entries)
	for i := 0; unread && i < len(items); i++ {
		e := &entry{Entry: &Entry{ID: items[i].id}, known: items[i].params, unknown: true}
		if what == "dataset" {
			e.data = new(bench.DatasetInfo)
		}
		entries = append(entries, e)
	}
	return entries
}

// checkParams checks an entry's own parameters.
func (r *resolver) checkParams(e *entry) {
	whose := e.handle()
	if e.unknown {
		whose = e.title
	}
	for name, v := range e.Params { // in any order: errors are sorted by place
		if p, ok := e.param(name); ok {
			r.param(v, p)
		} else {
			r.fail(v, "%s has no such parameter: %s", whose,
				tree.Suggest(name, paramNames(e.known)))
		}
	}
}

// allParams returns the parameters of all items, each name once.
func allParams(items []item) (out []bench.Param) {
	for _, m := range items {
		for _, p := range m.params {
			if !slices.Contains(paramNames(out), p.Name) {
				out = append(out, p)
			}
		}
	}
	return out
}

func ids[T any](list []T, id func(T) string) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = id(v)
	}
	return out
}

// checkLabels reports entries whose labels are not distinct.
func (r *resolver) checkLabels(entries []*entry) {
	named := map[string]*entry{}
	for _, e := range known(entries) {
		if earlier := named[e.name()]; earlier != nil {
			r.failSame(e, earlier)
		} else {
			named[e.name()] = e
		}
	}
}

// failSame reports that entry e cannot be told from an earlier one.
func (r *resolver) failSame(e, earlier *entry) {
	switch own := e.ID == bench.FileID || e.ID == bench.ProgramID; {
	case own && e.ID == earlier.ID:
		r.fail(e.at, "%q is already the name of %s: give one of them another %s", tree.Brief(e.name()),
			earlier.at.Path(), map[string]string{bench.FileID: "title",
				bench.ProgramID: "label"}[e.ID])
	case e.ID != earlier.ID:
		r.fail(e.at, "the label %q is already that of %s: give each its own", tree.Brief(e.name()),
			earlier.at.Path())
	case paramsText(e.Params) == paramsText(earlier.Params) && !e.particular() &&
		!earlier.particular():
		r.fail(e.at, "%s is listed twice, first at %s:"+
			" leave one out, or give it other parameters and a label", e.ID, earlier.at.Path())
	default:
		r.fail(e.at, "%s is already listed with other parameters at %s:"+
			" give each its own label", e.ID, earlier.at.Path())
	}
}

// particular reports whether a dataset's entry sets more than its parameters.
func (e *entry) particular() bool {
	d := e.dataset
	return d != nil && (d.Budget != nil || d.K != nil || d.Checkpoints != nil ||
		d.MethodParams != nil)
}

// paramsText is equal for parameters that are written alike.
func paramsText(p Params) string {
	text := map[string]string{}
	for name, n := range p {
		text[name] = n.Flow()
	}
	return jsonText(text)
}

// checkNames reports the keys of a layer's sweep, params and variants that name nothing: no entry
// has such a parameter, neither at that layer nor after the last. Values are checked against every
// entry that has the parameter, even if a later layer overrides them.
func (r *resolver) checkNames(l *Profile, methods, datasets []*entry) {
	for name, values := range l.Sweep {
		at := values[0].Parent
		switch who, param, _ := cutName(name); {
		case name == "k":
			r.decodeEach(values, func() any { return new(K) })
		case name == "budget":
			r.decodeEach(values, func() any { return new(Budget) })
		case who == "":
			r.checkName(at, who, param, values, methods, datasets, "k", "budget")
		case who == "dataset":
			r.checkName(at, who, param, values, datasets, nil)
		default:
			r.checkName(at, who, param, values, slices.Concat(methods, datasets), nil)
		}
	}
	both := func(p, ofDatasets Params) {
		for name, v := range p {
			r.checkMethodParam(name, v, methods, datasets)
		}
		for name, v := range ofDatasets {
			r.checkDatasetParam(name, v, methods, datasets)
		}
	}
	both(l.Params, l.DatasetParams)
	for _, d := range l.Datasets {
		both(d.MethodParams, nil)
	}
	if l.Variants != nil {
		for _, v := range l.Variants.List {
			both(v.Params, v.DatasetParams)
		}
	}
}

func (r *resolver) decodeEach(values []*node, fresh func() any) {
	for _, n := range values {
		r.decode(n, fresh())
	}
}

// checkDatasetParam checks a key of dataset_params.
func (r *resolver) checkDatasetParam(name string, v *node, methods, datasets []*entry) {
	who, param, qualified := cutName(name)
	_, method := r.cat.Method(who)
	switch {
	case method:
		r.fail(v, "a method's parameter belongs under params")
		return
	case !qualified:
		who = "dataset"
	case who == "dataset":
		r.fail(v, "write %s: under dataset_params it applies to every dataset", tree.Brief(param))
		return
	}
	r.checkName(v, who, param, []*node{v}, datasets, methods)
}

// checkMethodParam checks a key of params or of a dataset's method_params.
func (r *resolver) checkMethodParam(name string, v *node, methods, datasets []*entry) {
	who, param, _ := cutName(name)
	_, ofDataset := r.cat.Dataset(who)
	ofDataset = ofDataset || who == "dataset"
	home := "dataset_params"
	if v.Parent != nil && v.Parent.Key == "method_params" {
		home = "params"
		has := func(e *entry) bool { _, ok := e.param(param); return ok }
		ofDataset = ofDataset || who == "" && slices.ContainsFunc(datasets, has) &&
			!slices.ContainsFunc(methods, has)
	}
	if ofDataset {
		r.fail(v, "a dataset's parameter belongs under %s", home)
		return
	}
	r.checkName(v, who, param, []*node{v}, methods, datasets)
}

// checkName checks one key and its values. who is the id that qualifies the key, "" for any method
// and "dataset" for any dataset. pool are the entries that the parameter may belong to, others
// further entries to name in messages, and names the other valid keys.
func (r *resolver) checkName(at *node, who, name string, values []*node, pool, others []*entry,
	names ...string) {
	all := slices.Concat(pool, others)
	if who != "" && who != "dataset" {
		other := func(e *entry) bool { return e.handle() != who }
		if pool = slices.DeleteFunc(slices.Clone(pool), other); len(pool) == 0 {
			r.fail(at, "%s", r.unknownOwner(who, name, all))
			return
		}
	}
	found := false
	for _, e := range pool {
		if p, ok := e.param(name); ok {
			found = true
			for _, v := range values {
				if !e.unknown {
					r.param(v, p)
				}
			}
		}
		for _, p := range paramNames(e.known) {
			if !slices.Contains(names, p) {
				names = append(names, p)
			}
		}
	}
	if found {
		return
	}
	whose := who + " has no"
	switch who {
	case "":
		for _, e := range others {
			if _, ok := e.param(name); ok && !e.unknown {
				r.fail(at, "no method here has a parameter %s, but %s has:"+
					" write dataset.%[1]s or %[2]s.%[1]s", name, e.ID)
				return
			}
		}
		whose = "no method here has a"
	case "dataset":
		whose = "no dataset here has a"
	}
	r.fail(at, "%s parameter %q: %s", whose, tree.Brief(name), tree.Suggest(name, names))
}

// unknownOwner explains the error in who.name where no entry is called who.
func (r *resolver) unknownOwner(who, name string, entries []*entry) string {
	_, m := r.cat.Method(who)
	_, s := r.cat.Dataset(who)
	var here []string
	for _, e := range entries {
		if name := e.handle(); name != "" && !slices.Contains(here, name) {
			here = append(here, name)
		}
	}
	if m || s {
		return fmt.Sprintf("%s is not used here: valid: %s", who, strings.Join(here, ", "))
	}
	if near := tree.Nearest(who, here); near != "" {
		return fmt.Sprintf("nothing here is called %q: did you mean %s.%s?", tree.Brief(who), near,
			tree.Brief(name))
	}
	return fmt.Sprintf("nothing here is called %q: %s", tree.Brief(who), tree.Suggest(who, here))
}
