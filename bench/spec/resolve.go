package spec

import (
	"cmp"
	"math"
	"slices"

	"github.com/uaibench/uaibench/bench"
)

// maxCells bounds a plan: beyond it a grid was hardly meant.
const maxCells = 50_000

// resolver turns layers into cells.
type resolver struct {
	*decoder
	layers  []*layer
	sources []*row // datasets
	rows    []*row // methods
	budgets []choice[bench.Budget]
	ks      []choice[bench.K]
	marks   []int // checkpoints
	seeds   []Seed
	total   int  // variants so far
	full    bool // they, or the cells, are more than maxCells, which was said
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
	methods, datasets := r.methods(layers), r.datasets(layers)
	for i, l := range layers {
		m, s := r.methods(layers[:i+1]), r.datasets(layers[:i+1])
		r.checkNames(l, slices.Concat(m, methods), slices.Concat(s, datasets))
	}
	for _, e := range datasets {
		r.sources = append(r.sources, &row{e, r.variants(e)})
	}
	for _, e := range methods {
		r.rows = append(r.rows, &row{e, r.variants(e)})
	}
	r.budgets = budgets(r, layers)
	r.ks = axis(r, layers, "k", func(l *layer) *K { return l.K }, func(k *K) bench.K { return k.K }, &K{defaultK})
	r.seeds = r.chooseSeeds()
	r.chooseCheckpoints()
	r.checkDrawn()
	r.checkRows()
	r.checkClasses()
	r.checkTwins(r.sources)
	r.checkTwins(r.rows)
	r.checkSize()
	return r
}

// assigned finds what sets a parameter of an entry: the later layer wins, and within a layer the
// more particular. swept says that the values are an axis.
func (r *resolver) assigned(e *entry, name string) (values []*node, swept bool) {
	general, all := func(l *layer) Params { return l.Params }, name
	if e.what == "dataset" {
		general, all = func(l *layer) Params { return l.DatasetParams }, "dataset."+name
	}
	one := e.id + "." + name
	for i := len(r.layers) - 1; i >= 0; i-- {
		l := r.layers[i]
		if v, ok := l.Sweep[one]; ok {
			return v, true
		}
		if v, ok := l.Sweep[all]; ok {
			return v, true
		}
		if v, ok := general(l)[one]; ok {
			return []*node{v}, false
		}
		if v, ok := e.params[name]; ok && i == e.layer {
			return []*node{v}, false
		}
		if v, ok := general(l)[name]; ok {
			return []*node{v}, false
		}
	}
	return nil, false
}

// variants multiplies an entry's axes, in the order of their names, the last one fastest.
func (r *resolver) variants(e *entry) []variant {
	if r.full {
		return nil
	}
	out := []variant{{}}
	given := []map[string]any{{}}
	known := slices.SortedFunc(slices.Values(e.known), func(a, b bench.Param) int { return cmp.Compare(a.Name, b.Name) })
	for _, p := range known {
		nodes, swept := r.assigned(e, p.Name)
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

func budgets(r *resolver, layers []*layer) []choice[bench.Budget] {
	return axis(r, layers, "budget", func(l *layer) *Budget { return l.Budget }, func(b *Budget) bench.Budget { return b.Budget }, nil)
}

// axis finds the values of budget or k: those of the latest layer that sets or sweeps it.
func axis[N any, T interface{ String() string }](r *resolver, layers []*layer, name string, fixed func(*layer) *N, plain func(*N) T, otherwise *N) []choice[T] {
	for i := len(layers) - 1; i >= 0; i-- {
		if nodes, ok := layers[i].Sweep[name]; ok {
			var out []choice[T]
			seen := map[string]bool{}
			for _, n := range nodes {
				v := new(N)
				if !r.decode(n, v) {
					continue
				}
				text := plain(v).String()
				if seen[text] {
					r.fail(n, "%s is listed twice in this sweep", text)
				}
				seen[text] = true
				out = append(out, choice[T]{plain(v), n, []bench.Setting{{Name: name, Value: text}}})
			}
			return out
		}
		if v := fixed(layers[i]); v != nil {
			return []choice[T]{{plain(v), r.where[v], nil}}
		}
	}
	if otherwise == nil {
		return nil
	}
	return []choice[T]{{value: plain(otherwise)}}
}

// chooseSeeds merges base and count key by key; a list replaces them, and the other way round.
func (r *resolver) chooseSeeds() []Seed {
	base, count := Seed(defaultBase), defaultCount
	var list []Seed
	var at *node
	for _, l := range r.layers {
		if l.Seeds == nil {
			continue
		}
		at = r.where[l.Seeds]
		if l.Seeds.List != nil {
			list = l.Seeds.List
			continue
		}
		if list != nil {
			base, count, list = defaultBase, defaultCount, nil
		}
		if l.Seeds.Base != nil {
			base = *l.Seeds.Base
		}
		if l.Seeds.Count != nil {
			count = *l.Seeds.Count
		}
	}
	switch {
	case list != nil:
		return list
	case count > maxCells:
		r.fail(at, "%d seeds make more than %d cells", count, maxCells)
		count = 1
	case base > Seed(math.MaxInt64)-Seed(max(count, 1)-1):
		r.fail(at, "the last seed, base + count - 1, is too large")
		count = 1
	}
	for i := range count {
		list = append(list, base+Seed(i))
	}
	return list
}

// chooseCheckpoints takes the latest layer's, and checks them against the budget as that layer
// knows it: a later one may lower the budget, which leaves out those beyond.
func (r *resolver) chooseCheckpoints() {
	for i := len(r.layers) - 1; i >= 0; i-- {
		l := r.layers[i]
		if l.Checkpoints == nil {
			continue
		}
		r.marks = l.Checkpoints
		most := 0
		for _, b := range budgets(r, r.layers[:i+1]) {
			if b.value.Rule != "" {
				return
			}
			most = max(most, b.value.Audits)
		}
		at := r.where[&l.Checkpoints]
		for j, c := range l.Checkpoints {
			if most > 0 && c > most {
				r.fail(at.items[j], "%d is beyond the budget, %d", c, most)
			}
		}
		return
	}
}

func (r *resolver) dataSeed() uint64 {
	seed := uint64(defaultDataSeed)
	for _, l := range r.layers {
		if l.DataSeed != nil {
			seed = uint64(*l.DataSeed)
		}
	}
	return seed
}

func (r *resolver) noise() bench.Noise {
	var n bench.Noise
	for _, l := range r.layers {
		if l.Oracle == nil {
			continue
		}
		if p := l.Oracle.Miss; p != nil {
			n.Miss = float64(*p)
		}
		if p := l.Oracle.Alarm; p != nil {
			n.Alarm = float64(*p)
		}
	}
	return n
}
