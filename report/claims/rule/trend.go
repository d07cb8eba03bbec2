package rule

import (
	"fmt"
	"math"
	"slices"

	"github.com/uaibench/uaibench/report/claims/ledger"
	"github.com/uaibench/uaibench/report/claims/sample"
	"github.com/uaibench/uaibench/report/stats"
)

// widest compares the gap on the left operand's own dataset with that on each of the check's
// datasets. A gap is the lowest mean of the left operand's arms minus the highest of the right's.
func (j *Judge) widest(k *ledger.Check) []Comparison {
	gap := func(dataset string) (cells [][]float64, left sample.Sample) {
		for _, o := range []*ledger.Operand{k.Left, k.Right} {
			for _, arm := range o.Arms {
				s := j.Source.Quantity(o, arm, dataset, "N")
				cells = append(cells, s.Values)
				left.Join(s)
			}
		}
		n := slices.MinFunc(cells, func(a, b []float64) int { return len(a) - len(b) })
		left.Values = n
		return cells, left
	}
	n := len(k.Left.Arms)
	width := func(cells [][]float64) float64 {
		lowest, highest := math.Inf(1), math.Inf(-1)
		for i, c := range cells {
			if i < n {
				lowest = min(lowest, mean(c))
			} else {
				highest = max(highest, mean(c))
			}
		}
		return lowest - highest
	}
	own, ownSample := gap(k.Left.Dataset)
	datasets := j.Ledger.Second.Datasets(k.Datasets)
	var out []Comparison
	for _, d := range datasets {
		c := Comparison{Dataset: d, P: 1, Holm: 1, Outcome: Undecided,
			What: "gap on " + k.Left.Dataset + " less that on " + d, Wanted: "> 0"}
		cells, s := gap(d)
		if !j.ready(&c, ownSample, &s, fewForMeans) {
			out = append(out, c)
			continue
		}
		at := func(size int, level float64) stats.Interval {
			var both [][]float64
			for _, xs := range slices.Concat(own, cells) {
				both = append(both, xs[:size])
			}
			return stats.Bootstrap(both, func(b [][]float64) float64 { return width(b[:len(own)]) - width(b[len(own):]) }, level)
		}
		have := min(c.Have[0], c.Have[1])
		for _, l := range j.Ledger.Second.Looks {
			if l.N < fewForMeans || have < l.N || c.Outcome != Undecided {
				continue
			}
			c.Look, c.N = l, [2]int{l.N, l.N}
			if c.Outcome = between(at(l.N, 1-l.Alpha), 0); c.Outcome == Fails {
				c.P = l.Alpha
				if each := l.Alpha / float64(len(datasets)); between(at(l.N, 1-each), 0) == Fails {
					c.P = each
				}
			}
		}
		if !j.Bare {
			c.Measure, c.Effect = "difference of gaps", effect(at(c.N[0], 0.95))
		}
		out = append(out, c)
		if j.Bare && !j.Whole && c.Outcome != Holds {
			break
		}
	}
	return out
}

// trend is the correlation of the effects on datasets with those on their counterparts.
func (j *Judge) trend(k *ledger.Check) (*Aggregate, []Comparison) {
	g := &Aggregate{Measure: "correlation of effects", Bound: *k.Bound, Outcome: Missing}
	datasets, like := j.Ledger.Second.Datasets(k.Datasets), j.Ledger.Second.Datasets(k.Like)
	var comps []Comparison
	var blocks [][4]sample.Sample
	for i, d := range datasets {
		for _, at := range k.Left.At {
			for _, p := range k.Pairs {
				var four [4]sample.Sample
				for s, id := range []string{d, d, like[i], like[i]} {
					four[s] = j.Source.Quantity(k.Left, p[s%2], id, at)
				}
				blocks = append(blocks, four)
				c := Comparison{Dataset: d, P: 1, Holm: 1, Outcome: Undecided,
					Wanted: "as on " + like[i],
					What: fmt.Sprintf("%s less %s at b = %s", j.Ledger.Title(p[0]),
						j.Ledger.Title(p[1]), at)}
				a, b := four[0], four[1]
				a.Join(four[2])
				b.Join(four[3])
				a.Values = shortest(four[0].Values, four[2].Values)
				b.Values = shortest(four[1].Values, four[3].Values)
				j.ready(&c, a, &b, 0)
				comps = append(comps, c)
			}
		}
	}
	var all []block
	for _, f := range blocks {
		all = append(all, block{a: shortest(f[0].Values, f[1].Values, f[2].Values, f[3].Values)})
	}
	// The interval is over effects: at a look each counts with its runs so far.
	at := func(n int, level float64) (stats.Interval, bool) {
		var x, y []float64
		for i, f := range blocks {
			size := g.Looked[n][i]
			if size == 0 {
				continue
			}
			e := [2]float64{}
			for s := range e {
				e[s] = stats.Shift(f[2*s].Values[:size], f[2*s+1].Values[:size], 0.95).Estimate
			}
			x, y = append(x, e[0]), append(y, e[1])
			if !j.Bare {
				comps[i].N, comps[i].Measure = [2]int{size, size}, "shift"
				comps[i].Effect = effect(stats.Shift(f[0].Values[:size], f[1].Values[:size], 0.95))
				comps[i].Found = fmt.Sprintf("there %s", Short(e[1]))
			}
		}
		r, _, ok := stats.Correlation(x, y, level)
		return r, ok
	}
	n := 0
	j.aggregate(g, all, j.Ledger.Second.Looks[0].N, func(_ []block, alpha float64) Outcome {
		n = g.Look.N
		r, ok := at(n, 1-2*alpha)
		if !ok {
			return Undecided
		}
		return between(r, *k.Bound)
	}, func([]block) stats.Interval {
		r, _ := at(n, 0.95)
		return r
	})
	return g, comps
}

func shortest(xs ...[]float64) []float64 {
	return slices.MinFunc(xs, func(a, b []float64) int { return len(a) - len(b) })
}
