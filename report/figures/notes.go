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

// bandCaption explains line and band, and gives the coverage of the bands for each number of seeds.
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

// seedsOf returns the number of seeds of each curve.
func seedsOf(curves []model.Curve) []int {
	out := make([]int, len(curves))
	for i, c := range curves {
		out[i] = c.Seeds
	}
	return out
}

// entryOf is the legend entry of a series in a plot of several series; n seeds have a result.
// Without a curve the entry has no line.
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

// bandNote rounds the coverage down, so that it is never given as 100 %.
func bandNote(n int) string {
	percent := text.Exact(math.Floor(stats.BandCoverage(n)*1000) / 1000)
	article := "a"
	if percent[0] == '8' {
		article = "an"
	}
	return fmt.Sprintf("With n = %d the min–max band is %s %s %% interval for the median", n,
		article, percent)
}

// seedLines explains the lines and gives the number of seeds.
func seedLines(curves []model.Curve) string {
	seeds := each(curves, func(c model.Curve) float64 { return float64(c.Seeds) })
	return "Thick: median over seeds; thin: each seed, n = " + text.LeastToMost(seeds) + "."
}
