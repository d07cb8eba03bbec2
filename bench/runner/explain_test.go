package runner

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
)

// explaining gives each feature x a contribution of x through l and of row+1 through s; for the
// base score only the latter.
type explaining struct {
	tabled
	cannot error
	spoil  float64
}

func (e explaining) Explains() error { return e.cannot }
func (e explaining) Explain(_ context.Context, l, s []float64, d bench.Data, rows []int, want bench.Head) error {
	for i, row := range rows {
		for j, x := range d.X.Row(row) {
			if want == bench.HeadTrained {
				l[2*i+j] = float64(x) + e.spoil
			}
			s[2*i+j] = float64(row + 1)
		}
	}
	return nil
}

// By hand, on the pool of probedData: ranked 4 0 7 1 2 6 3 5, k = 2. Row r has features (score,
// -r).
func TestExplainByHand(t *testing.T) {
	r, _, err := measureProbes(t, explaining{}, probedData(), bench.ProbeExplanations)
	if err != nil {
		t.Fatal(err)
	}
	feature := func(j int, x, l, s float64) runlog.Feature {
		return runlog.Feature{Index: j, Value: x, Latent: l, Score: s}
	}
	for i, want := range [][]runlog.Explanation{
		{ // through s, equal for both features
			{Row: 4, Score: 9, Total: 10, Features: []runlog.Feature{feature(0, 9, 0, 5), feature(1, -4, 0, 5)}},
			{Row: 0, Score: 7, Truth: true, Total: 2, Features: []runlog.Feature{feature(0, 7, 0, 1), feature(1, 0, 0, 1)}},
		},
		{ // 4 and 0 are audited: 7 has 6+8 and -7+8, 1 has 5+2 and -1+2
			{Row: 7, Score: 6, Truth: true, Total: 15, Features: []runlog.Feature{feature(0, 6, 6, 8), feature(1, -7, -7, 8)}},
			{Row: 1, Score: 5, Total: 8, Features: []runlog.Feature{feature(0, 5, 5, 2), feature(1, -1, -1, 2)}},
		},
		{
			{Row: 2, Score: 4, Truth: true, Total: 8, Features: []runlog.Feature{feature(0, 4, 4, 3), feature(1, -2, -2, 3)}},
			{Row: 6, Score: 4, Total: 12, Features: []runlog.Feature{feature(0, 4, 4, 7), feature(1, -6, -6, 7)}},
		},
	} {
		if diff := cmp.Diff(want, r.Checkpoints[i].Explanations); diff != "" {
			t.Errorf("checkpoint %d (-want +got):\n%s", i, diff)
		}
	}
}

func TestExplainErrors(t *testing.T) {
	for want, m := range map[string]bench.Learner{
		"its scores are not explained": tabled{},
		"no slopes":                    explaining{cannot: errors.New("no slopes")},
		"row 0 scored NaN":             explaining{spoil: math.NaN()},
	} {
		if _, _, err := measureProbes(t, m, probedData(), bench.ProbeExplanations); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
