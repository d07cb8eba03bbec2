package spec

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/bench"
)

// entry is an item of datasets or of methods: what the two have in common.
type entry struct {
	at     *node
	what   string // "dataset" or "method"
	id     string
	title  string // the catalogue's, or the id
	label  string // the spec's, "" if none
	params Params
	layer  int // that it comes from
	known  []bench.Param
	method bench.MethodInfo  // of a method
	data   bench.DatasetInfo // of a dataset
	own    *Dataset          // of a dataset: what the spec says of it
	says   *Method           // of a method, likewise
}

// name is how the entry is spoken of: the curve's label.
func (e *entry) name() string {
	if e.label != "" {
		return e.label
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

// entries gives the methods and datasets in force within layers.
func (r *resolver) entries(layers []*layer) (methods, datasets []*entry) {
	return r.methodEntries(layers), r.datasetEntries(layers)
}

// datasetEntries gives the entries in force within layers, leaving out those of unknown id; what is
// wrong with an entry by itself is said.
func (r *resolver) datasetEntries(layers []*layer) []*entry {
	var out []*entry
	for i := len(layers) - 1; i >= 0; i-- {
		l := layers[i]
		if l.Datasets == nil {
			continue
		}
		for _, e := range l.Datasets[:r.count(len(l.Datasets), &l.Datasets)] {
			info, ok := r.cat.Dataset(e.ID)
			if !ok {
				r.unknown("dataset", e.ID, &e.ID, ids(r.cat.Datasets, func(d bench.DatasetInfo) string { return d.ID }))
				continue
			}
			if chosen := chosen(l, r.where[e], e.ID, func() []*entry { return r.datasetEntries(layers[:i]) }); chosen != nil {
				out = append(out, chosen...)
				continue
			}
			out = append(out, &entry{at: r.where[e], what: "dataset", id: e.ID, title: info.Title, label: e.Label,
				params: e.Params, layer: i, known: info.Params, data: info, own: e})
		}
		break
	}
	return r.checked(out)
}

// chosen are the entries that a --set means by an id alone: those that the spec has of it, with all that the spec says of
// them. nil: it has none, or an entry is spelled out.
func chosen(l *layer, at *node, id string, below func() []*entry) []*entry {
	if !l.set || at.kind == isMap {
		return nil
	}
	var out []*entry
	for _, e := range below() {
		if e.id == id {
			out = append(out, e)
		}
	}
	return out
}

// methodEntries gives the entries in force within layers, as datasetEntries does.
func (r *resolver) methodEntries(layers []*layer) []*entry {
	var out []*entry
	for i := len(layers) - 1; i >= 0; i-- {
		l := layers[i]
		if l.Methods == nil {
			continue
		}
		for _, e := range l.Methods[:r.count(len(l.Methods), &l.Methods)] {
			info, ok := r.cat.Method(e.ID)
			if !ok {
				r.unknown("method", e.ID, &e.ID, ids(r.cat.Methods, func(m bench.MethodInfo) string { return m.ID }))
				continue
			}
			if chosen := chosen(l, r.where[e], e.ID, func() []*entry { return r.methodEntries(layers[:i]) }); chosen != nil {
				out = append(out, chosen...)
				continue
			}
			out = append(out, &entry{at: r.where[e], what: "method", id: e.ID, title: info.Title, label: e.Label,
				params: e.Params, layer: i, known: info.Params, method: info, says: e})
		}
		break
	}
	return r.checked(out)
}

func ids[T any](list []T, id func(T) string) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = id(v)
	}
	return out
}

func (r *resolver) unknown(what, id string, at any, valid []string) {
	r.fail(r.where[at], "no %s is called %q: %s", what, brief(id), suggest(id, valid))
}

// maxEntries bounds the lists of datasets and methods.
const maxEntries = 500

// count checks a list's length and gives how many of its n entries to go on with.
func (r *resolver) count(n int, list any) int {
	at := r.where[list]
	switch {
	case len(at.items) == 0:
		r.fail(at, "the list is empty: it needs at least one")
	case n > maxEntries:
		r.fail(at, "%d entries: at most %d", n, maxEntries)
		return maxEntries
	}
	return n
}

