package ensemble

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/detmath"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize/convex/lp"
)

// problem returns a random F in m weights (index 0 being the rest) over n labelled rows, each with
// a third of the features, and a start.
func problem(seed uint64, n, m int, c Costs, strength float64) (*objective, []float64) {
	rng := bench.NewStream(seed, "problem").Rand()
	row := func(anomaly bool) sparse {
		var z sparse
		for j := 1; j < m; j++ {
			if rng.IntN(3) == 0 {
				v := -rng.Float64()
				if anomaly && j < m/2 {
					v += 0.4
				}
				z.at = append(z.at, int32(j))
				z.value = append(z.value, v)
			}
		}
		return z
	}
	f := &objective{cost: c, strength: strength, q: -0.5, rest: 2 * m, tau: row(false)}
	w := make([]float64, m)
	f.prior = make([]float64, m)
	for i := range w {
		f.prior[i] = 1 / math.Sqrt(float64(3*m))
		w[i] = f.prior[i] + 0.2*detmath.Normal(rng)
	}
	w[0] = f.prior[0]
	for i := range n {
		y := i%3 == 0
		f.rows = append(f.rows, row(y))
		f.anomaly = append(f.anomaly, y)
		f.within = append(f.within, i%4 != 1)
	}
	return f, w
}

func every(n int) []int32 {
	order := make([]int32, n)
	for i := range order {
		order[i] = int32(i)
	}
	return order
}

// naive returns F directly from objective's formula, dense, with the rest written out.
func naive(f *objective, w []float64) float64 {
	dot := func(z sparse) float64 {
		s := 0.0
		for i, p := range z.at {
			s += w[p] * z.value[i]
		}
		return s
	}
	var a, o, na, no float64
	tau := dot(f.tau)
	for i, z := range f.rows {
		s, in := dot(z), 0.0
		if f.within[i] {
			in = 1
		}
		if f.anomaly[i] {
			na++
			a += f.cost.Anomaly*math.Max(0, f.q-s) + in*f.cost.Relative*math.Max(0, tau-s)
		} else {
			no++
			o += f.cost.Nominal*math.Max(0, s-f.q) + in*f.cost.Relative*math.Max(0, s-tau)
		}
	}
	total := a/math.Max(1, na) + o/math.Max(1, no)
	for range f.rest {
		total += f.strength / 2 * (w[0] - f.prior[0]) * (w[0] - f.prior[0])
	}
	for i := 1; i < len(w); i++ {
		total += f.strength / 2 * (w[i] - f.prior[i]) * (w[i] - f.prior[i])
	}
	return total
}

// TestObjectiveByHand: two rows, with every term worked out.
func TestObjectiveByHand(t *testing.T) {
	f := &objective{
		rows:    []sparse{{[]int32{1}, []float64{2}}, {[]int32{1, 2}, []float64{1, 1}}},
		anomaly: []bool{true, false}, within: []bool{true, true},
		tau: sparse{[]int32{2}, []float64{3}}, q: 2, cost: Costs{10, 1, 0.5},
		strength: 4, prior: []float64{1, 1, 1}, rest: 5,
	}
	w := []float64{0.5, 0.5, 2}
	// s = 1 and 2.5, w·z_tau = 6. Anomaly: 10 (2 - 1) + 0.5 (6 - 1) = 12.5; nominal: (2.5 - 2) + 0
	// = 0.5; prior: 4/2 (5 * 0.25 + 0.25 + 1) = 5.
	if got := at(f, w, every(2), make([]float64, 2)); got != 18 {
		t.Errorf("F = %v, want 18", got)
	}
	// g = -10 (2,0) + 0.5 ((0,3) - (2,0)) + (1,1) + 4 (w - prior).
	g, s := make([]float64, 3), make([]float64, 2)
	tau := f.scores(s, w, every(2))
	f.gradient(g, w, every(2), s, tau)
	for i, want := range []float64{-2, -20 - 1 + 1 - 2, 1.5 + 1 + 4} {
		if g[i] != want {
			t.Errorf("g[%d] = %v, want %v", i, g[i], want)
		}
	}
}

