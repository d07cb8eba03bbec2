package nn

import (
	"math"
	"testing"

	"github.com/uaibench/uaibench/bench"
)

// TestSoftmaxDelta compares the gradient with central differences of the mean cross-entropy,
// computed in float64 from the definition. Step 1e-5 leaves an error near 1e-10; the float32
// gradient is off by about 1e-7.
func TestSoftmaxDelta(t *testing.T) {
	const rows, classes = 5, 4
	n := NewNet([]int{3, classes}, []Activation{Linear}, bench.NewStream(1, "test"))
	p := n.NewPass(8)
	rng := bench.NewStream(2, "test").Rand()
	x := p.Input(rows)
	for i := range x {
		x[i] = float32(4 * (rng.Float64() - 0.5))
	}
	class := []int32{0, 3, 1, 1, 2}
	p.Forward()
	z := doubles(p.Out(0))
	loss := func() float64 {
		total := 0.0
		for i, c := range class {
			sum := 0.0
			for _, v := range z[i*classes : (i+1)*classes] {
				sum += math.Exp(v)
			}
			total += math.Log(sum) - z[i*classes+int(c)]
		}
		return total / rows
	}
	p.SoftmaxDelta(class)
	for i, got := range p.Delta(0) {
		const h = 1e-5
		at := z[i]
		z[i] = at + h
		up := loss()
		z[i] = at - h
		want := (up - loss()) / (2 * h)
		z[i] = at
		if math.Abs(float64(got)-want) > 1e-6 {
			t.Errorf("logit %d: gradient %g, want %g", i, got, want)
		}
	}
}
