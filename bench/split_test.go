package bench_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/bench"
)

// Counts by hand; shares are the written decimals, which binary would miss for 0.07 of 100.
func TestThresholdCount(t *testing.T) {
	for _, c := range []struct {
		ratio    float64
		n        int
		up, down int
	}{
		{0.07, 100, 7, 7}, {0.025, 1886, 48, 47}, {0.15, 226, 34, 33}, {0.2, 247011, 49403, 49402}, {0.2, 60799, 12160, 12159},
		{0.0017, 100, 1, 0}, {0.5, 1, 1, 0}, {1, 9, 9, 9}, {0, 9, 0, 0}, {0.1, 30, 3, 3}, {0.29, 100, 29, 29},
	} {
		if got := (bench.Threshold{Ratio: c.ratio, Round: bench.RoundUp}).Count(c.n); got != c.up {
			t.Errorf("%v of %d rounded up is %d, want %d", c.ratio, c.n, got, c.up)
		}
		if got := (bench.Threshold{Ratio: c.ratio, Round: bench.RoundDown}).Count(c.n); got != c.down {
			t.Errorf("%v of %d rounded down is %d, want %d", c.ratio, c.n, got, c.down)
		}
	}
}

// Anomalies kept, by hand: with a contamination c of the data, a/(normal+a) is nearest to c.
func TestKept(t *testing.T) {
	for _, c := range []struct {
		train             string
		c                 float64
		of                string
		normal, anomalies int
		want              int
		err               string
	}{
		{bench.TrainClean, 0, "", 100, 50, 0, ""},
		{bench.TrainDirty, 0, "", 100, 50, 50, ""},
		{bench.TrainContaminated, 0.05, "", 95, 50, 5, ""},
		{bench.TrainContaminated, 0.5, "", 50, 50, 50, ""},
		{bench.TrainContaminated, 0.005, "", 1839, 46, 9, ""},           // Thyroid: 9.24
		{bench.TrainContaminated, 0.03, "", 193, 33, 6, ""},             // Arrhythmia: 5.97
		{bench.TrainContaminated, 0.05, "", 198371, 48639, 10441, ""},   // KDDCUP: 10,440.6
		{bench.TrainContaminated, 0.05, "anomalies", 198371, 70, 4, ""}, // 3.5: the larger one
		{bench.TrainContaminated, 0.5, "", 50, 49, 0, "takes 50 anomalies"},
		{bench.TrainContaminated, 0.01, "", 10, 49, 0, "that is clean"},
		{bench.TrainContaminated, 1, "", 10, 49, 0, "not between"},
		{"cleaner", 0, "", 10, 49, 0, "cleaner"},
	} {
		got, err := bench.Split{Train: c.train, Contamination: c.c, Of: c.of}.Kept(c.normal, c.anomalies)
		if got != c.want || (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("%+v: %d, %v", c, got, err)
		}
	}
}

// Of an odd number the training half has the smaller part: of 9 and 5 rows it has 4 and 2. Halves
// that are not stratified depend on the draw.
func TestReaches(t *testing.T) {
	for _, c := range []struct {
		c    float64
		want string
	}{{0.33, ""}, {0.34, ""}, {0.39, "takes 3 anomalies beside 4 normal rows, but the training half has 2"}, {0.05, "that is clean"}} {
		s := bench.Split{Train: bench.TrainContaminated, Contamination: c.c, Stratified: true}
		err := s.Reaches(9, 5)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: %v", c.c, err)
		}
		if _, is := errors.AsType[*bench.RecipeError](err); err != nil && !is {
			t.Errorf("%v is no RecipeError", err)
		}
		if s.Stratified = false; s.Reaches(9, 5) != nil {
			t.Errorf("%v is refused without strata", c.c)
		}
	}
}

func TestSplitStrings(t *testing.T) {
	for want, got := range map[string]string{
		"clean":                  bench.Split{Train: bench.TrainClean, Stratified: true}.String(),
		"7 %":                    bench.Split{Train: bench.TrainContaminated, Contamination: 0.07, Stratified: true}.String(),
		"0.5 % of the anomalies": bench.Split{Train: bench.TrainContaminated, Contamination: 0.005, Of: bench.OfAnomalies, Stratified: true}.String(),
		"dirty, not stratified":  bench.Split{Train: bench.TrainDirty}.String(),
		"0.17 %, ceil":           bench.Threshold{Ratio: 0.0017, Round: bench.RoundUp}.String(),
		"own":                    bench.Threshold{Own: true}.String(),
		"28.9999 %, floor":       bench.Threshold{Ratio: 0.289999, Round: bench.RoundDown}.String(),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// A pool cell's JSON does not mention the protocol: its id is the same as before protocols existed.
func TestPoolCellsKeepTheirIDs(t *testing.T) {
	c := bench.Cell{Dataset: bench.DatasetRef{ID: "d", Params: bench.Params{}}, Method: bench.MethodRef{ID: "m", Params: bench.Params{}}, Seed: 1, Budget: bench.Budget{Audits: 2}, K: bench.K{Audits: 1}, Loop: 1}
	data, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"dataset":{"id":"d","version":0,"params":{},"seed":0,"raw":null},"method":{"id":"m","version":0,"params":{}},"seed":1,"budget":2,"k":1,"loop":1}`
	if string(data) != want {
		t.Errorf("%s\nwant %s", data, want)
	}
	half := c
	half.Dataset.Split = bench.Split{Seed: 1, Train: bench.TrainClean, Stratified: true}
	if half.ID() == c.ID() || c.HasHoldout() || !half.HasHoldout() || half.Dataset.Key() == c.Dataset.Key() {
		t.Error("a split changes nothing")
	}
	var back bench.Cell
	half.Budget, half.K, half.Threshold = bench.Budget{}, bench.K{}, bench.Threshold{Ratio: 0.2, Round: bench.RoundUp}
	if data, err = json.Marshal(half); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &back); err != nil || back.ID() != half.ID() {
		t.Errorf("%v: %s is read as another cell", err, data)
	}
}
