package f32

import "math"

const (
	minNormal = 0x1p-126 // smallest normal float32
	minFactor = 0x1p-63  // the product of two numbers that are not smaller is normal
	signBit   = 1 << 31
)

// fma32 returns a*b + c rounded once to float32, as the processor's fused multiply-add does.
//
// The product of two float32 numbers has at most 48 significant bits and an exponent of at
// least -298, so it is exact in float64. The float64 sum s of the product and c cannot
// overflow; rounding it once more to float32 is wrong only if the first rounding moved the
// exact value t onto, or off, a point at which the second result changes:
//
//   - |s| >= 2^-126, where a float32 has 24 bits: the points at which float32(s) changes are
//     the ties, the 25-bit numbers whose lowest bit is set (the last of them, 2^128 - 2^103,
//     separates the largest number from infinity). A tie is itself a float64, and rounding to
//     float64 is monotonic, so t and s lie on the same side of every tie unless s is that tie.
//     So only an s whose low 29 bits are 1 followed by 28 zeros needs fmaOdd.
//   - |s| < 2^-126, where the spacing of float32 is fixed: the ties have other low bits, and
//     fmaOdd computes all such s, including an s just below 2^-126 that rounds up to it.
//   - s infinite or NaN: float32(s) is correct. (fmaOdd may be used for a NaN, and returns it.)
func fma32(a, b, c float32) float32 {
	s := float64(float64(a)*float64(b)) + float64(c)
	if doubtful(s) {
		return fmaOdd(a, b, c)
	}
	return float32(s)
}

// doubtful reports whether rounding the float64 sum s to float32 may be wrong: s is a tie, or below
// 2^-126.
func doubtful(s float64) bool {
	u := math.Float64bits(s)
	return u&(1<<29-1) == 1<<28 || u<<1 < (1023-126)<<53
}

// fmaOdd is a slow fma32 for all arguments. It rounds the exact sum to float64 "to odd": if the sum
// is not a float64, it takes the neighbour with an odd last bit. That number is on the same side of
// every number with at most 52 bits as the exact sum, so rounding it to float32 (24 bits or fewer,
// and one for the tie) gives the same result as rounding the exact sum (Boldo and Melquiond 2008,
// "Emulation of FMA and correctly rounded sums: proved algorithms using rounding to odd").
func fmaOdd(a, b, c float32) float32 {
	p, z := float64(float64(a)*float64(b)), float64(c)
	s := p + z
	// Knuth's TwoSum: s + e is the exact sum.
	zz := s - p
	e := (p - (s - zz)) + (z - zz)
	if u := math.Float64bits(s); e != 0 && e == e && u&1 == 0 {
		// The exact sum lies between s and its neighbour on e's side, and s is even, so the
		// neighbour is odd.
		if (e > 0) == (s > 0) {
			u++
		} else {
			u--
		}
		s = math.Float64frombits(u)
	}
	return float32(s)
}

// sqrt32 returns the square root of x rounded once. The intermediate rounding to float64 is
// harmless: 53 bits are more than twice 24 plus one (Figueroa 1995).
func sqrt32(x float32) float32 { return float32(math.Sqrt(float64(x))) }

// flush1 returns x, or +0 if the magnitude of x is below 2^-126. A NaN stays.
func flush1(x float32) float32 {
	if math.Float32bits(x)&^signBit < 1<<23 {
		return 0
	}
	return x
}

// factor1 returns x, or +0 if the magnitude of x is below 2^-63. A NaN stays.
func factor1(x float32) float32 {
	if math.Float32bits(x)&^signBit < (127-63)<<23 {
		return 0
	}
	return x
}
