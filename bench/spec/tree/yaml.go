package tree

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"gopkg.in/yaml.v3" // archived upstream; its successors have the same API
)

// document parses YAML: root is nil for an empty document, and more reports whether another
// document follows.
func document(data []byte) (root *yaml.Node, more bool, err error) {
	defer func() {
		if p := recover(); p != nil { // a panic of the reader is the file's error, not a crash
			root, err = nil, fmt.Errorf("the YAML reader failed: %v", p)
		}
	}()
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc, next yaml.Node
	if err := dec.Decode(&doc); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, false, nil
		}
		return nil, false, err
	}
	more = !errors.Is(dec.Decode(&next), io.EOF)
	if len(doc.Content) == 0 {
		return nil, more, nil
	}
	return doc.Content[0], more, nil
}

const (
	maxNodes = 100_000 // after the expansion of aliases
	maxDepth = 32
)

// build converts the reader's root to a Node; nil if a bound is exceeded.
func build(src *Source, root *yaml.Node, fail func(n *Node, format string, args ...any)) *Node {
	b := builder{src: src, fail: fail, open: map[*yaml.Node]bool{}}
	n := b.build(root, nil, "", 0, 0, nil)
	if b.full {
		return nil
	}
	return n
}

// builder converts the reader's nodes, expanding aliases within bounds; YAML that is not part of
// the language is an error.
type builder struct {
	src   *Source
	fail  func(n *Node, format string, args ...any)
	count int
	full  bool                // a bound is exceeded, which has been reported
	open  map[*yaml.Node]bool // aliases being expanded
}

// build converts y; it returns nil, after reporting it, for YAML that is not part of the language.
// at is where an alias is used; nil outside aliases.
func (b *builder) build(y *yaml.Node, parent *Node, key string, index, depth int, at *Node) *Node {
	n := &Node{Src: b.src, Line: y.Line, Col: y.Column, Parent: parent, Key: key, index: index}
	if at != nil {
		n.Line, n.Col = at.Line, at.Col // errors in an alias are reported where it is used
	}
	b.count++
	switch {
	case b.full:
		return nil
	case b.count > maxNodes:
		b.full = true
		b.fail(n, "more than %d values once aliases are expanded: use fewer", maxNodes)
		return nil
	case depth > maxDepth:
		b.full = true
		b.fail(n, "nested more than %d levels deep: write it flatter", maxDepth)
		return nil
	}
	if y.Style&yaml.TaggedStyle != 0 {
		b.fail(n, "tags such as %s are not part of the language: leave them out", Brief(y.Tag))
	}
	switch y.Kind {
	case yaml.AliasNode:
		if b.open[y.Alias] {
			b.fail(n, "the alias *%s is inside its own anchor", Brief(y.Value))
			return nil
		}
		b.open[y.Alias] = true
		defer delete(b.open, y.Alias)
		return b.build(y.Alias, parent, key, index, depth, n)
	case yaml.ScalarNode:
		n.Text = y.Value
		const quoted = yaml.DoubleQuotedStyle | yaml.SingleQuotedStyle | yaml.LiteralStyle |
			yaml.FoldedStyle
		n.Quoted = y.Style&quoted != 0
		n.Kind = Text
		if !n.Quoted {
			n.Kind = classify(y.Value)
		}
	case yaml.SequenceNode:
		n.Kind = List
		for i, item := range y.Content {
			if c := b.build(item, n, "", i, depth+1, at); c != nil {
				n.Items = append(n.Items, c)
			}
		}
	case yaml.MappingNode:
		n.Kind = Map
		first := map[string]*Node{} // by key
		for i := 0; i+1 < len(y.Content) && !b.full; i += 2 {
			k := b.key(n, y.Content[i], first, at)
			if k == nil {
				continue
			}
			if v := b.build(y.Content[i+1], n, k.Key, 0, depth+1, at); v != nil {
				n.Keys, n.Items = append(n.Keys, k), append(n.Items, v)
			}
		}
	}
	return n
}

// key converts a mapping's key; it returns nil, after reporting it, for YAML that cannot be one.
func (b *builder) key(parent *Node, y *yaml.Node, first map[string]*Node, at *Node) *Node {
	k := &Node{Kind: Text, Text: y.Value, Src: b.src, Line: y.Line, Col: y.Column,
		Parent: parent, Key: y.Value}
	if at != nil {
		k.Line, k.Col = at.Line, at.Col
	}
	b.count++
	switch {
	case y.Kind != yaml.ScalarNode:
		k.Key = "?"
		b.fail(k, "a key must be a plain word")
		return nil
	case y.Tag == "!!merge":
		b.fail(k, "merge keys are not part of the language:"+
			" give a whole value an anchor (&name, *name), or use a profile")
		return nil
	case first[y.Value] != nil:
		b.fail(k, "this key occurs twice, first on line %d", first[y.Value].Line)
		return nil
	}
	first[y.Value] = k
	return k
}
