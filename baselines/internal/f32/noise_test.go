package f32

import (
	"fmt"
	"hash/fnv"
	"math"
	"slices"
	"testing"
)

// TestPhilox: known answers of the Random123 library (kat_vectors, philox4x32 10).
func TestPhilox(t *testing.T) {
	const ones = 0xffffffff
	for _, c := range []struct {
		counter [4]uint32
		key     [2]uint32
		want    [4]uint32
	}{
		{[4]uint32{}, [2]uint32{}, [4]uint32{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
		{[4]uint32{ones, ones, ones, ones}, [2]uint32{ones, ones}, [4]uint32{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
		{[4]uint32{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, [2]uint32{0xa4093822, 0x299f31d0},
			[4]uint32{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
	} {
		if got := philox(c.counter, c.key[0], c.key[1]); got != c.want {
			t.Errorf("philox(%x, %x) = %x, want %x", c.counter, c.key, got, c.want)
		}
	}
}

// TestNoiseWords: each element uses the documented word; Uniform exposes its bits.
func TestNoiseWords(t *testing.T) {
	underEach(t, func(t *testing.T) {
		key := [2]uint64{0x0123456789abcdef, 0xfedcba9876543210}
		for _, start := range []uint64{0, 5, 63, 64, 1<<32*4 - 64, 1<<34 - 70, 1<<63 + 11, math.MaxUint64 - 299} {
			u := make([]float32, 300)
			Uniform(u, key, start)
			for i, v := range u {
				e := start + uint64(i)
				b := 16*(e/64) + e%16
				w := philox([4]uint32{uint32(b), uint32(b >> 32), 0x76543210, 0xfedcba98}, 0x89abcdef, 0x01234567)
				if want := float32(float64(w[e/16%4]>>8) / (1 << 24)); v != want {
					t.Fatalf("element %d: %x, want %x", e, v, want)
				}
			}
		}
	})
}

// TestNormalAgainstFloat64 applies the Box-Muller method with package math to the same words.
func TestNormalAgainstFloat64(t *testing.T) {
	underEach(t, func(t *testing.T) {
		key := [2]uint64{7, 9}
		x := make([]float32, 64*2000)
		Normal(x, key, 0)
		for e, v := range x {
			w := block(key, uint64(16*(e/64)+e%16))
			word := e / 16 % 4
			r := math.Sqrt(-2 * math.Log((float64(w[word&2]>>1)+0.5)/(1<<31)))
			sin, cos := math.Sincos(2 * math.Pi * float64(int32(w[word&2+1])) / (1 << 32))
			want := r * cos
			if word&1 == 1 {
				want = r * sin
			}
			// Where x is near 1, the precision of x, 2^-24, makes r coarse.
			if bound := 2e-6 + 0x1p-24/r; !(math.Abs(float64(v)-want) <= bound) {
				t.Fatalf("element %d is %g, want %g +- %g", e, v, want, bound)
			}
		}
	})
}

// TestNoiseStartsAnywhere: a part of a sequence is the same wherever a call starts.
func TestNoiseStartsAnywhere(t *testing.T) {
	underEach(t, func(t *testing.T) {
		key := [2]uint64{1, 2}
		for name, f := range map[string]func(x []float32, counter uint64){
			"Uniform": func(x []float32, counter uint64) { Uniform(x, key, counter) },
			"Normal":  func(x []float32, counter uint64) { Normal(x, key, counter) },
			"AddNormal": func(x []float32, counter uint64) {
				for i := range x {
					x[i] = 3
				}
				AddNormal(x, x, 0.25, key, counter)
			},
		} {
			whole := make([]float32, 1000)
			f(whole, 1000)
			for start := 0; start < 200; start++ {
				n := start * 7 % 300
				x := make([]float32, n)
				f(x, uint64(1000+start))
				compare(t, x, whole[start:start+n], "%s from %d", name, start)
			}
		}
	})
}

func digest(x []float32) string {
	h := fnv.New64a()
	for _, v := range x {
		u := math.Float32bits(v)
		h.Write([]byte{byte(u), byte(u >> 8), byte(u >> 16), byte(u >> 24)})
	}
	return fmt.Sprintf("%016x", h.Sum64())
}

// TestNoiseGolden: these must never change, or stored results could not be reproduced.
func TestNoiseGolden(t *testing.T) {
	underEach(t, func(t *testing.T) {
		x := make([]float32, 10_000)
		first := func() string { return fmt.Sprintf("%x", x[:4]) }
		Normal(x, [2]uint64{1, 2}, 3)
		if got, want := first(), goldenNormal; got != want {
			t.Errorf("Normal begins %s, want %s", got, want)
		}
		if got, want := digest(x), goldenNormalDigest; got != want {
			t.Errorf("Normal's digest is %s, want %s", got, want)
		}
		AddNormal(x, x, 0.1, [2]uint64{3, 4}, 1<<40+1)
		if got, want := digest(x), goldenAddNormalDigest; got != want {
			t.Errorf("AddNormal's digest is %s, want %s", got, want)
		}
		Uniform(x, [2]uint64{1, 2}, 3)
		if got, want := first(), goldenUniform; got != want {
			t.Errorf("Uniform begins %s, want %s", got, want)
		}
		if got, want := digest(x), goldenUniformDigest; got != want {
			t.Errorf("Uniform's digest is %s, want %s", got, want)
		}
	})
}

const (
	goldenNormal          = "[-0x1.b8ceaap-02 0x1.71aef2p-03 -0x1.6e8974p-01 -0x1.fc0ad8p-01]"
	goldenNormalDigest    = "02c72320db0e9383"
	goldenAddNormalDigest = "6f4844d87ba9e8e6"
	goldenUniform         = "[0x1.bc117ep-01 0x1.af995p-01 0x1.38484cp-02 0x1.1932fep-01]"
	goldenUniformDigest   = "94596d44f225eb84"
)

// The statistical tests use sequences of a million under eight keys, including related ones. Bounds
// are 4.5 standard deviations of the statistic: one test in 150,000 fails by chance, and the tests
// are deterministic.
const (
	drawn  = 1 << 20
	sigmas = 4.5
)

var noiseKeys = [][2]uint64{{0, 0}, {1, 0}, {0, 1}, {2, 0}, {1 << 63, 0}, {math.MaxUint64, math.MaxUint64}, {0x9e3779b97f4a7c15, 0xbf58476d1ce4e5b9}, {12345, 67890}}

func within(t *testing.T, what string, got, want, sd float64) {
	t.Helper()
	if !(math.Abs(got-want) <= sigmas*sd) {
		t.Errorf("%s is %g, want %g +- %g", what, got, want, sd)
	}
}

func TestNormalStatistics(t *testing.T) {
	x := make([]float32, drawn)
	var tails [7]float64
	var pooled []float64
	for i, key := range noiseKeys {
		Normal(x, key, uint64(i)*1000)
		var m [5]float64
		for _, v := range x {
			v := float64(v)
			m[1] += v
			m[2] += v * v
			m[3] += v * v * v
			m[4] += v * v * v * v
			for s := 1; s < len(tails) && math.Abs(v) > float64(s); s++ {
				tails[s]++
			}
		}
		for p := range m {
			m[p] /= drawn
		}
		root := math.Sqrt(drawn)
		// The variances of powers of a normal number: E x^2p - (E x^p)^2.
		within(t, fmt.Sprintf("key %x: mean", key), m[1], 0, 1/root)
		within(t, fmt.Sprintf("key %x: second moment", key), m[2], 1, math.Sqrt(2)/root)
		within(t, fmt.Sprintf("key %x: third moment", key), m[3], 0, math.Sqrt(15)/root)
		within(t, fmt.Sprintf("key %x: fourth moment", key), m[4], 3, math.Sqrt(96)/root)
		// Lags between neighbours, partners (16 apart) and neighbouring groups; also of squares, as
		// partners share a radius.
		for _, lag := range []int{1, 2, 3, 4, 8, 15, 16, 17, 32, 48, 63, 64, 65, 128, 784, 1024} {
			var product, squares, mixed float64
			for j := range drawn - lag {
				a, b := float64(x[j]), float64(x[j+lag])
				product += a * b
				squares += (a*a - 1) * (b*b - 1)
				mixed += a * (b*b - 1)
			}
			within(t, fmt.Sprintf("key %x: correlation at lag %d", key, lag), product/drawn, 0, 1/root)
			within(t, fmt.Sprintf("key %x: correlation of squares at lag %d", key, lag), squares/drawn, 0, 2/root)
			within(t, fmt.Sprintf("key %x: correlation of a number with a square at lag %d", key, lag), mixed/drawn, 0, math.Sqrt(2)/root)
		}
		for j := 0; j < drawn; j += 8 {
			pooled = append(pooled, float64(x[j+i]))
		}
	}
	total := float64(drawn * len(noiseKeys))
	for s := 1; s < len(tails); s++ {
		p := math.Erfc(float64(s) / math.Sqrt2)
		// Small counts are Poisson; one more is allowed.
		within(t, fmt.Sprintf("numbers beyond %d", s), tails[s], p*total, math.Sqrt(p*total)+0.25)
	}
	// Kolmogorov-Smirnov: P(sqrt(n) D > 2.3) = 2 exp(-2 * 2.3^2) = 5e-5.
	slices.Sort(pooled)
	d, n := 0.0, float64(len(pooled))
	for i, v := range pooled {
		f := math.Erfc(-v/math.Sqrt2) / 2
		d = max(d, f-float64(i)/n, float64(i+1)/n-f)
	}
	t.Logf("sqrt(n)*D = %.3f of %d, beyond 5: %g", d*math.Sqrt(n), len(pooled), tails[5])
	if d*math.Sqrt(n) > 2.3 {
		t.Errorf("the distribution differs from the normal: sqrt(n)*D = %g", d*math.Sqrt(n))
	}
}

// TestNormalAngle: the angle of partners is uniform and independent of the radius, by counts in 16
// sectors and 4 radii.
func TestNormalAngle(t *testing.T) {
	x := make([]float32, drawn)
	for _, key := range noiseKeys {
		Normal(x, key, 0)
		var count [4][16]float64
		for e := range x {
			if e/16%2 == 1 {
				continue
			}
			a, b := float64(x[e]), float64(x[e+16])
			// exp(-r^2/2) is uniform
			ring := min(3, int(4*math.Exp(-(a*a+b*b)/2)))
			sector := min(15, int((math.Atan2(b, a)/math.Pi+1)*8))
			count[ring][sector]++
		}
		want, chi := drawn/2.0/64, 0.0
		for _, ring := range count {
			for _, c := range ring {
				chi += (c - want) * (c - want) / want
			}
		}
		within(t, fmt.Sprintf("key %x: chi squared of 63", key), chi, 63, math.Sqrt(2*63))
	}
}

// TestNoiseKeysDiffer: sequences of keys that differ slightly, or from other positions, are
// uncorrelated.
func TestNoiseKeysDiffer(t *testing.T) {
	x, y := make([]float32, drawn), make([]float32, drawn)
	Normal(x, [2]uint64{0, 0}, 0)
	for bit := range 128 {
		key := [2]uint64{}
		key[bit/64] = 1 << (bit % 64)
		Normal(y[:drawn/8], key, 0)
		var product float64
		for i, v := range y[:drawn/8] {
			product += float64(v) * float64(x[i])
		}
		within(t, fmt.Sprintf("correlation with the key of bit %d", bit), product/(drawn/8), 0, 1/math.Sqrt(drawn/8))
	}
	for _, counter := range []uint64{drawn, 1 << 32, 1 << 34, 1 << 36, 1 << 63} {
		Normal(y, [2]uint64{0, 0}, counter)
		var product float64
		for i, v := range y {
			product += float64(v) * float64(x[i])
		}
		within(t, fmt.Sprintf("correlation with the numbers from %d on", counter), product/drawn, 0, 1/math.Sqrt(drawn))
	}
}

func TestUniformStatistics(t *testing.T) {
	x := make([]float32, drawn)
	for _, key := range noiseKeys {
		Uniform(x, key, 0)
		var cells [4096]float64
		var bits [24]float64
		pairs := make([]float64, 64*64)
		for i, v := range x {
			if !(v >= 0 && v < 1) {
				t.Fatalf("key %x: %g outside [0, 1)", key, v)
			}
			u := uint32(v * (1 << 24))
			if float32(u)*0x1p-24 != v {
				t.Fatalf("key %x: %x is not a multiple of 2^-24", key, v)
			}
			cells[u>>12]++
			for b := range bits {
				bits[b] += float64(u >> b & 1)
			}
			if i > 0 {
				pairs[u>>18<<6|uint32(x[i-1]*(1<<24))>>18]++
			}
		}
		chi := func(counts []float64) float64 {
			want, s := drawn/float64(len(counts)), 0.0
			for _, c := range counts {
				s += (c - want) * (c - want) / want
			}
			return s
		}
		within(t, fmt.Sprintf("key %x: chi squared of 4095", key), chi(cells[:]), 4095, math.Sqrt(2*4095))
		within(t, fmt.Sprintf("key %x: chi squared of pairs, 4095", key), chi(pairs), 4095, math.Sqrt(2*4095))
		for b, c := range bits {
			within(t, fmt.Sprintf("key %x: bit %d", key, b), c, drawn/2, math.Sqrt(drawn)/2)
		}
	}
}

func TestNoisePanicsPastTheEnd(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	Normal(make([]float32, 300), [2]uint64{}, math.MaxUint64-298)
}
