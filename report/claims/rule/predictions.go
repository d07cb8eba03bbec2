package rule

import (
	"fmt"
	"math"
	"slices"

	"github.com/uaibench/uaibench/report/claims/ledger"
	"github.com/uaibench/uaibench/report/claims/sample"
	"github.com/uaibench/uaibench/report/stats"
)

// PredictionRow is one of this project's own predictions, which are not among the paper's claims.
type PredictionRow struct {
	ID        string       `json:"id"`
	Kind      string       `json:"kind"` // prediction
	Spec      string       `json:"spec"`
	Statement string       `json:"statement"`
	Verdict   Verdict      `json:"verdict"`
	Reason    string       `json:"reason"`
	Checks    []Comparison `json:"comparisons"`
}

// Predictions judges the predictions by the counts, medians and deviations of their statements, on
// the runs that they name. A prediction is reproduced if every part holds.
func (j *Judge) Predictions() []PredictionRow {
	var out []PredictionRow
	for i := range j.Ledger.Second.Predictions {
		p := &j.Ledger.Second.Predictions[i]
		row := PredictionRow{ID: p.ID, Kind: "prediction", Spec: p.Spec, Statement: p.Statement}
		for k := range p.Checks {
			row.Checks = append(row.Checks, j.prediction(p, &p.Checks[k]))
		}
		n := count(row.Checks)
		switch {
		case n[Missing] > 0:
			row.Verdict, row.Reason = NotRun, reasons(row.Checks, Missing)
		case n[Undecided] > 0:
			row.Verdict, row.Reason = Open, reasons(row.Checks, Undecided)
		case n[Fails] > 0 && n[Holds] > 0:
			row.Verdict = Partly
		case n[Fails] > 0:
			row.Verdict = Contradicted
		default:
			row.Verdict = Reproduced
		}
		if row.Reason == "" {
			row.Reason = n.String()
		}
		out = append(out, row)
	}
	return out
}

// prediction judges one part of a statement on the runs of its seeds.
func (j *Judge) prediction(p *ledger.Prediction, k *ledger.Check) Comparison {
	c := Comparison{P: 1, Holm: 1, Outcome: Missing, Measure: k.Op, What: p.ID}
	var left, right []sample.Sample
	for _, x := range j.Points(k) {
		c.What = j.describe(x)
		s := j.operand(k.Left, x.Left, x.Dataset, x.LeftAt, Median)
		left = append(left, s.Seeds(p.Seeds))
		if k.Right != nil {
			right = append(right, j.operand(k.Right, x.Right, x.Dataset, x.RightAt,
				Median).Seeds(p.Seeds))
		}
	}
	for _, s := range slices.Concat(left, right) {
		if len(s.Values) < p.Runs {
			c.Reason = s.Why
			if c.Reason == "" {
				c.Reason = fmt.Sprintf("%d of %d runs", len(s.Values), p.Runs)
			}
			return c
		}
		c.Cells = append(c.Cells, s.Cells...)
	}
	c.N[0] = len(left[0].Values)
	var v, bound float64
	if k.Bound != nil {
		bound = *k.Bound
	}
	holds := false
	switch k.Op {
	case "count": // at least a share Share of the runs is at most the bound
		n := 0
		for _, x := range left[0].Values {
			if x <= bound {
				n++
			}
		}
		v = float64(n) / float64(len(left[0].Values))
		holds = v >= k.Share
		c.Wanted = fmt.Sprintf("≤ %s in %s of the runs", Short(bound), Short(k.Share))
	case "median_above", "median_below": // of the runs, or of the difference of two arms' medians
		v = Median(left[0].Values)
		if right != nil {
			v -= Median(right[0].Values)
		}
		v = stats.Round(v)
		holds, c.Wanted = v >= bound, "≥ "+Short(bound)
		if right != nil {
			holds, c.Wanted = v > bound, "> "+Short(bound)
		}
		if k.Op == "median_below" {
			holds, c.Wanted = v < bound, "< "+Short(bound)
		}
	case "deviation": // mean absolute deviation from the printed row, and from another arm's
		v = j.deviationFrom(k, left)
		holds, c.Wanted = v < bound, "< "+Short(bound)
		if right != nil {
			other := j.deviationFrom(k, right)
			holds, c.Wanted = v < other, "< "+Short(other)
		}
	}
	c.Outcome = Fails
	if holds {
		c.Outcome = Holds
	}
	c.Effect = &Effect{Estimate: v, Lo: v, Hi: v, Level: 1}
	return c
}

// deviationFrom returns the mean absolute deviation of the means from the published row that the
// check names.
func (j *Judge) deviationFrom(k *ledger.Check, on []sample.Sample) float64 {
	sum := 0.0
	for i, d := range j.Ledger.Second.Datasets(k.Datasets) {
		v, _ := j.Ledger.Tables().Value(k.Published, "", d)
		sum += math.Abs(mean(on[i].Values) - v.Mean)
	}
	return sum / float64(len(on))
}
