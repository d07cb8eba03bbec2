package spec_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/spec"
)

func parse(t *testing.T, text string, o spec.Options) *bench.Plan {
	t.Helper()
	p, err := spec.Parse("x.yaml", []byte(text), catalog(), o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestHalvesAreShared checks that the methods of a seed share one training half, that each seed has
// its own, and that split cells do not depend on settings of the audits.
func TestHalvesAreShared(t *testing.T) {
	const text = "{version: 1, name: x, datasets: [mnist_pca], methods: [dae, class, random], budget: 50, seeds: [5, 6], protocol: [pool, {split: half, train: [contaminated, dirty], round: floor}]}"
	p := parse(t, text, spec.Options{})
	keys := map[string]map[uint64][]string{}
	for _, c := range p.Cells {
		split := ""
		for _, v := range c.Variant {
			if v.Name == "split" {
				split = v.Value
			}
		}
		if (split != "") != c.Cell.HasHoldout() {
			t.Errorf("cell of split %q: %+v", split, c.Cell)
		}
		if keys[split] == nil {
			keys[split] = map[uint64][]string{}
		}
		keys[split][c.Cell.Seed] = append(keys[split][c.Cell.Seed], c.Cell.Dataset.Key())
	}
	for split, want := range map[string]bench.Split{"": {}, "1 %, floor": {Train: "contaminated", Contamination: 0.01, Stratified: true}, "dirty, floor": {Train: "dirty", Stratified: true}} {
		five, six := keys[split][5], keys[split][6]
		if len(five) != 3 || len(six) != 3 || five[0] != five[1] || five[1] != five[2] || six[0] != six[1] || (five[0] == six[0]) != (split == "") {
			t.Errorf("split %q: keys %v and %v", split, five, six)
		}
		for _, c := range p.Cells {
			if c.Cell.Dataset.Key() != five[0] || split == "" {
				continue
			}
			want.Seed = 5
			if diff := cmp.Diff(bench.Cell{Dataset: c.Cell.Dataset, Method: c.Cell.Method, Seed: 5, Threshold: bench.Threshold{Ratio: 0.05, Round: "floor"}, Loop: bench.LoopVersion}, c.Cell); diff != "" || c.Cell.Dataset.Split != want {
				t.Errorf("%+v\n%s", c.Cell.Dataset.Split, diff)
			}
		}
	}
	for _, set := range [][]string{{"budget=70"}, {"k=3"}, {"checkpoints=[0]"}, {"oracle.miss=0.5"}, {"budget=7,9"}} {
		changed := parse(t, text, spec.Options{Set: set})
		var a, b []string
		for _, c := range p.Cells {
			if c.Cell.HasHoldout() {
				a = append(a, c.ID)
			}
		}
		for _, c := range changed.Cells {
			if c.Cell.HasHoldout() {
				b = append(b, c.ID)
			}
		}
		if diff := cmp.Diff(a, b); diff != "" || len(a) != 12 {
			t.Errorf("--set %v changes halved cells:\n%s", set, diff)
		}
	}
	if p := parse(t, text, spec.Options{Set: []string{"protocol=pool"}}); len(p.Cells) != 6 {
		t.Errorf("%d cells with --set protocol=pool", len(p.Cells))
	}
	if p := parse(t, text, spec.Options{Set: []string{"protocol={split: half, train: clean},pool", "seeds=1"}}); len(p.Cells) != 6 {
		t.Errorf("%d cells with two protocols set", len(p.Cells))
	}
}
