package f32

import "math"

// The polynomials are those of the Cephes library (Moshier 1992, single precision: expf, logf,
// tanhf, sinf, cosf), evaluated by Horner's rule with one fused multiply-add per step.
const (
	log2e = 0x1.715476p+0  // 1/ln 2
	ln2Hi = 0x1.62e43p-1   // ln 2 to 24 bits
	ln2Lo = -0x1.05c61p-29 // ln 2 - ln2Hi

	// expBound: exp of a greater number overflows, of one below -expBound underflows. The bound
	// keeps the exponents below in range.
	expBound = 89
	// roundMagic added to a float32 of magnitude below 2^22 rounds it to an integer (ties to even),
	// which is then in the low bits.
	roundMagic = 0x1.8p+23

	sqrtHalfBits = 0x3f3504f3 // the bits of sqrt(1/2)
)

var (
	// exp(r) = 1 + r + r*r*P(r) for |r| <= ln(2)/2
	expPoly = [6]float32{1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2,
		1.6666665459e-1, 5.0000001201e-1}
	// log(1+f) = f - f*f/2 + f*f*f*P(f) for sqrt(1/2) <= 1+f < sqrt(2)
	logPoly = [9]float32{7.0376836292e-2, -1.1514610310e-1, 1.1676998740e-1, -1.2420140846e-1,
		1.4249322787e-1,
		-1.6668057665e-1, 2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1}
	// tanh(x) = x + x*z*P(z), z = x*x, for |x| < 0.625
	tanhPoly = [5]float32{-5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1,
		-3.33332819422e-1}
)

// Exp sets dst[i] = exp(x[i]), within 1.1 ulp where the result is a normal number, and flushes:
// below about -87.3365 the result is +0. exp(±0) is 1, exp(+Inf) is +Inf, exp(-Inf) is +0,
// exp(NaN) is NaN.
//
// x is clamped to [-89, 89]; n = x/ln(2) rounded to an integer by adding and subtracting 3*2^22
// (one fma, one subtraction); r = fma(n, -ln2Lo, fma(n, -ln2Hi, x)); the mantissa is fma(P(r),
// r*r, r) + 1. It is multiplied by 2^floor(n/2) and by 2^(n-floor(n/2)).
func Exp(dst, x []float32) {
	checkLen("Exp", "x", len(x), len(dst))
	active.exp(dst, x)
}

// Exp1 is Exp of one number, with the same bits.
func Exp1(x float32) float32 { return exp1(x) }

func expGeneric(dst, x []float32) {
	for i, v := range x {
		dst[i] = exp1(v)
	}
}

func exp1(x float32) float32 {
	if x > expBound {
		x = expBound
	}
	if x < -expBound {
		x = -expBound
	}
	t := fma32(x, log2e, roundMagic)
	n := t - roundMagic
	r := fma32(n, -ln2Hi, x)
	r = fma32(n, -ln2Lo, r)
	p := horner(expPoly[:], r)
	p = fma32(p, r*r, r) + 1
	k := int32(math.Float32bits(t) - math.Float32bits(roundMagic)) // arbitrary for NaN; p is NaN
	return flush1(float32(p*pow2(k>>1)) * pow2(k-k>>1))
}

// pow2 returns 2^k for -126 <= k <= 127, and otherwise the number with the resulting bits.
func pow2(k int32) float32 { return math.Float32frombits(uint32(k+127) << 23) }

func horner(c []float32, x float32) float32 {
	p := c[0]
	for _, v := range c[1:] {
		p = fma32(p, x, v)
	}
	return p
}

// Log sets dst[i] to the natural logarithm of x[i], within 1 ulp, including subnormal x. log(±0) is
// -Inf, log(+Inf) is +Inf, log(NaN) and the logarithm of a negative number are NaN.
//
// A subnormal x is multiplied by 2^23 first. x = 2^e * (1+f) with sqrt(1/2) <= 1+f < sqrt(2); with
// z = f*f and P as above, y = fma(e, ln2Lo, (f*z)*P(f)); y = fma(-0.5, z, y); the result is fma(e,
// ln2Hi, f + y).
func Log(dst, x []float32) {
	checkLen("Log", "x", len(x), len(dst))
	active.log(dst, x)
}

// Log1 is Log of one number, with the same bits.
func Log1(x float32) float32 { return log1(x) }

func logGeneric(dst, x []float32) {
	for i, v := range x {
		dst[i] = log1(v)
	}
}

func log1(x float32) float32 {
	switch {
	case x < 0:
		return float32(math.NaN())
	case x == 0:
		return float32(math.Inf(-1))
	case !(x <= math.MaxFloat32): // +Inf, NaN
		return x
	case x < minNormal:
		return logNormal(x*0x1p23, -23)
	}
	return logNormal(x, 0)
}

// logNormal returns the logarithm of 2^e0 * x for a positive normal x.
func logNormal(x, e0 float32) float32 {
	u := math.Float32bits(x) - sqrtHalfBits
	e := float32(int32(u)>>23) + e0
	f := math.Float32frombits(u&(1<<23-1)+sqrtHalfBits) - 1
	z := f * f
	y := float32(f*z) * horner(logPoly[:], f)
	y = fma32(e, ln2Lo, y)
	y = fma32(-0.5, z, y)
	return fma32(e, ln2Hi, f+y)
}

// Log1p returns log(1+x), within 3 ulp: log1(u) * (x/(u-1)) with u = 1+x, or x if u is 1
// (Kahan).
func Log1p(x float32) float32 {
	u := 1 + x
	switch {
	case u == 1:
		return x
	case !(u <= math.MaxFloat32) || u <= 0:
		return log1(u)
	}
	return log1(u) * float32(x/float32(u-1))
}

func tanh1(x float32) float32 {
	a := math.Float32frombits(math.Float32bits(x) &^ signBit)
	var y float32
	if a < 0.625 {
		z := a * a
		y = fma32(a*z, horner(tanhPoly[:], z), a)
	} else {
		y = 1 - float32(2/float32(exp1(2*a)+1))
	}
	y = math.Float32frombits(math.Float32bits(y) | math.Float32bits(x)&signBit)
	return factor1(y)
}
