package ensemble

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
)

// Exact minimises F to a tolerance. Its dual is a quadratic program over a box,
//
//	max_α  sum_j α_j (b_j - a_j·v) - |sum_j α_j a_j|² / (2μ),   0 <= α_j <= c_j,
//
// with one variable for each hinge c_j max(0, b_j - a_j·w), and w = v + sum_j α_j a_j / μ; v is the
// prior and μ its strength. Coordinate ascent over the variables that are not settled at a bound
// (the active set), started from the last round's solution, ends at a duality gap below the
// tolerance times F.
//
// Without a prior F is piecewise linear and its minimum may not be unique. Then v is the current w,
// μ the step's Proximity, and steps are repeated until F no longer falls (the proximal point
// method, which ends after finitely many steps for such F): of several minima it finds one near the
// start.
type Exact struct {
	Tolerance float64 // of the gap, relative to F; 0: 1e-6
	Proximity float64 // μ without a prior; 0: 0.1
	Sweeps    int     // per problem at most, over the active set; 0: 100,000
}

func (o *Exact) fill() {
	o.Tolerance, o.Proximity = cmp.Or(o.Tolerance, 1e-6), cmp.Or(o.Proximity, 0.1)
	o.Sweeps = cmp.Or(o.Sweeps, 100000)
}

// dual is the state of the coordinate ascent. Variable 2i belongs to the hinge of row i against q,
// 2i+1 to that against z_tau.
type dual struct {
	opt    Exact
	alpha  []float64 // len 2|H|, kept between rounds
	last   float64   // their μ
	upper  []float64 // c_j
	square []float64 // |a_j|²
	s      []float64 // w·z_i, for the gap
	active []int32
	start  []float64
	dense  []float64
}

// minimise moves w to the minimum of F. drop is the number of oldest rows that were dropped since
// the last round, whose variables are dropped too.
func (o *dual) minimise(ctx context.Context, f *objective, w []float64, drop int, rng *rand.Rand,
	done *work) error {
	n := len(f.rows)
	o.alpha = append(o.alpha[:0], o.alpha[min(2*drop, len(o.alpha)):]...)
	for len(o.alpha) < 2*n {
		o.alpha = append(o.alpha, 0)
	}
	o.bounds(f)
	o.start = append(o.start[:0], w...)
	if f.strength > 0 {
		for j := range o.alpha { // keep the displacement from the prior, α/μ
			if o.last > 0 {
				o.alpha[j] *= f.strength / o.last
			}
		}
		o.last = f.strength
		if err := o.ascend(ctx, f, w, f.prior, f.strength, rng, done); err != nil {
			return err
		}
	} else {
		clear(o.alpha)
		v := append([]float64(nil), w...)
		before := math.Inf(1)
		for {
			if err := o.ascend(ctx, f, w, v, o.opt.Proximity, rng, done); err != nil {
				return err
			}
			now := o.value(f, w)
			if now <= o.opt.Tolerance*o.opt.Tolerance || before-now <= o.opt.Tolerance*now {
				break
			}
			before = now
			copy(v, w)
			clear(o.alpha)
		}
	}
	if o.value(f, w) > o.value(f, o.start) { // by no more than the tolerance
		copy(w, o.start)
	}
	return nil
}

// bounds sets c_j and |a_j|² of each hinge; c_j = 0 if it has none.
func (o *dual) bounds(f *objective) {
	n, anomalies := len(f.rows), 0
	for _, y := range f.anomaly {
		if y {
			anomalies++
		}
	}
	shareA, shareO := shares(anomalies, n-anomalies)
	o.upper, o.square, o.s = sized(o.upper, 2*n), sized(o.square, 2*n), sized(o.s, n)
	o.dense = sized(o.dense, len(f.prior))
	clear(o.dense)
	f.tau.add(o.dense, 1)
	tau := f.tau.square()
	for i, z := range f.rows {
		share, c := shareO, f.cost.Nominal
		if f.anomaly[i] {
			share, c = shareA, f.cost.Anomaly
		}
		o.square[2*i] = z.square()
		o.upper[2*i] = c * share
		if o.square[2*i] == 0 { // no features: the hinge is constant
			o.upper[2*i] = 0
		}
		o.upper[2*i+1] = 0
		if f.within[i] {
			o.upper[2*i+1] = f.cost.Relative * share
		}
		o.square[2*i+1] = max(0, o.square[2*i]+tau-float64(2*z.dot(o.dense)))
		if o.square[2*i+1] <= 1e-12*tau { // z_i is z_tau: the hinge is always zero
			o.square[2*i+1], o.upper[2*i+1] = 0, 0
		}
	}
}

