package f32

// Adam updates the weights w and the moments m and v by the gradient g (Kingma and Ba 2015,
// algorithm 1):
//
//	m = beta1*m + (1-beta1)*g
//	v = beta2*v + (1-beta2)*g*g
//	w = w - step*m/(root*sqrt(v)+eps)
//
// where step is the rate over 1-beta1^t and root is 1/sqrt(1-beta2^t). In detail, element by
// element and every operation rounded to float32, where flush turns magnitudes below 2^-126 into
// +0:
//
//	g = flush(g)
//	q = g*g, but +0 where |g| < 2^-63 (which is flush(g*g), without ever computing a subnormal)
//	m = flush(beta1*m + (1-beta1)*g)
//	v = flush(beta2*v + (1-beta2)*q)
//	w = w - step*(m/(root*sqrt(v)+eps))
//
// 1-beta1 and 1-beta2 are rounded once. g is not changed. There is one implementation for all
// kernels.
func Adam(w, m, v, g []float32, step, beta1, beta2, root, eps float32) {
	checkLen("Adam", "m", len(m), len(w))
	checkLen("Adam", "v", len(v), len(w))
	checkLen("Adam", "g", len(g), len(w))
	rest1, rest2 := 1-beta1, 1-beta2
	for i, x := range g {
		x = flush1(x)
		var q float32
		if !(x < minFactor && x > -minFactor) {
			q = x * x
		}
		m1 := flush1(float32(beta1*m[i]) + float32(rest1*x))
		v1 := flush1(float32(beta2*v[i]) + float32(rest2*q))
		m[i], v[i] = m1, v1
		w[i] -= float32(step * float32(m1/(float32(root*sqrt32(v1))+eps)))
	}
}
