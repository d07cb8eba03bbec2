package ocsvm

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/uaibench/uaibench/bench"
)

func fit(t testing.TB, s Settings, d bench.Data) *Detector {
	t.Helper()
	m := New(s)
	if err := m.Fit(context.Background(), d); err != nil {
		t.Fatal(err)
	}
	return m
}

// TestKKT: on random problems, with repeated rows and any cache, the sums are feasible and the
// optimality conditions hold to the tolerance, by the kernel's definition with math.Exp.
func TestKKT(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 200).Draw(t, "n")
		d := rapid.IntRange(1, 9).Draw(t, "d")
		s := Settings{
			Nu:         rapid.Float64Range(0.005, 1).Draw(t, "nu"),
			Gamma:      rapid.SampledFrom([]float64{0, 0.01, 1, 30}).Draw(t, "gamma"),
			Tolerance:  rapid.SampledFrom([]float64{1e-2, 1e-3, 1e-5}).Draw(t, "tolerance"),
			CacheBytes: rapid.SampledFrom([]int64{1, 3000, 1 << 20}).Draw(t, "cache"),
			NoShrink:   rapid.Bool().Draw(t, "no shrinking"),
		}
		rng := bench.NewStream(rapid.Uint64().Draw(t, "seed"), "kkt").Rand()
		levels := rapid.SampledFrom([]float64{0, 3}).Draw(t, "levels") // 0: all rows differ
		x := bench.NewMatrix(n, d)
		for i := range x.Data {
			if v := rng.Float64(); levels > 0 {
				x.Data[i] = float32(math.Floor(v * levels))
			} else {
				x.Data[i] = float32(v)
			}
		}
		m := New(s)
		if err := m.Fit(context.Background(), bench.Data{X: x}); err != nil {
			t.Fatal(err)
		}
		gamma := s.Gamma
		if gamma == 0 {
			gamma = 1 / float64(d)
		}
		alpha := make([]float64, n)
		sum := 0.0
		for k, i := range m.index {
			alpha[i] = m.alpha[k]
			sum += alpha[i]
			if alpha[i] <= 0 || alpha[i] > 1 {
				t.Fatalf("alpha of row %d is %v", i, alpha[i])
			}
		}
		if want := s.Nu * float64(n); math.Abs(sum-want) > 1e-9*want {
			t.Fatalf("the alpha sum to %v, want %v", sum, want)
		}
		grow, fall := math.Inf(1), math.Inf(-1)
		for i := range n {
			g := 0.0
			for j, a := range alpha {
				square := 0.0
				for c := range d {
					e := float64(x.Row(i)[c]) - float64(x.Row(j)[c])
					square += e * e
				}
				g += a * math.Exp(-gamma*square)
			}
			if alpha[i] < 1 {
				grow = min(grow, g)
			}
			if alpha[i] > 0 {
				fall = max(fall, g)
			}
		}
		// The solver's kernel is rounded to float32: 6e-8 per unit of alpha.
		if fall-grow > s.Tolerance+2e-7*sum+1e-9 {
			t.Fatalf("the conditions of optimality fail by %g, more than %g", fall-grow,
				s.Tolerance)
		}
		if eps := s.Tolerance + 2e-7*sum + 1e-9; m.rho < fall-eps && m.rho < grow-eps ||
			m.rho > fall+eps && m.rho > grow+eps {
			t.Fatalf("rho is %v, the conditions allow %v to %v", m.rho, grow, fall)
		}
	})
}

