// Package stats holds every interval, test, correction and rank statistic with which runs are
// compared.
//
// A run of an experiment has a score, and a method has one score for each replicate: a handful of
// numbers, often skewed (some runs collapse), often tied (counts of anomalies). What is asked is
// whether a run of A beats a run of B more often than not, which is the win probability, and by how
// much, which is the shift. A Comparison asks it at the looks at 5, 10, 20 and 40 replicates, the
// only ones at which its outcome may change:
//
//	c := stats.Comparison{A: uai, B: dae, Delta: 0.02}
//	f := c.Judge()
//	fmt.Println(f.Outcome, f.Look.N, f.Shift.Estimate)
//
// It is Better or Worse, Equal or NoBetter by the least difference that counts (Delta), or Open.
// Looks has the rules, Judge what they are held to by simulation.
//
// The parts, each of which can be used alone:
//
//   - two arms: WinProbability with its Test and Interval, PermutedTest, Shift, Gap;
//   - differences of pairs, or an arm less a bound: SignTest, Median, SignedRankTest, GapZero;
//   - a published mean or deviation: Printed; collapses and other shares: AtMost, ClopperPearson;
//   - several cells of runs: Bootstrap, MeanWin, SD, SDRatio; many tests: Holm;
//   - two quantities: Correlation; several methods on several data sets: RankMethods (Friedman,
//     Nemenyi, Holm), WinsTiesLosses, Profile, IQM;
//   - what a sweep shows of its pairs: StudentHalf, SignFlip, PairedT, Detectable.
//
// Everything is a function of its arguments: what is drawn is drawn from a fixed seed. A NaN
// panics, since a run without a value has to be left out by whoever knows why; +Inf is a censored
// count, above all others and equal to itself. Where SciPy has the statistic it is held to SciPy's
// (testdata/golden.py) to 1e-9.
package stats
