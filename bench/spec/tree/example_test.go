package tree_test

import (
	"fmt"

	"github.com/uaibench/uaibench/bench/spec/tree"
)

// Errors about a value are reported at its place.
func ExampleRead() {
	data := []byte("budget: '1000'\nk: [3, 10]\n")
	root, errs := tree.Read(&tree.Source{Name: "x.yaml", Lines: true}, data, nil)
	for i, key := range root.Keys {
		if v := root.Items[i]; v.Kind != tree.Int {
			errs = append(errs, v.Error(key.Text, v.Wrong("an integer")))
		}
	}
	fmt.Println(errs.Sorted())
	// Output:
	// x.yaml:1:9: budget: "1000" is in quotes, so it is text: write 1000
	// x.yaml:2:4: k: a list where an integer belongs
}
