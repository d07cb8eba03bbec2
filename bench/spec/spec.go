package spec

import (
	"maps"
	"regexp"
	"slices"
	"time"

	"github.com/uaibench/uaibench/bench"
)

// Options say what overrides the spec.
type Options struct {
	Profile string   // name of one of the spec's profiles; "" for none
	Set     []string // "key=value" or "key=value,value", as given to --set
}

// Parse reads a spec and resolves it into a plan. file is how messages name it. The error, if
// any, is of type Errors and holds all that is wrong.
func Parse(file string, data []byte, cat bench.Catalog, o Options) (*bench.Plan, error) {
	d := newDecoder(cat)
	var s Spec
	root := d.read(&source{name: file, lines: true}, data)
	d.root = root
	good := root != nil && d.decode(root, &s)
	sets := d.sets(o.Set)
	if good {
		d.checkSpec(root, &s)
	}
	if o.Profile != "" && good && s.Profiles[o.Profile] == nil {
		d.noProfile(root, o.Profile, s.Profiles)
		good = false
	}
	if !good {
		return nil, d.errs.sorted()
	}

	base := &layer{Choices: &s.Choices}
	huge := d.resolve(base).full
	for _, name := range slices.Sorted(maps.Keys(s.Profiles)) {
		if huge {
			break // each profile would be as slow to check
		}
		d.when = " (with the profile " + brief(name) + ")"
		huge = d.resolve(base, profileLayer(s.Profiles[name])).full
	}
	layers := []*layer{base}
	d.when = ""
	if o.Profile != "" {
		layers = append(layers, profileLayer(s.Profiles[o.Profile]))
		d.when = " (with the profile " + brief(o.Profile) + ")"
	}
	if len(sets) > 0 {
		d.when = "" // what is wrong only now is so because of --set, wherever it shows
		if n := len(o.Set); n == 1 {
			d.when = " (with --set " + brief(o.Set[0]) + ")"
		} else {
			d.when = " (with the --set given)"
		}
	}
	if huge {
		return nil, d.errs.sorted()
	}
	r := d.resolve(append(layers, sets...)...)
	if len(d.errs) > 0 {
		return nil, d.errs.sorted()
	}
	p := &bench.Plan{
		Name: s.Name, Title: s.Title, Profile: o.Profile,
		Cells: r.cells(), Timeout: r.timeout(),
	}
	if len(p.Cells) == 0 && len(d.errs) == 0 {
		d.fail(root, "nothing is left to run: without the default there are only variants that a profile or a --set undoes")
	}
	if len(d.errs) > 0 {
		return nil, d.errs.sorted()
	}
	p.Plots, p.Tables = shown(s.Report)
	p.MaxDrop = s.Gate.maxDrop()
	return p, nil
}

// maxDrop names the metrics as compare does; nil: nothing is said of them.
func (g *Gate) maxDrop() map[string]float64 {
	if g == nil || g.MaxDrop == nil {
		return nil
	}
	out := map[string]float64{}
	for name, v := range map[string]*Probability{"found": g.MaxDrop.Found, "f1": g.MaxDrop.F1, "area": g.MaxDrop.Area, "split_f1": g.MaxDrop.SplitF1} {
		if v != nil {
			out[name] = float64(*v)
		}
	}
	return out
}

var safeName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$`)

const (
	maxName     = 100
	maxProfiles = 20
)

// checkSpec checks what stands in the file alone.
func (d *decoder) checkSpec(root *node, s *Spec) {
	if n := d.where[&s.Version]; n != nil && n.kind == isInt && s.Version != 1 {
		d.fail(n, "%d is not a version of the language: this program reads version 1", s.Version)
	}
	if s.Name != "" && (!safeName.MatchString(s.Name) || len(s.Name) > maxName) {
		d.fail(d.where[&s.Name], "%q cannot name a folder: use letters, digits, - _ and ., beginning and ending with a letter or a digit, at most %d", brief(s.Name), maxName)
	}
	d.require(root, "datasets", ": a list of ids; see uaibench datasets")
	d.require(root, "methods", ": a list of ids; see uaibench methods")
	if s.Sweep["budget"] == nil && s.Protocol == nil && (s.Datasets == nil || s.Methods == nil) {
		d.require(root, "budget", ": a number of audits, anomalies or all") // with both, checkProtocols knows whether it is needed
	}
	if n, ok := root.get("profiles"); ok && len(s.Profiles) > maxProfiles {
		d.fail(n, "%d profiles: at most %d", len(s.Profiles), maxProfiles)
		s.Profiles = nil
	}
	if s.Report != nil {
		d.checkReport(s.Report)
	}
}

func (d *decoder) checkReport(r *Report) {
	plots, tables := map[bench.Plot]bool{}, map[Table]bool{}
	for _, p := range r.Plots {
		if plots[p.plan()] {
			d.fail(d.where[p], "this plot is listed twice")
		}
		plots[p.plan()] = true
		if p.XMax != nil && p.Kind == planePlot {
			d.fail(d.where[&p.XMax], "a %s has no axis of audits: leave x_max out", p.Kind)
		}
	}
	for i, t := range r.Tables {
		if tables[t] {
			d.fail(d.where[&r.Tables[i]], "%s is listed twice", t)
		}
		tables[t] = true
	}
}

func (p *Plot) plan() bench.Plot {
	out := bench.Plot{Kind: string(p.Kind)}
	if p.XMax != nil {
		out.XMax = *p.XMax
	}
	return out
}

// shown gives the plots and tables; an empty list asks for none.
func shown(r *Report) ([]bench.Plot, []string) {
	plots := []bench.Plot{{Kind: plotKinds[0]}}
	tables := slices.Clone(tableKinds)
	if r != nil && r.Plots != nil {
		plots = plots[:0]
		for _, p := range r.Plots {
			plots = append(plots, p.plan())
		}
	}
	if r != nil && r.Tables != nil {
		tables = tables[:0]
		for _, t := range r.Tables {
			tables = append(tables, string(t))
		}
	}
	return plots, tables
}

// noProfile says which profiles there are.
func (d *decoder) noProfile(root *node, name string, have map[string]*Profile) {
	if n, ok := root.get("profiles"); ok {
		if _, there := n.get(name); there {
			return // it is there, but wrong, and that was said
		}
	}
	e := Error{File: "--profile " + name, Msg: "the spec has no profiles", order: profileOrder}
	if len(have) > 0 {
		e.Msg = "the spec has no such profile: " + suggest(name, slices.Sorted(maps.Keys(have)))
	}
	d.errs = append(d.errs, e)
}

// timeout of a cell; 0: none.
func (r *resolver) timeout() time.Duration {
	var t time.Duration
	for _, l := range r.layers {
		if l.Limits != nil && l.Limits.Timeout != nil {
			t = time.Duration(*l.Limits.Timeout)
		}
	}
	return t
}
