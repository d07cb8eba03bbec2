package tree

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Kind is the kind of a value, decided by how it is written and not by what is expected.
type Kind uint8

const (
	Null Kind = iota
	Bool
	Int       // 5, -5: as in JSON
	Float     // 0.5, 1e3
	Irregular // 010, 0x1f, 1_000, +5: YAML readers disagree about these
	NotReal   // .inf, .nan
	TooLarge  // an integer beyond 64 bits
	Text      // anything else, and anything in quotes
	List      // items
	Map       // keys and items
)

// Source is where values are written: a file, or one --set argument.
type Source struct {
	Name  string // "demo.yaml" or "--set k=3"
	Order int    // errors are printed in this order
	Lines bool   // whether places have a line and a column
}

// Node is one value of a file, with its place. Aliases are expanded, so each node has one parent.
type Node struct {
	Kind   Kind
	Text   string // of a scalar, as written but without quotes
	Quoted bool
	Items  []*Node // of a list, or of a map in the order of keys
	Keys   []*Node // of a map: of kind Text, whatever they look like

	Src       *Source
	Line, Col int
	Parent    *Node
	Key       string // of a map's value or key node: the key
	index     int    // position of a list's item
	Root      string // path of a node without a parent
}

// Path returns the node's name in messages: methods[2].params.hidden.
func (n *Node) Path() string {
	switch {
	case n.Parent == nil:
		return n.Root
	case n.Parent.Kind == List:
		return n.Parent.Path() + "[" + strconv.Itoa(n.index) + "]"
	}
	return Join(n.Parent.Path(), Brief(n.Key))
}

// Join returns the path of a key in the mapping at path.
func Join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// Get returns a map's value of the first of keys that the map has.
func (n *Node) Get(keys ...string) (*Node, bool) {
	for _, key := range keys {
		for i, k := range n.Keys {
			if k.Text == key {
				return n.Items[i], true
			}
		}
	}
	return nil, false
}

// Name returns the innermost key whose value the node is, or is part of; without one, Root.
func (n *Node) Name() string {
	for ; n.Parent != nil; n = n.Parent {
		if n.Parent.Kind == Map {
			return n.Key
		}
	}
	return n.Root
}

// Error returns msg as an error at the node's place; path names its subject.
func (n *Node) Error(path, msg string) Error {
	e := Error{File: n.Src.Name, Path: path, Msg: msg, Order: n.Src.Order}
	if n.Src.Lines {
		e.Line, e.Col = n.Line, n.Col
	}
	return e
}

