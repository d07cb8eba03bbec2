package rule

import (
	"fmt"

	"github.com/uaibench/uaibench/report/claims/ledger"
	"github.com/uaibench/uaibench/report/claims/sample"
	"github.com/uaibench/uaibench/report/paper"
	"github.com/uaibench/uaibench/report/stats"
)

// fewForMeans is the first look at which means and deviations are judged. A mean of fewer runs is
// not informative, because some arms collapse in one run of five.
const fewForMeans = 10

// byMeans goes through the looks from fewForMeans on. test returns, for the values of a look, the
// outcome at level alpha and the p of a failure. byMeans returns false if there is no such look
// yet.
func (j *Judge) byMeans(c *Comparison, a sample.Sample,
	test func(xs []float64, alpha float64) (Outcome, float64)) bool {
	if !j.ready(c, a, nil, fewForMeans) {
		return false
	}
	for _, l := range j.Ledger.Second.Looks {
		if l.N < fewForMeans || len(a.Values) < l.N || c.Outcome != Undecided {
			continue
		}
		c.Look, c.N[0] = l, l.N
		c.Outcome, c.P = test(a.First(l.N), l.Alpha)
	}
	return true
}

// meanAtLeast tests whether the mean of a is at least the printed mean less delta.
func (j *Judge) meanAtLeast(c *Comparison, a sample.Sample, p Point) {
	b := j.operand(p.Check.Right, p.Right, p.Dataset, p.RightAt, Median)
	if len(b.Values) == 0 {
		c.Outcome, c.Reason = Missing, b.Why
		return
	}
	difference := func(xs []float64) stats.MeanDifference {
		d, _ := stats.Printed{Mean: b.Values[0], N: exact}.Against(xs)
		return d
	}
	ok := j.byMeans(c, a, func(xs []float64, alpha float64) (Outcome, float64) {
		d := difference(xs)
		above, _, _ := stats.TailT(d.Difference+c.Delta, d.SE, d.DF)
		below, _, _ := stats.TailT(-d.Difference-c.Delta, d.SE, d.DF)
		switch {
		case above <= alpha:
			return Holds, 1
		case below <= alpha:
			return Fails, below
		}
		return Undecided, 1
	})
	if ok && !j.Bare {
		c.Measure, c.Effect = "difference of means",
			effect(difference(a.First(c.N[0])).Interval(0.95))
	}
}

// manyForShare is the number of runs below which a decided frequency is noted as thin.
const manyForShare = 20

// exact is a number of runs so large that a printed value has no error.
const exact = 1 << 40

// near compares a mean with a printed one, with both errors, or with an exact value.
func (j *Judge) near(c *Comparison, a sample.Sample, p Point) {
	k := p.Check
	v, ok := paper.Value{Mean: k.Values[p.Dataset]}, true
	want := stats.Printed{N: exact}
	if k.Published != "" {
		v, ok = j.Ledger.Tables().Value(k.Published, p.Left, p.Dataset)
		want.N = paper.Runs
	}
	if !ok {
		c.Outcome, c.Reason = Missing, "the paper gives no number"
		return
	}
	if want.Mean = v.Mean; v.SD != nil {
		want.SD = *v.SD
	}
	ok = j.byMeans(c, a, func(xs []float64, alpha float64) (Outcome, float64) {
		d, _ := want.Against(xs)
		switch _, beyond := d.Within(c.Delta); d.Judge(c.Delta, alpha) {
		case stats.Near:
			return Holds, 1
		case stats.Far:
			return Fails, beyond
		}
		return Undecided, 1
	})
	if !ok || j.Bare {
		return
	}
	xs := a.First(c.N[0])
	d, _ := want.Against(xs)
	c.Measure, c.Effect = "difference of means", effect(d.Interval(0.95))
	c.Found = map[Outcome]string{Holds: "near", Fails: "far", Undecided: "open"}[c.Outcome]
	c.Notes = append(c.Notes, collapses(xs, nil)...)
}

// spread tests whether the standard deviation is above a bound.
func (j *Judge) spread(c *Comparison, a sample.Sample, bound float64) {
	ok := j.byMeans(c, a, func(xs []float64, alpha float64) (Outcome, float64) {
		iv := stats.SD(xs, 1-2*alpha)
		switch {
		case iv.Lo > bound:
			return Holds, 1
		case iv.Hi < bound:
			return Fails, alpha
		}
		return Undecided, 1
	})
	if ok && !j.Bare {
		c.Measure, c.Effect = "standard deviation", effect(stats.SD(a.First(c.N[0]), 0.95))
	}
}

// frequency compares the share of runs that need at least factor times the median with the paper's
// share.
func (j *Judge) frequency(c *Comparison, a sample.Sample, k *ledger.Check) {
	if !j.ready(c, a, nil, 0) {
		return
	}
	late := func(xs []float64) (n int) {
		m := Median(xs)
		for _, x := range xs {
			if x >= k.Times()*m {
				n++
			}
		}
		return n
	}
	for _, l := range j.Ledger.Second.Looks {
		if len(a.Values) < l.N || c.Outcome != Undecided {
			continue
		}
		n := late(a.First(l.N))
		c.Look, c.N[0] = l, l.N
		switch iv := stats.ClopperPearson(n, l.N, 1-l.Alpha); {
		case !iv.Contains(k.Share):
			c.Outcome, c.P = Fails, l.Alpha
		case n > 0:
			c.Outcome = Holds
		}
	}
	if n := late(a.First(c.N[0])); c.N[0] < manyForShare && c.Outcome != Undecided {
		c.Thin = fmt.Sprintf("%d of %d runs", n, c.N[0])
	}
	c.Measure, c.Effect = "share of late runs",
		effect(stats.ClopperPearson(late(a.First(c.N[0])), c.N[0], 0.95))
}
