package f32

// ReLU sets x[i] to +0 if x[i] < 2^-63, so that negative, zero and tiny values become +0, and
// otherwise does not change it; a NaN stays NaN.
func ReLU(x []float32) { active.relu(x) }

func reluGeneric(x []float32) {
	for i, v := range x {
		if v < minFactor {
			x[i] = 0
		}
	}
}

// ReLUBack turns dy, the derivative with respect to ReLU's output y, into that with respect to its
// input: dy[i], flushed, where y[i] > 0, and +0 elsewhere (also where y[i] is NaN).
func ReLUBack(dy, y []float32) {
	checkLen("ReLUBack", "y", len(y), len(dy))
	active.reluBack(dy, y)
}

func reluBackGeneric(dy, y []float32) {
	for i, v := range y {
		if v > 0 {
			dy[i] = factor1(dy[i])
		} else {
			dy[i] = 0
		}
	}
}

// Sigmoid sets x[i] = 1 / (1 + exp(-x[i])), with Exp's exp and every operation rounded, and
// flushes. It is within 3 ulp; a NaN stays NaN, -Inf gives +0, +Inf gives 1.
func Sigmoid(x []float32) { active.sigmoid(x) }

func sigmoidGeneric(x []float32) {
	for i, v := range x {
		x[i] = sigmoid1(v)
	}
}

func sigmoid1(x float32) float32 { return factor1(1 / (1 + exp1(-x))) }

// SigmoidBack sets dy[i] = dy[i] * (y[i] * (1 - y[i])), every operation rounded, and flushes; y
// is Sigmoid's output.
func SigmoidBack(dy, y []float32) {
	checkLen("SigmoidBack", "y", len(y), len(dy))
	active.sigmoidBack(dy, y)
}

func sigmoidBackGeneric(dy, y []float32) {
	for i, v := range y {
		dy[i] = factor1(dy[i] * float32(v*float32(1-v)))
	}
}

// Tanh replaces x[i] by its hyperbolic tangent and flushes. It is within 2 ulp; a NaN stays NaN,
// infinities give -1 and 1.
//
// With a = |x|: below 0.625 the result is fma(a*z, P(z), a), z = a*a, P of degree 4 by Horner's
// rule with fused multiply-adds; above, 1 - 2/(exp(2a) + 1), every operation rounded. The result
// takes the sign of x.
func Tanh(x []float32) { active.tanh(x) }

func tanhGeneric(x []float32) {
	for i, v := range x {
		x[i] = tanh1(v)
	}
}

// TanhBack sets dy[i] = dy[i] * (1 - y[i]*y[i]), every operation rounded, and flushes; y is
// Tanh's output.
func TanhBack(dy, y []float32) {
	checkLen("TanhBack", "y", len(y), len(dy))
	active.tanhBack(dy, y)
}

func tanhBackGeneric(dy, y []float32) {
	for i, v := range y {
		dy[i] = factor1(dy[i] * float32(1-float32(v*v)))
	}
}
