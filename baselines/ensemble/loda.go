package ensemble

import (
	"cmp"
	"context"
	"math"

	"github.com/uaibench/uaibench/baselines/internal/split"
	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/detmath"
)

// LodaSettings are the settings of LODA. Zero values mean those of the AAD authors' code, except
// for Plain.
type LodaSettings struct {
	Least, Most int     // k_min and k_max of the rule for the number of projections; 0: 300 and 500
	Stop        float64 // the rule's 0.01
	Tries       int     // numbers of bins that are tried; 0: 500, and up to twice as many
	Plain       bool    // as many bins as the rule gives; the authors' code builds one more
	Floor       float64 // least density; 0: 1e-8
	Seed        uint64
	Workers     int // goroutines; 0: GOMAXPROCS. The result does not depend on it
}

// projection is one sparse direction with the histogram of the pool along it.
type projection struct {
	features []int32
	w        []float64
	binning
}

// loda is an ensemble of one-dimensional histograms along random projections.
type loda struct {
	set         LodaSettings
	cols        int // d
	projections []projection
	tables      [][]float64 // by projection: z of each bin, -ln density
	index       [][]int32   // AAD: [j] is {j}
}

// newLoda returns an empty ensemble.
func newLoda(s LodaSettings) *loda {
	if s.Least == 0 && s.Most == 0 {
		s.Least, s.Most = 300, 500
	}
	s.Stop, s.Tries = cmp.Or(s.Stop, 0.01), cmp.Or(s.Tries, 500)
	s.Floor = cmp.Or(s.Floor, 1e-8)
	return &loda{set: s}
}

func (l *loda) members() int    { return len(l.projections) }
func (l *loda) slots(j int) int { return l.projections[j].bins }
func (l *loda) features() int   { return l.cols }
func (l *loda) workers() int    { return l.set.Workers }
func (l *loda) newScratch() any { return nil }
func (l *loda) weights() int    { return len(l.projections) }

func (l *loda) prepare() {
	l.index = make([][]int32, len(l.projections))
	for j := range l.index {
		l.index[j] = []int32{int32(j)}
	}
}

func (l *loda) entries(j, slot int) ([]int32, []float64) {
	return l.index[j], l.tables[j][slot : slot+1]
}

// project draws the direction of the j-th projection: N(0, 1) in d coordinates, of which a random
// floor(d (1 - 1/sqrt d)) are set to zero, scaled to unit length.
func (l *loda) project(j int) projection {
	d := l.cols
	rng := bench.NewStream(l.set.Seed, "loda projection", j).Rand()
	full := make([]float64, d)
	for i := range full {
		full[i] = detmath.Normal(rng)
	}
	zeros := int(math.Floor(float64(d) * (1 - 1/math.Sqrt(float64(d)))))
	for _, i := range draw(d, zeros, rng.IntN) {
		full[i] = 0
	}
	var p projection
	norm := 0.0
	for i, v := range full {
		if v != 0 {
			p.features = append(p.features, int32(i))
			p.w = append(p.w, v)
			norm += float64(v * v)
		}
	}
	for i := range p.w {
		p.w[i] /= math.Sqrt(norm)
	}
	return p
}

// value returns w·x.
func (p *projection) value(x []float32) float64 {
	v := 0.0
	for i, f := range p.features {
		v += float64(p.w[i] * float64(x[f]))
	}
	return v
}

// fit adds projections until one more hardly changes the running mean of -ln density: with delta_k
// the mean over rows of its change by projection k+1, it stops at delta_k/delta_1 < Stop and k >
// k_min, or at k_max, and keeps the first k = argmin delta_k, at least k_min + 1.
func (l *loda) fit(ctx context.Context, d bench.Data) error {
	if err := split.Finite("LODA", d, 1); err != nil {
		return err
	}
	n := d.Rows()
	l.cols = d.X.Cols
	rule := newBinsRule(n, l.set.Tries, !l.set.Plain)
	least := l.set.Least
	most := max(l.set.Most, least+1)
	list, place := split.Distinct(d, nil)
	crew := make([]lodaWorker, split.Width(l.set.Workers, lodaBatch))

	var sum, before []float64 // by row: sum of z over the projections so far, and without the last
	sum, before = make([]float64, n), make([]float64, n)
	z := make([][]float64, lodaBatch)
	first, bestDelta := 0.0, math.Inf(1)
	best, done := 0, false
	for !done {
		have := len(l.projections)
		batch := min(lodaBatch, most+1-have)
		l.projections = append(l.projections, make([]projection, batch)...)
		l.tables = append(l.tables, make([][]float64, batch)...)
		err := split.Each(ctx, l.set.Workers, batch, func(w, i int) {
			if z[i] == nil {
				z[i] = make([]float64, n)
			}
			j := have + i
			l.projections[j] = l.project(j)
			l.tables[j] = crew[w].histogram(&l.projections[j], z[i], d, list, place, rule,
				l.set.Floor)
		})
		if err != nil {
			return err
		}
		for i := 0; i < batch && !done; i++ {
			j := have + i // number of projections before this one
			sum, before = before, sum
			for r, v := range z[i] {
				sum[r] = before[r] + v
			}
			if j == 0 {
				continue
			}
			delta := 0.0
			for r, s := range sum {
				delta += math.Abs(s/float64(j+1) - before[r]/float64(j))
			}
			delta /= float64(n)
			if j == 1 {
				first = delta
			}
			if delta < bestDelta {
				best, bestDelta = j, delta
			}
			done = j >= most || j > least && (first == 0 || delta/first < l.set.Stop)
		}
	}
	keep := min(max(best, least+1), len(l.projections))
	l.projections, l.tables = l.projections[:keep:keep], l.tables[:keep:keep]
	return nil
}

// lodaBatch is the number of projections that are built in parallel between checks of the stopping
// rule.
const lodaBatch = 16

type lodaWorker struct{ values, sorted, short []float64 }

// histogram builds a projection's histogram over the pool, sets z to every row's -ln density, and
// returns the table of z by bin.
func (w *lodaWorker) histogram(p *projection, z []float64, d bench.Data, list, place []int32,
	rule *binsRule, floor float64) []float64 {
	n := len(z)
	if w.values == nil {
		w.values, w.sorted = make([]float64, n), make([]float64, n)
		w.short = make([]float64, len(list))
	}
	for i, r := range list {
		w.short[i] = p.value(d.X.Row(int(r)))
	}
	values := w.short
	if place != nil {
		values = w.values
		for i, at := range place {
			values[i] = w.short[at]
		}
	}
	b, table := rule.fit(values, w.sorted, floor)
	p.binning = b
	for i, v := range values {
		z[i] = table[b.of(v)]
	}
	return table
}

// code writes the bins of at most blockRows rows into dst (T x blockRows, projection-major).
func (l *loda) code(dst []uint16, d bench.Data, rows []int32, _ any) {
	for j := range l.projections {
		p := &l.projections[j]
		out := dst[j*blockRows:][:len(rows)]
		for i, r := range rows {
			out[i] = uint16(p.of(p.value(d.X.Row(int(r)))))
		}
	}
}
