package claims

import (
	"fmt"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/bench/theory"
	"github.com/uaibench/uaibench/report/stats"
)

// Judgement is the ledger with its verdicts: what report.html and EXPERIMENTS.md show.
type Judgement struct {
	Runs     []string          `json:"runs"` // the run directories
	Claims   []ClaimRow        `json:"claims"`
	Numbers  []NumberRow       `json:"numbers"`
	Stated   []StatedRow       `json:"stated"`
	Coverage []Coverage        `json:"coverage"`
	Count    map[Verdict]int   `json:"count"`   // of claims
	Digests  map[string]string `json:"digests"` // of the runs, by directory
	Tol      Tolerances        `json:"tolerances"`
}

// ClaimRow is a claim with its verdict.
type ClaimRow struct {
	ID        string   `json:"id"`
	Kind      string   `json:"kind"`
	Where     string   `json:"where"`
	Statement string   `json:"statement"`
	Verdict   Verdict  `json:"verdict"`
	Reason    string   `json:"reason"`
	Tolerance string   `json:"tolerance,omitempty"`
	Paper     string   `json:"paper_value,omitempty"`
	Specs     []string `json:"specs,omitempty"`
	Items     []Item   `json:"items"`
	Cells     []string `json:"cells,omitempty"` // that the verdict rests on

	Ablations []Ablation `json:"ablations,omitempty"` // where a comparison fails: what the runs' other settings make of it

	armless bool // it speaks of theory or of data alone
}

// Evidence is what was measured.
type Evidence struct {
	Runs   []*runlog.Run
	Theory *theory.Result // nil: not run
}

// Judge gives every claim and every published number a verdict.
func Judge(l *Ledger, cat bench.Catalog, e Evidence) *Judgement {
	m := newMeasured(l, cat, e)
	j := &Judgement{Count: map[Verdict]int{}, Digests: map[string]string{}, Tol: l.Tolerances}
	for _, r := range e.Runs {
		j.Runs = append(j.Runs, r.Path)
		j.Digests[r.Path] = r.Digest()
	}
	for i := range l.Claims {
		row := m.claim(&l.Claims[i])
		j.Claims = append(j.Claims, row)
		j.Count[row.Verdict]++
	}
	m.ablate(j.Claims, e.Runs)
	j.Numbers = m.numbers()
	j.Stated = m.stated()
	for _, n := range j.sizes() {
		j.Coverage = append(j.Coverage, SimulateCoverage(n, l.Tolerances)...)
	}
	return j
}

// sizes are the numbers of runs that intervals rest on.
func (j *Judgement) sizes() []int {
	var out []int
	add := func(iv *Interval) {
		if iv != nil && iv.N > 1 && iv.N <= 30 && !slices.Contains(out, iv.N) {
			out = append(out, iv.N)
		}
	}
	for _, c := range j.Claims {
		for _, i := range c.Items {
			add(i.Interval)
		}
	}
	for _, n := range j.Numbers {
		add(n.Interval)
	}
	if len(out) == 0 {
		out = []int{paperRuns}
	}
	slices.Sort(out)
	return out
}

func (m *measured) claim(c *Claim) ClaimRow {
	row := ClaimRow{ID: c.ID, Kind: c.Kind, Where: c.Where, Statement: c.Statement, Tolerance: c.Tolerance, Paper: c.PaperValue, Specs: c.Specs, armless: c.armless()}
	row.Items = m.comparisons(c)
	adjust(row.Items)
	for i := range row.Items {
		it := &row.Items[i]
		if it.Outcome == Missing {
			it.Cells = nil // planned, or run less far than the claim speaks of: nothing rests on them
		}
		for _, id := range it.Cells {
			if !slices.Contains(row.Cells, id) {
				row.Cells = append(row.Cells, id)
			}
		}
	}
	row.Verdict, row.Reason = verdict(c, row.Items)
	return row
}

// comparisons are the items of all the claim's tests, in an order that does not depend on what was run.
func (m *measured) comparisons(c *Claim) []Item {
	var items []Item
	for i := range c.Tests {
		items = append(items, m.items(c, &c.Tests[i])...)
	}
	return items
}

// adjust fills in Holm's p of the claim's family: of all comparisons, so that it is no smaller for what was not run.
func adjust(items []Item) {
	for i, q := range holm(items, func(it Item) float64 { return it.P.T }) {
		if items[i].P != nil {
			items[i].P.Holm = q
		}
	}
}

