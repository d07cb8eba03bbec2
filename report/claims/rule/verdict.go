package rule

import "fmt"

// Verdict of a claim or of a published number.
type Verdict string

const (
	Reproduced   Verdict = "reproduced"
	Partly       Verdict = "partly" // some of its comparisons hold, others fail
	Contradicted Verdict = "contradicted"
	// true by design, or a comparison of printed numbers only: no evidence
	ByConstruction Verdict = "by construction"
	Open           Verdict = "open"
	// its checks cannot distinguish the paper's world from one without an effect
	NotDecidable Verdict = "not decidable"
	NotRun       Verdict = "not run"
	NotTestable  Verdict = "not testable" // a stated value that none of our parameters matches
)

// Verdicts are in the order in which they are counted.
var Verdicts = []Verdict{Reproduced, Partly, Contradicted, ByConstruction, Open, NotDecidable,
	NotRun, NotTestable}

// Decided reports whether v is one of the four verdicts that decide a claim.
func (v Verdict) Decided() bool {
	return v == Reproduced || v == Partly || v == Contradicted || v == ByConstruction
}

// Calibration is how often a claim's checks result in reproduced at 40 replicates per arm,
// simulated with fixed seeds by the same judge as for runs.
type Calibration struct {
	Paper float64 `json:"paper"` // if the paper is right, see Basis
	None  float64 `json:"none"`  // where there is no effect
	Basis string  `json:"basis"` // the printed means and deviations; if none, an effect of one SD
	Trips int     `json:"replications"`
}

// The bounds for a check to decide: at least LeastPower reproduced in the paper's world, at most
// MostFalse without an effect.
const (
	LeastPower = 0.8
	MostFalse  = 0.06
)

// Decides reports whether the checks can distinguish the two worlds.
func (c *Calibration) Decides() bool { return c.Paper >= LeastPower && c.None <= MostFalse }

// Reason states both shares in per cent, as part of a sentence.
func (c *Calibration) Reason() string {
	return fmt.Sprintf("with %s these checks return reproduced in %.0f %% of the paper's own "+
		"worlds at n = 40, and in %.1f %% of those without an effect",
		c.Basis, 100*c.Paper, 100*c.None)
}

// Calibrate sets the verdict NotDecidable if the checks cannot distinguish the paper's own world
// from one without an effect, whatever the runs' verdict; that one is kept in ByRuns and in the
// reason. A claim without runs or without a calibration keeps its verdict.
//
// The rule was written before the runs: a check that does not reach LeastPower in the paper's world
// and MostFalse without an effect does not count. A reproduction is no evidence if worlds without
// an effect are called reproduced, and a contradiction is none if the paper's own world may be
// contradicted.
func (row *Row) Calibrate() {
	c := row.Calibration
	if c == nil || c.Decides() || row.Verdict == NotRun || row.Verdict == ByConstruction {
		return
	}
	row.ByRuns, row.Verdict = row.Verdict, NotDecidable
	row.Reason += fmt.Sprintf("; not decidable: %s; the runs' verdict is %s", c.Reason(),
		row.ByRuns)
}
