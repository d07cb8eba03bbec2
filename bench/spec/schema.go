package spec

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/invopop/jsonschema"

	"github.com/uaibench/uaibench/bench"
)

// Schema returns the language as a JSON Schema (draft 2020-12) for editors: the types of
// language.go with their comments, and the catalogue's ids and parameters. It is indented, ends
// with a newline, and has the same bytes for the same catalogue.
func Schema(cat bench.Catalog) ([]byte, error) {
	r := jsonschema.Reflector{Anonymous: true, ExpandedStruct: true, Mapper: mapped,
		LookupComment: comment}
	s := r.Reflect(&Spec{})
	s.Title = "uaibench spec"
	for _, k := range keysOf(reflect.TypeFor[Spec]()) {
		if k.needed {
			s.Required = append(s.Required, k.name)
		}
	}
	// budget may also be swept, or be each dataset's own; splits need none
	s.AnyOf = []*jsonschema.Schema{
		{Required: []string{"budget"}},
		has("sweep", &jsonschema.Schema{Required: []string{"budget"}}),
		has("datasets", &jsonschema.Schema{Items: &jsonschema.Schema{Type: "object",
			Required: []string{"budget"}}}),
		{Required: []string{"protocol"}},
		has("methods", &jsonschema.Schema{Items: &jsonschema.Schema{Type: "object",
			Required: []string{"protocol"}}}),
	}
	set(s, "version", func(p *jsonschema.Schema) { p.Const = 1 })

	defs := s.Definitions
	methods, datasets := methodsOf(cat), datasetsOf(cat)
	addEntries(defs, "Dataset", datasets)
	addEntries(defs, "Method", methods)
	defs["method_params"], defs["dataset_params"] = anyParams(methods), anyParams(datasets)
	defs["sweep"] = sweepSchema(methods, datasets)
	set(defs["Dataset"], "method_params", refer("method_params"))
	for _, name := range []string{"Profile", "Variant"} {
		set(defs[name], "params", refer("method_params"))
		set(defs[name], "dataset_params", refer("dataset_params"))
	}
	addOwn(s, cat)
	set(s, "sweep", refer("sweep"))
	set(defs["Profile"], "sweep", refer("sweep"))
	annotate(reflect.TypeFor[Spec](), s, defs, map[reflect.Type]bool{})

	text, err := json.MarshalIndent(s, "", "  ")
	return append(text, '\n'), err
}

// mapped returns the schemas of types that reflection does not handle.
func mapped(t reflect.Type) *jsonschema.Schema {
	switch t {
	case nodeType, nodeType.Elem():
		return &jsonschema.Schema{}
	case durationType:
		return &jsonschema.Schema{Type: "string", Pattern: durationForm.String()}
	case reflect.TypeFor[Params](), reflect.TypeFor[Sweep]():
		return &jsonschema.Schema{Type: "object"}
	}
	return nil
}

// annotate adds to the schema of a struct, and of all structs in it, what reflection does not know:
// defaults, examples, former names, lists of one item, and short forms.
func annotate(t reflect.Type, s *jsonschema.Schema, defs jsonschema.Definitions,
	done map[reflect.Type]bool) {
	done[t] = true
	var forms []*jsonschema.Schema
	for _, k := range keysOf(t) {
		p := &jsonschema.Schema{}
		if k.name != "" {
			p, _ = s.Properties.Get(k.name)
		} else {
			r := jsonschema.Reflector{Anonymous: true, DoNotReference: true, Mapper: mapped}
			f := k.field
			f.Tag = reflect.StructTag(strings.Replace(string(f.Tag), `json:"-"`, `json:"x"`, 1))
			p, _ = r.ReflectFromType(reflect.StructOf([]reflect.StructField{f})).Properties.Get("x")
		}
		if of, _ := innermost(k.field.Type); of.Kind() == reflect.Struct && !done[of] {
			annotate(of, defs[of.Name()], defs, done)
		}
		if p.Type == "array" {
			p.Items = withFormer(p.Items, k)
		} else {
			*p = *withFormer(p, k)
		}
		if k.one {
			list := *p
			list.Description = ""
			*p = jsonschema.Schema{AnyOf: []*jsonschema.Schema{p.Items, &list},
				Description: p.Description}
		}
		if k.short {
			form := *p
			form.Description = ""
			forms = append(forms, &form)
		}
		if k.name == "" {
			continue
		}
		if k.deflt != "" {
			p.Default = plainValue(k.deflt)
		}
		if text := example(t, k); text != "" {
			p.Examples = []any{plainValue(text)}
		}
		if k.alias != "" {
			old := *p
			old.Deprecated, old.Description = true, "Former name of "+k.name+"."
			s.Properties.Set(k.alias, &old)
		}
	}
	if len(forms) == 0 {
		return
	}
	if len(names(t)) > 0 {
		whole := *s
		whole.Description = ""
		forms = append(forms, &whole)
	}
	*s = jsonschema.Schema{AnyOf: forms, Description: s.Description}
}

// withFormer allows a key's former words beside the present ones.
func withFormer(s *jsonschema.Schema, k key) *jsonschema.Schema {
	var old []any
	for _, word := range slices.Sorted(maps.Keys(k.former)) {
		old = append(old, word)
	}
	if old == nil {
		return s
	}
	now := *s
	now.Description = ""
	return &jsonschema.Schema{Description: s.Description,
		AnyOf: []*jsonschema.Schema{&now, {Type: "string", Enum: old, Deprecated: true}}}
}
