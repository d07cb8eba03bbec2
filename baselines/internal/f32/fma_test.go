package f32

import (
	"math"
	"math/big"
	"testing"
)

// bigFMA returns a*b + c in exact arithmetic, rounded once by math/big.
func bigFMA(a, b, c float32) float32 {
	simple := float64(a)*float64(b) + float64(c)
	if math.IsNaN(simple) || math.IsInf(simple, 0) {
		return float32(simple) // float64 cannot overflow here, so an operand is NaN or infinite
	}
	var x, y big.Float
	x.SetPrec(1000).Mul(new(big.Float).SetPrec(100).SetFloat64(float64(a)), y.SetFloat64(float64(b)))
	x.Add(&x, new(big.Float).SetFloat64(float64(c)))
	if x.Sign() == 0 {
		return float32(simple) // exact; the sign of zero follows IEEE 754's rule for sums
	}
	f, _ := x.Float32()
	return f
}

func checkFMA(t *testing.T, a, b, c float32) {
	t.Helper()
	want := bigFMA(a, b, c)
	if got := fma32(a, b, c); !same(got, want) {
		t.Fatalf("fma32(%x, %x, %x) = %x, want %x", a, b, c, got, want)
	}
	if got := fmaOdd(a, b, c); !same(got, want) {
		t.Fatalf("fmaOdd(%x, %x, %x) = %x, want %x", a, b, c, got, want)
	}
	// The machine's instruction, by a product of 1 x 1 matrices.
	for _, k := range available {
		s := []float32{c}
		k.gemm(new(Workspace), true, 1, 1, 1, []float32{a}, 1, 1, []float32{b}, 1, 1, s, 1)
		if !same(s[0], want) {
			t.Fatalf("%s: fma(%x, %x, %x) = %x, want %x", k.name, a, b, c, s[0], want)
		}
	}
}

func TestFMAEdges(t *testing.T) {
	for _, a := range edges {
		for _, b := range edges {
			for _, c := range edges {
				checkFMA(t, a, b, c)
			}
		}
	}
}

func TestFMARandom(t *testing.T) {
	r := random(1)
	for range 100_000 {
		a, b := math.Float32frombits(r.Uint32()), math.Float32frombits(r.Uint32())
		checkFMA(t, a, b, math.Float32frombits(r.Uint32()))
		// c close to the product, and with the last bits of the product just below those of c
		p := math.Float32bits(a * b)
		checkFMA(t, a, b, math.Float32frombits(p^signBit+r.Uint32N(5)-2))
		checkFMA(t, a, b, math.Float32frombits(p+(r.Uint32N(60)-30)<<23))
		checkFMA(t, a, b, math.Float32frombits(r.Uint32N(1<<24)|p&signBit))
	}
}

// TestFMATies: c plus half of c's last place, exactly and with a remainder that float64 rounds
// away, so that the float64 sum is a tie and the exact one is not.
func TestFMATies(t *testing.T) {
	r := random(2)
	wrong := 0
	for range 20_000 {
		c := math.Float32frombits(r.Uint32N(0x7f800000)) // any positive finite number
		switch r.IntN(8) {
		case 0:
			c = math.Float32frombits(r.Uint32N(1 << 23)) // subnormal
		case 1:
			c = math.Float32frombits(1<<23 + r.Uint32N(3) - 1) // next to the smallest normal
		case 2:
			c = math.MaxFloat32 // half a place more rounds to infinity
		case 3:
			c = math.Float32frombits(math.Float32bits(c) &^ (1<<23 - 1)) // a power of two
		}
		place := math.Ilogb(float64(c)) - 23
		if c < minNormal {
			place = -149
		}
		// The half place is the product of 2^x and 2^y, each times a factor.
		x := -100
		if place > 0 {
			x = 60
		}
		y := place - 1 - x
		if y < -126 || y > 127 {
			x, y = place-1-place/2, place/2
		}
		for _, f := range [][2]float32{
			{1, 1},
			{1 + 0x1p-23, 1 - 0x1p-23}, // 1 - 2^-46
			{1 + 0x1p-22, 1 - 0x1p-22},
			{1 + 0x1p-23, 1 - 0x1p-24},
			{1 + 0x1p-13, 1 - 0x1p-13},
			{1.5, 2}, // one and a half places
		} {
			a, b := float32(math.Ldexp(float64(f[0]), x)), float32(math.Ldexp(float64(f[1]), y))
			for _, sa := range []float32{a, -a} {
				for _, sc := range []float32{c, -c} {
					checkFMA(t, sa, b, sc)
					if float32(float64(sa)*float64(b)+float64(sc)) != bigFMA(sa, b, sc) {
						wrong++
					}
				}
			}
		}
	}
	if wrong < 10_000 {
		t.Errorf("only %d cases in which rounding twice is wrong: the test is too easy", wrong)
	}
}

func FuzzFMA(f *testing.F) {
	f.Add(uint32(0x3f800001), uint32(0x3f7fffff), uint32(0x4b800001))
	f.Add(uint32(1), uint32(0x3f000000), uint32(0x80000001))
	f.Fuzz(func(t *testing.T, a, b, c uint32) {
		checkFMA(t, math.Float32frombits(a), math.Float32frombits(b), math.Float32frombits(c))
	})
}

func TestSqrt(t *testing.T) {
	r := random(3)
	for range 100_000 {
		x := math.Float32frombits(r.Uint32N(0x7f800000))
		want, _ := new(big.Float).SetPrec(200).Sqrt(new(big.Float).SetPrec(200).SetFloat64(float64(x))).Float32()
		if got := sqrt32(x); got != want {
			t.Fatalf("sqrt32(%x) = %x, want %x", x, got, want)
		}
	}
}
