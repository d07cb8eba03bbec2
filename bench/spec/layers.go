package spec

import (
	"reflect"
	"slices"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/spec/tree"
)

// The layers of values, in ascending precedence; setLayer is that of the first --set.
const (
	defaultLayer = iota - 1
	specLayer
	profileLayer
	setLayer
)

// layerAt returns the layer of a node.
func layerAt(n *node) int {
	if !n.Src.Lines {
		return n.Src.Order
	}
	for ; n.Parent != nil; n = n.Parent {
		if n.Parent.Parent == nil && n.Key == "profiles" {
			return profileLayer
		}
	}
	return specLayer
}

// layer is a source of settings: the spec, a profile or one --set.
type layer struct {
	tree *node    // a mapping of the keys of Profile
	own  *Profile // tree, decoded by itself
}

var profileType = reflect.TypeFor[Profile]()

// choicesOf returns the file's root with only the keys that a profile may have too.
func choicesOf(root *node) *node {
	out := *root
	out.Keys, out.Items = nil, nil
	for i, k := range root.Keys {
		if _, ok := find(reflect.TypeFor[Choices](), k.Text); ok {
			out.Keys, out.Items = append(out.Keys, k), append(out.Items, root.Items[i])
		}
	}
	return &out
}

// merge overlays over on under, both mappings of type t. A value in over replaces the one in under,
// or is merged with it where the key's form is merge. Every value keeps its place and its layer.
func merge(under, over *node, t reflect.Type) *node {
	if under == nil {
		return over
	}
	out := *over
	out.Keys, out.Items = slices.Clone(under.Keys), slices.Clone(under.Items)
	for i, word := range over.Keys {
		k, value := key{name: word.Text}, over.Items[i]
		if t.Kind() == reflect.Struct {
			if known, ok := find(t, word.Text); ok {
				k = known
			}
		}
		at := slices.IndexFunc(out.Keys, func(o *node) bool {
			return o.Text == k.name ||
				o.Text == k.alias && k.alias != ""
		})
		if at < 0 {
			out.Keys, out.Items = append(out.Keys, word), append(out.Items, value)
			continue
		}
		switch old := out.Items[at]; {
		case k.merge:
			of := deref(k.field.Type)
			if a, b := spelledOut(old, of), spelledOut(value, of); a.Kind == tree.Map &&
				b.Kind == tree.Map {
				value = merge(a, b, of)
			}
		case k.name == "datasets" || k.name == "methods":
			value = choose(old, value)
		}
		out.Keys[at], out.Items[at] = word, value
	}
	return &out
}

// spelledOut returns the mapping that a short form with a key abbreviates; other nodes unchanged.
func spelledOut(n *node, t reflect.Type) *node {
	if n.Kind == tree.Map {
		return n
	}
	for _, s := range shorts(t) {
		if s.name != "" && (s.field.Type.Kind() == reflect.Slice) == (n.Kind == tree.List) {
			out := *n
			out.Kind, out.Items = tree.Map, []*node{n}
			out.Keys = []*node{{Kind: tree.Text, Text: s.name, Src: n.Src, Line: n.Line, Col: n.Col,
				Parent: n, Key: s.name}}
			return &out
		}
	}
	return n
}

// choose returns a --set's list with each bare id replaced by the entries that have it in the list
// below, if any; other layers' lists are returned as they are.
func choose(below, list *node) *node {
	if layerAt(list) < setLayer || list.Kind != tree.List {
		return list
	}
	out := *list
	out.Items = nil
	for _, item := range list.Items {
		var chosen []*node
		for _, e := range below.Items {
			id, _ := spelledOut(e, reflect.TypeFor[Entry]()).Get("id")
			label, labelled := e.Get("label")
			own := labelled && id != nil && id.Text == bench.ProgramID && label.Text == item.Text
			if item.Kind == tree.Text && id != nil && (id.Text == item.Text || own) {
				chosen = append(chosen, e)
			}
		}
		if chosen == nil {
			chosen = []*node{item}
		}
		out.Items = append(out.Items, chosen...)
	}
	return &out
}
