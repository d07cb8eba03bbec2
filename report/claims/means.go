package claims

import (
	"github.com/uaibench/uaibench/report/paper"
	"github.com/uaibench/uaibench/report/stats"
)

// fewForMeans is the first look at which means and deviations are judged: of fewer runs a mean says
// nothing, because some arms collapse in one run of five.
const fewForMeans = 10

// byMeans goes through the looks from fewForMeans on. test gives, for the first n values, whether the
// comparison holds or fails at a level, and the p of the failure.
func (j *judge) byMeans(c *Comparison, a sample, test func(xs []float64, alpha float64) (Outcome, float64)) bool {
	if !j.ready(c, a, nil, fewForMeans) {
		return false
	}
	for _, l := range j.ledger.Second.Looks {
		if l.N < fewForMeans || len(a.xs) < l.N || c.Outcome != Undecided {
			continue
		}
		c.Look, c.N[0] = l, l.N
		c.Outcome, c.P = test(a.first(l.N), l.Alpha)
	}
	return true
}

// meanAtLeast judges the mean of a against a printed mean less delta.
func (j *judge) meanAtLeast(c *Comparison, a sample, p point) {
	b := j.operand(p.check.Right, p.right, p.dataset, p.rightAt, median)
	if len(b.xs) == 0 {
		c.Outcome, c.Reason = Missing, b.why
		return
	}
	difference := func(xs []float64) stats.MeanDifference {
		d, _ := stats.Printed{Mean: b.xs[0], N: exact}.Against(xs)
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
	if ok && !j.bare {
		c.Measure, c.Effect = "difference of means", effect(difference(a.first(c.N[0])).Interval(0.95))
	}
}

// exact is so many runs that a number rests on that it has no error.
const exact = 1 << 40

// near judges a mean against a printed one, with both errors, or against an exact value.
func (j *judge) near(c *Comparison, a sample, p point) {
	k := p.check
	v, ok := paper.Value{Mean: k.Values[p.dataset]}, true
	want := stats.Printed{N: exact}
	if k.Published != "" {
		v, ok = j.ledger.tables().Value(k.Published, p.left, p.dataset)
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
	if !ok || j.bare {
		return
	}
	xs := a.first(c.N[0])
	d, _ := want.Against(xs)
	c.Measure, c.Effect = "difference of means", effect(d.Interval(0.95))
	c.Found = map[Outcome]string{Holds: "near", Fails: "far", Undecided: "open"}[c.Outcome]
	c.Notes = append(c.Notes, collapses(xs, nil)...)
}

// spread judges whether the standard deviation lies above a bound.
func (j *judge) spread(c *Comparison, a sample, bound float64) {
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
	if ok && !j.bare {
		c.Measure, c.Effect = "standard deviation", effect(stats.SD(a.first(c.N[0]), 0.95))
	}
}

// frequency judges how often a run needs factor times the median, against the paper's share.
func (j *judge) frequency(c *Comparison, a sample, k *Check) {
	if !j.ready(c, a, nil, 0) {
		return
	}
	late := func(xs []float64) (n int) {
		m := median(xs)
		for _, x := range xs {
			if x >= k.factor()*m {
				n++
			}
		}
		return n
	}
	for _, l := range j.ledger.Second.Looks {
		if len(a.xs) < l.N || c.Outcome != Undecided {
			continue
		}
		n := late(a.first(l.N))
		c.Look, c.N[0] = l, l.N
		switch iv := stats.ClopperPearson(n, l.N, 1-l.Alpha); {
		case !iv.Contains(k.Share):
			c.Outcome, c.P = Fails, l.Alpha
		case n > 0:
			c.Outcome = Holds
		}
	}
	c.Measure, c.Effect = "share of late runs", effect(stats.ClopperPearson(late(a.first(c.N[0])), c.N[0], 0.95))
}
