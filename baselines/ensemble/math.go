package ensemble

import (
	"math"
	"math/rand/v2"
)

// math.Log and math.Exp2 differ between architectures, these do not: exact steps and fused
// multiply-adds in a fixed order.

const (
	ln2Hi = 6.93147180369123816490e-01 // the upper 32 bits of ln 2, so that k*ln2Hi is exact
	ln2Lo = 1.90821492927058770002e-10
)

// ln is the natural logarithm of a positive finite x, within 2 ulp: x = 2^k f with f in
// [sqrt(1/2), sqrt 2), and ln f = 2 artanh(s), s = (f-1)/(f+1), by its series: |s| < 0.172, so the
// twelfth term is the first below 2^-53.
func ln(x float64) float64 {
	f, k := math.Frexp(x)
	if f < math.Sqrt2/2 {
		f, k = 2*f, k-1
	}
	s := (f - 1) / (f + 1)
	z := s * s
	p := 2.0 / 25
	for i := 23; i >= 3; i -= 2 {
		p = math.FMA(p, z, 2.0/float64(i))
	}
	tail := float64(s*z) * p
	return math.FMA(float64(k), ln2Hi, math.FMA(2, s, math.FMA(float64(k), ln2Lo, tail)))
}

// exp2 is 2^x for |x| < 1000, within 2 ulp: an exact power of two times the exponential's series.
func exp2(x float64) float64 {
	k := math.Floor(x + 0.5)
	r := float64((x - k) * math.Ln2) // |r| < 0.347: r^15/15! is below 2^-60
	p := 1.0
	for i := 15; i >= 1; i-- {
		p = math.FMA(p, r/float64(i), 1)
	}
	return math.Ldexp(p, int(k))
}

// normal draws from N(0, 1) by Marsaglia's polar method.
func normal(rng *rand.Rand) float64 {
	for {
		u, v := 2*rng.Float64()-1, 2*rng.Float64()-1
		q := float64(u*u) + float64(v*v)
		if q > 0 && q < 1 {
			return u * math.Sqrt(-2*ln(q)/q)
		}
	}
}
