package comparison

import (
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg/draw"

	"github.com/uaibench/uaibench/report/plot"
	"github.com/uaibench/uaibench/report/stats"
	"github.com/uaibench/uaibench/report/text"
)

// Plots are the pairs' differences and, with several datasets, the diagram of mean ranks and the
// performance profile.
func (f *Field) Plots() []*plot.Drawing {
	var out []*plot.Drawing
	for _, d := range []*plot.Drawing{f.pairPlot(f.Pairs()), f.rankPlot(), f.profilePlot()} {
		if d != nil {
			out = append(out, d)
		}
	}
	return out
}

// mostPairs is the largest number of pairs in the plot.
const mostPairs = 45

func (f *Field) pairPlot(pairs []Pair) *plot.Drawing {
	note := ""
	if len(pairs) > mostPairs {
		note = fmt.Sprintf("Of %d pairs, those that differ most are drawn. ", len(pairs))
		pairs = pairs[:mostPairs]
	}
	to := plot.NewMarkers("comparison.pairs", "pairs of methods", "pair", "pairs", "difference",
		"95 % interval", "each")
	to.ByRow = true
	p := plot.DotPlot{Zero: "no difference", Below: "← less", Above: "more →", Tooltip: to}
	frame := plot.Frame{
		Slug: "comparison.pairs", Short: "Which method found more",
		Title: "Which method found more", Heading: "Which method found more",
		Subtitle: "difference in the share of anomalies found within the budget, in percentage " +
			"points",
	}
	for _, q := range pairs {
		row := plot.DotRow{
			Name: q.A.Label + " − " + q.B.Label, Color: q.A.Style.Color,
			Note: text.Plural(len(q.Sets), "dataset"),
			Mean: 100 * q.Difference.Estimate, Low: 100 * q.Difference.Lo,
			High:       100 * q.Difference.Hi,
			Constant:   q.Difference.Lo == q.Difference.Hi,
			NoInterval: q.leastSeeds() <= fewSeeds,
		}
		for _, d := range q.differences() {
			row.Points = append(row.Points, 100*d)
		}
		if len(q.Sets) == 1 {
			a, b := q.A.Scores[q.Sets[0]], q.B.Scores[q.Sets[0]]
			row.Points, row.Note = nil, text.Plural(q.leastSeeds(), "seed")
			for i := range min(len(a), len(b)) {
				row.Points = append(row.Points, 100*(a[i]-b[i]))
			}
		}
		p.Rows = append(p.Rows, row)
		frame.Desc += fmt.Sprintf("%s: %s points", row.Name, text.Signed(row.Mean))
		if !row.NoInterval {
			frame.Desc += fmt.Sprintf(", %s to %s", text.Signed(row.Low), text.Signed(row.High))
		}
		frame.Desc += ". "
	}
	each := "crosses: the datasets' means"
	if len(f.Datasets) == 1 {
		each = "crosses: the seeds, in their order"
	}
	frame.Notes = []string{note + "Diamond: the mean, datasets weighted equally; line: 95 % " +
		"interval of a bootstrap of seeds within datasets; " + each + ".", f.counts.String() + "."}
	out := frame.Drawing(plot.FigureWidth, p.Height(), p.Draw)
	out.Tooltips = []*plot.Tooltip{to}
	return out
}

func (f *Field) rankPlot() *plot.Drawing {
	sets, ranks, ok := f.Ranks()
	if !ok {
		return nil
	}
	d := plot.CriticalDifference{Ranks: ranks.Mean, Distance: ranks.CriticalDifference(alpha)}
	for _, a := range f.Arms {
		d.Names, d.Styles = append(d.Names, text.Shorten(a.Label, 28)), append(d.Styles, a.Style)
	}
	var desc []string
	for _, i := range ascending(ranks.Mean) {
		desc = append(desc, fmt.Sprintf("%s %.2f", f.Arms[i].Label, ranks.Mean[i]))
	}
	frame := plot.Frame{
		Slug: "comparison.ranks", Short: "Mean ranks", Title: "Mean ranks over datasets",
		Heading: "Mean ranks over datasets",
		Subtitle: fmt.Sprintf("by the mean share found, over the %s on which all methods have "+
			"results; right is better", text.Plural(len(sets), "dataset")),
		Desc: "Mean ranks: " + strings.Join(desc, ", ") + ".",
		Notes: []string{
			"Methods that a thick bar joins do not differ at 5 % by Nemenyi's test " +
				"(Demšar 2006).",
			fmt.Sprintf("Friedman's test that all rank alike: p = %.2g.", ranks.PF),
			f.counts.String() + "."},
	}
	return frame.Drawing(plot.FigureWidth, d.Height(), d.Draw)
}

// profilePlot shows the share of runs above each share found; nil for one dataset.
func (f *Field) profilePlot() *plot.Drawing {
	sets := f.shared(f.Arms...)
	if len(sets) < 2 {
		return nil
	}
	const steps = 100
	var at []float64
	for i := range steps {
		at = append(at, float64(i)/steps)
	}
	var lines []plot.PointLine
	var labels plot.EndLabels
	var desc []string
	for _, a := range f.Arms {
		shares := stats.Profile(a.on(sets), at)
		line := plot.PointLine{Style: a.Style}
		for i, s := range shares {
			line.X = append(line.X, 100*at[i])
			line.Median = append(line.Median, 100*s)
		}
		line.X, line.Median = append(line.X, 100), append(line.Median, 0)
		lines = append(lines, line)
		middle := slices.IndexFunc(shares, func(s float64) bool { return s < 0.5 })
		if middle < 0 {
			middle = steps - 1
		}
		labels = append(labels, plot.EndLabel{Text: text.Shorten(a.Label, plot.LegendRunes),
			Style: a.Style, X: 100, Y: 100 * a.mean(sets)})
		desc = append(desc, fmt.Sprintf("half of the runs of %s found more than %d %%", a.Label,
			middle))
	}
	s := &plot.Sheet{
		Slug: "comparison.profile", Short: "Performance profile", Columns: 1, Height: 260,
		Title: "Performance profile",
		Subtitle: fmt.Sprintf("share of runs that found more than x %%, over %s weighted "+
			"equally; higher is better", text.Plural(len(sets), "dataset")),
		Desc: "Performance profile: " + strings.Join(desc, "; ") + ".",
		Notes: []string{"Labels are at a method's mean, the area under its line.",
			f.counts.String() + "."},
	}
	if !labels.Fit(plot.PanelWidth(1), s.Height) {
		labels = nil
		for _, a := range f.Arms {
			s.Entries = append(s.Entries,
				plot.Sample(text.Shorten(a.Label, plot.LegendRunes), a.Style, 0))
		}
	}
	s.Panels = []plot.Panel{{Draw: func(c draw.Canvas) {
		p := plot.NewAxes(100, 104)
		p.X.Label.Text, p.Y.Label.Text = "anomalies found within the budget, %", "runs above, %"
		for _, l := range lines {
			p.Add(l)
		}
		labels.Draw(c, p)
	}}}
	return s.Drawing()
}

// ascending returns the indices of xs in ascending order of the values.
func ascending(xs []float64) []int {
	out := make([]int, len(xs))
	for i := range out {
		out[i] = i
	}
	slices.SortStableFunc(out, func(a, b int) int {
		switch {
		case xs[a] < xs[b]:
			return -1
		case xs[a] > xs[b]:
			return 1
		}
		return 0
	})
	return out
}
