package spec

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/uaibench/uaibench/bench"
)

// decoder fills the types of a language from nodes, strictly, and collects what is wrong.
type decoder struct {
	cat      bench.Catalog
	root     *node // of the file; nil where it cannot be read
	errs     Errors
	reported map[Error]bool // so that nothing is told twice: a spec is resolved once for each profile
	when     string         // ends messages about the spec's own values: " (with the profile smoke)"
	needs    []string       // keys that an empty file lacks

	// where is the node of each decoded value, by its address: the types stay free of places.
	where map[any]*node
	meant map[meant]bool
	wrong map[*node]bool // nodes of which, or of a part of which, something was told
}

var defaults sync.Map // of *node, by their text

// meant is a key of a mapping that an unknown key was probably meant for.
type meant struct {
	in  *node
	key string
}

func newDecoder(cat bench.Catalog) *decoder {
	return &decoder{cat: cat, reported: map[Error]bool{}, where: map[any]*node{}, meant: map[meant]bool{}, wrong: map[*node]bool{}}
}

// fail tells what is wrong at n.
func (d *decoder) fail(n *node, format string, args ...any) {
	d.failAt(n, n.path(), format, args...)
}

func (d *decoder) failAt(n *node, path, format string, args ...any) {
	for p := n; p != nil; p = p.parent {
		d.wrong[p] = true
	}
	e := Error{File: n.src.name, Path: path, Msg: fmt.Sprintf(format, args...), order: n.src.order}
	if n.src.lines {
		e.Line, e.Col = n.line, n.col
	}
	if d.reported[e] {
		return
	}
	d.reported[e] = true
	if n.layer() == 0 {
		e.Msg += d.when
	}
	d.errs = append(d.errs, e)
}

// checked is a type with rules beyond those of its tags: check tells what is wrong with a decoded value, and whether
// it is of any use.
type checked interface {
	check(d *decoder, n *node) bool
}

// decode fills what v points to; false if it has no usable value, having told why.
func (d *decoder) decode(n *node, v any) bool {
	return d.fill(n, reflect.ValueOf(v).Elem(), key{})
}

// fill is decode with the bounds and forms of the key, or short form, whose value r is.
func (d *decoder) fill(n *node, r reflect.Value, k key) bool {
	d.where[r.Addr().Interface()] = n
	switch {
	case r.Type() == nodeType:
		r.Set(reflect.ValueOf(n))
		return true
	case r.Type() == durationType:
		return d.duration(n, r)
	}
	switch r.Kind() {
	case reflect.Pointer:
		to := reflect.New(r.Type().Elem())
		if !d.fill(n, to.Elem(), k) {
			return false
		}
		r.Set(to)
		return true
	case reflect.Struct:
		return d.mapping(n, r, k)
	case reflect.Slice:
		return d.list(n, r, k)
	case reflect.Map:
		return d.named(n, r, k)
	}
	return d.scalar(n, r, k)
}

// mapping fills a struct from a mapping, or from one of its short forms. What cannot be read is left out.
func (d *decoder) mapping(n *node, r reflect.Value, k key) bool {
	if n.kind != isMap || len(names(r.Type())) == 0 {
		return d.short(n, r, k)
	}
	for i, word := range n.keys {
		f, ok := find(r.Type(), word.text)
		if !ok {
			near, hint := nearKey(word.text, r.Type())
			d.fail(word, "unknown key: %s%s", hint, misplaced(r.Type(), n, i))
			d.meant[meant{n, near}] = true
			continue
		}
		if _, both := n.get(f.name); both && word.text != f.name {
			d.fail(word, "%s is the former name of %s, which is here too", word.text, f.name)
			continue
		}
		if v := r.FieldByIndex(f.index); !d.fill(n.items[i], v, f) {
			v.SetZero()
			d.fillDefault(v, f)
		}
	}
	for _, f := range keysOf(r.Type()) {
		if _, there := n.get(f.name, f.alias); there || f.name == "" {
			continue
		}
		if f.required {
			d.require(n, f.name, "")
		} else {
			d.fillDefault(r.FieldByIndex(f.index), f)
		}
	}
	return d.check(n, r)
}

// fillDefault fills the value of a key with its default, if it has one.
func (d *decoder) fillDefault(r reflect.Value, k key) {
	if k.deflt != "" {
		d.fill(defaultNode(k), r, k)
	}
}

func (d *decoder) check(n *node, r reflect.Value) bool {
	if c, ok := r.Addr().Interface().(checked); ok {
		return c.check(d, n)
	}
	return true
}

