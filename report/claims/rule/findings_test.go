package rule

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/claims/internal/fake"
	"github.com/uaibench/uaibench/report/claims/ledger"
	"github.com/uaibench/uaibench/report/stats"
)

// Regression: the tolerance was two standard errors wide, and our interval had to lie inside it. A
// mean equal to the printed one, with the printed deviation, is near it at 40 runs.
func TestNoiseCountsOnce(t *testing.T) {
	l := fake.Ledger(t)
	check := ledger.Check{Op: "near", Left: &ledger.Operand{Arms: []string{"loda_aad"}, Metric: "f1"}, Published: "table1.f1", Delta: "printed", Datasets: []string{"thyroid"}}
	for shift, want := range map[float64]Outcome{0: Holds, 0.25: Fails} {
		j := &Judge{Ledger: l, Source: fakes(func(*ledger.Operand, string, string, string) []float64 { return fake.Quantiles(40, 0.51+shift, 0.0712) })}
		if c := j.compare(j.Points(&check)[0]); c.Outcome != want {
			t.Errorf("%g off: %s, %+v", shift, c.Outcome, c.Effect)
		}
	}
	// Five runs decide no mean: some arms collapse in one run of five.
	j := &Judge{Ledger: l, Source: fakes(func(*ledger.Operand, string, string, string) []float64 { return fake.Quantiles(5, 0.51, 0.001) })}
	if c := j.compare(j.Points(&check)[0]); c.Outcome != Undecided || c.Look.N != 0 {
		t.Errorf("five runs: %+v", c)
	}
}

// Regression: runs were paired by seed although they share only its number. Without paired the
// order of an arm's runs has no effect; with it their differences are judged.
func TestPairedOnlyWhereDeclared(t *testing.T) {
	l := fake.Ledger(t)
	up := []float64{.1, .2, .3, .4, .5, .6, .7, .8, .9, 1}
	check := ledger.Check{Op: "beats", Left: &ledger.Operand{Arms: []string{"dae_uai"}, Metric: "f1"}, Right: &ledger.Operand{Arms: []string{"dae"}, Metric: "f1"}, Delta: "f1", Datasets: []string{"thyroid"}}
	for _, paired := range []bool{false, true} {
		check.Paired = paired
		j := &Judge{Ledger: l, Source: fakes(func(_ *ledger.Operand, arm, _, _ string) []float64 {
			if arm == "dae" {
				return up
			}
			out := slices.Clone(up)
			for i := range out {
				out[i] += 0.01 + 0.0001*float64(i)
			}
			return out
		})}
		c := j.compare(j.Points(&check)[0])
		if decided := c.Outcome == Holds; decided != paired {
			t.Errorf("paired %t: %s", paired, c.Outcome)
		}
	}
}

// Regression: one missing planned seed gave the verdict "straddles". Between two looks nothing
// changes, whatever is planned, running or failed, and a complete look is not undone.
func TestPartialBlocks(t *testing.T) {
	w := &fake.World{L: fake.Ledger(t)}
	c := w.L.Second.Claim("t3-dagmm-contamination")
	judged := func(upto uint64, state runlog.State) Row {
		run := fake.Some(t, w, func(c *runlog.CellRecord) (bool, bool) { return c.Cell.Seed <= upto+1, c.Cell.Seed <= upto })
		for i := range run.Cells {
			if run.Cells[i].Result == nil {
				run.Cells[i].Status.State = state
			}
		}
		return judgeOf(w.L, Evidence{Runs: []*runlog.Run{run}}).Claim(c)
	}
	five := judged(5, runlog.Planned)
	if five.Verdict == NotRun || five.N != [2]int{5, 5} {
		t.Fatalf("%s, n = %v: %s", five.Verdict, five.N, five.Reason)
	}
	for upto := uint64(6); upto < 9; upto++ {
		for _, state := range []runlog.State{runlog.Planned, runlog.Running, runlog.Failed, runlog.TimedOut} {
			if got := judged(upto, state); got.Verdict != five.Verdict || got.N != five.N {
				t.Errorf("%d and one %s: %s with n = %v, want %s", upto, state, got.Verdict, got.N, five.Verdict)
			}
		}
	}
	for _, state := range []runlog.State{runlog.Failed, runlog.TimedOut} {
		if got := judged(3, state); got.Comparisons[0].Outcome != CellFailed || got.Verdict == Reproduced {
			t.Errorf("the fourth %s: %s", state, got.Comparisons[0].Outcome)
		}
	}
	if got := judged(9, runlog.Failed); got.N != [2]int{5, 5} {
		t.Errorf("nine: %v", got.N)
	}
}

