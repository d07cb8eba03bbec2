package figures

import (
	"fmt"
	"strings"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/table"
	"github.com/uaibench/uaibench/report/text"
)

var datasets = Figure{
	Name: "datasets", Section: Datasets,
	Doc:    "the datasets as built beside the paper's statistics (Tables 1, 2 and 4)",
	Tables: func(m *model.Model) []*table.Table { return []*table.Table{datasetTable(m)} },
}

func datasetTable(m *model.Model) *table.Table {
	count := func(name string, of func(*model.Group) value) col[*model.Group] {
		return col[*model.Group]{Name: name, Kind: table.Count, Value: of}
	}
	ratio := func(name string, of func(*model.Group) value) col[*model.Group] {
		return col[*model.Group]{Name: name, Kind: table.Number, Decimals: 2, Value: of}
	}
	rows := func(r *runlog.Result) int { return r.Rows }
	anomalies := func(r *runlog.Result) int { return r.Anomalies }
	return table.Build(table.Table{
		Name:  "datasets",
		Title: "Datasets beside the paper's statistics",
		Caption: "As built for this run, read from its results; published figures from Tables 1, " +
			"2 and 4.",
	}, m.Groups, []col[*model.Group]{
		{Name: "dataset", Value: datasetName},
		count("features", asBuilt(features)),
		count("classes", asBuilt(func(_ *model.Group, r *runlog.Result) value {
			if r.Classes == 0 {
				return table.Missing("none")
			}
			return table.Int(r.Classes)
		})),
		count("rows",
			asBuilt(func(_ *model.Group, r *runlog.Result) value { return table.Int(r.Rows) })),
		count("published rows",
			func(g *model.Group) value { return published(g.Info.Published.Rows) }),
		count("difference in rows", asBuilt(func(g *model.Group, r *runlog.Result) value {
			return difference(rows(r), g.Info.Published.Rows)
		})),
		count("anomalies",
			asBuilt(func(_ *model.Group,
				r *runlog.Result) value {
				return table.Int(anomalies(r))
			})),
		count("published anomalies",
			func(g *model.Group) value { return published(g.Info.Published.Anomalies) }),
		count("difference in anomalies", asBuilt(func(g *model.Group, r *runlog.Result) value {
			return difference(anomalies(r), g.Info.Published.Anomalies)
		})),
		ratio("ratio %", asBuilt(func(_ *model.Group, r *runlog.Result) value {
			return table.Num(100 * float64(r.Anomalies) / float64(max(r.Rows, 1)))
		})),
		ratio("published ratio %", func(g *model.Group) value {
			p := g.Info.Published
			if p.Anomalies <= 0 || p.Rows <= 0 {
				return table.Missing("not given")
			}
			return table.Num(100 * float64(p.Anomalies) / float64(p.Rows))
		}),
	}...)
}

func datasetName(g *model.Group) value {
	name := table.Str(g.Title)
	if g.Ref.ID == bench.FileID {
		return name.Noted("the user's own file, with SHA-256 " + strings.Join(g.Ref.Raw, ", ") +
			"; the paper has no such dataset")
	}
	if changed := changedParams(g); changed != "" {
		name = name.Noted("built with " + changed +
			": not the published pool, so differences are by construction")
	}
	for _, f := range g.Info.FittedWith(g.Ref.Params, false) {
		name = name.Noted(fitNote(f))
	}
	if !g.Known {
		name = name.Noted("unknown to this program's catalogue")
	}
	return name
}

// fitNote is the note on a value chosen to reproduce a printed number.
func fitNote(f bench.Fit) string {
	return fmt.Sprintf("%s: fitted to %s, so agreement with that is by construction", f.Is,
		f.To)
}

// asBuilt returns a column's value function: of, if a cell of the dataset is done, else the reason
// why nothing was measured.
func asBuilt(of func(*model.Group, *runlog.Result) value) func(*model.Group) value {
	return func(g *model.Group) value {
		r := g.First()
		if r != nil {
			return of(g, r)
		}
		why := "not measured"
		if g.Counts.NoData > 0 {
			why = string(model.NoData)
		}
		return table.Missing(why).Noted(fmt.Sprintf("no cell of %s is done (%s), so nothing was "+
			"measured", g.Title, g.Counts))
	}
}

func features(g *model.Group, r *runlog.Result) value {
	v := table.Int(r.Features)
	if g.Known && g.Info.Features > 0 && g.Info.Features != r.Features {
		v = v.Marked().Noted(fmt.Sprintf("the catalogue has %s for %s",
			text.Comma(g.Info.Features), g.Title))
	}
	return v
}

func published(n int) value {
	if n == 0 {
		return table.Missing("not given")
	}
	return table.Int(n)
}

func difference(got, published int) value {
	if published == 0 {
		return dash
	}
	return marked(table.Int(got-published), got != published)
}

// changedParams lists the dataset's parameters whose values are not the catalogue's defaults.
func changedParams(g *model.Group) string {
	var out []string
	for _, q := range g.Info.Params {
		if v, ok := g.Ref.Params[q.Name]; ok && text.Param(v) != text.Param(q.Default) {
			out = append(out, q.Name+" = "+text.Param(v))
		}
	}
	return strings.Join(out, ", ")
}
