package report

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/metric/registry"
	"github.com/uaibench/uaibench/bench/runlog"
)

// A run that varies something compares settings of a method on a dataset with a default: all in one family.

// family is a method on a dataset under all settings that a run compares.
type family struct {
	Dataset  string // title
	Method   string // the curve's label, without settings
	Slug     string // for file names, unique within the run
	Default  *setting
	Variants []*setting // without the default, in the plan's order
	Axes     []string   // of a grid: what each setting says; nil: one change at a time
}

// setting is a series as a member of its family.
type setting struct {
	*series
	Pool *pool
	Name string   // what it changes; of the default its values on a grid, or ""
	At   []string // its value on each axis

	Place int // in the plan
}

// title of the family.
func (f *family) title() string { return f.Dataset + ", " + f.Method }

// all are the default and then the others.
func (f *family) all() []*setting {
	if f.Default == nil {
		return f.Variants
	}
	return append([]*setting{f.Default}, f.Variants...)
}

// shown is a setting's name in tables.
func (f *family) shown(s *setting) string {
	switch {
	case s != f.Default:
		return s.Name
	case s.Name != "":
		return "default (" + s.Name + ")"
	}
	return "default"
}

func (f *family) counts() counts {
	var c counts
	for _, s := range f.all() {
		for _, cell := range s.Cells {
			c.add(cell.State)
		}
	}
	return c
}

// families of the run, in the plan's order. A method with one setting alone is none.
func (m *model) families() []*family {
	place := m.places()
	var order []string
	members := map[string][]*setting{}
	for _, p := range m.Pools {
		for _, s := range p.Series {
			c := s.Cells[0]
			key := fmt.Sprintf("%q %q %d %q %q", c.Cell.Dataset.ID, c.DatasetLabel, c.Cell.Dataset.Seed, c.Cell.Method.ID, m.method(s))
			if members[key] == nil {
				order = append(order, key)
			}
			members[key] = append(members[key], &setting{series: s, Pool: p, Place: place(s)})
		}
	}
	var out []*family
	taken := names{}
	for _, key := range order {
		slices.SortStableFunc(members[key], func(a, b *setting) int { return a.Place - b.Place })
		for _, f := range m.split(members[key]) {
			f.Slug = taken.unique(slug(f.all()[0].Pool.Ref.ID)+"."+slug(f.all()[0].Method.ID), "-")
			out = append(out, f)
		}
	}
	return out
}

// places gives the place of a series in the plan, where variants of a dataset stand among the others.
func (m *model) places() func(*series) int {
	key := func(c bench.PlannedCell) string { return c.ID + "\x00" + m.label(c) }
	at := map[string]int{}
	for i, c := range m.Run.Cells {
		if _, ok := at[key(c.PlannedCell)]; !ok {
			at[key(c.PlannedCell)] = i
		}
	}
	return func(s *series) int { return at[key(s.Cells[0].PlannedCell)] }
}

// method is the label of a series' curve without its settings.
func (m *model) method(s *series) string {
	p := s.Cells[0].PlannedCell
	p.Variant = nil
	return m.label(p)
}

// split gives the families of one method on one dataset. What all settings say are axes of a grid; where some say more, each
// point of the grid is a default with variants of its own.
func (m *model) split(all []*setting) []*family {
	if len(all) < 2 {
		return nil
	}
	var axes []string
	for _, v := range all[0].Cells[0].Variant {
		if !slices.ContainsFunc(all, func(s *setting) bool { return valueOf(s, v.Name) == nil }) {
			axes = append(axes, v.Name)
		}
	}
	grid := true
	for _, s := range all {
		var at, rest []string
		for _, v := range s.Cells[0].Variant {
			text := clean(v.Name + "=" + v.Value)
			switch {
			case slices.Contains(axes, v.Name):
				s.At = append(s.At, clean(v.Value))
				at = append(at, text)
			case v.Name == "variant":
				rest = append(rest, clean(v.Value))
			default:
				rest = append(rest, text)
			}
		}
		grid = grid && rest == nil
		if s.Name = strings.Join(rest, ", "); rest == nil {
			s.Name = strings.Join(at, ", ")
		}
	}
	dataset, method := all[0].datasetTitle(), m.method(all[0].series)
	if grid && len(axes) > 0 {
		f := &family{Dataset: dataset, Method: method, Axes: axes}
		for _, s := range all {
			if f.Default == nil && m.isDefault(s, axes) {
				f.Default = s
			} else {
				f.Variants = append(f.Variants, s)
			}
		}
		return []*family{f}
	}
	var out []*family
	for _, s := range all {
		i := slices.IndexFunc(out, func(f *family) bool { return slices.Equal(f.all()[0].At, s.At) })
		if i < 0 {
			i = len(out)
			f := &family{Dataset: dataset, Method: method}
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
			m.warn(fmt.Sprintf("%s stands in the plan more than once without a setting: differences are from the first; give each entry a label of its own", f.title()))
		}
	}
	return slices.DeleteFunc(out, func(f *family) bool { return len(f.all()) < 2 })
}

