package f32

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// An operation is a function of the package other than Gemm, for the tests that compare kernels.
type operation struct {
	name   string
	sizes  func(rows, cols int) []int // lengths of its slices
	alias  [][2]int                   // pairs of slices that may be identical
	run    func(k *kernel, s [][]float32, c constants)
	filled bool // cols must not be 0
}

type constants struct {
	rows, cols int
	a, b, c    float32
	add        bool
	key        [2]uint64
	counter    uint64
}

func flat(n int) func(rows, cols int) []int {
	return func(rows, cols int) []int {
		s := make([]int, n)
		for i := range s {
			s[i] = rows * cols
		}
		return s
	}
}

var operations = []operation{
	{name: "addRow", sizes: func(r, c int) []int { return []int{r * c, c} },
		run: func(k *kernel, s [][]float32, c constants) { k.addRow(s[0], c.rows, c.cols, s[1]) }},
	{name: "sumRows", sizes: func(r, c int) []int { return []int{c, r * c} },
		run: func(k *kernel, s [][]float32, c constants) { k.sumRows(s[0], s[1], c.rows, c.cols, c.add) }},
	{name: "relu", sizes: flat(1), run: func(k *kernel, s [][]float32, c constants) { k.relu(s[0]) }},
	{name: "reluBack", sizes: flat(2), run: func(k *kernel, s [][]float32, c constants) { k.reluBack(s[0], s[1]) }},
	{name: "sigmoid", sizes: flat(1), run: func(k *kernel, s [][]float32, c constants) { k.sigmoid(s[0]) }},
	{name: "sigmoidBack", sizes: flat(2), run: func(k *kernel, s [][]float32, c constants) { k.sigmoidBack(s[0], s[1]) }},
	{name: "tanh", sizes: flat(1), run: func(k *kernel, s [][]float32, c constants) { k.tanh(s[0]) }},
	{name: "tanhBack", sizes: flat(2), run: func(k *kernel, s [][]float32, c constants) { k.tanhBack(s[0], s[1]) }},
	{name: "exp", sizes: flat(2), alias: [][2]int{{0, 1}}, run: func(k *kernel, s [][]float32, c constants) { k.exp(s[0], s[1]) }},
	{name: "log", sizes: flat(2), alias: [][2]int{{0, 1}}, run: func(k *kernel, s [][]float32, c constants) { k.log(s[0], s[1]) }},
	{name: "scale", sizes: flat(1), run: func(k *kernel, s [][]float32, c constants) { k.scale(s[0], c.a) }},
	{name: "axpy", sizes: flat(2), alias: [][2]int{{0, 1}}, run: func(k *kernel, s [][]float32, c constants) { k.axpy(s[0], c.a, s[1]) }},
	{name: "diffScaled", sizes: flat(3), alias: [][2]int{{0, 1}, {0, 2}, {1, 2}},
		run: func(k *kernel, s [][]float32, c constants) { k.diffScaled(s[0], s[1], s[2], c.a) }},
	{name: "flush", sizes: flat(1), run: func(k *kernel, s [][]float32, c constants) { k.flush(s[0]) }},
	{name: "squaredDistances", sizes: func(r, c int) []int { return []int{r, r * c, r * c} }, alias: [][2]int{{1, 2}},
		run: func(k *kernel, s [][]float32, c constants) { k.squaredDistances(s[0], s[1], s[2], c.rows, c.cols) }},
	{name: "dot", sizes: func(r, c int) []int { return []int{1, r * c, r * c} }, alias: [][2]int{{1, 2}},
		run: func(k *kernel, s [][]float32, c constants) { s[0][0] = k.dot(s[1], s[2]) }},
	{name: "sum", sizes: func(r, c int) []int { return []int{1, r * c} },
		run: func(k *kernel, s [][]float32, c constants) { s[0][0] = k.sum(s[1]) }},
	{name: "softmaxRow", sizes: func(r, c int) []int { return []int{r * c, r * c, r} }, alias: [][2]int{{0, 1}}, filled: true,
		run: func(k *kernel, s [][]float32, c constants) {
			for i := range c.rows {
				m, sum := k.softmaxRow(s[0][i*c.cols:][:c.cols], s[1][i*c.cols:][:c.cols])
				s[2][i] = m + log1(sum)
			}
		}},
	{name: "rmsprop", sizes: flat(3), run: func(k *kernel, s [][]float32, c constants) { k.rmsprop(s[0], s[1], s[2], c.a, c.b, c.c) }},
	{name: "normal", sizes: flat(1), run: func(k *kernel, s [][]float32, c constants) { k.normal(s[0], c.key, c.counter) }},
	{name: "addNormal", sizes: flat(2), alias: [][2]int{{0, 1}},
		run: func(k *kernel, s [][]float32, c constants) { k.addNormal(s[0], s[1], c.a, c.key, c.counter) }},
	{name: "uniform", sizes: flat(1), run: func(k *kernel, s [][]float32, c constants) { k.uniform(s[0], c.key, c.counter) }},
}

func (c constants) draw(r *rand.Rand) constants {
	c.a, c.b, c.c = 0.01, 0.9, 1e-10
	if r.IntN(2) == 0 {
		c.a, c.b, c.c = float32(r.NormFloat64()), r.Float32(), r.Float32()
	}
	if r.IntN(8) == 0 {
		c.a = edges[r.IntN(len(edges))]
	}
	c.add = r.IntN(2) == 0
	c.key = [2]uint64{r.Uint64(), r.Uint64()}
	c.counter = r.Uint64() >> (1 + r.IntN(62))
	return c
}

