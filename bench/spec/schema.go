package spec

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/invopop/jsonschema"

	"github.com/uaibench/uaibench/bench"
)

//go:embed language.go
var language []byte

// Schema is the language as a JSON Schema (draft 2020-12) for editors: the types of language.go
// with their comments, and the catalogue's ids and parameters. It is indented, ends with a
// newline, and has the same bytes for the same catalogue.
func Schema(cat bench.Catalog) ([]byte, error) {
	c := catalogSchema{cat}
	r := jsonschema.Reflector{Anonymous: true, ExpandedStruct: true, Mapper: c.custom, LookupComment: comment}
	s := r.Reflect(&Spec{})
	s.Title = "uaibench spec"
	s.Required = []string{"version", "name", "datasets", "methods"} // and budget, unless it is swept
	set(s, "version", func(p *jsonschema.Schema) { p.Const = 1 })
	set(s, "name", func(p *jsonschema.Schema) { p.Pattern, p.MaxLength = safeName.String(), size(maxName) })
	swept := with("sweep", &jsonschema.Schema{Required: []string{"budget"}})
	swept.Required = []string{"sweep"}
	own := func(key, needs string) *jsonschema.Schema { // each entry says it
		entry := &jsonschema.Schema{Type: "object", Required: []string{needs}}
		list := with(key, &jsonschema.Schema{Items: entry})
		list.Required = []string{key}
		return list
	}
	s.AnyOf = []*jsonschema.Schema{ // a split needs no budget
		{Required: []string{"budget"}},
		swept,
		own("datasets", "budget"),
		{Required: []string{"protocol"}},
		own("methods", "protocol"),
	}
	s.Definitions["dataset"] = entrySchema[Dataset](c.datasets())
	s.Definitions["method_params"], s.Definitions["dataset_params"] = c.anyParams(c.methods()), c.anyParams(c.datasets())
	set(s.Definitions["dataset"].AnyOf[1], "method_params", refer("method_params"))
	s.Definitions["method"] = entrySchema[Method](c.methods())
	s.Definitions["budget"] = budgetSchema()
	s.Definitions["protocol"] = c.protocol()
	s.Definitions["variants"] = c.variants()
	s.Definitions["k"] = kSchema()
	s.Definitions["seeds"] = seedsSchema()
	s.Definitions["sweep"] = c.sweep()
	for _, m := range slices.Concat(c.methods(), c.datasets()) {
		s.Definitions[m.def()] = paramsSchema(m.params)
	}
	for _, of := range []*jsonschema.Schema{s, s.Definitions["Profile"]} {
		for _, key := range []string{"datasets", "methods"} {
			set(of, key, func(p *jsonschema.Schema) { p.MinItems = size(1) })
		}
	}
	set(s.Definitions["Profile"], "params", refer("method_params"))
	set(s.Definitions["Profile"], "dataset_params", refer("dataset_params"))

	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(s); err != nil {
		return nil, err
	}
	// Encode does not indent what the library marshals by itself.
	var out bytes.Buffer
	if err := json.Indent(&out, bytes.TrimSpace(b.Bytes()), "", "  "); err != nil {
		return nil, err
	}
	out.WriteByte('\n')
	return out.Bytes(), nil
}

// comments are those of language.go, on one line each, by Type and Type.Field.
var comments = sync.OnceValue(func() map[string]string {
	f, err := parser.ParseFile(token.NewFileSet(), "language.go", language, parser.ParseComments)
	if err != nil {
		panic("spec: " + err.Error()) // it was compiled
	}
	out := map[string]string{}
	line := func(g *ast.CommentGroup) string { return strings.Join(strings.Fields(g.Text()), " ") }
	for _, decl := range f.Decls {
		g, ok := decl.(*ast.GenDecl)
		if !ok || g.Tok != token.TYPE {
			continue
		}
		t := g.Specs[0].(*ast.TypeSpec)
		out[t.Name.Name] = line(g.Doc)
		if st, ok := t.Type.(*ast.StructType); ok {
			for _, field := range st.Fields.List {
				for _, name := range field.Names {
					out[t.Name.Name+"."+name.Name] = line(field.Doc)
				}
			}
		}
	}
	return out
})

func comment(t reflect.Type, field string) string {
	return comments()[strings.TrimSuffix(t.Name()+"."+field, ".")]
}
