package f32

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// A product is one call of Gemm. layout is the memory layout of A and B: "NN", "TN", "NT", "TT", or
// "gaps" for strides that leave gaps everywhere.
type product struct {
	layout  string
	m, n, k int
	gap     int // ldc - n
	add     bool
}

var layouts = []string{"NN", "TN", "NT", "TT", "gaps"}

func (p product) String() string {
	return fmt.Sprintf("%s m=%d n=%d k=%d gap=%d add=%t", p.layout, p.m, p.n, p.k, p.gap, p.add)
}

func (p product) strides() (ars, acs, brs, bcs int) {
	ars, acs, brs, bcs = p.k, 1, p.n, 1
	switch p.layout {
	case "TN", "TT":
		ars, acs = 1, p.m
	case "gaps":
		return 2*p.k + 3, 2, 3*p.n + 1, 3
	}
	if p.layout[1] == 'T' {
		brs, bcs = 1, p.k
	}
	return ars, acs, brs, bcs
}

func span(rows, rowStride, cols, colStride int) int {
	if rows == 0 || cols == 0 {
		return 0
	}
	return (rows-1)*rowStride + (cols-1)*colStride + 1
}

// operands returns random A, B and C that end at their last element.
func (p product) operands(r *rand.Rand, kind int) (a, b, c []float32) {
	ars, acs, brs, bcs := p.strides()
	a = make([]float32, span(p.m, ars, p.k, acs))
	b = make([]float32, span(p.k, brs, p.n, bcs))
	c = make([]float32, span(p.m, p.n+p.gap, p.n, 1))
	for _, x := range [][]float32{a, b, c} {
		fill(r, x, kind)
	}
	return a, b, c
}

// byDefinition computes the product as Gemm's documentation defines it.
func (p product) byDefinition(a, b, c []float32) {
	ars, acs, brs, bcs := p.strides()
	for i := range p.m {
		for j := range p.n {
			x := &c[i*(p.n+p.gap)+j]
			if !p.add {
				*x = 0
			}
			for q := range p.k {
				*x = fma32(a[i*ars+q*acs], b[q*brs+j*bcs], *x)
			}
		}
	}
}

// check compares the kernel with the definition, with operands between canaries.
func (p product) check(t *testing.T, k *kernel, w *Workspace, a, b, c []float32, offset int) {
	t.Helper()
	want := append([]float32(nil), c...)
	p.byDefinition(a, b, want)
	p.checkIs(t, k, w, a, b, c, want, offset)
}

// checkIs is check for a known result of the definition.
func (p product) checkIs(t *testing.T, k *kernel, w *Workspace, a, b, c, want []float32, offset int) {
	t.Helper()
	ars, acs, brs, bcs := p.strides()
	ga, gb, gc := guard(a, offset), guard(b, offset+1), guard(c, offset+2)
	before := active
	active = k
	w.Gemm(p.add, p.m, p.n, p.k, ga.x, ars, acs, gb.x, brs, bcs, gc.x, p.n+p.gap)
	active = before
	compare(t, gc.x, want, "%v", p)
	compare(t, ga.x, a, "%v: A was changed", p)
	compare(t, gb.x, b, "%v: B was changed", p)
	gc.check(t, "%v: C", p)
}

func everyKernel(t *testing.T, test func(t *testing.T, k *kernel)) {
	for _, k := range available {
		t.Run(k.name, func(t *testing.T) { test(t, k) })
	}
}

func TestGemmSizes(t *testing.T) {
	everyKernel(t, func(t *testing.T, k *kernel) {
		r, w := random(1), new(Workspace)
		for size := range 100 {
			for _, layout := range layouts {
				for which := range 3 {
					d := [3]int{r.IntN(20), r.IntN(40), r.IntN(24)}
					d[which] = size
					p := product{layout, d[0], d[1], d[2], r.IntN(2) * r.IntN(5), r.IntN(2) == 0}
					a, b, c := p.operands(r, r.IntN(kinds))
					p.check(t, k, w, a, b, c, r.IntN(8))
				}
			}
		}
	})
}

// TestGemmSmall covers every shape up to slightly more than a tile.
func TestGemmSmall(t *testing.T) {
	everyKernel(t, func(t *testing.T, k *kernel) {
		r, w := random(2), new(Workspace)
		for m := 1; m <= 14; m++ {
			for n := 1; n <= 34; n++ {
				for _, depth := range []int{1, 2, 3, 8, 9} {
					p := product{layouts[r.IntN(len(layouts))], m, n, depth, r.IntN(2), r.IntN(2) == 0}
					a, b, c := p.operands(r, r.IntN(kinds))
					p.check(t, k, w, a, b, c, r.IntN(8))
				}
			}
		}
	})
}

// TestGemmBlocks has more rows, columns and k than a block.
func TestGemmBlocks(t *testing.T) {
	everyKernel(t, func(t *testing.T, k *kernel) {
		r, w := random(3), new(Workspace)
		for _, d := range [][3]int{{13, 17, 319}, {13, 24, 320}, {12, 16, 321}, {7, 33, 641}, {1, 16, 700}, {600, 1, 330}, {299, 18, 9}, {301, 9, 20}, {607, 17, 5}} {
			for _, layout := range layouts {
				p := product{layout, d[0], d[1], d[2], r.IntN(2), r.IntN(2) == 0}
				a, b, c := p.operands(r, r.IntN(kinds))
				p.check(t, k, w, a, b, c, r.IntN(8))
			}
		}
	})
}

