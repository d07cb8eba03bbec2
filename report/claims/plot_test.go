package claims

import (
	"strings"
	"testing"

	"github.com/uaibench/uaibench/report/claims/rule"
	"github.com/uaibench/uaibench/report/stats"
)

// TestPlot: a claim's plot has a row for each comparison with a win probability, as points above an
// even chance; if there is none, for each effect of the commonest kind. Without a number there is
// no plot.
func TestPlot(t *testing.T) {
	iv := func(e float64) *rule.Effect {
		e95 := rule.Effect(stats.Interval{Estimate: e, Lo: e - 0.1, Hi: e + 0.1, Level: 0.95})
		return &e95
	}
	c := ClaimRow{}
	if c.Plot() != nil {
		t.Error("a plot of nothing")
	}
	c.Comparisons = []rule.Comparison{
		{What: "F1: a − b", Dataset: "thyroid", Outcome: rule.Holds, Measure: "shift", Effect: iv(0.3), Win: iv(0.8)},
		{What: "F1: a − b", Dataset: "yeast", Outcome: rule.Missing},
		{What: "F1: a − b", Dataset: "ctg", Outcome: rule.Fails, Measure: "mean", Effect: iv(-0.2), Win: iv(0.25)},
	}
	d := c.Plot()
	if d.Desc != "thyroid: 30, holds. ctg: -25, fails. " || !strings.Contains(strings.Join(d.Notes, " "), "1 comparison without") {
		t.Errorf("%q, %q", d.Desc, d.Notes)
	}
	for i := range c.Comparisons {
		c.Comparisons[i].Win = nil
	}
	if d := c.Plot(); d.Desc != "thyroid: 0.3, holds. " || !strings.Contains(strings.Join(d.Notes, " "), "2 comparisons without") {
		t.Errorf("%q, %q", d.Desc, d.Notes)
	}
	if _, err := d.Narrow().PNG(); err != nil {
		t.Error(err)
	}
}
