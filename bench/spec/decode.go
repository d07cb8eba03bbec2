package spec

import (
	"fmt"
	"reflect"
	"strings"
	"sync"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/spec/tree"
)

// decoder fills the types of a language from nodes, strictly, and collects the errors.
type decoder struct {
	cat      bench.Catalog
	root     *node // of the file; nil if it cannot be read
	errs     Errors
	reported map[Error]bool // no error is reported twice: a spec is resolved once for each profile
	// when ends messages about the spec's own values, such as " (with the profile p)".
	when  string
	needs []string // keys that an empty file lacks, for its message

	folder   string   // base of relative paths
	programs []string // labels of the entries with id exec
	own      *bench.OwnThings

	// where maps the address of each decoded value to its node, so that the types need no places.
	where map[any]*node
	meant map[meant]bool
	wrong map[*node]bool // nodes with an error at them or within them
}

var defaults sync.Map // *node by text

// meant is a missing key of a mapping that an unknown key was probably meant for.
type meant struct {
	in  *node
	key string
}

func newDecoder(cat bench.Catalog) *decoder {
	return &decoder{cat: cat, reported: map[Error]bool{}, where: map[any]*node{},
		meant: map[meant]bool{}, wrong: map[*node]bool{},
		own: &bench.OwnThings{Files: map[string]string{}, Names: map[string]string{}}}
}

// read is tree.Read, with its errors added to the decoder's.
func (d *decoder) read(src *tree.Source, data []byte) *node {
	n, errs := tree.Read(src, data, d.needs)
	d.errs = append(d.errs, errs...)
	return n
}

// fail reports an error at n.
func (d *decoder) fail(n *node, format string, args ...any) {
	d.failAt(n, n.Path(), format, args...)
}

func (d *decoder) failAt(n *node, path, format string, args ...any) {
	for p := n; p != nil; p = p.Parent {
		d.wrong[p] = true
	}
	e := n.Error(path, fmt.Sprintf(format, args...))
	if d.reported[e] {
		return
	}
	d.reported[e] = true
	if layerAt(n) == 0 {
		e.Msg += d.when
	}
	d.errs = append(d.errs, e)
}

// checked is a type with rules beyond those of its tags: check reports the errors of a decoded
// value, and returns whether the value is usable.
type checked interface {
	check(d *decoder, n *node) bool
}

// decode fills *v; it returns false, after reporting why, if there is no usable value.
func (d *decoder) decode(n *node, v any) bool {
	return d.fill(n, reflect.ValueOf(v).Elem(), key{})
}

// fill is decode with the bounds and forms of k, the key or short form that r is the value of.
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

// mapping fills a struct from a mapping or a short form. Values that cannot be read get defaults.
func (d *decoder) mapping(n *node, r reflect.Value, k key) bool {
	if n.Kind != tree.Map || len(names(r.Type())) == 0 {
		return d.short(n, r, k)
	}
	for i, word := range n.Keys {
		f, ok := find(r.Type(), word.Text)
		if !ok {
			near, hint := nearKey(word.Text, r.Type())
			d.fail(word, "unknown key: %s%s", hint, misplaced(r.Type(), n, i))
			d.meant[meant{n, near}] = true
			continue
		}
		if _, both := n.Get(f.name); both && word.Text != f.name {
			d.fail(word, "%s is the former name of %s, which is given too", word.Text, f.name)
			continue
		}
		if v := r.FieldByIndex(f.index); !d.fill(n.Items[i], v, f) {
			v.SetZero()
			d.fillDefault(v, f)
		}
	}
	for _, f := range keysOf(r.Type()) {
		if _, there := n.Get(f.name, f.alias); there || f.name == "" {
			continue
		}
		if f.required {
			d.require(n, f.name, f.hint)
		} else {
			d.fillDefault(r.FieldByIndex(f.index), f)
		}
	}
	return d.check(n, r)
}

// fillDefault fills in a key's default, if it has one.
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

