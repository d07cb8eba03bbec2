package claims

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/experiments"
	"pgregory.net/rapid"
)

// Every number of Tables 1-4 has a row. The counts are the paper's layout, not the ledger's.
func TestEveryNumberHasARow(t *testing.T) {
	n := map[string]int{}
	seen := map[[4]string]int{}
	for _, r := range Judge(ledger(t), catalog(), Evidence{}).Numbers {
		n[r.Table]++
		src := "run"
		if r.Quoted {
			src = "quoted"
		}
		seen[[4]string{r.Table, r.Dataset, r.Of + " " + src, r.Quantity}]++
	}
	want := map[string]int{
		"table1": 11*4 + 6*11, // instances, features, anomalies, per cent; six methods' F1
		"table2": 4 * 5,
		"table4": 4 * 5,
		// KDDCUP has 17 rows, of which 7 were run by the authors, the others 13 and 7: three scores each, and a deviation of each score run.
		"table3": 3*(17+13+13+13) + 3*7*4,
	}
	for table, k := range want {
		if n[table] != k {
			t.Errorf("%s has %d numbers, want %d", table, n[table], k)
		}
	}
	for key, k := range seen {
		if k != 1 {
			t.Errorf("%v is there %d times", key, k)
		}
	}
}

// The ledger's text holds the same numbers as the rows: none was lost on the way.
func TestRowsFollowTheLedger(t *testing.T) {
	l := ledger(t)
	for _, r := range Judge(l, catalog(), Evidence{}).Numbers {
		if !strings.Contains(string(experiments.Ledger), r.Printed) {
			t.Errorf("%+v: the ledger has no %s", r, r.Printed)
		}
	}
}

// oneArm are five runs of an arm on a dataset with given F1; the pool is the paper's.
func oneArm(l *Ledger, arm *Arm, d Dataset, f1 []float64) *runlog.Run {
	run := &runlog.Run{Path: "one"}
	for i, v := range f1 {
		seed := uint64(i + 1)
		r := &runlog.Result{Cell: bench.Cell{
			Dataset: bench.DatasetRef{ID: d.ID, Version: 1, Params: defaults(catalog().Datasets, d.ID), Seed: 1},
			Method:  bench.MethodRef{ID: arm.Method, Version: 1, Params: methodDefaults(arm.Method)}, Seed: seed,
			Budget: bench.Budget{Rule: "anomalies"}, K: bench.K{Below: 100, Then: 3, Else: 10}, Loop: 1},
			Rows: d.Instances, Features: d.Features, Anomalies: d.Anomalies, Budget: d.Anomalies, Audited: d.Anomalies}
		r.K = r.Cell.K.Resolve(r.Anomalies)
		r.ID = r.Cell.ID()
		f := make(bench.Found, int(math.Round(v*float64(d.Anomalies))))
		for k := range f {
			f[k] = k + 1
		}
		setFound(r, f)
		p := bench.PlannedCell{ID: r.ID, Cell: r.Cell}
		run.Cells = append(run.Cells, runlog.CellRecord{PlannedCell: p, Result: r, Status: runlog.Status{State: runlog.Done}})
	}
	return run
}

