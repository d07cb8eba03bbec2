package figures

import (
	"fmt"
	"image/color"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/plot"
	"github.com/uaibench/uaibench/report/table"
	"github.com/uaibench/uaibench/report/text"
)

var testRecall = Figure{
	Name: "test_recall", Section: Results,
	Doc: "Figure 4: what models that were trained on one pool and frozen flag in a test set, " +
		"against their budget",
	Applies: func(m *model.Model) bool { return len(probes(m, testProbe)) > 0 },
	Tables:  func(m *model.Model) []*table.Table { return []*table.Table{testTable(m)} },
	Plots:   testPlots,
}

func testProbe(c *runlog.Checkpoint) *runlog.TestProbe { return c.Test }

// stratum is a set of anomalies in a test set: of types seen in training, of unseen types, or all.
type stratum struct {
	name string
	hits func(*runlog.TestProbe) runlog.Hits
}

var strata = []stratum{
	{"seen types", func(t *runlog.TestProbe) runlog.Hits { return t.Seen }},
	{"unseen types", func(t *runlog.TestProbe) runlog.Hits { return t.Unseen }},
}

var anyType = stratum{"all anomalies", func(t *runlog.TestProbe) runlog.Hits {
	return runlog.Hits{Hits: t.Hits, Of: t.Anomalies}
}}

// percents returns the recalls in a stratum, in per cent, of the probes that have anomalies there.
func (s stratum) percents(looks []*runlog.TestProbe) []float64 {
	var out []float64
	for _, t := range looks {
		if r, ok := s.hits(t).Recall(); ok {
			out = append(out, 100*r)
		}
	}
	return out
}

// testLine is a series in a test figure.
type testLine struct {
	*model.Series
	results []*runlog.Result
	at      []int
	looks   [][]*runlog.TestProbe
	flat    bool
}

// recall is the line of a stratum's recall; for a method that does not learn it is flat up to end.
func (l testLine) recall(s stratum, end float64) plot.Points {
	var q plot.Points
	for i, at := range l.at {
		q.Add(float64(at), s.percents(l.looks[i]))
	}
	if l.flat && len(q.X) > 0 {
		q.Add(end, s.percents(l.looks[0]))
	}
	return q
}

// found is the line of anomalies found in the pool, in per cent of its anomalies, to share recall's
// axis.
func (l testLine) found() plot.Points {
	var q plot.Points
	if len(l.results) == 0 || l.results[0].Anomalies == 0 {
		return q
	}
	for i, at := range l.at {
		var found []float64
		for _, t := range l.looks[i] {
			found = append(found, 100*float64(t.Found)/float64(l.results[0].Anomalies))
		}
		q.Add(float64(at), found)
	}
	return q
}

// foundDash is the dash of the lines of anomalies found in training, drawn in a lighter shade of
// each method's colour: the paper's light blue for DAE_uai.
var foundDash = []vg.Length{1.5, 1.5}

func testPlots(m *model.Model) []*plot.Drawing {
	var out []*plot.Drawing
	for _, p := range m.Groups {
		for _, xmax := range m.Ranges("test_recall") {
			if f := testPlot(p, xmax); f != nil {
				out = append(out, f)
			}
		}
	}
	return out
}