// checked checks the entries' own parameters and that labels tell them apart.
func (r *resolver) checked(entries []*entry) []*entry {
	named := map[string]*entry{}
	for _, e := range entries {
		if e.title == "" {
			e.title = e.id
		}
		for name, v := range e.params { // in any order: errors are sorted by place
			if p, ok := e.param(name); ok {
				r.value(v, p)
			} else {
				r.fail(v, "%s has no such parameter: %s", e.id, suggest(name, ids(e.known, func(p bench.Param) string { return p.Name })))
			}
		}
		if earlier := named[e.name()]; earlier != nil {
			r.alike(e, earlier)
		} else {
			named[e.name()] = e
		}
	}
	return entries
}

// alike says that entry e cannot be told from an earlier one.
func (r *resolver) alike(e, earlier *entry) {
	switch {
	case e.id != earlier.id:
		r.fail(e.at, "the label %q is that of %s already: give each its own", brief(e.name()), earlier.at.path())
	case paramsText(e.params) == paramsText(earlier.params) && !e.particular() && !earlier.particular():
		r.fail(e.at, "%s is listed twice, first at %s: leave one out, or give it other parameters and a label", e.id, earlier.at.path())
	default:
		r.fail(e.at, "%s is listed with other parameters at %s already: give each a label of its own", e.id, earlier.at.path())
	}
}

// particular says that a dataset's entry sets more than its parameters.
func (e *entry) particular() bool {
	return e.own != nil && (e.own.Budget != nil || e.own.K != nil || e.own.Checkpoints != nil || e.own.MethodParams != nil)
}

// paramsText is equal for parameters that are written equally.
func paramsText(p Params) string {
	var text func(n *node) any
	text = func(n *node) any {
		if n.kind == isList {
			out := make([]any, len(n.items))
			for i, v := range n.items {
				out[i] = text(v)
			}
			return out
		}
		return n.text
	}
	m := map[string]any{}
	for name, n := range p {
		m[name] = text(n)
	}
	return jsonText(m)
}

func jsonText(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic("spec: " + err.Error())
	}
	return string(b)
}

// checkNames says which keys of a layer's sweep and params name nothing: no entry in force at
// that layer, or in the end, has such a parameter. Their values are checked against every entry
// that has it, even where a later layer overrides them.
func (r *resolver) checkNames(l *layer, methods, datasets []*entry) {
	methods, datasets = distinct(methods), distinct(datasets)
	for name, values := range l.Sweep {
		if name == "k" || name == "budget" {
			continue
		}
		who, param, _ := cutName(name)
		switch who {
		case "":
			r.checkName(values[0].parent, who, param, values, methods, datasets, "k", "budget")
		case "dataset":
			r.checkName(values[0].parent, who, param, values, datasets, nil)
		default:
			r.checkName(values[0].parent, who, param, values, slices.Concat(methods, datasets), nil)
		}
	}
	for _, d := range l.Datasets {
		for name, v := range d.MethodParams {
			r.checkMethodParam(name, v, methods, datasets)
		}
	}
	for name, v := range l.Params {
		r.checkMethodParam(name, v, methods, datasets)
	}
	for name, v := range l.DatasetParams {
		r.checkDatasetParam(name, v, methods, datasets)
	}
	if l.Variants == nil {
		return
	}
	for _, variant := range l.Variants.List {
		for name, v := range variant.Params {
			r.checkMethodParam(name, v, methods, datasets)
		}
		for name, v := range variant.DatasetParams {
			r.checkDatasetParam(name, v, methods, datasets)
		}
	}
}

