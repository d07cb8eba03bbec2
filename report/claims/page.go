package claims

import (
	"fmt"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/report/page"
	"github.com/uaibench/uaibench/report/table"
)

// Verdicts is the judgement as report's page shows it: every claim with its comparisons and cells, the published numbers, and
// how far the intervals can be trusted; or, unless one is "", that claim alone.
func (j *Judgement) Verdicts(one string) *page.Verdicts {
	v := &page.Verdicts{
		Note:   "A verdict follows from an interval against a tolerance region: inside, outside, or straddling its edge. By construction is no evidence; what was not run is no pass.",
		Tables: j.Tables()[1:], // the first one is of the claims
	}
	if one != "" {
		v.Tables = nil
	}
	for _, s := range signFlipNotes(j) {
		v.Note += " " + s + "."
	}
	count := map[Verdict]int{}
	for _, c := range j.Claims {
		if one != "" && c.ID != one {
			continue
		}
		count[c.Verdict]++
		v.Claims = append(v.Claims, page.Claim{
			ID: c.ID, Where: c.Where, Statement: c.Statement, Verdict: string(c.Verdict), Reason: c.Reason, Tolerance: c.Tolerance,
			Comparisons: c.pageTable(), Ablations: c.AblationTable(), Cells: c.Cells,
		})
	}
	for _, verdict := range Verdicts {
		if n := count[verdict]; n > 0 {
			v.Counts = append(v.Counts, page.VerdictCount{Verdict: string(verdict), N: n})
		}
	}
	return v
}

// pageTable is the claim's comparisons, without the columns of p where no two arms are compared.
func (c ClaimRow) pageTable() *table.Table {
	t := c.ItemTable()
	if slices.ContainsFunc(c.Items, func(it Item) bool { return it.P != nil }) {
		return t
	}
	n := slices.IndexFunc(t.Columns, func(col table.Column) bool { return strings.HasPrefix(col.Name, "p (") })
	t.Columns = t.Columns[:n]
	for i := range t.Rows {
		t.Rows[i] = t.Rows[i][:n]
	}
	return t
}

// OfRun is what a run's own report says of the ledger: the claims and numbers that rest on its cells, judged by it alone; a
// claim of which nothing was run to the paper's extent rests on none. nil if none does.
func (j *Judgement) OfRun() *page.Verdicts {
	some := *j
	some.Claims = slices.DeleteFunc(slices.Clone(j.Claims), func(c ClaimRow) bool { return len(c.Cells) == 0 })
	some.Numbers = slices.DeleteFunc(slices.Clone(j.Numbers), func(n NumberRow) bool { return n.Ours == nil })
	some.Stated = nil
	if len(some.Claims) == 0 && len(some.Numbers) == 0 {
		return nil
	}
	v := some.Verdicts("")
	v.Note = fmt.Sprintf("Judged by this run alone: %d of the ledger's %d claims rest on a cell of it. The command uaibench claims judges all of them by several runs. ", len(some.Claims), len(j.Claims)) + v.Note
	v.Tables = slices.DeleteFunc(v.Tables, func(t *table.Table) bool { return len(t.Rows) == 0 })
	return v
}
