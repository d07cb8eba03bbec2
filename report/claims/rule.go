package claims

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/report/stats"
)

// ClaimRow is a claim with its verdict.
type ClaimRow struct {
	ID        string `json:"id"`
	Kind      string `json:"kind"`
	Where     string `json:"where"`
	Statement string `json:"statement"` // the paper's
	Plain     string `json:"plain"`     // in plain words
	Weight    string `json:"weight"`    // headline, detail
	Rule      string `json:"rule"`

	Verdict   Verdict      `json:"verdict"`
	Reason    string       `json:"reason"` // how many hold, fail and are open, and why
	Telling   *Comparison  `json:"telling,omitempty"`
	Aggregate *Aggregate   `json:"aggregate,omitempty"`
	Record    stats.Record `json:"record"` // comparisons won, tied within delta, lost
	N         [2]int       `json:"n"`      // fewest and most replicates judged
	Scope     string       `json:"scope"`
	Alpha     float64      `json:"alpha"` // spent, of all looks together
	OneDraw   bool         `json:"one_draw,omitempty"`

	Paper       string       `json:"paper_value,omitempty"`
	Calibration *Calibration `json:"calibration,omitempty"`
	Specs       []string     `json:"specs,omitempty"`
	Comparisons []Comparison `json:"comparisons"`
	Cells       []string     `json:"cells,omitempty"` // that the verdict rests on
	Sensitivity []Ablation   `json:"sensitivity,omitempty"`
}

// claim judges one claim.
func (j *judge) claim(c *Claim) ClaimRow {
	row := ClaimRow{ID: c.ID, Plain: c.Plain, Weight: c.Weight, Rule: c.Rule, Paper: c.Paper}
	if f := j.ledger.first(c.ID); f != nil {
		row.Kind, row.Where, row.Statement, row.Specs = f.Kind, f.Where, f.Statement, f.Specs
	}
	var points []point
	short := j.bare && c.Rule == "every" // one that does not hold is enough
	for i := range c.Checks {
		k := &c.Checks[i]
		switch k.Op {
		case "data":
			row.Comparisons = append(row.Comparisons, j.data(k)...)
		case "plan":
			row.Comparisons = append(row.Comparisons, j.plan(k)...)
		case "printed":
			row.Comparisons = append(row.Comparisons, j.printed(k)...)
		case "theory":
			row.Comparisons = append(row.Comparisons, j.theory(k)...)
		case "widest":
			row.Comparisons = append(row.Comparisons, j.widest(k)...)
		case "trend":
			g, comps := j.trend(k)
			row.Aggregate, row.Comparisons = g, append(row.Comparisons, comps...)
		default:
			points = append(points, j.points(k)...)
		}
	}
	switch c.Rule {
	case "comparable":
		g, all := j.comparable(points, j.ledger.Second.delta(c.Checks[0].Delta))
		row.Aggregate, row.Comparisons = g, j.shown(points, all, "difference of means", meanDifference)
	case "most":
		g, all := j.most(points, c.Need)
		row.Aggregate, row.Comparisons = g, j.shown(points, all, "ratio of deviations", func(b block) stats.Interval { return stats.SDRatio(b.a, b.b, 0.95) })
	default:
		if c.Rule == "usually" {
			row.Aggregate = j.usually(points)
		}
		if c.Rule != "usually" || !j.bare {
			for _, p := range points {
				x := j.compare(p)
				row.Comparisons = append(row.Comparisons, x)
				if short && x.Outcome != Holds {
					break
				}
			}
		}
	}
	j.verdict(c, &row)
	if !j.bare {
		row.summarize(j)
	}
	return row
}

// shown are the comparisons of an aggregate that has no test for each of them.
func (j *judge) shown(points []point, all []block, measure string, of func(block) stats.Interval) []Comparison {
	var out []Comparison
	if j.bare {
		return nil
	}
	for i, p := range points {
		c := Comparison{What: j.describe(p), Dataset: p.dataset, P: 1, Holm: 1, Outcome: Undecided, Measure: measure, Delta: j.ledger.Second.delta(p.check.Delta)}
		a := j.operand(p.check.Left, p.left, p.dataset, p.leftAt, mean)
		b := j.operand(p.check.Right, p.right, p.dataset, p.rightAt, mean)
		if j.ready(&c, a, &b, 0) {
			cut := all[i].first(j.ledger.Second.Looks, math.MaxInt)
			c.N, c.Effect = [2]int{cut.n(), cut.n()}, effect(of(cut))
			c.Found = "counts in the aggregate"
		}
		out = append(out, c)
	}
	return out
}

