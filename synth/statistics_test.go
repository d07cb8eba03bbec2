package synth

import (
	"testing"

	"github.com/uaibench/uaibench/bench"
)

// statisticsOf counts a built dataset.
func statisticsOf(d *bench.Dataset) Statistics {
	s := Statistics{Rows: d.Rows(), Anomalies: d.Anomalies(), Classes: d.Classes}
	if d.Test == nil || d.Group == nil {
		return s
	}
	train, test := map[string]bool{}, map[string]bool{}
	for i, g := range d.Group {
		if d.Truth[i] {
			train[d.Groups[g]] = true
		}
	}
	for i, g := range d.Test.Group {
		if name := d.Test.Groups[g]; d.Test.Truth[i] && !test[name] {
			test[name] = true
			if !train[name] {
				s.NewTypes++
			}
		}
	}
	s.TrainTypes, s.TestTypes = len(train), len(test)
	return s
}

// Draws counts what Build builds, for each seed.
func TestDrawsCountWhatIsBuilt(t *testing.T) {
	for _, c := range []struct {
		id    string
		given map[string]any
	}{
		{"toy2d", nil}, {"toy2d", map[string]any{"rows": 100, "anomalies": "scattered"}}, {"mnist0", nil}, {"mnist0", map[string]any{"rows": 3000}},
		{"mnist0_2", map[string]any{"draw": "exact"}}, {"mnist_hard", map[string]any{"hidden": 4, "steps": 20, "rows": 5000}},
		{"abalone", nil}, {"abalone", map[string]any{"rows": 200}}, {"kddcup_rev", map[string]any{"rows": 2000}},
	} {
		t.Run(c.id, func(t *testing.T) {
			seeds := []uint64{1, 2}
			r := ref(t, c.id, 9, c.given)
			got, err := Draws(t.Context(), r, seeds, finder())
			skipIfMissing(t, c.id, err)
			if err != nil {
				t.Fatal(err)
			}
			for i, seed := range seeds {
				build := made
				if c.id == "kddcup_rev" {
					build = func(t testing.TB, _ string, seed uint64, given map[string]any) *bench.Dataset {
						return rev(t, seed, given, bench.Split{})
					}
				}
				if want := statisticsOf(build(t, c.id, seed, c.given)); got[i] != want {
					t.Errorf("%v, seed %d: %+v, built %+v", c.given, seed, got[i], want)
				}
			}
		})
	}
}

// The same on small files, without raw data.
func TestRevStatistics(t *testing.T) {
	train := traffic(map[string]int{"normal": 500, "neptune": 24000, "smurf": 1000, "perl": 319})
	test := traffic(map[string]int{"normal": 20, "neptune": 8000, "smurf": 8000, "worm": 8000, "perl": 8000, "imap": 1})
	fewer := false
	for _, rows := range []int{0, 60} {
		for seed := range uint64(6) {
			p := with(kddParams, "rows", rows)
			d, err := kddcupRevOf(t.Context(), train, test, p, seed, bench.Split{})
			if err != nil {
				t.Fatal(err)
			}
			got, err := revStatistics(train.Type, test.Type, p, seed)
			if want := statisticsOf(d); err != nil || got != want {
				t.Errorf("rows %d, seed %d: %+v, %v, built %+v", rows, seed, got, err, want)
			}
			fewer = fewer || got.TrainTypes < 3
		}
	}
	if !fewer {
		t.Error("every draw has all types: nothing was told apart")
	}
}

// The paper has 16 types in training and 36 in the test set, 20 of them new. The first and the last
// number are frequent among draws; in nearly every draw the test set has all 37 types of its file,
// each equally likely.
func TestTypesOverDraws(t *testing.T) {
	seeds := make([]uint64, 60)
	for i := range seeds {
		seeds[i] = uint64(i)
	}
	all, err := Draws(t.Context(), ref(t, "kddcup_rev", 0, nil), seeds, finder())
	skipIfMissing(t, "kddcup_rev", err)
	if err != nil {
		t.Fatal(err)
	}
	if want := statisticsOf(wholeRev(t)); all[1] != want {
		t.Errorf("seed 1: %+v, built %+v", all[1], want)
	}
	var train, test, fresh [50]int
	for _, s := range all {
		train[s.TrainTypes]++
		test[s.TestTypes]++
		fresh[s.NewTypes]++
	}
	if train[16] < 6 || fresh[20] < 2 || test[37] < 57 || test[36]+test[37] != len(seeds) {
		t.Errorf("types in training %v, in the test set %v, new %v", train, test, fresh)
	}
}

func TestDrawsRefuse(t *testing.T) {
	r := ref(t, "toy2d", 1, nil)
	r.Split = split(1, bench.TrainDirty)
	if _, err := Draws(t.Context(), r, []uint64{1}, finder()); err == nil {
		t.Error("a split was counted")
	}
	if _, err := Draws(t.Context(), bench.DatasetRef{ID: "none"}, []uint64{1}, finder()); err == nil {
		t.Error("no dataset was counted")
	}
	if _, err := Draws(t.Context(), ref(t, "toy2d", 1, map[string]any{"rows": 960}), []uint64{1}, finder()); err != nil {
		t.Error(err)
	}
}