// Regression: nothing noted that eight image sets are a single draw.
func TestOneDrawIsSaid(t *testing.T) {
	w := &fake.World{L: fake.Ledger(t)}
	for _, draws := range []uint64{1, 2} {
		run := fake.Some(t, w, func(*runlog.CellRecord) (bool, bool) { return true, true })
		for i := range run.Cells {
			c := &run.Cells[i]
			c.Cell.Dataset.Seed = 1 + c.Cell.Seed%draws
			c.ID = c.Cell.ID()
		}
		j := judgeOf(w.L, Evidence{Runs: []*runlog.Run{run}})
		for id, image := range map[string]bool{"syn-robust-uai": true, "fash-harder": true, "t1-dae-uai-vs-dae": false} {
			row := j.Claim(w.L.Second.Claim(id))
			if noted := row.OneDraw && strings.Contains(row.Reason, "one draw of the data"); noted != (image && draws == 1) {
				t.Errorf("%s with %d draws: %t (%s)", id, draws, noted, row.Reason)
			}
		}
	}
}

// Regression: "twice chance" passed on sets on which the paper has a bad DAE. A DAE that finds more
// of the clustered anomalies contradicts the claim, however far above chance it is.
func TestContrastBetweenSets(t *testing.T) {
	l := fake.Ledger(t)
	j := &Judge{Ledger: l, Source: fakes(func(_ *ledger.Operand, _, dataset, _ string) []float64 {
		return fake.Quantiles(20, map[string]float64{"mnist_hard": .2, "mnist_pca": .2, "mnist0": .4, "mnist0_2": .4}[dataset], 0.01)
	})}
	if row := j.Claim(l.Second.Claim("syn-dae-lowdensity")); row.Verdict != Contradicted {
		t.Errorf("%s: %s", row.Verdict, row.Reason)
	}
}

// Regression: our builder's constants, compared with the printed numbers, counted as reproduced;
// and the types of the training sample, which no run keeps, stayed open for ever.
func TestBuilderAgainstPrint(t *testing.T) {
	w := &fake.World{L: fake.Ledger(t)}
	e := Evidence{Runs: []*runlog.Run{w.Run(t)}}
	if row := judgeOf(w.L, e).Claim(w.L.Second.Claim("f4-test-counts")); row.Verdict != ByConstruction {
		t.Errorf("f4-test-counts: %s", row.Verdict)
	}
	if row := judgeOf(w.L, Evidence{}).Claim(w.L.Second.Claim("f4-types")); row.Verdict != NotRun {
		t.Errorf("without draws: %s", row.Verdict)
	}
	for off, want := range map[float64]Verdict{0: Reproduced, 9: Partly} {
		e := Evidence{Draws: func(_, metric string) []float64 {
			mean := map[string]float64{"train_types": 16, "test_types": 36, "new_types": 20 + off}[metric]
			xs := fake.Quantiles(200, mean, 1.5)
			for i := range xs {
				xs[i] = math.Round(xs[i])
			}
			return xs
		}}
		if row := judgeOf(w.L, e).Claim(w.L.Second.Claim("f4-types")); row.Verdict != want {
			t.Errorf("%g off: %s (%s)", off, row.Verdict, row.Reason)
		}
	}
	// A number fitted to the paper's is by construction within its claim.
	e.Draws = fake.Draws(w.L)
	row := judgeOf(w.L, e).Claim(w.L.Second.Claim("syn-stats-mnist"))
	if n := count(row.Comparisons); n[Built] != 1 || row.Verdict != Reproduced || !strings.Contains(row.Reason, "by construction on 1") {
		t.Errorf("%v, %s", n, row.Reason)
	}
}