func meanDifference(b block) stats.Interval {
	return stats.Bootstrap([][]float64{b.a, b.b}, func(c [][]float64) float64 { return mean(c[0]) - mean(c[1]) }, 0.95)
}

// tally counts comparisons by their outcome.
type tally map[Outcome]int

func count(list []Comparison) tally {
	n := tally{}
	for _, c := range list {
		n[c.Outcome]++
	}
	return n
}

func (n tally) String() string {
	var out []string
	total := 0
	for _, k := range n {
		total += k
	}
	out = append(out, fmt.Sprintf("holds on %d of %d", n[Holds], total-n[Missing]-n[Built]))
	for _, o := range []struct {
		Outcome
		what string
	}{{Fails, "fails on"}, {Undecided, "open on"}, {CellFailed, "cells failed on"}, {Built, "by construction on"}} {
		if n[o.Outcome] > 0 {
			out = append(out, fmt.Sprintf("%s %d", o.what, n[o.Outcome]))
		}
	}
	return strings.Join(out, ", ")
}

// verdict follows from the rule.
func (j *judge) verdict(c *Claim, row *ClaimRow) {
	g := row.Aggregate
	switch c.Rule {
	case "usually", "comparable", "most", "trend":
		row.Verdict = map[Outcome]Verdict{Holds: Reproduced, Fails: Contradicted, Undecided: Open, Missing: NotRun}[g.Outcome]
		if g.Outcome == Missing && slices.ContainsFunc(row.Comparisons, func(c Comparison) bool { return len(c.Cells) > 0 || c.Outcome == CellFailed }) {
			row.Verdict = Open
		}
		return
	}
	row.adjust()
	n := count(row.Comparisons)
	certain := 0
	for _, x := range row.Comparisons {
		if x.certain() {
			certain++
		}
	}
	evidence := len(row.Comparisons) - n[Missing] - n[Built]
	switch {
	case c.Rule == "construction" && certain == 0:
		row.Verdict = ByConstruction
	case evidence == 0 && n[Built] > 0:
		row.Verdict = ByConstruction
	case evidence == 0:
		row.Verdict = NotRun
	case certain > 0 && n[Holds] > 0:
		row.Verdict = Partly
	case certain > 0:
		row.Verdict = Contradicted
	case n[Holds] == evidence:
		row.Verdict = Reproduced
	default:
		row.Verdict = Open
	}
}

// adjust fills in Holm's p of the failures: among all of the claim's comparisons, so that what was not
// run makes none smaller.
func (row *ClaimRow) adjust() {
	p := make([]float64, len(row.Comparisons))
	for i, c := range row.Comparisons {
		p[i] = c.P
	}
	for i, q := range stats.Holm(p) {
		row.Comparisons[i].Holm = q
	}
}

// certain tells whether a failure stands among all of the claim's comparisons. What is counted or
// proved has no look and no error.
func (c *Comparison) certain() bool {
	return c.Outcome == Fails && (c.Look.N == 0 || c.Holm <= c.Look.Alpha)
}

// summarize fills in what a reader sees beside the verdict.
func (row *ClaimRow) summarize(j *judge) {
	n := count(row.Comparisons)
	deepest := 0
	for _, c := range row.Comparisons {
		for _, id := range c.Cells {
			if !slices.Contains(row.Cells, id) {
				row.Cells = append(row.Cells, id)
			}
		}
		row.OneDraw = row.OneDraw || c.oneDraw
		if k := c.N[0]; k > 0 {
			if row.N[0] == 0 || k < row.N[0] {
				row.N[0] = k
			}
			row.N[1] = max(row.N[1], k)
		}
		deepest = max(deepest, c.Look.N)
		row.Record = add(row.Record, c.won())
	}
	if row.Aggregate != nil {
		deepest = max(deepest, row.Aggregate.Look.N)
	}
	for _, l := range j.ledger.Second.Looks {
		if l.N <= deepest {
			row.Alpha += l.Alpha
		}
	}
	row.Alpha = stats.Round(row.Alpha)
	row.Scope = scope(row.Comparisons)
	row.Telling = row.telling()
	row.Reason = n.String()
	if g := row.Aggregate; g != nil {
		row.Reason = fmt.Sprintf("%s over %d comparisons", g.Measure, g.Of)
		if g.Effect != nil {
			row.Reason += fmt.Sprintf(": %s, judged against %s", g.Effect.text(), short(g.Bound))
		}
		if g.counted > 0 {
			row.Reason += fmt.Sprintf(", and %s needed as counted", short(g.counted))
		}
	}
	if row.Verdict == Open && row.Telling != nil && row.Telling.Effect != nil && row.Aggregate == nil {
		row.Reason += "; effect within " + row.Telling.Effect.within()
	}
	for _, o := range []Outcome{CellFailed, Missing, Undecided} {
		if why := reasons(row.Comparisons, o); why != "" && (o != Missing || row.Verdict == NotRun) {
			row.Reason += "; " + why
		}
	}
	if row.OneDraw {
		row.Reason += "; one draw of the data"
	}
}

