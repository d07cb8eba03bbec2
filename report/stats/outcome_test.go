package stats

import "testing"

// Every outcome has its word; an invalid one is unknown.
func TestOutcomeWords(t *testing.T) {
	for o, want := range []string{"open", "better", "worse", "equal", "no better", "holds", "fails", "unknown"} {
		if got := Outcome(o).String(); got != want {
			t.Errorf("%d is %q, want %q", o, got, want)
		}
	}
	if text, err := NoBetter.MarshalText(); err != nil || string(text) != "no better" {
		t.Errorf("%s, %v", text, err)
	}
}
