package lint

import (
	"fmt"
	"math"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

// meanAndDeviation of runs, with n - 1.
func meanAndDeviation(runs []float64) (mean, sd float64) {
	for _, x := range runs {
		mean += x / float64(len(runs))
	}
	for _, x := range runs {
		sd += (x - mean) * (x - mean) / float64(len(runs)-1)
	}
	return mean, math.Sqrt(sd)
}

// The deviation of actual runs is never a finding, whatever the runs and the number of digits.
func TestDeviationIsPossible(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// The bound is attained by ones and zeros.
		run := rapid.OneOf(rapid.Float64Range(0, 1), rapid.SampledFrom([]float64{0, 1}))
		runs := rapid.SliceOfN(run, 2, 12).Draw(t, "runs")
		mean, sd := meanAndDeviation(runs)
		digits := rapid.IntRange(0, 6).Draw(t, "digits")
		m, s := strconv.FormatFloat(mean, 'f', digits, 64), strconv.FormatFloat(sd, 'f', digits, 64)
		p := &Printed{Runs: len(runs), Table3: Table3{Rows: []ScoreRow{{Precision: m, Recall: m, F1: m, PrecisionSD: s, RecallSD: s, F1SD: s, Percent: "0"}}}}
		deviationOfRuns(p, func(_, format string, args ...any) { t.Errorf(format, args...) })
	})
}

// The bound is attained, up to rounding: by as many ones as fit, the remainder, and zeros.
func TestDeviationIsAttained(t *testing.T) {
	for n := 2; n <= 9; n++ {
		for i := range 1001 {
			mean := float64(i) / 1000
			runs := make([]float64, n)
			for left, j := mean*float64(n), 0; j < n && left > 0; j++ {
				runs[j] = min(left, 1)
				left -= runs[j]
			}
			_, sd := meanAndDeviation(runs)
			if most := maxDeviation(fmt.Sprintf("%.7f", mean), n); most < sd-1e-9 || most > sd+0.002 {
				t.Errorf("%d runs with the mean %.3f deviate by at most %.6f, not %.6f", n, mean, sd, most)
			}
		}
	}
	for _, tc := range []struct {
		mean string
		n    int
		want float64
	}{
		{"0.50", 2, math.Sqrt(0.5)}, {"0.5000", 4, math.Sqrt(1. / 3)}, {"1.0000", 5, 0.000112}, {"0.9391", 5, 0.13629}, {"0.9391", 7, 0.16126},
		{"0.5", 5, 0.512348},     // of 0.45 or 0.55: no integer sum rounds to it
		{"0", 5, math.Sqrt(0.3)}, // of 0.4: two ones
		{"0.5", 1, 0}, {"1.1", 5, math.Inf(1)}, {"-0.2", 5, math.Inf(1)},
	} {
		if got := maxDeviation(tc.mean, tc.n); math.Abs(got-tc.want) > 1e-4*tc.want+1e-5 && got != tc.want {
			t.Errorf("maxDeviation(%s, %d) is %.6f, want %.6f", tc.mean, tc.n, got, tc.want)
		}
	}
}
