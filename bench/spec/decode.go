package spec

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/uaibench/uaibench/bench"
)

// decoder fills the language's types from nodes, strictly, and collects what is wrong.
type decoder struct {
	cat  bench.Catalog
	root *node // of the file; nil where it cannot be read
	errs Errors
	said map[Error]bool // so that nothing is said twice: a spec is resolved once for each profile
	when string         // ends messages about the spec's own values: " (with the profile smoke)"

	// where is the node of each decoded value, by its address: the types stay free of places.
	where map[any]*node
	meant map[meant]bool
}

// meant is a key of a mapping that an unknown key was probably meant for.
type meant struct {
	in  *node
	key string
}

func newDecoder(cat bench.Catalog) *decoder {
	return &decoder{cat: cat, said: map[Error]bool{}, where: map[any]*node{}, meant: map[meant]bool{}}
}

// fail says what is wrong at n.
func (d *decoder) fail(n *node, format string, args ...any) {
	d.failAt(n, n.path(), format, args...)
}

func (d *decoder) failAt(n *node, path, format string, args ...any) {
	e := Error{File: n.src.name, Path: path, Msg: fmt.Sprintf(format, args...), order: n.src.order}
	if n.src.lines {
		e.Line, e.Col = n.line, n.col
	}
	if d.said[e] {
		return
	}
	d.said[e] = true
	if n.src.lines && !strings.HasPrefix(path, "profiles.") {
		e.Msg += d.when
	}
	d.errs = append(d.errs, e)
}

// custom is a type that decodes itself; false if it has no usable value, having said why.
type custom interface {
	decode(d *decoder, n *node) bool
}

// decode fills what v points to; false if it has no usable value, having said why.
func (d *decoder) decode(n *node, v any) bool {
	d.where[v] = n
	switch v := v.(type) {
	case custom:
		return v.decode(d, n)
	case *string:
		return d.text(n, v)
	case *int:
		return d.integer(n, v)
	case *float64:
		return d.number(n, v)
	case *bool:
		return d.truth(n, v)
	}
	r := reflect.ValueOf(v).Elem()
	switch r.Kind() {
	case reflect.Pointer:
		to := reflect.New(r.Type().Elem())
		if !d.decode(n, to.Interface()) {
			return false
		}
		r.Set(to)
		return true
	case reflect.Struct:
		return d.fields(n, v)
	case reflect.Slice:
		return d.list(n, r)
	case reflect.Map:
		return d.named(n, r)
	}
	panic("spec: cannot decode into " + r.Type().String())
}

// field is a key of the language: a struct's field.
type field struct {
	name     string
	value    reflect.Value
	required bool
	least    *int
}

var minimum = regexp.MustCompile(`minimum=(-?[0-9]+)`)

// keysOf lists a struct's keys in order, those of embedded structs in their place.
func keysOf(r reflect.Value) []field {
	var out []field
	for i := range r.NumField() {
		f := r.Type().Field(i)
		tag, ok := f.Tag.Lookup("json")
		if !ok {
			out = append(out, keysOf(r.Field(i))...)
			continue
		}
		name, rest, _ := strings.Cut(tag, ",")
		key := field{name: name, value: r.Field(i), required: rest == ""}
		if m := minimum.FindStringSubmatch(f.Tag.Get("jsonschema")); m != nil {
			least, _ := strconv.Atoi(m[1])
			key.least = &least
		}
		out = append(out, key)
	}
	return out
}

// fields decodes a mapping into the struct that v points to.
func (d *decoder) fields(n *node, v any) bool {
	if n.kind != isMap {
		d.fail(n, "%s", n.wrong("a mapping (key: value)"))
		return false
	}
	known := keysOf(reflect.ValueOf(v).Elem())
	names := make([]string, len(known))
	for i, k := range known {
		names[i] = k.name
	}
	for i, k := range n.keys {
		at := slices.Index(names, k.text)
		if at < 0 {
			d.fail(k, "unknown key: %s%s", suggest(k.text, names), misplaced(v, k.text))
			d.meant[meant{n, nearest(k.text, names)}] = true
			continue
		}
		if d.decode(n.items[i], known[at].value.Addr().Interface()) {
			d.atLeast(n.items[i], known[at])
		}
	}
	for _, k := range known {
		if k.required {
			d.require(n, k.name, needed(k.name))
		}
	}
	return true
}

func (d *decoder) atLeast(n *node, k field) {
	v := reflect.Indirect(k.value)
	if k.least != nil && v.Int() < int64(*k.least) {
		d.fail(n, "%d is below %d", v.Int(), *k.least)
	}
}

// require says that a key is missing, unless a misspelt one was meant for it.
func (d *decoder) require(n *node, key, hint string) {
	if _, ok := n.get(key); !ok && !d.meant[meant{n, key}] {
		d.failAt(n, join(n.path(), key), "missing%s", hint)
	}
}

