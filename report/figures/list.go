package figures

import (
	"fmt"
	"maps"
	"slices"

	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/plot"
	"github.com/uaibench/uaibench/report/table"
	"github.com/uaibench/uaibench/report/text"
)

// Figures of a run: those of checkpoints' looks first, for which a spec asks by name, then the panels. Pools without
// a result have none.
func Figures(m *model.Model) []*plot.Drawing {
	out := toyFigures(m)
	byKind := map[string]func() []*plot.Drawing{
		"test_recall": func() []*plot.Drawing { return testFigures(m) }, "guesses": func() []*plot.Drawing { return guessFigures(m) }, "latent_plane": func() []*plot.Drawing { return planeFigures(m) }, "round_work": func() []*plot.Drawing { return workFigures(m) },
	}
	for _, kind := range slices.Sorted(maps.Keys(byKind)) {
		figures := byKind[kind]()
		if len(figures) == 0 && m.Counts.Done > 0 && m.Asks(kind) {
			m.Warn(fmt.Sprintf("the spec asks for a plot of kind %q, but no checkpoint of a done cell has what it shows", kind))
		}
		out = append(out, figures...)
	}
	for _, p := range m.Run.Plan.Plots {
		if p.Kind != "recall_curve" && byKind[p.Kind] == nil {
			m.Warn(fmt.Sprintf("the spec asks for a plot of kind %q, which this program cannot draw", text.Clean(p.Kind)))
		}
	}
	out = append(append(out, explainFigures(m)...), sweepFigures(m)...)
	for _, v := range views(m) {
		if f := panel(m, v); f != nil {
			out = append(out, f)
		}
	}
	for _, p := range m.Groups {
		for _, v := range views(m) {
			g := newGraph(p, v)
			if g == nil || v != (view{}) && g.XMax == g.Rows { // the full range follows
				continue
			}
			out = append(out, g.figure(v))
		}
	}
	return out
}

// Tables of a report, in its order: all of them, whatever the spec asks for.
func Tables(m *model.Model) []*table.Table {
	all := []*table.Table{foundTable(m), auditsTable(m), datasetTable(m), assumptionsTable(m), coverageTable(m), failuresTable(m)}
	for _, t := range []*table.Table{toyTable(m), testTable(m), guessTable(m), planeTable(m), explainTable(m), checkpointTable(m), testTypesTable(m), complexityTable(m), splitTable(m), overBaseTable(m)} {
		if t != nil {
			all = append(all, t)
		}
	}
	all = append(all, sweepTables(m)...)
	for _, name := range m.Run.Plan.Tables {
		if !slices.ContainsFunc(all, func(t *table.Table) bool { return t.Name == name }) {
			m.Warn(fmt.Sprintf("the spec asks for a table %q, which this program does not make", text.Clean(name)))
		}
	}
	return all
}
