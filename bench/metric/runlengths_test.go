package metric

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestRunLengthsByHand(t *testing.T) {
	for _, c := range []struct {
		f    RecallCurve
		want RunLengths
	}{
		{RecallCurve{}, ""},
		{RecallCurve{1}, "0 1"},
		{RecallCurve{3}, "2 1"},
		{RecallCurve{1, 2, 6}, "0 2 3 1"},
		{RecallCurve{2, 3, 4, 6, 9, 10}, "1 3 1 1 2 2"},
	} {
		if got := c.f.RunLengths(); got != c.want {
			t.Errorf("%v: %q, want %q", c.f, got, c.want)
		}
		if got, err := c.want.Curve(10); err != nil || !slices.Equal(got, c.f) {
			t.Errorf("%q: %v, %v, want %v", c.want, got, err, c.f)
		}
	}
	for _, bad := range []RunLengths{"0", "1 2 3", "0 0", "1 1 0 1", "x", "1  2", " 1 2", "1 2 ", "-1 2", "+1 2", "01 2", "1 10", "9223372036854775807 1", "1 99999999999999999999"} {
		if f, err := bad.Curve(10); err == nil {
			t.Errorf("%q: %v, no error", bad, f)
		}
	}
}

func TestRunLengthsRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := CurveOf(rapid.SliceOf(rapid.Bool()).Draw(t, "anomaly"))
		most := 0
		if len(f) > 0 {
			most = f[len(f)-1]
		}
		if got, err := f.RunLengths().Curve(most); err != nil || !slices.Equal(got, f) {
			t.Errorf("%v, %v, want %v", got, err, f)
		}
		if most > 0 {
			if _, err := f.RunLengths().Curve(most - 1); err == nil {
				t.Error("a curve goes beyond its end")
			}
		}
	})
}