// TestGemmAgainstIntegers does not depend on fma32: with small integers every order is exact.
func TestGemmAgainstIntegers(t *testing.T) {
	everyKernel(t, func(t *testing.T, k *kernel) {
		r := random(4)
		for _, layout := range layouts {
			p := product{layout, 23, 45, 67, 3, true}
			a, b, c := p.operands(r, ordinary)
			for _, x := range [][]float32{a, b, c} {
				for i := range x {
					x[i] = float32(r.IntN(201) - 100)
				}
			}
			ars, acs, brs, bcs := p.strides()
			want := append([]float32(nil), c...)
			for i := range p.m {
				for j := range p.n {
					s := int(c[i*(p.n+p.gap)+j])
					for q := range p.k {
						s += int(a[i*ars+q*acs]) * int(b[q*brs+j*bcs])
					}
					want[i*(p.n+p.gap)+j] = float32(s)
				}
			}
			k.gemm(new(Workspace), true, p.m, p.n, p.k, a, ars, acs, b, brs, bcs, c, p.n+p.gap)
			compare(t, c, want, "%v", p)
		}
	})
}

// TestGemmSpreadsNaN: every element of A and B is read, and an infinity times zero is not lost.
func TestGemmSpreadsNaN(t *testing.T) {
	everyKernel(t, func(t *testing.T, k *kernel) {
		r := random(5)
		for _, layout := range layouts {
			p := product{layout, 9, 21, 11, 0, false}
			ars, acs, brs, bcs := p.strides()
			for range 50 {
				a, b, c := p.operands(r, ordinary)
				i, j, q := r.IntN(p.m), r.IntN(p.n), r.IntN(p.k)
				a[i*ars+q*acs] = float32(math.Inf(1))
				b[q*brs+j*bcs] = 0
				k.gemm(new(Workspace), false, p.m, p.n, p.k, a, ars, acs, b, brs, bcs, c, p.n)
				for x, v := range c {
					if got, want := v != v, x == i*p.n+j; got != want {
						t.Fatalf("%v: inf at A[%d,%d], 0 at B[%d,%d]: C[%d,%d] is %g", p, i, q, q, j, x/p.n, x%p.n, v)
					}
					if x/p.n == i && x%p.n != j && !math.IsInf(float64(v), 0) {
						t.Fatalf("%v: inf at A[%d,%d]: C[%d,%d] is %g", p, i, q, x/p.n, x%p.n, v)
					}
				}
			}
		}
	})
}

func TestGemmPanics(t *testing.T) {
	x := make([]float32, 100)
	for name, call := range map[string]func(w *Workspace){
		"negative m":  func(w *Workspace) { w.Gemm(false, -1, 2, 2, x, 2, 1, x, 2, 1, x, 2) },
		"short a":     func(w *Workspace) { w.Gemm(false, 3, 2, 2, x[:5], 2, 1, x, 2, 1, x, 2) },
		"short b":     func(w *Workspace) { w.Gemm(false, 3, 2, 2, x, 2, 1, x[:3], 2, 1, x, 2) },
		"short c":     func(w *Workspace) { w.Gemm(false, 3, 2, 2, x, 2, 1, x, 2, 1, x[:5], 2) },
		"small ldc":   func(w *Workspace) { w.Gemm(false, 3, 2, 2, x, 2, 1, x, 2, 1, x, 1) },
		"bad strides": func(w *Workspace) { w.Gemm(false, 3, 2, 2, x, -2, 1, x, 2, 1, x, 2) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			call(new(Workspace))
		})
	}
}

func TestGemmAllocatesNothing(t *testing.T) {
	everyKernel(t, func(t *testing.T, k *kernel) {
		r, w := random(6), new(Workspace)
		p := product{"TN", 40, 40, 40, 0, false}
		a, b, c := p.operands(r, ordinary)
		if n := testing.AllocsPerRun(10, func() { k.gemm(w, false, 40, 40, 40, a, 1, 40, b, 40, 1, c, 40) }); n != 0 {
			t.Errorf("%g allocations a product", n)
		}
	})
}

func FuzzGemm(f *testing.F) {
	f.Add(uint64(1), uint16(5), uint16(17), uint16(9), uint8(0), uint8(3), false)
	f.Add(uint64(2), uint16(13), uint16(8), uint16(321), uint8(2), uint8(2), true)
	f.Fuzz(func(t *testing.T, seed uint64, m, n, k uint16, layout, kind uint8, add bool) {
		p := product{layouts[int(layout)%len(layouts)], int(m % 70), int(n % 70), int(k % 400), int(layout / 128), add}
		r := random(seed)
		a, b, c := p.operands(r, int(kind)%kinds)
		for _, kern := range available {
			p.check(t, kern, new(Workspace), a, b, append([]float32(nil), c...), int(seed%8))
		}
	})
}
