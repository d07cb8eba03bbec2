package external

import (
	"testing"

	"github.com/uaibench/uaibench/bench"
)

// TestPeakMemory checks that the memory of a program and its child, 150 and 100 MiB, is measured,
// but not that of this process.
func TestPeakMemory(t *testing.T) {
	mine := touched(500)
	for act, want := range map[string][2]int64{"heavy": {250, 330}, "": {1, 60}} {
		d := checkData(40, 2)
		l := begin(t, acting(t, act+"-"), d)
		if err := l.Train(t.Context(), d, bench.Labels{}); err != nil {
			t.Fatal(err)
		}
		if _, err := l.Scores(t.Context(), make([]float64, 40), d, nil, bench.HeadBase); err != nil {
			t.Fatal(err)
		}
		if err := sessionOf(l).Close(); err != nil {
			t.Error(err)
		}
		if got := l.(bench.Weigher).PeakMemory() >> 20; got < want[0] || got > want[1] {
			t.Errorf("%q: %d MiB, want %v", act, got, want)
		}
	}
	_ = mine[0]
}
