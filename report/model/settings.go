package model

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/report/text"
)

// A run that varies something compares settings of a method on a dataset with a default. Together
// they form a family.

// Family is a method on a dataset with all settings that a run compares.
type Family struct {
	Dataset  string // title
	Method   string // the curve's label, without settings
	Slug     string // for file names, unique within the run
	Default  *Setting
	Variants []*Setting // without the default, in the plan's order
	Axes     []string   // names of a grid's parameters; nil: one change at a time
}

// Setting is a series as a member of its family.
type Setting struct {
	*Series
	Group *Group
	Name  string   // its changes; for the default its values on a grid, or ""
	At    []string // its value on each axis

	Place int // in the plan
}

// Title is the dataset and the method.
func (f *Family) Title() string { return f.Dataset + ", " + f.Method }

// All returns the default, if any, followed by the variants.
func (f *Family) All() []*Setting {
	if f.Default == nil {
		return f.Variants
	}
	return append([]*Setting{f.Default}, f.Variants...)
}

// Shown is a setting's name in tables.
func (f *Family) Shown(s *Setting) string {
	switch {
	case s != f.Default:
		return s.Name
	case s.Name != "":
		return "default (" + s.Name + ")"
	}
	return "default"
}

// Counts returns the counts of all cells of the family.
func (f *Family) Counts() Counts {
	var c Counts
	for _, s := range f.All() {
		for _, cell := range s.Cells {
			c.add(cell.State)
		}
	}
	return c
}

// Families returns the run's families, in the plan's order. A method with only one setting forms
// none.
func (m *Model) Families() []*Family { return m.families(m.Warn) }

func (m *Model) families(warn func(string)) []*Family {
	place := m.places()
	var order []string
	members := map[string][]*Setting{}
	for _, p := range m.Groups {
		for _, s := range p.Series {
			c := s.Cells[0]
			key := fmt.Sprintf("%q %q %d %q %q", c.Cell.Dataset.ID, c.DatasetLabel,
				c.Cell.Dataset.Seed, c.Cell.Method.ID, m.method(s))
			if members[key] == nil {
				order = append(order, key)
			}
			members[key] = append(members[key], &Setting{Series: s, Group: p, Place: place(s)})
		}
	}
	var out []*Family
	taken := text.Names{}
	for _, key := range order {
		slices.SortStableFunc(members[key], func(a, b *Setting) int { return a.Place - b.Place })
		for _, f := range m.split(members[key], warn) {
			f.Slug = taken.Unique(text.Slug(f.All()[0].Group.Ref.ID)+"."+
				text.Slug(f.All()[0].Method.ID), "-")
			out = append(out, f)
		}
	}
	return out
}

// places returns a function from a series to its position in the plan, which interleaves the
// variants of several dataset groups.
func (m *Model) places() func(*Series) int {
	key := func(c bench.PlannedCell) string { return c.ID + "\x00" + m.label(c) }
	at := map[string]int{}
	for i, c := range m.Run.Cells {
		if _, ok := at[key(c.PlannedCell)]; !ok {
			at[key(c.PlannedCell)] = i
		}
	}
	return func(s *Series) int { return at[key(s.Cells[0].PlannedCell)] }
}

// method is the label of a series' curve without its settings.
func (m *Model) method(s *Series) string {
	p := s.Cells[0].PlannedCell
	p.Variant = nil
	return m.label(p)
}

