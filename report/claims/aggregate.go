package claims

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"

	"github.com/uaibench/uaibench/report/stats"
)

// Aggregate is a statistic of several comparisons together, with the interval that judges it.
type Aggregate struct {
	Measure string     `json:"measure"`
	Effect  *Effect    `json:"effect"` // 95 % interval
	Bound   float64    `json:"bound"`  // that it is judged against
	Outcome Outcome    `json:"outcome"`
	Look    stats.Look `json:"look"`
	Of      int        `json:"of"` // comparisons that it is made of

	counted float64 // of most: the count that is needed
}

// block is what one comparison gives an aggregate: the runs of one arm or of two.
type block struct{ a, b []float64 }

func (b block) n() int {
	if b.b == nil {
		return len(b.a)
	}
	return min(len(b.a), len(b.b))
}

// first cuts a block to the largest look up to n that it completes.
func (b block) first(looks []stats.Look, n int) block {
	take := 0
	for _, l := range looks {
		if l.N <= n && l.N <= b.n() {
			take = l.N
		}
	}
	out := block{a: b.a[:take]}
	if b.b != nil {
		out.b = b.b[:take]
	}
	return out
}

// aggregate goes through the looks from fewest replicates on, and stops at the first that decides.
// Each block counts with the runs of its own largest complete look up to the aggregate's, which is
// complete when half of the blocks are; a block without a look is left out. judge gives the outcome
// at a level.
func (j *judge) aggregate(g *Aggregate, all []block, fewest int, judge func(in []block, alpha float64) Outcome, show func(in []block) stats.Interval) {
	looks := j.ledger.Second.Looks
	all = slices.DeleteFunc(slices.Clone(all), func(b block) bool { return b.n() < fewest })
	g.Outcome, g.Of = Missing, len(all)
	if len(all) == 0 {
		return
	}
	g.Outcome = Undecided
	var in []block
	for _, l := range looks {
		ready := 0
		for _, b := range all {
			if b.n() >= l.N {
				ready++
			}
		}
		if l.N < fewest || 2*ready < len(all) || g.Outcome != Undecided {
			continue
		}
		in = nil
		for _, b := range all {
			in = append(in, b.first(looks, l.N))
		}
		g.Look = l
		g.Outcome = judge(in, l.Alpha)
	}
	if in != nil && !j.bare {
		g.Effect = effect(show(in))
	}
}

// between judges an interval against a bound.
func between(iv stats.Interval, bound float64) Outcome {
	switch {
	case iv.Lo > bound:
		return Holds
	case iv.Hi < bound:
		return Fails
	}
	return Undecided
}

// usually is the win probability averaged over the comparisons.
func (j *judge) usually(points []point) *Aggregate {
	g := &Aggregate{Measure: "mean win probability", Bound: 0.5}
	var all []block
	for _, p := range points {
		k := p.check
		a := j.operand(k.Left, p.left, p.dataset, p.leftAt, median)
		b := j.operand(k.Right, p.right, p.dataset, p.rightAt, median)
		if k.Paired {
			d := pair(a, b, func(x, y float64) float64 { return stats.Round(x - k.factor()*y - k.Margin) })
			all = append(all, block{a: d.xs})
			continue
		}
		moved := make([]float64, len(b.xs))
		for i, x := range b.xs {
			moved[i] = stats.Round(k.factor()*x + k.Margin)
		}
		all = append(all, block{a.xs, moved})
	}
	of := func(in []block, level float64) stats.Interval {
		if in[0].b == nil {
			return meanShare(in, level)
		}
		return meanWin(in, level)
	}
	j.aggregate(g, all, j.ledger.Second.Looks[0].N,
		func(in []block, alpha float64) Outcome { return between(of(in, 1-alpha), 0.5) },
		func(in []block) stats.Interval { return of(in, 0.95) })
	return g
}

