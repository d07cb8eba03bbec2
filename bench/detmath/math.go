// Package detmath has elementary functions that give the same bits on every architecture, by exact
// steps and fused multiply-adds in a fixed order; the standard library's differ by processor.
package detmath

import (
	"math"
	"math/rand/v2"
)

const (
	ln2Hi = 6.93147180369123816490e-01 // the upper 32 bits of ln 2, so that k*ln2Hi is exact
	ln2Lo = 1.90821492927058770002e-10
)

// Ln returns the natural logarithm of a positive finite x, within 2 ulp: x = 2^k f with f in
// [sqrt(1/2), sqrt 2), and ln f = 2 artanh(s), s = (f-1)/(f+1), by its series: |s| < 0.172, so the
// twelfth term is the first below 2^-53.
func Ln(x float64) float64 {
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

// Exp2 returns 2^x for |x| < 1000, within 2 ulp: an exact power of two times the exponential's
// series.
func Exp2(x float64) float64 {
	k := math.Floor(x + 0.5)
	r := float64((x - k) * math.Ln2) // |r| < 0.347: r^15/15! is below 2^-60
	p := 1.0
	for i := 15; i >= 1; i-- {
		p = math.FMA(p, r/float64(i), 1)
	}
	return math.Ldexp(p, int(k))
}

const (
	perOctave = 64
	// adding magic to a number of small magnitude rounds it to an integer, which is then in the
	// lower bits.
	magic   = 3 << 51
	stepsIn = perOctave / math.Ln2
	stepHi  = ln2Hi / perOctave // exact, as are its products with integers up to 2^16
	stepLo  = ln2Lo / perOctave
)

// powers[i] is 2^(i/64).
var powers = func() (p [perOctave]float64) {
	for i := range p {
		p[i] = Exp2(float64(i) / perOctave)
	}
	return p
}()

// Exp returns e^x, within 2 ulp if that is a normal number: a power of two, times 2^(i/64) from
// powers, times the exponential's series for the remainder, |r| < 0.0055, whose seventh term is
// below 2^-61. It is the fastest function here.
func Exp(x float64) float64 {
	if !(x > -708 && x < 709) {
		return expFar(x)
	}
	k := float64(x*stepsIn) + magic
	n := int64(math.Float64bits(k)) // the lower bits hold the integer
	k -= magic
	r := x - float64(k*stepHi)
	r -= float64(k * stepLo)
	p := float64(r*(1.0/720)) + 1.0/120
	p = float64(p*r) + 1.0/24
	p = float64(p*r) + 1.0/6
	p = float64(p*r) + 0.5
	p = float64(float64(p*r)*r) + r
	t := powers[n&(perOctave-1)]
	return math.Float64frombits(math.Float64bits(float64(t*p)+t) + uint64(n>>6)<<52)
}

// expFar is Exp for results that are not normal numbers, or nearly so.
func expFar(x float64) float64 {
	switch {
	case x != x:
		return x
	case x >= 710:
		return math.Inf(1)
	case x <= -746:
		return 0
	}
	h := Exp(x / 4)
	return float64(float64(h*h)*h) * h // four factors, all within Exp's fast range
}

// Normal draws from N(0, 1) by Marsaglia's polar method.
func Normal(rng *rand.Rand) float64 {
	for {
		u, v := 2*rng.Float64()-1, 2*rng.Float64()-1
		q := float64(u*u) + float64(v*v)
		if q > 0 && q < 1 {
			return u * math.Sqrt(-2*Ln(q)/q)
		}
	}
}
