package spec

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/bench"
)

// unsupported is a probe that some cells are to have and do not support, with one reason.
type unsupported struct {
	probe, why string
	of         *Checkpoints // the checkpoints that request it
	who        []string     // methods, or datasets if why is ""
}

// checkProbes reports the probes that methods or datasets do not support: their cells would fail.
func (r *resolver) checkProbes() {
	var all []*unsupported
	add := func(p *pool, probe, why, who string) {
		i := slices.IndexFunc(all, func(x *unsupported) bool {
			return x.of == p.probes &&
				x.probe == probe && x.why == why
		})
		if i < 0 {
			i, all = len(all), append(all, &unsupported{probe: probe, why: why, of: p.probes})
		}
		if !slices.Contains(all[i].who, who) {
			all[i].who = append(all[i].who, who)
		}
	}
	for _, p := range r.pools {
		if !p.probesSomewhere() {
			continue
		}
		audited := false
		for _, m := range p.methods {
			ways := r.protocolsOf(m.entry)
			if !slices.ContainsFunc(ways, func(how measuring) bool { return how.pool }) ||
				!r.concerns(p.change, m.entry, p.entry, false) {
				continue
			}
			audited = true
			for _, probe := range p.probes.Probe {
				reasons := ids(m.combinations,
					func(c combination) string { return probeError(m.info, c.params, probe) })
				same := !slices.ContainsFunc(reasons,
					func(why string) bool { return why != reasons[0] })
				for i, why := range reasons {
					switch {
					case why == "":
					case same:
						add(p, probe, why, m.who())
					default:
						add(p, probe, why, m.who()+" with "+bench.SettingsText(m.combinations[i].settings))
					}
				}
			}
		}
		if audited && slices.Contains(p.probes.Probe, "test") && !p.data.TestSet {
			add(p, "test", "", p.who())
		}
	}
	for _, x := range all {
		at := r.where[&x.of.Probe[slices.Index(x.of.Probe, x.probe)]]
		if x.why != "" {
			r.fail(at, "%s is not available for %s: %s; leave it out, or move these methods to "+
				"another spec",
				x.probe, strings.Join(x.who, ", "), x.why)
			continue
		}
		r.fail(at, "%s is not available on %s: there is no test set; %s", x.probe,
			strings.Join(x.who, ", "), r.withTestSet())
	}
}

// probeError returns why a method does not support a probe; "" if it does.
func probeError(m bench.MethodInfo, p bench.Params, probe string) string {
	if m.Supports == nil {
		if probe == "frozen_ranking" || probe == "test" {
			return ""
		}
		return "it has nothing to show"
	}
	if err := m.Supports(p, onDisk(probesOnDisk, probe)); err != nil {
		return err.Error()
	}
	return ""
}

// probesSomewhere reports whether any of a pool's audited cells would probe.
func (p *pool) probesSomewhere() bool {
	return p.probes != nil && len(p.probes.Probe) > 0 &&
		slices.ContainsFunc(p.budgets,
			func(b choice[bench.Budget]) bool { return len(within(p.at(), b.value)) > 0 })
}

// probesAt returns the probes of a cell with these checkpoints, by their names on disk and in the
// language's order.
func (p *pool) probesAt(marks []int) []string {
	if len(marks) == 0 || p.probes == nil {
		return nil
	}
	k, _ := find(reflect.TypeFor[Checkpoints](), "probe")
	var out []string
	for _, word := range k.enum {
		if slices.Contains(p.probes.Probe, word) {
			out = append(out, onDisk(probesOnDisk, word))
		}
	}
	return out
}

// checkMarks reports checkpoints that no budget of their own or an earlier layer reaches. A later
// layer may lower the budget, which drops the checkpoints beyond it.
func (r *resolver) checkMarks() {
	for _, p := range r.pools {
		if own := p.dataset.Checkpoints; own != nil {
			r.checkBeyond(own, p)
		}
		if at := r.where[p.probes]; p.probes != nil && p.marks == nil && r.clean(at) {
			r.fail(at, "probe needs at: write {at: [...], probe: [...]}")
		}
	}
	if c := r.choices.Checkpoints; c != nil {
		r.checkBeyond(c, r.pools...)
	}
}

// checkBeyond reports checkpoints that no budget of any of the pools reaches.
func (r *resolver) checkBeyond(c *Checkpoints, pools ...*pool) {
	most := 0
	for _, p := range pools {
		for _, b := range p.budgets {
			if b.value.Rule != "" || len(c.At) > 0 && layerAt(b.at) > layerAt(r.where[&c.At]) {
				return
			}
			most = max(most, b.value.Audits)
		}
	}
	for i, mark := range c.At {
		if most > 0 && mark > most {
			r.fail(r.where[&c.At[i]], "%d is beyond the budget, %d", mark, most)
		}
	}
}

// withTestSet lists the datasets with a test set, as advice for messages.
func (r *resolver) withTestSet() string {
	var have []string
	for _, d := range r.cat.Datasets {
		if d.TestSet {
			have = append(have, d.ID)
		}
	}
	if len(have) == 0 {
		return "no dataset has one"
	}
	return fmt.Sprintf("leave it out, or probe only datasets that have one (%s),"+
		" by checkpoints in their entries", strings.Join(have, ", "))
}