func testPlot(p *model.Group, xmax int) *plot.Drawing {
	var lines []testLine
	end := 0
	var first *runlog.TestProbe
	for _, s := range p.Series {
		l := testLine{Series: s, results: s.Results()}
		l.at, l.looks = probed(l.results, testProbe)
		l.flat = isStatic(l.results)
		for i, at := range l.at {
			if first == nil {
				first = l.looks[i][0]
			}
			end = max(end, at)
		}
		lines = append(lines, l)
	}
	if first == nil || xmax > end {
		return nil
	}
	name := "full"
	if xmax > 0 {
		end, name = xmax, fmt.Sprintf("first-%d", xmax)
	}
	shown := strata
	if first.Groups == nil {
		shown = []stratum{anyType}
	}
	s := &plot.Sheet{
		Slug: p.Slug + ".test-recall." + name, Short: p.Title + ", test set", Height: 300,
		Title: p.Title + ", the test set",
		Subtitle: fmt.Sprintf("%s rows with %s anomalies; as many of the highest scores are "+
			"flagged",
			text.Comma(first.Rows), text.Comma(first.Anomalies)),
	}
	labelled := !slices.ContainsFunc(shown, func(of stratum) bool {
		return !testLabels(lines, of, float64(end)).Fit(plot.PanelWidth(len(shown)), s.Height)
	})
	var bare []string
	for _, stratum := range shown {
		panel := testPanel(lines, stratum, float64(max(end, 1)), labelled)
		if panel.Draw == nil {
			bare = append(bare, stratum.name)
			continue
		}
		s.Panels = append(s.Panels, panel)
	}
	if s.Columns = len(s.Panels); s.Columns == 0 {
		return nil
	}
	s.Desc = fmt.Sprintf("Recall on the test set of %s against the budget of the training.",
		p.Title)
	var seeds []int
	var entries []plot.Entry
	for _, l := range lines {
		n := len(l.results)
		if len(l.at) > 0 {
			seeds = append(seeds, n)
		}
		entries = append(entries, entryOf(l.Series, n, len(l.at) > 0, len(lines)))
		for _, stratum := range shown {
			if q := l.recall(stratum, float64(end)); len(q.X) > 0 {
				s.Desc += fmt.Sprintf(" %s, %s: median %.1f %% at the last budget.",
					l.Label, stratum.name, q.Median[len(q.X)-1])
			}
		}
	}
	if !labelled {
		s.Entries = entries
	}
	s.Notes = testNotes(p, lines, seeds, bare)
	return s.Drawing()
}

// testNotes are the figure's notes; bare lists the strata without anomalies in the test set.
func testNotes(p *model.Group, lines []testLine, seeds []int, bare []string) []string {
	out := []string{bandCaption(seeds), countsNote("Of the planned cells", p.Counts)}
	learns := false
	for _, l := range lines {
		learns = learns || len(l.at) > 0 && !l.flat
		if n := len(l.results); n < l.Counts.Planned {
			out = append(out, fmt.Sprintf("%s: %d of %s.", text.Shorten(l.Label, plot.LegendRunes),
				n, text.Plural(l.Counts.Planned, "seed")))
		}
	}
	if learns {
		out = append(out, "Dotted, lighter: anomalies found in training, in per cent of the pool's.")
	}
	if bare != nil {
		out = append(out, "The test set has no anomalies of "+text.And(bare)+".")
	}
	return append(out, "A method that does not learn from audits is one flat line. A type is seen "+
		"if the training pool has anomalies of it.")
}

// testPanel shows the recall of a stratum.
func testPanel(lines []testLine, s stratum, end float64, labelled bool) plot.Panel {
	of := []float64{}
	for _, l := range lines {
		for _, t := range slices.Concat(l.looks...) {
			of = append(of, float64(s.hits(t).Of))
		}
	}
	panel := plot.Panel{Title: "Anomalies of " + s.name, Note: "n = " + text.LeastToMost(of)}
	if s.name == anyType.name {
		panel.Title = "All anomalies"
	}
	if slices.Max(of) == 0 {
		return panel
	}
	panel.Tooltip = testReading(lines, s, end)
	panel.Tooltip.Title = panel.Title + ", recall in %"
	panel.Draw = func(c draw.Canvas) { drawTest(c, panel.Tooltip, lines, s, labelled) }
	return panel
}

// testReading is the tooltip of each line's recall and of the share that learners found in
// training, in per cent.
func testReading(lines []testLine, s stratum, end float64) *plot.Tooltip {
	var recalls []plot.Points
	for _, l := range lines {
		recalls = append(recalls, l.recall(s, end))
	}
	t := plot.NewStops(end, recalls...)
	for i, l := range lines {
		q := recalls[i]
		if l.flat && len(q.X) > 0 {
			level := []float64{q.Median[0], q.Min[0], q.Max[0]}
			q = plot.Points{X: t.At}
			for range t.At {
				q.Median, q.Min, q.Max = append(q.Median, level[0]), append(q.Min, level[1]),
					append(q.Max, level[2])
			}
		}
		of := plot.StopSeries{Label: text.Shorten(l.Label, plot.LegendRunes),
			Color: plot.Hex(l.Style.Color), Seeds: len(l.results), Planned: l.Counts.Planned}
		t.Add(of, q)
		if !l.flat && len(l.at) > 0 {
			of.Label, of.Color = of.Label+", found in training", plot.Hex(l.lighter())
			t.Add(of, l.found())
		}
	}
	return &plot.Tooltip{Unit: plot.AuditsUnit, Of: "method", XMax: end, YMax: 100, Stops: t}
}

