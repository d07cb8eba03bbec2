package ocsvm

import (
	"context"
	"fmt"
	"math"

	"github.com/uaibench/uaibench/baselines/internal/split"
)

// solver is the state of sequential minimal optimisation. Rows have places, which shrinking
// changes: those below active take part, the others are expected to stay at 0 or 1.
type solver struct {
	x         *points
	gamma     float64
	tolerance float64
	threads   int
	cache     *cache

	active int
	row    []int32   // by place: the row
	alpha  []float64 // by place
	g      []float64 // by place: the gradient, Σ_j α_j K_ij; current for active places only
	bound  []float64 // by place: the same sum over the α_j that are 1
	query  []float64 // len d: scratch

	unshrunk   bool // all rows were restored once, near the end
	iterations int64
	left       int64 // total number of rows removed, with repetitions
	computed   int64 // kernel values; the larger the cache, the fewer
}

// least is the minimal curvature along a direction, for equal rows (LIBSVM's tau).
const least = 1e-12

// newSolver starts with α = 1 at the rows farthest from the mean: most of them will keep it, so
// this takes far fewer steps than LIBSVM's start, the first rows.
func newSolver(x *points, s Settings) *solver {
	v := &solver{
		x: x, gamma: s.Gamma, tolerance: s.Tolerance, threads: s.Threads,
		cache: newCache(x.n, s.CacheBytes), active: x.n,
		row: make([]int32, x.n), alpha: make([]float64, x.n), g: make([]float64,
			x.n), bound: make([]float64, x.n),
		query: make([]float64, x.d),
	}
	left := s.Nu * float64(x.n)
	for i := range v.row {
		v.row[i] = int32(i)
	}
	for _, i := range x.farthest() {
		v.alpha[i] = min(1, left)
		left -= v.alpha[i]
	}
	return v
}

// column returns the first length values of the kernel column of a place.
func (v *solver) column(ctx context.Context, place, length int) ([]float32, error) {
	e := v.cache.get(place)
	have := len(e.values)
	if have >= length {
		return e.values[:length], nil
	}
	v.computed += int64(length - have)
	values := e.values[:length]
	v.x.row(v.query, place)
	norm := v.x.norm[place]
	fill := func(from, to int) { // blocks
		var k [lanes]float64
		for b := from; b < to; b++ {
			v.x.block(&k, b, v.query, norm, v.gamma)
			lo, hi := max(have, b*lanes), min(length, b*lanes+lanes)
			for i := lo; i < hi; i++ {
				values[i] = float32(k[i-b*lanes])
			}
		}
	}
	const chunk = 256 // blocks: about ten microseconds of work
	from, to := have/lanes, (length+lanes-1)/lanes
	if v.threads <= 1 || to-from < 2*chunk {
		fill(from, to)
	} else if err := split.Each(ctx, v.threads, (to-from+chunk-1)/chunk, func(_, c int) {
		fill(from+c*chunk, min(to, from+(c+1)*chunk))
	}); err != nil {
		return nil, err
	}
	e.values = values
	return values, nil
}

// start computes the gradient at the starting point.
func (v *solver) start(ctx context.Context) error {
	for i, a := range v.alpha {
		if a == 0 {
			continue
		}
		k, err := v.column(ctx, i, v.x.n)
		if err != nil {
			return err
		}
		for j, q := range k {
			v.g[j] += float64(a * float64(q))
		}
		if a == 1 {
			for j, q := range k {
				v.bound[j] += float64(q)
			}
		}
	}
	return nil
}