// meanShare is the share of differences above 0, of ties half, averaged over blocks.
func meanShare(in []block, level float64) stats.Interval {
	var cells [][]float64
	for _, b := range in {
		cells = append(cells, b.a)
	}
	return stats.Bootstrap(cells, func(cells [][]float64) float64 {
		sum := 0.0
		for _, c := range cells {
			for _, x := range c {
				switch {
				case x > 0:
					sum += 1 / float64(len(c))
				case x == 0:
					sum += 0.5 / float64(len(c))
				}
			}
		}
		return sum / float64(len(cells))
	}, level)
}

// meanWin is stats.MeanWin, some times as fast: values are replaced by their ranks among both arms,
// which a resample counts.
func meanWin(in []block, level float64) stats.Interval {
	var a, b [][]float64
	most := 0
	for _, p := range in {
		sorted := slices.Compact(slices.Sorted(slices.Values(slices.Concat(p.a, p.b))))
		rank := func(xs []float64) []float64 {
			out := make([]float64, len(xs))
			for i, x := range xs {
				k, _ := slices.BinarySearch(sorted, x)
				out[i] = float64(k)
			}
			return out
		}
		a, b, most = append(a, rank(p.a)), append(b, rank(p.b)), max(most, len(sorted))
	}
	count := make([]int, most+1)
	return stats.Bootstrap(slices.Concat(a, b), func(cells [][]float64) float64 {
		sum := 0.0
		for i := range in {
			x, y := cells[i], cells[len(in)+i]
			clear(count)
			for _, v := range y {
				count[int(v)+1]++
			}
			for k := 1; k <= most; k++ { // of y below each rank
				count[k] += count[k-1]
			}
			s := 0
			for _, v := range x {
				s += count[int(v)] + count[int(v)+1]
			}
			sum += float64(s) / float64(2*len(x)*len(y))
		}
		return sum / float64(len(in))
	}, level)
}

// comparable is the difference of means averaged over the comparisons, to be at least -delta.
func (j *judge) comparable(points []point, delta float64) (*Aggregate, []block) {
	g := &Aggregate{Measure: "mean difference of means", Bound: -delta}
	all := j.blocks(points)
	of := func(in []block, level float64) stats.Interval {
		return stats.Bootstrap(flat(in), func(cells [][]float64) float64 {
			sum := 0.0
			for i := 0; i < len(cells); i += 2 {
				sum += mean(cells[i]) - mean(cells[i+1])
			}
			return 2 * sum / float64(len(cells))
		}, level)
	}
	j.aggregate(g, all, fewForMeans,
		func(in []block, alpha float64) Outcome { return between(of(in, 1-2*alpha), -delta) },
		func(in []block) stats.Interval { return of(in, 0.95) })
	return g, all
}

// blocks are both arms of each point; an operand that picks picks by its mean.
func (j *judge) blocks(points []point) []block {
	var out []block
	for _, p := range points {
		a := j.operand(p.check.Left, p.left, p.dataset, p.leftAt, mean)
		b := j.operand(p.check.Right, p.right, p.dataset, p.rightAt, mean)
		out = append(out, block{a.xs, b.xs})
	}
	return out
}

func flat(in []block) [][]float64 {
	var out [][]float64
	for _, b := range in {
		out = append(out, b.a, b.b)
	}
	return out
}

// most is the count of comparisons in which the left arm has the lower deviation: more than half for
// certain, and at least need as counted, of which a smaller scope needs as large a share.
func (j *judge) most(points []point, need int) (*Aggregate, []block) {
	all := j.blocks(points)
	g := &Aggregate{Measure: "comparisons with the lower deviation"}
	count := func(cells [][]float64) float64 {
		n := 0.0
		for i := 0; i < len(cells); i += 2 {
			if stat.StdDev(cells[i], nil) < stat.StdDev(cells[i+1], nil) {
				n++
			}
		}
		return n
	}
	j.aggregate(g, all, fewForMeans, func(in []block, alpha float64) Outcome {
		half := float64(len(in)) / 2
		needed := math.Ceil(float64(need) * float64(len(in)) / float64(len(points)))
		g.Bound, g.counted = half, needed
		iv := stats.Bootstrap(flat(in), count, 1-2*alpha)
		switch {
		case iv.Lo > half && iv.Estimate >= needed:
			return Holds
		case iv.Hi < needed:
			return Fails
		}
		return Undecided
	}, func(in []block) stats.Interval { return stats.Bootstrap(flat(in), count, 0.95) })
	return g, all
}

