package baselines

import (
	"context"
	"testing"
	"time"

	"github.com/uaibench/uaibench/bench"
)

// recorded are cells of experiments/results/table1*.tar.gz: the least seconds of any seed, all on
// one kernel (avx2), without the pre-training that other cells made. The machine had other work, so
// only the ratios between shapes are meaningful.
var recorded = []struct {
	method, dataset string
	shape           Shape
	seconds         float64
}{
	{"dae_uai", "abalone", Shape{Rows: 1920, Features: 9, Budget: 29, K: 3}, 0.85},
	{"dae_uai", "yeast", Shape{Rows: 1191, Features: 8, Budget: 55, K: 3}, 1.48},
	{"dae_uai", "thyroid", Shape{Rows: 3772, Features: 6, Budget: 93, K: 3}, 2.67},
	{"dae_uai", "mmg", Shape{Rows: 11183, Features: 6, Budget: 260, K: 10, Distinct: 0.7}, 2.79},
	{"dae_uai", "shuttle", Shape{Rows: 12345, Features: 9, Budget: 867, K: 10}, 11.98},
	{"tree_aad", "covtype", Shape{Rows: 286048, Features: 54, Budget: 2747, K: 10}, 7.65},
	{"tree_aad", "kddcup_rev", Shape{Rows: 121597, Features: 120, Budget: 24319, K: 10,
		Distinct: 0.77}, 205.47},
}

// units are the measurements that a trial would have taken there, one set for all shapes of a
// method. Tree-AAD's are those of labels that exceed every cache, so its small tables are left out
// of recorded.
var units = map[string]measured{
	"dae_uai":  {roundStep: 0.00082, rescore: 3.2e-6},
	"tree_aad": {rescore: 5.4e-8, round: 0.9e-6},
}

// TestCostHasTheRecordedRatios: with the same units for all shapes of a method, the extrapolation
// over rounds, steps, rows and labels gives each recorded time within a factor of 1.5, from 0.85 to
// 205 seconds. With a constant part taken as growing, or the reverse, the factor would be ten or
// more.
func TestCostHasTheRecordedRatios(t *testing.T) {
	for _, r := range recorded {
		m := infoOf(t, r.method)
		e := newEstimate(bench.MethodRef{ID: m.ID, Version: m.Version}, r.shape)
		got := e.cost(units[r.method], r.shape).Rest.Seconds()
		if off := got / r.seconds; off < 1/1.5 || off > 1.5 {
			t.Errorf("%s on %s: %.2f s, recorded %.2f s (%.2f)", r.method, r.dataset, got,
				r.seconds, off)
		}
	}
}

// TestCheckpointsCost: each checkpoint scores all rows and the test set again.
func TestCheckpointsCost(t *testing.T) {
	s := Shape{Rows: 1000, Budget: 10, K: 10, Checkpoints: 7, TestRows: 500}
	got := estimate{active: true}.cost(measured{score: 0.001}, s)
	const want = (1000 + 7*1500) * time.Millisecond
	if (got.Rest - want).Abs() > time.Microsecond {
		t.Errorf("%v, want %v", got.Rest, want)
	}
}

// TestChoosing: the cost of Algorithm 1 grows with rounds and rows; a method that does no work has
// no other cost.
func TestChoosing(t *testing.T) {
	trials := Trials{row: 1e-6}
	for _, c := range []struct {
		shape Shape
		want  time.Duration
	}{
		{Shape{Rows: 1000, Budget: 100, K: 10}, 9500 * time.Microsecond},
		{Shape{Rows: 100_000, Budget: 100, K: 10}, 999500 * time.Microsecond},
		{Shape{Rows: 1000, Budget: 1, K: 1}, 1000 * time.Microsecond},
	} {
		if got := trials.selectionCost(c.shape); (got - c.want).Abs() > time.Microsecond {
			t.Errorf("%+v: %v, want %v", c.shape, got, c.want)
		}
	}
	var fresh Trials
	shape := Shape{Rows: 1 << 20, Features: 1, Budget: 100_000, K: 10}
	cost, err := fresh.Cost(context.Background(), bench.MethodRef{ID: "random", Version: 1}, shape)
	if err != nil || fresh.row <= 0 || cost.Rest < fresh.selectionCost(shape) {
		t.Errorf("%v a row; a random order of a million rows in 10,000 rounds: %v, %v", fresh.row,
			cost, err)
	}
}
