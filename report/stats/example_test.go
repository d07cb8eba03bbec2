package stats_test

import (
	"fmt"

	"github.com/uaibench/uaibench/report/stats"
)

// Ten runs each: A is above B in 89 of 100 pairs, and one of its runs collapsed.
func ExampleComparison_Judge() {
	c := stats.Comparison{
		A:     []float64{0.61, 0.66, 0.58, 0.70, 0.63, 0.02, 0.69, 0.64, 0.60, 0.67},
		B:     []float64{0.55, 0.51, 0.57, 0.48, 0.59, 0.53, 0.50, 0.56, 0.52, 0.54},
		Delta: 0.02,
	}
	f := c.Judge()
	fmt.Printf("%s with %d and %d runs (p %.4f)\n", f.Outcome, f.NA, f.NB, f.P.Both)
	w := f.Win
	fmt.Printf("a run of A beats one of B in %.0f %% [%.0f, %.0f]\n", 100*w.Estimate, 100*w.Lo, 100*w.Hi)
	fmt.Printf("and is %.2f higher [%.2f, %.2f]\n", f.Shift.Estimate, f.Shift.Lo, f.Shift.Hi)
	fmt.Printf("1 of 10 runs collapsed, at most %.0f %%\n", 100*stats.AtMost(1, 10))
	// Output:
	// better with 10 and 10 runs (p 0.0052)
	// a run of A beats one of B in 89 % [59, 100]
	// and is 0.10 higher [0.05, 0.14]
	// 1 of 10 runs collapsed, at most 39 %
}

// Three methods on five data sets: the critical difference of their mean ranks.
func ExampleRankMethods() {
	m, _ := stats.RankMethods([][]float64{
		{0.9, 0.8, 0.3},
		{0.7, 0.6, 0.2},
		{0.5, 0.6, 0.1},
		{0.8, 0.7, 0.4},
		{0.9, 0.7, 0.6},
	})
	fmt.Printf("mean ranks %.1f, critical difference %.2f\n", m.Mean, m.CriticalDifference(0.05))
	fmt.Printf("Friedman p %.3f, Iman-Davenport p %.4f\n", m.P, m.PF)
	// Output:
	// mean ranks [1.2 1.8 3.0], critical difference 1.48
	// Friedman p 0.015, Iman-Davenport p 0.0008
}
