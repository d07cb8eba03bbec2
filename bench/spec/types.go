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

// key is a key of a mapping of the language, or its short form: a field of a Go type, as its tags
// describe it.
type key struct {
	name, alias string            // "" for a short form that is no key; its former name
	former      map[string]string // words that were renamed, by their former name
	field       reflect.StructField
	index       []int
	required    bool
	deflt       string // "": none
	hint        string
	other       string // of a short form: what else is allowed in its place

	short, one, merge, axis, needed bool // as language.go explains the tag form
	bounds
}

// bounds are what a value, or each value of a list, must keep to; zero: nothing.
type bounds struct {
	enum               []string
	min, max           *float64
	above              bool // min itself is not allowed
	pattern            *regexp.Regexp
	maxLength          int
	minItems, maxItems int
	unique, ascending  bool
}

// owner is the struct that has the key's field: t, or one that t embeds.
func (k key) owner(t reflect.Type) reflect.Type {
	for _, i := range k.index[:len(k.index)-1] {
		t = t.Field(i).Type
	}
	return t
}

var keyCache sync.Map // of []key, by reflect.Type

// keysOf lists the keys and short forms of a struct in order, those of embedded structs in their
// place.
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

// shorts lists the short forms of a type; none where it has to be a mapping.
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

// find is the key of a name in a mapping of type t, which may be its former name.
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

// deref is what a pointer type points to, or the type itself; a *node stays one: it is any value.
func deref(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer && t != nodeType {
		return t.Elem()
	}
	return t
}

// innermost is what a type holds within pointers, lists and maps, and path where, as "[].NAME".
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

// wanted describes what a type's values look like, for "… where an integer belongs" and for Help.
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

// formsBut describes what the values of a type with short forms look like, without one of these.
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