// TestGradient: central differences of the naive F, at points off the kinks. F is piecewise
// quadratic, so between kinks they are exact up to rounding.
func TestGradient(t *testing.T) {
	const h = 1e-6
	checked := 0
	for seed := range uint64(40) {
		f, w := problem(seed, 17, 12, Costs{3, 1.5, 0.7}, float64(seed%3))
		s := make([]float64, len(f.rows))
		tau := f.scores(s, w, every(len(s)))
		if got, want := f.value(w, every(len(s)), s, tau), naive(f,
			w); math.Abs(got-want) > 1e-12*want {
			t.Fatalf("F = %v, want %v", got, want)
		}
		near := false
		for _, v := range s {
			near = near || math.Abs(v-f.q) < 1e-4 || math.Abs(v-tau) < 1e-4 && v != tau
		}
		if near {
			continue
		}
		g := make([]float64, len(w))
		f.gradient(g, w, every(len(s)), s, tau)
		for i := range w {
			old := w[i]
			w[i] = old + h
			up := naive(f, w)
			w[i] = old - h
			down := naive(f, w)
			w[i] = old
			want := (up - down) / (2 * h)
			if i == 0 { // one number moves rest weights, each with this gradient
				want /= float64(f.rest)
			}
			if math.Abs(g[i]-want) > 1e-7*(1+math.Abs(want)) {
				t.Errorf("seed %d: g[%d] = %v, finite differences give %v", seed, i, g[i], want)
			}
			checked++
		}
	}
	if checked < 300 {
		t.Errorf("only %d components were off the kinks", checked)
	}
}

// TestRMSpropByHand: one anomaly below the quantile, z = 1 in one weight. The gradient is -C_A, so
// the accumulator is 0.1 C_A², then 0.19 C_A², and the steps are 0.001 C_A / sqrt(1e-6 + r).
func TestRMSpropByHand(t *testing.T) {
	f := &objective{
		rows: []sparse{{[]int32{1}, []float64{1}}}, anomaly: []bool{true}, within: []bool{false},
		q: 1, cost: Costs{2, 1, 1}, prior: []float64{0, 0},
	}
	for epochs, want := range map[int]float64{
		1: 0.001 * 2 / math.Sqrt(1e-6+0.4),
		2: 0.001*2/math.Sqrt(1e-6+0.4) + 0.001*2/math.Sqrt(1e-6+0.76),
	} {
		o := descent{opt: RMSprop{Epochs: epochs}}
		o.opt.fill()
		w := []float64{0, 0}
		var done work
		if err := o.minimise(context.Background(), f, w, bench.Stream{}, &done); err != nil {
			t.Fatal(err)
		}
		if math.Abs(w[1]-want) > 1e-15 || w[0] != 0 || done.epochs != int64(epochs) {
			t.Errorf("%d epochs: w = %v after %d, want %v", epochs, w, done.epochs, want)
		}
	}
	// At the quantile the hinge is zero: nothing moves, and the first epoch is the last.
	o := descent{opt: RMSprop{}}
	o.opt.fill()
	w := []float64{0, 1}
	var done work
	o.minimise(context.Background(), f, w, bench.Stream{}, &done)
	if w[1] != 1 || done.epochs != 1 {
		t.Errorf("at the minimum: w = %v after %d epochs", w, done.epochs)
	}
}

func minimum(t *testing.T, f *objective, w []float64, tolerance float64) []float64 {
	t.Helper()
	o := dual{opt: Exact{Tolerance: tolerance}}
	o.opt.fill()
	x := append([]float64(nil), w...)
	var done work
	if err := o.minimise(context.Background(), f, x, 0, rand.New(rand.NewPCG(1, 2)),
		&done); err != nil {
		t.Fatal(err)
	}
	return x
}

// TestExactAgainstLongDescent: with a prior F is strongly convex. Averaged subgradient descent with
// step 2/(μ(t+1)) (Lacoste-Julien et al. 2012) ends at most 2 G²/(μ (T+1)) above the minimum; the
// exact minimum must be lower by no more than that, and no descent may get below it.
func TestExactAgainstLongDescent(t *testing.T) {
	for seed := range uint64(6) {
		f, w := problem(seed, 30, 20, Costs{3, 1.5, 0.7}, 0.5)
		best := naive(f, minimum(t, f, w, 1e-10))
		x, mean := append([]float64(nil), w...), make([]float64, len(w))
		g, s := make([]float64, len(w)), make([]float64, len(f.rows))
		const steps = 400000
		largest := 0.0
		for i := 1; i <= steps; i++ {
			tau := f.scores(s, x, every(len(s)))
			f.gradient(g, x, every(len(s)), s, tau)
			square := 0.0
			for j := range x {
				x[j] -= 2 / (f.strength * float64(i+1)) * g[j]
				mean[j] += 2 / float64(i+1) * (x[j] - mean[j])
				square += g[j] * g[j]
			}
			largest = max(largest, square)
		}
		reached := naive(f, mean)
		bound := 2 * largest / (f.strength * (steps + 1))
		if reached < best-1e-9 || reached > best+bound {
			t.Errorf("seed %d: exact %.9f, long descent %.9f, which is within %.1e of the minimum",
				seed, best, reached, bound)
		}
	}
}