// holm adjusts a p of each comparison; one that has none counts with 1.
func holm(items []Item, of func(Item) float64) []float64 {
	p := make([]float64, len(items))
	for i, it := range items {
		p[i] = 1
		if it.P != nil {
			p[i] = of(it)
		}
	}
	return stats.Holm(p)
}

// verdict of a claim from its items. A failed cell leaves nothing better than inconclusive; what was not run is never a pass.
func verdict(c *Claim, items []Item) (Verdict, string) {
	n := map[Outcome]int{}
	for _, it := range items {
		n[it.Outcome]++
	}
	total := len(items)
	needs := 0
	for _, it := range items {
		needs = max(needs, it.Needs)
	}
	tally := fmt.Sprintf("%d of %d hold", n[Holds], total)
	for _, o := range []struct {
		outcome Outcome
		what    string
	}{{Fails, "fail"}, {Straddles, "undecided"}, {Broken, "rest on failed cells"}, {Missing, "not run"}} {
		if k := n[o.outcome]; k > 0 {
			tally += fmt.Sprintf(", %d %s", k, o.what)
		}
	}
	printed := !slices.ContainsFunc(items, func(it Item) bool { return !it.printed })
	if printed {
		tally += "; printed numbers beside printed ones, on which no run bears"
	}
	switch {
	case n[Missing] == total:
		return NotRun, items[0].Reason
	case n[Broken] > 0:
		return Inconclusive, tally + "; " + reasons(items, Broken)
	}
	undecided := func() (Verdict, string) {
		why := tally
		if needs > 0 {
			why += fmt.Sprintf("; about %d runs would decide the undecided", needs)
		} else if r := reasons(items, Straddles); r != "" {
			why += "; " + r
		}
		if r := reasons(items, Missing); r != "" {
			why += "; " + r
		}
		return Inconclusive, why
	}
	holds := Reproduced
	if c.Construction || printed {
		holds = ByConstruction
	}
	switch {
	case c.Any:
		return verdictAny(items, n, tally, undecided)
	case c.Need > 0 && n[Holds] >= c.Need:
		return holds, fmt.Sprintf("%s, %d needed", tally, c.Need)
	case c.Need > 0 && n[Fails] > total-c.Need:
		return Contradicted, fmt.Sprintf("%s, %d needed", tally, c.Need)
	case c.Need > 0:
		return undecided()
	case n[Fails] > 0 && n[Holds] > 0:
		return Partly, tally + "; " + where(items, Fails)
	case n[Fails] > 0:
		return Contradicted, tally + "; " + where(items, Fails)
	case n[Holds] == total:
		return holds, tally
	}
	return undecided()
}

// verdictAny looks for one comparison that stays significant among all.
func verdictAny(items []Item, n map[Outcome]int, tally string, undecided func() (Verdict, string)) (Verdict, string) {
	for i, q := range holm(items, func(it Item) float64 { return it.above }) {
		if q <= 0.05 {
			return Reproduced, fmt.Sprintf("%s, p = %.2g among %d (Holm)", strings.TrimSpace(items[i].What+" on "+items[i].Dataset), q, len(items))
		}
	}
	if n[Fails] == len(items) {
		return Contradicted, tally
	}
	return undecided()
}

// reasons lists why items have an outcome, each once, the first few.
func reasons(items []Item, o Outcome) string {
	var out []string
	for _, it := range items {
		if it.Outcome == o && it.Reason != "" && !slices.Contains(out, it.Reason) {
			out = append(out, it.Reason)
		}
	}
	few := 3
	if o != Straddles {
		few = 1
	}
	return firstFew(out, few)
}

// where lists the items with an outcome, the first few.
func where(items []Item, o Outcome) string {
	var out []string
	for _, it := range items {
		if it.Outcome == o {
			text := it.What
			if it.Dataset != "" {
				text += " on " + it.Dataset
			}
			if it.Interval != nil {
				text += ": " + it.Interval.text() + ", wanted " + it.Wanted
			}
			if it.Reason != "" {
				text += " (" + it.Reason + ")"
			}
			out = append(out, text)
		}
	}
	return firstFew(out, 3)
}

func firstFew(s []string, few int) string {
	if len(s) > few {
		return strings.Join(s[:few], "; ") + fmt.Sprintf("; and %d more", len(s)-few)
	}
	return strings.Join(s, "; ")
}
