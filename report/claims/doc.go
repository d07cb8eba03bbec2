// Package claims judges what was measured by what the paper says.
//
// The ledger (experiments/paper.yaml) has 57 sentences, each with its checks as data. A check is a
// comparison of arms on each of its datasets; what a claim's word asks of its comparisons (every,
// usually, most, …) is its rule. Verdicts follow from package stats: they may change at 5, 10, 20 and
// 40 replicates alone, each look spends its share of the error, and what was not run lowers a claim's
// scope and never its verdict. No published number flows into a measured one.
//
// A run's cells become samples (evaluator), a check its comparisons (judge.compare and aggregates),
// these a verdict (judge.claim). Calibration goes through the same judge, with values that are made up
// in the place of runs.
package claims

// Verdict of a claim or of a published number.
type Verdict string

const (
	Reproduced     Verdict = "reproduced"
	Partly         Verdict = "partly" // some of its comparisons hold, others fail
	Contradicted   Verdict = "contradicted"
	ByConstruction Verdict = "by construction" // true because it was built so, or by print alone: no evidence
	Open           Verdict = "open"
	NotDecidable   Verdict = "not decidable" // its check cannot tell the paper's world from one without an effect
	NotRun         Verdict = "not run"
	NotTestable    Verdict = "not testable" // of a stated value that nothing of ours corresponds to
)

// Verdicts in the order in which they are counted.
var Verdicts = []Verdict{Reproduced, Partly, Contradicted, ByConstruction, Open, NotDecidable, NotRun, NotTestable}

// Decided tells whether a verdict is one of the four that a claim is decided by.
func (v Verdict) Decided() bool {
	return v == Reproduced || v == Partly || v == Contradicted || v == ByConstruction
}