// check compares kernel k with the portable one. place returns a slice of length n where accesses
// outside it are detected, and a function that reports them.
func (o operation) check(t *testing.T, k *kernel, r *rand.Rand, rows, cols, kind int, place func(n int) (x []float32, outside func(what string))) {
	t.Helper()
	c := constants{rows: rows, cols: cols}.draw(r)
	sizes := o.sizes(rows, cols)
	var in [][]float32
	for _, n := range sizes {
		x := make([]float32, n)
		fill(r, x, kind)
		in = append(in, x)
	}
	for which := range len(o.alias) + 1 {
		what := fmt.Sprintf("%s of %d x %d, kind %d, %+v", o.name, rows, cols, kind, c)
		want, got := make([][]float32, len(in)), make([][]float32, len(in))
		outside := make([]func(string), len(in))
		for i := range in {
			want[i] = append([]float32(nil), in[i]...)
			got[i], outside[i] = place(len(in[i]))
			copy(got[i], in[i])
		}
		if which > 0 {
			p := o.alias[which-1]
			want[p[1]], got[p[1]] = want[p[0]], got[p[0]]
			what += fmt.Sprintf(", slices %d and %d the same", p[0], p[1])
		}
		o.run(&generic, want, c)
		o.run(k, got, c)
		for i := range in {
			compare(t, got[i], want[i], "%s: slice %d", what, i)
			outside[i](what)
		}
		if t.Failed() {
			t.FailNow()
		}
	}
}

// canaries places slices at random offsets between canaries.
func canaries(t *testing.T, r *rand.Rand) func(n int) ([]float32, func(string)) {
	return func(n int) ([]float32, func(string)) {
		g := newGuarded(n, r.IntN(16))
		return g.x, func(what string) {
			t.Helper()
			g.check(t, "%s", what)
		}
	}
}

func TestOperations(t *testing.T) {
	eachKernel(t, func(t *testing.T, k *kernel) {
		for _, o := range operations {
			t.Run(o.name, func(t *testing.T) {
				r := random(1)
				for n := range 100 {
					if n == 0 && o.filled {
						continue
					}
					for kind := range kinds {
						o.check(t, k, r, 1, n, kind, canaries(t, r))
						o.check(t, k, r, r.IntN(12), n, kind, canaries(t, r))
					}
				}
				for range 4 {
					o.check(t, k, r, 3, 500+r.IntN(500), r.IntN(kinds), canaries(t, r))
				}
			})
		}
	})
}

// TestEveryExponent covers all signs and exponents and many mantissas, for the functions of one
// number.
func TestEveryExponent(t *testing.T) {
	eachKernel(t, func(t *testing.T, k *kernel) {
		r := random(2)
		var x []float32
		for high := range uint32(512) {
			for _, low := range []uint32{0, 1, 1<<22 - 1, 1 << 22, 1<<23 - 2, 1<<23 - 1} {
				x = append(x, fromBits(high<<23|low))
			}
			for range 500 {
				x = append(x, fromBits(high<<23|r.Uint32()>>9))
			}
		}
		for name, pair := range map[string][2]func(x []float32){
			"exp":     {func(x []float32) { k.exp(x, x) }, func(x []float32) { expGeneric(x, x) }},
			"log":     {func(x []float32) { k.log(x, x) }, func(x []float32) { logGeneric(x, x) }},
			"tanh":    {k.tanh, tanhGeneric},
			"sigmoid": {k.sigmoid, sigmoidGeneric},
			"relu":    {k.relu, reluGeneric},
			"flush":   {k.flush, flushGeneric},
		} {
			got, want := append([]float32(nil), x...), append([]float32(nil), x...)
			pair[0](got)
			pair[1](want)
			for i := range x {
				if !same(got[i], want[i]) {
					t.Fatalf("%s(%x) = %x, want %x", name, x[i], got[i], want[i])
				}
			}
		}
	})
}

func FuzzOperations(f *testing.F) {
	for i := range operations {
		f.Add(uint64(i), uint8(i), uint16(3), uint16(21), uint8(3))
	}
	f.Fuzz(func(t *testing.T, seed uint64, which uint8, rows, cols uint16, kind uint8) {
		o := operations[int(which)%len(operations)]
		if cols%200 == 0 && o.filled {
			return
		}
		r := random(seed)
		for _, k := range available {
			o.check(t, k, r, int(rows%20), int(cols%200), int(kind)%kinds, canaries(t, r))
		}
	})
}

func TestOperationsAllocateNothing(t *testing.T) {
	everyKernel(t, func(t *testing.T, k *kernel) {
		for _, o := range operations {
			var s [][]float32
			for _, n := range o.sizes(3, 77) {
				s = append(s, make([]float32, n))
			}
			c := constants{rows: 3, cols: 77, a: 0.5, b: 0.9, c: 1, counter: 5}
			if n := testing.AllocsPerRun(10, func() { o.run(k, s, c) }); n != 0 {
				t.Errorf("%s: %g allocations", o.name, n)
			}
		}
	})
}
