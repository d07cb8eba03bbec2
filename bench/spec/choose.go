package spec

import (
	"math"
	"slices"

	"github.com/uaibench/uaibench/bench"
)

// What a layer sets whole: budget, k, seeds, checkpoints and the rest. The latest layer wins.

// budgets are those of dataset d within layers.
func budgets(r *resolver, layers []*layer, d *entry) []choice[bench.Budget] {
	fixed := func(i int, l *layer) *Budget {
		if i == d.layer && d.own.Budget != nil {
			return d.own.Budget
		}
		return l.Budget
	}
	changed := func(s *scheme) *Budget { return s.Budget }
	return axis(r, layers, "budget", changed, fixed, func(b *Budget) bench.Budget { return b.Budget }, nil)
}

// ks are those of dataset d within layers.
func ks(r *resolver, layers []*layer, d *entry) []choice[bench.K] {
	fixed := func(i int, l *layer) *K {
		if i == d.layer && d.own.K != nil {
			return d.own.K
		}
		return l.K
	}
	changed := func(s *scheme) *K { return s.K }
	return axis(r, layers, "k", changed, fixed, func(k *K) bench.K { return k.K }, &K{defaultK})
}

// axis finds the values of budget or k: those of the latest layer that sets or sweeps it.
func axis[N any, T interface{ String() string }](r *resolver, layers []*layer, name string, changed func(*scheme) *N, fixed func(int, *layer) *N, plain func(*N) T, otherwise *N) []choice[T] {
	for i := len(layers) - 1; i >= 0; i-- {
		if r.now != nil && i == r.now.layer {
			if v := changed(r.now); v != nil {
				return []choice[T]{{plain(v), r.where[v], nil}}
			}
		}
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
		if v := fixed(i, layers[i]); v != nil {
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

// chooseCheckpoints takes the latest layer's, and within it the dataset's own; at and look each by itself. It
// checks them against the budgets as that layer knows them: a later one may lower a budget, which leaves out
// those beyond.
func (r *resolver) chooseCheckpoints() {
	for _, p := range r.pools {
		for i, l := range r.layers {
			if l.Checkpoints != nil {
				p.checkpoints(l.Checkpoints)
			}
			if own := p.own.Checkpoints; own != nil && i == p.layer {
				p.checkpoints(own)
				r.checkBeyond(&own.At, r.layers[:i+1], p)
			}
		}
		if p.looked != nil && p.marks == nil {
			r.fail(r.where[p.looked], "there is a look but nowhere to look: write {at: [...], look: [...]}")
		}
	}
	for i, l := range slices.Backward(r.layers) {
		if l.Checkpoints != nil && l.Checkpoints.At != nil {
			r.checkBeyond(&l.Checkpoints.At, r.layers[:i+1], r.pools...)
			break
		}
	}
}

func (p *pool) checkpoints(c *Checkpoints) {
	if c.At != nil {
		p.marks = c.At
	}
	if c.Look != nil {
		p.looks, p.looked = nil, c
		for _, l := range c.Look {
			p.looks = append(p.looks, string(l))
		}
		slices.SortFunc(p.looks, func(a, b string) int { return slices.Index(looks, a) - slices.Index(looks, b) })
	}
}

// checkBeyond says which checkpoints no budget of any of the pools reaches.
func (r *resolver) checkBeyond(marks *[]int, layers []*layer, pools ...*pool) {
	most := 0
	for _, p := range pools {
		r.now = p.change
		of := budgets(r, layers, p.entry)
		r.now = nil
		for _, b := range of {
			if b.value.Rule != "" {
				return
			}
			most = max(most, b.value.Audits)
		}
	}
	for j, c := range *marks {
		if most > 0 && c > most {
			r.fail(r.where[marks].items[j], "%d is beyond the budget, %d", c, most)
		}
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

// looksAt gives the looks of a cell with these checkpoints: without any there is nothing to look at.
func (p *pool) looksAt(marks []int) []string {
	if len(marks) == 0 {
		return nil
	}
	return p.looks
}

// noise merges the layers' oracles key by key.
func (r *resolver) noise() bench.Noise {
	var n bench.Noise
	set := func(o *Oracle) {
		if o == nil {
			return
		}
		if o.Miss != nil {
			n.Miss = float64(*o.Miss)
		}
		if o.Alarm != nil {
			n.Alarm = float64(*o.Alarm)
		}
	}
	for i, l := range r.layers {
		set(l.Oracle)
		if r.now != nil && i == r.now.layer {
			set(r.now.Oracle)
		}
	}
	return n
}
