package paper

import "testing"

// TestF1: by hand, from Table 1.
func TestF1(t *testing.T) {
	for _, c := range []struct {
		arm, dataset string
		want         float64
		ok           bool
	}{{"dae_uai", "thyroid", 0.57, true}, {"tree_aad", "kddcup", 0.89, true}, {"dagmm_dirty", "mmg", 0, true},
		{"dae_uai", "mnist0", 0, false}, {"random", "thyroid", 0, false}} {
		if got, ok := F1(c.arm, c.dataset); got != c.want || ok != c.ok {
			t.Errorf("%s on %s: %v, %v", c.arm, c.dataset, got, ok)
		}
	}
}
