// Package comments reads the comments of types from their source, for messages and schemas that
// repeat them.
package comments

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
)

// Read returns the comments of the types in Go files, each on one line, keyed by Type and
// Type.Field. The part of a field's comment after "Example: " is under "Type.Field example". Read
// panics if a file is not Go.
func Read(files ...[]byte) map[string]string {
	out := map[string]string{}
	line := func(g *ast.CommentGroup) string { return strings.Join(strings.Fields(g.Text()), " ") }
	for _, file := range files {
		f, err := parser.ParseFile(token.NewFileSet(), "", file, parser.ParseComments)
		if err != nil {
			panic("comments: " + err.Error())
		}
		for _, decl := range f.Decls {
			g, ok := decl.(*ast.GenDecl)
			if !ok || g.Tok != token.TYPE {
				continue
			}
			t := g.Specs[0].(*ast.TypeSpec)
			out[t.Name.Name] = line(g.Doc)
			st, ok := t.Type.(*ast.StructType)
			if !ok {
				continue
			}
			for _, field := range st.Fields.List {
				for _, name := range field.Names {
					text, example, _ := strings.Cut(line(field.Doc), "Example: ")
					out[t.Name.Name+"."+name.Name] = strings.TrimSpace(text)
					out[t.Name.Name+"."+name.Name+" example"] = example
				}
			}
		}
	}
	return out
}
