package comparison

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/internal/fake"
	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/stats"
	"github.com/uaibench/uaibench/report/table"
)

// threeMethods has three methods on datasets with N = 20, five seeds each. dae_uai finds 10 to 14,
// tree_aad 2 fewer on the first three datasets and 1 more on the fourth, random always 1.
func threeMethods(datasets int) *fake.Builder {
	f := fake.New("three")
	for d := range datasets {
		for seed := range 5 {
			add := func(method string, found int) {
				f.Add(fake.Dataset([]string{"mnist0", "mnist0_2", "thyroid", "yeast"}[d], nil), method, method, uint64(seed),
					fake.Outcome{Rows: 100, N: 20, Budget: 20, Found: fake.First(found)})
			}
			aad := 8 + seed
			if d == 3 {
				aad = 11 + seed
			}
			add("dae_uai", 10+seed)
			add("tree_aad", aad)
			add("random", 1)
		}
	}
	return f
}

func fieldOf(t *testing.T, f *fake.Builder) *Field {
	t.Helper()
	field := Of(model.New(f.Run, fake.Catalog()))
	if field == nil {
		t.Fatal("no field")
	}
	return field
}

// By hand: differences of the means are 2/20 on three datasets and -1/20 on one, a mean of 5/80.
func TestPairs(t *testing.T) {
	pairs := fieldOf(t, threeMethods(4)).Pairs()
	if len(pairs) != 3 {
		t.Fatalf("%d pairs", len(pairs))
	}
	p := pairs[2] // the smallest difference
	if p.A.Label != "dae_uai" || p.B.Label != "tree_aad" || len(p.Sets) != 4 {
		t.Fatalf("%s less %s on %v", p.A.Label, p.B.Label, p.Sets)
	}
	if diff := cmp.Diff([]float64{0.1, 0.1, 0.1, -0.05}, p.differences(), cmpopts.EquateApprox(0, 1e-12)); diff != "" {
		t.Error(diff)
	}
	if math.Abs(p.Difference.Estimate-0.0625) > 1e-12 || p.Difference.Lo >= p.Difference.Estimate || p.Difference.Hi <= p.Difference.Estimate {
		t.Errorf("difference %+v", p.Difference)
	}
	if p.ByMeans != (stats.Record{Wins: 3, Losses: 1}) || p.ByFindings != (stats.Record{Ties: 4}) {
		t.Errorf("records %+v, %+v", p.ByMeans, p.ByFindings)
	}
	// Of 25 pairs of {10…14} and {8…12}: 19 above, 3 equal; of {10…14} and {11…15} 6 above, 4
	// equal.
	if want := (3*(19+1.5) + 6 + 2) / 100; math.Abs(p.Win.Estimate-want) > 1e-12 {
		t.Errorf("win %v, want %v", p.Win.Estimate, want)
	}
	// Ranks of the absolute differences: three of 3, one of 1. Of 16 sums, 10 and 9 are at least 9:
	// p is twice 2/16.
	if math.Abs(p.P-2*2/16.0) > 1e-12 {
		t.Errorf("p %v", p.P)
	}
	// Random, whose runs are all equal and far below, differs on each dataset.
	if q := pairs[0]; q.B.Label != "random" || q.ByFindings != (stats.Record{Wins: 4}) || q.Win.Estimate != 1 {
		t.Errorf("%s less %s: %+v", q.A.Label, q.B.Label, q.ByFindings)
	}
}

func TestBaseline(t *testing.T) {
	f := threeMethods(4)
	f.Run.Plan.Baseline = "random"
	for _, p := range fieldOf(t, f).Pairs() {
		if p.B.Label != "random" || p.Difference.Estimate <= 0 {
			t.Errorf("%s less %s: %v", p.A.Label, p.B.Label, p.Difference.Estimate)
		}
	}
}

// By hand: ranks are 1, 2, 3 on three datasets and 2, 1, 3 on one.
func TestRanks(t *testing.T) {
	_, r, ok := fieldOf(t, threeMethods(4)).Ranks()
	if !ok || !slices.Equal(r.Mean, []float64{1.25, 1.75, 3}) {
		t.Errorf("%v", r.Mean)
	}
	if _, _, ok := fieldOf(t, threeMethods(2)).Ranks(); ok {
		t.Error("two datasets have ranks")
	}
}

