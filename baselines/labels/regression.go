package labels

import (
	"context"
	"fmt"
	"math"

	"github.com/uaibench/uaibench/bench/detmath"
)

// problem is a logistic regression of L rows x m inputs, the last of which is the intercept's 1:
//
//	F(v) = ½ Σ_j v_j² (without the intercept) + Σ_i cost_i ln(1 + e^(-sign_i v·x_i))
//
// With cost_i = C L/(2 L_y) for the L_y rows of i's answer both answers have the same total weight,
// as with scikit-learn's class_weight "balanced".
type problem struct {
	m          int
	x          []float64 // L x m, row-major
	sign, cost []float64 // len L: +1 for an anomaly, -1 for a normal row; weight of the row
	z, curve   []float64 // len L: v·x_i, and cost_i σ'(z_i)
}

func newProblem(rows, m int) *problem {
	p := &problem{m: m, x: make([]float64, rows*m)}
	for _, f := range []*[]float64{&p.sign, &p.cost, &p.z, &p.curve} {
		*f = make([]float64, rows)
	}
	return p
}

func (p *problem) row(i int) []float64 { return p.x[i*p.m : (i+1)*p.m] }

// value sets z and returns F at v.
func (p *problem) value(v []float64) float64 {
	sum := dot(v[:p.m-1], v[:p.m-1]) / 2
	for i := range p.z {
		p.z[i] = dot(v, p.row(i))
		t := p.sign[i] * p.z[i]
		// ln(1 + e^-t), without overflow
		sum += float64(p.cost[i] * (max(-t, 0) + detmath.Ln(1+detmath.Exp(-math.Abs(t)))))
	}
	return sum
}

// gradient sets g to the gradient of F at v, and curve; value must have been called last at v.
func (p *problem) gradient(g, v []float64) {
	copy(g, v)
	g[p.m-1] = 0
	for i, z := range p.z {
		wrong := 1 / (1 + detmath.Exp(p.sign[i]*z)) // probability of the other answer
		p.curve[i] = p.cost[i] * wrong * (1 - wrong)
		add(g, -p.sign[i]*p.cost[i]*wrong, p.row(i))
	}
}

// hessian sets h to F's Hessian times u.
func (p *problem) hessian(h, u []float64) {
	copy(h, u)
	h[p.m-1] = 0
	for i, c := range p.curve {
		add(h, c*dot(u, p.row(i)), p.row(i))
	}
}

// most limits the steps of Newton's method; ten are usual.
const most = 200

// minimise returns the minimum v of F by Newton's method from zero, with steps by conjugate
// gradients that are halved until F falls enough, and the number of steps. F must have both
// answers; it is then strictly convex.
func (p *problem) minimise(ctx context.Context, tolerance float64) (v []float64, steps int64,
	err error) {
	v = make([]float64, p.m)
	g, step, next := make([]float64, p.m), make([]float64, p.m), make([]float64, p.m)
	value := p.value(v)
	for ; steps < most; steps++ {
		if err := ctx.Err(); err != nil {
			return nil, steps, err
		}
		p.gradient(g, v)
		largest := 0.0
		for _, s := range g {
			largest = max(largest, math.Abs(s))
		}
		if largest <= tolerance {
			return v, steps, nil
		}
		p.newton(step, g)
		down := dot(step, g)
		length := 1.0
		for ; ; length /= 2 {
			copy(next, v)
			add(next, length, step)
			now := p.value(next)
			// Near the minimum F is flat to its rounding; there the full step is right.
			if now <= value+1e-4*length*down || math.Abs(now-value) <= 1e-14*math.Abs(value) {
				value = now
				break
			}
			if length < 1e-12 {
				return nil, steps,
					fmt.Errorf("the logistic regression is stuck at a gradient of %g", largest)
			}
		}
		copy(v, next)
	}
	return nil, steps, fmt.Errorf("the logistic regression did not converge to a gradient of %g",
		tolerance)
}

// newton sets step to Newton's: H step = -g by conjugate gradients, to a thousandth and, as g goes
// to zero, much closer.
func (p *problem) newton(step, g []float64) {
	clear(step)
	r, u, h := make([]float64, p.m), make([]float64, p.m), make([]float64, p.m)
	for i, v := range g {
		r[i] = -v
	}
	copy(u, r)
	square := dot(r, r)
	enough := square * min(1e-6, square)
	for range 2 * p.m {
		if square <= enough || square == 0 {
			return
		}
		p.hessian(h, u)
		length := square / dot(u, h)
		add(step, length, u)
		add(r, -length, h)
		was := square
		square = dot(r, r)
		for i, v := range r {
			u[i] = v + float64(square/was*u[i])
		}
	}
}

func dot(x, y []float64) (sum float64) {
	for i, v := range x {
		sum += float64(v * y[i])
	}
	return sum
}

// add adds c x to y.
func add(y []float64, c float64, x []float64) {
	for i, v := range x {
		y[i] += float64(c * v)
	}
}
