package spec

import (
	"reflect"
	"slices"

	"github.com/invopop/jsonschema"

	"github.com/uaibench/uaibench/bench"
)

// addOwn describes the user's own files and programs: keys that only a file or a program has, the
// types of a file's parameters, and names of programs, valid only in a spec with a program.
func addOwn(s *jsonschema.Schema, cat bench.Catalog) {
	defs := s.Definitions
	ownKeys(defs["Dataset"], bench.FileID, "path", reflect.TypeFor[OwnFile]())
	ownKeys(defs["Method"], bench.ProgramID, "command", reflect.TypeFor[OwnProgram]())
	if cat.File != nil {
		for _, p := range cat.File.Info.Params {
			if _, own := defs["Dataset"].Properties.Get(p.Name); own && p.Name != "label" {
				set(defs["Dataset"], p.Name, func(old *jsonschema.Schema) {
					text := old.Description
					*old = *paramSchema(p)
					old.Description = text
				})
			}
		}
	}
	if cat.Program == nil {
		return
	}
	defs["method."+bench.ProgramID] = &jsonschema.Schema{Type: "object"}
	const anyone = `^[^.]+\.[^.]+$`
	for _, name := range []string{"sweep", "method_params"} {
		defs[name].PatternProperties[anyone] = jsonschema.TrueSchema
	}
	strict := &jsonschema.Schema{PropertyNames: &jsonschema.Schema{AnyOf: []*jsonschema.Schema{
		{Pattern: "^[^.]*$"}, {Pattern: `^dataset\.`},
		{Pattern: qualified(slices.Concat(methodsOf(cat), datasetsOf(cat)))},
	}}}
	in := func(schemas ...any) *jsonschema.Schema {
		out := &jsonschema.Schema{Properties: jsonschema.NewProperties()}
		for i := 0; i < len(schemas); i += 2 {
			out.Properties.Set(schemas[i].(string), schemas[i+1].(*jsonschema.Schema))
		}
		return out
	}
	each := func(s *jsonschema.Schema) *jsonschema.Schema { return &jsonschema.Schema{Items: s} }
	variants := in("list", each(in("params", strict)))
	variants.Items = in("params", strict)
	choices := func(more ...any) *jsonschema.Schema {
		return in(append(more, "sweep", strict, "params", strict, "variants", variants,
			"datasets", each(in("method_params", strict)))...)
	}
	program := has("id", &jsonschema.Schema{Const: bench.ProgramID})
	program.Type = "object" // a bare id has no keys, so it would satisfy Required
	is := has("methods", &jsonschema.Schema{Contains: program})
	s.AllOf = append(s.AllOf, &jsonschema.Schema{If: is,
		Else: choices("profiles", &jsonschema.Schema{AdditionalProperties: choices()})})
}

// ownKeys allows the keys of a type only where the id is own, where the key needed is required.
func ownKeys(entry *jsonschema.Schema, own, needed string, of reflect.Type) {
	others := jsonschema.NewProperties()
	for _, name := range names(of) {
		others.Set(name, jsonschema.FalseSchema)
	}
	entry.AllOf = append(entry.AllOf, &jsonschema.Schema{
		If:   has("id", &jsonschema.Schema{Const: own}),
		Then: &jsonschema.Schema{Required: []string{needed}},
		Else: &jsonschema.Schema{Properties: others},
	})
}
