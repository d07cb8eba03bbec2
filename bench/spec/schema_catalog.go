package spec

import (
	"encoding/json"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/invopop/jsonschema"

	"github.com/uaibench/uaibench/bench"
)

// catalogSchema describes the types that reflection cannot.
type catalogSchema struct{ cat bench.Catalog }

// named is a dataset or a method as far as the schema goes.
type named struct {
	what, id, doc string
	params        []bench.Param
}

// def is the name of the schema of its parameters.
func (m named) def() string { return m.what + "." + m.id }

func (c catalogSchema) methods() (out []named) {
	for _, m := range c.cat.Methods {
		out = append(out, named{"method", m.ID, m.Doc, m.Params})
	}
	return out
}

func (c catalogSchema) datasets() (out []named) {
	for _, d := range c.cat.Datasets {
		out = append(out, named{"dataset", d.ID, d.Doc, d.Params})
	}
	return out
}

// custom describes a type; nil for what reflection does well. What stands in several places is a
// reference to what Schema defines.
func (c catalogSchema) custom(t reflect.Type) *jsonschema.Schema {
	defined := func(name string) *jsonschema.Schema { return &jsonschema.Schema{Ref: "#/$defs/" + name} }
	switch t {
	case reflect.TypeFor[Dataset]():
		return defined("dataset")
	case reflect.TypeFor[Method]():
		return defined("method")
	case reflect.TypeFor[Budget]():
		return defined("budget")
	case reflect.TypeFor[K]():
		return defined("k")
	case reflect.TypeFor[Seeds]():
		return defined("seeds")
	case reflect.TypeFor[Sweep]():
		return defined("sweep")
	case reflect.TypeFor[Variants]():
		return defined("variants")
	case reflect.TypeFor[Seed]():
		return &jsonschema.Schema{Type: "integer", Minimum: "0"}
	case reflect.TypeFor[Params]():
		return &jsonschema.Schema{Type: "object"}
	case reflect.TypeFor[Duration]():
		return &jsonschema.Schema{Type: "string", Pattern: durationForm.String(), Examples: []any{"90s", "30m", "1h30m"}}
	case reflect.TypeFor[Probability]():
		return &jsonschema.Schema{Type: "number", Minimum: "0", Maximum: "1"}
	case reflect.TypeFor[Checkpoints]():
		list := &jsonschema.Schema{Type: "array", Items: &jsonschema.Schema{Type: "integer", Minimum: "0"}, MaxItems: size(maxItems), UniqueItems: true}
		object := plain[Checkpoints](func(t reflect.Type) *jsonschema.Schema {
			if t == reflect.TypeFor[Look]() {
				return &jsonschema.Schema{Type: "string", Enum: anys(looks)}
			}
			return nil
		})
		set(object, "at", func(p *jsonschema.Schema) { p.Items, p.MaxItems, p.UniqueItems = list.Items, list.MaxItems, true })
		set(object, "look", func(p *jsonschema.Schema) { p.UniqueItems = true })
		return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{list, object}}
	case reflect.TypeFor[Protocols]():
		return defined("protocol")
	case reflect.TypeFor[Halving]():
		return &jsonschema.Schema{Type: "string", Enum: anys(halvings)}
	case reflect.TypeFor[FlagRule]():
		return &jsonschema.Schema{Type: "string", Enum: anys(flagRules)}
	case reflect.TypeFor[Rounding]():
		return &jsonschema.Schema{Type: "string", Enum: anys(roundings)}
	case reflect.TypeFor[ShareOf]():
		return &jsonschema.Schema{Type: "string", Enum: anys(sharesOf)}
	case reflect.TypeFor[YesNo]():
		return &jsonschema.Schema{Type: "boolean"}
	case reflect.TypeFor[Trains]():
		return oneOrMore(&jsonschema.Schema{AnyOf: []*jsonschema.Schema{{Type: "string", Enum: anys(trains)}, plain[Mix](c.custom)}})
	case reflect.TypeFor[PlotKind]():
		return &jsonschema.Schema{Type: "string", Enum: anys(plotKinds)}
	case reflect.TypeFor[Table]():
		return &jsonschema.Schema{Type: "string", Enum: anys(tableKinds)}
	}
	return nil
}

