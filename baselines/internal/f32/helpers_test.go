package f32

import (
	"math"
	"math/rand/v2"
	"testing"
)

// eachKernel runs the test for every kernel of this machine except the portable one, the reference
// for the others.
func eachKernel(t *testing.T, test func(t *testing.T, k *kernel)) {
	t.Helper()
	if len(available) == 1 {
		t.Skip("this machine has no kernel but the portable one: nothing to compare")
	}
	for _, k := range available[:len(available)-1] {
		t.Run(k.name, func(t *testing.T) { test(t, k) })
	}
}

func random(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0xf32)) }

// same reports whether two results agree: the same bits, or both NaN.
func same(a, b float32) bool {
	return math.Float32bits(a) == math.Float32bits(b) || a != a && b != b
}

func compare(t *testing.T, got, want []float32, format string, args ...any) {
	t.Helper()
	for i := range want {
		if !same(got[i], want[i]) {
			t.Errorf(format+": element %d is %g (%#08x), want %g (%#08x)",
				append(args, i, got[i], math.Float32bits(got[i]), want[i], math.Float32bits(want[i]))...)
			return
		}
	}
}

// edges are edge cases of float32 and of the functions here.
var edges = func() []float32 {
	inf := float32(math.Inf(1))
	e := []float32{0, 1, 0.5, 2, 0.625, 88.722839, 88.72284, 87.33654, 87.33655, 89, 104, 0x1p-63, 0x1.fffffep-64,
		minNormal, 0x1.fffffcp-127, 0x1p-149, minFactor, 0x1.fffffep-1, 0x1.000002p0, 0x1p23, 0x1p-12, 0x1p24, 0x1p31,
		math.MaxFloat32, inf, float32(math.NaN()), math.Float32frombits(sqrtHalfBits), math.Float32frombits(sqrtHalfBits - 1)}
	for _, v := range e[:len(e):len(e)] {
		e = append(e, -v)
	}
	return e
}()

// Kinds of numbers that operands are filled with.
const (
	ordinary = iota // normal, mean 0
	small           // many zeros of both signs, subnormal numbers and squares that underflow
	wild            // arbitrary bits
	edgy            // ordinary, one in four an edge: infinities, NaN and the rest
	kinds
)

func fill(r *rand.Rand, x []float32, kind int) {
	for i := range x {
		switch v := float32(r.NormFloat64()); kind {
		case small:
			x[i] = v * float32(math.Ldexp(1, -r.IntN(150)))
			if r.IntN(4) == 0 {
				x[i] *= 0
			}
		case wild:
			x[i] = fromBits(r.Uint32())
		case edgy:
			x[i] = v
			if r.IntN(4) == 0 {
				x[i] = edges[r.IntN(len(edges))]
			}
		default:
			x[i] = v
		}
	}
}

const canary = 0x7fa5a5a5 // a NaN that no function here computes

// A guarded slice is at any offset between canaries.
type guarded struct {
	x      []float32
	whole  []float32
	offset int
}

func newGuarded(n, offset int) guarded {
	const margin = 32
	whole := make([]float32, margin+offset+n+margin)
	for i := range whole {
		whole[i] = math.Float32frombits(canary)
	}
	at := margin + offset
	return guarded{whole[at : at+n : at+n], whole, at}
}

// guard copies x to the given offset between canaries.
func guard(x []float32, offset int) guarded {
	g := newGuarded(len(x), offset)
	copy(g.x, x)
	return g
}

func (g guarded) check(t *testing.T, format string, args ...any) {
	t.Helper()
	for i, v := range g.whole {
		if (i < g.offset || i >= g.offset+len(g.x)) && math.Float32bits(v) != canary {
			t.Errorf(format+": wrote element %d of a slice of %d", append(args, i-g.offset, len(g.x))...)
			return
		}
	}
}

func fromBits(u uint32) float32 { return math.Float32frombits(u) }
