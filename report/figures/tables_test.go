package figures

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/metric"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/internal/fake"
	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/table"
)

// row finds a table's row by its first columns and returns its text by column name.
func row(t *testing.T, tab *table.Table, first ...string) map[string]string {
	t.Helper()
rows:
	for _, r := range tab.Rows {
		for i, f := range first {
			if tab.Columns[i].Show(r[i]) != f {
				continue rows
			}
		}
		out := map[string]string{}
		for i, c := range tab.Columns {
			s := c.Show(r[i])
			if r[i].IsMarked() {
				s += " *"
			}
			for _, n := range r[i].Notes() {
				s += " {" + n + "}"
			}
			out[c.Name] = s
		}
		return out
	}
	t.Fatalf("table %s has no row %v", tab.Name, first)
	return nil
}

func expect(t *testing.T, got map[string]string, want map[string]string) {
	t.Helper()
	for name, w := range want {
		g, ok := got[name]
		if !ok {
			t.Errorf("no column %q", name)
		} else if g != w {
			t.Errorf("%s: %q, want %q", name, g, w)
		}
	}
}

func TestFoundTable(t *testing.T) {
	f := fake.New("by hand")
	ds := fake.Dataset("mnist0", nil)
	// N = 4, budget 10. Found at N: 1, 2, 0. At the budget: 2, 3, 1. Area: the sum of (10-j+1)
	// divided by 4*5/2 + 6*4 = 34.
	founds := []metric.RecallCurve{{2, 9}, {1, 2, 10}, {5}}
	for s, found := range founds {
		f.Add(ds, "dae_uai", "DAE_uai", uint64(s), fake.Outcome{Rows: 100, N: 4, Found: found})
	}
	f.Add(ds, "dae_uai", "DAE_uai", 3, fake.Outcome{State: runlog.TimedOut, Error: "time limit"})
	// The budget ends before N.
	f.Add(ds, "dae", "DAE", 0, fake.Outcome{Rows: 100, N: 4, Budget: 3, Found: metric.RecallCurve{1}})
	tab := foundTable(model.New(f.Run, fake.Catalog()))
	area := []float64{(9 + 2) / 34.0, (10 + 9 + 1) / 34.0, 6 / 34.0}
	m := (area[0] + area[1] + area[2]) / 3
	var ss float64
	for _, a := range area {
		ss += (a - m) * (a - m)
	}
	expect(t, row(t, tab, "MNIST0", "DAE_uai"), map[string]string{
		"method":    "DAE_uai {3 of 4 seeds} {With n = 3 the min–max band is a 75 % interval for the median}",
		"done":      "3",
		"planned":   "4",
		"failed":    "0",
		"timed out": "1",
		"N":         "4", "budget": "10",
		"found at N":            "1.0 (1.0)",
		"F1 at N":               "0.250 (0.250)",
		"found at budget":       "2 [1–3]",
		"precision at budget":   "0.200 (0.100)",
		"recall at budget":      "0.500 (0.250)",
		"area":                  fmt.Sprintf("%.3f (%.3f)", m, math.Sqrt(ss/2)),
		"ROC-AUC before labels": "0.750 (0.000)",
	})
	expect(t, row(t, tab, "MNIST0", "DAE"), map[string]string{
		"method":     "DAE {n = 1: no band, no standard deviation}",
		"found at N": "budget below N", "F1 at N": "budget below N",
		"found at budget": "1", "precision at budget": "0.333", "recall at budget": "0.250",
	})
}

func TestAuditsTable(t *testing.T) {
	f := fake.New("by hand")
	ds := fake.Dataset("mnist0", nil)
	for s, found := range []metric.RecallCurve{{2, 9}, {1, 3, 10}, {5}} { // of 4: the second is the half, the fourth nine tenths
		f.Add(ds, "dae_uai", "DAE_uai", uint64(s), fake.Outcome{Rows: 100, N: 4, Found: found})
	}
	f.Add(ds, "dae", "DAE", 0, fake.Outcome{Rows: 100, N: 4, Found: metric.RecallCurve{6}, Full: metric.RecallCurve{6, 20, 21, 70}})
	f.Add(ds, "class", "Class", 0, fake.Outcome{State: runlog.Failed})
	tab := auditsTable(model.New(f.Run, fake.Catalog()))
	expect(t, row(t, tab, "MNIST0", "DAE_uai"), map[string]string{
		"to find 50 %": "9 [3–not reached] {not reached within 10 audits, where the curve ends}",
		"to find 90 %": "not reached {not reached within 10 audits, where the curve ends}",
	})
	expect(t, row(t, tab, "MNIST0", "DAE"), map[string]string{
		"to find 50 %": "20 {beyond the budget: read off the full ranking, which no audit changes}",
		"to find 90 %": "70 {beyond the budget: read off the full ranking, which no audit changes}",
	})
	expect(t, row(t, tab, "MNIST0", "Class"), map[string]string{"to find 50 %": "—", "N": "—", "seeds": "0"})
}

