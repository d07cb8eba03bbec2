package spec

import (
	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/spec/tree"
)

// Tree reads YAML with this package's reader and returns it as JSON, as an editor would; false if
// it cannot be read.
func Tree(data []byte) (string, bool) {
	d := newDecoder(bench.Catalog{})
	n := d.read(&tree.Source{Name: "tree", Lines: true}, data)
	if n == nil || len(d.errs) > 0 {
		return "", false
	}
	return jsonText(n.Plain()), true
}
