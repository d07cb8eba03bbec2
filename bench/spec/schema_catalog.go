package spec

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/invopop/jsonschema"

	"github.com/uaibench/uaibench/bench"
)

// The catalogue's part of the schema: ids and parameters.

// item is what datasets and methods of the catalogue have in common.
type item struct {
	what, id, title, doc string // what is "dataset" or "method"
	params               []bench.Param
}

func (m item) name() string { return m.id }

// def returns the name of the schema of the item's parameters.
func (m item) def() string { return m.what + "." + m.id }

func methodsOf(cat bench.Catalog) (out []item) {
	for _, m := range cat.Methods {
		out = append(out, item{"method", m.ID, m.Title, m.Doc, m.Params})
	}
	if cat.Program != nil {
		out = append(out, item{"method", bench.ProgramID, "", cat.Program.Info.Doc, nil})
	}
	return out
}

func datasetsOf(cat bench.Catalog) (out []item) {
	for _, d := range cat.Datasets {
		out = append(out, item{"dataset", d.ID, d.Title, d.Doc, d.Params})
	}
	if cat.File != nil {
		info := cat.File.Info
		out = append(out, item{"dataset", info.ID, info.Title, info.Doc, info.Params})
	}
	return out
}

// addEntries restricts an entry's id to those of all, and its params to those of its id.
func addEntries(defs jsonschema.Definitions, name string, all []item) {
	entry := defs[name]
	set(entry, "id", func(p *jsonschema.Schema) {
		// an empty catalogue allows no id
		p.Type, p.AnyOf = "", []*jsonschema.Schema{jsonschema.FalseSchema}
		if len(all) > 0 {
			p.AnyOf = nil
		}
		for _, m := range all {
			p.AnyOf = append(p.AnyOf, &jsonschema.Schema{Const: m.id, Description: m.doc})
		}
	})
	for _, m := range all {
		params := &jsonschema.Schema{Type: "object", Properties: jsonschema.NewProperties(),
			AdditionalProperties: jsonschema.FalseSchema}
		for _, p := range m.params {
			s := paramSchema(p)
			s.Default, s.Description = p.Default, p.Doc
			if p.Source != "" {
				s.Description += " (default: " + p.Source + ")"
			}
			params.Properties.Set(p.Name, s)
		}
		defs[m.def()] = params
		is, has := jsonschema.NewProperties(), jsonschema.NewProperties()
		is.Set("id", &jsonschema.Schema{Const: m.id})
		has.Set("params", &jsonschema.Schema{Ref: "#/$defs/" + m.def()})
		entry.AllOf = append(entry.AllOf,
			&jsonschema.Schema{If: &jsonschema.Schema{Properties: is},
				Then: &jsonschema.Schema{Properties: has}})
	}
}

// paramSchema returns the schema of a parameter's value.
func paramSchema(p bench.Param) *jsonschema.Schema {
	s := &jsonschema.Schema{}
	number := s
	switch p.Kind {
	case bench.Bool:
		s.Type = "boolean"
	case bench.Int:
		s.Type = "integer"
	case bench.Float:
		s.Type = "number"
	case bench.String:
		s.Type = "string"
		for _, word := range p.Enum {
			s.Enum = append(s.Enum, word)
		}
	case bench.Strings:
		one := &jsonschema.Schema{}
		s.AnyOf = []*jsonschema.Schema{one, {Type: "array", Items: one}}
		one.AnyOf = []*jsonschema.Schema{{Type: "string"}, {Type: "number"}, {Type: "boolean"}}
	case bench.Ints:
		number = &jsonschema.Schema{Type: "integer"}
		s.Type, s.Items, s.MinItems = "array", number, size(1)
		if p.Most > 0 {
			s.MaxItems = size(uint64(p.Most))
		}
	}
	if p.Min != nil {
		number.Minimum = json.Number(strconv.FormatFloat(*p.Min, 'g', -1, 64))
	}
	if p.Max != nil {
		number.Maximum = json.Number(strconv.FormatFloat(*p.Max, 'g', -1, 64))
	}
	return s
}