// Regression: at: last accepted a run with a budget below the paper's.
func TestLowerBudgetIsNotRun(t *testing.T) {
	w := &fake.World{L: fake.Ledger(t)}
	run := fake.Clone(w.Run(t), func(r *runlog.Result) {
		r.Budget = min(r.Budget, 4000)
		r.StoppedEarly = false
		r.Checkpoints = slices.DeleteFunc(r.Checkpoints, func(c runlog.Checkpoint) bool { return c.At > 4000 })
	})
	j := judgeOf(w.L, Evidence{Runs: []*runlog.Run{run}})
	for _, id := range []string{"f4-uai-seen", "f4-recall-rises", "fash0-dae-slow-run"} {
		row := j.Claim(w.L.Second.Claim(id))
		if row.Verdict != NotRun || len(row.Cells) > 0 {
			t.Errorf("%s: %s on %d cells (%s)", id, row.Verdict, len(row.Cells), row.Reason)
		}
	}
}

// Regression: a weaker copy of another claim, a bound that is not in the sentence, a sentence that
// the paper does not have.
func TestChecksAreTheSentences(t *testing.T) {
	l := fake.Ledger(t)
	for _, k := range l.Second.Claim("t1-dae-bad").Checks {
		if k.Right != nil {
			t.Errorf("t1-dae-bad compares with %v", k.Right.Arms)
		}
	}
	for _, k := range l.Second.Claim("f10-separation").Checks {
		if k.Bound != nil {
			t.Errorf("f10 has a bound of %g", *k.Bound)
		}
	}
	if c := l.Second.Claim("all-beat-random"); c.Rule != "construction" {
		t.Error("all-beat-random is judged")
	}
}

// Regression: one chance failure among many gave partly, open comparisons were not counted, and the
// comparison shown was the first, not the strongest.
func TestHolmOfFailures(t *testing.T) {
	l := fake.Ledger(t)
	c := l.Second.Claim("t1-dae-uai-vs-dae")
	weak := map[string]float64{}
	j := &Judge{Ledger: l, Source: fakes(func(_ *ledger.Operand, arm, dataset, _ string) []float64 {
		if arm == "dae_uai" {
			return fake.Quantiles(20, 0.5, 0.1)
		}
		if shift, ok := weak[dataset]; ok {
			return fake.Quantiles(20, 0.5+shift, 0.1)
		}
		return fake.Quantiles(20, 0.1, 0.01)
	})}
	if row := j.Claim(c); row.Verdict != Reproduced {
		t.Fatalf("%s: %s", row.Verdict, row.Reason)
	}
	weak["yeast"] = 0.08 // worse, but one of eleven may be so by chance
	row := j.Claim(c)
	i := slices.IndexFunc(row.Comparisons, func(c Comparison) bool { return c.Dataset == "yeast" })
	if f := row.Comparisons[i]; f.Outcome != Fails || f.Holm <= f.Look.Alpha || row.Verdict != Open {
		t.Errorf("yeast %s, p = %g, Holm %g: %s", f.Outcome, f.P, f.Holm, row.Verdict)
	}
	weak["mmg"] = 0.4
	row = j.Claim(c)
	if row.Verdict != Partly || row.Telling.Dataset != "mmg" || !strings.Contains(row.Reason, "holds on 9 of 11, fails on 2") {
		t.Errorf("%s, tells %s: %s", row.Verdict, row.Telling.Dataset, row.Reason)
	}
	weak = map[string]float64{"yeast": 0, "mmg": 0.4}
	if row := j.Claim(c); row.Verdict != Partly || !strings.Contains(row.Reason, "open on 1") {
		t.Errorf("%s: %s", row.Verdict, row.Reason)
	}
}

