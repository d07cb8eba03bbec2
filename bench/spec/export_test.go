package spec

import (
	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/spec/tree"
)

// Tree reads YAML as an editor does, into JSON, by this package's own reader; false where it
// cannot be read.
func Tree(data []byte) (string, bool) {
	d := newDecoder(bench.Catalog{})
	n := d.read(&tree.Source{Name: "tree", Lines: true}, data)
	if n == nil || len(d.errs) > 0 {
		return "", false
	}
	return jsonText(n.Plain()), true
}
