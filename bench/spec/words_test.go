package spec_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/uaibench/uaibench/bench/spec"
)

// TestFormerWords checks that a spec in former words gives the same plan, ids included, as in
// present ones.
func TestFormerWords(t *testing.T) {
	old, err := os.ReadFile("testdata/valid/looks.yaml")
	if err != nil {
		t.Fatal(err)
	}
	now := strings.NewReplacer("look:", "probe:", "tail", "frozen_ranking", "kind: guesses", "kind: frozen_ranking",
		"latent_plane", "latent_projection", "plane", "latent_projection").Replace(string(old))
	if strings.Count(now, "probe:") < 2 || !strings.Contains(now, "kind: latent_projection") {
		t.Fatalf("nothing to compare:\n%s", now)
	}
	for _, profile := range []string{"", "places", "other", "none"} {
		o := spec.Options{Profile: profile}
		if diff := cmp.Diff(jsonOf(parse(t, string(old), o)), jsonOf(parse(t, now, o))); diff != "" {
			t.Errorf("%q (-former +now):\n%s", profile, diff)
		}
	}
	for _, set := range [][2]string{
		{"checkpoints={at: [0], look: [tail]}", "checkpoints={at: [0], probe: [frozen_ranking]}"},
		{"checkpoints.look=[tail,plane]", "checkpoints.probe=frozen_ranking,latent_projection"},
	} {
		a, b := spec.Options{Set: set[:1], Profile: "places"}, spec.Options{Set: set[1:], Profile: "places"}
		if diff := cmp.Diff(jsonOf(parse(t, string(old), a)), jsonOf(parse(t, now, b))); diff != "" {
			t.Errorf("%q (-former +now):\n%s", set, diff)
		}
	}
}

// TestFormerKeyBesideTheNew checks that a key and its former name together are an error.
func TestFormerKeyBesideTheNew(t *testing.T) {
	_, err := spec.Parse("x.yaml", []byte("{version: 1, name: x, datasets: [mnist0], methods: [dae], budget: 5, checkpoints: {at: [0], look: [tail], probe: [test]}}"), catalog(), spec.Options{})
	const want = "x.yaml:1:93: checkpoints.look: look is the former name of probe, which is given too"
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

// TestSetBareParameter checks that --set hidden=… reaches every method that has the parameter, like
// hidden in sweep.
func TestSetBareParameter(t *testing.T) {
	const text = "{version: 1, name: x, datasets: [mnist0], methods: [dae, dae_uai, class, random], budget: 100, seeds: [1]%s}"
	plain := strings.Replace(text, "%s", "", 1)
	swept := strings.Replace(text, "%s", ", sweep: {hidden: [[64, 8], [32]]}", 1)
	for _, c := range []struct {
		set, same string // an equivalent --set, or "" for the spec with a sweep
	}{
		{"hidden=[64,8],[32]", ""},
		{"hidden=[64,8]", "params.hidden=[64,8]"},
		{"noise=0,0.5", "sweep.noise=0,0.5"},
	} {
		want := parse(t, swept, spec.Options{})
		if c.same != "" {
			want = parse(t, plain, spec.Options{Set: []string{c.same}})
		}
		got := parse(t, plain, spec.Options{Set: []string{c.set}})
		if diff := cmp.Diff(jsonOf(want), jsonOf(got)); diff != "" {
			t.Errorf("--set %s (-want +got):\n%s", c.set, diff)
		}
	}
	p := parse(t, swept, spec.Options{Set: []string{"hidden=[5]"}})
	if len(p.Cells) != 4 {
		t.Errorf("%d cells: --set ends a sweep", len(p.Cells))
	}
	for _, c := range p.Cells {
		if h, ok := c.Cell.Method.Params["hidden"]; c.Cell.Method.ID != "random" && jsonOf(h) != "[5]" || ok == (c.Cell.Method.ID == "random") {
			t.Errorf("%s has %v", c.Cell.Method.ID, h)
		}
	}
}
