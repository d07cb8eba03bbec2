package compare

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
)

// match pairs the cells of two runs: the new run's in its order, then those that are gone.
func match(before, after *runlog.Run) []Pair {
	old, seen := distinct(before), map[string]bool{}
	byID := map[string]*runlog.CellRecord{}
	for _, c := range old {
		byID[c.ID] = c
	}
	renewed := distinct(after)
	for _, c := range renewed {
		seen[c.ID] = true
	}
	byKey := map[string][]*runlog.CellRecord{} // old cells whose id the new run lacks
	for _, c := range old {
		if !seen[c.ID] {
			byKey[key(c)] = append(byKey[key(c)], c)
		}
	}
	taken := map[string]bool{}
	var out []Pair
	for _, c := range renewed {
		p := Pair{New: c.ID, Seed: c.Cell.Seed, new: c}
		if p.old = byID[c.ID]; p.old == nil {
			if like := byKey[key(c)]; len(like) > 0 {
				p.old, byKey[key(c)] = like[0], like[1:]
				p.Recipe = recipe(p.old, c)
			}
		}
		if p.old != nil {
			p.Old = p.old.ID
			taken[p.Old] = true
		}
		out = append(out, p)
	}
	for _, c := range old {
		if !taken[c.ID] {
			out = append(out, Pair{Old: c.ID, Seed: c.Cell.Seed, old: c})
		}
	}
	return out
}

// distinct returns each cell once, even if it is planned twice.
func distinct(r *runlog.Run) []*runlog.CellRecord {
	seen := map[string]bool{}
	var out []*runlog.CellRecord
	for i := range r.Cells {
		if c := &r.Cells[i]; !seen[c.ID] {
			seen[c.ID] = true
			out = append(out, c)
		}
	}
	return out
}

// key is what a cell keeps when its recipe changes.
func key(c *runlog.CellRecord) string {
	return fmt.Sprintf("%q %q %q %q %q %d", c.Cell.Dataset.ID, c.DatasetLabel, c.Cell.Method.ID,
		c.Label, bench.SettingsText(c.PlannedCell.Variant), c.Cell.Seed)
}

// recipe lists the differences in what determines two cells.
func recipe(a, b *runlog.CellRecord) []string {
	x, y := flatten(a.Cell), flatten(b.Cell)
	var out []string
	all := map[string]bool{}
	for _, m := range []map[string]string{x, y} {
		for name := range m {
			all[name] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if x[name] != y[name] {
			show := func(s string) string {
				if s == "" {
					return "none"
				}
				return s
			}
			out = append(out, fmt.Sprintf("%s: %s -> %s", name, show(x[name]), show(y[name])))
		}
	}
	return out
}

// flatten returns the leaves of v's JSON by their paths; lists are leaves.
func flatten(v any) map[string]string {
	data, err := json.Marshal(v)
	if err != nil {
		panic("compare: " + err.Error())
	}
	d := json.NewDecoder(strings.NewReader(string(data)))
	d.UseNumber()
	var tree any
	if err := d.Decode(&tree); err != nil {
		panic("compare: " + err.Error())
	}
	out := map[string]string{}
	var walk func(path string, v any)
	walk = func(path string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for name, w := range v {
				walk(strings.TrimPrefix(path+"."+name, "."), w)
			}
		case string:
			out[path] = strconv.Quote(v)
		default:
			text, err := json.Marshal(v)
			if err != nil {
				panic("compare: " + err.Error())
			}
			out[path] = string(text)
		}
	}
	walk("", tree)
	return out
}
