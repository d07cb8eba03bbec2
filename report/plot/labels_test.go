package plot

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// TestSpread checks by hand that labels move as little as possible.
func TestSpread(t *testing.T) {
	for _, c := range []struct {
		places, want []float64
	}{
		{nil, []float64{}},
		{[]float64{50, 20}, []float64{50, 20}},
		{[]float64{50, 50}, []float64{55, 45}},
		{[]float64{50, 44, 10}, []float64{52, 42, 10}},
		{[]float64{99, 99, 99}, []float64{100, 90, 80}}, // no higher than 100
		{[]float64{1, 1}, []float64{10, 0}},             // no lower than 0
	} {
		got := spread(c.places, 10, 0, 100)
		if diff := cmp.Diff(c.want, got, cmpopts.EquateApprox(0, 1e-9)); diff != "" {
			t.Errorf("%v (-want +got):\n%s", c.places, diff)
		}
	}
}

// TestSpreadKeepsOrder: labels are a gap apart, within the axes and in order, and those with room
// stay.
func TestSpreadKeepsOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		steps := rapid.SliceOfN(rapid.Float64Range(0, 30), 1, 9).Draw(t, "steps")
		places, at := []float64{}, 100.0
		for _, s := range steps {
			at = max(at-s, 0)
			places = append(places, at)
		}
		got := spread(places, 10, 0, 100)
		roomy := true
		for i := range places {
			if i > 0 {
				roomy = roomy && places[i-1]-places[i] >= 10
				if got[i-1]-got[i] < 10-1e-9 {
					t.Fatalf("%v: %v", places, got)
				}
			}
			if got[i] > 100+1e-9 || got[i] < -1e-9 {
				t.Fatalf("%v: %v is outside", places, got)
			}
		}
		if roomy && math.Abs(got[0]-places[0]) > 1e-9 {
			t.Fatalf("%v moved to %v without need", places, got)
		}
	})
}
