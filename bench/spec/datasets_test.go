package spec_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/spec"
)

// TestDatasetSettings checks that a dataset entry's own method parameters, budget and k apply only
// to it, and rank above the layer's general settings, below its sweeps and below every later layer.
func TestDatasetSettings(t *testing.T) {
	const text = `
version: 1
name: x
datasets: [mammography, {id: mnist_pca, budget: 30, k: 4, method_params: {noise: 0.5, dae_uai.noise: 0.25, pretrain_steps: 7}}]
methods: [{id: dae, params: {noise: 0.1, pretrain_steps: 1}}, dae_uai, random]
budget: 20
k: 2
seeds: [1]
profiles:
  p: {params: {noise: 1}}
  own: {datasets: [{id: mnist_pca, method_params: {noise: 2}}]}
`
	for _, c := range []struct {
		profile string
		set     []string
		want    []string
	}{
		{"", nil, []string{
			"mammography dae 20 2 0.1 1", "mammography dae_uai 20 2 0.1 5000", "mammography random 20 2",
			"mnist_pca dae 30 4 0.5 7", "mnist_pca dae_uai 30 4 0.25 7", "mnist_pca random 30 4"}},
		{"p", nil, []string{
			"mammography dae 20 2 1 1", "mammography dae_uai 20 2 1 5000", "mammography random 20 2",
			"mnist_pca dae 30 4 1 7", "mnist_pca dae_uai 30 4 1 7", "mnist_pca random 30 4"}},
		{"own", nil, []string{"mnist_pca dae 20 2 2 1", "mnist_pca dae_uai 20 2 2 5000", "mnist_pca random 20 2"}},
		{"", []string{"budget=5", "k=1", "dae.pretrain_steps=3", "methods=dae"}, []string{"mammography dae 5 1 0.1 3", "mnist_pca dae 5 1 0.5 3"}},
		{"", []string{"k=1,5", "methods=random", "datasets=mnist_pca"}, []string{"mnist_pca random 30 1", "mnist_pca random 30 5"}},
		{"", []string{"k=1,5", "methods=random", "datasets={id: mnist_pca}"}, []string{"mnist_pca random 20 1", "mnist_pca random 20 5"}},
	} {
		p, err := spec.Parse("x.yaml", []byte(text), catalog(), spec.Options{Profile: c.profile, Set: c.set})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, c := range p.Cells {
			s := fmt.Sprint(c.Cell.Dataset.ID, " ", c.Cell.Method.ID, " ", c.Cell.Budget, " ", c.Cell.K)
			if _, ok := c.Cell.Method.Params["noise"]; ok {
				s += fmt.Sprint(" ", c.Cell.Method.Params.Float("noise"), " ", c.Cell.Method.Params.Int("pretrain_steps"))
			}
			got = append(got, s)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s %v (-want +got):\n%s", c.profile, c.set, diff)
		}
	}
}

// TestDatasetSettingsAreAnEdit checks that a spec whose two dataset entries have settings of their
// own gives the cells, ids included, of two specs that set the same for all their datasets.
func TestDatasetSettingsAreAnEdit(t *testing.T) {
	parse := func(text string) []bench.PlannedCell {
		p, err := spec.Parse("x.yaml", []byte("{version: 1, name: x, seeds: [1], methods: [dae, {id: dae_uai, params: {noise: 3}}], "+text+"}"), catalog(), spec.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return p.Cells
	}
	one := parse("datasets: [{id: mnist0, budget: 9, k: 3, checkpoints: [0, 9], method_params: {noise: 1, dae_uai.gamma: 2}}, {id: mnist_pca, k: 5}], budget: 50")
	two := append(
		parse("datasets: [mnist0], budget: 9, k: 3, checkpoints: [0, 9], sweep: {noise: [1], dae_uai.gamma: [2]}"),
		parse("datasets: [mnist_pca], budget: 50, k: 5")...)
	for i := range two {
		two[i].Variant = nil // a sweep of one value is still shown as one
	}
	if diff := cmp.Diff(jsonOf(two), jsonOf(one)); diff != "" {
		t.Errorf("(-two specs +one):\n%s", diff)
	}
}
