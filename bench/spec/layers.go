package spec

import (
	"reflect"
	"slices"
)

// layer is one storey of what wins: the spec, a profile or one --set.
type layer struct {
	tree *node    // a mapping of the keys of Profile
	own  *Profile // what it says, by itself
}

var profileType = reflect.TypeFor[Profile]()

// choicesOf is what of the file a profile could say as well.
func choicesOf(root *node) *node {
	out := *root
	out.keys, out.items = nil, nil
	for i, k := range root.keys {
		if _, ok := find(reflect.TypeFor[Choices](), k.text); ok {
			out.keys, out.items = append(out.keys, k), append(out.items, root.items[i])
		}
	}
	return &out
}

// merge lays over on under, both mappings of type t: what over has replaces what under has, or is
// merged with it where the key's form says so. Every value keeps its place, and with it the layer
// that it is of.
func merge(under, over *node, t reflect.Type) *node {
	if under == nil {
		return over
	}
	out := *over
	out.keys, out.items = slices.Clone(under.keys), slices.Clone(under.items)
	for i, word := range over.keys {
		k, value := key{name: word.text}, over.items[i]
		if t.Kind() == reflect.Struct {
			if known, ok := find(t, word.text); ok {
				k = known
			}
		}
		at := slices.IndexFunc(out.keys, func(o *node) bool {
			return o.text == k.name ||
				o.text == k.alias && k.alias != ""
		})
		if at < 0 {
			out.keys, out.items = append(out.keys, word), append(out.items, value)
			continue
		}
		switch old := out.items[at]; {
		case k.merge:
			of := deref(k.field.Type)
			if a, b := spelledOut(old, of), spelledOut(value, of); a.kind == isMap &&
				b.kind == isMap {
				value = merge(a, b, of)
			}
		case k.name == "datasets" || k.name == "methods":
			value = choose(old, value)
		}
		out.keys[at], out.items[at] = word, value
	}
	return &out
}

// spelledOut writes a short form that has a key as a mapping.
func spelledOut(n *node, t reflect.Type) *node {
	if n.kind == isMap {
		return n
	}
	for _, s := range shorts(t) {
		if s.name != "" && (s.field.Type.Kind() == reflect.Slice) == (n.kind == isList) {
			out := *n
			out.kind, out.items = isMap, []*node{n}
			out.keys = []*node{{kind: isText, text: s.name, src: n.src, line: n.line, col: n.col,
				parent: n, key: s.name}}
			return &out
		}
	}
	return n
}

// choose gives the list in which each bare id of a --set stands for the entries that the list below
// has of it.
func choose(below, list *node) *node {
	if list.layer() < setLayer || list.kind != isList {
		return list
	}
	out := *list
	out.items = nil
	for _, item := range list.items {
		var chosen []*node
		for _, e := range below.items {
			id, _ := spelledOut(e, reflect.TypeFor[Entry]()).get("id")
			if item.kind == isText && id != nil && id.text == item.text {
				chosen = append(chosen, e)
			}
		}
		if chosen == nil {
			chosen = []*node{item}
		}
		out.items = append(out.items, chosen...)
	}
	return &out
}
