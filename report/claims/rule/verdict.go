package rule

import "fmt"

// Verdict of a claim or of a published number.
type Verdict string

const (
	Reproduced   Verdict = "reproduced"
	Partly       Verdict = "partly" // some of its comparisons hold, others fail
	Contradicted Verdict = "contradicted"
	// true because it was built so, or by print alone: no evidence
	ByConstruction Verdict = "by construction"
	Open           Verdict = "open"
	// its check cannot tell the paper's world from one without an effect
	NotDecidable Verdict = "not decidable"
	NotRun       Verdict = "not run"
	NotTestable  Verdict = "not testable" // of a stated value that nothing of ours corresponds to
)

// Verdicts in the order in which they are counted.
var Verdicts = []Verdict{Reproduced, Partly, Contradicted, ByConstruction, Open, NotDecidable,
	NotRun, NotTestable}

// Decided tells whether a verdict is one of the four that a claim is decided by.
func (v Verdict) Decided() bool {
	return v == Reproduced || v == Partly || v == Contradicted || v == ByConstruction
}

// Calibration is how often a claim's checks say reproduced at 40 replicates an arm, simulated with
// fixed seeds by the judge that judges runs.
type Calibration struct {
	Paper float64 `json:"paper"` // where the paper is right: its printed means and deviations …
	None  float64 `json:"none"`  // where there is no effect
	Basis string  `json:"basis"` // … or, where none is printed, an effect of one standard deviation
	Trips int     `json:"replications"`
}

// What a check must reach to decide: in the paper's world it says reproduced at least so often,
// without an effect at most so often.
const (
	LeastPower = 0.8
	MostFalse  = 0.06
)

// Decides tells whether the checks can tell both worlds apart.
func (c *Calibration) Decides() bool { return c.Paper >= LeastPower && c.None <= MostFalse }

func (c *Calibration) Reason() string {
	return fmt.Sprintf("with %s these checks say reproduced in %.0f %% of the paper's own worlds at n = 40, and in %.1f %% of those without an effect",
		c.Basis, 100*c.Paper, 100*c.None)
}

// Calibrate declares a claim not decidable whose checks cannot tell the paper's own world from one
// without an effect, whatever the runs say: what they say alone is kept in ByRuns and in the reason.
// What rests on no run keeps its verdict, and so does a claim without a calibration.
//
// The rule was written before the runs: a check that does not reach LeastPower in the paper's world
// and MostFalse without an effect is none. A reproduction is no evidence where worlds without an
// effect are called reproduced, and a contradiction none where the paper's own world may be
// contradicted.
func (row *Row) Calibrate() {
	c := row.Calibration
	if c == nil || c.Decides() || row.Verdict == NotRun || row.Verdict == ByConstruction {
		return
	}
	row.ByRuns, row.Verdict = row.Verdict, NotDecidable
	row.Reason += fmt.Sprintf("; not decidable: %s; by the runs alone it is %s", c.Reason(), row.ByRuns)
}
