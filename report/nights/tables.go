package nights

import (
	"fmt"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/bench/metric/registry"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/table"
)

// Tables returns the story's tables: up to most of its last nights, and the steps since the
// baseline. There are none for a single night.
func (s *Story) Tables(most int) []*table.Table {
	if len(s.Nights)+len(s.Unreadable) < 2 {
		return nil
	}
	states := &table.Table{Name: "nights", Title: "Nights", Columns: []table.Column{
		{Name: "night"}, {Name: "state"}, {Name: "cells done"}, {Name: "commit"}}}
	first := max(0, len(s.Nights)-most)
	unreadable := func(before int) {
		for _, u := range s.Unreadable {
			if u.before == before {
				states.Add(table.Str(u.Night), table.Str("cannot be read").Marked(),
					table.Missing("—"), table.Missing("—"))
			}
		}
	}
	unreadable(first)
	for i, n := range s.Nights[first:] {
		state := string(n.State)
		if n.State == Red && n.Since != n.Name {
			state += " since " + n.Since
		}
		states.Add(table.Str(n.Name), table.Str(state),
			table.Str(fmt.Sprintf("%d/%d", n.Run.Count(runlog.Done), n.Run.Planned())),
			table.Str(n.Commits()))
		unreadable(first + i + 1)
	}
	changes := &table.Table{Name: "steps", Title: "Steps since the baseline",
		Caption: "What changed from one night to the next, over the cells done in both.",
		Columns: []table.Column{{Name: "night"}, {Name: "group"}, {Name: "metric"}, {Name: "before"},
			{Name: "after"}, {Name: "cells", Kind: table.Count}, {Name: "commits"}}}
	for _, t := range slices.Backward(s.Since(s.Baseline)) {
		d := registry.Get(t.Metric).Decimals
		after := table.Str(fmt.Sprintf("%.*f", d, t.New))
		if t.Worse() {
			after = after.Marked()
		}
		changes.Add(table.Str(t.Night), table.Str(t.Group), table.Str(t.Metric),
			table.Str(fmt.Sprintf("%.*f", d, t.Old)), after, table.Int(t.Cells),
			table.Str(t.Commits))
	}
	return slices.DeleteFunc([]*table.Table{states, changes},
		func(t *table.Table) bool { return len(t.Rows) == 0 })
}

// Paragraph describes the current state in sentences.
func (s *Story) Paragraph() string {
	b := []string{s.Verdict() + "."}
	if s.Accepted != "" {
		b = append(b, fmt.Sprintf("%s was accepted: %s.", s.Baseline,
			strings.TrimSuffix(s.Accepted, ".")))
	}
	return strings.Join(b, " ")
}
