package claims

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/claims/calibrate"
	"github.com/uaibench/uaibench/report/claims/ledger"
	"github.com/uaibench/uaibench/report/claims/rule"
	"github.com/uaibench/uaibench/report/claims/sample"
)

// Judgement is the ledger with its verdicts.
type Judgement struct {
	Runs        []string             `json:"runs"` // run directories and packs
	Claims      []ClaimRow           `json:"claims"`
	Predictions []rule.PredictionRow `json:"predictions"` // this project's own
	Numbers     []rule.NumberRow     `json:"numbers"`
	Stated      []rule.StatedRow     `json:"stated"`
	Coverage    []calibrate.Coverage `json:"coverage"`
	Count       map[rule.Verdict]int `json:"count"`   // of claims
	Digests     map[string]string    `json:"digests"` // of the runs, by path

	ledger    *ledger.Ledger
	evaluator *sample.Evaluator
	runs      []*runlog.Run
	filled    bool // Sensitivity of the claims
}

// Judge gives every claim and every published number a verdict. The order of e.Runs affects only
// the order in which the runs are named; a cell that several runs have counts once.
func Judge(l *ledger.Ledger, cat bench.Catalog, e rule.Evidence) *Judgement {
	e.Runs = slices.Clone(e.Runs)
	slices.SortStableFunc(e.Runs, func(a, b *runlog.Run) int {
		return cmp.Compare(a.Digest(), b.Digest())
	})
	j, m := rule.New(l, cat, e)
	calibrated := calibrate.Committed()
	out := &Judgement{Digests: map[string]string{}, ledger: l,
		evaluator: m, runs: e.Runs}
	for _, r := range e.Runs {
		out.Runs = append(out.Runs, r.Path)
		out.Digests[r.Path] = r.Digest()
	}
	v := Verdicts(j)
	out.Claims, out.Count = v.Claims, v.Count
	out.Predictions = j.Predictions()
	out.Numbers, out.Stated, out.Coverage = j.Numbers(), rule.Stated(l, cat), calibrated.Coverage
	return out
}

// Verdicts gives every claim of j's ledger a verdict; it sets only Claims and Count.
func Verdicts(j *rule.Judge) *Judgement {
	calibrated := calibrate.Committed()
	out := &Judgement{Count: map[rule.Verdict]int{}, ledger: j.Ledger}
	for i := range j.Ledger.Second.Claims {
		row := ClaimRow{Row: j.Claim(&j.Ledger.Second.Claims[i])}
		if c, ok := calibrated.Claims[row.ID]; ok {
			row.Calibration = &c
			row.Calibrate()
		}
		out.Claims = append(out.Claims, row)
		out.Count[row.Verdict]++
	}
	return out
}

// Headline returns the counts of the verdicts in one line.
func (j *Judgement) Headline() string {
	decided := 0
	var parts, rest []string
	for _, v := range rule.Verdicts {
		n := j.Count[v]
		if v.Decided() {
			decided += n
			parts = append(parts, fmt.Sprintf("%d %s", n, v))
		} else if n > 0 || v == rule.Open {
			rest = append(rest, fmt.Sprintf("%d %s", n, v))
		}
	}
	return fmt.Sprintf("%d of %d claims decided: %s; %s", decided, len(j.Claims),
		strings.Join(parts, ", "), strings.Join(rest, ", "))
}

// Claim returns the row with the id, or nil.
func (j *Judgement) Claim(id string) *ClaimRow {
	if i := slices.IndexFunc(j.Claims, func(c ClaimRow) bool { return c.ID == id }); i >= 0 {
		return &j.Claims[i]
	}
	return nil
}

// Measured reports whether any verdict or published number rests on a done cell.
func (j *Judgement) Measured() bool {
	measured := func(c rule.Comparison) bool { return c.Effect != nil && c.Have[0] > 0 }
	for _, c := range j.Claims {
		if slices.ContainsFunc(c.Comparisons, measured) {
			return true
		}
	}
	return slices.ContainsFunc(j.Numbers, func(n rule.NumberRow) bool { return n.Ours != nil })
}
