package f32

// Softplus sets y[i] = log(1 + exp(x[i])) and slope[i] to its derivative, Sigmoid's
// 1/(1+exp(-x[i])), and flushes both. y is within 3 ulp; a NaN stays NaN, -Inf gives +0, +Inf gives
// +Inf. The three must not overlap; x is not changed.
//
// With t = Exp(-|x|) and u = 1+t, y = max(x, 0) + Log1p(t), where Log1p(t) is log(u) * (t/(u-1)),
// or t if u is 1 (Kahan). Every operation is rounded. Exp, Log and Sigmoid are those of the kernel
// in use and the rest is plain Go, so all kernels give the same bits.
func Softplus(y, slope, x []float32) {
	checkLen("Softplus", "slope", len(slope), len(y))
	checkLen("Softplus", "x", len(x), len(y))
	for i, v := range x {
		if v > 0 {
			v = -v
		}
		y[i] = v
	}
	active.exp(y, y)
	for i, t := range y {
		slope[i] = 1 + t
	}
	active.log(slope, slope)
	for i, t := range y {
		u := 1 + t
		if u != 1 {
			t = float32(slope[i] * float32(t/float32(u-1)))
		}
		if v := x[i]; !(v <= 0) {
			t += v
		}
		y[i] = factor1(t)
	}
	copy(slope, x)
	active.sigmoid(slope)
}
