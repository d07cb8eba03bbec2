package spec

import (
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"time"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/spec/tree"
)

// Error is one error in a spec; Errors are all, in the order of the file, then --profile, --set.
type (
	Error  = tree.Error
	Errors = tree.Errors
)

type node = tree.Node

// Options override parts of the spec.
type Options struct {
	Profile string   // a profile of the spec; "" for none
	Set     []string // "key=value" or "key=value,value", as given to --set
}

// Parse reads a spec and resolves it into a plan. file is its name in messages. A non-nil error is
// of type Errors and holds all errors, including those in profiles that are not selected.
func Parse(file string, data []byte, cat bench.Catalog, o Options) (*bench.Plan, error) {
	d := newDecoder(cat)
	d.folder = filepath.Dir(file)
	d.needs = []string{"version", "name", "datasets", "methods", "budget"}
	var s Spec
	d.root = d.read(&tree.Source{Name: file, Lines: true}, data)
	if d.root != nil {
		d.decode(d.root, &s)
	}
	sets := d.sets(o.Set)
	if d.root == nil || d.root.Kind != tree.Map {
		return nil, d.errs.Sorted()
	}
	r := d.resolveAll(&s, sets, o)
	if len(d.errs) > 0 {
		return nil, d.errs.Sorted()
	}
	p := &bench.Plan{Name: s.Name, Title: s.Title, Profile: o.Profile, Cells: r.cells(),
		MaxDrop: s.Gate.maxDrop()}
	if r.choices.Limits != nil {
		p.Timeout = time.Duration(r.choices.Limits.Timeout)
	}
	if len(p.Cells) == 0 && len(d.errs) == 0 {
		d.fail(d.root, "nothing is left to run: without the default"+
			" there are only variants that a profile or --set undoes")
	}
	p.Baseline = d.baseline(s.Report, p.Cells)
	if len(d.errs) > 0 {
		return nil, d.errs.Sorted()
	}
	p.Plots, p.Tables = s.Report.plan()
	p.Own = r.ownThings()
	return p, nil
}

// baseline returns the baseline of the report's comparisons, which must be the id or label of a
// method that runs; "" without comparisons.
func (d *decoder) baseline(r *Report, cells []bench.PlannedCell) string {
	if r.Compare == nil {
		return ""
	}
	b := &r.Compare.Baseline
	var known []string
	for _, c := range cells {
		known = append(known, c.Cell.Method.ID, c.Label)
		if c.Cell.Method.ID == *b || c.Label == *b {
			return *b
		}
	}
	slices.Sort(known)
	known = slices.DeleteFunc(slices.Compact(known), func(s string) bool { return s == "" })
	d.fail(d.where[b], "no method that runs is called %s: %s", tree.Brief(*b),
		tree.Suggest(*b, known))
	return ""
}

// resolveAll resolves the spec by itself, with each of its profiles, and then as o selects.
func (d *decoder) resolveAll(s *Spec, sets []*layer, o Options) *resolver {
	base := &layer{tree: choicesOf(d.root), own: &Profile{Choices: s.Choices}}
	written, _ := d.root.Get("profiles")
	profile := func(name string) []*layer {
		own, _ := written.Get(name)
		d.when = " (with the profile " + tree.Brief(name) + ")"
		return []*layer{base, {tree: own, own: s.Profiles[name]}}
	}
	last := d.resolve(base)
	for _, name := range slices.Sorted(maps.Keys(s.Profiles)) {
		if last.full {
			return last // the remaining profiles would be as slow to check
		}
		last = d.resolve(profile(name)...)
	}
	d.when = ""
	layers := []*layer{base}
	switch {
	case s.Profiles[o.Profile] != nil:
		layers = profile(o.Profile)
	case o.Profile != "":
		d.noProfile(written, o.Profile, s.Profiles)
	}
	switch len(o.Set) {
	case 0:
	case 1: // errors that appear only now are due to --set, wherever they are
		d.when = " (with --set " + tree.Brief(o.Set[0]) + ")"
	default:
		d.when = " (with the --set given)"
	}
	if last.full {
		return last
	}
	return d.resolve(append(layers, sets...)...)
}

// noProfile reports that no profile has that name; written is the spec's profiles mapping.
func (d *decoder) noProfile(written *node, name string, have map[string]*Profile) {
	if written != nil {
		if _, there := written.Get(name); there {
			return // it exists, but has errors, which have been reported
		}
	}
	e := Error{File: "--profile " + name, Msg: "the spec has no profiles", Order: profileLayer}
	if len(have) > 0 {
		e.Msg = "the spec has no such profile: " +
			tree.Suggest(name, slices.Sorted(maps.Keys(have)))
	}
	d.errs = append(d.errs, e)
}

// maxDrop returns the allowed drops by the metric names that compare uses; nil if none are set.
func (g *Gate) maxDrop() map[string]float64 {
	if g == nil || g.MaxDrop == nil {
		return nil
	}
	out := map[string]float64{}
	v := reflect.ValueOf(*g.MaxDrop)
	for _, k := range keysOf(v.Type()) {
		if most := v.FieldByIndex(k.index).Interface().(*float64); most != nil {
			out[k.name] = *most
		}
	}
	return out
}

// plan returns the plots and tables under the names that run directories use.
func (r *Report) plan() ([]bench.Plot, []string) {
	plots := []bench.Plot{}
	for _, p := range r.Plots {
		plots = append(plots, bench.Plot{Kind: onDisk(plotsOnDisk, p.Kind), XMax: p.XMax})
	}
	return plots, r.Tables
}

// onDisk returns the name that run directories use for a word of the language.
func onDisk(names map[string]string, word string) string {
	if old, ok := names[word]; ok {
		return old
	}
	return word
}
