package synth

import (
	"slices"
	"testing"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/synth/source"
)

// traffic returns a file of connections whose first column is the row's number within its kind,
// which shows the rows that a scaling was fitted on.
func traffic(kinds map[string]int) *source.Connections {
	c := &source.Connections{Levels: [7][]string{{"tcp"}, {"http"}, {"SF"}, {"0"}, {"0"}, {"0"}, {"0"}}}
	for kind, name := range source.ConnectionTypes {
		for i := range kinds[name] {
			numbers := make([]float64, 34)
			numbers[0] = float64(i + 1)
			c.Row = append(c.Row, int32(c.Rows))
			c.Numbers, c.Symbols = append(c.Numbers, numbers...), append(c.Symbols, make([]int32, 7)...)
			c.Type = append(c.Type, uint8(kind))
			c.Rows++
		}
	}
	return c
}

var kddParams = bench.Params{"encoding": "plain", "scaling": "minmax", "rows": 0, "test": "stratified"}

func with(p bench.Params, name string, value any) bench.Params {
	out := bench.Complete(nil, p)
	out[name] = value
	return out
}

// Drawn rows equal rows of the complete dataset: the scaling is fitted on all rows, before drawing.
func TestDrawnConnectionsAreScaledAsTheWhole(t *testing.T) {
	train := traffic(map[string]int{"normal": 500, "neptune": 24319, "smurf": 1000})
	test := traffic(map[string]int{"normal": 20, "neptune": 8000, "smurf": 8000, "worm": 8000, "perl": 8000})
	for id, build := range map[string]func(p bench.Params) (*bench.Dataset, error){
		"kddcup": func(p bench.Params) (*bench.Dataset, error) {
			return kddcupOf(t.Context(), train, p, 3, bench.Split{})
		},
		"kddcup_rev": func(p bench.Params) (*bench.Dataset, error) {
			return kddcupRevOf(t.Context(), train, test, p, 3, bench.Split{})
		},
	} {
		whole, err := build(kddParams)
		if err != nil {
			t.Fatal(err)
		}
		some, err := build(with(kddParams, "rows", 40))
		if err != nil {
			t.Fatal(err)
		}
		isRow := func(d *bench.Dataset, i int, of *bench.Dataset) bool {
			for j := range of.Rows() {
				if slices.Equal(d.X.Row(i), of.X.Row(j)) && d.Truth[i] == of.Truth[j] {
					return true
				}
			}
			return false
		}
		for i := range some.Rows() {
			if !isRow(some, i, whole) {
				t.Fatalf("%s: drawn row %d is no row of the whole: %v", id, i, some.X.Row(i)[:2])
			}
		}
		for i := range 50 {
			if some.Test != nil && !isRow(some.Test, i*100, whole.Test) && whole.Test.Group[i*100] == 0 {
				t.Fatalf("%s: row %d of the test set is scaled otherwise", id, i*100)
			}
		}
	}
}

// A type counts as seen if a row of the dataset has it, both for the builder of the test set, which
// draws 3,817 attacks of seen types, and by the dataset's own groups.
func TestSeenTypesAreThoseOfTheRows(t *testing.T) {
	train := traffic(map[string]int{"normal": 500, "neptune": 24000, "smurf": 1000, "perl": 319})
	test := traffic(map[string]int{"normal": 20, "neptune": 8000, "smurf": 8000, "worm": 8000, "perl": 8000})
	missed := 0
	for _, rows := range []int{0, 60, 2000} {
		for seed := range uint64(5) {
			d, err := kddcupRevOf(t.Context(), train, test, with(kddParams, "rows", rows), seed, bench.Split{})
			if err != nil {
				t.Fatal(err)
			}
			seen := map[int32]bool{}
			for i, g := range d.Group {
				if d.Truth[i] {
					seen[g] = true
				}
			}
			if len(seen) < 3 {
				missed++
			}
			old, fresh := 0, 0
			for i, g := range d.Test.Group {
				switch {
				case !d.Test.Truth[i]:
				case seen[g]:
					old++
				default:
					fresh++
				}
			}
			if old != testSeen || fresh != testUnseen {
				t.Errorf("rows %d, seed %d: %d attacks of seen types and %d of others, want %d and %d", rows, seed, old, fresh, testSeen, testUnseen)
			}
		}
	}
	if missed == 0 {
		t.Error("every draw has all types of the pool: nothing was told apart")
	}
}

// The anomalies that a contamination keeps depend on the run's seed, not only on the training
// half's anomalies: over seeds, each place among them is kept about equally often.
func TestContaminationFollowsTheSeed(t *testing.T) {
	const n, anomalies, seeds = 400, 80, 300
	anomalous := func(i int) bool { return i%(n/anomalies) == 0 }
	kept := make([]int, anomalies/2)
	for seed := range uint64(seeds) {
		dirty, _, err := halves(places(n), anomalous, split(seed, bench.TrainDirty))
		if err != nil {
			t.Fatal(err)
		}
		s := split(seed, bench.TrainContaminated)
		s.Contamination, s.Of = 0.25, bench.OfAnomalies
		some, _, err := halves(places(n), anomalous, s)
		if err != nil {
			t.Fatal(err)
		}
		_, all := apart(dirty, anomalous)
		_, left := apart(some, anomalous)
		if len(all) != anomalies/2 || len(left) != anomalies/8 {
			t.Fatalf("%d of %d anomalies are kept", len(left), len(all))
		}
		for _, i := range left {
			kept[slices.Index(all, i)]++
		}
	}
	// Each place is kept with probability 1/4: 75 ± 7.5 of 300 times.
	for place, times := range kept {
		if times < 75-38 || times > 75+38 {
			t.Errorf("place %d is kept %d of %d times, want about %d", place, times, seeds, seeds/4)
		}
	}
}
