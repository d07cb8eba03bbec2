package claims

import (
	"fmt"
	"math"
	"slices"

	"github.com/uaibench/uaibench/report/stats"
)

// PredictionRow is one of this project's own predictions, which are none of the paper's claims.
type PredictionRow struct {
	ID        string       `json:"id"`
	Kind      string       `json:"kind"` // prediction
	Spec      string       `json:"spec"`
	Statement string       `json:"statement"`
	Verdict   Verdict      `json:"verdict"`
	Reason    string       `json:"reason"`
	Checks    []Comparison `json:"comparisons"`
}

// predictions are judged as their statements say, by counts, medians and deviations of the runs that
// they name: reproduced when each part holds.
func (j *judge) predictions(m *evaluator) []PredictionRow {
	var out []PredictionRow
	for i := range j.ledger.Second.Predictions {
		p := &j.ledger.Second.Predictions[i]
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
func (j *judge) prediction(p *Prediction, k *Check) Comparison {
	c := Comparison{P: 1, Holm: 1, Outcome: Missing, Measure: k.Op, What: p.ID}
	var left, right []sample
	for _, x := range j.points(k) {
		c.What = j.describe(x)
		s := j.operand(k.Left, x.left, x.dataset, x.leftAt, median)
		left = append(left, s.seeds(p.Seeds))
		if k.Right != nil {
			right = append(right, j.operand(k.Right, x.right, x.dataset, x.rightAt, median).seeds(p.Seeds))
		}
	}
	for _, s := range slices.Concat(left, right) {
		if len(s.xs) < p.Runs {
			c.Reason = s.why
			if c.Reason == "" {
				c.Reason = fmt.Sprintf("%d runs of %d", len(s.xs), p.Runs)
			}
			return c
		}
		c.Cells = append(c.Cells, s.cells...)
	}
	c.N[0] = len(left[0].xs)
	var v, bound float64
	if k.Bound != nil {
		bound = *k.Bound
	}
	holds := false
	switch k.Op {
	case "count": // so large a share of the runs is at most the bound
		n := 0
		for _, x := range left[0].xs {
			if x <= bound {
				n++
			}
		}
		v = float64(n) / float64(len(left[0].xs))
		holds = v >= k.Share
		c.Wanted = fmt.Sprintf("≤ %s in %s of the runs", short(bound), short(k.Share))
	case "median_above", "median_below": // of the runs, or of the difference of two arms' medians
		v = median(left[0].xs)
		if right != nil {
			v -= median(right[0].xs)
		}
		v = stats.Round(v)
		holds, c.Wanted = v >= bound, "≥ "+short(bound)
		if right != nil {
			holds, c.Wanted = v > bound, "> "+short(bound)
		}
		if k.Op == "median_below" {
			holds, c.Wanted = v < bound, "< "+short(bound)
		}
	case "deviation": // mean absolute deviation from the printed row, and from another arm's
		v = j.deviationFrom(k, left)
		holds, c.Wanted = v < bound, "< "+short(bound)
		if right != nil {
			other := j.deviationFrom(k, right)
			holds, c.Wanted = v < other, "< "+short(other)
		}
	}
	c.Outcome = Fails
	if holds {
		c.Outcome = Holds
	}
	c.Effect = &Effect{Estimate: v, Lo: v, Hi: v, Level: 1}
	return c
}

// deviationFrom is the mean absolute deviation of the means from the published row that the check
// names with its arm.
func (j *judge) deviationFrom(k *Check, on []sample) float64 {
	sum := 0.0
	for i, d := range j.ledger.Second.datasets(k.Datasets) {
		v, _ := j.ledger.tables().Value(k.Published, "", d)
		sum += math.Abs(mean(on[i].xs) - v.Mean)
	}
	return sum / float64(len(on))
}

// seeds are the values of the replicates whose training seed lies in a range; an empty range has all.
func (s sample) seeds(between []int) sample {
	if len(between) != 2 {
		return s
	}
	out := s
	out.keys, out.xs = nil, nil
	for i, k := range s.keys {
		if seed := int(k.train); between[0] <= seed && seed <= between[1] {
			out.keys, out.xs = append(out.keys, k), append(out.xs, s.xs[i])
		}
	}
	return out
}
