package spec

import (
	"slices"

	"github.com/uaibench/uaibench/bench"
)

// cells makes the plan's cells in the order that the package's comment gives. No two are the
// same: an entry is multiplied by the axes of its own parameters only, and equal values of an
// axis and entries that come out equal were refused.
func (r *resolver) cells() []bench.PlannedCell {
	var out []bench.PlannedCell
	turns := make([][]turn, len(r.pools))
	for i, p := range r.pools {
		turns[i] = inTurn(p.methods)
	}
	for _, seed := range r.seeds {
		for i, p := range r.pools {
			for _, dv := range p.variants {
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
							Candidates:  r.candidates(),
							Noise:       r.noise(),
							Loop:        bench.LoopVersion,
						}
						settings := slices.Concat(dv.settings, b.settings, k.settings)
						for _, t := range turns[i] {
							c.Method = t.method
							out = append(out, bench.PlannedCell{
								ID: c.ID(), Cell: c, Label: t.label, DatasetLabel: p.name(),
								Variant: slices.Concat(settings, t.settings),
							})
						}
					}
				}
			}
		}
	}
	return out
}

// turn is a method's variant.
type turn struct {
	method   bench.MethodRef
	label    string
	settings []bench.Setting
}

// inTurn lists every method's first variant, then every method's second one, and so on.
func inTurn(methods []*row) []turn {
	var out []turn
	for i, more := 0, true; more; i++ {
		more = false
		for _, m := range methods {
			if i >= len(m.variants) {
				continue
			}
			more = true
			v := m.variants[i]
			out = append(out, turn{bench.MethodRef{ID: m.id, Version: m.method.Version, Params: v.params}, m.name(), v.settings})
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