func budgetSchema() *jsonschema.Schema {
	return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{{Type: "integer", Minimum: "1"}, {Type: "string", Enum: anys(budgetRules)}}}
}

// plain reflects a struct without references, so that it can be put in anywhere.
func plain[T any](custom func(reflect.Type) *jsonschema.Schema) *jsonschema.Schema {
	r := jsonschema.Reflector{Anonymous: true, DoNotReference: true, ExpandedStruct: true, Mapper: custom, LookupComment: comment}
	s := r.ReflectFromType(reflect.TypeFor[T]())
	s.Version = ""
	return s
}

// variants are a list of mappings, or {default, list}.
func (c catalogSchema) variants() *jsonschema.Schema {
	one := plain[Variant](c.custom)
	set(one, "params", refer("method_params"))
	set(one, "dataset_params", refer("dataset_params"))
	set(one, "label", func(p *jsonschema.Schema) { p.MinLength = size(1) })
	list := &jsonschema.Schema{Type: "array", Items: one, MaxItems: size(maxItems)}
	object := plain[Some](func(t reflect.Type) *jsonschema.Schema {
		if t == reflect.TypeFor[Variant]() {
			return one
		}
		return c.custom(t)
	})
	set(object, "list", func(p *jsonschema.Schema) { p.MaxItems = size(maxItems) })
	return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{list, object}}
}

// oneOrMore is a value or a list of such.
func oneOrMore(s *jsonschema.Schema) *jsonschema.Schema {
	return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{s, {Type: "array", Items: s, MinItems: size(1), MaxItems: size(maxItems)}}}
}

// protocol is pool or a split, or a list of these.
func (c catalogSchema) protocol() *jsonschema.Schema {
	split := plain[Protocol](c.custom)
	set(split, "ratio", func(p *jsonschema.Schema) { p.ExclusiveMinimum = "0" })
	return oneOrMore(&jsonschema.Schema{AnyOf: []*jsonschema.Schema{{Type: "string", Enum: anys(protocols)}, split}})
}

func kSchema() *jsonschema.Schema {
	return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{{Type: "integer", Minimum: "1"}, plain[KRule](nil)}}
}

func seedsSchema() *jsonschema.Schema {
	seed := func() *jsonschema.Schema { return &jsonschema.Schema{Type: "integer", Minimum: "0"} }
	list := &jsonschema.Schema{Type: "array", Items: seed(), MinItems: size(1), UniqueItems: true}
	span := plain[Range](func(t reflect.Type) *jsonschema.Schema {
		if t == reflect.TypeFor[Seed]() {
			return seed()
		}
		return nil
	})
	return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{span, list}}
}

// entrySchema is an id, or a mapping whose params are those of its id.
func entrySchema[T any](all []named) *jsonschema.Schema {
	id := &jsonschema.Schema{AnyOf: []*jsonschema.Schema{jsonschema.FalseSchema}} // no id at all, in an empty catalogue
	if len(all) > 0 {
		id.AnyOf = nil
	}
	for _, m := range all {
		id.AnyOf = append(id.AnyOf, &jsonschema.Schema{Const: m.id, Description: m.doc})
	}
	object := plain[T](func(t reflect.Type) *jsonschema.Schema {
		if t == reflect.TypeFor[T]() {
			return nil
		}
		return catalogSchema{}.custom(t)
	})
	set(object, "id", func(p *jsonschema.Schema) { p.Type, p.AnyOf = "", id.AnyOf })
	set(object, "label", func(p *jsonschema.Schema) { p.MinLength = size(1) })
	for _, m := range all {
		object.AllOf = append(object.AllOf, &jsonschema.Schema{
			If:   with("id", &jsonschema.Schema{Const: m.id}),
			Then: with("params", &jsonschema.Schema{Ref: "#/$defs/" + m.def()}),
		})
	}
	return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{id, object}}
}