// short fills a struct from what stands for a mapping.
func (d *decoder) short(n *node, r reflect.Value, k key) bool {
	for _, s := range shorts(r.Type()) {
		v := r.FieldByIndex(s.index)
		fits := false
		switch v.Kind() {
		case reflect.String:
			fits = n.kind == isText && !n.looksNumeric()
		case reflect.Slice:
			fits = n.kind == isList
		default:
			fits = n.kind == isInt
		}
		if !fits {
			continue
		}
		for _, f := range keysOf(r.Type()) {
			d.fillDefault(r.FieldByIndex(f.index), f)
		}
		s.other = formsBut(r.Type(), s)
		return d.fill(n, v, s) && d.check(n, r)
	}
	axis := ""
	if k.axis {
		axis = k.name
	}
	d.fail(n, "%s%s", n.wrong(wanted(r.Type(), k)), sweepHint(n, axis))
	return false
}

// sweepHint says where several values belong for which there is an axis, and where one belongs.
func sweepHint(n *node, axis string) string {
	text := n.flow()
	if axis == "" || n.kind != isList || len(n.items) == 0 {
		return ""
	}
	if !n.src.lines {
		return fmt.Sprintf(": to try several, write %s=%s", n.root, brief(strings.ReplaceAll(text[1:len(text)-1], ", ", ",")))
	}
	return fmt.Sprintf(": to try several, write sweep: {%s: %s}", axis, brief(text))
}

// axisOf is the sweep's name for the parameter whose value n is.
func axisOf(n *node) string {
	in := n.parent
	switch {
	case in == nil || strings.Contains(n.key, "."):
		return n.name()
	case in.key == "dataset_params":
		return "dataset." + n.key
	case in.key == "params" && in.parent != nil:
		if id, ok := in.parent.get("id"); ok {
			return id.text + "." + n.key
		}
	}
	return n.key
}

// defaultNode is a key's default as a node of the lowest layer.
func defaultNode(k key) *node {
	if n, ok := defaults.Load(k.deflt); ok {
		return n.(*node)
	}
	d := newDecoder(bench.Catalog{})
	n := d.read(&source{name: "the default of " + k.name, order: defaultLayer}, []byte(k.deflt))
	if len(d.errs) > 0 {
		panic("spec: " + d.errs.Error())
	}
	defaults.Store(k.deflt, n)
	return n
}

// require tells that a key is missing, unless a misspelt one was meant for it.
func (d *decoder) require(n *node, key, hint string) {
	if _, ok := n.get(key); ok || d.meant[meant{n, key}] {
		return
	}
	switch {
	case hint != "":
	case key == "version":
		hint = ": write version: 1"
	case key == "name":
		hint = ": the run directory's name"
	}
	d.failAt(n, join(n.path(), key), "missing%s", hint)
}

// nearKey is the key that was probably meant by an unknown one, or "", and the end of a message about it. Former names
// count, and stand for the present ones.
func nearKey(word string, in reflect.Type) (near, hint string) {
	valid := names(in)
	for _, k := range keysOf(in) {
		if k.alias != "" && nearest(word, valid) == "" && nearest(word, []string{k.alias}) != "" {
			word = k.name
		}
	}
	return nearest(word, valid), Suggest(word, valid)
}

// misplaced says where key i of the mapping n belongs, which has no such key.
func misplaced(in reflect.Type, n *node, i int) string {
	word := n.keys[i].text
	switch {
	case in == reflect.TypeFor[Spec]() && (word == "params" || word == "dataset_params"):
		return " (" + word + " belongs into a profile or --set; a spec's own parameters into the entries of methods and datasets)"
	case in == reflect.TypeFor[Method](), in == reflect.TypeFor[Dataset]():
		return " (parameters go under params)"
	case i > 0 && n.items[i].kind == isNull && n.items[i-1].kind == isInt && grouped.MatchString(n.items[i-1].text+","+word):
		return fmt.Sprintf(" (for one number, write %s: %s%s)", n.keys[i-1].text, n.items[i-1].text, word)
	}
	return ""
}

