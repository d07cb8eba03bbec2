package rule

import (
	"strings"
	"testing"

	"github.com/uaibench/uaibench/report/claims/internal/fake"
	"github.com/uaibench/uaibench/report/claims/ledger"
)

// A gap is between the worst of the active arms and the best of the others. With the same best arms
// everywhere, an active arm that is bad only on Covtype makes its gap the narrowest, whatever its
// place in the list; so does another method that is good there.
func TestWidestGap(t *testing.T) {
	l := fake.Ledger(t)
	const wide, narrow = "holds", "fails"
	f1 := map[string]float64{"loda_aad": 0.8, "tree_aad": 0.8, "dae_uai": 0.8, "dae": 0.2, "dagmm_clean": 0.2, "dagmm_dirty": 0.2}
	for _, x := range []struct {
		arm     string
		covtype float64
		want    string
	}{
		{"loda_aad", 0.5, narrow}, {"tree_aad", 0.5, narrow}, {"dae_uai", 0.5, narrow},
		{"dae", 0.5, narrow}, {"dagmm_clean", 0.5, narrow}, {"dagmm_dirty", 0.5, narrow},
		{"all others", 0.1, wide},
	} {
		j := &Judge{Ledger: l, Source: fakes(func(_ *ledger.Operand, arm, dataset, _ string) []float64 {
			v := f1[arm]
			if dataset == "covtype" && (arm == x.arm || x.arm == "all others" && strings.HasPrefix(arm, "da") && arm != "dae_uai") {
				v = x.covtype
			}
			out := make([]float64, 40)
			for i := range out {
				out[i] = v + 0.001*float64(i%5)
			}
			return out
		})}
		for _, c := range j.widest(&ledger.Check{
			Op:       "widest",
			Left:     &ledger.Operand{Arms: []string{"loda_aad", "tree_aad", "dae_uai"}, Metric: "f1", Dataset: "covtype"},
			Right:    &ledger.Operand{Arms: []string{"dae", "dagmm_clean", "dagmm_dirty"}, Metric: "f1", Dataset: "covtype"},
			Datasets: []string{"thyroid", "yeast"},
		}) {
			if string(c.Outcome) != x.want {
				t.Errorf("%s at %v on Covtype, beside %s: %s, want %s", x.arm, x.covtype, c.Dataset, c.Outcome, x.want)
			}
		}
	}
}
