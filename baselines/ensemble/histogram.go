package ensemble

import (
	"math"
	"slices"

	"github.com/uaibench/uaibench/bench/detmath"
)

// binsRule chooses the number of bins of an equal-width histogram (Birge and Rozenholc 2006): the D
// that maximises
//
//	sum_m N_m ln(N_m / (n h)) - (D + (ln D)^2.5),  h = range / D
//
// over D = 1, 1 + step, 1 + 2 step, … up to n / ln n, step = max(1, floor(n / ln n / tries)).
type binsRule struct {
	tries int  // the authors' 500
	extra bool // one bin more than the rule's, as in the authors' code
	most  int  // floor(n / ln n), at least 1; limited by the 16-bit codes from n = 870,000 on
	step  int
	nlogn []float64 // [k] is k ln k
}

func newBinsRule(n, tries int, extra bool) *binsRule {
	r := &binsRule{tries: tries, extra: extra, most: 1, nlogn: make([]float64, n+1)}
	for k := 2; k <= n; k++ {
		r.nlogn[k] = float64(k) * detmath.Ln(float64(k))
	}
	if n > 1 {
		r.most = min(max(1, int(float64(n)/detmath.Ln(float64(n)))), maxSlots-1)
	}
	r.step = max(1, r.most/tries)
	return r
}

// binning maps values to bins: bin m of D holds those with floor((x - lo) D / range) = m.
type binning struct {
	lo    float64
	scale float64 // bins / range
	bins  int
}

func newBinning(lo, hi float64, bins int) binning {
	return binning{lo: lo, scale: float64(bins) / (hi - lo), bins: bins}
}

// of returns the bin of x; values outside go to the end bins.
func (b binning) of(x float64) int {
	v := (x - b.lo) * b.scale
	switch {
	case v < 1:
		return 0
	case v >= float64(b.bins-1):
		return b.bins - 1
	}
	return int(v)
}

// choose returns the number of bins for ascending values with values[0] < values[n-1].
func (r *binsRule) choose(values []float64) int {
	n := len(values)
	lo, hi := values[0], values[n-1]
	at := newBoundaries(values, 8*r.most)
	best, bestLike := 1, math.Inf(-1)
	for bins := 1; bins <= r.most; bins += r.step {
		b := newBinning(lo, hi, bins)
		grid := float64(at.cells()) / float64(bins)
		sum, from := 0.0, 0
		for m := 1; m < bins; m++ {
			to := at.below(float64(m), b.scale, from, int(float64(m)*grid))
			sum += r.nlogn[to-from]
			from = to
		}
		sum += r.nlogn[n-from]
		l := detmath.Ln(float64(bins))
		penalty := float64(bins) + float64(float64(l*l)*math.Sqrt(l))
		h := (hi - lo) / float64(bins)
		if like := sum - float64(float64(n)*detmath.Ln(float64(n)*h)) - penalty; like > bestLike {
			best, bestLike = bins, like
		}
	}
	if r.extra {
		best++
	}
	return best
}

// counts returns the number of values in each bin.
func (b binning) counts(values []float64) []int {
	c := make([]int, b.bins)
	for _, v := range values {
		c[b.of(v)]++
	}
	return c
}

// boundaries finds where the bins of ascending values begin. A fine grid gives an approximate
// position; the exact one comes from the arithmetic of binning.of, which is monotonic in the
// values.
type boundaries struct {
	shifted []float64 // the values less the lowest
	first   []int32   // by cell of the grid: number of values below it
}

func newBoundaries(values []float64, cells int) boundaries {
	n := len(values)
	g := boundaries{shifted: make([]float64, n), first: make([]int32, cells)}
	for i, v := range values {
		g.shifted[i] = v - values[0]
	}
	b := newBinning(values[0], values[n-1], cells)
	i := 0
	for c := range cells {
		for i < n && b.of(values[i]) < c {
			i++
		}
		g.first[c] = int32(i)
	}
	return g
}

func (g boundaries) cells() int { return len(g.first) }

// below returns the number of values with (x - lo) scale < m, at least from; cell is the
// approximate grid cell of the boundary m.
func (g boundaries) below(m, scale float64, from, cell int) int {
	x := g.shifted
	n := len(x)
	i := max(from, int(g.first[min(cell, len(g.first)-1)]))
	// The boundary is usually a few values from here …
	for range 8 {
		switch {
		case i < n && x[i]*scale < m:
			i++
		case i > from && !(x[i-1]*scale < m):
			i--
		default:
			return i
		}
	}
	// … or else far away, in a cell with many values: gallop to an interval that contains it, and
	// bisect that.
	lo, hi := from, n
	if i < n && x[i]*scale < m {
		lo = i + 1
		for step := 8; lo < n; step *= 2 {
			j := min(lo+step, n) - 1
			if !(x[j]*scale < m) {
				hi = j
				break
			}
			lo = j + 1
		}
	} else {
		hi = i
		for step := 8; hi > from; step *= 2 {
			j := max(hi-step, from)
			if x[j]*scale < m {
				lo = j + 1
				break
			}
			hi = j
		}
	}
	for lo < hi {
		mid := int(uint(lo+hi) / 2)
		if x[mid]*scale < m {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// fit builds the histogram of values in any order (sorted is scratch of the same length): it
// returns the bins and, for each, -ln of its density, floored.
func (r *binsRule) fit(values, sorted []float64, floor float64) (binning, []float64) {
	copy(sorted, values)
	slices.Sort(sorted)
	n := len(sorted)
	lo, hi := sorted[0], sorted[n-1]
	if lo == hi { // no information: one bin of width 1
		return binning{lo: lo, bins: 1}, []float64{0}
	}
	b := newBinning(lo, hi, r.choose(sorted))
	h := (hi - lo) / float64(b.bins)
	z := make([]float64, b.bins)
	for m, c := range b.counts(sorted) {
		z[m] = -detmath.Ln(max(float64(c)/(float64(n)*h), floor))
	}
	return b, z
}
