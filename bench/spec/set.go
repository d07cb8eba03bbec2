package spec

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/bench/spec/tree"
)

// Each --set argument becomes the tree of an equivalent profile.

// sets reads the --set arguments, each as a layer of its own. Their errors have the argument in
// place of the file's name, and the argument's key as the path.
func (d *decoder) sets(args []string) []*layer {
	var out []*layer
	for i, arg := range args {
		before := len(d.errs)
		l := &layer{own: new(Profile), tree: d.set(&tree.Source{Name: "--set " + tree.Brief(arg),
			Order: setLayer + i}, arg)}
		if l.tree == nil {
			continue
		}
		if d.decode(l.tree, l.own); len(d.errs) == before {
			out = append(out, l)
		}
	}
	return out
}

var thousands = regexp.MustCompile(`^[1-9][0-9]{0,2}(,[0-9]{3})+$`)

// set reads one argument into a mapping of Profile's keys; nil after reporting an error.
func (d *decoder) set(src *tree.Source, arg string) *node {
	key, value, ok := strings.Cut(arg, "=")
	key, value = strings.TrimSpace(key), strings.TrimSpace(value)
	at := &node{Src: src, Root: tree.Brief(key)}
	plain := ""
	if thousands.MatchString(value) {
		plain = fmt.Sprintf("%s=%s", key, strings.ReplaceAll(value, ",", ""))
	}
	switch {
	case !ok || key == "":
		d.failAt(at, "", "write --set key=value or --set key=value,value")
		return nil
	case value == "":
		d.fail(at, "there is no value after the equals sign")
		return nil
	case plain != "" && strings.Contains(value, ",0"):
		d.fail(at, "a comma separates values: for one number, write %s", plain)
		return nil
	case plain != "" && key == "budget" && value[1] == ',':
		d.fail(at, "one number or several? Write %s, or sweep.budget=%s", plain, value)
		return nil
	}
	values := d.values(at, value)
	if values == nil {
		return nil
	}
	if plain != "" {
		plain = ": for one number, write " + plain
	}
	return d.place(at, key, values, plain)
}

// values reads "a,b" as the YAML list [a,b].
func (d *decoder) values(at *node, value string) *node {
	before := len(d.errs)
	n := d.read(at.Src, []byte("["+value+"]"))
	for i := before; i < len(d.errs); i++ { // no lines; a syntax error has no path yet
		d.errs[i].Line, d.errs[i].Col = 0, 0
		d.errs[i].Path = at.Root + strings.TrimPrefix(d.errs[i].Path, at.Root)
	}
	if n == nil || len(d.errs) > before {
		return nil
	}
	n.Root = at.Root
	if n.Kind != tree.List || len(n.Items) == 0 {
		d.fail(n, "there is no value after the equals sign")
		return nil
	}
	return n
}

// place returns the equivalent mapping of Profile's keys. hint ends the message about several
// values where only one is allowed.
func (d *decoder) place(at *node, name string, values *node, hint string) *node {
	first, rest, dotted := strings.Cut(name, ".")
	if dotted && rest == "" {
		d.fail(at, "a name belongs after the dot")
		return nil
	}
	f, known := find(profileType, first)
	switch {
	case known && !dotted:
		return d.placeKey(at, f, values, hint)
	case known && f.name == "sweep":
		return wrap(at, f.name, wrap(at, rest, values))
	case known && f.field.Type == reflect.TypeFor[Params]():
		return placeParam(at, f.name, rest, values)
	case known && f.merge:
		inner, ok := find(deref(f.field.Type), rest)
		if !ok {
			inner = key{name: rest, field: reflect.StructField{Type: nodeType}}
		}
		if v := d.placeKey(at, inner, values, hint); v != nil {
			return wrap(at, f.name, v)
		}
		return nil
	}
	of := func(items []item) bool { return slices.Contains(ids(items, item.name), first) }
	switch {
	case !dotted:
		return d.placeBare(at, name, values)
	case of(methodsOf(d.cat)) || slices.Contains(d.programs, first):
		return placeParam(at, "params", name, values)
	case first == "dataset":
		return placeParam(at, "dataset_params", rest, values)
	case of(datasetsOf(d.cat)):
		return placeParam(at, "dataset_params", name, values)
	}
	return d.failSet(at, name, owners(rest, slices.Concat(methodsOf(d.cat), datasetsOf(d.cat))))
}

