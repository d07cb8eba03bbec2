package figures

import (
	"fmt"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/table"
)

// coverageTable says for each method on each dataset what became of its cells, in-plan or not.
func coverageTable(m *model.Model) *table.Table {
	t := &table.Table{
		Name:    "coverage",
		Title:   "Coverage",
		Caption: m.Counts.String() + ".",
		Columns: []table.Column{
			{Name: "dataset"},
			{Name: "method"},
			{Name: "planned", Kind: table.Count},
			{Name: "done", Kind: table.Count},
			{Name: "data missing", Kind: table.Count, Help: "the dataset was not to be had, so the cell was not tried"},
			{Name: "failed", Kind: table.Count},
			{Name: "timed out", Kind: table.Count},
			{Name: "running", Kind: table.Count},
			{Name: "not run", Kind: table.Count},
			{Name: "seconds", Kind: table.Range, Help: "of the done cells' last attempts, by the clock; a pre-training that cells share counts where it was made"},
		},
	}
	add := func(p *model.Group, label string, s *model.Series) {
		c := s.Counts
		alarm := func(n int) table.Value {
			if n > 0 {
				return table.Int(n).Marked()
			}
			return table.Int(0)
		}
		t.Add(table.Str(p.Title), table.Str(label), table.Int(c.Planned), table.Int(c.Done), alarm(c.NoData), alarm(c.Failed), alarm(c.TimedOut), alarm(c.Running), alarm(c.NotRun),
			table.MedianRange(s.Seconds()))
	}
	for _, p := range m.Groups {
		for _, label := range m.Labels {
			if s := labelled(p, label); s != nil {
				add(p, label, s)
				continue
			}
			row := []table.Value{table.Str(p.Title), table.Str(label), table.Missing("not planned")}
			for range len(t.Columns) - len(row) {
				row = append(row, table.Missing("—"))
			}
			t.Add(row...)
		}
	}
	for _, p := range m.Halves {
		for _, s := range p.Series {
			add(p, s.AsHalf(), s)
		}
	}
	return t
}

func labelled(p *model.Group, label string) *model.Series {
	for _, s := range p.Series {
		if s.Label == label {
			return s
		}
	}
	return nil
}

// failuresTable has a row for every cell that was tried, or begun, and has no result.
func failuresTable(m *model.Model) *table.Table {
	t := &table.Table{
		Name:    "failures",
		Title:   "Cells without a result",
		Caption: "Every planned cell that is not done, and why.",
		Columns: []table.Column{
			{Name: "dataset"},
			{Name: "method"},
			{Name: "seed"},
			{Name: "cell"},
			{Name: "state"},
			{Name: "attempts", Kind: table.Count},
			{Name: "message"},
		},
	}
	for _, p := range slices.Concat(m.Groups, m.Halves) {
		for _, s := range p.Series {
			for _, c := range s.Cells {
				if c.State == "done" {
					continue
				}
				state := string(c.State)
				if c.State == "planned" {
					state = "not run"
				}
				message := strings.ReplaceAll(c.Message, "\n", " / ")
				if message == "" && len(c.Status.Attempts) > 0 {
					message = "no message was recorded"
				}
				t.Add(table.Str(p.Title), table.Str(s.AsHalf()), table.Str(fmt.Sprint(c.Cell.Seed)), table.Str(c.ID), table.Str(state), table.Int(len(c.Status.Attempts)), table.Str(message))
			}
		}
	}
	return t
}
