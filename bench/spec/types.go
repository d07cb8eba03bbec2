package spec

import (
	"cmp"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/uaibench/uaibench/bench/spec/tree"
)

// key describes a key of a mapping, or a short form of the mapping, by its struct field's tags.
type key struct {
	name, alias string            // name is "" for a short form that is not a key; alias is a former name
	former      map[string]string // values that were renamed, by their former name
	field       reflect.StructField
	index       []int
	required    bool
	deflt       string // "": none
	hint        string
	other       string // of a short form: the other forms that its type allows

	short, one, merge, axis, needed bool // see the form tag in language.go
	bounds
}

// bounds restrict a value, or each value of a list; a zero field restricts nothing.
type bounds struct {
	enum               []string
	min, max           *float64
	above              bool // min itself is excluded
	pattern            *regexp.Regexp
	maxLength          int
	minItems, maxItems int
	unique, ascending  bool
}

// owner returns the struct type that declares the key's field: t, or one that t embeds.
func (k key) owner(t reflect.Type) reflect.Type {
	for _, i := range k.index[:len(k.index)-1] {
		t = t.Field(i).Type
	}
	return t
}

var keyCache sync.Map // of []key, by reflect.Type

// keysOf lists the keys and short forms of a struct in field order, embedded structs' in place.
func keysOf(t reflect.Type) []key {
	if known, ok := keyCache.Load(t); ok {
		return known.([]key)
	}
	var out []key
	for i := range t.NumField() {
		f := t.Field(i)
		tag, ok := f.Tag.Lookup("json")
		if !ok && f.Anonymous {
			for _, k := range keysOf(f.Type) {
				k.index = append([]int{i}, k.index...)
				out = append(out, k)
			}
			continue
		}
		name, rest, _ := strings.Cut(tag, ",")
		forms := strings.Split(f.Tag.Get("form"), ",")
		is := func(form string) bool { return slices.Contains(forms, form) }
		k := key{name: name, field: f, index: []int{i}, required: rest == "",
			deflt: f.Tag.Get("default"), hint: f.Tag.Get("hint"), former: map[string]string{},
			short: is("short"), one: is("one"), merge: is("merge"), axis: is("axis"),
			needed: is("needed"), bounds: boundsOf(f.Tag.Get("jsonschema"))}
		k.ascending = is("ascending")
		for _, alias := range strings.Split(f.Tag.Get("alias"), ",") {
			if old, now, word := strings.Cut(alias, "="); word {
				k.former[old] = now
			} else {
				k.alias = old
			}
		}
		if name == "-" {
			if k.name, k.required = "", false; !k.short {
				continue
			}
		}
		out = append(out, k)
	}
	keyCache.Store(t, out)
	return out
}

// boundsOf reads a jsonschema tag.
func boundsOf(tag string) (b bounds) {
	for _, part := range strings.Split(tag, ",") {
		word, value, _ := strings.Cut(part, "=")
		n, _ := strconv.ParseFloat(value, 64)
		switch word {
		case "enum":
			b.enum = append(b.enum, value)
		case "minimum":
			b.min = &n
		case "exclusiveMinimum":
			b.min, b.above = &n, true
		case "maximum":
			b.max = &n
		case "pattern":
			b.pattern = regexp.MustCompile(value)
		case "maxLength":
			b.maxLength = int(n)
		case "minItems":
			b.minItems = int(n)
		case "maxItems":
			b.maxItems = int(n)
		case "uniqueItems":
			b.unique = true
		}
	}
	return b
}

// names lists the keys that a mapping of type t may have.
func names(t reflect.Type) (out []string) {
	for _, k := range keysOf(t) {
		if k.name != "" {
			out = append(out, k.name)
		}
	}
	return out
}

// shorts lists the short forms of a type; none if its values must be mappings.
func shorts(t reflect.Type) (out []key) {
	if t.Kind() != reflect.Struct {
		return nil
	}
	for _, k := range keysOf(t) {
		if k.short {
			out = append(out, k)
		}
	}
	return out
}

// find returns the key of type t with the given name or former name.
func find(t reflect.Type, name string) (key, bool) {
	for _, k := range keysOf(t) {
		if name != "" && (k.name == name || k.alias == name) {
			return k, true
		}
	}
	return key{}, false
}

var (
	nodeType     = reflect.TypeFor[*node]()
	durationType = reflect.TypeFor[Duration]()
)

// deref returns the element type of a pointer type, else the type itself. *node is not
// dereferenced: it holds any value.
func deref(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer && t != nodeType {
		return t.Elem()
	}
	return t
}

// innermost strips pointers, lists and maps off a type; path locates the rest, as "[].NAME".
func innermost(t reflect.Type) (of reflect.Type, path string) {
	for of = deref(t); ; of = deref(of.Elem()) {
		switch {
		case of.Kind() == reflect.Slice:
			path += "[]"
		case of.Kind() == reflect.Map && of.Elem() != nodeType:
			path += ".NAME"
		default:
			return of, path
		}
	}
}

// wanted describes the values of a type, for "… where an integer belongs" and for Help.
func wanted(t reflect.Type, k key) string {
	t = deref(t)
	switch {
	case t == nodeType:
		return cmp.Or(k.field.Tag.Get("value"), "a value")
	case t == durationType:
		return "a duration (90s, 30m, 1h30m)"
	case len(k.enum) > 0 && t.Kind() == reflect.String:
		return tree.OrList(k.enum)
	}
	switch t.Kind() {
	case reflect.String:
		if k.name == "id" {
			return "an id"
		}
		return "text"
	case reflect.Int, reflect.Uint64:
		return "an integer"
	case reflect.Float64:
		return "a number"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice:
		if k.one {
			k.one = false
			return wanted(t.Elem(), k)
		}
		return "a list"
	case reflect.Map:
		return "a mapping (name: value)"
	}
	if len(shorts(t)) == 0 {
		return "a mapping (key: value)"
	}
	return formsBut(t, key{})
}

// formsBut describes the values of a type with short forms, leaving out one of the forms.
func formsBut(t reflect.Type, without key) string {
	var parts []string
	for _, s := range shorts(t) {
		switch {
		case s.field.Name == without.field.Name:
		case len(s.enum) > 0:
			parts = append(parts, s.enum...)
		default:
			parts = append(parts, wanted(s.field.Type, s))
		}
	}
	if keys := names(t); len(keys) > 0 {
		parts = append(parts, "{"+strings.Join(keys, ", ")+"}")
	}
	return tree.OrList(parts)
}
