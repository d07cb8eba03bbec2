package render

import (
	"fmt"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/report/claims"
	"github.com/uaibench/uaibench/report/claims/rule"
	"github.com/uaibench/uaibench/report/text"
)

// claim returns a claim's row by its id.
func (w *writer) claim(id string) (*claims.ClaimRow, error) {
	c := w.judgement.Claim(id)
	if c == nil {
		return nil, fmt.Errorf("no claim %q in the ledger", id)
	}
	return c, nil
}

func (w *writer) verdict(id string) (string, error) {
	c, err := w.claim(id)
	if err != nil {
		return "", err
	}
	return string(c.Verdict), nil
}

// answer returns a claim's verdict as an answer to whether its statement is true.
func (w *writer) answer(id string) (string, error) {
	c, err := w.claim(id)
	if err != nil {
		return "", err
	}
	switch c.Verdict {
	case rule.Reproduced:
		return "yes", nil
	case rule.Partly:
		return "in part", nil
	case rule.Contradicted:
		return "no", nil
	case rule.ByConstruction:
		return "yes, by construction", nil
	case rule.NotRun:
		return "not run yet", nil
	case rule.NotDecidable:
		switch c.ByRuns {
		case rule.Reproduced:
			return "yes in these runs, but not decidable", nil
		case rule.Partly:
			return "in part in these runs, but not decidable", nil
		case rule.Contradicted:
			return "not in these runs, but not decidable", nil
		}
		return "not decidable", nil
	case rule.NotTestable:
		return "the checks cannot tell", nil
	}
	return "not decided yet", nil
}

// doubt returns why a claim is not decidable, after a semicolon: how often its check would pass if
// the paper's results were true, or if there were no effect. It is "" for other verdicts.
func (w *writer) doubt(id string) (string, error) {
	c, err := w.claim(id)
	switch {
	case err != nil:
		return "", err
	case c.Verdict != rule.NotDecidable || c.Calibration == nil:
		return "", nil
	case c.Calibration.Paper < rule.LeastPower:
		return fmt.Sprintf("; were the paper's numbers true, the check would confirm them in "+
			"%.0f %% of simulations", 100*c.Calibration.Paper), nil
	}
	return fmt.Sprintf("; without an effect the check would confirm one in %.0f %% of simulations",
		100*c.Calibration.None), nil
}

func (w *writer) estimate(id string) (string, error) {
	c, err := w.claim(id)
	if err != nil {
		return "", err
	}
	if s := estimate(c); s != "" {
		return s, nil
	}
	return "no estimate", nil
}

// estimate is the estimate of a claim's aggregate, or else of its most informative comparison, with
// its 95 % interval; "" if there is none.
func estimate(c *claims.ClaimRow) string {
	e, what := (*rule.Effect)(nil), ""
	switch {
	case c.Aggregate != nil && c.Aggregate.Effect != nil:
		e, what = c.Aggregate.Effect, c.Aggregate.Measure
	case c.Telling != nil:
		e, what = c.Telling.Effect, c.Telling.Measure
	}
	if e == nil {
		return ""
	}
	s := fmt.Sprintf("%s %.3g [%.3g, %.3g]", what, e.Estimate, e.Lo, e.Hi)
	return strings.ReplaceAll(strings.TrimSpace(s), "-", "−")
}

// replicates is the number of an arm's judged replicates, as a range if it varies; "" if there are
// none.
func replicates(c *claims.ClaimRow) string {
	switch {
	case c.N[1] == 0:
		return ""
	case c.N[0] == c.N[1]:
		return fmt.Sprintf("n = %d", c.N[0])
	}
	return fmt.Sprintf("n = %d–%d", c.N[0], c.N[1])
}

// record is the number of a claim's comparisons that were won, tied within δ and lost.
func (w *writer) record(id string) (string, error) {
	c, err := w.claim(id)
	if err != nil {
		return "", err
	}
	r := c.Record
	return fmt.Sprintf("won on %d, tied on %d, lost on %d", r.Wins, r.Ties, r.Losses), nil
}

