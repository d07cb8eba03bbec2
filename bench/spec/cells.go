package spec

import (
	"slices"

	"github.com/uaibench/uaibench/bench"
)

// cells makes the plan's cells in the order that the package's comment gives. Within a
// variant no two are the same: an entry is multiplied by the axes of its own parameters only, and equal
// values of an axis and entries that come out equal were refused.
func (r *resolver) cells() []bench.PlannedCell {
	var out []bench.PlannedCell
	audited, halved := make([][]turn, len(r.pools)), make([][]turn, len(r.pools))
	for i, p := range r.pools {
		for _, t := range r.inTurn(p) {
			switch {
			case !r.concerns(p.change, t.of, p.entry, !t.how.pool):
			case t.how.pool:
				audited[i] = append(audited[i], t)
			default:
				halved[i] = append(halved[i], t)
			}
		}
	}
	for _, seed := range r.seeds {
		for i, p := range r.pools {
			for _, dv := range p.variants {
				out = r.audited(out, seed, p, dv, audited[i])
				out = r.halved(out, seed, p, dv, halved[i])
			}
		}
	}
	return out
}

// audited adds the cells of a pool's variant that the pool protocol measures.
func (r *resolver) audited(out []bench.PlannedCell, seed Seed, p *pool, dv variant, turns []turn) []bench.PlannedCell {
	for _, b := range p.budgets {
		marks := within(p.marks, b.value)
		for _, k := range p.ks {
			c := bench.Cell{
				Dataset:     r.dataset(p, dv),
				Seed:        uint64(seed),
				Budget:      b.value,
				K:           k.value,
				Checkpoints: marks,
				Look:        p.looksAt(marks),
				Noise:       p.noise,
				Loop:        bench.LoopVersion,
			}
			settings := slices.Concat(p.settings(), dv.settings, b.settings, k.settings)
			for _, t := range turns {
				c.Method = t.method
				out = append(out, bench.PlannedCell{
					ID: c.ID(), Cell: c, Label: t.label, DatasetLabel: p.name(),
					Variant: slices.Concat(settings, t.settings),
				})
			}
		}
	}
	return out
}

// halved adds those that are measured on the other half. What belongs to audits has no part in them.
func (r *resolver) halved(out []bench.PlannedCell, seed Seed, p *pool, dv variant, turns []turn) []bench.PlannedCell {
	for _, t := range turns {
		c := bench.Cell{Dataset: r.dataset(p, dv), Method: t.method, Seed: uint64(seed), Threshold: t.how.threshold, Loop: bench.LoopVersion}
		c.Dataset.Split = t.how.split
		c.Dataset.Split.Seed = uint64(seed)
		out = append(out, bench.PlannedCell{
			ID: c.ID(), Cell: c, Label: t.label, DatasetLabel: p.name(),
			Variant: slices.Concat(p.settings(), dv.settings, t.settings, []bench.Setting{{Name: "split", Value: t.how.describe()}}),
		})
	}
	return out
}

// settings are the variant's.
func (p *pool) settings() []bench.Setting {
	if p.change == nil {
		return nil
	}
	return p.change.settings
}

// turn is a method's variant, measured in one way.
type turn struct {
	of       *entry
	method   bench.MethodRef
	label    string
	settings []bench.Setting
	how      measuring
}

// inTurn lists every method's first variant, then every method's second one, and so on; and likewise of the ways in
// which methods are measured, so that those that share a training half come together.
func (r *resolver) inTurn(p *pool) []turn {
	ways := make([][]measuring, len(p.methods))
	most := 0
	for i, m := range p.methods {
		ways[i] = r.protocolsOf(m.entry)
		most = max(most, len(ways[i]))
	}
	var out []turn
	for w := range most {
		for i, more := 0, true; more; i++ {
			more = false
			for j, m := range p.methods {
				if i >= len(m.variants) {
					continue
				}
				more = true
				if w >= len(ways[j]) {
					continue
				}
				v := m.variants[i]
				how, _ := ways[j][w].on(p.data)
				out = append(out, turn{m.entry, bench.MethodRef{ID: m.id, Version: m.method.Version, Params: v.params}, m.name(), v.settings, how})
			}
		}
	}
	return out
}

func (r *resolver) dataset(d *pool, v variant) bench.DatasetRef {
	raw := make([]string, len(d.data.Raw))
	for i, f := range d.data.Raw {
		raw[i] = f.SHA256
	}
	return bench.DatasetRef{ID: d.id, Version: d.data.Version, Params: v.params, Seed: r.dataSeed(), Raw: raw}
}

// within leaves out the checkpoints that a cell's budget does not reach; a rule's budget is not
// known before the dataset is.
func within(marks []int, b bench.Budget) []int {
	var out []int
	for _, c := range marks {
		if b.Rule != "" || c <= b.Audits {
			out = append(out, c)
		}
	}
	return out
}
