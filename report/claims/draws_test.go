package claims

import (
	"strings"
	"testing"

	"github.com/uaibench/uaibench/report/claims/internal/fake"
	"github.com/uaibench/uaibench/report/claims/rule"
	"github.com/uaibench/uaibench/report/claims/sample"
)

// Counts over many draws decide a claim about a dataset that no run has. Without them the claim is
// not run; counts of another version of the builder are ignored.
func TestDrawsAreEvidence(t *testing.T) {
	var d sample.Draws
	add := func(id string, version int, rows, anomalies []int) {
		s := sample.DrawnDataset{ID: id, Version: version, Draws: 200}
		s.Add("rows", rows)
		s.Add("anomalies", anomalies)
		s.Add("classes", []int{map[string]int{"mnist0": 9, "mnist0_2": 7}[id] + 10*strings.Count(id, "_p") + 10*strings.Count(id, "_h")})
		d.Datasets = append(d.Datasets, s)
	}
	spread := func(around int) []int {
		out := make([]int, 200)
		for i := range out {
			out[i] = around - 100 + i
		}
		return out
	}
	info, _ := fake.Catalog().Dataset("mnist0")
	add("mnist0", info.Version, spread(54679), spread(602))
	add("mnist0_2", info.Version, spread(43199), spread(1822))
	add("mnist_hard", info.Version, []int{60000}, []int{2000})
	add("mnist_pca", info.Version, []int{60000}, []int{2996})
	verdict := func(d *sample.Draws) rule.Verdict {
		var e rule.Evidence
		if d != nil {
			e.Draws = d.Of(fake.Catalog())
		}
		return Judge(fake.Ledger(t), fake.Catalog(), e).Claim("syn-stats-mnist").Verdict
	}
	if v := verdict(&d); v != rule.Reproduced {
		t.Error(v)
	}
	if v := verdict(nil); v != rule.NotRun {
		t.Error(v)
	}
	d.Datasets[3].Add("anomalies", []int{2995})
	if v := verdict(&d); v != rule.Partly {
		t.Error(v)
	}
	for i := range d.Datasets {
		d.Datasets[i].Version++
	}
	if v := verdict(&d); v != rule.NotRun {
		t.Error("of another version:", v)
	}
	share := (&sample.Draws{Datasets: []sample.DrawnDataset{{ID: "mnist0", Version: info.Version, Draws: 2, Counts: map[string][]int{"rows": {200}, "anomalies": {1, 2}}}}}).Of(fake.Catalog())("mnist0", "anomaly_share")
	if len(share) != 2 || share[0] != 0.005 || share[1] != 0.01 {
		t.Error(share)
	}
	for _, bad := range []string{`{`, `{"datasets":[{"id":"x","draws":3,"counts":{"rows":[1,2]}}]}`, `{"datasets":[{"id":"x","counts":{"rows":[1]}}]}`} {
		if _, err := sample.ReadDraws("d.json", []byte(bad)); err == nil || !strings.Contains(err.Error(), "d.json") {
			t.Error(bad, err)
		}
	}
}