// datasetTitle is without the parameters in which a variant's pool differs.
func (s *setting) datasetTitle() string {
	return clean(cmp.Or(s.Cells[0].DatasetLabel, s.Pool.Info.Title, s.Pool.Ref.ID))
}

func valueOf(s *setting, name string) *bench.Setting {
	i := slices.IndexFunc(s.Cells[0].Variant, func(v bench.Setting) bool { return v.Name == name })
	if i < 0 {
		return nil
	}
	return &s.Cells[0].Variant[i]
}

// isDefault tells whether a point of a grid is the catalogue's default on every axis, and of k the paper's (Sec. 4.2).
func (m *model) isDefault(s *setting, axes []string) bool {
	c := s.Cells[0].Cell
	method, _ := m.Catalog.Method(c.Method.ID)
	for _, axis := range axes {
		name := axis[strings.LastIndexByte(axis, '.')+1:]
		if axis == "k" {
			anomalies := s.Pool.Info.Published.Anomalies
			if r := s.Pool.first(); r != nil {
				anomalies = r.Anomalies
			}
			if c.K.Resolve(anomalies) != (bench.K{Below: 100, Then: 3, Else: 10}).Resolve(anomalies) {
				return false
			}
			continue
		}
		if !atDefault(method.Params, c.Method.Params, name) && !atDefault(s.Pool.Info.Params, c.Dataset.Params, name) {
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
	return !ok || showValue(v) == showValue(known[i].Default) // what came later is left out at its default
}

// pairs are a setting's cells beside the default's with the same seed.
type pairs struct {
	Planned, Failed int
	Default, Other  []*runlog.Result // of the seeds of which both are done and comparable
	Same            bool             // they are the same cells under another name
	Notes           []string
}

func pair(def, other *setting) pairs {
	p := pairs{Same: true}
	for _, o := range other.Cells {
		i := slices.IndexFunc(def.Cells, func(d cell) bool { return d.Cell.Seed == o.Cell.Seed })
		p.Planned++
		if i < 0 {
			p.note("the default is not planned for every seed")
			continue
		}
		d := def.Cells[i]
		p.Same = p.Same && d.ID == o.ID
		if broken(d.State) || broken(o.State) {
			p.Failed++
		}
		switch {
		case d.State != runlog.Done || o.State != runlog.Done:
		case d.Result.Anomalies != o.Result.Anomalies || d.Result.Rows != o.Result.Rows:
			p.note("not comparable: other rows or anomalies than the default's")
		default:
			p.Default, p.Other = append(p.Default, d.Result), append(p.Other, o.Result)
			if d.Result.Budget != o.Result.Budget {
				p.note("compared at the lesser of both budgets")
			}
		}
	}
	return p
}

func (p *pairs) note(s string) {
	if !slices.Contains(p.Notes, s) {
		p.Notes = append(p.Notes, s)
	}
}

func broken(s runlog.State) bool { return s == runlog.Failed || s == runlog.TimedOut }

// measure is a metric that settings are compared by. More is better.
type measure struct {
	Name  string // of its table
	Title string
	*registry.Metric
}

var measures = []measure{
	{"paired", "anomalies found at the budget", registry.Get("found")},
	{"paired_area", "area under found(j)/N to the budget", registry.Get("area")},
}

// values are a measure's of both, and their differences, seed by seed, at the lesser budget.
func (p pairs) values(of measure) (def, other, d []float64) {
	for i := range p.Default {
		b := registry.At(strconv.Itoa(min(p.Default[i].Budget, p.Other[i].Budget)))
		x, err := of.Of(p.Default[i], registry.Args{At: b})
		y, err2 := of.Of(p.Other[i], registry.Args{At: b})
		if err != nil || err2 != nil { // without anomalies there is no area
			continue
		}
		def, other, d = append(def, x), append(other, y), append(d, y-x)
	}
	return def, other, d
}
