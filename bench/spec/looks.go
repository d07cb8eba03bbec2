package spec

import (
	"fmt"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/bench"
)

// impossible is a look that some cells ask for and cannot have, for one reason.
type impossible struct {
	look, why string
	of        *Checkpoints // which ask for it
	who       []string     // methods; datasets where why is ""
}

// checkLooks says which looks are asked of methods or datasets that cannot have them: their cells would fail.
func (r *resolver) checkLooks() {
	var all []*impossible
	add := func(p *pool, look, why, who string) {
		i := slices.IndexFunc(all, func(x *impossible) bool { return x.of == p.looked && x.look == look && x.why == why })
		if i < 0 {
			i, all = len(all), append(all, &impossible{look: look, why: why, of: p.looked})
		}
		if !slices.Contains(all[i].who, who) {
			all[i].who = append(all[i].who, who)
		}
	}
	for _, p := range r.pools {
		if !p.looksSomewhere() {
			continue
		}
		audited := false
		for _, m := range p.methods {
			if !slices.ContainsFunc(r.protocolsOf(m.entry), func(how measuring) bool { return how.pool }) || !r.concerns(p.change, m.entry, p.entry, false) {
				continue
			}
			audited = true
			for _, look := range p.looks {
				reasons := make([]string, len(m.variants))
				for i, v := range m.variants {
					reasons[i] = shows(m.method, v.params, look)
				}
				alike := !slices.ContainsFunc(reasons, func(why string) bool { return why != reasons[0] })
				for i, why := range reasons {
					switch {
					case why == "":
					case alike:
						add(p, look, why, m.id)
					default:
						add(p, look, why, m.id+" with "+settingsText(m.variants[i].settings))
					}
				}
			}
		}
		if audited && slices.Contains(p.looks, bench.LookTest) && !p.data.TestSet {
			add(p, bench.LookTest, "", p.id)
		}
	}
	for _, x := range all {
		at := r.where[&x.of.Look]
		if i := slices.Index(x.of.Look, Look(x.look)); at.kind == isList && i < len(at.items) {
			at = at.items[i]
		}
		if x.why != "" {
			r.fail(at, "%s cannot be had of %s: %s; leave it out, or give what cannot have it a spec of its own", x.look, strings.Join(x.who, ", "), x.why)
			continue
		}
		r.fail(at, "%s cannot be had on %s: no test set comes with it; %s", x.look, strings.Join(x.who, ", "), r.tested())
	}
}

// shows is why a method cannot have a look; "": it can.
func shows(m bench.MethodInfo, p bench.Params, look string) string {
	if m.Shows == nil {
		if look == bench.LookTail || look == bench.LookTest {
			return ""
		}
		return "it has nothing to show"
	}
	if err := m.Shows(p, look); err != nil {
		return err.Error()
	}
	return ""
}

// looksSomewhere tells whether any of a pool's cells that are audited would look.
func (p *pool) looksSomewhere() bool {
	return len(p.looks) > 0 && slices.ContainsFunc(p.budgets, func(b choice[bench.Budget]) bool { return len(within(p.marks, b.value)) > 0 })
}

// tested says where a test set is to be had.
func (r *resolver) tested() string {
	var have []string
	for _, d := range r.cat.Datasets {
		if d.TestSet {
			have = append(have, d.ID)
		}
	}
	if len(have) == 0 {
		return "no dataset has one"
	}
	return fmt.Sprintf("leave it out, or look there only where there is one (%s), by checkpoints in a dataset's own entry", strings.Join(have, ", "))
}

func settingsText(list []bench.Setting) string {
	var out []string
	for _, s := range list {
		out = append(out, s.Name+"="+s.Value)
	}
	return strings.Join(out, " ")
}