// TestNuProperty: ν is an upper bound of the share of training rows outside, and a lower bound of
// that of support vectors (Schölkopf et al. 2001, Proposition 4); outside by more than the
// tolerance α = 1, inside α = 0.
func TestNuProperty(t *testing.T) {
	d := clusters(9, 1000, 4, 0.1)
	for _, nu := range []float64{0.01, 0.1, 0.5, 0.9} {
		m := fit(t, Settings{Nu: nu}, d)
		out := 0
		for i, f := range decision(t, m, d) {
			k, support := slices.BinarySearch(m.index, i)
			if f < -1e-3 {
				out++
				if !support || m.alpha[k] != 1 {
					t.Errorf("nu = %v: row %d with f = %v is outside and not at the bound", nu, i,
						f)
				}
			}
			if f > 1e-3 && support {
				t.Errorf("nu = %v: row %d with f = %v is inside and a support vector", nu, i, f)
			}
		}
		if float64(out) > nu*1000 || float64(len(m.index)) < nu*1000 {
			t.Errorf("nu = %v: %d rows outside, %d support vectors of 1000", nu, out, len(m.index))
		}
	}
}

// TestCopies: if six rows in ten are copies of one on the boundary, they are not flagged, and ν
// still bounds the share flagged.
func TestCopies(t *testing.T) {
	d := clusters(14, 2000, 5, 0.1)
	for i := range 2000 {
		if i%10 < 6 {
			copy(d.X.Row(i), []float32{1.5, 1.5, 1.5, 1.5, 1.5}) // away from the rest
		}
	}
	for _, nu := range []float64{0.02, 0.1, 0.3} {
		m := fit(t, Settings{Nu: nu}, d)
		flags := make([]bool, 2000)
		m.Flags(flags, d)
		n := 0
		for i, y := range flags {
			if y {
				n++
			}
			if y && i%10 < 6 {
				t.Fatalf("nu = %v: a copy is flagged, with f = %v", nu, decision(t, m, d)[i])
			}
		}
		if n == 0 || float64(n) > nu*2000 {
			t.Errorf("nu = %v: %d of 2000 rows are flagged", nu, n)
		}
	}
}

// TestTwoRows is worked out by hand. With ν = 1 both α are 1: f is 0 at both rows, and at the
// middle 2 exp(-γ/4) - 1 - exp(-γ). With ν = 1/2 the α sum to 1 and are 1/2 each.
func TestTwoRows(t *testing.T) {
	d := bench.Data{X: bench.Matrix{Rows: 2, Cols: 1, Data: []float32{0, 1}}}
	middle := bench.Data{X: bench.Matrix{Rows: 1, Cols: 1, Data: []float32{0.5}}}
	for _, nu := range []float64{1, 0.5} {
		m := fit(t, Settings{Nu: nu, Gamma: 2}, d)
		want := nu * (2*math.Exp(-0.5) - 1 - math.Exp(-2))
		if got := decision(t, m, middle)[0]; math.Abs(got-want) > 1e-12 {
			t.Errorf("nu = %v: f(1/2) is %.15f, want %.15f", nu, got, want)
		}
		if f := decision(t, m, d); f[0] != 0 || f[1] != 0 || m.alpha[0] != nu || m.alpha[1] != nu {
			t.Errorf("nu = %v: f is %v, alpha %v", nu, f, m.alpha)
		}
	}
}

// hard is a problem that takes more steps than rows, so that rows are removed and restored.
var hard = Settings{Nu: 0.03, Gamma: 10, Tolerance: 1e-6}

// TestShrinking: with and without shrinking the solution is the same within the tolerance, and rows
// are removed.
func TestShrinking(t *testing.T) {
	d := clusters(11, 1500, 3, 0.1)
	with, without := hard, hard
	without.NoShrink = true
	a, b := fit(t, with, d), fit(t, without, d)
	if a.fitted.left < 1000 || !a.fitted.unshrunk || b.fitted.left > 0 {
		t.Fatalf("%d rows left with shrinking (came back: %v) and %d without", a.fitted.left,
			a.fitted.unshrunk, b.fitted.left)
	}
	if x, y := a.fitted.objective(), b.fitted.objective(); math.Abs(x-y) > 1e-6*y {
		t.Errorf("the dual objective is %.9f with and %.9f without", x, y)
	}
	f, g := decision(t, a, d), decision(t, b, d)
	for i := range f {
		if math.Abs(f[i]-g[i]) > 2*hard.Tolerance {
			t.Errorf("row %d: f is %.9f with and %.9f without", i, f[i], g[i])
		}
	}
	// The gradients that restore computed at the end are those of the last α.
	v := a.fitted
	for place, row := range v.row {
		if want := f[row] + a.rho; math.Abs(v.g[place]-want) > 1e-4 {
			t.Fatalf("row %d: the gradient is kept as %.9f and is %.9f", row, v.g[place], want)
		}
	}
}

