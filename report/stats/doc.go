// Package stats has every interval, test, correction and rank statistic with which runs are
// compared.
//
// A run of an experiment has a score, and a method has one score per replicate: a handful of
// numbers, often skewed (some runs collapse), often tied (counts of anomalies). The questions are
// whether a run of A beats a run of B more often than not (the win probability), and by how much
// (the shift). A Comparison answers them at the looks at 5, 10, 20 and 40 replicates, the only ones
// at which its outcome may change:
//
//	c := stats.Comparison{A: uai, B: dae, Delta: 0.02}
//	f := c.Judge()
//	fmt.Println(f.Outcome, f.Look.N, f.Shift.Estimate)
//
// It is Better or Worse, Equal or NoBetter by the least relevant difference (Delta), or Open. Looks
// has the rules, and Judge their error rates by simulation.
//
// The parts, each of which can be used separately:
//
//   - two arms: WinProbability with its Test and Interval, PermutedTest, Shift, Gap;
//   - differences of pairs, or an arm less a bound: SignTest, Median, SignedRankTest, GapZero;
//   - a published mean or deviation: Printed; collapses and other shares: AtMost, ClopperPearson;
//   - several cells of runs: Bootstrap, MeanWin, SD, SDRatio; many tests: Holm;
//   - two quantities: Correlation; several methods on several data sets: RankMethods (Friedman,
//     Nemenyi, Holm), WinsTiesLosses, Profile, IQM;
//   - the pairs of a sweep: StudentHalf, SignFlip, PairedT, Detectable.
//
// Every function depends only on its arguments: random draws have a fixed seed. A NaN panics, since
// a run without a value must be excluded by the caller, who knows why; +Inf is a censored count,
// above all others and equal to itself. Statistics that SciPy has agree with SciPy's
// (testdata/golden.py) to 1e-9.
package stats
