package rule

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"

	"github.com/uaibench/uaibench/report/claims/sample"
	"github.com/uaibench/uaibench/report/stats"
)

// Aggregate is a statistic over several comparisons, with the interval that judges it.
type Aggregate struct {
	Measure string     `json:"measure"`
	Effect  *Effect    `json:"effect"` // 95 % interval
	Bound   float64    `json:"bound"`  // that the interval is compared with
	Outcome Outcome    `json:"outcome"`
	Look    stats.Look `json:"look"`
	Of      int        `json:"of"` // comparisons included

	// Looked has for each look so far the number of runs with which each comparison counted; 0: it
	// did not count.
	Looked map[int][]int `json:"-"`

	counted float64 // rule most: the count needed
	fewest  int     // replicates at its first look
	most    int     // the most replicates of any comparison
}

// block has the runs, of one arm or of two, that one comparison adds to an aggregate.
type block struct {
	a, b   []float64
	of, to string // names of their arms and dataset: comparisons may share an arm
}

func (b block) n() int {
	if b.b == nil {
		return len(b.a)
	}
	return min(len(b.a), len(b.b))
}

// cut returns the block with its first n runs.
func (b block) cut(n int) block {
	b.a = b.a[:n]
	if b.b != nil {
		b.b = b.b[:n]
	}
	return b
}

// first cuts a block to the largest look up to n that it completes.
func (b block) first(looks []stats.Look, n int) block {
	take := 0
	for _, l := range looks {
		if l.N <= n && l.N <= b.n() {
			take = l.N
		}
	}
	return b.cut(take)
}

// aggregate goes through the looks from fewest replicates on, and stops at the first that decides.
// judge returns the outcome at a level.
func (j *Judge) aggregate(g *Aggregate, all []block, fewest int,
	judge func(in []block, alpha float64) Outcome, show func(in []block) stats.Interval) {
	g.Outcome, g.Looked, g.fewest = Missing, map[int][]int{}, fewest
	for _, b := range all {
		if g.most = max(g.most, b.n()); b.n() >= fewest {
			g.Outcome = Undecided
			g.Of++
		}
	}
	var in []block
	for _, l := range j.Ledger.Second.Looks {
		if l.N < fewest || g.Outcome != Undecided {
			continue
		}
		sizes, ok := j.sizes(all, l, fewest)
		if !ok {
			continue
		}
		in = nil
		for i, n := range sizes {
			if n > 0 {
				in = append(in, all[i].cut(n))
			}
		}
		g.Look, g.Of, g.Looked[l.N] = l, len(in), sizes
		g.Outcome = judge(in, l.Alpha)
	}
	if in != nil && !j.Bare {
		g.Effect = effect(show(in))
	}
}

// sizes returns the number of runs with which each block counts at a look. If the look was kept
// (Looked) and the runs still exist, these are the kept numbers. Otherwise each block counts with
// its own largest complete look up to this one, or 0, and the look is complete if half of the
// blocks with at least fewest runs have completed it.
func (j *Judge) sizes(all []block, l stats.Look, fewest int) (sizes []int, complete bool) {
	kept := j.Looked[j.claim][l.N]
	usable := len(kept) == len(all)
	for i := 0; usable && i < len(all); i++ {
		usable = kept[i] <= all[i].n()
	}
	if usable {
		return kept, true
	}
	ready, of := 0, 0
	for _, b := range all {
		n := 0
		if b.n() >= fewest {
			of++
			for _, k := range j.Ledger.Second.Looks {
				if k.N <= l.N && k.N <= b.n() {
					n = k.N
				}
			}
		}
		if n == l.N {
			ready++
		}
		sizes = append(sizes, n)
	}
	return sizes, of > 0 && 2*ready >= of
}

