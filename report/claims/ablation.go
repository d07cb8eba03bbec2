package claims

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/table"
)

// Ablation is what becomes of a claim's comparisons where one setting of the runs stands in the place of the paper's: it tells a
// choice that the paper leaves open from a claim that does not hold. It never bears on a verdict.
type Ablation struct {
	Setting string `json:"setting"`
	Touched int    `json:"touched"` // comparisons that rest on a cell of the setting; all that follow are of them
	Before  Tally  `json:"before"`  // as the paper has it
	After   Tally  `json:"after"`   // with the setting

	outcomes []Outcome // with the setting, in the order of the claim's items; "": untouched
}

// Tally counts comparisons.
type Tally struct {
	Holds, Fails, Undecided int
}

func (t *Tally) add(o Outcome) {
	switch o {
	case Holds:
		t.Holds++
	case Fails:
		t.Fails++
	default:
		t.Undecided++
	}
}

// settings are the runs' cells that differ from an arm as the paper has it, by the name of what differs: for each the cells that
// would stand in the arm's place. Those of a run count only beside the arm itself in the same run, so that they differ by what
// their name says alone. A setting may be an arm of the ledger itself, for claims about it: arms has those.
func (m *measured) settings(runs []*runlog.Run) (names []string, swaps map[string]map[string][]*series, arms map[string][]*Arm) {
	type place struct {
		arm            *Arm
		dataset, label string
	}
	swaps, arms = map[string]map[string][]*series{}, map[string][]*Arm{}
	merged := map[string]*record{} // what all runs together say of a cell
	for _, r := range m.records {
		merged[r.ID] = r
	}
	type other struct {
		planned bench.PlannedCell // as this run names it
		record  *record
		own     []*Arm
	}
	for _, run := range runs {
		places := map[string][]place{} // of the cells as the paper has them
		like := func(c bench.Cell) string {
			return strings.Join([]string{c.Method.ID, c.Dataset.ID, m.train(c)}, "\x00")
		}
		var others []other
		for _, c := range run.Cells {
			r := merged[c.ID]
			var own []*Arm
			at := m.places(r, func(a *Arm, dataset string) {
				own = append(own, a)
				if key, p := like(c.Cell), (place{a, dataset, c.Label}); !slices.Contains(places[key], p) {
					places[key] = append(places[key], p)
				}
			})
			if (!at || len(c.Variant) > 0) && c.Cell.Noise == (bench.Noise{}) { // an expert who errs is no choice of the paper's
				others = append(others, other{c.PlannedCell, r, own})
			}
		}
		for _, o := range others {
			c := o.planned
			for _, p := range places[like(c.Cell)] {
				if slices.Contains(o.own, p.arm) {
					continue
				}
				name := setting(c)
				switch {
				case c.Label != p.label && len(c.Variant) == 0:
					name = c.Label // an entry of its own among the spec's methods
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

// places calls add for every arm and dataset, or alias of one, that a cell is as the paper has it; it tells whether there is any.
func (m *measured) places(r *record, add func(a *Arm, dataset string)) (any bool) {
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

// with is what is measured with a setting's cells in their arms' places.
func (m *measured) with(swap map[string][]*series) *measured {
	other := *m
	other.cache = maps.Clone(m.cache)
	maps.Copy(other.cache, swap)
	return &other
}

// ablate fills in what the settings make of each claim of which a comparison fails.
func (m *measured) ablate(rows []ClaimRow, runs []*runlog.Run) {
	names, swaps, arms := m.settings(runs)
	for i := range rows {
		row := &rows[i]
		if !slices.ContainsFunc(row.Items, func(it Item) bool { return it.Outcome == Fails }) {
			continue
		}
		for _, name := range names {
			if slices.ContainsFunc(arms[name], m.ledger.Claims[i].speaksOf) {
				continue // it compares the arm with that very setting
			}
			a := Ablation{Setting: name, outcomes: make([]Outcome, len(row.Items))}
			for j, it := range m.with(swaps[name]).comparisons(&m.ledger.Claims[i]) {
				before := row.Items[j]
				if it.Outcome == Missing || before.Outcome == Missing || slices.Equal(it.Cells, before.Cells) {
					continue
				}
				a.Touched++
				a.Before.add(before.Outcome)
				a.After.add(it.Outcome)
				a.outcomes[j] = it.Outcome
			}
			if a.Touched > 0 {
				row.Ablations = append(row.Ablations, a)
			}
		}
	}
}

// setting names what a planned cell's place in its sweep differs by.
func setting(c bench.PlannedCell) string {
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

// best is the setting with which the most comparisons hold and the fewest fail; the first of equals.
func (c ClaimRow) best() *Ablation {
	var best *Ablation
	gain := func(a *Ablation) int { return a.After.Holds - a.Before.Holds + a.Before.Fails - a.After.Fails }
	for i := range c.Ablations {
		if a := &c.Ablations[i]; best == nil || gain(a) > gain(best) {
			best = a
		}
	}
	return best
}

// stubborn are the comparisons that fail as the paper has it and with every setting that touches them.
func (c ClaimRow) stubborn() []string {
	var out []string
	for j, it := range c.Items {
		if it.Outcome != Fails {
			continue
		}
		touched, fails := 0, 0
		for _, a := range c.Ablations {
			if a.outcomes[j] != "" {
				touched++
			}
			if a.outcomes[j] == Fails {
				fails++
			}
		}
		if touched > 0 && touched == fails {
			out = append(out, strings.TrimSpace(it.What+" on "+it.Dataset))
		}
	}
	return out
}

const hindsight = "Which setting does best is known only with the labels, and of many some do by luck: this tells a choice that the paper leaves open, " +
	"or a method beyond it, from a claim that does not hold, and bears on no verdict."

// AblationTable has a row for each setting that touches a comparison of the claim; nil if none does.
func (c ClaimRow) AblationTable() *table.Table {
	if len(c.Ablations) == 0 {
		return nil
	}
	t := &table.Table{
		Name: "ablations-" + c.ID, Title: "What other settings make of it",
		Caption: "Comparisons of " + c.ID + " that rest on cells run with a setting, as the paper has it and with that setting in its place. " + hindsight,
		Columns: []table.Column{{Name: "setting"}, {Name: "comparisons", Kind: table.Count},
			{Name: "hold", Kind: table.Count}, {Name: "with it", Kind: table.Count}, {Name: "fail", Kind: table.Count}, {Name: "with it ", Kind: table.Count},
			{Name: "undecided", Kind: table.Count}, {Name: "with it  ", Kind: table.Count}},
	}
	for _, a := range c.Ablations {
		t.Add(table.Str(a.Setting), table.Int(a.Touched), table.Int(a.Before.Holds), table.Int(a.After.Holds),
			table.Int(a.Before.Fails), table.Int(a.After.Fails), table.Int(a.Before.Undecided), table.Int(a.After.Undecided))
	}
	return t
}

// AblationsTable has a row for each claim that is contradicted or holds in part, with what the runs' settings say of the reason.
func (j *Judgement) AblationsTable() *table.Table {
	t := &table.Table{
		Name: "ablations", Title: "What other settings make of claims that fail",
		Caption: "Of each claim's comparisons those that rest on cells which the runs have with other settings too. " + hindsight,
		Columns: []table.Column{{Name: "claim", Whole: true}, {Name: "verdict", Whole: true}, {Name: "settings", Kind: table.Count}, {Name: "as the paper has it"},
			{Name: "best with"}, {Name: "then"}, {Name: "fails with all"}},
	}
	for _, c := range j.Claims {
		if c.Verdict != Contradicted && c.Verdict != Partly {
			continue
		}
		best := c.best()
		if best == nil {
			why := "no other setting was run"
			if c.armless {
				why = "of theory or data alone: no method's setting bears on it"
			}
			t.Add(table.Str(c.ID), verdictValue(c.Verdict), table.Int(0), table.Missing(why), table.Str(""), table.Str(""), table.Str(""))
			continue
		}
		t.Add(table.Str(c.ID), verdictValue(c.Verdict), table.Int(len(c.Ablations)), table.Str(best.Before.text()), table.Str(best.Setting),
			table.Str(best.After.text()), table.Str(strings.Join(c.stubborn(), "; ")))
	}
	return t
}

func (t Tally) text() string {
	return fmt.Sprintf("%d hold, %d fail, %d undecided", t.Holds, t.Fails, t.Undecided)
}
