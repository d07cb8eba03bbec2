// Package claims judges what was measured by what the paper says: a ledger (experiments/paper.yaml) of every number of
// Tables 1-4 and of every sentence that can be checked, each with its check as data, and run directories give a verdict a row.
//
// A verdict follows from an interval against a tolerance region: inside, outside, or straddling its edge. What was not run, not
// run to its end, or failed never counts as a pass, and no published number flows into a measured one.
package claims

// Verdict of a claim or of a published number.
type Verdict string

const (
	Reproduced     Verdict = "reproduced"
	Partly         Verdict = "partly" // some of its items hold, others do not
	Contradicted   Verdict = "contradicted"
	Inconclusive   Verdict = "inconclusive"
	ByConstruction Verdict = "by construction" // true because it was built so, or by printed numbers alone: no evidence
	NotRun         Verdict = "not run"
	NotTestable    Verdict = "not testable"
)

// Verdicts in the order in which they are counted.
var Verdicts = []Verdict{Reproduced, Partly, Contradicted, Inconclusive, ByConstruction, NotRun, NotTestable}