// between compares an interval with a bound.
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
func (j *Judge) usually(points []Point) *Aggregate {
	g := &Aggregate{Measure: "mean win probability", Bound: 0.5}
	var all []block
	for _, p := range points {
		k := p.Check
		a := j.operand(k.Left, p.Left, p.Dataset, p.LeftAt, Median)
		b := j.operand(k.Right, p.Right, p.Dataset, p.RightAt, Median)
		if k.Paired {
			d := sample.Pair(a, b, func(x, y float64) float64 {
				return stats.Round(x - k.Times()*y - k.Margin)
			})
			all = append(all, block{a: d.Values})
			continue
		}
		moved := make([]float64, len(b.Values))
		for i, x := range b.Values {
			moved[i] = stats.Round(k.Times()*x + k.Margin)
		}
		all = append(all, block{a: a.Values, b: moved})
	}
	of := func(in []block, level float64) stats.Interval {
		if in[0].b == nil {
			return meanShare(in, level)
		}
		return meanWin(in, level)
	}
	j.aggregate(g, all, j.Ledger.Second.Looks[0].N,
		func(in []block, alpha float64) Outcome { return between(of(in, 1-alpha), 0.5) },
		func(in []block) stats.Interval { return of(in, 0.95) })
	return g
}

// meanShare is the share of differences above 0, counting ties as half, averaged over blocks.
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

// meanWin is stats.MeanWin, but several times as fast: it replaces values by their ranks among both
// arms, and counts these in each resample.
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
			for k := 1; k <= most; k++ { // values of y below each rank
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

// comparable is the difference of means averaged over the comparisons, which must be at least
// -delta.
func (j *Judge) comparable(points []Point, delta float64) (*Aggregate, []block) {
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

// blocks returns both arms of each point; an operand with Pick picks by the mean.
func (j *Judge) blocks(points []Point) []block {
	var out []block
	for _, p := range points {
		a := j.operand(p.Check.Left, p.Left, p.Dataset, p.LeftAt, mean)
		b := j.operand(p.Check.Right, p.Right, p.Dataset, p.RightAt, mean)
		out = append(out, block{a.Values, b.Values, p.Left + " " + p.Dataset, p.Right + " " + p.Dataset})
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

// most counts the comparisons in which the left arm has the lower deviation. It holds if the count
// is surely more than half and its estimate at least need; with fewer comparisons, need is scaled
// in proportion.
func (j *Judge) most(points []Point, need int) (*Aggregate, []block) {
	all := j.blocks(points)
	g := &Aggregate{Measure: "comparisons with the lower deviation"}
	// The six comparisons on a dataset share an arm, whose runs are resampled once for all of them.
	// Resampled separately, they would make the count look more certain than it is.
	bootstrap := func(in []block, level float64) stats.Interval {
		var cells [][]float64
		index := map[string]int{}
		cell := func(name string, runs []float64) int {
			i, ok := index[name]
			if !ok {
				i = len(cells)
				index[name], cells = i, append(cells, nil)
			}
			if len(runs) > len(cells[i]) {
				cells[i] = runs
			}
			return i
		}
		pairs := make([][2]int, len(in))
		for i, b := range in {
			pairs[i] = [2]int{cell(b.of, b.a), cell(b.to, b.b)}
		}
		return stats.Bootstrap(cells, func(cells [][]float64) float64 {
			n, sd := 0.0, make([]float64, len(cells))
			for i, xs := range cells {
				sd[i] = stat.StdDev(xs, nil)
			}
			for _, p := range pairs {
				if sd[p[0]] < sd[p[1]] {
					n++
				}
			}
			return n
		}, level)
	}
	j.aggregate(g, all, fewForMeans, func(in []block, alpha float64) Outcome {
		half := float64(len(in)) / 2
		needed := math.Ceil(float64(need) * float64(len(in)) / float64(len(points)))
		g.Bound, g.counted = half, needed
		iv := bootstrap(in, 1-2*alpha)
		switch {
		case iv.Lo > half && iv.Estimate >= needed:
			return Holds
		case iv.Hi < needed:
			return Fails
		}
		return Undecided
	}, func(in []block) stats.Interval { return bootstrap(in, 0.95) })
	return g, all
}
