package spec

import "github.com/uaibench/uaibench/bench"

// Nearest is nearest, for its test.
func Nearest(name string, valid []string) string { return nearest(name, valid) }

// Tree reads YAML as an editor does, into JSON, by this package's own reader; false where it
// cannot be read.
func Tree(data []byte) (string, bool) {
	d := newDecoder(bench.Catalog{})
	n := d.read(&source{name: "tree", lines: true}, data)
	if n == nil || len(d.errs) > 0 {
		return "", false
	}
	return jsonText(n.plain()), true
}
