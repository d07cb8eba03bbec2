package spec

import (
	"slices"

	"github.com/uaibench/uaibench/bench"
)

// maxCells bounds a plan: a larger one is hardly intended.
const maxCells = 50_000

// resolver turns merged layers into cells.
type resolver struct {
	*decoder
	choices *Profile // the layers' merged choices
	methods []*entry
	now     *change // the variant being resolved or checked; nil: the default
	pools   []*pool
	seeds   []uint64
	total   int  // combinations so far
	full    bool // combinations or cells exceed maxCells, which has been reported
}

// pool is a dataset and the methods that run on it.
type pool struct {
	row
	methods []*row
	budgets []choice[bench.Budget]
	ks      []choice[bench.K]
	marks   *Checkpoints // the source of At; nil: none
	probes  *Checkpoints // the source of Probe; nil: none
	noise   bench.Noise
	change  *change // the pool's variant; nil: the default
}

// row is an entry and its combinations.
type row struct {
	*entry
	combinations []combination
}

// combination is one combination of an entry's swept parameters.
type combination struct {
	params   bench.Params
	settings []bench.Setting
}

// choice is a value of budget or k, with its setting if it is swept.
type choice[T any] struct {
	value    T
	at       *node
	settings []bench.Setting
}

// resolve reports all errors in the layers; without errors, the resolver can make cells.
func (d *decoder) resolve(layers ...*layer) *resolver {
	r := &resolver{decoder: d}
	var merged *node
	var methods, datasets [][]*entry // of the merged layers, after each layer
	for _, l := range layers {
		merged = merge(merged, l.tree, profileType)
		r.choices = new(Profile)
		clear(d.wrong) // earlier passes marked the same nodes
		d.decode(merged, r.choices)
		methods, datasets = append(methods, r.methodEntries()), append(datasets, r.datasetEntries())
	}
	r.methods = methods[len(layers)-1]
	sets := datasets[len(layers)-1]
	for i, l := range layers {
		r.checkNames(l.own, slices.Concat(methods[i], r.methods), slices.Concat(datasets[i], sets))
	}
	r.methods, sets = known(r.methods), known(sets)
	changes := r.changes(sets)
	everywhere := make([][]*row, len(changes))
	for i, c := range changes {
		r.now = c
		everywhere[i] = r.methodRows(nil)
	}
	for _, e := range sets {
		for i, c := range changes {
			if c.isFor(e, sets) {
				r.now = c
				r.pools = append(r.pools, r.pool(e, everywhere[i]))
			}
		}
	}
	r.now = nil
	r.seeds = r.chooseSeeds()
	r.checkMarks()
	r.checkDrawn()
	r.checkRows()
	r.checkClasses()
	r.checkProtocols()
	r.checkProbes()
	r.checkTwins()
	r.checkSize()
	return r
}

// pool returns a dataset's pool in the current variant; everywhere are the methods without the
// dataset's method_params.
func (r *resolver) pool(e *entry, everywhere []*row) *pool {
	own, c := e.dataset, r.choices
	p := &pool{row: row{e, r.combinations(e, nil)}, methods: everywhere, noise: r.noise(),
		change: r.now}
	if e.ID == bench.FileID {
		r.describe(e, p.combinations)
	}
	var budget *Budget
	var k *K
	if r.now != nil {
		budget, k = r.now.Budget, r.now.K
	}
	p.budgets = axis(r, "budget", (*Budget).plan, budget, own.Budget, c.Budget)
	p.ks = axis(r, "k", (*K).plan, k, own.K, c.K)
	p.marks = latestWith(r.decoder, func(c *Checkpoints) *[]int { return &c.At }, own.Checkpoints,
		c.Checkpoints)
	p.probes = latestWith(r.decoder, func(c *Checkpoints) *[]string { return &c.Probe },
		own.Checkpoints, c.Checkpoints)
	if own.MethodParams != nil {
		p.methods = r.methodRows(e)
	}
	if r.now != nil {
		p.methods = slices.DeleteFunc(slices.Clone(p.methods),
			func(m *row) bool { return !r.now.isFor(m.entry, r.methods) })
	}
	return p
}

// at returns the checkpoints, ascending.
func (p *pool) at() []int {
	if p.marks == nil {
		return nil
	}
	return p.marks.At
}

// latest returns the candidate of the latest layer, the first of equals; nil if all are nil.
func latest[T any](d *decoder, candidates ...*T) *T {
	var best *T
	for _, c := range candidates {
		if c != nil && (best == nil || layerAt(d.where[c]) > layerAt(d.where[best])) {
			best = c
		}
	}
	return best
}

// latestWith returns the candidate whose list is of the latest layer; nil if none has a list.
func latestWith[T, L any](d *decoder, list func(*T) *[]L, candidates ...*T) *T {
	var best *T
	for _, c := range candidates {
		if c != nil && *list(c) != nil && (best == nil ||
			layerAt(d.where[list(c)]) > layerAt(d.where[list(best)])) {
			best = c
		}
	}
	return best
}

// layerOf returns the layer of a decoded value; for nil, one below all others.
func layerOf[T any](d *decoder, v *T) int {
	if v == nil {
		return defaultLayer - 1
	}
	return layerAt(d.where[v])
}

// axis returns the values of budget or k: those of the latest layer that sets or sweeps it. Within
// a layer, a variant wins over a sweep, that over the dataset's own value, and that over the
// general one.
func axis[N any, T interface{ String() string }](r *resolver, name string, plain func(*N) T,
	changed, own, general *N) []choice[T] {
	d, swept := r.decoder, r.choices.Sweep[name]
	fixed := latest(d, own, general)
	switch layer := max(layerOf(d, fixed), sweepLayer(swept)); {
	case changed != nil && layerOf(d, changed) >= layer:
		fixed = changed
	case len(swept) > 0 && sweepLayer(swept) == layer:
		var out []choice[T]
		seen := map[string]bool{}
		for _, n := range swept {
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
	case fixed == nil:
		return nil
	}
	return []choice[T]{{plain(fixed), r.where[fixed], nil}}
}

func sweepLayer(values []*node) int {
	if len(values) == 0 {
		return defaultLayer - 1
	}
	return layerAt(values[0])
}

// chooseSeeds returns the runs' seeds.
func (r *resolver) chooseSeeds() []uint64 {
	s := r.choices.Seeds
	at := r.where[s]
	switch {
	case s.List != nil:
		return s.List
	case s.Count > maxCells:
		r.fail(at, "%d seeds make more than %d cells", s.Count, maxCells)
		return []uint64{s.Base}
	case s.Base > uint64(1<<63-1)-uint64(s.Count-1):
		r.fail(at, "the last seed, base + count - 1, is too large")
		return []uint64{s.Base}
	}
	var list []uint64
	for i := range s.Count {
		list = append(list, s.Base+uint64(i))
	}
	return list
}

// noise returns the expert's error probabilities in the current variant.
func (r *resolver) noise() bench.Noise {
	miss, alarm := r.choices.Oracle.Miss, r.choices.Oracle.Alarm
	if r.now != nil && r.now.Oracle != nil {
		miss, alarm = latest(r.decoder, r.now.Oracle.Miss, miss), latest(r.decoder,
			r.now.Oracle.Alarm, alarm)
	}
	var n bench.Noise
	if miss != nil {
		n.Miss = *miss
	}
	if alarm != nil {
		n.Alarm = *alarm
	}
	return n
}
