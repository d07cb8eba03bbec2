package claims

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
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
func (m *evaluator) settings(runs []*runlog.Run) (names []string, swaps map[string]map[string][]*series, arms map[string][]*Arm) {
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
func (m *evaluator) places(r *record, add func(a *Arm, dataset string)) (any bool) {
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
func (m *evaluator) with(swap map[string][]*series) *evaluator {
	other := *m
	other.series, other.samples = maps.Clone(m.series), map[string]sample{}
	maps.Copy(other.series, swap)
	return &other
}

// fillSensitivity fills in what the settings make of each claim of which a comparison fails, by those of
// its comparisons that judge two arms or one alone.
func (j *Judgement) fillSensitivity() {
	if j.evaluator == nil || j.filled {
		return
	}
	j.filled = true
	m := j.evaluator
	names, swaps, arms := m.settings(j.runs)
	for i := range j.Claims {
		row := &j.Claims[i]
		claim := &j.ledger.Second.Claims[i]
		if !slices.ContainsFunc(row.Comparisons, func(c Comparison) bool { return c.Outcome == Fails && len(c.Cells) > 0 }) || row.Aggregate != nil {
			continue
		}
		for _, name := range names {
			if slices.ContainsFunc(arms[name], claim.speaksOf) {
				continue // it compares the arm with that very setting
			}
			a := Ablation{Setting: name, outcomes: make([]Outcome, len(row.Comparisons))}
			other := (&judge{ledger: j.ledger, src: m.with(swaps[name])}).claim(claim)
			for k, c := range other.Comparisons {
				before := row.Comparisons[k]
				if c.Outcome == Missing || before.Outcome == Missing || slices.Equal(c.Cells, before.Cells) {
					continue
				}
				a.Touched++
				a.Before.add(before.Outcome)
				a.After.add(c.Outcome)
				a.outcomes[k] = c.Outcome
			}
			if a.Touched > 0 {
				row.Sensitivity = append(row.Sensitivity, a)
			}
		}
	}
}

// speaksOf tells whether one of the claim's checks is of an arm.
func (c *Claim) speaksOf(a *Arm) bool {
	return slices.ContainsFunc(c.Checks, func(k Check) bool {
		return k.Left != nil && slices.Contains(k.Left.Arms, a.ID) || k.Right != nil && slices.Contains(k.Right.Arms, a.ID)
	})
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
	for i := range c.Sensitivity {
		if a := &c.Sensitivity[i]; best == nil || gain(a) > gain(best) {
			best = a
		}
	}
	return best
}

// stubborn are the comparisons that fail as the paper has it and with every setting that touches them.
func (c ClaimRow) stubborn() []string {
	var out []string
	for j, it := range c.Comparisons {
		if it.Outcome != Fails {
			continue
		}
		touched, fails := 0, 0
		for _, a := range c.Sensitivity {
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

func (t Tally) text() string {
	return fmt.Sprintf("%d hold, %d fail, %d undecided", t.Holds, t.Fails, t.Undecided)
}