// union returns the names of all parameters, in order of first appearance, and for each the schema
// of the values that any of its items allows.
func union(all []item) (names []string, values map[string]*jsonschema.Schema) {
	values = map[string]*jsonschema.Schema{}
	seen := map[string]bool{}
	for _, m := range all {
		for _, p := range m.params {
			s := paramSchema(p)
			text := p.Name + " " + jsonText(s)
			if seen[text] {
				continue
			}
			seen[text] = true
			if values[p.Name] == nil {
				names = append(names, p.Name)
				values[p.Name] = &jsonschema.Schema{}
			}
			values[p.Name].AnyOf = append(values[p.Name].AnyOf, s)
		}
	}
	for _, v := range values {
		if len(v.AnyOf) == 1 {
			*v = *v.AnyOf[0]
		}
	}
	return names, values
}

// sweepSchema returns the schema of sweep, with all axes.
func sweepSchema(methods, datasets []item) *jsonschema.Schema {
	s := &jsonschema.Schema{Type: "object", Properties: jsonschema.NewProperties(),
		AdditionalProperties: jsonschema.FalseSchema}
	axis := func(v *jsonschema.Schema) *jsonschema.Schema {
		return &jsonschema.Schema{Type: "array", Items: v, MinItems: size(1),
			MaxItems: size(1000), UniqueItems: true}
	}
	s.Properties.Set("budget", axis(&jsonschema.Schema{Ref: "#/$defs/Budget"}))
	s.Properties.Set("k", axis(&jsonschema.Schema{Ref: "#/$defs/K"}))
	names, values := union(methods)
	for _, n := range names {
		if n != "k" && n != "budget" { // such a parameter is swept as METHOD.k
			s.Properties.Set(n, axis(values[n]))
		}
	}
	names, values = union(datasets)
	for _, n := range names {
		s.Properties.Set("dataset."+n, axis(values[n]))
	}
	s.PatternProperties = map[string]*jsonschema.Schema{qualified(slices.Concat(methods,
		datasets)): axis(nil)}
	return s
}

// anyParams returns the schema of a mapping of any parameters, bare or qualified (dae_uai.noise).
func anyParams(all []item) *jsonschema.Schema {
	s := &jsonschema.Schema{Type: "object", Properties: jsonschema.NewProperties(),
		AdditionalProperties: jsonschema.FalseSchema}
	names, values := union(all)
	for _, n := range names {
		s.Properties.Set(n, values[n])
	}
	s.PatternProperties = map[string]*jsonschema.Schema{qualified(all): jsonschema.TrueSchema}
	return s
}

// qualified returns a pattern that matches id.parameter for each id.
func qualified(all []item) string {
	var parts []string
	for _, m := range all {
		if len(m.params) > 0 {
			params := ids(m.params, func(p bench.Param) string { return regexp.QuoteMeta(p.Name) })
			parts = append(parts, regexp.QuoteMeta(m.id)+`\.(`+strings.Join(params, "|")+")")
		}
	}
	return "^(" + strings.Join(parts, "|") + ")$"
}

// refer returns a change that replaces a schema by a reference, keeping its description.
func refer(name string) func(*jsonschema.Schema) {
	return func(p *jsonschema.Schema) {
		*p = jsonschema.Schema{Ref: "#/$defs/" + name,
			Description: p.Description}
	}
}

// set changes the schema of a key; it panics if there is none.
func set(s *jsonschema.Schema, key string, change func(*jsonschema.Schema)) {
	p, ok := s.Properties.Get(key)
	if !ok {
		panic("spec: the schema has no " + key)
	}
	change(p)
}

// has returns the schema of a mapping with a key whose value matches s.
func has(key string, s *jsonschema.Schema) *jsonschema.Schema {
	out := &jsonschema.Schema{Properties: jsonschema.NewProperties(), Required: []string{key}}
	out.Properties.Set(key, s)
	return out
}

func size(n uint64) *uint64 { return &n }