// lighter is the colour of the anomalies that a method found in training.
func (l testLine) lighter() color.NRGBA { return plot.Mix(l.Style.Color, 0.45) }

// testLabels name the lines of recall at their ends.
func testLabels(lines []testLine, s stratum, end float64) plot.EndLabels {
	var out plot.EndLabels
	for _, l := range lines {
		if q := plot.Within(l.recall(s, end), end); len(q.X) > 0 {
			last := len(q.X) - 1
			out = append(out, plot.EndLabel{Text: text.Shorten(l.Label, plot.LegendRunes),
				Style: l.Style, X: q.X[last], Y: q.Median[last]})
		}
	}
	return out
}

func drawTest(c draw.Canvas, to *plot.Tooltip, lines []testLine, s stratum, labelled bool) {
	end := to.XMax
	p := plot.NewAxes(end, to.YMax)
	p.X.Tick.Marker = plot.Ticks(4)
	p.X.Label.Text, p.Y.Label.Text = "budget of the training", "per cent"
	for _, l := range lines {
		if !l.flat {
			light := plot.Style{Color: l.lighter(), Dash: foundDash, Width: 1.2}
			p.Add(plot.PointLine{Points: plot.Within(l.found(), end), Style: light})
		}
	}
	for _, band := range []bool{true, false} {
		for _, l := range lines {
			p.Add(plot.PointLine{Points: plot.Within(l.recall(s, end), end), Style: l.Style,
				Band: band, Alpha: plot.BandAlpha(len(lines))})
		}
	}
	p.Add(to.Redrawn())
	var labels plot.EndLabels
	if labelled {
		labels = testLabels(lines, s, end)
	}
	labels.Draw(c, p)
}

// testTable has the numbers behind the figure.
func testTable(m *model.Model) *table.Table {
	type row = probe[runlog.TestProbe]
	spread := func(name, help string, of func(row) value) col[row] {
		return col[row]{Name: name, Kind: table.Spread, Decimals: 1, Help: help, Value: of}
	}
	typed := func(of func(row) value) func(row) value {
		return func(r row) value {
			if r.found[0].Groups == nil {
				return table.Missing("kinds unknown")
			}
			return of(r)
		}
	}
	count := func(of func(*runlog.TestProbe) int) func(row) value {
		return func(r row) value {
			return table.MeanSD(each(r.found,
				func(t *runlog.TestProbe) float64 { return float64(of(t)) }))
		}
	}
	recall := func(s stratum) func(row) value {
		return func(r row) value { return spreadOr(s.percents(r.found)) }
	}
	return table.Build(table.Table{
		Name:  "test_recall",
		Title: "The test set at checkpoints",
		Caption: "The model of each checkpoint, trained once more and frozen, scores the " +
			"dataset's test set; as many of the highest scores as there are anomalies are " +
			"flagged, so that precision, recall and F1 over all anomalies are equal. Spread is " +
			"mean (sample standard deviation) over seeds.",
	}, probes(m, testProbe), []col[row]{
		{Name: "dataset", Value: row.dataset},
		{Name: "method", Value: row.method},
		{Name: "audits", Kind: table.Count, Value: row.audits},
		{Name: "seeds", Kind: table.Count, Value: row.seeds},
		spread("found in training", "anomalies of the pool among the audits",
			count(func(t *runlog.TestProbe) int { return t.Found })).AsDetail(),
		spread("recall %", "", recall(anyType)),
		spread("seen types", "anomalies of the test set whose type the pool has too",
			typed(count(func(t *runlog.TestProbe) int { return t.Seen.Of }))).AsDetail(),
		spread("recall % on seen", "", typed(recall(strata[0]))),
		spread("unseen types", "anomalies whose type the pool lacks",
			typed(count(func(t *runlog.TestProbe) int { return t.Unseen.Of }))).AsDetail(),
		spread("recall % on unseen", "", typed(recall(strata[1]))),
	}...)
}
