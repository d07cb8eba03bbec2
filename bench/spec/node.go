package spec

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// kind is what a value is, decided by how it is written and not by what is wanted.
type kind uint8

const (
	isNull kind = iota
	isBool
	isInt       // 5, -5: as JSON writes it
	isFloat     // 0.5, 1e3
	isIrregular // 010, 0x1f, 1_000, +5: YAML readers disagree about these
	isNotReal   // .inf, .nan
	isTooLarge  // an integer beyond 64 bits
	isText      // anything else, and anything in quotes
	isList      // items
	isMap       // keys and items
)

// source is where values were written: a file, or one --set argument.
type source struct {
	name  string // "demo.yaml" or "--set k=3"
	order int    // errors are printed in this order
	lines bool   // a place has a line and a column
}

// node is one value of the spec, with its place. Aliases are expanded, so each node has one parent.
type node struct {
	kind   kind
	text   string // of a scalar, as written but for its quotes
	quoted bool
	items  []*node // of a list, or of a map in the order of keys
	keys   []*node // of a map: isText whatever they look like

	src       *source
	line, col int
	parent    *node
	key       string // in a map's value and its key node: the key
	index     int    // in a list's item
	root      string // path of a node without parent
}

// path is how messages name the node: methods[2].params.hidden.
func (n *node) path() string {
	switch {
	case n.parent == nil:
		return n.root
	case n.parent.kind == isList:
		return n.parent.path() + "[" + strconv.Itoa(n.index) + "]"
	}
	return join(n.parent.path(), brief(n.key))
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// get returns the value of a map's key, of the first of them that it has.
func (n *node) get(keys ...string) (*node, bool) {
	for _, key := range keys {
		for i, k := range n.keys {
			if k.text == key {
				return n.items[i], true
			}
		}
	}
	return nil, false
}

// name is that of the key whose value, or a part of whose value, the node is.
func (n *node) name() string {
	for ; n.parent != nil; n = n.parent {
		if n.parent.kind == isMap {
			return n.key
		}
	}
	return n.root
}

// Layers that a value may come from; that of the first --set is setLayer.
const (
	defaultLayer = iota - 1
	specLayer
	profileLayer
	setLayer
)

// layer is where the value comes from: the later layer wins.
func (n *node) layer() int {
	if !n.src.lines {
		return n.src.order
	}
	for ; n.parent != nil; n = n.parent {
		if n.parent.parent == nil && n.key == "profiles" {
			return profileLayer
		}
	}
	return specLayer
}

// flow writes the node as YAML on one line.
func (n *node) flow() string {
	var parts []string
	for i, v := range n.items {
		text := v.flow()
		if n.kind == isMap {
			text = n.keys[i].text + ": " + text
		}
		parts = append(parts, text)
	}
	switch n.kind {
	case isList:
		return "[" + strings.Join(parts, ", ") + "]"
	case isMap:
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return n.text
}

// plain is the node as encoding/json would have decoded it, with numbers as json.Number.
func (n *node) plain() any {
	switch n.kind {
	case isNull:
		return nil
	case isBool:
		return strings.EqualFold(n.text, "true")
	case isInt, isTooLarge:
		return json.Number(n.text)
	case isFloat:
		if f, err := strconv.ParseFloat(n.text, 64); err == nil {
			return f
		}
	case isList:
		out := []any{}
		for _, v := range n.items {
			out = append(out, v.plain())
		}
		return out
	case isMap:
		out := map[string]any{}
		for i, k := range n.keys {
			out[k.text] = n.items[i].plain()
		}
		return out
	}
	return n.text // also 010, 0x10 and .nan, which are no JSON
}

// integer is the value of an isInt.
func (n *node) integer() int64 {
	i, _ := strconv.ParseInt(n.text, 10, 64)
	return i
}

// looksNumeric tells whether text was meant for a number: one in quotes, or with a thousands
// separator.
func (n *node) looksNumeric() bool {
	return n.quoted && classify(n.text) != isText || grouped.MatchString(n.text)
}

var (
	intForm       = regexp.MustCompile(`^(-?[1-9][0-9]*|0)$`)
	floatForm     = regexp.MustCompile(`^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$`)
	irregularForm = regexp.MustCompile(`^[-+]?(0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|[0-9][0-9_]*)$`)
	notReal       = regexp.MustCompile(`^([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$`)
)

// classify tells the kind of a plain (unquoted) scalar.
func classify(s string) kind {
	switch s {
	case "", "~", "null", "Null", "NULL":
		return isNull
	case "true", "True", "TRUE", "false", "False", "FALSE":
		return isBool
	}
	switch {
	case intForm.MatchString(s):
		if _, err := strconv.ParseInt(s, 10, 64); err != nil {
			return isTooLarge
		}
		return isInt
	case irregularForm.MatchString(s):
		return isIrregular
	case floatForm.MatchString(s):
		return isFloat
	case notReal.MatchString(s):
		return isNotReal
	}
	return isText
}

// describe names what a value is, for "… where an integer belongs".
func (n *node) describe() string {
	switch n.kind {
	case isNull:
		return "nothing"
	case isList:
		return "a list"
	case isMap:
		return "a mapping"
	case isText:
		if n.quoted {
			return strconv.Quote(brief(n.text)) + " (text, in quotes)"
		}
		return strconv.Quote(brief(n.text)) + " (text)"
	}
	return brief(n.text)
}

// wrong explains that a value is of another kind than wanted, and how to write it if that is plain.
// wanted is "an integer", "true or false", …
func (n *node) wrong(wanted string) string {
	number := strings.Contains(wanted, "integer") || strings.Contains(wanted, "number")
	switch {
	case number && n.kind == isText && n.quoted && classify(n.text) != isText:
		if k := classify(n.text); k == isInt || k == isFloat {
			return fmt.Sprintf("%q is in quotes, so it is text: write %s", brief(n.text),
				brief(n.text))
		}
	case number && n.kind == isIrregular:
		return irregular(n.text)
	case number && n.kind == isTooLarge:
		return fmt.Sprintf("%s is too large: integers end at 9223372036854775807", brief(n.text))
	case number && n.kind == isFloat && !strings.Contains(wanted, "number"):
		if f, err := strconv.ParseFloat(n.text, 64); err == nil && f == float64(int64(f)) &&
			f > -1e15 && f < 1e15 {
			return fmt.Sprintf("%s is written as a fraction where %s belongs: write %d",
				brief(n.text), wanted, int64(f))
		}
	case number && n.kind == isText && !n.quoted && grouped.MatchString(n.text):
		return fmt.Sprintf("%q is text: write %s", brief(n.text),
			strings.NewReplacer(",", "", "'", "", " ", "").Replace(brief(n.text)))
	case number && n.kind == isNotReal:
		return n.text + " is not a finite number"
	case wanted == "true or false" && n.kind == isText && yesNo(n.text) != "":
		return fmt.Sprintf("%q is text here, as YAML 1.2 has it: write %s", n.text, yesNo(n.text))
	case wanted == "text" && (n.kind == isBool || n.kind >= isInt && n.kind <= isTooLarge):
		return fmt.Sprintf("%s is not text as it stands: put it in quotes, %q", brief(n.text),
			brief(n.text))
	case n.kind == isNull:
		return "there is no value: " + wanted + " belongs here"
	}
	return n.describe() + " where " + wanted + " belongs"
}

var grouped = regexp.MustCompile(`^[0-9]{1,3}([,' ][0-9]{3})+$`)

// irregular explains an integer that YAML readers take differently.
func irregular(s string) string {
	plain := strings.ReplaceAll(s, "_", "")
	decimal, err := strconv.ParseInt(strings.TrimPrefix(plain, "+"), 10, 64)
	if err != nil { // hexadecimal, 0o…, binary, or beyond 64 bits
		if v, err := strconv.ParseInt(plain, 0, 64); err == nil {
			return fmt.Sprintf("%s is not written as a plain integer: write %d", brief(s), v)
		}
		return brief(s) + " is not written as a plain integer of at most 64 bits"
	}
	if octal, err := strconv.ParseInt(strings.TrimPrefix(plain, "+"), 0, 64); err == nil &&
		octal != decimal {
		return fmt.Sprintf("%s begins with 0, which some YAML readers take for octal:"+
			" write %d (or %d, if octal was meant)", brief(s), decimal, octal)
	}
	return fmt.Sprintf("%s is not written as a plain integer: write %d", brief(s), decimal)
}

// yesNo gives the boolean that older YAML readers see in an unquoted word, or "".
func yesNo(s string) string {
	switch strings.ToLower(s) {
	case "yes", "on", "y":
		return "true"
	case "no", "off", "n":
		return "false"
	}
	return ""
}