func paramsSchema(params []bench.Param) *jsonschema.Schema {
	s := &jsonschema.Schema{Type: "object", Properties: jsonschema.NewProperties(), AdditionalProperties: jsonschema.FalseSchema}
	for _, p := range params {
		s.Properties.Set(p.Name, paramSchema(p, true))
	}
	return s
}

// paramSchema is the schema of a value; with its description and default where there is one
// method to speak of.
func paramSchema(p bench.Param, full bool) *jsonschema.Schema {
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
		s.Type, s.Enum = "string", anys(p.Enum)
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
	if full {
		s.Default = p.Default
		s.Description = p.Doc
		if p.Source != "" {
			s.Description += " (default: " + p.Source + ")"
		}
	}
	return s
}

// union gives, for each parameter of any of all, in order of first appearance, the schemas that
// its value may have.
func union(all []named) (names []string, values map[string]*jsonschema.Schema) {
	values = map[string]*jsonschema.Schema{}
	seen := map[string]bool{}
	for _, m := range all {
		for _, p := range m.params {
			s := paramSchema(p, false)
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

func (c catalogSchema) sweep() *jsonschema.Schema {
	s := &jsonschema.Schema{Type: "object", Properties: jsonschema.NewProperties(), AdditionalProperties: jsonschema.FalseSchema}
	axis := func(name string, v *jsonschema.Schema) {
		s.Properties.Set(name, &jsonschema.Schema{Type: "array", Items: v, MinItems: size(1), MaxItems: size(maxItems), UniqueItems: true})
	}
	axis("budget", &jsonschema.Schema{Ref: "#/$defs/budget"})
	axis("k", &jsonschema.Schema{Ref: "#/$defs/k"})
	names, values := union(c.methods())
	for _, n := range names {
		if n != "k" && n != "budget" { // such a parameter would be swept as method.k
			axis(n, values[n])
		}
	}
	names, values = union(c.datasets())
	for _, n := range names {
		axis("dataset."+n, values[n])
	}
	s.PatternProperties = map[string]*jsonschema.Schema{
		qualified(slices.Concat(c.methods(), c.datasets())): {Type: "array", MinItems: size(1), MaxItems: size(maxItems), UniqueItems: true},
	}
	return s
}

// anyParams lists the parameters of any of all, and dae_uai.noise for one of them.
func (c catalogSchema) anyParams(all []named) *jsonschema.Schema {
	s := &jsonschema.Schema{Type: "object", Properties: jsonschema.NewProperties(), AdditionalProperties: jsonschema.FalseSchema}
	names, values := union(all)
	for _, n := range names {
		s.Properties.Set(n, values[n])
	}
	s.PatternProperties = map[string]*jsonschema.Schema{qualified(all): jsonschema.TrueSchema}
	return s
}

// refer makes a schema one that is defined, under its own description.
func refer(name string) func(*jsonschema.Schema) {
	return func(p *jsonschema.Schema) { *p = jsonschema.Schema{Ref: "#/$defs/" + name, Description: p.Description} }
}

// qualified matches id.parameter for each id.
func qualified(all []named) string {
	var parts []string
	for _, m := range all {
		if len(m.params) == 0 {
			continue
		}
		names := ids(m.params, func(p bench.Param) string { return regexp.QuoteMeta(p.Name) })
		parts = append(parts, regexp.QuoteMeta(m.id)+`\.(`+strings.Join(names, "|")+")")
	}
	return "^(" + strings.Join(parts, "|") + ")$"
}

func set(s *jsonschema.Schema, key string, change func(*jsonschema.Schema)) {
	p, ok := s.Properties.Get(key)
	if !ok {
		panic("spec: the schema has no " + key)
	}
	change(p)
}

// with is the schema of a mapping in which a key, if there, is as s says.
func with(key string, s *jsonschema.Schema) *jsonschema.Schema {
	out := &jsonschema.Schema{Properties: jsonschema.NewProperties()}
	out.Properties.Set(key, s)
	return out
}

func size(n uint64) *uint64 { return &n }

func anys(l []string) []any {
	var out []any
	for _, s := range l {
		out = append(out, s)
	}
	return out
}