// TestExactAgainstSimplex: without a prior, minimising F is a linear program, solved here by gonum.
func TestExactAgainstSimplex(t *testing.T) {
	zero := 0
	for seed := range uint64(12) {
		n, m := 14, 5
		if seed%3 == 0 {
			m = 12
		}
		f, w := problem(seed, n, m, Costs{3, 1.5, 0.7}, 0)
		got := naive(f, minimum(t, f, w, 1e-9))
		want := simplex(t, f, len(w))
		if want < 1e-12 {
			zero++
		}
		if math.Abs(got-want) > 1e-6*(1+want) {
			t.Errorf("seed %d: F = %.9f, the linear program's minimum is %.9f", seed, got, want)
		}
	}
	if zero == 0 || zero == 12 {
		t.Errorf("%d of the problems have minimum zero: both kinds are wanted", zero)
	}
}

// simplex minimises sum c_j x_j over x_j >= 0, x_j >= b_j - a_j·w.
func simplex(t *testing.T, f *objective, m int) float64 {
	t.Helper()
	var a [][]float64
	var b, c []float64
	na, no := 0.0, 0.0
	for _, y := range f.anomaly {
		if y {
			na++
		} else {
			no++
		}
	}
	for i, z := range f.rows {
		sign, share, cost := -1.0, 1/no, f.cost.Nominal
		if f.anomaly[i] {
			sign, share, cost = 1, 1/na, f.cost.Anomaly
		}
		row := make([]float64, m)
		for k, p := range z.at {
			row[p] += sign * z.value[k]
		}
		a, b, c = append(a, row), append(b, sign*f.q), append(c, cost*share)
		if f.within[i] {
			relative := append([]float64(nil), row...)
			for k, p := range f.tau.at {
				relative[p] -= sign * f.tau.value[k]
			}
			a, b, c = append(a, relative), append(b, 0), append(c, f.cost.Relative*share)
		}
	}
	// x_j + a_j·w⁺ - a_j·w⁻ - slack_j = b_j, all variables >= 0. Index 0 has no features.
	j, k := len(a), m-1
	A := mat.NewDense(j, 2*j+2*k, nil)
	cost := make([]float64, 2*j+2*k)
	for i := range a {
		A.Set(i, i, 1)
		A.Set(i, j+2*k+i, -1)
		cost[i] = c[i]
		for p := 1; p < m; p++ {
			A.Set(i, j+p-1, a[i][p])
			A.Set(i, j+k+p-1, -a[i][p])
		}
	}
	best, _, err := lp.Simplex(cost, A, b, 1e-10, nil)
	if err != nil {
		t.Fatal(err)
	}
	return best
}

// TestNeverWorseThanTheStart: neither optimiser returns a w whose F is above the start's, with or
// without minibatches; the authors' own rule does.
func TestNeverWorseThanTheStart(t *testing.T) {
	worse := 0
	for seed := range uint64(40) {
		f, w := problem(seed, 8+int(seed)*4, 60, Costs{100, 1, 0.5}, []float64{0, 0.1, 2}[seed%3])
		start := naive(f, w)
		run := func(o RMSprop) float64 {
			d := descent{opt: o}
			d.opt.fill()
			x := append([]float64(nil), w...)
			var done work
			if err := d.minimise(context.Background(), f, x, bench.NewStream(seed, "batches"),
				&done); err != nil {
				t.Fatal(err)
			}
			return naive(f, x)
		}
		rate := []float64{0, 3}[seed%2] // the authors' 0.001, or far too large steps
		if got := run(RMSprop{Rate: rate}); got > start*(1+1e-12) {
			t.Errorf("seed %d: F grows from %v to %v", seed, start, got)
		}
		if got := run(RMSprop{Rate: rate, Batch: 3}); got > start*(1+1e-12) {
			t.Errorf("seed %d, minibatches of 3: F grows from %v to %v", seed, start, got)
		}
		if run(RMSprop{Rate: rate, Epochs: 2, Forget: true}) > start {
			worse++
		}
		best := naive(f, minimum(t, f, w, 1e-6))
		if best > start*(1+1e-12) || best > run(RMSprop{})*(1+1e-5)+1e-9 {
			t.Errorf("seed %d: the exact optimiser reaches %v from %v, the authors' %v", seed, best,
				start, run(RMSprop{}))
		}
	}
	if worse == 0 {
		t.Error("the authors' rule was never worse than the start: the test shows nothing")
	}
}

// TestMinibatchesNeverWorse: the mean of an epoch's losses, each at another w, can fall while F
// grows; small problems with few epochs often show it.
func TestMinibatchesNeverWorse(t *testing.T) {
	for seed := range uint64(2000) {
		f, w := problem(seed, 6, 5, Costs{1, 1, 0.5}, 0)
		start := naive(f, w)
		d := descent{opt: RMSprop{Batch: 2, Epochs: 1 + int(seed%3), Rate: 0.03}}
		d.opt.fill()
		var done work
		if err := d.minimise(context.Background(), f, w, bench.NewStream(seed, "batches"),
			&done); err != nil {
			t.Fatal(err)
		}
		if got := naive(f, w); got > start*(1+1e-12) {
			t.Fatalf("seed %d: F grows from %v to %v", seed, start, got)
		}
	}
}
