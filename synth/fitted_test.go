package synth

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/bench"
)

// Every fit names an existing parameter and value, and each choice made to match a printed number
// is listed for the parameters that it concerns.
func TestFitted(t *testing.T) {
	for _, d := range Catalog() {
		for _, f := range d.Fitted {
			i := slices.IndexFunc(d.Params, func(p bench.Param) bool { return p.Name == f.Param })
			if f.Is == "" || f.To == "" || f.Param != "" && i < 0 {
				t.Errorf("%s: %+v", d.ID, f)
			}
			if f.Value != nil {
				if _, err := d.Params[i].Normalize(f.Value); err != nil {
					t.Errorf("%s: %+v: %v", d.ID, f, err)
				}
			}
		}
		if split := len(d.FittedWith(nil, true)) - len(d.FittedWith(nil, false)); (d.Halves.Ratio > 0) != (split >= 2) {
			t.Errorf("%s: %d fits of the split alone, ratio %v", d.ID, split, d.Halves.Ratio)
		}
	}
	for _, c := range []struct {
		id    string
		given string
		want  []string // each a prefix of Fit.Is, in order
	}{
		{"mnist0", `{}`, []string{"the same stream"}},
		{"mnist0_2", `{"draw": "exact"}`, []string{"the number of images"}},
		{"fashion_hard", `{}`, []string{"the weak classifier's size", "the weak classifier's training"}},
		{"fashion_hard", `{"hidden": 8, "steps": 100}`, nil},
		{"mnist_hard", `{"hidden": 8, "calibrated": true}`, []string{"the weak classifier's training", "the weak classifier's stopping point"}},
		{"mnist_pca", `{}`, nil},
		{"kddcup", `{}`, []string{"leaving out a constant column"}},
		{"kddcup", `{"encoding": "plain"}`, nil},
		{"kddcup_rev", `{}`, []string{"leaving out a constant column", "the test set's number of attacks", "the test set's numbers of attacks of seen"}},
		{"kddcup_rev", `{"test": "class_balanced", "encoding": "plain"}`, []string{"the test set's number of attacks"}},
		{"thyroid", `{}`, nil},
	} {
		var given map[string]any
		if err := json.Unmarshal([]byte(c.given), &given); err != nil {
			t.Fatal(err)
		}
		d := entryOf(c.id)
		p, errs := bench.Resolve(d.Params, given)
		if errs != nil {
			t.Fatal(errs)
		}
		got := d.FittedWith(p, false)
		ok := len(got) == len(c.want)
		for i := range got {
			ok = ok && strings.HasPrefix(got[i].Is, c.want[i])
		}
		if !ok {
			t.Errorf("%s %s: %+v, want %v", c.id, c.given, got, c.want)
		}
	}
}