// measured joins a claim's estimate, replicates and scope.
func measured(c *claims.ClaimRow, scope string) string {
	var out []string
	for _, s := range []string{estimate(c), replicates(c), scope} {
		if s != "" {
			out = append(out, text.Markdown(s))
		}
	}
	if c.OneDraw {
		out = append(out, "one draw of the data")
	}
	return strings.Join(out, "; ")
}

// item is a claim as a short list item: its verdict and statement, and its measurements.
func (w *writer) item(c *claims.ClaimRow) string {
	scope, _, _ := strings.Cut(c.Scope, ";") // omissions are in the claim's section
	s := fmt.Sprintf("[%s](%s#%s)", c.ID, w.link(w.claimsFile()), c.ID)
	if m := measured(c, scope); m != "" {
		s += ": " + m
	}
	return fmt.Sprintf("* **%s**: %s\n  %s", c.Verdict, text.Markdown(c.Plain), s)
}

func (w *writer) items(which func(*claims.ClaimRow) bool) string {
	var out []string
	for i := range w.judgement.Claims {
		if c := &w.judgement.Claims[i]; which(c) {
			out = append(out, w.item(c))
		}
	}
	return strings.Join(out, "\n")
}

func (w *writer) headlines() string {
	return w.items(func(c *claims.ClaimRow) bool { return c.Weight == "headline" })
}

// decided lists the claims that the runs decide, besides the headline claims: verdict and statement.
func (w *writer) decided() string {
	var out []string
	for _, c := range w.judgement.DecidedByRuns() {
		if c.Weight != "headline" {
			out = append(out, fmt.Sprintf("* **%s**: %s [%s](%s#%s)", c.Verdict,
				text.Markdown(c.Plain), c.ID, w.link(w.claimsFile()), c.ID))
		}
	}
	return strings.Join(out, "\n")
}

// resting lists the claims that use an experiment; "" if there are none.
func (w *writer) resting(experiment string) string {
	return w.items(func(c *claims.ClaimRow) bool { return slices.Contains(c.Specs, experiment) })
}

// verdicts returns a section for each claim whose id begins with one of the prefixes, the headline
// claims first.
func (w *writer) verdicts(prefixes ...string) (string, error) {
	var out []string
	for _, headline := range []bool{true, false} {
		for i := range w.judgement.Claims {
			c := &w.judgement.Claims[i]
			if (c.Weight == "headline") == headline && slices.ContainsFunc(prefixes,
				func(p string) bool { return strings.HasPrefix(c.ID, p) }) {
				out = append(out, w.section(c))
			}
		}
	}
	if out == nil {
		return "", fmt.Errorf("no claim's id begins with one of %q", prefixes)
	}
	return strings.Join(out, "\n\n"), nil
}

// section is the full section of one claim.
func (w *writer) section(c *claims.ClaimRow) string {
	var b strings.Builder
	fmt.Fprintf(&b, "### %s\n\n**%s**: %s\n", c.ID, c.Verdict, text.Markdown(c.Plain))
	item := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "* %s: %s\n", name, value)
		}
	}
	b.WriteString("\n")
	item("the paper ("+text.Markdown(c.Where)+")", text.Markdown(c.Statement))
	item("measured", measured(c, c.Scope))
	item("why", text.Markdown(c.Reason))
	if r := c.Record; r.Wins+r.Ties+r.Losses > 0 {
		item("comparisons won, tied, lost", fmt.Sprintf("%d, %d, %d", r.Wins, r.Ties, r.Losses))
	}
	if c.Calibration != nil && !c.Calibration.Decides() {
		item("its checks cannot decide in every world", fmt.Sprintf(
			"reproduced in %.0f %% if the paper is right, in %.1f %% if there is no effect",
			100*c.Calibration.Paper, 100*c.Calibration.None))
	}
	item("the paper's own numbers", text.Markdown(c.Paper))
	var pages []string
	for _, s := range c.Specs {
		pages = append(pages, w.page(s))
	}
	item("from", strings.Join(pages, ", "))
	return strings.TrimRight(b.String(), "\n")
}
