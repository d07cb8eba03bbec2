package spec_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/spec"
)

// of returns the plan's cells with the given setting; for "", those without settings.
func of(p *bench.Plan, setting string) []bench.PlannedCell {
	var out []bench.PlannedCell
	for _, c := range p.Cells {
		s := ""
		for _, v := range c.Variant {
			s += v.Name + "=" + v.Value
		}
		if s == setting {
			out = append(out, c)
		}
	}
	return out
}

func idsOf(cells []bench.PlannedCell) []string {
	var out []string
	for _, c := range cells {
		out = append(out, c.ID)
	}
	return out
}

// TestVariantIsAnEdit checks that a variant's cells are those of the spec with its change written
// out, and that the default's are those of the spec without variants. So they are paired: nothing
// else differs, not even the order.
func TestVariantIsAnEdit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSpec(t)
		delete(s, "sweep")
		s["methods"] = []any{"dae", "dae_uai"}
		edited := tree{}
		for key, v := range s {
			edited[key] = v
		}
		variant := tree{"label": "v"}
		switch rapid.IntRange(0, 4).Draw(t, "kind") {
		case 0:
			variant["k"], edited["k"] = 51, 51
		case 1:
			variant["budget"], edited["budget"] = 321, 321
			delete(s, "checkpoints")
			delete(edited, "checkpoints")
		case 2:
			variant["oracle"] = tree{"alarm": 0.5}
			merged := tree{"alarm": 0.5}
			if o, ok := s["oracle"].(tree); ok {
				merged["miss"] = o["miss"]
			}
			edited["oracle"] = merged
		case 3:
			variant["params"] = tree{"hidden": []any{5}, "dae_uai.noise": 2}
			edited["methods"] = []any{tree{"id": "dae", "params": tree{"hidden": []any{5}}}, tree{"id": "dae_uai", "params": tree{"hidden": []any{5}, "noise": 2}}}
		case 4:
			variant["dataset_params"] = tree{"rows": 2000}
			edited["datasets"], s["datasets"] = []any{tree{"id": "mnist0", "params": tree{"rows": 2000}}, tree{"id": "mnist_pca", "params": tree{"rows": 2000}}}, []any{"mnist0", "mnist_pca"}
		}
		plain := plan(t, jsonOf(s), spec.Options{})
		want := plan(t, jsonOf(edited), spec.Options{})
		s["variants"] = []any{variant}
		got := plan(t, jsonOf(s), spec.Options{})
		if a, b := idsOf(of(got, "")), idsOf(plain.Cells); !slices.Equal(a, b) {
			t.Fatalf("the default's cells are %v, want %v", a, b)
		}
		if a, b := idsOf(of(got, "variant=v")), idsOf(want.Cells); !slices.Equal(a, b) || len(a)+len(plain.Cells) != len(got.Cells) {
			t.Fatalf("the variant's cells are %v, want %v", a, b)
		}
	})
}

// TestVariantWithoutEffect checks that a renamed copy, and a parameter set to its present value,
// give the default's cells, so that every paired difference is exactly zero and nothing runs twice.
func TestVariantWithoutEffect(t *testing.T) {
	p := parse(t, "{version: 1, name: x, datasets: [mnist0], methods: [dae, dae_uai], budget: 50, seeds: [1, 2], variants: [{label: copy}, {params: {noise: 0.1}}, {k: {if_anomalies_below: 100, then: 3, else: 10}, label: same k}]}", spec.Options{})
	want := idsOf(of(p, ""))
	for _, setting := range []string{"variant=copy", "noise=0.1", "variant=same k"} {
		if got := idsOf(of(p, setting)); !slices.Equal(got, want) || len(got) != 4 {
			t.Errorf("%s: %v, want the default's %v", setting, got, want)
		}
	}
}

