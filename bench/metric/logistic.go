package metric

import (
	"errors"
	"fmt"
	"math"

	"github.com/uaibench/uaibench/bench/detmath"
)

// Logistic is a logistic regression on standardised columns, fitted with all true labels. It
// measures how far a hyperplane separates the anomalies in a small space: the latent projection of
// Figures 9 and 10, "almost perfectly linearly separable" (App. C.1).
//
//	minimise over w, b  ||w||²/2 + Σ log(1 + exp(-y (w·x + b))),  y = ±1
//
// This is scikit-learn's LogisticRegression with its defaults (C = 1, intercept not penalised)
// after its StandardScaler. The penalty, one unit against a sum over all rows, keeps w finite if a
// hyperplane separates perfectly.
type Logistic struct {
	Mean, SD []float64 // of each column; SD (population) is 1 for a constant column
	W        []float64 // for standardised columns
	B        float64
}

const (
	maxSteps  = 100
	tolerance = 1e-18 // of the Newton decrement, twice the remaining decrease
)

var errOneKind = errors.New("there is only one kind of row: a separation needs anomalies and " +
	"normal rows")

// FitLogistic fits to n x p values, row-major, by Newton's method with step halving. Sums are over
// rows in order, so the bits depend on nothing else. It is an error if a value is not finite or all
// rows are of one kind; it panics if p < 1 or the lengths disagree.
func FitLogistic(x []float64, p int, y []bool) (*Logistic, error) {
	if p < 1 || len(x) != len(y)*p {
		panic(fmt.Sprintf("metric: %d values for %d rows x %d columns", len(x), len(y), p))
	}
	pos := count(y)
	if pos == 0 || pos == len(y) {
		return nil, errOneKind
	}
	m := &Logistic{Mean: make([]float64, p), SD: make([]float64, p), W: make([]float64, p)}
	z, err := m.standardise(x)
	if err != nil {
		return nil, err
	}
	at := make([]float64, p+1) // w, b
	at[p] = detmath.Ln(float64(pos) / float64(len(y)-pos))
	grad, hess := make([]float64, p+1), make([]float64, (p+1)*(p+1))
	trial := make([]float64, p+1)
	loss := objective(z, p, y, at)
	for range maxSteps {
		derivatives(z, p, y, at, grad, hess)
		step, err := solve(hess, grad, p+1)
		if err != nil {
			return nil, err
		}
		decrement := 0.0
		for i, g := range grad {
			decrement += float64(g * step[i])
		}
		if decrement <= tolerance {
			copy(m.W, at)
			m.B = at[p]
			return m, nil
		}
		size, better := 1.0, false
		for range 60 {
			for i := range trial {
				trial[i] = at[i] - float64(size*step[i])
			}
			if next := objective(z, p, y, trial); next < loss {
				loss, better = next, true
				copy(at, trial)
				break
			}
			size /= 2
		}
		if !better { // no step that float64 resolves decreases the loss
			copy(m.W, at)
			m.B = at[p]
			return m, nil
		}
	}
	return nil, fmt.Errorf("a logistic regression on %d rows did not converge in %d Newton steps",
		len(y), maxSteps)
}

func (m *Logistic) standardise(x []float64) ([]float64, error) {
	p := len(m.Mean)
	n := float64(len(x) / p)
	for j := range p {
		sum := 0.0
		for i := j; i < len(x); i += p {
			if math.IsNaN(x[i]) || math.IsInf(x[i], 0) {
				return nil, fmt.Errorf("row %d, column %d is %v, not a finite number", i/p, j, x[i])
			}
			sum += x[i]
		}
		mean := sum / n
		squares := 0.0
		for i := j; i < len(x); i += p {
			d := x[i] - mean
			squares += float64(d * d)
		}
		m.Mean[j], m.SD[j] = mean, math.Sqrt(squares/n)
		if !(m.SD[j] > 0) {
			m.SD[j] = 1
		}
	}
	z := make([]float64, len(x))
	for i, v := range x {
		z[i] = (v - m.Mean[i%p]) / m.SD[i%p]
	}
	return z, nil
}

// Decisions returns w·z + b for n x p values, row-major: higher is more anomalous.
func (m *Logistic) Decisions(x []float64) []float64 {
	p := len(m.W)
	out := make([]float64, len(x)/p)
	row := make([]float64, p)
	for i := range out {
		for j := range row {
			row[j] = (x[i*p+j] - m.Mean[j]) / m.SD[j]
		}
		out[i] = decision(row, m.W, m.B)
	}
	return out
}

func decision(z, w []float64, b float64) float64 {
	for j, v := range z {
		b += float64(v * w[j])
	}
	return b
}

// objective returns the penalty plus the loss at (w, b).
func objective(z []float64, p int, y []bool, at []float64) float64 {
	sum := 0.0
	for _, w := range at[:p] {
		sum += float64(w * w)
	}
	sum /= 2
	for i, a := range y {
		f := decision(z[i*p:(i+1)*p], at[:p], at[p])
		if a {
			f = -f
		}
		// log(1 + e^f), without overflow
		sum += max(f, 0) + detmath.Ln(1+detmath.Exp(-math.Abs(f)))
	}
	return sum
}

// derivatives fills in the gradient and the lower triangle of the Hessian at (w, b).
func derivatives(z []float64, p int, y []bool, at, grad, hess []float64) {
	clear(grad)
	clear(hess)
	q := p + 1
	row := make([]float64, q)
	row[p] = 1
	for i, a := range y {
		copy(row, z[i*p:(i+1)*p])
		s := 1 / (1 + detmath.Exp(-decision(row[:p], at[:p], at[p])))
		r := s
		if a {
			r = s - 1
		}
		weight := s * (1 - s)
		for j, v := range row {
			grad[j] += float64(r * v)
			for k := range j + 1 {
				hess[j*q+k] += float64(float64(weight*v) * row[k])
			}
		}
	}
	for j := range p {
		grad[j] += at[j]
		hess[j*q+j]++
	}
}

// solve returns h⁻¹ g for a positive definite h (its lower triangle, which is overwritten), by
// Cholesky decomposition.
func solve(h, g []float64, q int) ([]float64, error) {
	for j := range q {
		for k := range j + 1 {
			v := h[j*q+k]
			for i := range k {
				v -= float64(h[j*q+i] * h[k*q+i])
			}
			switch {
			case k < j:
				h[j*q+k] = v / h[k*q+k]
			case !(v > 0):
				return nil, errors.New("a logistic regression's Hessian is not positive " +
					"definite: every row is at probability 0 or 1")
			default:
				h[j*q+j] = math.Sqrt(v)
			}
		}
	}
	x := make([]float64, q)
	for j := range q {
		v := g[j]
		for i := range j {
			v -= float64(h[j*q+i] * x[i])
		}
		x[j] = v / h[j*q+j]
	}
	for j := q - 1; j >= 0; j-- {
		v := x[j]
		for i := j + 1; i < q; i++ {
			v -= float64(h[i*q+j] * x[i])
		}
		x[j] = v / h[j*q+j]
	}
	return x, nil
}
