package rule

import "testing"

// TestScopeNamesTheRest: a dataset counts if a comparison on it was judged; the others are named with the
// reason, and by their number if many are before their first look.
func TestScopeNamesTheRest(t *testing.T) {
	on := func(dataset string, o Outcome, judged bool, why string) Comparison {
		c := Comparison{Dataset: dataset, Outcome: o, Reason: why}
		if judged {
			c.Effect = &Effect{}
		}
		return c
	}
	early := func(dataset string) Comparison { return on(dataset, Undecided, false, "") }
	for want, list := range map[string][]Comparison{
		"":                {on("", Holds, true, "")},
		"2 of 2 datasets": {on("a", Holds, true, ""), on("b", Undecided, true, ""), early("b")},
		"1 of 2 datasets; b is before its first look":                {on("a", Fails, true, ""), early("b")},
		"0 of 3 datasets; a, b and c are before their first look":    {early("a"), early("b"), early("c")},
		"0 of 4 datasets; 4 are before their first look":             {early("a"), early("b"), early("c"), early("d")},
		"0 of 1 datasets; a has no file":                             {on("a", Missing, false, "x on a: data missing")},
		"0 of 1 datasets; a was not run in full":                     {on("a", Missing, false, "the budget of 5 is below 9")},
		"1 of 3 datasets; b was not run; c is before its first look": {on("a", Holds, true, ""), on("b", Missing, false, "no run"), early("c")},
	} {
		if got := scope(list); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
