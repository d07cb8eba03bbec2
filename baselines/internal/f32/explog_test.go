package f32

import (
	"math"
	"testing"
)

// ulps returns the distance from got to the true value in units in the last place of a float32. A
// result flushed to 0 is correct if and only if the true one is below floor, up to a unit in the
// last place.
func ulps(got float32, want, floor float64) float64 {
	switch {
	case math.Abs(want) < floor*(1-0x1p-22) && got != 0:
		return math.Inf(1)
	case got == 0 && math.Abs(want) < floor*(1+0x1p-22):
		return 0
	case math.Abs(want) > math.MaxFloat32:
		want = math.Copysign(math.Ldexp(1, 128), want) // infinity, or one unit less
		if math.IsInf(float64(got), 0) && math.Signbit(want) == math.Signbit(float64(got)) {
			return 0
		}
	}
	return math.Abs(float64(got)-want) / math.Ldexp(1, max(math.Ilogb(want), -126)-23)
}

// TestAccuracy samples the float32 numbers of both signs in steps of a prime, and compares with
// package math in float64.
func TestAccuracy(t *testing.T) {
	sigmoid := func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
	log1p := func(x []float32) {
		for i, v := range x {
			x[i] = Log1p(v)
		}
	}
	for _, f := range []struct {
		name  string
		f     func(x []float32)
		truth func(float64) float64
		bound float64 // as documented
		neg   bool
		step  uint32
		floor float64
	}{
		{"Exp", func(x []float32) { Exp(x, x) }, math.Exp, 1.1, true, 1009, minNormal},
		{"Log", func(x []float32) { Log(x, x) }, math.Log, 1, false, 509, 0},
		{"Log1p", log1p, math.Log1p, 3, true, 4999, 0},
		{"Sigmoid", Sigmoid, sigmoid, 3, true, 1009, minFactor},
		{"Tanh", Tanh, math.Tanh, 2, true, 1009, minFactor},
	} {
		worst, at := 0.0, float32(0)
		x, y := make([]float32, 0, 1000), make([]float32, 1000)
		flush := func() {
			y = y[:len(x)]
			copy(y, x)
			f.f(y)
			for i, v := range x {
				if e := ulps(y[i], f.truth(float64(v)), f.floor); !(e <= worst) {
					worst, at = e, v
				}
			}
			x = x[:0]
		}
		for u := uint32(1); u < 0x7f800000; u += f.step {
			v := fromBits(u)
			x = append(x, v)
			if f.neg && !(f.name == "Log1p" && v >= 1) {
				x = append(x, -v)
			}
			if len(x) > 900 {
				flush()
			}
		}
		flush()
		t.Logf("%s: at most %.3f ulp, at %x", f.name, worst, at)
		if !(worst <= f.bound) {
			t.Errorf("%s(%x) is off by %g ulp, documented %g", f.name, at, worst, f.bound)
		}
	}
}