// won is a comparison's share of the record: of two arms by the effect beside delta, else by its outcome.
func (c *Comparison) won() stats.Record {
	e := c.Effect
	switch {
	case e == nil || c.Outcome == Missing:
		return stats.Record{}
	case c.Measure == "ratio of deviations":
		return stats.WinsTiesLosses([]float64{1}, []float64{e.Estimate}, 0)
	case strings.Contains(c.Measure, "shift"), strings.HasSuffix(c.Measure, "difference"), c.Measure == "difference of gaps",
		c.Measure == "difference of means" && c.Found == "counts in the aggregate":
		return stats.WinsTiesLosses([]float64{e.Estimate}, []float64{0}, c.Delta)
	case c.Outcome == Holds:
		return stats.Record{Wins: 1}
	case c.Outcome == Fails:
		return stats.Record{Losses: 1}
	}
	return stats.Record{}
}

func add(a, b stats.Record) stats.Record {
	return stats.Record{Wins: a.Wins + b.Wins, Ties: a.Ties + b.Ties, Losses: a.Losses + b.Losses}
}

// scope is on how many datasets a claim was judged, and why not on the others.
func scope(list []Comparison) string {
	seen, ran := []string{}, map[string]bool{}
	why := map[string]string{}
	for _, c := range list {
		if c.Dataset == "" {
			continue
		}
		if !slices.Contains(seen, c.Dataset) {
			seen = append(seen, c.Dataset)
		}
		if c.Outcome == Missing {
			why[c.Dataset] = c.Reason
		} else {
			ran[c.Dataset] = true
		}
	}
	if len(seen) == 0 {
		return ""
	}
	var away []string
	for _, d := range seen {
		if ran[d] {
			continue
		}
		if strings.Contains(why[d], "data missing") {
			away = append(away, d+" has no file")
		} else {
			away = append(away, d+" was not run")
		}
	}
	out := fmt.Sprintf("%d of %d datasets", len(ran), len(seen))
	if len(away) > 0 {
		out += "; " + firstFew(away, 3)
	}
	return out
}

// telling is the comparison that is shown for all: of failures the surest, of those that are open the
// one with the widest interval, and where all hold the one with the least win probability.
func (row *ClaimRow) telling() *Comparison {
	wanted := Holds
	switch row.Verdict {
	case Partly, Contradicted:
		wanted = Fails
	case Open, NotDecidable:
		wanted = Undecided
	}
	var best *Comparison
	for i := range row.Comparisons {
		c := &row.Comparisons[i]
		if c.Outcome != wanted || c.Effect == nil {
			continue
		}
		if best == nil || c.before(best) {
			best = c
		}
	}
	return best
}

func (c *Comparison) before(o *Comparison) bool {
	switch {
	case c.Outcome == Fails && c.P != o.P:
		return c.P < o.P
	case c.Outcome == Undecided:
		return c.Effect.Hi-c.Effect.Lo > o.Effect.Hi-o.Effect.Lo
	case c.Win != nil && o.Win != nil && c.Win.Estimate != o.Win.Estimate:
		return c.Win.Estimate < o.Win.Estimate
	}
	return math.Abs(c.Effect.Estimate) < math.Abs(o.Effect.Estimate)
}

func (e *Effect) text() string {
	if e.Lo == e.Hi {
		return short(e.Estimate)
	}
	return fmt.Sprintf("%s %s", short(e.Estimate), e.within())
}

func (e *Effect) within() string { return fmt.Sprintf("[%s, %s]", short(e.Lo), short(e.Hi)) }

// reasons lists why comparisons have an outcome, each once, the first few.
func reasons(list []Comparison, o Outcome) string {
	var out []string
	for _, c := range list {
		if c.Outcome == o && c.Reason != "" {
			text := c.Reason
			if c.Dataset != "" && !strings.Contains(text, c.Dataset) {
				text = c.Dataset + ": " + text
			}
			if !slices.Contains(out, text) {
				out = append(out, text)
			}
		}
	}
	return firstFew(out, 2)
}

func firstFew(s []string, few int) string {
	if len(s) > few {
		return strings.Join(s[:few], "; ") + fmt.Sprintf("; and %d more", len(s)-few)
	}
	return strings.Join(s, "; ")
}
