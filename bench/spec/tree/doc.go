// Package tree reads YAML as a tree in which every value keeps its file, line, column and path, so
// that whatever is found wrong with it later is told at its place:
//
//	root, errs := tree.Read(&tree.Source{Name: "x.yaml", Lines: true}, data, nil)
//	if v, ok := root.Get("budget"); ok && v.Kind != tree.Int {
//		errs = append(errs, v.Error(v.Path(), v.Wrong("an integer")))
//	}
//
// It takes less than YAML: no tags, no merge keys, no second document, no key twice; aliases are
// expanded within bounds. A value's kind is decided by how it is written, and forms about which
// YAML readers disagree (010, 1_000, yes) are kinds of their own. The YAML library stays behind
// this package. Suggest and Nearest end messages about unknown names.
package tree
