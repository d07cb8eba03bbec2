package claims

import (
	"reflect"
	"strings"
	"testing"
)

// What has run so far is shown where it is no interval, decides nothing, and is never what only survivors say.
func TestSeen(t *testing.T) {
	tol := ledger(t).Tolerances
	of := func(values ...float64) sample {
		s := sample{Values: map[uint64]float64{}}
		for i, v := range values {
			s.Values[uint64(i)] = v
		}
		return s
	}
	waits, failed := of(3, 4, 8), of(3, 4, 8)
	waits.Wait, failed.Failed = []string{"a cell"}, []string{"a cell"}
	for name, c := range map[string]struct {
		it   Item
		want *Interval
	}{
		"two runs have no median's interval": {tol.item("", "", "median", of(1, 4), above(0, false)), &Interval{2.5, 1, 4, 0, "as observed", 2}},
		"a run has no mean's":                {tol.item("", "", "", of(7), above(0, false)), &Interval{7, 7, 7, 0, "as observed", 1}},
		"others wait":                        {tol.item("", "", "mean", waits, above(0, false)), &Interval{5, 3, 8, 0, "as observed", 3}},
		"others failed":                      {tol.item("", "", "mean", failed, above(0, false)), nil},
		"a spread":                           {tol.item("", "", "sd", of(7), above(0, false)), nil},
		"enough":                             {tol.item("", "", "mean", of(7, 8, 9), above(0, false)), nil},
		"pairs":                              {tol.difference("", "", "median", waits, of(1, 1, 1), 2, true, above(0, false)), &Interval{2, 1, 6, 0, "as observed", 3}},
		"no pairs":                           {tol.difference("", "", "median", of(5, 7), of(1, 3), 1, false, above(0, false)), &Interval{4, 2, 6, 0, "as observed", 2}},
		"no pairs, others wait":              {tol.difference("", "", "", waits, of(1), 1, false, above(0, false)), &Interval{4, 2, 7, 0, "as observed", 1}},
	} {
		if !reflect.DeepEqual(c.it.Seen, c.want) {
			t.Errorf("%s: %+v, want %+v", name, c.it.Seen, c.want)
		}
		if c.want == nil {
			continue
		}
		if c.it.Outcome != Straddles || c.it.Interval != nil || c.it.Reason == "" {
			t.Errorf("%s: %+v", name, c.it)
		}
		var text strings.Builder
		if err := (ClaimRow{ID: "x", Items: []Item{c.it}}).ItemTable().WriteText(&text, 200); err != nil || !strings.Contains(text.String(), "no verdict rests on it") {
			t.Errorf("%s: %v\n%s", name, err, text.String())
		}
	}
}