// TestSameBytes: the cache and the threads change the work but not the result.
func TestSameBytes(t *testing.T) {
	d := clusters(12, 4200, 3, 0.1)
	s := Settings{Nu: 0.03, Gamma: 20, Tolerance: 1e-6}
	want := fit(t, s, d)
	scores := decision(t, want, d)
	if want.fitted.left == 0 {
		t.Error("no row left")
	}
	for _, c := range []struct {
		bytes   int64
		threads int
	}{{1, 1}, {40 * 4 * 4200, 1}, {0, 3}, {100 * 4 * 4200, 2}} {
		s.CacheBytes, s.Threads = c.bytes, c.threads
		got := fit(t, s, d)
		if got.rho != want.rho || !slices.Equal(got.alpha, want.alpha) ||
			!slices.Equal(got.index, want.index) || !slices.Equal(got.fitted.g, want.fitted.g) {
			t.Errorf("%d bytes of cache and %d threads give another solution", c.bytes, c.threads)
		}
		if !slices.Equal(decision(t, got, d), scores) {
			t.Errorf("%d threads give other scores", c.threads)
		}
		if c.bytes > 0 && got.fitted.computed <= want.fitted.computed {
			t.Errorf("%d bytes of cache: %d kernel values computed, with much cache %d", c.bytes,
				got.fitted.computed, want.fitted.computed)
		}
	}
}

// TestCacheBound: the columns held take at most the given bytes, or those of two columns.
func TestCacheBound(t *testing.T) {
	for _, c := range []struct {
		n     int
		bytes int64
		want  int
	}{{1000, 1, 2}, {1000, 4 * 1000 * 7, 7}, {1000, 4*1000*7 + 3999, 7}, {10, 1 << 30, 10}, {1,
		1 << 30, 2}} {
		cache := newCache(c.n, c.bytes)
		if len(cache.slots) != c.want {
			t.Errorf("%d rows, %d bytes: %d columns, want %d", c.n, c.bytes, len(cache.slots),
				c.want)
		}
	}
	c := newCache(5, 4*5*3)
	for _, column := range []int{0, 1, 2, 0, 3, 4, 0} { // 1 is evicted, then 2, and 0 stays
		c.get(column).values = append(c.get(column).values[:0], float32(column))
	}
	for column, want := range []bool{true, false, false, true, true} {
		if held := c.where[column] >= 0; held != want {
			t.Errorf("column %d is held: %v", column, held)
		}
	}
	if e := c.get(1); len(e.values) != 0 || c.where[3] >= 0 {
		t.Errorf("a column that was not held has values %v, or the oldest stayed", e.values)
	}
}