// Missing runs lower the scope, not the verdict.
func TestScope(t *testing.T) {
	l := fake.Ledger(t)
	j := &Judge{Ledger: l, Source: fakes(func(_ *ledger.Operand, arm, dataset, _ string) []float64 {
		switch {
		case dataset == "creditcard":
			return nil
		case arm == "dae_uai":
			return fake.Quantiles(20, 0.8, 0.01)
		}
		return fake.Quantiles(20, 0.1, 0.01)
	})}
	for _, id := range []string{"t1-dae-uai-vs-dae", "t1-uai-vs-loda"} {
		row := j.Claim(l.Second.Claim(id))
		if row.Verdict != Reproduced || row.Scope != "10 of 11 datasets; creditcard was not run" {
			t.Errorf("%s: %s, %s", id, row.Verdict, row.Scope)
		}
	}
}

// A claim whose checks miss a bound in one of the worlds is not decidable, whatever the runs'
// verdict, and both verdicts are reported. A claim without runs keeps its verdict.
func TestNotDecidable(t *testing.T) {
	blind, loose, good := &Calibration{Paper: 0.3}, &Calibration{Paper: 1, None: 0.2},
		&Calibration{Paper: 0.9, None: 0.01}
	for _, v := range []Verdict{Reproduced, Partly, Contradicted, Open, NotRun, ByConstruction} {
		for _, k := range []*Calibration{blind, loose, good, nil} {
			row := Row{Verdict: v, Calibration: k, Reason: "so"}
			row.Calibrate()
			if k == good || k == nil || v == NotRun || v == ByConstruction {
				if row.Verdict != v || row.ByRuns != "" || row.Reason != "so" {
					t.Errorf("%s with %+v: %s", v, k, row.Verdict)
				}
				continue
			}
			if row.Verdict != NotDecidable || row.ByRuns != v ||
				!strings.Contains(row.Reason, k.Reason()+"; the runs' verdict is "+string(v)) {
				t.Errorf("%s with %+v: %s, %s (%s)", v, *k, row.Verdict, row.ByRuns, row.Reason)
			}
		}
	}
}

// Regression: one late run of five, or one draw of the data, gave a verdict without a note.
func TestThinVerdictsSayWhatTheyRestOn(t *testing.T) {
	l := fake.Ledger(t)
	for n, thin := range map[int]bool{5: true, 10: true, 20: false, 40: false} {
		j := &Judge{Ledger: l, Source: fakes(func(*ledger.Operand, string, string, string) []float64 {
			xs := slices.Repeat([]float64{100}, n)
			for i := 0; i < n; i += 5 {
				xs[i] = 400
			}
			if n > 5 { // else it is decided at the first look
				xs = append(slices.Repeat([]float64{100}, 5), xs[5:]...)
			}
			return xs
		})}
		row := j.Claim(l.Second.Claim("fash0-dae-slow-run"))
		c := row.Comparisons[0]
		if noted := strings.Contains(row.Reason, fmt.Sprintf("thin: it rests on %d of %d runs",
			int(c.Effect.Estimate*float64(c.N[0])+0.5), c.N[0])); c.Outcome == Holds && c.N[0] < 20 != noted ||
			c.N[0] == n && c.Outcome == Holds && noted != thin {
			t.Errorf("%d runs: %s at %d: %s", n, c.Outcome, c.N[0], row.Reason)
		}
	}
	for n, want := range map[int]string{1: "one draw of mnist0", 3: "3 draws of mnist0", 200: ""} {
		j, _ := New(l, fake.Catalog(), Evidence{Draws: func(dataset, metric string) []float64 {
			return slices.Repeat([]float64{map[string]float64{"mnist0": 0.011, "mnist0_2": 0.041,
				"mnist_pca": 0.05}[dataset]}, n)
		}})
		row := j.Claim(l.Second.Claim("syn-ratio-text"))
		if row.Verdict != Reproduced || strings.Contains(row.Reason, "thin") != (want != "") ||
			!strings.Contains(row.Reason, want) {
			t.Errorf("%d draws: %s (%s)", n, row.Verdict, row.Reason)
		}
	}
}

