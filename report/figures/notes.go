package figures

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot/vg/draw"

	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/plot"
	"github.com/uaibench/uaibench/report/stats"
	"github.com/uaibench/uaibench/report/text"
)

// bandCaption says what line and band are, and how sure the bands of curves of so many seeds are.
func bandCaption(seeds []int) string {
	ns := slices.DeleteFunc(slices.Sorted(slices.Values(seeds)), func(n int) bool { return n < 2 })
	if len(ns) == 0 {
		return "Line: the only seed."
	}
	s := "Line: median over seeds; band: minimum to maximum."
	for _, n := range slices.Compact(ns) {
		s += " " + bandNote(n) + "."
	}
	return s
}

// seedsOf each curve.
func seedsOf(curves []model.Curve) []int {
	out := make([]int, len(curves))
	for i, c := range curves {
		out[i] = c.Seeds
	}
	return out
}

// entryOf a series in a plot of several, of which n seeds have a result; without a curve it has no
// line.
func entryOf(s *model.Series, n int, drawn bool, several int) plot.Entry {
	if n < 2 {
		several = 0
	}
	e := plot.Sample(text.Shorten(s.Label, plot.LegendRunes), s.Style, several)
	switch {
	case !drawn:
		e.Label += fmt.Sprintf(" (%d of %d: no curve)", n, s.Counts.Planned)
		e.Line = draw.LineStyle{}
	case n < s.Counts.Planned:
		e.Label += fmt.Sprintf(" (%d of %d seeds)", n, s.Counts.Planned)
	}
	return e
}

// bandNote rounds down, so that no band is ever said to be certain.
func bandNote(n int) string {
	percent := text.Exact(math.Floor(stats.BandCoverage(n)*1000) / 1000)
	article := "a"
	if percent[0] == '8' {
		article = "an"
	}
	return fmt.Sprintf("With n = %d the min–max band is %s %s %% interval for the median", n,
		article, percent)
}

// seedLines says what the lines are, and of how many seeds.
func seedLines(curves []model.Curve) string {
	seeds := each(curves, func(c model.Curve) float64 { return float64(c.Seeds) })
	return "Thick: median over seeds; thin: each seed, n = " + text.LeastToMost(seeds) + "."
}