func TestSpecialValues(t *testing.T) {
	inf, nan := float32(math.Inf(1)), float32(math.NaN())
	negZero := fromBits(signBit)
	const tiny, below = 0x1p-149, 0x1.fffffep-64
	inPlace := func(f func(x []float32)) func(float32) float32 {
		return func(v float32) float32 {
			x := []float32{v}
			f(x)
			return x[0]
		}
	}
	exp := inPlace(func(x []float32) { Exp(x, x) })
	log := inPlace(func(x []float32) { Log(x, x) })
	relu, sigmoid, tanh, flush := inPlace(ReLU), inPlace(Sigmoid), inPlace(Tanh), inPlace(Flush)
	reluBack := func(dy, y float32) float32 { return inPlace(func(x []float32) { ReLUBack(x, []float32{y}) })(dy) }

	for _, name := range Kernels() {
		t.Run(name, func(t *testing.T) {
			before := Kernel()
			defer Use(before)
			if err := Use(name); err != nil {
				t.Fatal(err)
			}
			for _, c := range []struct {
				what      string
				got, want float32
			}{
				{"exp(0)", exp(0), 1}, {"exp(-0)", exp(negZero), 1}, {"exp(tiny)", exp(tiny), 1},
				{"exp(inf)", exp(inf), inf}, {"exp(-inf)", exp(-inf), 0}, {"exp(NaN)", exp(nan), nan},
				{"exp(88.72284)", exp(88.72284), inf}, {"exp(200)", exp(200), inf}, {"exp(-87.4)", exp(-87.4), 0}, {"exp(-200)", exp(-200), 0},
				{"log(1)", log(1), 0}, {"log(0)", log(0), -inf}, {"log(-0)", log(negZero), -inf},
				{"log(inf)", log(inf), inf}, {"log(-inf)", log(-inf), nan}, {"log(NaN)", log(nan), nan},
				{"log(-1)", log(-1), nan}, {"log(-tiny)", log(-tiny), nan}, {"log(tiny)", log(tiny), -103.27893},
				{"Exp1(NaN)", Exp1(nan), nan}, {"Log1(-1)", Log1(-1), nan}, {"Log1(0)", Log1(0), -inf},
				{"Log1p(-1)", Log1p(-1), -inf}, {"Log1p(-2)", Log1p(-2), nan}, {"Log1p(inf)", Log1p(inf), inf},
				{"Log1p(NaN)", Log1p(nan), nan}, {"Log1p(-0)", Log1p(negZero), negZero}, {"Log1p(tiny)", Log1p(tiny), tiny},
				{"sigmoid(0)", sigmoid(0), 0.5}, {"sigmoid(inf)", sigmoid(inf), 1}, {"sigmoid(-inf)", sigmoid(-inf), 0},
				{"sigmoid(-88)", sigmoid(-88), 0}, {"sigmoid(NaN)", sigmoid(nan), nan},
				{"tanh(0)", tanh(0), 0}, {"tanh(-0)", tanh(negZero), 0}, {"tanh(less)", tanh(below), 0}, {"tanh(2^-63)", tanh(minFactor), minFactor},
				{"tanh(inf)", tanh(inf), 1}, {"tanh(-inf)", tanh(-inf), -1}, {"tanh(NaN)", tanh(nan), nan}, {"tanh(20)", tanh(20), 1},
				{"relu(2)", relu(2), 2}, {"relu(-2)", relu(-2), 0}, {"relu(-0)", relu(negZero), 0}, {"relu(inf)", relu(inf), inf},
				{"relu(-inf)", relu(-inf), 0}, {"relu(NaN)", relu(nan), nan}, {"relu(2^-63)", relu(minFactor), minFactor},
				{"relu(less)", relu(below), 0},
				{"flush(2^-63)", flush(minFactor), minFactor}, {"flush(-2^-63)", flush(-minFactor), -minFactor},
				{"flush(less)", flush(below), 0}, {"flush(-less)", flush(-below), 0},
				{"flush(-0)", flush(negZero), 0}, {"flush(NaN)", flush(nan), nan}, {"flush(-inf)", flush(-inf), -inf},
				{"reluBack(3, 1)", reluBack(3, 1), 3}, {"reluBack(3, 0)", reluBack(3, 0), 0}, {"reluBack(3, -1)", reluBack(3, -1), 0},
				{"reluBack(tiny, 1)", reluBack(tiny, 1), 0}, {"reluBack(NaN, 1)", reluBack(nan, 1), nan}, {"reluBack(3, NaN)", reluBack(3, nan), 0},
				{"reluBack(NaN, 0)", reluBack(nan, 0), 0},
			} {
				if !same(c.got, c.want) {
					t.Errorf("%s = %g (%#08x), want %g", c.what, c.got, math.Float32bits(c.got), c.want)
				}
			}
		})
	}
}

// TestScalars: Exp1 and Log1 equal Exp and Log.
func TestScalars(t *testing.T) {
	r := random(4)
	x, e, l := make([]float32, 10_000), make([]float32, 10_000), make([]float32, 10_000)
	fill(r, x, wild)
	fill(r, x[:1000], edgy)
	Exp(e, x)
	Log(l, x)
	for i, v := range x {
		if !same(e[i], Exp1(v)) || !same(l[i], Log1(v)) {
			t.Fatalf("at %x: Exp %x, Exp1 %x, Log %x, Log1 %x", v, e[i], Exp1(v), l[i], Log1(v))
		}
	}
}

// TestBackward compares the derivatives with central differences of the float64 functions.
func TestBackward(t *testing.T) {
	const h = 1e-5
	for _, f := range []struct {
		name    string
		forward func(x []float32)
		back    func(dy, y []float32)
		truth   func(float64) float64
	}{
		{"Sigmoid", Sigmoid, SigmoidBack, func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }},
		{"Tanh", Tanh, TanhBack, math.Tanh},
	} {
		for x := -3.0; x <= 3; x += 0.0625 {
			y, dy := []float32{float32(x)}, []float32{2}
			f.forward(y)
			f.back(dy, y)
			want := 2 * (f.truth(x+h) - f.truth(x-h)) / (2 * h)
			// The difference is accurate to h^2; 1-y to a unit of y, 6e-8, where y is near 1.
			if math.Abs(float64(dy[0])-want) > 5e-7 {
				t.Errorf("%sBack at %g: %g, want %g", f.name, x, dy[0], want)
			}
		}
	}
}
