package claims

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/report/claims/rule"
	"github.com/uaibench/uaibench/report/table"
)

// ClaimRow is a judged claim, with its sensitivity to the runs' settings and its calibration.
type ClaimRow struct {
	rule.Row
	Sensitivity []Ablation `json:"sensitivity,omitempty"`
}

// Ablation compares a claim's comparisons under the paper's setting with those under one other
// setting of the runs. It separates a choice that the paper leaves open from a claim that does not
// hold. It never affects a verdict.
type Ablation struct {
	Setting string `json:"setting"`
	// comparisons with a cell of the setting; Before, After and outcomes cover only these
	Touched int   `json:"touched"`
	Before  Tally `json:"before"` // with the paper's setting
	After   Tally `json:"after"`  // with the setting

	outcomes []rule.Outcome // with the setting, by comparison; "": untouched
}

// Tally counts comparisons.
type Tally struct {
	Holds, Fails, Undecided int
}

func (t *Tally) add(o rule.Outcome) {
	switch o {
	case rule.Holds:
		t.Holds++
	case rule.Fails:
		t.Fails++
	default:
		t.Undecided++
	}
}

// fillSensitivity sets Sensitivity of each claim that has no aggregate and at least one failed
// comparison with cells.
func (j *Judgement) fillSensitivity() {
	if j.evaluator == nil || j.filled {
		return
	}
	j.filled = true
	m := j.evaluator
	names, swaps, arms := m.Settings(j.runs)
	for i := range j.Claims {
		row := &j.Claims[i]
		claim := &j.ledger.Second.Claims[i]
		if !slices.ContainsFunc(row.Comparisons,
			func(c rule.Comparison) bool {
				return c.Outcome == rule.Fails &&
					len(c.Cells) > 0
			}) || row.Aggregate != nil {
			continue
		}
		for _, name := range names {
			if slices.ContainsFunc(arms[name], claim.SpeaksOf) {
				continue // the claim is about that setting
			}
			a := Ablation{Setting: name, outcomes: make([]rule.Outcome, len(row.Comparisons))}
			other := (&rule.Judge{Ledger: j.ledger, Source: m.With(swaps[name])}).Claim(claim)
			for k, c := range other.Comparisons {
				before := row.Comparisons[k]
				if c.Outcome == rule.Missing || before.Outcome == rule.Missing ||
					slices.Equal(c.Cells, before.Cells) {
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

// best returns the setting that gains most, counting comparisons that come to hold and those that
// no longer fail; the first on a tie, nil if there is none.
func (c ClaimRow) best() *Ablation {
	var best *Ablation
	gain := func(a *Ablation) int {
		return a.After.Holds - a.Before.Holds +
			a.Before.Fails - a.After.Fails
	}
	for i := range c.Sensitivity {
		if a := &c.Sensitivity[i]; best == nil || gain(a) > gain(best) {
			best = a
		}
	}
	return best
}

// stubborn returns the comparisons that fail with the paper's setting and with every setting that
// touches them.
func (c ClaimRow) stubborn() []string {
	var out []string
	for j, it := range c.Comparisons {
		if it.Outcome != rule.Fails {
			continue
		}
		touched, fails := 0, 0
		for _, a := range c.Sensitivity {
			if a.outcomes[j] != "" {
				touched++
			}
			if a.outcomes[j] == rule.Fails {
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

const hindsight = "Which setting does best is known only with the labels, and of many some do " +
	"by luck: this separates a choice that the paper leaves open, or a method " +
	"beyond it, from a claim that does not hold, and affects no verdict."

// SensitivityOf has one row per setting that touches a comparison of the claim; nil if none does.
func (j *Judgement) SensitivityOf(c *ClaimRow) *table.Table {
	j.fillSensitivity()
	if len(c.Sensitivity) == 0 {
		return nil
	}
	t := &table.Table{
		Name: "sensitivity-" + c.ID, Title: "Sensitivity",
		Caption: "Comparisons of " + c.ID +
			" that rest on cells also run with another setting: with the paper's, and with the " +
			"other in its place. " + hindsight,
		Columns: []table.Column{{Name: "setting"}, {Name: "comparisons", Kind: table.Count},
			{Name: "hold", Kind: table.Count}, {Name: "with it", Kind: table.Count},
			{Name: "fail", Kind: table.Count}, {Name: "with it ", Kind: table.Count},
			{Name: "open", Kind: table.Count}, {Name: "with it  ", Kind: table.Count}},
	}
	for _, a := range c.Sensitivity {
		t.Add(table.Str(a.Setting), table.Int(a.Touched), table.Int(a.Before.Holds),
			table.Int(a.After.Holds),
			table.Int(a.Before.Fails), table.Int(a.After.Fails), table.Int(a.Before.Undecided),
			table.Int(a.After.Undecided))
	}
	return t
}

// SensitivityTable has one row per claim that the runs contradict or that holds in part, with the
// setting that helps most and the comparisons that fail with all.
func (j *Judgement) SensitivityTable() *table.Table {
	j.fillSensitivity()
	t := &table.Table{
		Name: "sensitivity", Title: "Sensitivity of claims that fail",
		Caption: "Of each claim, the comparisons that rest on cells also run with other " +
			"settings. " + hindsight,
		Columns: []table.Column{{Name: "claim", Whole: true}, {Name: "verdict", Whole: true},
			{Name: "settings", Kind: table.Count}, {Name: "as the paper has it"},
			{Name: "best with"}, {Name: "then"}, {Name: "fails with all"}},
	}
	for _, c := range j.Claims {
		if v := cmp.Or(c.ByRuns, c.Verdict); v != rule.Contradicted && v != rule.Partly {
			continue
		}
		best := c.best()
		if best == nil {
			why := "no other setting was run"
			if len(c.Cells) == 0 {
				why = "rests on theory or data only: no method's setting affects it"
			}
			t.Add(table.Str(c.ID), verdictValue(c.Verdict), table.Int(0), table.Missing(why),
				table.Str(""), table.Str(""), table.Str(""))
			continue
		}
		t.Add(table.Str(c.ID), verdictValue(c.Verdict), table.Int(len(c.Sensitivity)),
			table.Str(best.Before.text()), table.Str(best.Setting),
			table.Str(best.After.text()), table.Str(strings.Join(c.stubborn(), "; ")))
	}
	return t
}
