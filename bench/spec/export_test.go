package spec

import (
	"encoding/json"
	"strconv"
	"strings"
)

// Nearest is nearest, for its test.
func Nearest(name string, valid []string) string { return nearest(name, valid) }

// Tree reads YAML as an editor does, into JSON, by this package's own reader; false where it
// cannot be read.
func Tree(data []byte) (string, bool) {
	d := &decoder{said: map[Error]bool{}}
	n := d.read(&source{name: "tree", lines: true}, data)
	if n == nil || len(d.errs) > 0 {
		return "", false
	}
	return jsonText(tree(n)), true
}

func tree(n *node) any {
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
			out = append(out, tree(v))
		}
		return out
	case isMap:
		out := map[string]any{}
		for i, k := range n.keys {
			out[k.text] = tree(n.items[i])
		}
		return out
	}
	return n.text // also 010, 0x10 and .nan, which are no JSON
}
