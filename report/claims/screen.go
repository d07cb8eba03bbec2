package claims

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/report/claims/rule"
	"github.com/uaibench/uaibench/report/text"
)

// The marks refer to the notes at the screen's end.
const (
	markDraw  = " ¹"
	markWorld = " ²"
)

// decisive are the verdicts whose claims are listed apart: those that rest on runs.
var decisive = []rule.Verdict{rule.Contradicted, rule.Partly, rule.Reproduced}

// DecidedByRuns returns the claims with one of the verdicts contradicted, partly and reproduced, in
// this order.
func (j *Judgement) DecidedByRuns() []*ClaimRow {
	var out []*ClaimRow
	for _, v := range decisive {
		for i := range j.Claims {
			if j.Claims[i].Verdict == v {
				out = append(out, &j.Claims[i])
			}
		}
	}
	return out
}

// WriteScreen writes the headline, the ids of the claims that the runs decide, and the headline
// claims for a terminal of width columns: for each headline claim one line with its verdict, id,
// estimate and n, then its sentence.
func (j *Judgement) WriteScreen(w io.Writer, width int) error {
	var b strings.Builder
	line := func(indent int, s string) {
		for _, l := range strings.Split(text.Wrap(s, max(width-indent, 20)), "\n") {
			b.WriteString(strings.Repeat(" ", indent) + strings.TrimRight(l, " ") + "\n")
		}
	}
	line(0, j.Headline())
	for _, v := range decisive {
		var ids []string
		for _, c := range j.DecidedByRuns() {
			if c.Verdict == v {
				ids = append(ids, c.ID)
			}
		}
		if ids != nil {
			line(2, string(v)+": "+strings.Join(ids, ", "))
		}
	}
	b.WriteString("\nThe headline claims:\n")
	used := map[string]bool{}
	for _, c := range j.headlines() {
		mark := ""
		if c.OneDraw {
			mark += markDraw
		}
		if c.Calibration != nil && !c.Calibration.Decides() {
			mark += markWorld
		}
		used[markDraw] = used[markDraw] || strings.Contains(mark, markDraw)
		used[markWorld] = used[markWorld] || strings.Contains(mark, markWorld)
		head := fmt.Sprintf("%-20s %-15s", c.ID, string(c.Verdict)+mark)
		for _, more := range []string{c.estimateText(), c.replicates()} {
			if more != "" {
				head += "  " + more
			}
		}
		line(0, strings.TrimRight(head, " "))
		line(2, c.Plain)
		if c.Verdict == rule.NotDecidable {
			line(2, fmt.Sprintf("By the runs, %s; but its checks return reproduced in %.0f %% "+
				"of the paper's own worlds, and in %.0f %% of those without an effect.", c.ByRuns,
				100*c.Calibration.Paper, 100*c.Calibration.None))
		}
	}
	b.WriteString("\n")
	notes := []string{"one draw of the data: the verdict is conditional on it",
		"its checks cannot decide in every world: see the calibration in --all"}
	for i, mark := range []string{markDraw, markWorld} {
		if used[mark] {
			line(0, strings.TrimSpace(mark)+" "+notes[i])
		}
	}
	line(0, byChance+". --all shows every claim, --claim ID one claim with its comparisons.")
	_, err := io.WriteString(w, b.String())
	return err
}

// replicates returns the fewest and most replicates judged, "" if none were.
func (c ClaimRow) replicates() string {
	switch {
	case c.N[1] == 0:
		return ""
	case c.N[0] == c.N[1]:
		return fmt.Sprintf("n = %d", c.N[0])
	}
	return fmt.Sprintf("n = %d–%d", c.N[0], c.N[1])
}

// headlines returns the headline claims, in the ledger's order.
func (j *Judgement) headlines() []ClaimRow {
	return slices.DeleteFunc(slices.Clone(j.Claims), func(c ClaimRow) bool {
		return c.Weight != "headline"
	})
}
