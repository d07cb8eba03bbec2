package figures

import (
	"fmt"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/plot"
	"github.com/uaibench/uaibench/report/table"
	"github.com/uaibench/uaibench/report/text"
)

var explanations = Figure{
	Name: "explanations", Section: Results,
	Doc: "which features drive the scores of the rows that a frozen model ranks next, in the " +
		"first seed that has them",
	Applies: func(m *model.Model) bool { return len(probes(m, explainProbe)) > 0 },
	Tables:  func(m *model.Model) []*table.Table { return []*table.Table{explainTable(m)} },
	Plots:   explainPlots,
}

func explainProbe(c *runlog.Checkpoint) *[]runlog.Explanation {
	if len(c.Explanations) == 0 {
		return nil
	}
	return &c.Explanations
}

// pictured is the number of rows of a checkpoint that are drawn, side by side; shownFeatures is the
// number of features in the table.
const (
	pictured      = 5
	shownFeatures = 5
)

// explained is one of the rows of the pool that a frozen model ranks next, in the first seed that
// has explanations.
type explained struct {
	probe[[]runlog.Explanation]
	runlog.Explanation
}

func explainTable(m *model.Model) *table.Table {
	var rows []explained
	for _, p := range probes(m, explainProbe) {
		for _, e := range *p.found[0] {
			rows = append(rows, explained{p, e})
		}
	}
	part := func(of func(features, share, through value) value) func(explained) value {
		return func(e explained) value { return of(summarise(e.Explanation)) }
	}
	return table.Build(table.Table{
		Name:  "explanations",
		Title: "What drives the scores of the next rows",
		Caption: "For one seed, the rows that the frozen model ranks first among those not " +
			"audited yet, and the features that drive their scores, by gradient times input, " +
			"through the latent representation l and through the base score s. Before any audit " +
			"the score is s itself. Features count from 0.",
	}, rows, []col[explained]{
		{Name: "dataset", Value: explained.dataset},
		{Name: "method", Value: explained.method},
		{Name: "audits", Kind: table.Count,
			Value: func(e explained) value { return table.Int(e.at) }},
		{Name: "row", Kind: table.Count,
			Value: func(e explained) value { return table.Int(e.Row) }},
		{Name: "truth", Value: func(e explained) value { return table.Str(kindOf(e.Explanation)) }},
		{Name: "score", Kind: table.Number, Decimals: 3, Help: "for s_uai, the logit",
			Value: func(e explained) value { return table.Num(e.Score) }},
		{Name: "features", Help: "value → contribution to the score, largest absolute value first",
			Value: part(func(features, _, _ value) value { return features })},
		{Name: "share %", Kind: table.Number, Decimals: 1,
			Help:  "of these features in all contributions, by absolute value",
			Value: part(func(_, share, _ value) value { return share })},
		{Name: "through s %", Kind: table.Number, Decimals: 1,
			Help:  "share of these features' contributions that comes through s, by absolute value",
			Value: part(func(_, _, through value) value { return through })},
	}...).OrNil()
}

func kindOf(e runlog.Explanation) string {
	if e.Truth {
		return "anomaly"
	}
	return "normal"
}

// summarise returns an explanation's first features as text, their share in all contributions, and
// the share of them that comes through s, both in per cent.
func summarise(e runlog.Explanation) (features, share, through table.Value) {
	var parts []string
	var sum, latent, score float64
	for _, f := range e.Features[:min(shownFeatures, len(e.Features))] {
		parts = append(parts, fmt.Sprintf("x%d = %.3g → %+.3g", f.Index, f.Value, f.Contribution()))
		sum += size(f.Contribution())
		latent, score = latent+size(f.Latent), score+size(f.Score)
	}
	if sum == 0 {
		return table.Missing("no feature drives it"), table.Missing("—"), table.Missing("—")
	}
	return table.Str(strings.Join(parts, "; ")), table.Num(100 * sum / e.Total),
		table.Num(100 * score / (latent + score))
}

func size(x float64) float64 { return max(x, -x) }