// placeBare sets a parameter of every method that has it.
func (d *decoder) placeBare(at *node, name string, values *node) *node {
	params := paramNames(allParams(methodsOf(d.cat)))
	if slices.Contains(params, name) {
		return placeParam(at, "params", name, values)
	}
	if one := owners(name, datasetsOf(d.cat)); len(one) > 0 {
		d.fail(at, "a dataset's parameter is set as dataset.%s (every dataset that has it) or "+
			"%s (one)",
			name, one[0])
		return nil
	}
	return d.failSet(at, name, params)
}

// failSet reports that a key cannot be set; others are further names that it may be meant for.
func (d *decoder) failSet(at *node, name string, others []string) *node {
	if near := tree.Nearest(name, append(settable(), others...)); near != "" {
		d.fail(at, "this cannot be set: did you mean %s?", near)
	} else {
		d.fail(at, "this cannot be set: %s", tree.Suggest(name, settable()))
	}
	return nil
}

// placeKey returns the mapping {key: value}, with a list if the key takes one, else with a single
// value; or, for several values, a sweep.
func (d *decoder) placeKey(at *node, k key, values *node, hint string) *node {
	t := deref(k.field.Type)
	list := t.Kind() == reflect.Slice && t != nodeType
	for _, s := range shorts(t) {
		list = list || s.field.Type.Kind() == reflect.Slice
	}
	v := single(values)
	switch {
	case list && (v == nil || v.Kind != tree.List &&
		(v.Kind != tree.Map || t.Kind() != reflect.Struct)):
		v = values
	case v == nil && k.axis:
		return wrap(at, "sweep", wrap(at, k.name, values))
	case v == nil:
		d.fail(values, "one value, not %d: this cannot be swept%s", len(values.Items), hint)
		return nil
	}
	return wrap(at, k.name, v)
}

// placeParam sets a parameter, or sweeps it if there are several values.
func placeParam(at *node, home, name string, values *node) *node {
	if v := single(values); v != nil {
		return wrap(at, home, wrap(at, name, v))
	}
	if home == "dataset_params" && !strings.Contains(name, ".") {
		name = "dataset." + name
	}
	return wrap(at, "sweep", wrap(at, name, values))
}

// settable lists the forms that a --set key can take, for messages.
func settable() (out []string) {
	for _, k := range keysOf(profileType) {
		t := deref(k.field.Type)
		switch {
		case k.merge && t.Kind() == reflect.Map:
			out = append(out, k.name+".NAME")
			continue
		case shorts(t) != nil || !k.merge:
			out = append(out, k.name)
		}
		if k.merge {
			for _, inner := range names(t) {
				out = append(out, k.name+"."+inner)
			}
		}
	}
	return append(out, "METHOD.NAME", "DATASET.NAME", "dataset.NAME")
}

// owners lists the items that have a parameter called name, as ID.name.
func owners(name string, items []item) (out []string) {
	for _, m := range items {
		if slices.Contains(paramNames(m.params), name) {
			out = append(out, m.id+"."+name)
		}
	}
	return out
}

// single returns the only value, detached from its list; nil if there are several.
func single(values *node) *node {
	if len(values.Items) != 1 {
		return nil
	}
	v := values.Items[0]
	v.Parent, v.Root = nil, values.Root
	return v
}

// wrap returns the mapping {key: v}; the mapping and its key have at's source and path.
func wrap(at *node, key string, v *node) *node {
	k := &node{Kind: tree.Text, Text: key, Src: at.Src, Root: at.Root}
	return &node{Kind: tree.Map, Src: at.Src, Root: at.Root, Keys: []*node{k}, Items: []*node{v}}
}
