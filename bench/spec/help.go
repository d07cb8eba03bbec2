package spec

import (
	_ "embed"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/spec/comments"
	"github.com/uaibench/uaibench/bench/spec/tree"
)

//go:embed language.go
var language []byte

//go:embed language_own.go
var languageOwn []byte

// described maps the language's types and fields to their comments.
var described = sync.OnceValue(func() map[string]string {
	return comments.Read(language, languageOwn)
})

// example returns the example of a key of the mapping t, as YAML.
func example(t reflect.Type, k key) string {
	return described()[k.owner(t).Name()+"."+k.field.Name+" example"]
}

// comment returns a type's comment, without the type's name, or a field's.
func comment(t reflect.Type, field string) string {
	text := described()[strings.TrimSuffix(t.Name()+"."+field, ".")]
	for _, verb := range []string{" is ", " are "} {
		if rest, ok := strings.CutPrefix(text, t.Name()+verb); ok && field == "" {
			return strings.ToUpper(rest[:1]) + rest[1:]
		}
	}
	return text
}

// helpWidth is the maximum width of Help's lines, in characters.
const helpWidth = 100

// Help returns the language as text: every key with its type, default, meaning and an example.
func Help() string {
	var b strings.Builder
	b.WriteString(helpHead)
	file := section{"the file", reflect.TypeFor[Spec]()}
	todo := append([]section{file}, helpKeys(io.Discard, file)...)
	done := map[reflect.Type]bool{}
	for len(todo) > 0 {
		s := todo[0]
		todo = todo[1:]
		if done[s.typ] || len(names(s.typ)) == 0 {
			continue
		}
		done[s.typ] = true
		fmt.Fprintf(&b, "\nKEYS OF %s\n%s", s.of, wrapped("  ", comment(s.typ, "")))
		for i, inner := range helpKeys(&b, s) { // after this section, unless the file itself has it
			if !slices.ContainsFunc(todo, func(t section) bool { return t.typ == inner.typ }) {
				todo = slices.Insert(todo, min(i, len(todo)), inner)
			}
		}
	}
	return b.String()
}

// section is a mapping whose keys Help lists; of is its path.
type section struct {
	of  string
	typ reflect.Type
}

const helpHead = `A spec is a YAML file. All its errors are reported at once, each with line, column and the nearest
valid name.

Precedence: defaults < the spec < the profile < each --set, from left to right; a later layer that
sets something also ends an earlier layer's sweep of it. Within a layer the more specific wins:
dae_uai.noise over noise, a dataset's own budget over the spec's.
`

// helpKeys writes the keys of a mapping, and returns the mappings in their values.
func helpKeys(w io.Writer, s section) (inner []section) {
	for _, k := range keysOf(s.typ) {
		own := k.name == "params" || k.name == "dataset_params"
		if k.name == "" || s.typ == profileType && !own { // the others are listed for the file
			continue
		}
		of, path := innermost(k.field.Type)
		path = k.name + path
		if s.typ != reflect.TypeFor[Spec]() {
			path = s.of + "." + path
		}
		if of.Kind() == reflect.Struct {
			inner = append(inner, section{path, of})
		}
		when := "optional"
		switch {
		case k.required || k.needed:
			when = "required"
		case k.deflt != "":
			when = "default: " + k.deflt
		}
		fmt.Fprintf(w, "\n%s", wrapped("  ", k.name+": "+helpType(k)+"; "+when))
		fmt.Fprint(w, wrapped("      ", comment(k.owner(s.typ), k.field.Name)))
		if k.alias != "" {
			fmt.Fprintf(w, "      (%s, the former name of %s, is still read)\n", k.alias,
				k.name)
		}
		for _, old := range slices.Sorted(maps.Keys(k.former)) {
			fmt.Fprintf(w, "      (%s, the former name of %s, is still read)\n", old,
				k.former[old])
		}
		fmt.Fprint(w, wrapped("      ", "e.g. "+k.name+": "+example(s.typ, k)))
	}
	return inner
}

// helpType describes a key's values, with their bounds.
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

// wrapped breaks text into indented lines; the last ends with a newline too.
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

// plainValue decodes YAML to JSON's types, for the schema's defaults and examples.
func plainValue(text string) any {
	d := newDecoder(bench.Catalog{})
	n := d.read(&tree.Source{Name: text}, []byte(text))
	if n == nil || len(d.errs) > 0 {
		panic("spec: " + d.errs.Error())
	}
	return n.Plain()
}
