package f32

// RMSprop updates the weights w and the mean squares ms by the gradient g, in the form of
// TensorFlow 1.x, epsilon inside the root:
//
//	ms = decay*ms + (1-decay)*g*g
//	w  = w - lr*g/sqrt(ms+eps)
//
// In detail, element by element, where flush turns magnitudes below 2^-126 into +0:
//
//	g  = flush(g)
//	q  = g*g, but +0 where |g| < 2^-63 (which is flush(g*g), without ever computing a subnormal)
//	ms = flush(fma(1-decay, q, decay*ms))
//	w  = fma(-lr, g/sqrt(ms+eps), w)
//
// 1-decay is rounded once. g is not changed.
func RMSprop(w, ms, g []float32, lr, decay, eps float32) {
	checkLen("RMSprop", "ms", len(ms), len(w))
	checkLen("RMSprop", "g", len(g), len(w))
	active.rmsprop(w, ms, g, lr, decay, eps)
}

func rmspropGeneric(w, ms, g []float32, lr, decay, eps float32) {
	rest := 1 - decay
	for i, v := range g {
		v = flush1(v)
		var q float32
		if !(v < minFactor && v > -minFactor) {
			q = v * v
		}
		m := flush1(fma32(rest, q, float32(decay*ms[i])))
		ms[i] = m
		w[i] = fma32(-lr, v/sqrt32(m+eps), w[i])
	}
}