// explainPlots returns a plot for each series whose rows are images: a line of panels per
// checkpoint, each with a row's image beside the pixels that drive its score.
func explainPlots(m *model.Model) []*plot.Drawing {
	var out []*plot.Drawing
	eachResult(m, func(p *model.Group, s *model.Series, results []*runlog.Result) {
		at, looks := probed(results, explainProbe)
		if len(looks) == 0 || (*looks[0][0])[0].Pixels == nil {
			return
		}
		f := &plot.Sheet{
			Slug:    p.Slug + ".explanations." + text.Slug(s.Label),
			Short:   p.Title + ", explanations of " + text.Shorten(s.Label, plot.LegendRunes),
			Columns: pictured, Height: 80,
			Title: p.Title + ", explanations of " + s.Label,
			Subtitle: "the rows that the frozen model ranks next, and the pixels that drive " +
				"their scores; one seed",
			Notes: []string{
				countsNote("Of the planned cells", s.Counts),
				"Above: the row's true label and its number. Left: the row. Right: |gradient × " +
					"input| of its score, through l and through s, as a share of the row's " +
					"largest. Before any audit the score is s itself.",
			},
		}
		var desc strings.Builder
		fmt.Fprintf(&desc, "Rows of %s beside the pixels that drive their scores by %s.", p.Title,
			s.Label)
		for i, l := range looks {
			rows := *l[0]
			anomalies := 0
			for j := range pictured {
				panel := plot.Panel{Title: "—"}
				if j < len(rows) {
					e := rows[j]
					if e.Truth {
						anomalies++
					}
					panel = plot.Panel{Title: kindOf(e), Note: text.Comma(e.Row),
						Draw: func(c draw.Canvas) { drawPair(c, e) }}
					if j == 0 {
						panel.Title = "b = " + text.Comma(at[i]) + ": " + panel.Title
					}
				}
				f.Panels = append(f.Panels, panel)
			}
			fmt.Fprintf(&desc, " After %s audits %d of the %s shown are anomalies.",
				text.Comma(at[i]), anomalies, text.Plural(min(pictured, len(rows)), "row"))
		}
		f.Desc = desc.String()
		out = append(out, f.Drawing())
	})
	return out
}

// drawPair draws the row on the left and its heat map on the right.
func drawPair(c draw.Canvas, e runlog.Explanation) {
	const gap = 6
	side := min(c.Max.Y-c.Min.Y, (c.Max.X-c.Min.X-gap)/2)
	drawLevels(c, vg.Point{X: c.Min.X, Y: c.Max.Y}, side, e.Pixels)
	drawLevels(c, vg.Point{X: c.Min.X + side + gap, Y: c.Max.Y}, side, e.Heat)
}

// drawLevels draws an image whose upper left corner is corner, in as many levels as plot.HeatScale
// has: one path per level, in which adjacent pixels of a row form one rectangle.
func drawLevels(c draw.Canvas, corner vg.Point, side vg.Length, image []byte) {
	n := len(plot.HeatScale)
	level := func(row, column int) int { return int(image[row*runlog.Side+column]) * n / 256 }
	pixel := side / runlog.Side
	fill := func(at int, path vg.Path) {
		c.SetColor(plot.HeatScale[at])
		c.Fill(path)
	}
	fill(0, box(corner, 0, 0, runlog.Side, runlog.Side, pixel))
	for at := 1; at < n; at++ {
		var path vg.Path
		for row := range runlog.Side {
			for from := 0; from < runlog.Side; from++ {
				to := from
				for to < runlog.Side && level(row, to) == at {
					to++
				}
				if to > from {
					path = append(path, box(corner, row, from, row+1, to, pixel)...)
					from = to
				}
			}
		}
		if path != nil {
			fill(at, path)
		}
	}
}

// box returns the rectangle of pixels from (row, column) up to, but excluding, (row2, column2),
// counted from the upper left corner.
func box(corner vg.Point, row, column, row2, column2 int, pixel vg.Length) vg.Path {
	left, right := corner.X+vg.Length(column)*pixel, corner.X+vg.Length(column2)*pixel
	top, bottom := corner.Y-vg.Length(row)*pixel, corner.Y-vg.Length(row2)*pixel
	return plot.PathOf([]vg.Point{{X: left, Y: bottom}, {X: right, Y: bottom}, {X: right, Y: top},
		{X: left, Y: top}}, true)
}
