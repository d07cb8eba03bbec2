package figures

import (
	"fmt"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/table"
)

var coverage = Figure{
	Name: "coverage", Section: Coverage,
	Doc: "what became of every planned cell",
	Tables: func(m *model.Model) []*table.Table {
		return []*table.Table{coverageTable(m),
			failuresTable(m)}
	},
}

// coverageTable counts the cells of each method on each dataset by state, including pairs that were
// not planned.
func coverageTable(m *model.Model) *table.Table {
	type row struct {
		group  *model.Group
		label  string
		series *model.Series // nil: not planned
	}
	var rows []row
	for _, g := range m.Groups {
		for _, label := range m.Labels {
			rows = append(rows, row{g, label, labelled(g, label)})
		}
	}
	for _, g := range m.Halves {
		for _, s := range g.Series {
			rows = append(rows, row{g, s.AsHalf(), s})
		}
	}
	count := func(name, help string, alarm bool, of func(model.Counts) int) col[row] {
		return col[row]{Name: name, Kind: table.Count, Help: help, Value: func(r row) value {
			if r.series == nil {
				return dash
			}
			n := of(r.series.Counts)
			return marked(table.Int(n), alarm && n > 0)
		}}
	}
	planned := count("planned", "", false, func(c model.Counts) int { return c.Planned })
	ofPlanned := planned.Value
	planned.Value = func(r row) value {
		if r.series == nil {
			return table.Missing("not planned")
		}
		return ofPlanned(r)
	}
	return table.Build(table.Table{Name: "coverage", Title: "Coverage",
		Caption: m.Counts.String() + "."}, rows, []col[row]{
		{Name: "dataset", Value: func(r row) value { return table.Str(r.group.Title) }},
		{Name: "method", Value: func(r row) value { return table.Str(r.label) }},
		planned,
		count("done", "", false, func(c model.Counts) int { return c.Done }),
		count("data missing", "the dataset was not available, so the cell was not tried", true,
			func(c model.Counts) int { return c.NoData }),
		count("failed", "", true, func(c model.Counts) int { return c.Failed }),
		count("timed out", "", true, func(c model.Counts) int { return c.TimedOut }),
		count("running", "", true, func(c model.Counts) int { return c.Running }),
		count("not run", "", true, func(c model.Counts) int { return c.NotRun }),
		{Name: "seconds", Kind: table.Range,
			Help: "by the clock, of the done cells' last attempts; a shared pre-training counts " +
				"for the cell that made it",
			Value: func(r row) value {
				if r.series == nil {
					return dash
				}
				return table.MedianRange(r.series.Seconds())
			}},
	}...)
}

func labelled(g *model.Group, label string) *model.Series {
	for _, s := range g.Series {
		if s.Label == label {
			return s
		}
	}
	return nil
}

// failuresTable has a row for every planned cell without a result.
func failuresTable(m *model.Model) *table.Table {
	type row struct {
		line
		cell model.Cell
	}
	var rows []row
	for _, l := range lines(slices.Concat(m.Groups, m.Halves)) {
		for _, c := range l.series.Cells {
			if c.State != "done" {
				rows = append(rows, row{l, c})
			}
		}
	}
	return table.Build(table.Table{
		Name:    "failures",
		Title:   "Cells without a result",
		Caption: "Every planned cell that is not done, and why.",
	}, rows, []col[row]{
		{Name: "dataset", Value: row.dataset},
		{Name: "method", Value: func(r row) value { return table.Str(r.series.AsHalf()) }},
		{Name: "seed", Value: func(r row) value { return table.Str(fmt.Sprint(r.cell.Cell.Seed)) }},
		{Name: "cell", Value: func(r row) value { return table.Str(r.cell.ID) }},
		{Name: "state", Value: func(r row) value {
			if r.cell.State == "planned" {
				return table.Str("not run")
			}
			return table.Str(string(r.cell.State))
		}},
		{Name: "attempts", Kind: table.Count, Value: func(r row) value {
			return table.Int(len(r.cell.Status.Attempts))
		}},
		{Name: "message", Value: func(r row) value {
			message := strings.ReplaceAll(r.cell.Message, "\n", " / ")
			if message == "" && len(r.cell.Status.Attempts) > 0 {
				message = "no message was recorded"
			}
			return table.Str(message)
		}},
	}...)
}