// sign returns the sign of a_j: +z_i (or z_i - z_tau) for anomalies.
func (f *objective) sign(i int) float64 {
	if f.anomaly[i] {
		return 1
	}
	return -1
}

// residuals returns b_j - a_j·w of a row's two hinges.
func (f *objective) residuals(i int, s, tau float64) (main, relative float64) {
	sign := f.sign(i)
	return sign * (f.q - s), sign * (tau - s)
}

// ascend solves the dual for the given v and μ, from o.alpha, and sets w.
func (o *dual) ascend(ctx context.Context, f *objective, w, v []float64, mu float64, rng *rand.Rand,
	done *work) error {
	copy(w, v)
	ofTau := 0.0
	for i, z := range f.rows {
		for j := 2 * i; j < 2*i+2; j++ {
			o.alpha[j] = min(o.alpha[j], o.upper[j])
		}
		c := float64(f.sign(i) * (o.alpha[2*i] + o.alpha[2*i+1]) / mu)
		ofTau -= float64(f.sign(i) * o.alpha[2*i+1] / mu)
		if c != 0 {
			z.add(w, c)
		}
	}
	if ofTau != 0 {
		f.tau.add(w, ofTau)
	}
	for sweeps := 0; ; {
		if err := ctx.Err(); err != nil {
			return err
		}
		gap, primal := o.gap(f, w, v, mu)
		done.rows += int64(len(f.rows))
		done.epochs++
		if gap <= o.opt.Tolerance*primal || gap <= o.opt.Tolerance*o.opt.Tolerance ||
			sweeps >= o.opt.Sweeps {
			return nil
		}
		// The more sweeps so far, the more are made before the next pass over all rows.
		for range 4 + sweeps/8 {
			rng.Shuffle(len(o.active), func(i, j int) {
				o.active[i], o.active[j] = o.active[j], o.active[i]
			})
			moved := false
			for _, j := range o.active {
				moved = o.coordinate(f, int(j), w, mu) || moved
			}
			done.rows += int64(len(o.active))
			done.gradients++
			sweeps++
			if !moved {
				break
			}
		}
	}
}

// gap returns the duality gap at w and o.alpha, and the primal value. It sets the active set to the
// variables that are not settled at a bound.
func (o *dual) gap(f *objective, w, v []float64, mu float64) (gap, primal float64) {
	tau := f.tau.dot(w)
	o.active = o.active[:0]
	for i, z := range f.rows {
		main, relative := f.residuals(i, z.dot(w), tau)
		for j, r := range [2]float64{main, relative} {
			j += 2 * i
			c := o.upper[j]
			if c == 0 {
				continue
			}
			hinge := float64(c * max(0, r))
			primal += hinge
			part := hinge - float64(o.alpha[j]*r)
			gap += part
			if part > 0 || o.alpha[j] > 0 && o.alpha[j] < c {
				o.active = append(o.active, int32(j))
			}
		}
	}
	sum := 0.0
	for i := 1; i < len(w); i++ { // w[0] is v[0]: no row has that feature
		e := w[i] - v[i]
		sum += float64(e * e)
	}
	return gap, primal + float64(mu/2*sum)
}

// coordinate maximises the dual over α_j only, and reports whether it moved.
func (o *dual) coordinate(f *objective, j int, w []float64, mu float64) bool {
	i := j / 2
	z := f.rows[i]
	s := z.dot(w)
	target := f.q
	relative := j%2 == 1
	if relative {
		target = f.tau.dot(w)
	}
	sign := f.sign(i)
	to := min(max(o.alpha[j]+float64(mu*sign*(target-s)/o.square[j]), 0), o.upper[j])
	by := to - o.alpha[j]
	if by == 0 {
		return false
	}
	o.alpha[j] = to
	c := sign * by / mu
	z.add(w, c)
	if relative {
		f.tau.add(w, -c)
	}
	return true
}

// value returns F of all rows.
func (o *dual) value(f *objective, w []float64) float64 {
	order := make([]int32, len(f.rows))
	for i := range order {
		order[i] = int32(i)
	}
	return at(f, w, order, o.s)
}