// TestDetails has details that mutation testing found uncovered, other than by the full report.
func TestDetails(t *testing.T) {
	l := fake.Ledger(t)
	values := map[string][]float64{}
	j := &Judge{Ledger: l, Source: fakes(func(_ *ledger.Operand, arm, dataset, _ string) []float64 { return values[arm+dataset] })}
	one := func(k ledger.Check) Comparison { return j.compare(j.Points(&k)[0]) }
	left, right := &ledger.Operand{Arms: []string{"a"}, Metric: "f1"}, &ledger.Operand{Arms: []string{"b"}, Metric: "f1"}

	// factor multiplies the right arm, margin is added to it.
	values["ad"], values["bd"] = fake.Quantiles(20, 0.5, 0.01), fake.Quantiles(20, 0.2, 0.01)
	for factor, want := range map[float64]Outcome{0: Holds, 2: Holds, 3: Fails} {
		if c := one(ledger.Check{Op: "beats", Left: left, Right: right, Factor: factor, Delta: "f1", Datasets: []string{"d"}}); c.Outcome != want {
			t.Errorf("factor %g: %s", factor, c.Outcome)
		}
	}
	for margin, want := range map[float64]Outcome{0.2: Holds, 0.4: Fails} {
		if c := one(ledger.Check{Op: "beats", Left: left, Right: right, Margin: margin, Delta: "f1", Datasets: []string{"d"}}); c.Outcome != want {
			t.Errorf("margin %g: %s", margin, c.Outcome)
		}
	}
	// A tie counts as ahead only if the base has found at least TieFrom.
	for base, want := range map[float64]Outcome{0.98: Holds, 0.90: Fails} {
		values["ad"], values["bd"] = fake.Quantiles(20, base, 0.004), fake.Quantiles(20, base, 0.004)
		if c := one(ledger.Check{Op: "beats", Left: left, Right: right, TieFrom: 0.97, Delta: "found", Datasets: []string{"d"}}); c.Outcome != want || c.Found != "equal" {
			t.Errorf("tie at %g: %s, %s", base, c.Outcome, c.Found)
		}
	}
	// Exactly TieFrom is enough, anything less is not.
	values["ad"] = slices.Repeat([]float64{0.966, 0.97, 0.974, 0.97}, 5)
	values["bd"] = values["ad"]
	for from, want := range map[float64]Outcome{0.97: Holds, 0.970001: Fails} {
		if c := one(ledger.Check{Op: "beats", Left: left, Right: right, TieFrom: from, Delta: "found", Datasets: []string{"d"}}); c.Outcome != want || c.Found != "equal" {
			t.Errorf("tie from %g: %s, %s", from, c.Outcome, c.Found)
		}
	}
	// A run is late at factor times the median or above.
	for late, want := range map[float64]float64{299: 0, 300: 0.1} {
		values["ad"] = append(slices.Repeat([]float64{100}, 9), late)
		if c := one(ledger.Check{Op: "frequency", Left: left, Factor: 3, Share: 0.2, Datasets: []string{"d"}}); c.Effect.Estimate != want {
			t.Errorf("a run of %g: %g late", late, c.Effect.Estimate)
		}
	}
	// No late run in forty contradicts a share of one in five.
	values["ad"] = slices.Repeat([]float64{100}, 40)
	if c := one(ledger.Check{Op: "frequency", Left: left, Factor: 3, Share: 0.2, Datasets: []string{"d"}}); c.Outcome != Fails {
		t.Errorf("none of forty: %s", c.Outcome)
	}
	// A printed mean is based on five runs, however many ours are.
	values["tree_aadthyroid"] = fake.Quantiles(10, 0.86, 0.0087)
	c := one(ledger.Check{Op: "near", Left: &ledger.Operand{Arms: []string{"tree_aad"}, Metric: "f1"}, Published: "table1.f1", Delta: "printed", Datasets: []string{"thyroid"}})
	sd := math.Sqrt(variance(values["tree_aadthyroid"])/10 + 0.0087*0.0087/5)
	d, _ := stats.Printed{Mean: 0.86, SD: 0.0087, N: 5}.Against(values["tree_aadthyroid"])
	if math.Abs(d.SE-sd) > 1e-15 || math.Abs(c.Effect.Hi-d.Interval(0.95).Hi) > 1e-15 {
		t.Errorf("%+v, want %+v", c.Effect, d.Interval(0.95))
	}
}

