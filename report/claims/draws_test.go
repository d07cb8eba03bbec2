package claims

import (
	"strings"
	"testing"
)

// Counts of many draws decide a claim about a dataset that no run has; without them it is not run,
// and those of another version of the builder are none.
func TestDrawsAreEvidence(t *testing.T) {
	var d Draws
	add := func(id string, version int, rows, anomalies []int) {
		s := DrawnDataset{ID: id, Version: version, Draws: 200}
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
	info, _ := catalog().Dataset("mnist0")
	add("mnist0", info.Version, spread(54679), spread(602))
	add("mnist0_2", info.Version, spread(43199), spread(1822))
	add("mnist_hard", info.Version, []int{60000}, []int{2000})
	add("mnist_pca", info.Version, []int{60000}, []int{2996})
	verdict := func(d *Draws) Verdict {
		var e Evidence
		if d != nil {
			e.Draws = d.Of(catalog())
		}
		return Judge(ledger(t), catalog(), e).Claim("syn-stats-mnist").Verdict
	}
	if v := verdict(&d); v != Reproduced {
		t.Error(v)
	}
	if v := verdict(nil); v != NotRun {
		t.Error(v)
	}
	d.Datasets[3].Add("anomalies", []int{2995})
	if v := verdict(&d); v != Partly {
		t.Error(v)
	}
	for i := range d.Datasets {
		d.Datasets[i].Version++
	}
	if v := verdict(&d); v != NotRun {
		t.Error("of another version:", v)
	}
	share := (&Draws{Datasets: []DrawnDataset{{ID: "mnist0", Version: info.Version, Draws: 2, Counts: map[string][]int{"rows": {200}, "anomalies": {1, 2}}}}}).Of(catalog())("mnist0", "anomaly_share")
	if len(share) != 2 || share[0] != 0.005 || share[1] != 0.01 {
		t.Error(share)
	}
	for _, bad := range []string{`{`, `{"datasets":[{"id":"x","draws":3,"counts":{"rows":[1,2]}}]}`, `{"datasets":[{"id":"x","counts":{"rows":[1]}}]}`} {
		if _, err := ReadDraws("d.json", []byte(bad)); err == nil || !strings.Contains(err.Error(), "d.json") {
			t.Error(bad, err)
		}
	}
}