func TestDatasetTable(t *testing.T) {
	f := fake.New("datasets")
	f.Add(fake.Dataset("mnist0", nil), "dae", "DAE", 0, fake.Outcome{Rows: 54679, N: 600, Found: metric.RecallCurve{1}})
	f.Add(fake.Dataset("mnist_pca", nil), "dae", "DAE", 0, fake.Outcome{State: runlog.Failed, Error: "no file"})
	f.Add(fake.Dataset("mnist_hard", bench.Params{"rows": 2000.0}), "dae", "DAE", 0, fake.Outcome{Rows: 2000, N: 70, Found: metric.RecallCurve{1}})
	f.Add(fake.Dataset("own", nil), "dae", "DAE", 0, fake.Outcome{Rows: 100, N: 3, Found: metric.RecallCurve{1}}).Result.Classes = 0
	tab := datasetTable(model.New(f.Run, fake.Catalog()))
	expect(t, row(t, tab, "MNIST0"), map[string]string{
		"dataset": "MNIST0", "rows": "54,679", "published rows": "54,679", "difference in rows": "0", "features": "784", "classes": "9",
		"anomalies": "600", "published anomalies": "602", "difference in anomalies": "-2 *", "ratio %": "1.10", "published ratio %": "1.10",
	})
	gone := "not measured {no cell of MNISTpca is done (0 of 1 cells done, 1 failed), so nothing was measured}"
	expect(t, row(t, tab, "MNISTpca"), map[string]string{
		"rows": gone, "anomalies": gone, "features": gone, "classes": gone, "ratio %": gone,
		"difference in rows": gone, "difference in anomalies": gone, "published rows": "60,000", "published anomalies": "2,996",
	})
	expect(t, row(t, tab, "MNISThard"), map[string]string{
		"dataset":            "MNISThard {built with rows = 2000: not the published pool, so differences are by construction}",
		"difference in rows": "-58,000 *",
	})
	expect(t, row(t, tab, "own"), map[string]string{
		"published rows": "not given", "difference in rows": "—", "published ratio %": "not given", "classes": "none",
		"dataset": "own {unknown to this program's catalogue}",
	})
}

func TestAssumptionsTable(t *testing.T) {
	f := fake.New("assumptions")
	f.Run.Plan.Profile = "smoke"
	for _, phi := range []float64{0.1, 0.5} {
		c := f.Add(fake.Dataset("mnist0", nil), "dae_uai", "DAE_uai", 7, fake.Outcome{Rows: 50, N: 4, Found: metric.RecallCurve{1}})
		c.Cell.Method.Params["phi"] = phi
	}
	c := f.Add(fake.Dataset("mnist0", bench.Params{"rows": 2000}), "dae", "DAE", 7, fake.Outcome{Rows: 50, N: 4, Found: metric.RecallCurve{1}})
	// Decoded from JSON, numbers are float64 and lists []any: still the default.
	c.Cell.Method.Params = bench.Params{"phi": 0.2, "hidden": []any{256.0, 64.0, 8.0}, "extra": true}
	c.Cell.Noise = bench.Noise{Miss: 0.25}
	c.Cell.K = bench.K{Audits: 5}
	tab := assumptionsTable(model.New(f.Run, fake.Catalog()))
	expect(t, row(t, tab, "DAE_uai", "phi"), map[string]string{
		"used": "0.1; 0.5 * {swept, or not the same for all cells}", "default": "0.1", "open point": "U4", "source": "our assumption",
	})
	expect(t, row(t, tab, "DAE", "phi"), map[string]string{"used": "0.2 * {not the default}"})
	// A parameter that both have in common takes one row.
	expect(t, row(t, tab, "DAE_uai, DAE", "hidden"), map[string]string{"used": "[256,64,8]", "default": "[256,64,8]", "open point": ""})
	expect(t, row(t, tab, "DAE", "extra"), map[string]string{"used": "true * {unknown to this program's catalogue}"})
	expect(t, row(t, tab, "MNIST0", "rows"), map[string]string{"used": "0; 2000 * {swept, or not the same for all cells}", "default": "0"})
	expect(t, row(t, tab, "run", "k"), map[string]string{"used": "3 below 100 anomalies, else 10; 5 * {swept, or not the same for all cells}"})
	expect(t, row(t, tab, "run", "oracle noise"), map[string]string{"used": "none; misses 0.25, false alarms 0 * {swept, or not the same for all cells}"})
	expect(t, row(t, tab, "run", "seeds"), map[string]string{"used": "7"})
	// Every catalogue parameter of the methods that ran is listed.
	for _, p := range fake.Catalog().Methods[0].Params {
		if !slices.ContainsFunc(tab.Rows, func(r []table.Value) bool {
			return strings.HasPrefix(tab.Columns[0].Show(r[0]), "DAE_uai") && tab.Columns[1].Show(r[1]) == p.Name
		}) {
			t.Errorf("parameter %s is not among the assumptions", p.Name)
		}
	}
}

func TestCoverage(t *testing.T) {
	m := model.New(fake.Runs()["mixed"], fake.Catalog())
	tab := coverageTable(m)
	expect(t, row(t, tab, "MNIST0", "DAE_uai"), map[string]string{"planned": "5", "done": "4", "failed": "1 *", "timed out": "0", "not run": "0"})
	expect(t, row(t, tab, "MNIST0", "DAE"), map[string]string{"planned": "1", "done": "0", "failed": "1 *"})
	expect(t, row(t, tab, "unknown/../set", "Class"), map[string]string{"planned": "not planned", "done": "—"})
	fail := failuresTable(m)
	if len(fail.Rows) != 2 {
		t.Errorf("%d cells without a result, want 2", len(fail.Rows))
	}
	expect(t, row(t, fail, "MNIST0", "DAE_uai"), map[string]string{"seed": "3", "state": "failed", "attempts": "1", "message": "panic: index out of range"})
	fail = failuresTable(model.New(fake.Runs()["all failed"], fake.Catalog()))
	expect(t, row(t, fail, "MNIST0", "DAE"), map[string]string{"message": "data missing: train-images.gz / second line"})
	expect(t, row(t, fail, "MNIST0", "Class"), map[string]string{"state": "timed out", "message": "time limit of 1s"})
	fail = failuresTable(model.New(fake.Runs()["nothing run"], fake.Catalog()))
	expect(t, row(t, fail, "MNIST0", "DAE"), map[string]string{"state": "not run", "attempts": "0", "message": ""})
}
