package spec

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"strconv"
	"strings"
	"sync"

	"github.com/uaibench/uaibench/bench"
)

//go:embed language.go
var language []byte

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

// helpWidth is how wide Help is at most, in characters.
const helpWidth = 100

// Help is the language as text: every key with its type, default, meaning and an example, as the types of language.go
// have them.
func Help() string {
	var b strings.Builder
	b.WriteString(helpHead)
	done := map[reflect.Type]bool{}
	todo := []reflect.Type{reflect.TypeFor[Spec]()}
	for len(todo) > 0 {
		t := todo[0]
		todo = todo[1:]
		if done[t] || len(names(t)) == 0 {
			continue
		}
		done[t] = true
		title := strings.ToUpper(t.Name())
		if t.Name() == "Spec" {
			title = "THE FILE"
		}
		fmt.Fprintf(&b, "\n%s\n%s", title, wrapped("  ", comment(t, "")))
		todo = append(todo, helpKeys(&b, t)...)
	}
	return b.String()
}

const helpHead = `A spec is a YAML file. All its mistakes are told at once, each with line, column and the nearest
valid name. Keys are required where no default is given and nothing says optional.
What wins: defaults < the spec < --profile < each --set, from left to right; a later layer ends
an earlier one's sweep. Within one layer, the more particular wins.
`

// helpKeys writes the keys of a mapping, and returns the types of mappings that they hold.
func helpKeys(b *strings.Builder, t reflect.Type) (inner []reflect.Type) {
	for _, k := range keysOf(t) {
		if k.name == "" {
			continue
		}
		if t == reflect.TypeFor[Profile]() && k.name != "params" && k.name != "dataset_params" {
			continue // those of the file
		}
		of := deref(k.field.Type)
		for of.Kind() == reflect.Slice || of.Kind() == reflect.Map && of.Elem() != nodeType {
			of = deref(of.Elem())
		}
		if of.Kind() == reflect.Struct {
			inner = append(inner, of)
		}
		owner := t
		if len(k.index) > 1 {
			owner = t.Field(k.index[0]).Type
		}
		when := "optional"
		switch {
		case k.required:
			when = "required"
		case k.deflt != "":
			when = "default: " + k.deflt
		}
		fmt.Fprintf(b, "\n%s", wrapped("  ", k.name+": "+helpType(k)+"; "+when))
		b.WriteString(wrapped("      ", comment(owner, k.field.Name)))
		b.WriteString(wrapped("      ", "e.g. "+k.name+": "+k.example))
		if k.alias != "" {
			fmt.Fprintf(b, "      formerly called %s, which is still read\n", k.alias)
		}
	}
	return inner
}

// helpType says what a key's value looks like, with its bounds.
func helpType(k key) string {
	t := deref(k.field.Type)
	text := wanted(t, k)
	if t.Kind() == reflect.Slice && (!k.one || t.Elem().Kind() != reflect.Slice) {
		item := k
		item.one = false
		list := "a list of: " + wanted(t.Elem(), item)
		if text = list; k.one {
			text = wanted(t.Elem(), item) + ", or a list of these"
		}
	}
	number := func(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }
	switch {
	case k.min != nil && k.max != nil && k.above:
		text += " above " + number(*k.min) + ", at most " + number(*k.max)
	case k.min != nil && k.max != nil:
		text += " from " + number(*k.min) + " to " + number(*k.max)
	case k.min != nil:
		text += " from " + number(*k.min)
	}
	return text
}

// wrapped breaks text into indented lines, which end with a newline.
func wrapped(indent, text string) string {
	var b strings.Builder
	line := indent
	for _, word := range strings.Fields(text) {
		switch {
		case line == indent:
		case len([]rune(line))+1+len([]rune(word)) > helpWidth:
			b.WriteString(line + "\n")
			line = indent + "  "
		default:
			line += " "
		}
		line += word
	}
	return b.String() + line + "\n"
}

// plainValue is YAML as JSON has it, for the schema's defaults and examples.
func plainValue(text string) any {
	d := newDecoder(bench.Catalog{})
	n := d.read(&source{name: text}, []byte(text))
	if n == nil || len(d.errs) > 0 {
		panic("spec: " + d.errs.Error())
	}
	return n.plain()
}
