package rule

import (
	"fmt"
	"math"
	"slices"

	"github.com/uaibench/uaibench/bench/text"
	"github.com/uaibench/uaibench/report/claims/ledger"
)

// enoughDraws is the number of draws from which their central 95 % excludes at least one.
const enoughDraws = 40

// ofDraws is the measure of a comparison of a printed number with draws of the data.
const ofDraws = "draws"

// data compares a count of the dataset itself, over its draws, with the printed one; nothing is
// trained.
func (j *Judge) data(k *ledger.Check) []Comparison {
	fitted := j.Ledger.Second.Datasets(k.Fitted)
	var out []Comparison
	for _, d := range j.Ledger.Second.Datasets(k.Datasets) {
		want, ok := k.Values[d]
		if k.Published != "" {
			v, found := j.Ledger.Tables().Value(k.Published, "", d)
			want, ok = v.Mean, found
		}
		c := Comparison{What: k.Left.Metric, Dataset: d, P: 1, Holm: 1, Outcome: Undecided,
			Wanted: "= " + Short(want), Measure: ofDraws}
		if k.Within > 0 {
			c.Wanted = fmt.Sprintf("%s ± %s", Short(want), Short(k.Within))
		}
		var xs []float64
		if j.extra.counts != nil {
			xs = j.extra.counts(d, k.Left.Metric)
		}
		c.N, c.Have = [2]int{len(xs), 0}, [2]int{len(xs), 0}
		switch {
		case !ok:
			c.Outcome, c.Reason = Missing, "the paper gives no number"
		case len(xs) == 0:
			c.Outcome, c.Reason = Missing, "no draw of "+d+" counts "+k.Left.Metric
		case slices.Contains(fitted, d):
			c.Outcome, c.Reason = Built, "fitted to the printed number"
		default:
			c.count(xs, want, k.Within)
		}
		if len(xs) > 0 {
			sorted := slices.Sorted(slices.Values(xs))
			c.Effect = &Effect{Estimate: Median(xs), Lo: central(sorted, 0),
				Hi: central(sorted, 1), Level: 0.95}
			if len(xs) == 1 {
				c.Notes = append(c.Notes, "one draw of the data")
			}
		}
		out = append(out, c)
	}
	return out
}

// count judges a printed number by the draws. With a tolerance, it holds if all draws are within it
// and fails if none is. Without one, it holds if it is in the draws' central 95 %. With fewer than
// enoughDraws draws it holds if all equal the printed number, and is open otherwise.
func (c *Comparison) count(xs []float64, want, within float64) {
	near := 0
	for _, x := range xs {
		if math.Abs(x-want) <= within+1e-12 {
			near++
		}
	}
	sorted := slices.Sorted(slices.Values(xs))
	switch {
	case near == len(xs):
		c.Outcome = Holds
	case within > 0 && near == 0:
		c.Outcome, c.P = Fails, 0
	case within > 0 && len(xs) >= enoughDraws:
		c.Reason = fmt.Sprintf("%d of %d draws of the data are within tolerance, neither all "+
			"nor none", near, len(xs))
	case within > 0 || len(xs) < enoughDraws:
		c.Reason = fmt.Sprintf("%s of the data: with %d or more their spread decides",
			text.Plural(len(xs), "draw"), enoughDraws)
	case central(sorted, 0) <= want && want <= central(sorted, 1):
		c.Outcome = Holds
	default:
		c.Outcome, c.P = Fails, 0.05
	}
	if len(xs) < enoughDraws && c.Outcome != Undecided {
		c.Thin = fmt.Sprintf("%d draws of %s", len(xs), c.Dataset)
		if len(xs) == 1 {
			c.Thin = "one draw of " + c.Dataset
		}
	}
}

// central returns the lower (0) or upper (1) end of the central 95 % of sorted values.
func central(sorted []float64, end int) float64 {
	cut := int(0.025 * float64(len(sorted)))
	if end == 0 {
		return sorted[cut]
	}
	return sorted[len(sorted)-1-cut]
}

// theory reads the statements from the simulations of the theorems.
func (j *Judge) theory(k *ledger.Check) []Comparison {
	var out []Comparison
	for _, name := range k.Names {
		c := Comparison{What: name, P: 1, Holm: 1, Wanted: "no violation", Outcome: Missing,
			Reason: "the simulations of the theorems were not run (uaibench theory)"}
		if j.extra.theorem != nil {
			switch holds, known, why := j.extra.theorem(name); {
			case !known:
				c.Reason = "the simulations do not cover " + name
			case holds:
				c.Outcome, c.Reason = Holds, why
			default:
				c.Outcome, c.P, c.Reason = Fails, 0, why
			}
		}
		out = append(out, c)
	}
	return out
}

// printed compares one published table with another, or lists printed numbers that no run affects.
func (j *Judge) printed(k *ledger.Check) []Comparison {
	if k.Coarse == "" {
		return []Comparison{{What: "as printed", Outcome: Built, P: 1, Holm: 1,
			Reason: "read from the paper"}}
	}
	t := j.Ledger.Tables()
	var out []Comparison
	for _, row := range t.Table1.F1 {
		for _, d := range j.Ledger.Second.Datasets(k.Datasets) {
			coarse, ok := t.Value(k.Coarse, row.Arm, d)
			fine, ok2 := t.Value(k.Fine, row.Arm, d)
			if !ok || !ok2 {
				continue
			}
			c := Comparison{What: fmt.Sprintf("%s of %s: %s, and %.4f", k.Coarse,
				j.Ledger.Title(row.Arm), Short(coarse.Mean), fine.Mean),
				Dataset: d, P: 1, Holm: 1, Outcome: Built,
				Reason: "compares printed numbers only",
				Wanted: fmt.Sprintf("%.2f ± %s", math.Round(fine.Mean*100)/100,
					Short(k.Within))}
			if math.Abs(coarse.Mean-math.Round(fine.Mean*100)/100) > k.Within+1e-9 {
				c.Outcome, c.P = Fails, 0
			}
			out = append(out, c)
		}
	}
	return out
}

// plan is true by the design of the runs.
func (j *Judge) plan(k *ledger.Check) []Comparison {
	var out []Comparison
	for _, d := range j.Ledger.Second.Datasets(k.Datasets) {
		out = append(out, Comparison{What: "the plan", Dataset: d, P: 1, Holm: 1, Outcome: Built,
			Reason: "read from the plan"})
	}
	return out
}
