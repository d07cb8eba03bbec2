package claims

import (
	"fmt"
	"slices"

	"github.com/uaibench/uaibench/report/claims/rule"
	"github.com/uaibench/uaibench/report/page"
	"github.com/uaibench/uaibench/report/table"
)

// Verdicts returns the judgement for the report's page: every claim with its comparisons and cells,
// the published numbers, the calibration and the coverage. With a claim's id as one, it returns
// that claim only, without the tables.
func (j *Judgement) Verdicts(one string) *page.Verdicts {
	v := &page.Verdicts{
		Note: j.Headline() + ". Verdicts can change only at 5, 10, 20 and 40 replicates; " +
			"datasets without runs lower a claim's scope, and by construction is no evidence.",
	}
	if one == "" {
		v.Tables = j.Tables()[1:] // the first one is of the claims
	}
	count := map[rule.Verdict]int{}
	for i := range j.Claims {
		c := &j.Claims[i]
		if one != "" && c.ID != one {
			continue
		}
		count[c.Verdict]++
		v.Claims = append(v.Claims, page.Claim{
			ID: c.ID, Where: c.Where, Statement: c.Statement, Verdict: string(c.Verdict),
			Reason: c.Reason, Tolerance: c.Plain,
			Comparisons: c.ComparisonTable(), Plot: c.Plot(), Ablations: j.SensitivityOf(c),
			Cells: c.Cells,
		})
	}
	for _, verdict := range rule.Verdicts {
		if n := count[verdict]; n > 0 {
			v.Counts = append(v.Counts, page.VerdictCount{Verdict: string(verdict), N: n})
		}
	}
	return v
}

// OfRun returns the verdicts for a run's own report: the claims and numbers that rest on its cells,
// judged by that run only. It returns nil if none does.
func (j *Judgement) OfRun() *page.Verdicts {
	some := *j
	some.Claims = slices.DeleteFunc(slices.Clone(j.Claims), func(c ClaimRow) bool {
		return len(c.Cells) == 0 && !slices.ContainsFunc(c.Comparisons,
			func(x rule.Comparison) bool { return x.Effect != nil })
	})
	some.Numbers = slices.DeleteFunc(slices.Clone(j.Numbers),
		func(n rule.NumberRow) bool { return n.Ours == nil })
	some.Stated, some.Predictions, some.filled = nil, nil, true
	if len(some.Claims) == 0 && len(some.Numbers) == 0 {
		return nil
	}
	v := some.Verdicts("")
	v.Note = fmt.Sprintf("Judged by this run only: %d of the ledger's %d claims rest on its "+
		"cells. The command uaibench claims judges all of them by several runs.",
		len(some.Claims), len(j.Claims))
	v.Tables = slices.DeleteFunc(v.Tables, func(t *table.Table) bool {
		return len(t.Rows) == 0 || slices.Contains([]string{"claims-deviations",
			"claims-calibration", "claims-coverage"}, t.Name)
	})
	return v
}
