package registry

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"

	"github.com/uaibench/uaibench/bench/runlog"
)

// workMetrics are computed from the work counted at the checkpoints (bench.Counter).
var workMetrics = []*Metric{
	{
		Name: "work_growth", Title: "growth of a round's work",
		Better: Lower, Decimals: 4, Takes: TakesCount,
		Doc: "Change of a round's work over the range of labels, divided by its mean, by the " +
			"line fitted to the rounds' work against their numbers of labels.",
		of: func(r *runlog.Result, a Args) (float64, error) {
			t, w, err := roundWork(r, a.Count)
			if err != nil {
				return 0, err
			}
			_, slope := stat.LinearRegression(t, w, nil, false)
			if m := stat.Mean(w, nil); m != 0 {
				return slope * (slices.Max(t) - slices.Min(t)) / m, nil
			}
			return 0, nil
		},
	},
	{
		Name: "work_fit", Title: "fit of a line to the rounds' work",
		Better: Neither, Decimals: 4, Takes: TakesCount,
		Doc: "R² of the line of work_growth; 1 if the work never changes.",
		of: func(r *runlog.Result, a Args) (float64, error) {
			t, w, err := roundWork(r, a.Count)
			if err != nil {
				return 0, err
			}
			if slices.Min(w) == slices.Max(w) {
				return 1, nil
			}
			alpha, beta := stat.LinearRegression(t, w, nil, false)
			return stat.RSquared(t, w, nil, alpha, beta), nil
		},
	},
	{
		Name: "work_exponent", Title: "exponent of the work against b",
		Better: Lower, Decimals: 4, Takes: TakesCount,
		Doc: "Exponent of the total work against the number of audits, by the line fitted to " +
			"their logarithms at the checkpoints of the last three quarters of the range.",
		of: workExponent,
	},
}

// roundWork returns, for each two neighbouring checkpoints, the mean work counted in a round
// between them and the mean number of labels of these rounds. A labelled batch grows to 256 rows,
// so joint steps count from there.
func roundWork(r *runlog.Result, name string) (labels, work []float64, err error) {
	from := 0
	if name == "joint_steps" {
		from = 256
	}
	for i := 1; i < len(r.Checkpoints); i++ {
		a, b := r.Checkpoints[i-1], r.Checkpoints[i]
		before, ok := a.Counts[name]
		after, ok2 := b.Counts[name]
		rounds := (b.Audited - a.Audited + r.K - 1) / max(1, r.K)
		if first := min(a.Audited+r.K, b.Audited); ok && ok2 && rounds > 0 && first >= from {
			labels = append(labels, float64(first+b.Audited)/2)
			work = append(work, float64(after-before)/float64(rounds))
		}
	}
	if len(labels) < 3 {
		return nil, nil, fmt.Errorf("%d rounds between checkpoints that count %s: a line needs 3",
			len(labels), name)
	}
	return labels, work, nil
}

func workExponent(r *runlog.Result, a Args) (float64, error) {
	var b, w []float64
	for _, c := range r.Checkpoints {
		n, ok := c.Counts[a.Count]
		if ok && n > 0 && 4*c.Audited >= r.Checkpoints[len(r.Checkpoints)-1].Audited {
			b, w = append(b, math.Log(float64(c.Audited))), append(w, math.Log(float64(n)))
		}
	}
	if len(b) < 3 || b[0] == b[len(b)-1] {
		return 0, fmt.Errorf("%d checkpoints that count %s: a line needs 3", len(b), a.Count)
	}
	_, slope := stat.LinearRegression(b, w, nil, false)
	return slope, nil
}