// TestVariantTouchesOnlyItsOwn checks that methods and datasets that a variant does not change have
// no cells in it.
func TestVariantTouchesOnlyItsOwn(t *testing.T) {
	const text = "{version: 1, name: x, datasets: [mnist0, mnist_pca], methods: [dae, dae_uai, random], budget: 50, seeds: [1], variants: [%s]}"
	for variant, want := range map[string]string{
		"{params: {dae_uai.gamma: 2}}":                                          "mnist0 dae_uai, mnist_pca dae_uai",
		"{dataset_params: {mnist0.keep: 0.5}}":                                  "mnist0 dae, mnist0 dae_uai, mnist0 random",
		"{params: {dae.noise: 1}, dataset_params: {mnist0.keep: 0.5}}":          "mnist0 dae, mnist0 dae_uai, mnist0 random, mnist_pca dae",
		"{k: 2, only: [random, mnist_pca]}":                                     "mnist_pca random",
		"{params: {noise: 1}, only: [dae, dae_uai]}":                            "mnist0 dae, mnist0 dae_uai, mnist_pca dae, mnist_pca dae_uai",
		"{oracle: {miss: 0.1}, only: [dae_uai]}":                                "mnist0 dae_uai, mnist_pca dae_uai",
		"{dataset_params: {keep: 0.5}, only: [mnist0], params: {dae.noise: 1}}": "mnist0 dae, mnist0 dae_uai, mnist0 random",
	} {
		p := parse(t, fmt.Sprintf(text, variant), spec.Options{})
		var got []string
		for _, c := range p.Cells {
			if len(c.Variant) > 0 {
				got = append(got, c.Cell.Dataset.ID+" "+c.Cell.Method.ID)
			}
		}
		slices.Sort(got)
		if s := strings.Join(got, ", "); s != want || len(p.Cells) != 6+len(got) {
			t.Errorf("%s: %s, want %s", variant, s, want)
		}
	}
}

// TestVariantUndone checks that a variant whose changes a later layer sets again has no cells, so
// that no cell's name gives a value that it does not have. If only some of the changes are set
// again without a label, or if nothing is left to run, that is an error.
func TestVariantUndone(t *testing.T) {
	const text = "{version: 1, name: x, datasets: [mnist0, mammography], methods: [dae, dae_uai], budget: 50, seeds: [1], " +
		"variants: {default: %v, list: [{params: {noise: 0.5}}, {k: 7}, {oracle: {miss: 0.1}}, {label: two, params: {noise: 0.4}, k: 9}, {budget: 30, params: {gamma: 3}, only: [dae_uai]}, {dataset_params: {mnist0.keep: 0.5}}]}}"
	for _, c := range []struct {
		deflt bool
		set   []string
		want  string // cells of each variant, or an error
	}{
		{true, nil, "4 noise=0.5:4 k=7:4 oracle.miss=0.1:4 variant=two:4 mnist0.keep=0.5:2"},
		{true, []string{"oracle.alarm=0.1", "dae_uai.pretrain_steps=9"}, "4 noise=0.5:4 k=7:4 oracle.miss=0.1:4 variant=two:4 mnist0.keep=0.5:2"},
		{true, []string{"budget=40"}, "overrides some of what this variant changes of dae_uai on mnist0"},
		{true, []string{"oracle.miss=0.2", "mnist0.keep=0.3"}, "4 noise=0.5:4 k=7:4 oracle.miss=0.1:0 variant=two:4 mnist0.keep=0.5:0"},
		{true, []string{"params.noise=0.2"}, "4 noise=0.5:0 k=7:4 oracle.miss=0.1:4 variant=two:4 mnist0.keep=0.5:2"},
		{true, []string{"params.noise=0.2", "k=1"}, "4 noise=0.5:0 k=7:0 oracle.miss=0.1:4 variant=two:0 mnist0.keep=0.5:2"},
		{true, []string{"dae.noise=0.2", "k=1"}, "4 noise=0.5:2 k=7:0 oracle.miss=0.1:4 variant=two:2 mnist0.keep=0.5:2"},
		{false, []string{"params.noise=0.2", "k=1", "oracle.miss=0", "mnist0.keep=0.3", "budget=20", "dae_uai.gamma=1"}, "nothing is left to run"},
	} {
		p, err := spec.Parse("spec.yaml", fmt.Appendf(nil, text, c.deflt), catalog(), spec.Options{Set: c.set})
		if err != nil {
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("%q: %v, want %q", c.set, err, c.want)
			}
			continue
		}
		got := fmt.Sprint(len(of(p, "")))
		for _, v := range []string{"noise=0.5", "k=7", "oracle.miss=0.1", "variant=two", "mnist0.keep=0.5"} {
			got += fmt.Sprintf(" %s:%d", v, len(of(p, v)))
		}
		if got != c.want {
			t.Errorf("%q: %s, want %s", c.set, got, c.want)
		}
	}
}