// checkDatasetParam checks a key of dataset_params.
func (r *resolver) checkDatasetParam(name string, v *node, methods, datasets []*entry) {
	who, param, qualified := cutName(name)
	if _, method := r.cat.Method(who); method {
		r.fail(v, "a method's parameter belongs under params")
		return
	}
	switch {
	case !qualified:
		who = "dataset"
	case who == "dataset":
		r.fail(v, "write %s: under dataset_params it is every dataset's", brief(param))
		return
	}
	r.checkName(v, who, param, []*node{v}, datasets, methods)
}

// checkMethodParam checks a key of params or of a dataset's method_params.
func (r *resolver) checkMethodParam(name string, v *node, methods, datasets []*entry) {
	who, param, _ := cutName(name)
	isDatasets, home := who == "dataset", "dataset_params"
	if _, ok := r.cat.Dataset(who); ok {
		isDatasets = true
	}
	if v.parent != nil && v.parent.key == "method_params" {
		home = "params"
		has := func(list []*entry) bool {
			return slices.ContainsFunc(list, func(e *entry) bool { _, ok := e.param(param); return ok })
		}
		isDatasets = isDatasets || who == "" && has(datasets) && !has(methods)
	}
	if isDatasets {
		r.fail(v, "a dataset's parameter belongs under %s", home)
		return
	}
	r.checkName(v, who, param, []*node{v}, methods, datasets)
}

// distinct leaves one entry for each id.
func distinct(entries []*entry) []*entry {
	seen := map[string]bool{}
	var out []*entry
	for _, e := range entries {
		if !seen[e.id] {
			out = append(out, e)
		}
		seen[e.id] = true
	}
	return out
}

// cutName takes dae_uai.noise apart; who is "" for a bare name.
func cutName(key string) (who, param string, qualified bool) {
	if who, param, qualified = strings.Cut(key, "."); qualified && who != "" {
		return who, param, true
	}
	return "", key, false
}

// checkName checks one key, and its values: who is whose parameter it is, "" for any method's and
// "dataset" for any dataset's. pool are the entries that it may be of; others are those that
// messages speak of besides, names what else may stand here.
func (r *resolver) checkName(at *node, who, name string, values []*node, pool, others []*entry, names ...string) {
	if who != "" && who != "dataset" {
		all := pool
		pool = slices.DeleteFunc(slices.Clone(pool), func(e *entry) bool { return e.id != who })
		if len(pool) == 0 {
			r.fail(at, "%s", r.stranger(who, name, slices.Concat(all, others)))
			return
		}
	}
	if len(pool) == 0 {
		return // no entry is usable, which was said
	}
	found := false
	for _, e := range pool {
		if p, ok := e.param(name); ok {
			found = true
			for _, v := range values {
				r.value(v, p)
			}
		}
		for _, p := range e.known {
			if !slices.Contains(names, p.Name) {
				names = append(names, p.Name)
			}
		}
	}
	if found {
		return
	}
	switch {
	case who == "":
		for _, e := range others {
			if _, ok := e.param(name); ok {
				r.fail(at, "no method here has a parameter %s, but %s has: write dataset.%[1]s or %[2]s.%[1]s", name, e.id)
				return
			}
		}
		r.fail(at, "no method here has a parameter %q: %s", brief(name), suggest(name, names))
	case who == "dataset":
		r.fail(at, "no dataset here has a parameter %q: %s", brief(name), suggest(name, names))
	default:
		r.fail(at, "%s has no parameter %q: %s", who, brief(name), suggest(name, names))
	}
}

// stranger says what is wrong with who.name where no entry is called who.
func (r *resolver) stranger(who, name string, entries []*entry) string {
	_, m := r.cat.Method(who)
	_, s := r.cat.Dataset(who)
	var here []string
	for _, e := range entries {
		if !slices.Contains(here, e.id) {
			here = append(here, e.id)
		}
	}
	if m || s {
		return fmt.Sprintf("%s is not one of those here: %s", who, strings.Join(here, ", "))
	}
	if near := nearest(who, here); near != "" {
		return fmt.Sprintf("nothing here is called %q: did you mean %s.%s?", brief(who), near, brief(name))
	}
	return fmt.Sprintf("nothing here is called %q: %s", brief(who), suggest(who, here))
}
