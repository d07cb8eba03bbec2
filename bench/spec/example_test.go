package spec_test

import (
	"fmt"

	"github.com/uaibench/uaibench/bench/spec"
)

// Parse turns a spec into a plan: every cell with everything that determines its result.
func ExampleParse() {
	const text = `
version: 1
name: widths
datasets: [mnist0]
methods: [dae_uai, {id: dae, label: plain}]
budget: 1000
seeds: {base: 7, count: 1}
`
	plan, err := spec.Parse("widths.yaml", []byte(text), catalog(), spec.Options{Set: []string{"k=3,10"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range plan.Cells {
		fmt.Println(c.ID, c.Cell.Dataset.ID, c.Label, c.Variant, c.Cell.Method.Params["hidden"])
	}
	// Output:
	// 2ba301e6fd875210e848 mnist0 DAE_uai [{k 3}] [256 64 8]
	// 781e15fcdd08fad8f935 mnist0 plain [{k 3}] [256 64 8]
	// 7db543aba38c64bb647f mnist0 DAE_uai [{k 10}] [256 64 8]
	// d6ae8ebffc317b1d9ebf mnist0 plain [{k 10}] [256 64 8]
}

// All errors are reported at once, each with its place and the nearest valid name.
func ExampleParse_mistakes() {
	const text = `version: 1
name: demo
datasets: [minst0]
methods: [dae_ui]
budget: 0
k: [3, 10]
`
	_, err := spec.Parse("demo.yaml", []byte(text), catalog(), spec.Options{})
	fmt.Println(err)
	// Output:
	// demo.yaml:3:12: datasets[0]: no dataset is called "minst0": did you mean mnist0?
	// demo.yaml:4:11: methods[0]: no method is called "dae_ui": did you mean dae_uai?
	// demo.yaml:5:9: budget: 0 is below 1
	// demo.yaml:6:4: k: a list where an integer or {if_anomalies_below, then, else} belongs: to try several, write sweep: {k: [3, 10]}
}
