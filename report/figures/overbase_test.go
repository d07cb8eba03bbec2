package figures

import (
	"strings"
	"testing"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/metric"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/internal/fake"
	"github.com/uaibench/uaibench/report/model"
)

// Three seeds with two anomalies: within two audits the layer finds two, two and one, its base one,
// none and one. In the fourth seed the base failed.
func TestOverBase(t *testing.T) {
	f := fake.New("x")
	pool := fake.Dataset("mmg", nil)
	curve := func(n int) metric.RecallCurve { return metric.RecallCurve{1, 2}[:n] }
	for seed, found := range [][2]int{{2, 1}, {2, 0}, {1, 1}} {
		f.Add(pool, "dsebm_uai", "DSEBM_uai", uint64(seed), fake.Outcome{Rows: 20, N: 2, Budget: 2, Found: curve(found[0])})
		f.Add(pool, "dsebm_e", "DSEBM-e", uint64(seed), fake.Outcome{Rows: 20, N: 2, Budget: 2, Found: curve(found[1])})
	}
	f.Add(pool, "dsebm_uai", "DSEBM_uai", 3, fake.Outcome{Rows: 20, N: 2, Budget: 2, Found: curve(2)})
	f.Add(pool, "dsebm_e", "DSEBM-e", 3, fake.Outcome{Rows: 20, N: 2, Budget: 2, State: runlog.Failed, Error: "diverged"})
	f.Add(pool, "dae_uai", "DAE_uai", 0, fake.Outcome{Rows: 20, N: 2, Budget: 2, Found: curve(2)}) // its base was not planned
	f.Add(pool, "dae", "DAE, other noise", 0, fake.Outcome{Rows: 20, N: 2, Budget: 2, Found: curve(0)}, bench.Setting{Name: "phi", Value: "0.5"})

	tab := overBaseTable(model.New(f.Run, bench.Catalog{Methods: []bench.MethodInfo{{ID: "dsebm_uai", Over: "dsebm_e"}, {ID: "dae_uai", Over: "dae"}}}))
	if tab == nil || len(tab.Rows) != 1 {
		t.Fatalf("%+v", tab)
	}
	var b strings.Builder
	if err := tab.WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	// Differences 0.5, 1, 0: mean 0.5, standard deviation 0.5, half width 4.30265 · 0.5/√3 =
	// 1.24207. Of the 8 sign flips, where one difference is 0, 4 give a mean as far from 0.
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	for _, want := range []string{"mmg,DSEBM_uai,DSEBM-e,3,4,1,", ",0.5,-0.742", ",1.742", ",0.5,"} {
		if !strings.Contains(lines[1]+",", want) {
			t.Errorf("%q is not in\n%s", want, b.String())
		}
	}
}
