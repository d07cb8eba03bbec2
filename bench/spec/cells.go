package spec

import (
	"slices"

	"github.com/uaibench/uaibench/bench"
)

// cells returns the plan's cells in the order that the package comment gives. Within a variant no
// two are the same: an entry is multiplied only by the axes of its own parameters, and equal values
// of an axis and entries that resolve to the same settings have been refused.
func (r *resolver) cells() []bench.PlannedCell {
	var out []bench.PlannedCell
	audited, split := make([][]method, len(r.pools)), make([][]method, len(r.pools))
	for i, p := range r.pools {
		for _, m := range r.variantOrder(p) {
			switch {
			case !r.concerns(p.change, m.of, p.entry, !m.how.pool):
			case m.how.pool:
				audited[i] = append(audited[i], m)
			default:
				split[i] = append(split[i], m)
			}
		}
	}
	for _, seed := range r.seeds {
		for i, p := range r.pools {
			for _, c := range p.combinations {
				out = r.audited(out, seed, p, c, audited[i])
				out = r.split(out, seed, p, c, split[i])
			}
		}
	}
	return out
}

// audited appends the cells of a pool's combination that are measured by the pool protocol.
func (r *resolver) audited(out []bench.PlannedCell, seed uint64, p *pool, combined combination,
	methods []method) []bench.PlannedCell {
	for _, b := range p.budgets {
		marks := within(p.at(), b.value)
		for _, k := range p.ks {
			c := bench.Cell{
				Dataset:     r.datasetRef(p, combined, seed),
				Seed:        seed,
				Budget:      b.value,
				K:           k.value,
				Checkpoints: marks,
				Probes:      p.probesAt(marks),
				Noise:       p.noise,
				Loop:        bench.LoopVersion,
			}
			settings := slices.Concat(p.settings(), combined.settings, b.settings, k.settings)
			for _, m := range methods {
				c.Method = m.ref
				out = append(out, bench.PlannedCell{
					ID: c.ID(), Cell: c, Label: m.of.name(), DatasetLabel: p.name(),
					Variant: slices.Concat(settings, m.settings),
				})
			}
		}
	}
	return out
}

// split appends the cells of a pool's combination that are measured on the other half; settings of
// the audits do not apply to them.
func (r *resolver) split(out []bench.PlannedCell, seed uint64, p *pool, combined combination,
	methods []method) []bench.PlannedCell {
	for _, m := range methods {
		c := bench.Cell{Dataset: r.datasetRef(p, combined, seed), Method: m.ref, Seed: seed,
			Threshold: m.how.threshold, Loop: bench.LoopVersion}
		c.Dataset.Split = m.how.split
		c.Dataset.Split.Seed = seed
		out = append(out, bench.PlannedCell{
			ID: c.ID(), Cell: c, Label: m.of.name(), DatasetLabel: p.name(),
			Variant: slices.Concat(p.settings(), combined.settings, m.settings,
				[]bench.Setting{{Name: "split", Value: m.how.describe()}}),
		})
	}
	return out
}

// settings are those of the pool's variant; nil for the default.
func (p *pool) settings() []bench.Setting {
	if p.change == nil {
		return nil
	}
	return p.change.settings
}

// method is a combination of a method, with the protocol that measures it.
type method struct {
	of       *entry
	ref      bench.MethodRef
	settings []bench.Setting
	how      measuring
}

// variantOrder lists every method's first combination, then every method's second one, and so on.
// Protocols are the outermost loop, so that methods that share a training half are adjacent.
func (r *resolver) variantOrder(p *pool) []method {
	ways := make([][]measuring, len(p.methods))
	mostWays, most := 0, 0
	for i, m := range p.methods {
		ways[i] = r.protocolsOf(m.entry)
		mostWays, most = max(mostWays, len(ways[i])), max(most, len(m.combinations))
	}
	var out []method
	for w := range mostWays {
		for i := range most {
			for j, m := range p.methods {
				if i < len(m.combinations) && w < len(ways[j]) {
					c := m.combinations[i]
					how, _ := ways[j][w].on(*p.data)
					out = append(out, method{m.entry, bench.MethodRef{ID: m.ID,
						Version: m.info.Version, Params: c.params}, c.settings, how})
				}
			}
		}
	}
	return out
}

// dataSeeds returns the distinct seeds of the datasets.
func (r *resolver) dataSeeds() []uint64 {
	var out []uint64
	for _, run := range r.seeds {
		if s := r.choices.DataSeed.of(run); !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

func (r *resolver) datasetRef(p *pool, c combination, run uint64) bench.DatasetRef {
	raw := ids(p.data.Raw, func(f bench.RawFile) string { return f.SHA256 })
	return bench.DatasetRef{ID: p.ID, Version: p.data.Version, Params: c.params,
		Seed: r.choices.DataSeed.of(run), Raw: raw}
}

// within drops the checkpoints beyond a cell's budget; a rule's is not known yet, so it keeps all.
func within(marks []int, b bench.Budget) []int {
	var out []int
	for _, c := range marks {
		if b.Rule != "" || c <= b.Audits {
			out = append(out, c)
		}
	}
	return out
}
