package claims

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/bench/theory"
)

// Judgement is the ledger with its verdicts.
type Judgement struct {
	Runs        []string          `json:"runs"` // run directories and packs
	Claims      []ClaimRow        `json:"claims"`
	Predictions []PredictionRow   `json:"predictions"` // this project's own
	Numbers     []NumberRow       `json:"numbers"`
	Stated      []StatedRow       `json:"stated"`
	Coverage    []Coverage        `json:"coverage"`
	Count       map[Verdict]int   `json:"count"`   // of claims
	Digests     map[string]string `json:"digests"` // of the runs, by path

	ledger    *Ledger
	evaluator *evaluator
	runs      []*runlog.Run
	filled    bool // Sensitivity of the claims
}

// Evidence is what was measured.
type Evidence struct {
	Runs   []*runlog.Run
	Theory *theory.Result // nil: not run

	// Draws gives a count of a dataset, by the name of its metric, one for each of many draws of the
	// data (Draws.Of); nil, or no values: the draws of the runs' own datasets count.
	Draws func(dataset, metric string) []float64
}

// Judge gives every claim and every published number a verdict. It does not depend on the order of the
// runs but for the order in which they are named; a cell of several runs counts once.
func Judge(l *Ledger, cat bench.Catalog, e Evidence) *Judgement {
	e.Runs = slices.Clone(e.Runs)
	slices.SortStableFunc(e.Runs, func(a, b *runlog.Run) int { return cmp.Compare(a.Digest(), b.Digest()) })
	m := newEvaluator(l, cat, e.Runs)
	out := &Judgement{Count: map[Verdict]int{}, Digests: map[string]string{}, ledger: l, evaluator: m, runs: e.Runs}
	for _, r := range e.Runs {
		out.Runs = append(out.Runs, r.Path)
		out.Digests[r.Path] = r.Digest()
	}
	j := &judge{ledger: l, src: m, extra: m.evidence(e)}
	calibrated := calibrations()
	for i := range l.Second.Claims {
		row := j.claim(&l.Second.Claims[i])
		if c, ok := calibrated.Claims[row.ID]; ok {
			row.Calibration = &c
			row.calibrate()
		}
		out.Claims = append(out.Claims, row)
		out.Count[row.Verdict]++
	}
	out.Predictions = j.predictions(m)
	out.Numbers, out.Stated, out.Coverage = j.numbers(), m.stated(), calibrated.Coverage
	return out
}

// evidence of the theorems and of the data.
func (m *evaluator) evidence(e Evidence) evidence {
	var out evidence
	if e.Theory != nil {
		out.theorem = func(name string) (holds, known bool, why string) {
			for _, s := range e.Theory.Statements {
				if s.Name == name {
					return s.Holds, true, s.Why
				}
			}
			return false, false, ""
		}
	}
	out.counts = func(dataset, metric string) []float64 {
		if e.Draws != nil {
			if xs := e.Draws(dataset, metric); len(xs) > 0 {
				return xs
			}
		}
		return m.counts(dataset, metric)
	}
	return out
}

// calibrate replaces a verdict that the claim's checks cannot carry. Where a world without an effect is
// called reproduced too often, that verdict is no evidence; where the paper's own world is not
// recognised, an open verdict would stay open. A contradiction stands: its error is the looks'.
func (row *ClaimRow) calibrate() {
	c := row.Calibration
	switch {
	case row.Verdict == Reproduced && c.None > mostFalse:
		row.Verdict = NotDecidable
	case row.Verdict == Open && (c.Paper < leastPower || c.None > mostFalse):
		row.Verdict = NotDecidable
	default:
		return
	}
	row.Reason += "; not decidable: " + c.reason()
}

// Headline is the count of verdicts in one line.
func (j *Judgement) Headline() string {
	decided := 0
	var parts, rest []string
	for _, v := range Verdicts {
		n := j.Count[v]
		if v.Decided() {
			decided += n
			parts = append(parts, fmt.Sprintf("%d %s", n, v))
		} else if n > 0 || v == Open {
			rest = append(rest, fmt.Sprintf("%d %s", n, v))
		}
	}
	return fmt.Sprintf("%d of %d claims decided: %s; %s", decided, len(j.Claims), strings.Join(parts, ", "), strings.Join(rest, ", "))
}

// Claim is a row by its id, or nil.
func (j *Judgement) Claim(id string) *ClaimRow {
	if i := slices.IndexFunc(j.Claims, func(c ClaimRow) bool { return c.ID == id }); i >= 0 {
		return &j.Claims[i]
	}
	return nil
}

// Measured tells whether any verdict rests on a done cell.
func (j *Judgement) Measured() bool {
	measured := func(c Comparison) bool { return c.Effect != nil && c.Have[0] > 0 }
	for _, c := range j.Claims {
		if slices.ContainsFunc(c.Comparisons, measured) {
			return true
		}
	}
	return slices.ContainsFunc(j.Numbers, func(n NumberRow) bool { return n.Ours != nil })
}