// Measured values near the printed one reproduce it; shifted beyond the tolerance they contradict it; a spread as wide as the
// tolerance decides nothing; a failed cell decides nothing either.
func TestShiftedValuesFlip(t *testing.T) {
	l := ledger(t)
	tol := l.Tolerances
	rapid.Check(t, func(t *rapid.T) {
		row := l.Table1.F1[rapid.SampledFrom([]int{2, 3, 4, 5}).Draw(t, "row")] // the pool's arms
		arm := l.arm(row.Arm)
		d := l.Table1.Datasets[rapid.IntRange(0, len(l.Table1.Datasets)-1).Draw(t, "dataset")]
		want, sd, _ := l.published("table1.f1", row.Arm, d.ID)
		noise := make([]float64, 5)
		for i := range noise {
			noise[i] = rapid.Float64Range(-0.004, 0.004).Draw(t, "noise")
		}
		verdict := func(shift, spread float64, break1 bool) (NumberRow, []float64) {
			f1 := make([]float64, 5)
			for i := range f1 {
				f1[i] = max(0, min(1, want+shift+noise[i]+spread*float64(i-2)))
				f1[i] = math.Round(f1[i]*float64(d.Anomalies)) / float64(d.Anomalies)
			}
			run := oneArm(l, arm, d, f1)
			if break1 {
				run.Cells[3].Result, run.Cells[3].Status.State = nil, runlog.TimedOut
			}
			m := newMeasured(l, catalog(), Evidence{Runs: []*runlog.Run{run}})
			return m.score("table1", d.ID, row.Arm, "f1", "", want, sd, false), f1
		}
		if r, f1 := verdict(0, 0, false); r.Verdict != Reproduced && d.Anomalies > 60 {
			t.Fatalf("%s on %s: %v for %g: %s %s", row.Arm, d.ID, f1, want, r.Verdict, r.Reason)
		}
		// Far enough that neither rounding to whole anomalies nor the printed deviation explains it.
		within := tol.Score
		if sd != nil {
			within = max(within, 1.5*tol.Noise**sd/math.Sqrt(5))
		}
		shift := within + rapid.Float64Range(0.1, 0.3).Draw(t, "shift")
		if want+shift > 0.95 {
			shift = -shift
		}
		if want+shift > 0.05 {
			if r, f1 := verdict(shift, 0, false); r.Verdict != Contradicted {
				t.Fatalf("%s on %s: %v for %g: %s %s", row.Arm, d.ID, f1, want, r.Verdict, r.Reason)
			}
			if r, _ := verdict(shift, 0, true); r.Verdict != Inconclusive {
				t.Fatalf("with a cell that timed out: %s", r.Verdict)
			}
		}
		if r, _ := verdict(0, 0, true); r.Verdict != Inconclusive {
			t.Fatalf("with a cell that timed out: %s", r.Verdict)
		}
		if want > 0.35 && want < 0.65 && sd == nil {
			if r, f1 := verdict(0.1, 0.06, false); r.Verdict != Inconclusive || r.Reason == "" {
				t.Fatalf("%s on %s: %v for %g: %s %s", row.Arm, d.ID, f1, want, r.Verdict, r.Reason)
			}
		}
	})
}

func defaults(list []bench.DatasetInfo, id string) bench.Params {
	i := slices.IndexFunc(list, func(d bench.DatasetInfo) bool { return d.ID == id })
	p, _ := bench.Resolve(list[i].Params, nil)
	return p
}

func methodDefaults(id string) bench.Params {
	info, _ := catalog().Method(id)
	p, _ := bench.Resolve(info.Params, nil)
	return p
}

// Cells with another configuration are not the paper's: they leave every number unmeasured.
func TestOtherSettingsDoNotCount(t *testing.T) {
	l := ledger(t)
	d := *l.dataset("thyroid")
	for what, change := range map[string]func(c *bench.Cell){
		"a parameter":     func(c *bench.Cell) { c.Method.Params["noise"] = 0.3 },
		"wrong labels":    func(c *bench.Cell) { c.Noise.Miss = 0.1 },
		"another scaling": func(c *bench.Cell) { c.Dataset.Params["scaling"] = "zscore" },
		"another method":  func(c *bench.Cell) { c.Method.ID = "dae" },
	} {
		run := oneArm(l, l.arm("dae_uai"), d, []float64{.57, .57, .57, .57, .57})
		for i := range run.Cells {
			c := &run.Cells[i]
			change(&c.Cell)
			c.ID = c.Cell.ID()
			c.Result.Cell, c.Result.ID = c.Cell, c.ID
		}
		m := newMeasured(l, catalog(), Evidence{Runs: []*runlog.Run{run}})
		if r := m.score("table1", "thyroid", "dae_uai", "f1", "", 0.57, nil, false); r.Verdict != NotRun {
			t.Errorf("%s: %s", what, r.Verdict)
		}
	}
	run := oneArm(l, l.arm("dae_uai"), d, []float64{.57, .57, .57, .57, .57})
	for i := range run.Cells {
		run.Cells[i].Result.K = 10 // below 100 anomalies the paper's is 3
	}
	m := newMeasured(l, catalog(), Evidence{Runs: []*runlog.Run{run}})
	if r := m.score("table1", "thyroid", "dae_uai", "f1", "", 0.57, nil, false); r.Verdict != NotRun {
		t.Errorf("another k: %s", r.Verdict)
	}
}

// The whole judgement is JSON, finite throughout, and the same each time.
func TestJSON(t *testing.T) {
	w := &world{l: ledger(t)}
	e := Evidence{Runs: []*runlog.Run{w.run(t)}}
	a, err := json.Marshal(Judge(w.l, catalog(), e))
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(Judge(w.l, catalog(), e))
	if err != nil {
		t.Fatal(err)
	}
	if string(a) != string(b) {
		t.Error("two judgements of the same runs differ")
	}
}