// short fills a struct from one of its short forms.
func (d *decoder) short(n *node, r reflect.Value, k key) bool {
	for _, s := range shorts(r.Type()) {
		v := r.FieldByIndex(s.index)
		fits := false
		switch v.Kind() {
		case reflect.String:
			fits = n.Kind == tree.Text && !n.LooksNumeric()
		case reflect.Slice:
			fits = n.Kind == tree.List
		default:
			fits = n.Kind == tree.Int
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
	d.fail(n, "%s%s", n.Wrong(wanted(r.Type(), k)), sweepHint(n, axis))
	return false
}

// sweepHint ends a message about several values where only one is allowed, if they can be swept.
func sweepHint(n *node, axis string) string {
	text := n.Flow()
	if axis == "" || n.Kind != tree.List || len(n.Items) == 0 {
		return ""
	}
	if !n.Src.Lines {
		return fmt.Sprintf(": to try several, write %s=%s", n.Root,
			tree.Brief(strings.ReplaceAll(text[1:len(text)-1], ", ", ",")))
	}
	return fmt.Sprintf(": to try several, write sweep: {%s: %s}", axis, tree.Brief(text))
}

// axisOf is the sweep key of the parameter whose value n is.
func axisOf(n *node) string {
	in := n.Parent
	switch {
	case in == nil || strings.Contains(n.Key, "."):
		return n.Name()
	case in.Key == "dataset_params":
		return "dataset." + n.Key
	case in.Key == "params" && in.Parent != nil:
		if id, ok := in.Parent.Get("id"); ok {
			return id.Text + "." + n.Key
		}
	}
	return n.Key
}

// defaultNode returns a key's default as a node of the default layer.
func defaultNode(k key) *node {
	if n, ok := defaults.Load(k.deflt); ok {
		return n.(*node)
	}
	d := newDecoder(bench.Catalog{})
	n := d.read(&tree.Source{Name: "the default of " + k.name, Order: defaultLayer},
		[]byte(k.deflt))
	if len(d.errs) > 0 {
		panic("spec: " + d.errs.Error())
	}
	defaults.Store(k.deflt, n)
	return n
}

// require reports that a key is missing, unless a misspelt key was meant for it.
func (d *decoder) require(n *node, key, hint string) {
	if _, ok := n.Get(key); ok || d.meant[meant{n, key}] {
		return
	}
	if hint != "" {
		hint = ": " + hint
	}
	d.failAt(n, tree.Join(n.Path(), key), "missing%s", hint)
}

// nearKey returns the key that an unknown one was probably meant for, or "", and the end of a
// message about it. A near former name counts as its present name.
func nearKey(word string, in reflect.Type) (near, hint string) {
	valid := names(in)
	for _, k := range keysOf(in) {
		if k.alias != "" && tree.Nearest(word, valid) == "" &&
			tree.Nearest(word, []string{k.alias}) != "" {
			word = k.name
		}
	}
	return tree.Nearest(word, valid), tree.Suggest(word, valid)
}

// misplaced explains where the unknown key i of the mapping n belongs; "" if that is not known.
func misplaced(in reflect.Type, n *node, i int) string {
	word := n.Keys[i].Text
	switch {
	case in == reflect.TypeFor[Spec]() && (word == "params" || word == "dataset_params"):
		return " (" + word + " goes in a profile or --set;" +
			" a spec's own parameters go in the entries of methods and datasets)"
	case in == reflect.TypeFor[Method](), in == reflect.TypeFor[Dataset]():
		return " (parameters go under params)"
	case i > 0 && n.Items[i].Kind == tree.Null && n.Items[i-1].Kind == tree.Int &&
		tree.Grouped.MatchString(n.Items[i-1].Text+","+word):
		return fmt.Sprintf(" (for one number, write %s: %s%s)", n.Keys[i-1].Text,
			n.Items[i-1].Text, word)
	}
	return ""
}

// list fills a slice. Items that are pointers are dropped if not usable; others must all be usable.
func (d *decoder) list(n *node, r reflect.Value, k key) bool {
	items := n.Items
	if n.Kind != tree.List {
		if !k.one {
			d.fail(n, "%s", n.Wrong("a list"))
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
	var last *node // the largest so far, if k is ascending
	for i, item := range items {
		v := out.Index(i)
		if !d.fill(item, v, k) {
			continue
		}
		switch {
		case k.ascending && last != nil && v.Int() <= last.Integer():
			d.fail(item, "%s comes after %s: list each once, in ascending order",
				item.Text, last.Text)
			continue
		case k.ascending:
			last = item
		case k.unique:
			text := jsonText(v.Interface())
			if first[text] {
				d.fail(item, "%s is listed twice", tree.Brief(item.Flow()))
				continue
			}
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

// named fills a map, whose keys are the user's own. maxItems bounds the map if its values are
// mappings, else the lists in it.
func (d *decoder) named(n *node, r reflect.Value, k key) bool {
	if n.Kind != tree.Map {
		d.fail(n, "%s", n.Wrong("a mapping (name: value)"))
		return false
	}
	if of := deref(r.Type().Elem()); of.Kind() == reflect.Struct && k.maxItems > 0 &&
		len(n.Items) > k.maxItems {
		d.fail(n, "%d %s: at most %d", len(n.Items), k.name, k.maxItems)
		return false
	}
	r.Set(reflect.MakeMap(r.Type()))
	for i, word := range n.Keys {
		v := reflect.New(r.Type().Elem()).Elem()
		if d.fill(n.Items[i], v, key{bounds: k.bounds}) {
			r.SetMapIndex(reflect.ValueOf(word.Text), v)
		}
	}
	return true
}
