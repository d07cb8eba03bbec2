// Package detmath has elementary functions that give the same bits on every architecture: exact
// steps and fused multiply-adds in a fixed order, where the standard library's differ by processor.
package detmath

import (
	"math"
	"math/rand/v2"
)

const (
	ln2Hi = 6.93147180369123816490e-01 // the upper 32 bits of ln 2, so that k*ln2Hi is exact
	ln2Lo = 1.90821492927058770002e-10
)

// Ln is the natural logarithm of a positive finite x, within 2 ulp: x = 2^k f with f in
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

// Exp2 is 2^x for |x| < 1000, within 2 ulp: an exact power of two times the exponential's series.
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
	// magic rounds a number of small size to an integer by being added; the integer is then in the
	// lower bits.
	magic   = 3 << 51
	stepsIn = perOctave / math.Ln2
	stepHi  = ln2Hi / perOctave // exact, as are its products with integers up to 2^16
	stepLo  = ln2Lo / perOctave
)

// powers are 2^(i/64).
var powers = func() (p [perOctave]float64) {
	for i := range p {
		p[i] = Exp2(float64(i) / perOctave)
	}
	return p
}()

// Exp is e^x, within 2 ulp where that is a normal number: a power of two, one of 64 roots of it,
// and the exponential's series for what is left, |r| < 0.0055, whose seventh term is below 2^-61.
// It is the fastest here.
func Exp(x float64) float64 {
	if !(x > -708 && x < 709) {
		return expFar(x)
	}
	k := float64(x*stepsIn) + magic
	n := int64(math.Float64bits(k)) // of k: its lower bits
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

// expFar is Exp where the result is not a normal number, or nearly so.
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
	return float64(float64(h*h)*h) * h // four factors, none of which is far
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
