package bench

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func testCell() Cell {
	return Cell{
		Dataset:     DatasetRef{ID: "mnist0", Version: 3, Params: Params{"keep": 0.1, "draw": "bernoulli"}, Seed: 1<<64 - 1, Raw: []string{"ab"}},
		Method:      MethodRef{ID: "dae_uai", Version: 2, Params: Params{"steps": 5000, "hidden": []int{256, 64, 8}, "rate": 1e-3, "cold": true}},
		Seed:        7,
		Budget:      Budget{Rule: "anomalies"},
		K:           K{Below: 100, Then: 3, Else: 10},
		Checkpoints: []int{0, 250},
		Noise:       Noise{Miss: 0.1},
		Loop:        1,
	}
}

// Goldens from Python's hashlib over the canonical JSON, written by hand.
func TestCellIDGolden(t *testing.T) {
	if got, want := testCell().ID(), "0705e5452e6a4df39d81"; got != want {
		b, _ := json.Marshal(testCell())
		t.Errorf("id %s, want %s, of %s", got, want, b)
	}
	if got, want := (Plan{Cells: []PlannedCell{{ID: "a"}, {ID: "b"}}}).Digest(), "0473ef2dc0d324ab659d3580c1134e9d812035905c4781fdd6d529b0c6860e13"; got != want {
		t.Errorf("plan digest %s, want %s", got, want)
	}
}

// Everything that determines a cell's result is in its id.
func TestCellIDCoversEverything(t *testing.T) {
	seen := map[string]string{testCell().ID(): "unchanged"}
	for name, change := range map[string]func(*Cell){
		"dataset":         func(c *Cell) { c.Dataset.ID = "mnist0_2" },
		"dataset version": func(c *Cell) { c.Dataset.Version++ },
		"dataset params":  func(c *Cell) { c.Dataset.Params = Params{"keep": 0.2, "draw": "bernoulli"} },
		"dataset seed":    func(c *Cell) { c.Dataset.Seed-- },
		"raw files":       func(c *Cell) { c.Dataset.Raw = []string{"cd"} },
		"method":          func(c *Cell) { c.Method.ID = "dae" },
		"method version":  func(c *Cell) { c.Method.Version++ },
		"method params":   func(c *Cell) { c.Method.Params = Params{} },
		"seed":            func(c *Cell) { c.Seed++ },
		"budget":          func(c *Cell) { c.Budget = Budget{Audits: 5} },
		"k":               func(c *Cell) { c.K.Then = 4 },
		"checkpoints":     func(c *Cell) { c.Checkpoints = nil },
		"noise":           func(c *Cell) { c.Noise.Alarm = 0.1 },
		"loop":            func(c *Cell) { c.Loop++ },
	} {
		c := testCell()
		change(&c)
		if other, same := seen[c.ID()]; same {
			t.Errorf("another %s has the id of %s", name, other)
		}
		seen[c.ID()] = name
	}
	a, b := testCell().Dataset, testCell().Dataset
	b.Seed--
	if a.Key() == b.Key() {
		t.Error("two recipes have one key")
	}
}

func TestPlanRoundTrip(t *testing.T) {
	number := testCell()
	number.Budget, number.K = Budget{Audits: 1000}, K{Audits: 10}
	number.Dataset.Params, number.Dataset.Raw, number.Checkpoints, number.Noise = nil, nil, nil, Noise{}
	p := Plan{
		Name: "x", Title: "Figures <3a> & 6a", Profile: "smoke",
		Cells: []PlannedCell{
			{ID: testCell().ID(), Cell: testCell(), Label: "DAE_uai"},
			{ID: number.ID(), Cell: number, Label: "DAE_uai, k = 10", Variant: []Setting{{"k", "10"}}},
		},
		Plots: []Plot{{Kind: "recall_curve", XMax: 5000}}, Tables: []string{"f1"}, Timeout: 30 * time.Minute,
	}
	data, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	var back Plan
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	for i, c := range back.Cells {
		if c.Cell.ID() != p.Cells[i].ID {
			t.Errorf("cell %d reads back with another id", i)
		}
		back.Cells[i].Cell.Method.Params, back.Cells[i].Cell.Dataset.Params = p.Cells[i].Cell.Method.Params, p.Cells[i].Cell.Dataset.Params
	}
	if diff := cmp.Diff(p, back); diff != "" { // except Params: numbers become float64
		t.Error(diff)
	}
	if back.Digest() != p.Digest() {
		t.Error("the digest changes")
	}
}

func TestBudget(t *testing.T) {
	for _, c := range []struct {
		b            Budget
		n, anomalies int
		want         int
		err, text    string
	}{
		{Budget{Audits: 50}, 100, 7, 50, "", "50"},
		{Budget{Audits: 100}, 100, 7, 100, "", "100"},
		{Budget{Rule: "anomalies"}, 100, 7, 7, "", "anomalies"},
		{Budget{Rule: "all"}, 100, 7, 100, "", "all"},
		{Budget{Audits: 101}, 100, 7, 0, "budget is 101: it must be between 1 and the dataset's 100 rows", "101"},
		{Budget{Rule: "anomalies"}, 100, 0, 0, "budget is 0", "anomalies"},
		{Budget{}, 100, 7, 0, "budget is 0", "0"},
		{Budget{Rule: "some"}, 100, 7, 0, `budget "some" is neither`, "some"},
	} {
		got, err := c.b.Resolve(c.n, c.anomalies)
		if got != c.want || (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("%+v: %d, %v", c, got, err)
		}
		if c.b.String() != c.text {
			t.Errorf("%+v is shown as %s", c.b, c.b)
		}
	}
}

// Sec. 4.2: "k = 10 … for datasets with less than 100 anomalies, k = 3".
func TestK(t *testing.T) {
	paper := K{Below: 100, Then: 3, Else: 10}
	for _, c := range []struct {
		k               K
		anomalies, want int
		text            string
	}{
		{paper, 99, 3, "3 below 100 anomalies, else 10"}, {paper, 100, 10, "3 below 100 anomalies, else 10"},
		{K{Audits: 7}, 99, 7, "7"}, {K{}, 99, 10, "10"},
	} {
		if got := c.k.Resolve(c.anomalies); got != c.want || c.k.String() != c.text {
			t.Errorf("%+v: %d, %s", c, got, c.k)
		}
	}
}