func TestAnswer(t *testing.T) {
	for n, want := range map[int]string{
		1: "On MNIST0 dae_uai found most: 12 of 20 anomalies in 20 audits (mean of 5 seeds). That is 10.0 points more than tree_aad (95 % interval ",
		4: "dae_uai found most: 60.0 % of the anomalies within the budget, on average over 4 datasets. That is 6.2 points more than tree_aad (95 % interval ",
	} {
		if got := fieldOf(t, threeMethods(n)).Answer(); !strings.HasPrefix(got, want) {
			t.Errorf("%s\nwant %s", got, want)
		}
	}
}

// Only defaults are compared with other methods, and a single method gives no field.
func TestField(t *testing.T) {
	varied := fieldOf(t, fake.Varied())
	var labels []string
	for _, a := range varied.Arms {
		labels = append(labels, a.Label)
	}
	if strings.Join(labels, " ") != "DAE DAE_uai" || len(varied.Datasets) != 1 {
		t.Errorf("%v on %v", labels, varied.Datasets)
	}
	if f := Of(model.New(fake.Gridded(false).Run, fake.Catalog())); f != nil {
		t.Errorf("one method is compared: %+v", f.Arms)
	}
	// A method that lacks a dataset is compared on the others.
	some := threeMethods(3)
	some.Run.Cells = slices.DeleteFunc(some.Run.Cells, func(c runlog.CellRecord) bool {
		return c.Cell.Method.ID == "tree_aad" && c.Cell.Dataset.ID == "mnist0"
	})
	if got := fieldOf(t, some).Pairs(); len(got) != 3 || len(got[2].Sets) != 2 {
		t.Errorf("%d pairs, %v", len(got), got[2].Sets)
	}
}

func TestTables(t *testing.T) {
	names := func(n int) (out []string) {
		for _, tab := range fieldOf(t, threeMethods(n)).Tables() {
			out = append(out, tab.Name)
		}
		return out
	}
	if got := names(1); !slices.Equal(got, []string{"comparison", "comparison_datasets"}) {
		t.Error(got)
	}
	if got := names(4); !slices.Equal(got, []string{"comparison", "comparison_datasets", "ranks"}) {
		t.Error(got)
	}
	tabs := fieldOf(t, threeMethods(4)).Tables()
	show := func(tab *table.Table, row int) (out []string) {
		for i, v := range tab.Rows[row] {
			out = append(out, tab.Columns[i].Show(v))
		}
		return out
	}
	if got := strings.Join(show(tabs[2], 0)[:4], "|"); got != "dae_uai|1.25|60.0|60.0" {
		t.Error(got)
	}
	if got := show(tabs[1], 0); got[0] != "MNIST0" || got[len(got)-1] != "better" {
		t.Error(got)
	}
}

// Every plot draws, also without room for labels, in light and dark.
func TestPlots(t *testing.T) {
	for n, want := range map[int]int{1: 1, 2: 2, 4: 3} {
		plots := fieldOf(t, threeMethods(n)).Plots()
		if len(plots) != want {
			t.Errorf("%d datasets: %d plots", n, len(plots))
		}
		for _, p := range plots {
			if _, err := p.PNG(); err != nil || p.Desc == "" || !strings.Contains(string(p.SVG()), "dae") && p.Slug != "" && p.Title == "" {
				t.Errorf("%s: %v", p.Slug, err)
			}
		}
	}
}

// By hand, from Gridded: k = 3 finds 1.5, 2.5, 3.5 and k = 10 three more; phi averages both.
func TestEffects(t *testing.T) {
	f := model.New(fake.Gridded(false).Run, fake.Catalog()).Families()[0]
	k, phi := slices.Index(f.Axes, "k"), slices.Index(f.Axes, "phi")
	estimates := func(axis int) (out []float64) {
		for _, e := range effects(f, axis) {
			out = append(out, e.Estimate)
		}
		return out
	}
	if got := estimates(k); !slices.Equal(got, []float64{2.5, 5.5}) {
		t.Errorf("k: %v", got)
	}
	if got := estimates(phi); !slices.Equal(got, []float64{3, 4, 5}) {
		t.Errorf("phi: %v", got)
	}
	if d := Effects(f); d == nil || !strings.Contains(d.Desc, "3 2.5, 10 5.5") {
		t.Errorf("%+v", d)
	}
	rows, columns, maps := heatMaps(f)
	if rows != "k" || columns != "phi" || len(maps) != 1 || !slices.Equal(maps[0].Columns, []string{"0", "0.1", "0.5"}) {
		t.Errorf("%s %s %+v", rows, columns, maps)
	}
}
