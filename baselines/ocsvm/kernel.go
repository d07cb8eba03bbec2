package ocsvm

import (
	"cmp"
	"slices"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/detmath"
)

// lanes is the number of rows whose sums are computed at once.
const lanes = 8

// points are rows in a layout for computing the kernel with many at a time.
type points struct {
	n, d int
	// blocks of eight rows: column by column, each with its eight values; the last block is padded
	// with zeros
	x    []float64
	norm []float64 // len a multiple of eight: |x_i|²
}

// pointsOf copies the given rows of x.
func pointsOf(x bench.Matrix, rows []int32) *points {
	p := &points{n: len(rows), d: x.Cols}
	padded := (p.n + lanes - 1) / lanes * lanes
	p.x = make([]float64, padded*p.d)
	p.norm = make([]float64, padded)
	for i, r := range rows {
		to := p.x[i/lanes*lanes*p.d+i%lanes:]
		for j, v := range x.Row(int(r)) {
			to[j*lanes] = float64(v)
			p.norm[i] += float64(float64(v) * float64(v))
		}
	}
	return p
}

// row copies row i into dst (len d).
func (p *points) row(dst []float64, i int) {
	from := p.x[i/lanes*lanes*p.d+i%lanes:]
	for j := range dst {
		dst[j] = from[j*lanes]
	}
}

// farthest returns all rows in descending order of their distance from the mean.
func (p *points) farthest() []int32 {
	y, mean := make([]float64, p.d), make([]float64, p.d)
	for i := range p.n {
		p.row(y, i)
		for j, v := range y {
			mean[j] += v / float64(p.n)
		}
	}
	order, square := make([]int32, p.n), make([]float64, p.n)
	for i := range p.n {
		order[i] = int32(i)
		p.row(y, i)
		for j, v := range y {
			e := v - mean[j]
			square[i] += float64(e * e)
		}
	}
	slices.SortStableFunc(order, func(a, b int32) int { return cmp.Compare(square[b], square[a]) })
	return order
}

// permute moves row order[i] to place i, for i below len(order), which is a permutation of these
// numbers.
func (p *points) permute(order []int32) {
	x, norm := make([]float64, len(p.x)), make([]float64, len(p.norm))
	copy(x, p.x)
	copy(norm, p.norm)
	for i, o := range order {
		from := x[int(o)/lanes*lanes*p.d+int(o)%lanes:]
		to := p.x[i/lanes*lanes*p.d+i%lanes:]
		for j := range p.d {
			to[j*lanes] = from[j*lanes]
		}
		p.norm[i] = norm[o]
	}
}

// block sets k to the kernel of y, whose squared length is norm, with the eight rows of block b.
// The squared distance is |x|² + |y|² - 2xy, with the sums over columns in order, so that K(x, y)
// and K(y, x) have the same bits, and K(x, x) is 1.
func (p *points) block(k *[lanes]float64, b int, y []float64, norm, gamma float64) {
	x := p.x[b*lanes*p.d:][:lanes*p.d]
	var s0, s1, s2, s3, s4, s5, s6, s7 float64
	for _, v := range y {
		c := (*[lanes]float64)(x)
		x = x[lanes:]
		s0 += float64(c[0] * v)
		s1 += float64(c[1] * v)
		s2 += float64(c[2] * v)
		s3 += float64(c[3] * v)
		s4 += float64(c[4] * v)
		s5 += float64(c[5] * v)
		s6 += float64(c[6] * v)
		s7 += float64(c[7] * v)
	}
	n := (*[lanes]float64)(p.norm[b*lanes:])
	k[0] = gauss(n[0]+norm-2*s0, gamma)
	k[1] = gauss(n[1]+norm-2*s1, gamma)
	k[2] = gauss(n[2]+norm-2*s2, gamma)
	k[3] = gauss(n[3]+norm-2*s3, gamma)
	k[4] = gauss(n[4]+norm-2*s4, gamma)
	k[5] = gauss(n[5]+norm-2*s5, gamma)
	k[6] = gauss(n[6]+norm-2*s6, gamma)
	k[7] = gauss(n[7]+norm-2*s7, gamma)
}

// gauss returns the kernel at a squared distance, which rounding may leave below 0.
func gauss(square, gamma float64) float64 {
	if square < 0 {
		square = 0
	}
	return detmath.Exp(-gamma * square)
}
