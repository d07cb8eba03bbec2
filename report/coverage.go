package report

import (
	"fmt"
	"slices"
	"strings"
)

// coverageTable says for each method on each dataset what became of its cells, in-plan or not.
func (m *model) coverageTable() *Table {
	t := &Table{
		Name:    "coverage",
		Title:   "Coverage",
		Caption: m.Counts.String() + ".",
		Columns: []Column{
			{Name: "dataset"},
			{Name: "method"},
			{Name: "planned", Kind: Count},
			{Name: "done", Kind: Count},
			{Name: "data missing", Kind: Count, Help: "the dataset was not to be had, so the cell was not tried"},
			{Name: "failed", Kind: Count},
			{Name: "timed out", Kind: Count},
			{Name: "running", Kind: Count},
			{Name: "not run", Kind: Count},
			{Name: "seconds", Kind: Range, Help: "of the done cells' last attempts, by the clock; a pre-training that cells share counts where it was made"},
		},
	}
	add := func(p *pool, label string, s *series) {
		c := s.Counts
		alarm := func(n int) Value {
			if n > 0 {
				return Int(n).Marked()
			}
			return Int(0)
		}
		t.Add(Str(p.Title), Str(label), Int(c.Planned), Int(c.Done), alarm(c.NoData), alarm(c.Failed), alarm(c.TimedOut), alarm(c.Running), alarm(c.NotRun),
			MedianRange(s.seconds()))
	}
	for _, p := range m.Pools {
		for _, label := range m.Labels {
			if s := p.labelled(label); s != nil {
				add(p, label, s)
				continue
			}
			row := []Value{Str(p.Title), Str(label), Missing("not planned")}
			for range len(t.Columns) - len(row) {
				row = append(row, Missing("—"))
			}
			t.Add(row...)
		}
	}
	for _, p := range m.Halves {
		for _, s := range p.Series {
			add(p, s.asHalf(), s)
		}
	}
	return t
}

func (p *pool) labelled(label string) *series {
	for _, s := range p.Series {
		if s.Label == label {
			return s
		}
	}
	return nil
}

// failuresTable has a row for every cell that was tried, or begun, and has no result.
func (m *model) failuresTable() *Table {
	t := &Table{
		Name:    "failures",
		Title:   "Cells without a result",
		Caption: "Every planned cell that is not done, and why.",
		Columns: []Column{
			{Name: "dataset"},
			{Name: "method"},
			{Name: "seed"},
			{Name: "cell"},
			{Name: "state"},
			{Name: "attempts", Kind: Count},
			{Name: "message"},
		},
	}
	for _, p := range slices.Concat(m.Pools, m.Halves) {
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
				t.Add(Str(p.Title), Str(s.asHalf()), Str(fmt.Sprint(c.Cell.Seed)), Str(c.ID), Str(state), Int(len(c.Status.Attempts)), Str(message))
			}
		}
	}
	return t
}
