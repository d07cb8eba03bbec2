package spec

import (
	"slices"

	"github.com/uaibench/uaibench/bench"
)

// cells makes the plan's cells in the order that the package's comment gives. Cells that come
// out identical are made once.
func (r *resolver) cells() []bench.PlannedCell {
	var out []bench.PlannedCell
	made := map[string]bool{}
	for _, seed := range r.seeds {
		for _, d := range r.sources {
			for _, dv := range d.variants {
				ref := r.dataset(d, dv)
				for i, more := 0, true; more; i++ {
					more = false
					for _, m := range r.rows {
						b, k, mv, ok := r.combination(m, i)
						if !ok {
							continue
						}
						more = true
						c := bench.Cell{
							Dataset:     ref,
							Method:      bench.MethodRef{ID: m.id, Version: m.method.Version, Params: mv.params},
							Seed:        uint64(seed),
							Budget:      b.value,
							K:           k.value,
							Checkpoints: within(r.marks, b.value),
							Noise:       r.noise(),
							Loop:        bench.LoopVersion,
						}
						id := c.ID()
						if made[id] {
							continue
						}
						made[id] = true
						out = append(out, bench.PlannedCell{
							ID: id, Cell: c, Label: m.name(), DatasetLabel: d.name(),
							Variant: slices.Concat(dv.settings, b.settings, k.settings, mv.settings),
						})
					}
				}
			}
		}
	}
	return out
}

// combination is a method's i-th of budget, k and swept parameters, the last one fastest.
func (r *resolver) combination(m *row, i int) (b choice[bench.Budget], k choice[bench.K], v variant, ok bool) {
	variants, ks := len(m.variants), len(r.ks)
	if i >= variants*ks*len(r.budgets) {
		return b, k, v, false
	}
	return r.budgets[i/(variants*ks)], r.ks[i/variants%ks], m.variants[i%variants], true
}

func (r *resolver) dataset(d *row, v variant) bench.DatasetRef {
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