// Flow formats the node as YAML on one line.
func (n *Node) Flow() string {
	var parts []string
	for i, v := range n.Items {
		text := v.Flow()
		if n.Kind == Map {
			text = n.Keys[i].Text + ": " + text
		}
		parts = append(parts, text)
	}
	switch n.Kind {
	case List:
		return "[" + strings.Join(parts, ", ") + "]"
	case Map:
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return n.Text
}

// Plain returns the node as encoding/json would decode it, except that integers are json.Number.
func (n *Node) Plain() any {
	switch n.Kind {
	case Null:
		return nil
	case Bool:
		return strings.EqualFold(n.Text, "true")
	case Int, TooLarge:
		return json.Number(n.Text)
	case Float:
		if f, err := strconv.ParseFloat(n.Text, 64); err == nil {
			return f
		}
	case List:
		out := []any{}
		for _, v := range n.Items {
			out = append(out, v.Plain())
		}
		return out
	case Map:
		out := map[string]any{}
		for i, k := range n.Keys {
			out[k.Text] = n.Items[i].Plain()
		}
		return out
	}
	return n.Text // also 010, 0x10 and .nan, which are not JSON
}

// Integer returns the value of a node of kind Int.
func (n *Node) Integer() int64 {
	i, _ := strconv.ParseInt(n.Text, 10, 64)
	return i
}

// LooksNumeric reports whether text was probably meant as a number: a quoted number, or one with a
// thousands separator.
func (n *Node) LooksNumeric() bool {
	return n.Quoted && classify(n.Text) != Text || Grouped.MatchString(n.Text)
}

var (
	intForm       = regexp.MustCompile(`^(-?[1-9][0-9]*|0)$`)
	floatForm     = regexp.MustCompile(`^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$`)
	irregularForm = regexp.MustCompile(`^[-+]?(0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|[0-9][0-9_]*)$`)
	notReal       = regexp.MustCompile(`^([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$`)
)

// classify returns the kind of a plain (unquoted) scalar.
func classify(s string) Kind {
	switch s {
	case "", "~", "null", "Null", "NULL":
		return Null
	case "true", "True", "TRUE", "false", "False", "FALSE":
		return Bool
	}
	switch {
	case intForm.MatchString(s):
		if _, err := strconv.ParseInt(s, 10, 64); err != nil {
			return TooLarge
		}
		return Int
	case irregularForm.MatchString(s):
		return Irregular
	case floatForm.MatchString(s):
		return Float
	case notReal.MatchString(s):
		return NotReal
	}
	return Text
}

// describe describes the value, for "… where an integer belongs".
func (n *Node) describe() string {
	switch n.Kind {
	case Null:
		return "nothing"
	case List:
		return "a list"
	case Map:
		return "a mapping"
	case Text:
		if n.Quoted {
			return strconv.Quote(Brief(n.Text)) + " (text, in quotes)"
		}
		return strconv.Quote(Brief(n.Text)) + " (text)"
	}
	return Brief(n.Text)
}

// Wrong explains that a value is not of the wanted kind ("an integer", "true or false", …), and how
// to write it if that is evident.
func (n *Node) Wrong(wanted string) string {
	number := strings.Contains(wanted, "integer") || strings.Contains(wanted, "number")
	switch {
	case number && n.Kind == Text && n.Quoted && classify(n.Text) != Text:
		if k := classify(n.Text); k == Int || k == Float {
			return fmt.Sprintf("%q is in quotes, so it is text: write %s", Brief(n.Text),
				Brief(n.Text))
		}
	case number && n.Kind == Irregular:
		return irregular(n.Text)
	case number && n.Kind == TooLarge:
		return fmt.Sprintf("%s is too large: the largest integer is 9223372036854775807", Brief(n.Text))
	case number && n.Kind == Float && !strings.Contains(wanted, "number"):
		if f, err := strconv.ParseFloat(n.Text, 64); err == nil && f == float64(int64(f)) &&
			f > -1e15 && f < 1e15 {
			return fmt.Sprintf("%s is written as a fraction where %s belongs: write %d",
				Brief(n.Text), wanted, int64(f))
		}
	case number && n.Kind == Text && !n.Quoted && Grouped.MatchString(n.Text):
		return fmt.Sprintf("%q is text: write %s", Brief(n.Text),
			strings.NewReplacer(",", "", "'", "", " ", "").Replace(Brief(n.Text)))
	case number && n.Kind == NotReal:
		return n.Text + " is not a finite number"
	case wanted == "true or false" && n.Kind == Text && YesNo(n.Text) != "":
		return fmt.Sprintf("%q is text in YAML 1.2: write %s", n.Text, YesNo(n.Text))
	case wanted == "text" && (n.Kind == Bool || n.Kind >= Int && n.Kind <= TooLarge):
		return fmt.Sprintf("%s is not text: put it in quotes, %q", Brief(n.Text),
			Brief(n.Text))
	case n.Kind == Null:
		return "there is no value: " + wanted + " belongs here"
	}
	return n.describe() + " where " + wanted + " belongs"
}

// Grouped matches a number with a thousands separator.
var Grouped = regexp.MustCompile(`^[0-9]{1,3}([,' ][0-9]{3})+$`)

// irregular explains an integer that YAML readers interpret differently.
func irregular(s string) string {
	plain := strings.ReplaceAll(s, "_", "")
	decimal, err := strconv.ParseInt(strings.TrimPrefix(plain, "+"), 10, 64)
	if err != nil { // hexadecimal, 0o…, binary, or beyond 64 bits
		if v, err := strconv.ParseInt(plain, 0, 64); err == nil {
			return fmt.Sprintf("%s is not written as a plain integer: write %d", Brief(s), v)
		}
		return Brief(s) + " is not written as a plain integer of at most 64 bits"
	}
	if octal, err := strconv.ParseInt(strings.TrimPrefix(plain, "+"), 0, 64); err == nil &&
		octal != decimal {
		return fmt.Sprintf("%s begins with 0, which some YAML readers take for octal:"+
			" write %d (or %d, if octal was meant)", Brief(s), decimal, octal)
	}
	return fmt.Sprintf("%s is not written as a plain integer: write %d", Brief(s), decimal)
}

// YesNo returns the boolean that older YAML readers read an unquoted word as, or "".
func YesNo(s string) string {
	switch strings.ToLower(s) {
	case "yes", "on", "y":
		return "true"
	case "no", "off", "n":
		return "false"
	}
	return ""
}
