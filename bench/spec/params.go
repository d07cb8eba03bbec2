package spec

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/spec/tree"
)

// methodRows returns the methods with their combinations on dataset d; with nil, on datasets
// without method_params.
func (r *resolver) methodRows(d *entry) []*row {
	var out []*row
	for _, e := range r.methods {
		out = append(out, &row{e, r.combinations(e, d)})
	}
	return out
}

// assigned returns the values that a parameter of an entry is set to. on is the dataset that a
// method's parameter is for, or nil. The later layer wins, and within a layer the more specific
// setting. swept reports whether the values are those of a sweep.
func (r *resolver) assigned(e, on *entry, name string) (values []*node, swept bool) {
	c, one, all, general := r.choices, e.handle()+"."+name, name, r.choices.Params
	if e.data != nil {
		all, general = "dataset."+name, c.DatasetParams
	}
	take := func(list []*node, axis bool) {
		if len(list) > 0 && (values == nil || layerAt(list[0]) > layerAt(values[0])) {
			values, swept = list, axis
		}
	}
	from := func(p Params, key string) {
		if v, ok := p[key]; ok {
			take([]*node{v}, false)
		}
	}
	from(r.now.own(e), one)
	from(r.now.own(e), name)
	take(c.Sweep[one], true)
	take(c.Sweep[all], true)
	if on != nil {
		from(on.dataset.MethodParams, one)
		from(on.dataset.MethodParams, name)
	}
	from(general, one)
	from(e.Params, name)
	from(general, name)
	return values, swept
}

// combinations returns the product of an entry's axes by name, the last fastest. on: see assigned.
func (r *resolver) combinations(e, on *entry) []combination {
	if r.full {
		return nil
	}
	out := []combination{{params: bench.Params{}}}
	params := slices.SortedFunc(slices.Values(e.known),
		func(a, b bench.Param) int { return cmp.Compare(a.Name, b.Name) })
	for _, p := range params {
		nodes, swept := r.assigned(e, on, p.Name)
		values := r.values(nodes, p, swept)
		if len(values) == 0 {
			continue
		}
		if r.total+len(out)*len(values) > maxCells {
			r.fail(nodes[0].Parent,
				"the sweep makes more than %d variants of datasets and methods", maxCells)
			r.full = true
			return nil
		}
		name := p.Name
		if e.data != nil {
			name = "dataset." + name
		}
		var next []combination
		for _, base := range out {
			for _, v := range values {
				c := combination{params: bench.Params{p.Name: v}, settings: base.settings}
				for k, old := range base.params {
					c.params[k] = old
				}
				if swept {
					c.settings = append(slices.Clip(c.settings), bench.Setting{Name: name,
						Value: shownValue(v)})
				}
				next = append(next, c)
			}
		}
		out = next
	}
	r.total += len(out)
	for i := range out {
		params, errs := bench.Resolve(e.known, out[i].params)
		if len(errs) > 0 { // each value was checked against the same catalogue
			panic("spec: " + errs[0].Error())
		}
		maps.Copy(params, e.fixed)
		out[i].params = params
	}
	return out
}

// values decodes a parameter's values; a repeated value in a sweep is an error.
func (r *resolver) values(nodes []*node, p bench.Param, swept bool) []any {
	var out []any
	seen := map[string]bool{}
	for _, n := range nodes {
		v, ok := r.param(n, p)
		if !ok {
			continue
		}
		text := jsonText(v)
		if swept && seen[text] {
			r.fail(n, "%s is listed twice in this sweep", tree.Brief(text))
			continue
		}
		seen[text] = true
		out = append(out, v)
	}
	return out
}

// shownValue formats a swept value: text without quotes, everything else as JSON.
func shownValue(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	return jsonText(v)
}

func jsonText(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic("spec: " + err.Error())
	}
	return string(b)
}

// cutName splits dae_uai.noise into who and param; who is "" for a bare name.
func cutName(key string) (who, param string, qualified bool) {
	if who, param, qualified = strings.Cut(key, "."); qualified && who != "" {
		return who, param, true
	}
	return "", key, false
}

func paramNames(params []bench.Param) []string {
	return ids(params, func(p bench.Param) string { return p.Name })
}