// widest compares the gap on the left operand's own dataset with that on each of the check's. A gap
// is between the arm with the lowest mean of the left's and the one with the highest of the right's.
func (j *judge) widest(k *Check) []Comparison {
	gap := func(dataset string) (cells [][]float64, left sample) {
		for _, o := range []*Operand{k.Left, k.Right} {
			for _, arm := range o.Arms {
				s := j.src.quantity(o, arm, dataset, "N")
				cells = append(cells, s.xs)
				left.join(s)
			}
		}
		n := slices.MinFunc(cells, func(a, b []float64) int { return len(a) - len(b) })
		left.xs = n
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
	datasets := j.ledger.Second.datasets(k.Datasets)
	var out []Comparison
	for _, d := range datasets {
		c := Comparison{Dataset: d, P: 1, Holm: 1, Outcome: Undecided, What: "gap on " + k.Left.Dataset + " less that on " + d, Wanted: "> 0"}
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
		for _, l := range j.ledger.Second.Looks {
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
		if !j.bare {
			c.Measure, c.Effect = "difference of gaps", effect(at(c.N[0], 0.95))
		}
		out = append(out, c)
		if j.bare && c.Outcome != Holds {
			break
		}
	}
	return out
}

// trend is the correlation of effects on datasets with those on their counterparts.
func (j *judge) trend(k *Check) (*Aggregate, []Comparison) {
	g := &Aggregate{Measure: "correlation of effects", Bound: *k.Bound, Outcome: Missing}
	datasets, like := j.ledger.Second.datasets(k.Datasets), j.ledger.Second.datasets(k.Like)
	var comps []Comparison
	var blocks [][4]sample
	for i, d := range datasets {
		for _, at := range k.Left.At {
			for _, p := range k.Pairs {
				var four [4]sample
				for s, id := range []string{d, d, like[i], like[i]} {
					four[s] = j.src.quantity(k.Left, p[s%2], id, at)
				}
				blocks = append(blocks, four)
				c := Comparison{Dataset: d, P: 1, Holm: 1, Outcome: Undecided, Wanted: "as on " + like[i],
					What: fmt.Sprintf("%s less %s at b = %s", j.ledger.title(p[0]), j.ledger.title(p[1]), at)}
				a, b := four[0], four[1]
				a.join(four[2])
				b.join(four[3])
				a.xs = shortest(four[0].xs, four[2].xs)
				b.xs = shortest(four[1].xs, four[3].xs)
				j.ready(&c, a, &b, 0)
				comps = append(comps, c)
			}
		}
	}
	var all []block
	for _, f := range blocks {
		all = append(all, block{a: shortest(f[0].xs, f[1].xs, f[2].xs, f[3].xs)})
	}
	// The interval is over effects: at a look each counts with its runs so far.
	at := func(n int, level float64) (stats.Interval, bool) {
		var x, y []float64
		for i, f := range blocks {
			size := all[i].first(j.ledger.Second.Looks, n).n()
			if size == 0 {
				continue
			}
			e := [2]float64{}
			for s := range e {
				e[s] = stats.Shift(f[2*s].xs[:size], f[2*s+1].xs[:size], 0.95).Estimate
			}
			x, y = append(x, e[0]), append(y, e[1])
			if !j.bare {
				comps[i].N, comps[i].Measure = [2]int{size, size}, "shift"
				comps[i].Effect = effect(stats.Shift(f[0].xs[:size], f[1].xs[:size], 0.95))
				comps[i].Found = fmt.Sprintf("there %s", short(e[1]))
			}
		}
		r, _, ok := stats.Correlation(x, y, level)
		return r, ok
	}
	n := 0
	j.aggregate(g, all, j.ledger.Second.Looks[0].N, func(_ []block, alpha float64) Outcome {
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
