package sample

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/claims/ledger"
)

// Settings returns the runs' cells that differ from an arm in the paper's configuration, by the
// name of the difference: swaps has for each name and arm the cells that would replace the arm's. A
// run's cells count only if the same run has the arm itself, so that nothing else differs. A
// setting may itself be an arm of the ledger, for claims about it; arms has those.
func (m *Evaluator) Settings(runs []*runlog.Run) (names []string,
	swaps map[string]map[string][]*series, arms map[string][]*ledger.Arm) {
	type place struct {
		arm            *ledger.Arm
		dataset, label string
	}
	swaps, arms = map[string]map[string][]*series{}, map[string][]*ledger.Arm{}
	merged := map[string]*record{} // each cell's record over all runs
	for _, r := range m.records {
		merged[r.ID] = r
	}
	type other struct {
		planned bench.PlannedCell // with this run's label and variant
		record  *record
		own     []*ledger.Arm
	}
	for _, run := range runs {
		places := map[string][]place{} // of the cells in the paper's configuration
		like := func(c bench.Cell) string {
			return strings.Join([]string{c.Method.ID, c.Dataset.ID, m.train(c)}, "\x00")
		}
		var others []other
		for _, c := range run.Cells {
			r := merged[c.ID]
			var own []*ledger.Arm
			at := m.places(r, func(a *ledger.Arm, dataset string) {
				own = append(own, a)
				if key, p := like(c.Cell),
					(place{a, dataset, c.Label}); !slices.Contains(places[key], p) {
					places[key] = append(places[key], p)
				}
			})
			// Label noise is not a choice of the paper's.
			if (!at || len(c.Variant) > 0) && c.Cell.Noise == (bench.Noise{}) {
				others = append(others, other{c.PlannedCell, r, own})
			}
		}
		for _, o := range others {
			c := o.planned
			for _, p := range places[like(c.Cell)] {
				if slices.Contains(o.own, p.arm) {
					continue
				}
				name := Setting(c)
				switch {
				case c.Label != p.label && len(c.Variant) == 0:
					name = c.Label // a separate entry of the spec's methods
				case c.Label != p.label:
					name = c.Label + ", " + name
				}
				if swaps[name] == nil {
					names = append(names, name)
					swaps[name] = map[string][]*series{}
				}
				key := seriesKey(p.arm, p.dataset)
				swaps[name][key] = grouped(swaps[name][key], o.record)
				arms[name] = append(arms[name], o.own...)
			}
		}
	}
	return names, swaps, arms
}

// places calls add for every arm and dataset (or alias of it) whose configuration in the paper the
// cell has, and reports whether there is any.
func (m *Evaluator) places(r *record, add func(a *ledger.Arm, dataset string)) (any bool) {
	ids := []string{r.Cell.Dataset.ID}
	for _, a := range m.ledger.Aliases {
		if a.Dataset == r.Cell.Dataset.ID {
			ids = append(ids, a.ID)
		}
	}
	for _, id := range ids {
		if !m.isDataset(r.Cell.Dataset, id) {
			continue
		}
		for i := range m.ledger.Arms {
			if a := &m.ledger.Arms[i]; m.isArm(r, a, id) {
				add(a, id)
				any = true
			}
		}
	}
	return any
}

// With returns an Evaluator with a setting's cells in place of their arms'.
func (m *Evaluator) With(swap map[string][]*series) *Evaluator {
	other := *m
	other.series, other.samples = maps.Clone(m.series), map[string]Sample{}
	maps.Copy(other.series, swap)
	return &other
}

// Setting names a planned cell's variant in its sweep, "default" if it has none.
func Setting(c bench.PlannedCell) string {
	var out []string
	for _, s := range c.Variant {
		if s.Name == "variant" {
			out = append(out, s.Value)
		} else {
			out = append(out, s.Name+"="+s.Value)
		}
	}
	return cmp.Or(strings.Join(out, ", "), "default")
}
