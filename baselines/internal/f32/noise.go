package f32

import (
	"fmt"
	"math"
	"math/bits"
)

// The generator of noise is Philox4x32-10 (Salmon, Moraes, Dror and Shaw 2011, "Parallel random
// numbers: as easy as 1, 2, 3"): a function of a key and a counter, without state, that passes
// BigCrush. The key is key[0], low word first; the 128-bit counter is (block, key[1]), low words
// first; each block gives four words.
//
// Elements use words in an order that suits vectors of 8 or 16 lanes: elements come in groups of
// 64, made of the 16 blocks 16*(e/64) .. 16*(e/64)+15; element e uses word (e/16) mod 4 of block
// 16*(e/64) + e mod 16. So element e depends only on the key and on e, wherever a slice starts.
// Uniform and Normal consume the same words: give them different keys. The elements of one call
// must not run past 2^64.
const (
	group   = 64
	philoxA = 0xD2511F53
	philoxB = 0xCD9E8D57
	weylA   = 0x9E3779B9
	weylB   = 0xBB67AE85

	halfPi = 0x1.921fb6p+0
)

var (
	// sin(t) = t + t*z*P(z), cos(t) = 1 - z/2 + z*z*P(z), z = t*t, for |t| <= pi/4
	sinPoly = [3]float32{-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1}
	cosPoly = [3]float32{2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2}
)

// philox is the Philox4x32-10 function.
func philox(c [4]uint32, k0, k1 uint32) [4]uint32 {
	for range 10 {
		h0, l0 := bits.Mul32(philoxA, c[0])
		h1, l1 := bits.Mul32(philoxB, c[2])
		c = [4]uint32{h1 ^ c[1] ^ k0, l1, h0 ^ c[3] ^ k1, l0}
		k0 += weylA
		k1 += weylB
	}
	return c
}

// block returns the four words of one block.
func block(key [2]uint64, b uint64) [4]uint32 {
	return philox([4]uint32{uint32(b), uint32(b >> 32), uint32(key[1]), uint32(key[1] >> 32)},
		uint32(key[0]), uint32(key[0]>>32))
}

// blocks calls do for the 16 blocks of a group: element l + 16*word of the group uses w[word].
func blocks(key [2]uint64, group uint64, do func(l int, w [4]uint32)) {
	for l := range 16 {
		do(l, block(key, group*16+uint64(l)))
	}
}

// Uniform fills dst with the uniform numbers of elements counter, counter+1, …: multiples of 2^-24
// in [0, 1), the upper 24 bits of the element's word. It panics if they run past 2^64.
func Uniform(dst []float32, key [2]uint64, counter uint64) {
	checkCounter("Uniform", len(dst), counter)
	active.uniform(dst, key, counter)
}

func checkCounter(function string, n int, counter uint64) {
	if n > 0 && counter > math.MaxUint64-uint64(n-1) {
		panic(fmt.Sprintf("f32: %s: %d elements from %d on run past 2^64", function, n, counter))
	}
}

func uniformGeneric(dst []float32, key [2]uint64, counter uint64) {
	var g [group]float32
	for len(dst) > 0 {
		blocks(key, counter/group, func(l int, w [4]uint32) {
			for word, u := range w {
				g[16*word+l] = float32(u>>8) * 0x1p-24
			}
		})
		n := copy(dst, g[counter%group:])
		dst, counter = dst[n:], counter+uint64(n)
	}
}

// Normal fills dst with the standard normal numbers of elements counter, counter+1, …, by the
// Box-Muller method: words 0 and 1 of a block give the elements of words 0 and 1, words 2 and 3
// those of 2 and 3. With u and v the first and second word of the pair:
//
//	x = fma(float32(u>>1), 2^-31, 2^-32)                 in (0, 1]; the conversion rounds to nearest even
//	r = sqrt(-2 * Log(x))                                at most 6.66
//	t = v + 2^29 (mod 2^32); f = float32(t mod 2^30 - 2^29) * 2^-30; angle a = f * pi/2, |a| <= pi/4
//	z = a*a; sin = fma(a*z, S(z), a); cos = fma(z*z, C(z), fma(-0.5, z, 1))
//
// swapped if bit 30 of t is set; then sin gets the sign of bit 31, cos that of bits 31 xor 30. The
// first element is r*cos, the second r*sin.
func Normal(dst []float32, key [2]uint64, counter uint64) {
	checkCounter("Normal", len(dst), counter)
	active.normal(dst, key, counter)
}

func normalGeneric(dst []float32, key [2]uint64, counter uint64) {
	for len(dst) > 0 {
		g := normalGroup(key, counter/group)
		n := copy(dst, g[counter%group:])
		dst, counter = dst[n:], counter+uint64(n)
	}
}

// AddNormal sets dst[i] = fma(std, N, x[i]), where N is element counter+i of Normal's sequence. dst
// may be x.
func AddNormal(dst, x []float32, std float32, key [2]uint64, counter uint64) {
	checkLen("AddNormal", "x", len(x), len(dst))
	checkCounter("AddNormal", len(dst), counter)
	active.addNormal(dst, x, std, key, counter)
}

func addNormalGeneric(dst, x []float32, std float32, key [2]uint64, counter uint64) {
	for len(dst) > 0 {
		g := normalGroup(key, counter/group)
		n := min(group-int(counter%group), len(dst))
		for i, v := range g[counter%group:][:n] {
			dst[i] = fma32(std, v, x[i])
		}
		dst, x, counter = dst[n:], x[n:], counter+uint64(n)
	}
}

func normalGroup(key [2]uint64, number uint64) (g [group]float32) {
	blocks(key, number, func(l int, w [4]uint32) {
		g[l], g[16+l] = boxMuller(w[0], w[1])
		g[32+l], g[48+l] = boxMuller(w[2], w[3])
	})
	return g
}

func boxMuller(u, v uint32) (x, y float32) {
	r := sqrt32(-2 * logNormal(fma32(float32(int32(u>>1)), 0x1p-31, 0x1p-32), 0))
	t := v + 1<<29
	a := float32(float32(int32(t&(1<<30-1))-1<<29)*0x1p-30) * halfPi
	z := a * a
	sin := fma32(a*z, horner(sinPoly[:], z), a)
	cos := fma32(z*z, horner(cosPoly[:], z), fma32(-0.5, z, 1))
	if t&(1<<30) != 0 {
		sin, cos = cos, sin
	}
	return r * withSign(cos, t^t<<1), r * withSign(sin, t)
}

// withSign flips the sign of x if the highest bit of s is set.
func withSign(x float32, s uint32) float32 {
	return math.Float32frombits(math.Float32bits(x) ^ s&signBit)
}
