package rule

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/bench/text"
	"github.com/uaibench/uaibench/report/stats"
)

// summarize sets the fields that are shown beside the verdict.
func (row *Row) summarize(j *Judge) {
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
	for _, l := range j.Ledger.Second.Looks {
		if l.N <= deepest {
			row.Alpha += l.Alpha
		}
	}
	row.Alpha = stats.Round(row.Alpha)
	row.Scope = scope(row.Comparisons)
	row.Telling = row.telling()
	row.Reason = n.String()
	if g := row.Aggregate; g != nil {
		row.Reason = g.reason()
	}
	if c := row.Telling; row.Verdict == Open && c != nil && c.Effect != nil && row.Aggregate == nil {
		what := "effect"
		if c.Measure == ofDraws {
			what = ofDraws
		}
		if what == "effect" || c.N[0] > 1 {
			row.Reason += "; " + what + " within " + c.Effect.Within()
		}
	}
	for _, o := range []Outcome{CellFailed, Missing, Undecided} {
		if why := reasons(row.Comparisons, o); why != "" &&
			(o != Missing || row.Verdict == NotRun) {
			row.Reason += "; " + why
		}
	}
	var thin []string
	for _, c := range row.Comparisons {
		if c.Thin != "" && !slices.Contains(thin, c.Thin) {
			thin = append(thin, c.Thin)
		}
	}
	if len(thin) > 0 {
		row.Reason += "; thin: it rests on " + strings.Join(thin, ", ")
	}
	if row.OneDraw {
		row.Reason += "; one draw of the data"
	}
}

// won returns a comparison's share of the record: for two arms by the effect against delta,
// otherwise by its outcome.
func (c *Comparison) won() stats.Record {
	e := c.Effect
	switch {
	case e == nil || c.Outcome == Missing:
		return stats.Record{}
	case c.Measure == "ratio of deviations":
		return stats.WinsTiesLosses([]float64{1}, []float64{e.Estimate}, 0)
	case strings.Contains(c.Measure, "shift"), strings.HasSuffix(c.Measure, "difference"),
		c.Measure == "difference of gaps",
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

// scope states on how many datasets a claim was judged, and why not on the others.
func scope(list []Comparison) string {
	seen, judged := []string{}, map[string]bool{}
	why := map[string]string{} // not judged; "": before the first look
	for _, c := range list {
		if c.Dataset == "" {
			continue
		}
		if !slices.Contains(seen, c.Dataset) {
			seen = append(seen, c.Dataset)
		}
		switch {
		case c.Outcome == Missing:
			why[c.Dataset] = notRun(c.Reason)
		case c.Outcome == Undecided && c.Effect == nil:
			why[c.Dataset] = ""
		default:
			judged[c.Dataset] = true
		}
	}
	if len(seen) == 0 {
		return ""
	}
	var away, early []string
	for _, d := range seen {
		switch {
		case judged[d]:
		case why[d] == "":
			early = append(early, d)
		default:
			away = append(away, d+" "+why[d])
		}
	}
	switch n := len(early); {
	case n == 1:
		away = append(away, early[0]+" is before its first look")
	case n > 3:
		away = append(away, fmt.Sprintf("%d are before their first look", n))
	case n > 1:
		away = append(away, strings.Join(early[:n-1], ", ")+" and "+early[n-1]+
			" are before their first look")
	}
	out := fmt.Sprintf("%d of %d datasets", len(judged), len(seen))
	if len(away) > 0 {
		out += "; " + firstFew(away, 3)
	}
	return out
}

// notRun shortens the reason of a comparison that has no result.
func notRun(reason string) string {
	switch {
	case strings.Contains(reason, "data missing"):
		return "has no file"
	case strings.Contains(reason, "the budget of"):
		return "was not run in full"
	}
	return "was not run"
}

// telling returns the comparison that represents all: among failures the one with the smallest p,
// among open ones the one with the widest interval, and if all hold the one with the lowest win
// probability.
func (row *Row) telling() *Comparison {
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

// Text formats the estimate, with its interval if that is not a point.
func (e *Effect) Text() string {
	if e.Lo == e.Hi {
		return Short(e.Estimate)
	}
	return fmt.Sprintf("%s %s", Short(e.Estimate), e.Within())
}

// Within formats the interval.
func (e *Effect) Within() string { return fmt.Sprintf("[%s, %s]", Short(e.Lo), Short(e.Hi)) }

// reasons lists the first few distinct reasons of the comparisons with an outcome.
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

// reason states what judged an aggregate, or why it was not judged: no comparison has as many
// replicates as its first look requires.
func (g *Aggregate) reason() string {
	if g.Of == 0 {
		return fmt.Sprintf("%s: %s at most, and the first look is at %d", g.Measure,
			text.Plural(g.most, "replicate"), g.fewest)
	}
	s := fmt.Sprintf("%s over %s", g.Measure, text.Plural(g.Of, "comparison"))
	if g.Effect != nil {
		s += fmt.Sprintf(": %s, judged against %s", g.Effect.Text(), Short(g.Bound))
	}
	if g.counted > 0 {
		s += fmt.Sprintf("; the count must be at least %s", Short(g.counted))
	}
	return s
}
