package report

import (
	"fmt"
	"maps"
	"slices"

	"github.com/uaibench/uaibench/report/table"
	"github.com/uaibench/uaibench/report/text"
)

// figures of a run: those of checkpoints' looks first, for which a spec asks by name, then the panels. Pools without
// a result have none.
func (m *Model) figures() []*Drawing {
	out := m.toyFigures()
	byKind := map[string]func() []*Drawing{
		"test_recall": func() []*Drawing { return m.testFigures() }, "guesses": func() []*Drawing { return m.guessFigures() }, "latent_plane": func() []*Drawing { return m.planeFigures() }, "round_work": func() []*Drawing { return m.workFigures() },
	}
	for _, kind := range slices.Sorted(maps.Keys(byKind)) {
		figures := byKind[kind]()
		if len(figures) == 0 && m.Counts.Done > 0 && m.asks(kind) {
			m.warn(fmt.Sprintf("the spec asks for a plot of kind %q, but no checkpoint of a done cell has what it shows", kind))
		}
		out = append(out, figures...)
	}
	for _, p := range m.Run.Plan.Plots {
		if p.Kind != "recall_curve" && byKind[p.Kind] == nil {
			m.warn(fmt.Sprintf("the spec asks for a plot of kind %q, which this program cannot draw", text.Clean(p.Kind)))
		}
	}
	out = append(append(out, m.explainFigures()...), m.sweepFigures()...)
	for _, v := range m.views() {
		if f := m.panel(v); f != nil {
			out = append(out, f)
		}
	}
	for _, p := range m.Groups {
		for _, v := range m.views() {
			g := newGraph(p, v)
			if g == nil || v != (view{}) && g.XMax == g.Rows { // the full range follows
				continue
			}
			out = append(out, g.figure(v))
		}
	}
	return out
}

// tables of a report, in its order: all of them, whatever the spec asks for.
func (m *Model) tables() []*table.Table {
	all := []*table.Table{m.foundTable(), m.auditsTable(), m.datasetTable(), m.assumptionsTable(), m.coverageTable(), m.failuresTable()}
	for _, t := range []*table.Table{m.toyTable(), m.testTable(), m.guessTable(), m.planeTable(), m.explainTable(), m.checkpointTable(), m.testTypesTable(), m.complexityTable(), m.splitTable(), m.overBaseTable()} {
		if t != nil {
			all = append(all, t)
		}
	}
	all = append(all, m.sweepTables()...)
	for _, name := range m.Run.Plan.Tables {
		if !slices.ContainsFunc(all, func(t *table.Table) bool { return t.Name == name }) {
			m.warn(fmt.Sprintf("the spec asks for a table %q, which this program does not make", text.Clean(name)))
		}
	}
	return all
}