// TestDegenerate lists degenerate data that are accepted, and those that are errors.
func TestDegenerate(t *testing.T) {
	same := bench.NewMatrix(50, 3)
	for i := range same.Data {
		same.Data[i] = float32(i%3) + 0.1
	}
	for _, nu := range []float64{0.001, 0.05, 0.1, 0.5, 1} { // 0.001: ν n < 1
		m := fit(t, Settings{Nu: nu}, bench.Data{X: same})
		flags := make([]bool, 50)
		m.Flags(flags, bench.Data{X: same})
		for i, f := range decision(t, m, bench.Data{X: same}) {
			if f != 0 || flags[i] {
				t.Fatalf("nu = %v: of 50 rows that are the same, row %d has f = %v, flag %v", nu, i,
					f, flags[i])
			}
		}
	}
	one := bench.Data{X: bench.Matrix{Rows: 1, Cols: 2, Data: []float32{3, 4}}}
	m := fit(t, Settings{Nu: 0.1}, one)
	if f := decision(t, m, one); f[0] != 0 || !slices.Equal(m.alpha, []float64{0.1}) {
		t.Errorf("one row: f = %v, alpha = %v", f, m.alpha)
	}
	far := bench.Data{X: bench.Matrix{Rows: 1, Cols: 2, Data: []float32{1e30, -1e30}}}
	if f := decision(t, m, far); f[0] != -0.1 {
		t.Errorf("far away f is %v, want -rho", f)
	}
	bad := bench.Data{X: bench.NewMatrix(20, 4)}
	for i := range bad.X.Data {
		bad.X.Data[i] = float32(i)
	}
	for _, v := range []float32{float32(math.NaN()), float32(math.Inf(1))} {
		bad.X.Data[13*4+2] = v
		err := New(Settings{Nu: 0.1}).Fit(context.Background(), bad)
		if err == nil || !strings.Contains(err.Error(), "row 13, column 2") {
			t.Errorf("%v: %v", v, err)
		}
	}
	if err := New(Settings{Nu: 0.1}).Fit(context.Background(), bench.Data{}); err == nil {
		t.Error("no rows: no error")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := New(Settings{Nu: 0.1}).Fit(ctx, one); err != context.Canceled {
		t.Errorf("cancelled: %v", err)
	}
	for _, s := range []Settings{{}, {Nu: -1}, {Nu: 1.1}, {Nu: math.NaN()}, {Nu: 0.5, Gamma: -1},
		{Nu: 0.5, Subsample: -1}} {
		func() {
			defer func() {
				if r := recover(); r == nil || !strings.HasPrefix(fmt.Sprint(r), "ocsvm: ") {
					t.Errorf("%+v: %v", s, r)
				}
			}()
			New(s)
		}()
	}
}

// TestThreshold: ρ is the mean of the free support vectors' sums, so that f is 0 on their average;
// the solver leaves f within its tolerance of that at each of them.
func TestThreshold(t *testing.T) {
	d := clusters(17, 300, 4, 0.1)
	m := fit(t, Settings{Nu: 0.3, Gamma: 0.5}, d)
	f := decision(t, m, d)
	sum, free, apart := 0.0, 0.0, 0.0
	for i, a := range m.alpha {
		if a < 1 {
			sum += f[m.index[i]]
			apart = max(apart, math.Abs(f[m.index[i]]))
			free++
		}
	}
	if free < 2 || apart == 0 {
		t.Fatalf("%g free support vectors, %g apart: the test shows nothing", free, apart)
	}
	if math.Abs(sum/free) > 1e-12 {
		t.Errorf("f is %g on the average of %g free support vectors", sum/free, free)
	}
}

// TestSubsample: it trains on the set number of rows, different ones for other seeds; and identical
// rows may be scored once.
func TestSubsample(t *testing.T) {
	d := clusters(13, 600, 3, 0.1)
	train := func(seed uint64) *Detector { return fit(t, Settings{Nu: 0.2, Subsample: 100, Seed: seed}, d) }
	a, b, c := train(1), train(1), train(2)
	if n := a.Counts()["training_rows"]; n != 100 {
		t.Errorf("trained on %d rows", n)
	}
	if !slices.Equal(a.index, b.index) || slices.Equal(a.index, c.index) {
		t.Error("the sample does not follow the seed")
	}
	twice := bench.Data{X: bench.NewMatrix(1200, 3), Same: make([]int32, 1200)}
	for i := range 1200 {
		copy(twice.X.Row(i), d.X.Row(i%600))
		twice.Same[i] = int32(i % 600)
	}
	known := decision(t, a, twice)
	twice.Same = nil
	if !slices.Equal(known, decision(t, a, twice)) {
		t.Error("knowing which rows are the same changes scores")
	}
	some := make([]float64, 3)
	if _, err := a.Scores(context.Background(), some, d, []int{599, 0, 17},
		bench.HeadBase); err != nil {
		t.Fatal(err)
	}
	if some[0] != -known[599] || some[1] != -known[0] || some[2] != -known[17] {
		t.Error("a row's score depends on the rows asked for")
	}
}
