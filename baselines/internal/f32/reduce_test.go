package f32

import (
	"math"
	"testing"
)

// underEach runs the test with each kernel in use, including the portable one.
func underEach(t *testing.T, test func(t *testing.T)) {
	before := Kernel()
	defer Use(before)
	for _, name := range Kernels() {
		if err := Use(name); err != nil {
			t.Fatal(err)
		}
		t.Run(name, test)
	}
}

// TestSumOrder: 2^24 + 1 is 2^24 in float32, 2^24 + 2 is exact, so the result depends on the order.
func TestSumOrder(t *testing.T) {
	const big = 1 << 24
	at := func(n int, values map[int]float32) []float32 {
		x := make([]float32, n)
		for i, v := range values {
			x[i] = v
		}
		return x
	}
	underEach(t, func(t *testing.T) {
		for _, c := range []struct {
			what string
			x    []float32
			want float32
		}{
			{"nothing", nil, 0},
			{"ones into the lane of the big one", at(48, map[int]float32{0: big, 16: 1, 32: 1}), big},
			{"ones first in the lane", at(48, map[int]float32{0: 1, 16: 1, 32: big}), big + 2},
			{"ones in a lane of their own", at(48, map[int]float32{0: big, 5: 1, 21: 1}), big + 2},
			{"ones in two lanes that meet the big one apart", at(16, map[int]float32{0: big, 8: 1, 4: 1}), big},
			{"ones in two lanes that meet each other first", at(16, map[int]float32{0: big, 1: 1, 5: 1}), big + 2},
			{"lanes 3 and 11 meet, then 7, then 1 rounds up", at(16, map[int]float32{3: 1, 11: 1, 7: big, 1: 1}), big + 4},
			{"the tail goes on in the same lanes", at(19, map[int]float32{2: 1, 18: 1, 6: big}), big + 2},
		} {
			if got := Sum(c.x); got != c.want {
				t.Errorf("Sum, %s: %g, want %g", c.what, got, c.want)
			}
			ones := make([]float32, len(c.x))
			for i := range ones {
				ones[i] = 1
			}
			if got := Dot(ones, c.x); got != c.want {
				t.Errorf("Dot, %s: %g, want %g", c.what, got, c.want)
			}
		}
		// One rounding per step: (1+2^-12)^2 - 1 keeps its 2^-24.
		if got, want := Dot(at(17, map[int]float32{0: -1, 16: 1 + 0x1p-12}), at(17, map[int]float32{0: 1, 16: 1 + 0x1p-12})), float32(0x1p-11+0x1p-24); got != want {
			t.Errorf("Dot rounds the product: %x, want %x", got, want)
		}
	})
}

// TestSumsOfIntegers: small integers are exact in any order, so none may be lost or counted twice.
func TestSumsOfIntegers(t *testing.T) {
	underEach(t, func(t *testing.T) {
		r := random(1)
		for n := range 100 {
			const rows = 3
			a, b := make([]float32, rows*n), make([]float32, rows*n)
			for i := range a {
				a[i], b[i] = float32(r.IntN(101)-50), float32(r.IntN(101)-50)
			}
			var dot, sum int
			distances, columns := make([]int, rows), make([]int, n)
			for i := range a {
				x, y := int(a[i]), int(b[i])
				dot += x * y
				sum += x
				distances[i/n] += (x - y) * (x - y)
				columns[i%n] += x
			}
			if got := Dot(a, b); got != float32(dot) {
				t.Errorf("n=%d: Dot %g, want %d", n, got, dot)
			}
			if got := Sum(a); got != float32(sum) {
				t.Errorf("n=%d: Sum %g, want %d", n, got, sum)
			}
			d := make([]float32, rows)
			SquaredDistances(d, a, b, rows, n)
			for i, want := range distances {
				if d[i] != float32(want) {
					t.Errorf("n=%d: SquaredDistances %g, want %d", n, d[i], want)
				}
			}
			for _, add := range []bool{false, true} {
				c := make([]float32, n)
				start := 0
				for j := range c {
					c[j] = 7
				}
				if add {
					start = 7
				}
				SumRows(c, a, rows, n, add)
				for j, want := range columns {
					if c[j] != float32(want+start) {
						t.Errorf("n=%d add=%t: SumRows %g, want %d", n, add, c[j], want+start)
					}
				}
			}
			AddRow(a, rows, n, b[:n])
			for i := range a {
				a[i] -= b[i%n]
			}
			if got := Sum(a); got != float32(sum) {
				t.Errorf("n=%d: AddRow and back: Sum %g, want %d", n, got, sum)
			}
		}
	})
}

