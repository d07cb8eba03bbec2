package calibrate

import (
	"encoding/json"
	"flag"
	"math"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/uaibench/uaibench/report/claims/internal/fake"
	"github.com/uaibench/uaibench/report/claims/ledger"
)

// Regression: the coverage table had no arm that collapses beside one that does not.
func TestCoverageOfTheHardCase(t *testing.T) {
	l := fake.Ledger(t)
	list := SimulateCoverage(l.Second.Looks, 300)
	if i := slices.IndexFunc(list, func(c Coverage) bool { return strings.Contains(c.Runs, "none of the other") }); i < 0 {
		t.Error("no hard case")
	}
	have := Committed().Coverage
	if len(have) != len(list) {
		t.Fatalf("the committed table has %d rows, not %d: go test -run TestCalibration -update", len(have), len(list))
	}
	for i, c := range list {
		if c.Wrong > 0.06+3*math.Sqrt(0.06*0.94/300) {
			t.Errorf("%s, n = %d: %.3f decided wrongly", c.Runs, c.N, c.Wrong)
		}
		if h := have[i]; h.Runs != c.Runs || h.N != c.N || h.Wrong > 0.06 || math.Abs(h.Win-c.Win) > 0.09 {
			t.Errorf("%+v, in the file %+v", c, h)
		}
	}
}

// The simulated world has the printed deviations, up to .30, not .0016 to .006.
func TestWorldHasPrintedDeviations(t *testing.T) {
	w := newWorld(fake.Ledger(t), &ledger.Claim{}, true)
	for arm, want := range map[string]level{"dagmm_dirty": {mean: .4590, sd: .3027}, "tree_aad": {mean: .8586, sd: .0087}} {
		if got, ok := w.published(&ledger.Operand{Metric: "f1"}, arm, "thyroid"); !ok || got != want {
			t.Errorf("%s: %+v, want %+v", arm, got, want)
		}
	}
}

var update = flag.Bool("update", false, "write calibration.json")

// trips is the number of simulated worlds of a claim in the committed file: a bootstrap takes some
// hundred times as long as a rank test.
func trips(c *ledger.Claim) int {
	switch c.Rule {
	case "comparable", "most":
		return 300
	case "usually":
		return 100
	}
	for _, k := range c.Checks {
		if k.Op == "widest" || k.Op == "spread" || k.Op == "trend" {
			return 100
		}
	}
	return 400
}

// undecidable are claims whose checks do not distinguish the paper's world, as printed, from one
// without an effect: the paper's own table does not satisfy two of the sentences, and for the
// others the printed deviations are too large.
var undecidable = []string{"t1-uai-vs-best", "t1-uai-vs-tree", "t1-values", "t1-dae-bad",
	"t3-uai-beats-loda-all4"}

const coverageTrips = 1000

// The committed calibration is reproducible: recomputed with fewer worlds it differs only by
// chance. -update writes it.
func TestCalibration(t *testing.T) {
	l := fake.Ledger(t)
	have := Committed()
	var mu sync.Mutex
	t.Run("claims", func(t *testing.T) {
		for i := range l.Second.Claims {
			c := &l.Second.Claims[i]
			t.Run(c.ID, func(t *testing.T) {
				t.Parallel()
				n := trips(c) / 20
				if *update {
					n = trips(c)
				}
				got, ok := Calibrate(l, c, n)
				mu.Lock()
				defer mu.Unlock()
				want, there := have.Claims[c.ID]
				switch {
				case *update && ok:
					have.Claims[c.ID] = got
				case ok != there:
					t.Errorf("calibrated: %t, in the file: %t", ok, there)
				case !ok:
				case want.Trips != trips(c) || want.Basis != got.Basis:
					t.Errorf("the file has %d worlds with %s", want.Trips, want.Basis)
				case want.Decides() == slices.Contains(undecidable, c.ID):
					t.Errorf("%.3f in the paper's world, %.3f without an effect: known not to decide: %t", want.Paper, want.None, !want.Decides())
				default:
					// Four standard errors of the smaller simulation.
					for what, p := range map[string][2]float64{"the paper's world": {got.Paper, want.Paper}, "no effect": {got.None, want.None}} {
						sd := math.Sqrt(max(p[1]*(1-p[1]), 0.01) / float64(n))
						if math.Abs(p[0]-p[1]) > 4*sd {
							t.Errorf("%s: %.3f, in the file %.3f", what, p[0], p[1])
						}
					}
				}
			})
		}
	})
	if !*update {
		return
	}
	have.Coverage = SimulateCoverage(l.Second.Looks, coverageTrips)
	data, err := json.MarshalIndent(have, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("calibration.json", append(data, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
}
