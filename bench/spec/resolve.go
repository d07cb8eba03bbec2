package spec

import (
	"cmp"
	"slices"

	"github.com/uaibench/uaibench/bench"
)

// maxCells bounds a plan: beyond it a grid was hardly meant.
const maxCells = 50_000

// resolver turns layers into cells.
type resolver struct {
	*decoder
	layers  []*layer
	entered []*entry // methods
	now     *scheme  // whose pools are being made, or looked at
	pools   []*pool
	seeds   []Seed
	total   int  // variants so far
	full    bool // they, or the cells, are more than maxCells, which was said
}

// pool is a dataset and what runs on it.
type pool struct {
	row
	methods []*row
	budgets []choice[bench.Budget]
	ks      []choice[bench.K]
	marks   []int        // checkpoints
	looks   []string     // at them, …
	looked  *Checkpoints // … and what says so
	noise   bench.Noise
	change  *scheme // whose pool it is; nil: the default's
}

// row is an entry and its variants.
type row struct {
	*entry
	variants []variant
}

// variant is one combination of an entry's swept parameters.
type variant struct {
	params   bench.Params
	settings []bench.Setting
}

// choice is a value of budget or k, with its setting if it is swept.
type choice[T any] struct {
	value    T
	at       *node
	settings []bench.Setting
}

// resolve says all that is wrong with the layers; where nothing is, the resolver can make cells.
func (d *decoder) resolve(layers ...*layer) *resolver {
	r := &resolver{decoder: d, layers: layers}
	methods, datasets := r.entries(layers)
	r.entered = methods
	for i, l := range layers {
		m, s := r.entries(layers[:i+1])
		r.checkNames(l, slices.Concat(m, methods), slices.Concat(s, datasets))
	}
	schemes := r.schemes(methods, datasets)
	everywhere := make([][]*row, len(schemes))
	for i, s := range schemes {
		r.now = s
		everywhere[i] = r.rows(methods, nil)
	}
	for _, e := range datasets {
		for i, s := range schemes {
			if s != nil && !s.isFor(e, datasets) {
				continue
			}
			r.now = s
			p := &pool{row: row{e, r.variants(e, nil)}, methods: everywhere[i], budgets: budgets(r, layers, e), ks: ks(r, layers, e), noise: r.noise(), change: s}
			if e.own.MethodParams != nil {
				p.methods = r.rows(methods, e)
			}
			if s != nil {
				p.methods = slices.DeleteFunc(slices.Clone(p.methods), func(m *row) bool { return !s.isFor(m.entry, methods) })
			}
			r.pools = append(r.pools, p)
		}
	}
	r.now = nil
	r.seeds = r.chooseSeeds()
	r.chooseCheckpoints()
	r.checkDrawn()
	r.checkRows()
	r.checkClasses()
	r.checkProtocols()
	r.checkLooks()
	r.checkTwins()
	r.checkSize()
	return r
}

// rows are the methods with their variants, on dataset d or, with nil, wherever none has method_params.
func (r *resolver) rows(methods []*entry, d *entry) []*row {
	var out []*row
	for _, e := range methods {
		out = append(out, &row{e, r.variants(e, d)})
	}
	return out
}

// assigned finds what sets a parameter of an entry, which on is the dataset of if it is a method: the later
// layer wins, and within a layer the more particular. swept says that the values are an axis.
func (r *resolver) assigned(e, on *entry, name string) (values []*node, swept bool) {
	for i := len(r.layers) - 1; i >= 0; i-- {
		if s := r.now; s != nil && i == s.layer {
			for _, key := range []string{e.id + "." + name, name} {
				if v, ok := s.own(e)[key]; ok {
					return []*node{v}, false
				}
			}
		}
		if values, swept = r.assignedBy(i, e, on, name); values != nil {
			return values, swept
		}
	}
	return nil, false
}

// assignedBy finds what layer i sets, variants aside.
func (r *resolver) assignedBy(i int, e, on *entry, name string) (values []*node, swept bool) {
	l := r.layers[i]
	one, all, general := e.id+"."+name, name, l.Params
	if e.what == "dataset" {
		all, general = "dataset."+name, l.DatasetParams
	}
	if v, ok := l.Sweep[one]; ok {
		return v, true
	}
	if v, ok := l.Sweep[all]; ok {
		return v, true
	}
	if on != nil && i == on.layer {
		for _, key := range []string{one, name} {
			if v, ok := on.own.MethodParams[key]; ok {
				return []*node{v}, false
			}
		}
	}
	if v, ok := general[one]; ok {
		return []*node{v}, false
	}
	if v, ok := e.params[name]; ok && i == e.layer {
		return []*node{v}, false
	}
	if v, ok := general[name]; ok {
		return []*node{v}, false
	}
	return nil, false
}

// variants multiplies an entry's axes, in the order of their names, the last one fastest. on is as in assigned.
func (r *resolver) variants(e, on *entry) []variant {
	if r.full {
		return nil
	}
	out := []variant{{}}
	given := []map[string]any{{}}
	known := slices.SortedFunc(slices.Values(e.known), func(a, b bench.Param) int { return cmp.Compare(a.Name, b.Name) })
	for _, p := range known {
		nodes, swept := r.assigned(e, on, p.Name)
		var values []any
		seen := map[string]bool{}
		for _, n := range nodes {
			v, ok := r.value(n, p)
			if !ok {
				continue
			}
			if text := jsonText(v); swept && seen[text] {
				r.fail(n, "%s is listed twice in this sweep", brief(text))
				continue
			} else {
				seen[text] = true
			}
			values = append(values, v)
		}
		if len(values) == 0 {
			continue
		}
		if r.total+len(out)*len(values) > maxCells {
			r.fail(nodes[0].parent, "the sweep makes more than %d variants of datasets and methods", maxCells)
			r.full = true
			return nil
		}
		name := p.Name
		if e.what == "dataset" {
			name = "dataset." + name
		}
		var nextOut []variant
		var nextGiven []map[string]any
		for i, base := range out {
			for _, v := range values {
				g := map[string]any{p.Name: v}
				for k, old := range given[i] {
					g[k] = old
				}
				settings := base.settings
				if swept {
					settings = append(slices.Clip(settings), bench.Setting{Name: name, Value: shownValue(v)})
				}
				nextOut, nextGiven = append(nextOut, variant{settings: settings}), append(nextGiven, g)
			}
		}
		out, given = nextOut, nextGiven
	}
	r.total += len(out)
	for i := range out {
		params, errs := bench.Resolve(e.known, given[i])
		if len(errs) > 0 { // each value was checked against the same catalogue
			panic("spec: " + errs[0].Error())
		}
		out[i].params = params
	}
	return out
}

// shownValue prints a swept value: text without quotes, everything else as JSON.
func shownValue(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	return jsonText(v)
}