func needed(key string) string {
	switch key {
	case "version":
		return ": write version: 1"
	case "name":
		return ": the run directory's name"
	}
	return ""
}

// misplaced says where a key belongs that is known elsewhere.
func misplaced(in any, key string) string {
	switch in.(type) {
	case *Spec:
		if key == "params" || key == "dataset_params" {
			return " (" + key + " belongs into a profile or --set; a spec's own parameters into the entries of methods and datasets)"
		}
	case *Method, *Dataset:
		return " (parameters go under params)"
	}
	return ""
}

// list decodes a list; scalars must all be usable, entries that are not are left out.
func (d *decoder) list(n *node, r reflect.Value) bool {
	if n.kind != isList {
		d.fail(n, "%s", n.wrong("a list"))
		return false
	}
	out := reflect.MakeSlice(r.Type(), len(n.items), len(n.items))
	kept := 0
	for i, item := range n.items {
		if d.decode(item, out.Index(i).Addr().Interface()) {
			out.Index(kept).Set(out.Index(i))
			kept++
		}
	}
	if kept < len(n.items) && r.Type().Elem().Kind() != reflect.Pointer {
		return false
	}
	r.Set(out.Slice(0, kept))
	return true
}

// What goes into every cell is bounded, or a small file makes a plan without end.
const (
	maxItems = 1000
	maxText  = 500 // characters
)

func (d *decoder) tooLong(n *node) bool {
	if len(n.items) > maxItems {
		d.fail(n, "%d items: at most %d", len(n.items), maxItems)
	}
	return len(n.items) > maxItems
}

// named decodes a mapping whose keys are the user's own.
func (d *decoder) named(n *node, r reflect.Value) bool {
	if n.kind != isMap {
		d.fail(n, "%s", n.wrong("a mapping (name: value)"))
		return false
	}
	r.Set(reflect.MakeMap(r.Type()))
	for i, k := range n.keys {
		v := reflect.New(r.Type().Elem())
		if d.decode(n.items[i], v.Interface()) {
			r.SetMapIndex(reflect.ValueOf(k.text), v.Elem())
		}
	}
	return true
}

// text takes one line of text. An unquoted yes or no would be a boolean to older YAML readers.
func (d *decoder) text(n *node, v *string) bool {
	switch {
	case n.kind != isText:
		d.fail(n, "%s", n.wrong("text"))
		return false
	case !n.quoted && yesNo(n.text) != "":
		d.fail(n, "%s is read as %s by some YAML readers: put it in quotes, %q", n.text, yesNo(n.text), n.text)
		return false
	case strings.TrimSpace(n.text) == "":
		d.fail(n, "the text is empty")
		return false
	case strings.ContainsAny(n.text, "\n\r\t"):
		d.fail(n, "the text has more than one line, or a tab")
		return false
	}
	if c := utf8.RuneCountInString(n.text); c > maxText {
		d.fail(n, "the text has %d characters: at most %d", c, maxText)
		return false
	}
	*v = n.text
	return true
}

// integer takes an integer as JSON writes it.
func (d *decoder) integer(n *node, v *int) bool {
	if n.kind != isInt {
		d.fail(n, "%s", n.wrong("an integer"))
		return false
	}
	i, err := strconv.Atoi(n.text)
	if err != nil { // where int has 32 bits
		d.fail(n, "%s is too large", n.text)
		return false
	}
	*v = i
	return true
}

// truth takes true or false.
func (d *decoder) truth(n *node, v *bool) bool {
	if n.kind != isBool {
		d.fail(n, "%s", n.wrong("true or false"))
		return false
	}
	*v = strings.EqualFold(n.text, "true")
	return true
}

// number takes a finite number.
func (d *decoder) number(n *node, v *float64) bool {
	if n.kind != isInt && n.kind != isFloat {
		d.fail(n, "%s", n.wrong("a number"))
		return false
	}
	f, err := strconv.ParseFloat(n.text, 64)
	if err != nil {
		d.fail(n, "%s is not a finite number", brief(n.text))
		return false
	}
	*v = f + 0 // -0 becomes 0: equal parameters are equal bytes
	return true
}

// word takes one of the given words.
func (d *decoder) word(n *node, what string, valid []string, v *string) bool {
	if n.kind != isText {
		d.fail(n, "%s", n.wrong(fmt.Sprintf("%s (%s)", what, strings.Join(valid, ", "))))
		return false
	}
	if !slices.Contains(valid, n.text) {
		d.fail(n, "%q is not %s: %s", brief(n.text), what, suggest(n.text, valid))
		return false
	}
	*v = n.text
	return true
}