// split returns the families of one method on one dataset. Parameters that every setting names are
// the axes of a grid. If some settings name more, each grid point is a default with its own
// variants.
// variants.
func (m *Model) split(all []*Setting, warn func(string)) []*Family {
	if len(all) < 2 {
		return nil
	}
	var axes []string
	for _, v := range all[0].Cells[0].Variant {
		if !slices.ContainsFunc(all, func(s *Setting) bool { return valueOf(s, v.Name) == nil }) {
			axes = append(axes, v.Name)
		}
	}
	grid := true
	for _, s := range all {
		var at, rest []string
		for _, v := range s.Cells[0].Variant {
			desc := text.Clean(v.Name + "=" + v.Value)
			switch {
			case slices.Contains(axes, v.Name):
				s.At = append(s.At, text.Clean(v.Value))
				at = append(at, desc)
			case v.Name == "variant":
				rest = append(rest, text.Clean(v.Value))
			default:
				rest = append(rest, desc)
			}
		}
		grid = grid && rest == nil
		if s.Name = strings.Join(rest, ", "); rest == nil {
			s.Name = strings.Join(at, ", ")
		}
	}
	dataset, method := all[0].datasetTitle(), m.method(all[0].Series)
	if grid && len(axes) > 0 {
		f := &Family{Dataset: dataset, Method: method, Axes: axes}
		for _, s := range all {
			if f.Default == nil && m.isDefault(s, axes) {
				f.Default = s
			} else {
				f.Variants = append(f.Variants, s)
			}
		}
		return []*Family{f}
	}
	var out []*Family
	for _, s := range all {
		i := slices.IndexFunc(out,
			func(f *Family) bool { return slices.Equal(f.All()[0].At, s.At) })
		if i < 0 {
			i = len(out)
			f := &Family{Dataset: dataset, Method: method}
			if axes != nil {
				f.Method += " (" + strings.Join(s.At, ", ") + ")"
			}
			out = append(out, f)
		}
		f := out[i]
		switch plain := len(s.Cells[0].Variant) == len(axes); {
		case !plain:
			f.Variants = append(f.Variants, s)
		case f.Default == nil:
			s.Name = ""
			f.Default = s
		default:
			warn(fmt.Sprintf("%s is in the plan more than once without a setting: differences "+
				"are from the first; give each entry its own label", f.Title()))
		}
	}
	return slices.DeleteFunc(out, func(f *Family) bool { return len(f.All()) < 2 })
}

// datasetTitle is the title without the parameters in which a variant's dataset group differs.
func (s *Setting) datasetTitle() string {
	return text.Clean(cmp.Or(s.Cells[0].DatasetLabel, s.Group.Info.Title, s.Group.Ref.ID))
}

func valueOf(s *Setting, name string) *bench.Setting {
	i := slices.IndexFunc(s.Cells[0].Variant, func(v bench.Setting) bool { return v.Name == name })
	if i < 0 {
		return nil
	}
	return &s.Cells[0].Variant[i]
}

// isDefault reports whether a grid point has the catalogue's default on every axis, and the paper's
// k (Sec. 4.2).
func (m *Model) isDefault(s *Setting, axes []string) bool {
	c := s.Cells[0].Cell
	method, _ := m.Catalog.Method(c.Method.ID)
	for _, axis := range axes {
		name := axis[strings.LastIndexByte(axis, '.')+1:]
		if axis == "k" {
			anomalies := s.Group.Info.Published.Anomalies
			if r := s.Group.First(); r != nil {
				anomalies = r.Anomalies
			}
			if c.K.Resolve(anomalies) != (bench.K{Below: 100, Then: 3,
				Else: 10}).Resolve(anomalies) {
				return false
			}
			continue
		}
		if !atDefault(method.Params, c.Method.Params, name) &&
			!atDefault(s.Group.Info.Params, c.Dataset.Params, name) {
			return false
		}
	}
	return true
}

func atDefault(known []bench.Param, have bench.Params, name string) bool {
	i := slices.IndexFunc(known, func(p bench.Param) bool { return p.Name == name })
	if i < 0 {
		return false
	}
	v, ok := have[name]
	// a parameter added later is omitted at its default
	return !ok || text.Param(v) == text.Param(known[i].Default)
}

// AtDefaults reports whether every parameter of the series has the catalogue's default.
func (m *Model) AtDefaults(s *Series) bool {
	method, known := m.Catalog.Method(s.Method.ID)
	for name := range s.Method.Params {
		if !atDefault(method.Params, s.Method.Params, name) {
			return false
		}
	}
	return known
}

// SeedsDone is the number of a setting's seeds that are done, as text.
func (s *Setting) SeedsDone() string {
	out := fmt.Sprintf("%d of %s", s.Counts.Done, text.Plural(s.Counts.Planned, "seed"))
	if n := s.Counts.Failed + s.Counts.TimedOut; n > 0 {
		out += fmt.Sprintf(", %d failed", n)
	}
	return out
}

// Note gives the counts of a family's cells and its seeds.
func (f *Family) Note() string {
	var seeds []string
	for _, c := range f.All()[0].Cells {
		seeds = append(seeds, fmt.Sprint(c.Cell.Seed))
	}
	return fmt.Sprintf("%s; %s (%s).", f.Counts(), text.Plural(len(seeds), "seed"),
		strings.Join(seeds, ", "))
}