// solve runs until the optimality conditions hold to the tolerance: no α can grow at the expense of
// another whose gradient is greater by more than the tolerance.
func (v *solver) solve(ctx context.Context, shrink bool) error {
	if err := v.start(ctx); err != nil {
		return err
	}
	every := int64(min(v.x.n, 1000))
	wait := every
	most := max(10_000_000, 100*int64(v.x.n))
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		if wait--; shrink && wait == 0 {
			wait = every
			if err := v.shrink(ctx); err != nil {
				return err
			}
		}
		i, j, ki, err := v.choose(ctx)
		if err != nil {
			return err
		}
		if j < 0 {
			if v.active == v.x.n {
				return nil
			}
			if err := v.restore(ctx); err != nil {
				return err
			}
			if i, j, ki, err = v.choose(ctx); err != nil {
				return err
			}
			if j < 0 {
				return nil
			}
			wait = 1
		}
		if v.iterations++; v.iterations > most {
			return fmt.Errorf("the one-class SVM did not converge to a tolerance of %g in %d "+
				"iterations: increase the tolerance", v.tolerance, most)
		}
		if err := v.step(ctx, i, j, ki); err != nil {
			return err
		}
	}
}

// choose returns the places of the two α to change, the first to grow and the second to fall, and
// the first one's column; j < 0 if the conditions hold. i has the least gradient of all that can
// grow; j, of those that can fall, the greatest gain by a quadratic model (Fan, Chen and Lin 2005,
// WSS 2).
func (v *solver) choose(ctx context.Context) (i, j int, ki []float32, err error) {
	alpha, g := v.alpha[:v.active], v.g[:v.active]
	i, j = -1, -1
	low := math.Inf(1)
	for t, a := range alpha {
		if a < 1 && g[t] < low {
			low, i = g[t], t
		}
	}
	if i < 0 {
		return i, -1, nil, nil // ν = 1: there is one feasible point
	}
	if ki, err = v.column(ctx, i, v.active); err != nil {
		return
	}
	high, gain := math.Inf(-1), 0.0
	for t, a := range alpha {
		if a == 0 {
			continue
		}
		high = max(high, g[t])
		if d := g[t] - low; d > 0 {
			curve := 2 - 2*float64(ki[t])
			if curve <= 0 {
				curve = least
			}
			if w := d * d / curve; w > gain {
				gain, j = w, t
			}
		}
	}
	if high-low < v.tolerance {
		j = -1
	}
	return
}

// step moves the two α to the minimum along their direction, or to their bounds.
func (v *solver) step(ctx context.Context, i, j int, ki []float32) error {
	kj, err := v.column(ctx, j, v.active)
	if err != nil {
		return err
	}
	curve := 2 - 2*float64(ki[j])
	if curve <= 0 {
		curve = least
	}
	wasI, wasJ := v.alpha[i], v.alpha[j]
	sum, move := wasI+wasJ, (v.g[j]-v.g[i])/curve
	// Set the one that meets its bound exactly, and the other from the sum.
	a, b := wasI+move, wasJ-move
	if sum > 1 {
		if a > 1 {
			a, b = 1, sum-1
		}
		if b > 1 {
			a, b = sum-1, 1
		}
	} else {
		if b < 0 {
			a, b = sum, 0
		}
		if a < 0 {
			a, b = 0, sum
		}
	}
	a, b = min(max(a, 0), 1), min(max(b, 0), 1) // rounding can exceed a bound by an ulp
	v.alpha[i], v.alpha[j] = a, b
	da, db := a-wasI, b-wasJ
	g := v.g[:v.active]
	ki, kj = ki[:len(g)], kj[:len(g)]
	for t := range g {
		g[t] += float64(da*float64(ki[t])) + float64(db*float64(kj[t]))
	}
	if err := v.bounded(ctx, i, wasI == 1, a == 1); err != nil {
		return err
	}
	return v.bounded(ctx, j, wasJ == 1, b == 1)
}

// bounded updates bound, for all rows, if an α has reached 1 or left it.
func (v *solver) bounded(ctx context.Context, place int, was, is bool) error {
	if was == is {
		return nil
	}
	k, err := v.column(ctx, place, v.x.n)
	if err != nil {
		return err
	}
	sign := 1.0
	if was {
		sign = -1
	}
	for t, q := range k {
		v.bound[t] += sign * float64(q) // exact products
	}
	return nil
}

// objective returns the dual's value.
func (v *solver) objective() float64 {
	s := 0.0
	for i, a := range v.alpha {
		s += float64(a * v.g[i])
	}
	return s / 2
}