func TestSumRowsOrder(t *testing.T) {
	underEach(t, func(t *testing.T) {
		for _, cols := range []int{1, 8, 33} {
			const rows = 4
			x, dst := make([]float32, rows*cols), make([]float32, cols)
			for j := range cols {
				x[j], x[cols+j], x[2*cols+j], x[3*cols+j] = 1<<24, 1, 1, -1<<24
			}
			SumRows(dst, x, rows, cols, false)
			for j, v := range dst {
				if v != 0 {
					t.Errorf("cols=%d: column %d is %g: not summed from the top", cols, j, v)
				}
			}
		}
	})
}

func TestSoftmax(t *testing.T) {
	inf, nan := float32(math.Inf(1)), float32(math.NaN())
	underEach(t, func(t *testing.T) {
		r := random(2)
		for cols := 1; cols < 60; cols++ {
			const rows = 5
			z, p, lse := make([]float32, rows*cols), make([]float32, rows*cols), make([]float32, rows)
			for i := range z {
				z[i] = float32(10 * r.NormFloat64())
			}
			SoftmaxRows(p, lse, z, rows, cols)
			for i := range rows {
				var sum float64
				for _, v := range z[i*cols:][:cols] {
					sum += math.Exp(float64(v))
				}
				if got, want := float64(lse[i]), math.Log(sum); math.Abs(got-want) > 4e-7*max(1, math.Abs(want)) {
					t.Errorf("cols=%d: lse %g, want %g", cols, got, want)
				}
				for j, v := range z[i*cols:][:cols] {
					// z-m is rounded: up to 60 * 2^-24 in the exponent
					if got, want := float64(p[i*cols+j]), math.Exp(float64(v))/sum; math.Abs(got-want) > 5e-6*want {
						t.Errorf("cols=%d: p %g, want %g", cols, got, want)
					}
				}
			}
		}
		for _, c := range []struct{ z, p, lse []float32 }{
			{[]float32{0, 0}, []float32{0.5, 0.5}, []float32{math.Ln2}},
			{[]float32{1000, 1000, 1000, 1000}, []float32{0.25, 0.25, 0.25, 0.25}, []float32{1000 + 2*math.Ln2}},
			{[]float32{5, -inf, -200}, []float32{1, 0, 0}, []float32{5}},
			{[]float32{-inf, -inf}, []float32{nan, nan}, []float32{nan}},
			{[]float32{inf, 0}, []float32{nan, nan}, []float32{nan}},
			{[]float32{0, 1, nan, 2}, []float32{nan, nan, nan, nan}, []float32{nan}},
			{[]float32{nan, 1, 2, 3}, []float32{nan, nan, nan, nan}, []float32{nan}},
		} {
			z, lse := append([]float32(nil), c.z...), make([]float32, 1)
			SoftmaxRows(z, lse, z, 1, len(z)) // in place
			compare(t, z, c.p, "softmax of %v", c.z)
			compare(t, lse, c.lse, "lse of %v", c.z)
			SoftmaxRows(z, nil, c.z, 1, len(z))
			compare(t, z, c.p, "softmax of %v without lse", c.z)
		}
	})
}