// list fills a slice; scalars must all be usable, entries that are not are left out.
func (d *decoder) list(n *node, r reflect.Value, k key) bool {
	items := n.items
	if n.kind != isList {
		if !k.one {
			d.fail(n, "%s", n.wrong("a list"))
			return false
		}
		items = []*node{n}
	}
	switch {
	case len(items) < k.minItems:
		d.fail(n, "the list is empty: it needs at least one")
		return false
	case k.maxItems > 0 && len(items) > k.maxItems:
		d.fail(n, "%d items: at most %d", len(items), k.maxItems)
		return false
	}
	k.one = false
	out := reflect.MakeSlice(r.Type(), len(items), len(items))
	kept, first := 0, map[string]bool{}
	var last *node // the largest so far, of what ascends
	for i, item := range items {
		v := out.Index(i)
		if !d.fill(item, v, k) {
			continue
		}
		switch text := jsonText(v.Interface()); {
		case k.ascending && last != nil && v.Int() <= last.integer():
			d.fail(item, "%s comes after %s: list each once, in ascending order", item.text, last.text)
			continue
		case k.ascending:
			last = item
		case k.unique && first[text]:
			d.fail(item, "%s is listed twice", brief(item.flow()))
			continue
		default:
			first[text] = true
		}
		out.Index(kept).Set(v)
		kept++
	}
	if kept < len(items) && (kept < k.minItems || r.Type().Elem().Kind() != reflect.Pointer) {
		return false
	}
	r.Set(out.Slice(0, kept))
	return true
}

// named fills a map, whose keys are the user's own. maxItems bounds the map where it is of mappings, else its lists.
func (d *decoder) named(n *node, r reflect.Value, k key) bool {
	if n.kind != isMap {
		d.fail(n, "%s", n.wrong("a mapping (name: value)"))
		return false
	}
	if of := deref(r.Type().Elem()); of.Kind() == reflect.Struct && k.maxItems > 0 && len(n.items) > k.maxItems {
		d.fail(n, "%d %s: at most %d", len(n.items), k.name, k.maxItems)
		return false
	}
	r.Set(reflect.MakeMap(r.Type()))
	for i, word := range n.keys {
		v := reflect.New(r.Type().Elem()).Elem()
		if d.fill(n.items[i], v, key{bounds: k.bounds}) {
			r.SetMapIndex(reflect.ValueOf(word.text), v)
		}
	}
	return true
}

// scalar fills a string, a number or a bool.
func (d *decoder) scalar(n *node, r reflect.Value, k key) bool {
	var p bench.Param
	switch r.Kind() {
	case reflect.String:
		p.Kind = bench.String
	case reflect.Int, reflect.Uint64:
		p.Kind = bench.Int
	case reflect.Float64:
		p.Kind = bench.Float
	case reflect.Bool:
		p.Kind = bench.Bool
	default:
		panic("spec: cannot decode into " + r.Type().String())
	}
	var v any
	ok := false
	if len(k.enum) > 0 {
		v, ok = d.word(n, k)
	} else {
		v, ok = d.value(n, p)
	}
	if !ok || !d.within(n, v, k.bounds) {
		return false
	}
	r.Set(reflect.ValueOf(v).Convert(r.Type()))
	return true
}

// within tells how a scalar breaks its bounds.
func (d *decoder) within(n *node, v any, b bounds) bool {
	var x float64
	switch v := v.(type) {
	case int:
		x = float64(v)
	case float64:
		x = v
	case string:
		if b.pattern != nil && (!b.pattern.MatchString(v) || len(v) > b.maxLength) {
			d.fail(n, "%q cannot name a folder: use letters, digits, - _ and ., beginning and ending with a letter or a digit, at most %d", brief(v), b.maxLength)
			return false
		}
		return true
	}
	switch {
	case b.min != nil && x < *b.min:
		d.fail(n, "%s is below %v", n.text, *b.min)
	case b.above && x == *b.min:
		d.fail(n, "%s is not above %v", n.text, *b.min)
	case b.max != nil && x > *b.max:
		d.fail(n, "%s is above %v", n.text, *b.max)
	default:
		return true
	}
	return false
}

// duration fills a Duration.
func (d *decoder) duration(n *node, r reflect.Value) bool {
	if n.kind == isInt || n.kind == isFloat {
		d.fail(n, "%s has no unit: write %[1]sm for minutes or %[1]ss for seconds", brief(n.text))
		return false
	}
	if n.kind != isText {
		d.fail(n, "%s", n.wrong(wanted(durationType, key{})))
		return false
	}
	v, err := time.ParseDuration(n.text)
	switch {
	case err == nil && v <= 0:
		d.fail(n, "%s is not above zero: leave it out for no limit", brief(n.text))
		return false
	case err != nil || !durationForm.MatchString(n.text):
		d.fail(n, "%q is not a duration: write it as 90s, 30m or 1h30m", brief(n.text))
		return false
	}
	r.SetInt(int64(v))
	return true
}

