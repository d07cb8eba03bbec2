package f32

import "fmt"

const lanes = 16

// Dot returns the sum of a[j]*b[j]. The slices are treated as padded with +0 to a multiple of 16.
// There are 16 sums, starting at +0; element j goes to sum j mod 16, in ascending order, by
// fma(a[j], b[j], sum). At the end sum l is added to sum l+8 for l = 0..7, then l to l+4 for l =
// 0..3, then 0 to 2 and 1 to 3, then 0 to 1.
func Dot(a, b []float32) float32 {
	checkLen("Dot", "b", len(b), len(a))
	return active.dot(a, b)
}

func dotGeneric(a, b []float32) float32 {
	var s [lanes]float32
	for ; len(a) >= lanes; a, b = a[lanes:], b[lanes:] {
		b := b[:lanes]
		for l, v := range a[:lanes] {
			s[l] = fma32(v, b[l], s[l])
		}
	}
	for l, v := range a {
		s[l] = fma32(v, b[l], s[l])
	}
	pad(&s, len(a))
	return tree(&s)
}

// Sum returns the sum of a, in the order of Dot with additions instead of fused multiply-adds.
func Sum(a []float32) float32 { return active.sum(a) }

func sumGeneric(a []float32) float32 {
	var s [lanes]float32
	for ; len(a) >= lanes; a = a[lanes:] {
		for l, v := range a[:lanes] {
			s[l] += v
		}
	}
	for l, v := range a {
		s[l] += v
	}
	pad(&s, len(a))
	return tree(&s)
}

// SquaredDistances sets dst[i] to the sum of (a[i,j]-b[i,j])^2 over j; a and b are rows x cols,
// dst has len rows. The difference d is rounded, then the order is Dot's with fma(d, d, sum).
func SquaredDistances(dst, a, b []float32, rows, cols int) {
	checkShape("SquaredDistances", rows, cols)
	checkLen("SquaredDistances", "dst", len(dst), rows)
	checkLen("SquaredDistances", "a", len(a), rows*cols)
	checkLen("SquaredDistances", "b", len(b), rows*cols)
	active.squaredDistances(dst, a, b, rows, cols)
}

func squaredDistancesGeneric(dst, a, b []float32, rows, cols int) {
	for i := range rows {
		ai, bi := a[i*cols:][:cols], b[i*cols:][:cols]
		var s [lanes]float32
		for ; len(ai) >= lanes; ai, bi = ai[lanes:], bi[lanes:] {
			bi := bi[:lanes]
			for l, v := range ai[:lanes] {
				d := v - bi[l]
				s[l] = fma32(d, d, s[l])
			}
		}
		for l, v := range ai {
			d := v - bi[l]
			s[l] = fma32(d, d, s[l])
		}
		pad(&s, len(ai))
		dst[i] = tree(&s)
	}
}

// pad adds the +0 of the padding to the sums of the last, incomplete block of n elements. This
// matters only for a sum that is -0, the result of a product below the smallest subnormal.
func pad(s *[lanes]float32, n int) {
	if n == 0 {
		return
	}
	for l := n; l < lanes; l++ {
		s[l] += 0
	}
}

func tree(s *[lanes]float32) float32 {
	for h := lanes / 2; h > 0; h /= 2 {
		for l := range h {
			s[l] += s[l+h]
		}
	}
	return s[0]
}

// SoftmaxRows sets each row of p to the softmax of that row of z (both rows x cols) and lse[i],
// unless lse is nil, to log(sum(exp(z[i,:]))). p may be z.
//
// With m the largest element of the row, e = Exp(z-m), s = Sum(e): p = e/s, flushed, and lse = m +
// Log1(s). A row with a NaN or +Inf, or with only -Inf, becomes NaN; a -Inf beside finite elements
// has probability 0.
func SoftmaxRows(p, lse, z []float32, rows, cols int) {
	checkShape("SoftmaxRows", rows, cols)
	if cols == 0 && rows > 0 {
		panic(fmt.Sprintf("f32: SoftmaxRows: %d rows of no columns", rows))
	}
	checkLen("SoftmaxRows", "p", len(p), rows*cols)
	checkLen("SoftmaxRows", "z", len(z), rows*cols)
	if lse != nil {
		checkLen("SoftmaxRows", "lse", len(lse), rows)
	}
	for i := range rows {
		m, s := active.softmaxRow(p[i*cols:][:cols], z[i*cols:][:cols])
		if lse != nil {
			lse[i] = m + log1(s)
		}
	}
}

// softmaxRowGeneric returns m and s as defined at SoftmaxRows. A NaN that the comparisons miss
// makes the sum NaN.
func softmaxRowGeneric(p, z []float32) (m, s float32) {
	m = z[0]
	for _, v := range z[1:] {
		if v > m {
			m = v
		}
	}
	for j, v := range z {
		p[j] = exp1(v - m)
	}
	s = sumGeneric(p)
	for j, v := range p {
		p[j] = flush1(v / s)
	}
	return m, s
}
