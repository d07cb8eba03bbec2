package f32

import (
	"fmt"
	"math"
)

// A Workspace is the scratch memory of one goroutine. The zero value is ready for use; it grows in
// the first calls and then allocates no more.
type Workspace struct {
	buf    []float32
	kept   []float32 // of rows that are mostly zeros: the non-zero elements
	places []int32   // and their byte offsets
}

// Gemm computes C = A*B, or C += A*B if add is true. C is m x n, element (i, j) at c[i*ldc+j]; A is
// m x k, element (i, p) at a[i*ars+p*acs]; B is k x n, element (p, j) at b[p*brs+j*bcs]. A
// transposed factor is expressed by its strides. C must not overlap A or B.
//
// Each element of C starts at 0, or at its old value, and then, for p ascending, becomes
// fma(A[i,p], B[p,j], C[i,j]).
func (w *Workspace) Gemm(add bool, m, n, k int, a []float32, ars, acs int, b []float32,
	brs, bcs int, c []float32, ldc int) {
	if m < 0 || n < 0 || k < 0 {
		panic(fmt.Sprintf("f32: Gemm: negative shape m=%d n=%d k=%d", m, n, k))
	}
	if m == 0 || n == 0 {
		return
	}
	if ldc < n && m > 1 {
		panic(fmt.Sprintf("f32: Gemm: ldc is %d, want at least n=%d", ldc, n))
	}
	checkStrided("c", len(c), m, ldc, n, 1)
	if k == 0 {
		if !add {
			for i := range m {
				clear(c[i*ldc : i*ldc+n])
			}
		}
		return
	}
	checkStrided("a", len(a), m, ars, k, acs)
	checkStrided("b", len(b), k, brs, n, bcs)
	active.gemm(w, add, m, n, k, a, ars, acs, b, brs, bcs, c, ldc)
}

// ColumnUnit: where a product is divided by columns of C, cuts at its multiples are fastest, as no
// panel is then split. The result is the same for all cuts.
const ColumnUnit = 64

// RowUnit returns the corresponding unit of rows, which depends on the kernel in use.
func RowUnit() int { return active.rows }

func checkStrided(name string, length, rows, rowStride, cols, colStride int) {
	if rowStride < 0 || colStride < 0 {
		panic(fmt.Sprintf("f32: Gemm: negative stride of %s", name))
	}
	if need := (rows-1)*rowStride + (cols-1)*colStride + 1; length < need {
		panic(fmt.Sprintf("f32: Gemm: %s holds %d elements, want at least %d", name, length, need))
	}
}

// gemmGeneric computes four columns at a time, so that four sums are in progress at once. fma32 is
// written out in the inner loop, as the compiler does not inline it.
//
// If B is finite, zeros of A are skipped: fma(0, b, c) is c, unless c is -0. Sums that end as -0,
// whose sign may depend on the skipped terms, are computed again.
func gemmGeneric(_ *Workspace, add bool, m, n, k int, a []float32, ars, acs int, b []float32,
	brs, bcs int, c []float32, ldc int) {
	const worth = 8 // number of rows from which checking B pays
	skip := m >= worth && n >= 4 && finiteGeneric(b, brs, bcs, k, n)
	for i := range m {
		row := c[i*ldc : i*ldc+n]
		if !add {
			clear(row)
		}
		ai := a[i*ars:]
		j := 0
		for ; j+4 <= n; j += 4 {
			c4 := (*[4]float32)(row[j:])
			sums := gemmFour(skip, *c4, ai, acs, b[j*bcs:], brs, bcs, k)
			if skip && anyNegativeZero(sums) {
				sums = gemmFour(false, *c4, ai, acs, b[j*bcs:], brs, bcs, k)
			}
			*c4 = sums
		}
		for ; j < n; j++ {
			s := row[j]
			at, bt := 0, j*bcs
			for range k {
				s = fma32(ai[at], b[bt], s)
				at += acs
				bt += brs
			}
			row[j] = s
		}
	}
}

// gemmFour computes a row of four columns of C, skipping the zeros of A if skip.
func gemmFour(skip bool, c [4]float32, a []float32, acs int, b []float32,
	brs, bcs, k int) [4]float32 {
	c0, c1, c2, c3 := c[0], c[1], c[2], c[3]
	at, bt := 0, 0
	for range k {
		x := a[at]
		if x != 0 || !skip {
			b0, b1, b2, b3 := b[bt], b[bt+bcs], b[bt+2*bcs], b[bt+3*bcs]
			y := float64(x)
			s0 := float64(y*float64(b0)) + float64(c0)
			s1 := float64(y*float64(b1)) + float64(c1)
			s2 := float64(y*float64(b2)) + float64(c2)
			s3 := float64(y*float64(b3)) + float64(c3)
			if doubtful(s0) || doubtful(s1) || doubtful(s2) || doubtful(s3) {
				c0, c1, c2, c3 = fmaOdd(x, b0, c0), fmaOdd(x, b1, c1), fmaOdd(x, b2, c2),
					fmaOdd(x, b3, c3)
			} else {
				c0, c1, c2, c3 = float32(s0), float32(s1), float32(s2), float32(s3)
			}
		}
		at += acs
		bt += brs
	}
	return [4]float32{c0, c1, c2, c3}
}

func anyNegativeZero(x [4]float32) bool {
	const bits = 1 << 31
	return math.Float32bits(x[0]) == bits || math.Float32bits(x[1]) == bits ||
		math.Float32bits(x[2]) == bits || math.Float32bits(x[3]) == bits
}

func finiteGeneric(b []float32, brs, bcs, k, n int) bool {
	var sum float32 // sum of zeros, or NaN
	for p := range k {
		for j := range n {
			sum += b[p*brs+j*bcs] * 0
		}
	}
	return sum == 0
}