// param decodes the value of a parameter of the catalogue.
func (d *decoder) param(n *node, p bench.Param) (any, bool) {
	if p.Kind == bench.Ints {
		return d.integers(n, p)
	}
	if n.kind == isList && (n.parent == nil || n.parent.kind == isMap) {
		d.fail(n, "%s%s", n.wrong(article(p)), sweepHint(n, axisOf(n)))
		return nil, false
	}
	v, ok := d.value(n, p)
	if !ok {
		return nil, false
	}
	return d.normal(n, p, v)
}

// value decodes a scalar of the kind that p has, or one of its words.
func (d *decoder) value(n *node, p bench.Param) (v any, ok bool) {
	var err error
	switch p.Kind {
	case bench.String:
		if p.Enum != nil {
			return d.word(n, key{bounds: bounds{enum: p.Enum}})
		}
		return d.text(n)
	case bench.Bool:
		ok, v = n.kind == isBool, strings.EqualFold(n.text, "true")
	case bench.Int:
		if ok = n.kind == isInt; ok {
			v, err = strconv.Atoi(n.text)
		}
	case bench.Float:
		if ok = n.kind == isInt || n.kind == isFloat; ok {
			var f float64
			f, err = strconv.ParseFloat(n.text, 64)
			v = f + 0 // -0 becomes 0: equal parameters are equal bytes
		}
	default:
		panic("spec: parameter " + p.Name + " has unknown kind " + string(p.Kind))
	}
	switch {
	case !ok:
		d.fail(n, "%s", n.wrong(article(p)))
	case err != nil:
		d.fail(n, "%s is not a finite number", brief(n.text))
	}
	return v, ok && err == nil
}

// article is how messages speak of a parameter's scalars.
func article(p bench.Param) string {
	switch p.Kind {
	case bench.Bool:
		return "true or false"
	case bench.Int:
		return "an integer"
	case bench.Float:
		return "a number"
	}
	return cmp.Or(orList(p.Enum), "text")
}

func (d *decoder) normal(n *node, p bench.Param, v any) (any, bool) {
	v, err := p.Normalize(v)
	if err != nil {
		d.fail(n, "%s", err)
	}
	return v, err == nil
}

// integers decodes a list, so that a bad one is shown at its own place.
func (d *decoder) integers(n *node, p bench.Param) (any, bool) {
	if n.kind != isList {
		hint := ""
		if in := n.parent; n.kind == isInt && in != nil && in.parent == nil && in.kind == isList { // hidden=64,8
			hint = fmt.Sprintf(": for one list, write %s=%s", in.root, brief(strings.ReplaceAll(in.flow(), ", ", ",")))
		} else if n.kind == isInt {
			hint = ": write [" + n.text + "]"
		}
		d.fail(n, "%s%s", n.wrong("a list of integers"), hint)
		return nil, false
	}
	one := p
	one.Kind = bench.Int
	list := make([]int, 0, len(n.items))
	for _, item := range n.items {
		if v, ok := d.param(item, one); ok {
			list = append(list, v.(int))
		}
	}
	if len(list) < len(n.items) {
		return nil, false
	}
	return d.normal(n, p, list)
}

// word takes one of a key's words, or what it was called before.
func (d *decoder) word(n *node, k key) (any, bool) {
	now, renamed := k.former[n.text]
	switch {
	case n.kind != isText:
		d.fail(n, "%s", n.wrong(orList(k.enum)))
	case slices.Contains(k.enum, n.text):
		return n.text, true
	case renamed:
		return now, true
	case k.other != "" && nearest(n.text, k.enum) == "":
		d.fail(n, "unknown value %q: %s, or %s", brief(n.text), Suggest(n.text, k.enum), k.other)
	default:
		d.fail(n, "unknown value %q: %s", brief(n.text), Suggest(n.text, k.enum))
	}
	return nil, false
}

const maxText = 500 // characters

// text takes one line of text. An unquoted yes or no would be a boolean to older YAML readers.
func (d *decoder) text(n *node) (any, bool) {
	switch c := utf8.RuneCountInString(n.text); {
	case n.kind != isText:
		d.fail(n, "%s", n.wrong("text"))
	case !n.quoted && yesNo(n.text) != "":
		d.fail(n, "%s is read as %s by some YAML readers: put it in quotes, %q", n.text, yesNo(n.text), n.text)
	case strings.TrimSpace(n.text) == "":
		d.fail(n, "the text is empty")
	case strings.ContainsAny(n.text, "\n\r\t"):
		d.fail(n, "the text has more than one line, or a tab")
	case c > maxText:
		d.fail(n, "the text has %d characters: at most %d", c, maxText)
	default:
		return n.text, true
	}
	return nil, false
}