func variance(xs []float64) float64 {
	m, s := mean(xs), 0.0
	for _, x := range xs {
		s += (x - m) * (x - m)
	}
	return s / float64(len(xs)-1)
}

// Predictions are judged as their statements define.
func TestPredictions(t *testing.T) {
	l := fake.Ledger(t)
	j := &Judge{Ledger: l, Source: fakes(func(o *ledger.Operand, arm, dataset, _ string) []float64 {
		likely := strings.Contains(arm, "likely")
		switch {
		case o.Metric == "crossover":
			return []float64{100, 2500, 2501, 7, 8}
		case o.Metric == "recall_unseen":
			return map[bool][]float64{true: {.3, .3, .3, .3, .3}, false: {.4, .3, .5, .5, .5}}[likely]
		case o.Metric == "plane_accuracy":
			return []float64{.94, .95, .96, .90, .99}
		case o.Metric == "area" && likely:
			return []float64{.5, .5, .5, .5, .5}
		case o.Metric == "area":
			return []float64{.45, .45, .45, .45, .45}
		}
		return nil
	})}
	want := map[string]Verdict{"likely-mnist": Partly, "likely-plane": Reproduced, "likely-table1": NotRun, "likely-figure4": Reproduced} // .05 is not more than .05
	for _, p := range j.Predictions() {
		if p.Verdict != want[p.ID] {
			t.Errorf("%s: %s (%s)", p.ID, p.Verdict, p.Reason)
		}
	}
}

// golden has the results of testdata/verdicts.py, computed with SciPy.
type golden struct {
	Values map[string][]float64 `json:"values"` // by claim, arm and dataset
	Claims map[string]struct {
		Verdict     Verdict `json:"verdict"`
		Comparisons []struct {
			Left, Right, Dataset string
			Outcome              Outcome
			Look                 int
			P, Holm, Effect, Win float64
		}
	}
}

// Three complete verdicts match SciPy's.
func TestVerdictsOfSciPy(t *testing.T) {
	data, err := os.ReadFile("testdata/verdicts.json")
	if err != nil {
		t.Fatal(err)
	}
	var g golden
	if err := json.Unmarshal(data, &g); err != nil {
		t.Fatal(err)
	}
	l := fake.Ledger(t)
	if len(g.Claims) < 3 {
		t.Fatalf("%d claims", len(g.Claims))
	}
	for id, want := range g.Claims {
		j := &Judge{Ledger: l, Source: fakes(func(_ *ledger.Operand, arm, dataset, _ string) []float64 { return g.Values[id+"|"+arm+"|"+dataset] })}
		row := j.Claim(l.Second.Claim(id))
		if row.Verdict != want.Verdict || len(row.Comparisons) != len(want.Comparisons) {
			t.Errorf("%s: %s, want %s; %d comparisons, want %d", id, row.Verdict, want.Verdict, len(row.Comparisons), len(want.Comparisons))
			continue
		}
		for i, w := range want.Comparisons {
			c := row.Comparisons[i]
			if c.Outcome != w.Outcome || c.Look.N != w.Look {
				t.Errorf("%s, %s: %s at %d, want %s at %d", id, w.Dataset, c.Outcome, c.Look.N, w.Outcome, w.Look)
				continue
			}
			win := math.NaN()
			if c.Win != nil {
				win = c.Win.Estimate
			}
			for what, p := range map[string][2]float64{"p": {c.P, w.P}, "Holm": {c.Holm, w.Holm}, "effect": {c.Effect.Estimate, w.Effect}, "win": {win, w.Win}} {
				if w.Win < 0 && what == "win" {
					continue
				}
				if !(math.Abs(p[0]-p[1]) <= 1e-9*max(1, math.Abs(p[1]))) {
					t.Errorf("%s, %s: %s %.12g, want %.12g", id, w.Dataset, what, p[0], p[1])
				}
			}
		}
	}
}
