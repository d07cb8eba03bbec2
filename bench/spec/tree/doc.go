// Package tree reads YAML as a tree in which every value keeps its file, line, column and path, so
// that later errors about it are reported at its place:
//
//	root, errs := tree.Read(&tree.Source{Name: "x.yaml", Lines: true}, data, nil)
//	if v, ok := root.Get("budget"); ok && v.Kind != tree.Int {
//	errs = append(errs, v.Error(v.Path(), v.Wrong("an integer")))
//	}
//
// It accepts a subset of YAML: no tags, merge keys, second documents or repeated keys; aliases are
// expanded within bounds. A value's kind depends on how it is written, and forms about which YAML
// readers disagree (010, 1_000, yes) have kinds of their own. Only this package uses the YAML
// library. Suggest and Nearest end messages about unknown names.
package tree
