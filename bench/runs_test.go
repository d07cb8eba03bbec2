package bench

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestRunsByHand(t *testing.T) {
	for _, c := range []struct {
		f    Found
		want Runs
	}{
		{Found{}, ""},
		{Found{1}, "0 1"},
		{Found{3}, "2 1"},
		{Found{1, 2, 6}, "0 2 3 1"},
		{Found{2, 3, 4, 6, 9, 10}, "1 3 1 1 2 2"},
	} {
		if got := c.f.Runs(); got != c.want {
			t.Errorf("%v: %q, want %q", c.f, got, c.want)
		}
		if got, err := c.want.Found(10); err != nil || !slices.Equal(got, c.f) {
			t.Errorf("%q: %v, %v, want %v", c.want, got, err, c.f)
		}
	}
	for _, bad := range []Runs{"0", "1 2 3", "0 0", "1 1 0 1", "x", "1  2", " 1 2", "1 2 ", "-1 2", "+1 2", "01 2", "1 10", "9223372036854775807 1", "1 99999999999999999999"} {
		if f, err := bad.Found(10); err == nil {
			t.Errorf("%q: %v, no error", bad, f)
		}
	}
}

func TestRunsLoseNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := FoundIn(rapid.SliceOf(rapid.Bool()).Draw(t, "anomaly"))
		most := 0
		if len(f) > 0 {
			most = f[len(f)-1]
		}
		if got, err := f.Runs().Found(most); err != nil || !slices.Equal(got, f) {
			t.Errorf("%v, %v, want %v", got, err, f)
		}
		if most > 0 {
			if _, err := f.Runs().Found(most - 1); err == nil {
				t.Error("a curve goes beyond its end")
			}
		}
	})
}
