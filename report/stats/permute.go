package stats

import (
	"cmp"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
	"sync"

	"github.com/aclements/go-moremath/mathx"
)

// PermutedTest enumerates all splits of the runs into arms of the same sizes up to ExactSplits (10
// against 10 runs have 184,756), and draws RandomSplits with a fixed seed if there are more.
const (
	ExactSplits  = 200_000
	RandomSplits = 20_000
)

// PermutedTest is the studentized permutation test of a win probability of 1/2 (Neubert and Brunner
// 2007, "A studentized permutation test for the non-parametric Behrens-Fisher problem"): Brunner
// and Munzel's W among those of all splits of the pooled runs. Its level is exact if both arms have
// one distribution, and close to nominal if only their win probability is 1/2. Statistics are
// compared as integers, so that equal ones are equal on every machine. A drawn p is (1 + splits as
// extreme)/(1 + RandomSplits), and exact is false. Both arms need two values, otherwise all p are
// 1.
func PermutedTest(a, b []float64) (t Tails, exact bool) {
	noNaN(a, b)
	if len(a) < 2 || len(b) < 2 {
		return Tails{1, 1, 1}, true
	}
	seen := place(a, b).studentized()
	p := newPool(a, b)
	switch all := mathx.Choose(len(a)+len(b), len(a)); {
	case all > ExactSplits:
		return p.draw(seen), false
	case len(p.groups) == len(a)+len(b):
		return untied(len(a), len(b)).tails(seen), true
	}
	c := counter{pool: p, seen: seen}
	c.enumerate()
	return tails(c.above/c.total, c.below/c.total), true
}

// studentized is W up to a factor of the arms' sizes: num/√den. den is 0 only if one arm lies above
// the other (±Inf) or all runs are equal (0).
type studentized struct{ num, den int64 }

func (s studentized) value(nA, nB int) float64 {
	switch {
	case s.num == 0:
		return 0
	case s.den == 0:
		return math.Inf(int(s.num))
	}
	return float64(s.num) * math.Sqrt(float64(nA-1)*float64(nB-1)/float64(s.den))
}

func (s studentized) compare(o studentized) int {
	sign := cmp.Compare(s.num, 0)
	if c := cmp.Compare(sign, cmp.Compare(o.num, 0)); c != 0 || sign == 0 {
		return c
	}
	// num² den' against num'² den: a den of 0 correctly makes its side infinite.
	sh, sl := bits.Mul64(uint64(s.num*s.num), uint64(o.den))
	oh, ol := bits.Mul64(uint64(o.num*o.num), uint64(s.den))
	return sign * cmp.Or(cmp.Compare(sh, oh), cmp.Compare(sl, ol))
}

// pool has the runs of both arms together: how many share each value, in ascending order of the
// values.
type pool struct {
	nA, nB int64
	groups []int64
}

func newPool(a, b []float64) pool {
	all := slices.Concat(a, b)
	slices.Sort(all)
	p := pool{nA: int64(len(a)), nB: int64(len(b))}
	for i, x := range all {
		if i == 0 || x != all[i-1] {
			p.groups = append(p.groups, 0)
		}
		p.groups[len(p.groups)-1]++
	}
	return p
}

// counter enumerates all splits of a pool, those that differ only by equal runs at once, and counts
// those whose W is at least and at most seen; or, if every is not nil, all of them by their W.
type counter struct {
	pool
	seen                studentized
	above, below, total float64
	every               map[studentized]float64
	mirrored            bool // each split also counts for its mirror image
}

// enumerate counts all splits. With arms of equal size it enumerates only those with the smallest
// run in A; their mirror images, with that run in B, have -W.
func (c *counter) enumerate() {
	if c.nA != c.nB {
		c.walk(0, 0, 0, 0, 0, 0, 1)
		return
	}
	c.mirrored = true
	t := c.groups[0]
	for i := max(1, t-c.nB); i <= min(t, c.nA); i++ {
		j := t - i
		c.walk(1, i, j, i*j, i*j*j, j*i*i, mathx.Choose(int(t-1), int(i-1)))
	}
}

