package claims

import (
	"cmp"
	"fmt"
	"image/color"
	"math"

	"github.com/uaibench/uaibench/report/claims/rule"
	"github.com/uaibench/uaibench/report/plot"
	"github.com/uaibench/uaibench/report/text"
)

// outcomeColors are the colours of a claim's plot.
var outcomeColors = map[rule.Outcome]color.NRGBA{
	rule.Holds: plot.RGB(0x0072b2), rule.Fails: plot.RGB(0xd55e00), rule.Built: plot.RGB(0x7b5aa6),
}

// Plot draws the claim's comparisons with their intervals, one row each. If any has a win
// probability, the rows are the win probabilities, in percentage points above 1/2; otherwise they
// are the effects of the commonest measure. It returns nil if no comparison has a number.
func (c ClaimRow) Plot() *plot.Drawing {
	wins, measures := 0, map[string]int{}
	most := ""
	for _, x := range c.Comparisons {
		if x.Win != nil {
			wins++
		}
		if x.Effect != nil {
			if measures[x.Measure]++; measures[x.Measure] > measures[most] {
				most = x.Measure
			}
		}
	}
	var rows []plot.DotRow
	what := map[string]bool{} // the comparisons of the rows
	left := 0
	for _, x := range c.Comparisons {
		e, scale := x.Effect, 1.0
		if wins > 0 {
			e, scale = x.Win, 100
		} else if x.Measure != most {
			e = nil
		}
		if e == nil || math.IsNaN(e.Estimate) || math.IsInf(e.Estimate, 0) {
			left++
			continue
		}
		at := func(v float64) float64 {
			if wins > 0 {
				v -= 0.5
			}
			return scale * v
		}
		what[text.Clean(x.What)] = true
		rows = append(rows, plot.DotRow{
			Name: cmp.Or(x.Dataset, text.Clean(x.What)), Note: string(x.Outcome),
			Points: []float64{at(e.Estimate)}, Mean: at(e.Estimate), Low: at(e.Lo), High: at(e.Hi),
			Color: cmp.Or(outcomeColors[x.Outcome], plot.Muted),
		})
	}
	if rows == nil {
		return nil
	}
	frame := plot.Frame{
		Slug: "claim." + c.ID, Title: "The comparisons of " + c.ID,
		Notes: []string{"Diamond: estimate; line: 95 % interval, with an arrow where it leaves " +
			"the plot. Blue: holds, red: fails, grey: open."},
	}
	p := plot.DotPlot{Rows: rows, Zero: "0", Below: "← less", Above: "more →"}
	frame.Heading, frame.Subtitle = frame.Title, cmp.Or(most, "effect")
	if len(what) == 1 {
		frame.Heading = text.Clean(c.Comparisons[0].What)
	}
	if wins > 0 {
		p.Zero = "even"
		frame.Subtitle = "how much more often than not a run of the first beats one of the second, " +
			"in percentage points"
	}
	if left > 0 {
		frame.Notes = append(frame.Notes,
			fmt.Sprintf("%s without a number of this kind: see the table.",
				text.Plural(left, "comparison")))
	}
	for _, r := range rows {
		frame.Desc += fmt.Sprintf("%s: %s, %s. ", r.Name, text.Digits4(r.Mean), r.Note)
	}
	return frame.Drawing(plot.FigureWidth, p.Height(), p.Draw)
}
