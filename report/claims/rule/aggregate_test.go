package rule

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/uaibench/uaibench/report/claims/internal/fake"
	"github.com/uaibench/uaibench/report/claims/ledger"
	"github.com/uaibench/uaibench/report/stats"
)

// meanWin equals stats.MeanWin bit for bit, ties and unequal arms included.
func TestMeanWinIsThatOfStats(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for trial := range 5 {
		var in []block
		var a, b [][]float64
		for d := range 3 + trial {
			draw := func(n int) []float64 {
				xs := make([]float64, n)
				for i := range xs {
					xs[i] = float64(rng.IntN(8+d)) / 10
				}
				return xs
			}
			in = append(in, block{a: draw(5 + d), b: draw(9 - d%3)})
			a, b = append(a, in[d].a), append(b, in[d].b)
		}
		if got, want := meanWin(in, 0.95), stats.Bootstrap(slices.Concat(a, b), stats.MeanWin, 0.95); got != want {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
}

// An aggregate's look is complete when half of its blocks are. Each block counts with its own last
// complete look, and runs between two looks change nothing.
func TestAggregateLooks(t *testing.T) {
	l := fake.Ledger(t)
	c := l.Second.Claim("t1-uai-vs-loda")
	size := map[string]int{}
	judged := func() *Aggregate {
		j := &Judge{Ledger: l, Source: fakes(func(_ *ledger.Operand, arm, dataset, _ string) []float64 {
			mean := 0.5
			if arm == "dae_uai" && len(dataset)%2 == 0 {
				mean = 0.55
			}
			return fake.Quantiles(40, mean, 0.1)[:size[dataset]]
		})}
		row := j.Claim(c)
		return row.Aggregate
	}
	for i, d := range l.Second.Datasets([]string{"real"}) {
		size[d] = 5
		if i < 6 {
			size[d] = 10
		}
	}
	ten := judged()
	if ten.Look.N != 10 || ten.Of != 11 {
		t.Errorf("six of eleven at ten: look %d of %d", ten.Look.N, ten.Of)
	}
	size["kddcup"], size["shuttle"] = 19, 9
	if again := judged(); *again.Effect != *ten.Effect {
		t.Errorf("unfinished looks: %+v, before %+v", *again.Effect, *ten.Effect)
	}
	size["kddcup"] = 9 // five of eleven
	if got := judged(); got.Look.N != 5 {
		t.Errorf("five of eleven at ten: look %d", got.Look.N)
	}
	size["kddcup"] = 4
	if got := judged(); got.Of != 10 {
		t.Errorf("without a look: %d blocks", got.Of)
	}
}

// The gap is between the arm with the lowest mean and the one with the highest; a tie is not wider.
func TestWidest(t *testing.T) {
	l := fake.Ledger(t)
	c := l.Second.Claim("t1-covtype-gap")
	for other, want := range map[float64]Verdict{0.2: Reproduced, 0.7: Open, 0.95: Contradicted} {
		j := &Judge{Ledger: l, Source: fakes(func(_ *ledger.Operand, arm, dataset, _ string) []float64 {
			low, high := 0.1, 0.1+other
			if dataset == "covtype" {
				high = 0.8
			}
			mean := map[string]float64{"dae": low, "dagmm_clean": low - 0.05, "dagmm_dirty": low - 0.1, "loda_aad": high, "tree_aad": high + 0.1, "dae_uai": high + 0.2}[arm]
			return fake.Quantiles(20, mean, 0.02)
		})}
		row := j.Claim(c)
		if row.Verdict != want {
			t.Errorf("gaps of %g and .7: %s (%s)", other, row.Verdict, row.Reason)
		}
		if e := row.Comparisons[0].Effect; e.Estimate < 0.7-other-1e-9 || e.Estimate > 0.7-other+1e-9 {
			t.Errorf("gaps of %g and .7 differ by %g", other, e.Estimate)
		}
	}
}

// The count must be surely more than half, and at least the number needed, which scales with the
// scope.
func TestMost(t *testing.T) {
	l := fake.Ledger(t)
	c := l.Second.Claim("t3-more-stable")
	for steady, want := range map[int]Outcome{4: Holds, 3: Holds, 2: Fails} {
		j := &Judge{Ledger: l, Source: fakes(func(_ *ledger.Operand, arm, dataset, _ string) []float64 {
			sd := 0.1
			for i, d := range l.Second.Datasets([]string{"table3"}) {
				if arm == "dae_uai" && d == dataset {
					sd = 0.01
					if i >= steady {
						sd = 1
					}
				}
			}
			return fake.Quantiles(20, 0.5, sd)
		})}
		if row := j.Claim(c); row.Aggregate.Outcome != want || row.Record.Wins != 6*steady {
			t.Errorf("%d of 4 steady: %s, %+v", steady, row.Aggregate.Outcome, row.Record)
		}
	}
	j := &Judge{Ledger: l, Source: fakes(func(_ *ledger.Operand, arm, dataset, _ string) []float64 {
		if dataset == "kddcup" {
			return nil
		}
		if arm == "dae_uai" {
			return fake.Quantiles(20, 0.5, 0.01)
		}
		return fake.Quantiles(20, 0.5, 0.1)
	})}
	if row := j.Claim(c); row.Aggregate.counted != 14 || row.Aggregate.Of != 18 { // 18 of 24 are 13.5 of 18
		t.Errorf("%g of %d needed", row.Aggregate.counted, row.Aggregate.Of)
	}
}

// Comparable is the mean over datasets: one of four that is far below does not decide.
func TestComparable(t *testing.T) {
	l := fake.Ledger(t)
	c := l.Second.Claim("t3-comparable-to-clean-dagmm")
	for below, want := range map[float64]Verdict{0: Reproduced, 0.12: Reproduced, 0.2: Open, 0.5: Contradicted} {
		j := &Judge{Ledger: l, Source: fakes(func(_ *ledger.Operand, arm, dataset, _ string) []float64 {
			if arm == "dae_uai" && dataset == "thyroid" {
				return fake.Quantiles(20, 0.6-below, 0.02)
			}
			return fake.Quantiles(20, 0.6, 0.02)
		})}
		if row := j.Claim(c); row.Verdict != want {
			t.Errorf("%g below on one of four: %s (%s)", below, row.Verdict, row.Reason)
		}
	}
}

// The verdict of an aggregate does not change until its next look: comparisons that reach a look
// later, and new datasets, count from the next look on. Without the kept looks they would change
// it.
func TestAggregatesStand(t *testing.T) {
	l := fake.Ledger(t)
	for _, id := range []string{"t1-uai-vs-loda", "t1-uai-vs-best"} {
		c := l.Second.Claim(id)
		size, down := map[string]int{}, map[string]bool{}
		judged := func(kept Looked) Row {
			j := &Judge{Ledger: l, Looked: kept,
				Source: fakes(func(_ *ledger.Operand, arm, dataset, _ string) []float64 {
					mean := 0.5
					switch {
					case arm == "dae_uai" && down[dataset]:
						mean = 0.1
					case arm == "dae_uai":
						mean = 0.57
					}
					return fake.Quantiles(40, mean, 0.1)[:size[dataset]]
				})}
			return j.Claim(c)
		}
		real := l.Second.Datasets([]string{"real"})
		for i, d := range real[:10] { // the last one has not run
			size[d] = 5
			if i < 6 {
				size[d] = 10
			} else {
				down[d] = true
			}
		}
		down[real[10]] = true
		for i := range real[:10] {
			if id == "t1-uai-vs-loda" && i >= 6 {
				size[real[i]] = 4 // else the first look would be open
			}
		}
		before := judged(nil)
		if before.Verdict != Reproduced && id == "t1-uai-vs-loda" {
			t.Fatalf("%s: %s (%s)", id, before.Verdict, before.Reason)
		}
		kept := Looked{}
		kept.Keep(&before)
		for _, d := range real {
			size[d] = 10
		}
		after, undone := judged(kept), judged(nil)
		if after.Verdict != before.Verdict || *after.Aggregate.Effect != *before.Aggregate.Effect ||
			after.Aggregate.Of != before.Aggregate.Of {
			t.Errorf("%s: %s %+v, before %s %+v", id, after.Verdict, after.Aggregate.Effect, before.Verdict,
				before.Aggregate.Effect)
		}
		if *undone.Aggregate.Effect == *before.Aggregate.Effect {
			t.Errorf("%s: without what was kept nothing changes: the test cannot fail", id)
		}
		// Kept looks of runs that are missing are ignored.
		for _, d := range real {
			size[d] = 5
		}
		if got, want := judged(kept), judged(nil); got.Verdict != want.Verdict ||
			got.Aggregate.Look != want.Aggregate.Look {
			t.Errorf("%s with five runs: %s at %d, want %s at %d", id, got.Verdict,
				got.Aggregate.Look.N, want.Verdict, want.Aggregate.Look.N)
		}
		// An open aggregate is judged again at the next look, with all comparisons that complete
		// it.
		if before.Verdict == Open {
			for _, d := range real {
				size[d] = 20
			}
			if got := judged(kept); got.Aggregate.Look.N != 20 || got.Aggregate.Of != 11 {
				t.Errorf("%s at twenty: look %d of %d", id, got.Aggregate.Look.N, got.Aggregate.Of)
			}
		}
	}
	if _, err := ReadLooked("looks.json", []byte(`{"x": 1}`)); err == nil {
		t.Error("it reads what is no looks.json")
	}
}