// walk distributes the groups from g on; the arms have a and b runs so far with these sums of
// doubled placements.
func (c *counter) walk(g int, a, b, sa, qa, qb int64, ways float64) {
	if g == len(c.groups) {
		c.count(placed{c.nA, c.nB, sa, qa, qb}.studentized(), ways)
		return
	}
	switch left := c.nA + c.nB - a - b; {
	case a == c.nA: // the rest is B's, above all of A
		c.count(placed{c.nA, c.nB, sa, qa, qb + left*4*a*a}.studentized(), ways)
		return
	case b == c.nB:
		c.count(placed{c.nA, c.nB, sa + left*2*b, qa + left*4*b*b, qb}.studentized(), ways)
		return
	}
	t := c.groups[g]
	if t == 1 {
		c.walk(g+1, a+1, b, sa+2*b, qa+4*b*b, qb, ways)
		c.walk(g+1, a, b+1, sa, qa, qb+4*a*a, ways)
		return
	}
	for i := max(0, t-(c.nB-b)); i <= min(t, c.nA-a); i++ {
		j := t - i
		ca, cb := 2*b+j, 2*a+i
		c.walk(g+1, a+i, b+j, sa+i*ca, qa+i*ca*ca, qb+j*cb*cb, ways*mathx.Choose(int(t), int(i)))
	}
}

func (c *counter) count(s studentized, ways float64) {
	c.add(s, ways)
	if c.mirrored {
		c.add(studentized{-s.num, s.den}, ways)
	}
}

func (c *counter) add(s studentized, ways float64) {
	c.total += ways
	if c.every != nil {
		c.every[s] += ways
		return
	}
	o := s.compare(c.seen)
	if o >= 0 {
		c.above += ways
	}
	if o <= 0 {
		c.below += ways
	}
}

// draw estimates the p of seen from random splits.
func (p pool) draw(seen studentized) Tails {
	rng := rand.New(rand.NewPCG(uint64(p.nA), uint64(p.nB)))
	group := make([]int, 0, p.nA+p.nB) // of each run
	for g, t := range p.groups {
		for range t {
			group = append(group, g)
		}
	}
	inA := make([]int64, len(p.groups)) // number of A's runs in each group
	above, below := 1, 1
	for range RandomSplits {
		clear(inA)
		for i := range int(p.nA) {
			j := i + rng.IntN(len(group)-i)
			group[i], group[j] = group[j], group[i]
			inA[group[i]]++
		}
		at := placed{nA: p.nA, nB: p.nB}
		var a, b int64
		for g, t := range p.groups {
			i, j := inA[g], t-inA[g]
			ca, cb := 2*b+j, 2*a+i
			at.sa += i * ca
			at.qa += i * ca * ca
			at.qb += j * cb * cb
			a, b = a+i, b+j
		}
		c := at.studentized().compare(seen)
		if c >= 0 {
			above++
		}
		if c <= 0 {
			below++
		}
	}
	return tails(float64(above)/(1+RandomSplits), float64(below)/(1+RandomSplits))
}

// null is the distribution of W over all splits of runs without ties, which depends only on the
// arms' sizes.
type null struct {
	values []studentized // ascending
	upto   []float64     // share of the splits up to each
}

var nulls sync.Map // of [2]int: all looks at ten use the same

func untied(nA, nB int) null {
	if d, ok := nulls.Load([2]int{nA, nB}); ok {
		return d.(null)
	}
	c := counter{
		pool:  pool{int64(nA), int64(nB), slices.Repeat([]int64{1}, nA+nB)},
		every: map[studentized]float64{},
	}
	c.enumerate()
	var d null
	for s := range c.every {
		d.values = append(d.values, s)
	}
	slices.SortFunc(d.values, studentized.compare)
	d.upto = make([]float64, len(d.values))
	sum := 0.0
	for i, s := range d.values {
		sum += c.every[s]
		d.upto[i] = sum / c.total
	}
	nulls.Store([2]int{nA, nB}, d)
	return d
}

func (d null) tails(seen studentized) Tails {
	first, _ := slices.BinarySearchFunc(d.values, seen, studentized.compare)
	last := first
	for last+1 < len(d.values) && d.values[last+1].compare(seen) == 0 {
		last++
	}
	before := 0.0
	if first > 0 {
		before = d.upto[first-1]
	}
	return tails(1-before, d.upto[last])
}
