package f32

import "fmt"

// noiseAssembly writes functions that fill complete groups of 64 elements. The 16 blocks of a group
// are computed at once, or in two halves of eight by AVX2; of a half, the even lanes are in one set
// of registers and the odd in another, each 32-bit word in a 64-bit lane, as VPMULUDQ needs them.
// (The upper half of such a lane is ignored.)
func noiseAssembly(a *assembly) []byte {
	noiseLoop(a, "func "+a.name("uniform")+"(dst *float32, groups int, keys *[20]uint32, block, high uint64)", 40, func(half int) {
		for w := range 4 {
			a.op("VPSRLD", "$8", y(w), y(w))
			a.op("VCVTDQ2PS", y(w), y(w))
			a.op("VMULPS", a.float("two24", 0x1p-24), y(w), y(w))
			a.op("VMOVUPS", y(w), rowAddress(0, 64*w+32*half, "DI", "", ""))
		}
	})
	normal := func(store func(w, offset int)) func(int) {
		return func(half int) {
			for pair := 0; pair < 4; pair += 2 {
				if pair == 2 {
					a.op("VMOVAPS", y(10), y(0))
					a.op("VMOVAPS", y(11), y(1))
				} else {
					a.op("VMOVAPS", y(2), y(10))
					a.op("VMOVAPS", y(3), y(11))
				}
				boxMullerBody(a)
				for w := range 2 {
					store(w, 64*(pair+w)+32*half)
				}
			}
		}
	}
	noiseLoop(a, "func "+a.name("normal")+"(dst *float32, groups int, keys *[20]uint32, block, high uint64)", 40, normal(func(w, offset int) {
		a.op("VMOVUPS", y(w), rowAddress(0, offset, "DI", "", ""))
	}))
	noiseLoop(a, "func "+a.name("addNormal")+"(dst *float32, groups int, keys *[20]uint32, block, high uint64, x *float32, std float32)", 52, normal(func(w, offset int) {
		a.op("VBROADCASTSS", "std+48(FP)", y(2))
		a.op("VFMADD213PS", rowAddress(0, offset, "SI", "", ""), y(2), y(w))
		a.op("VMOVUPS", y(w), rowAddress(0, offset, "DI", "", ""))
	}))
	return a.file()
}

// noiseLoop writes the loop over groups. The body gets the four words of eight blocks in Y0-Y3.
//
// DI destination, SI x (if there is one), CX groups, DX keys, R8 block, R9 high counter.
func noiseLoop(a *assembly, declaration string, size int, body func(half int)) {
	a.function(declaration, size)
	a.op("MOVQ", "dst+0(FP)", "DI")
	a.op("MOVQ", "groups+8(FP)", "CX")
	a.op("MOVQ", "keys+16(FP)", "DX")
	a.op("MOVQ", "block+24(FP)", "R8")
	a.op("MOVQ", "high+32(FP)", "R9")
	hasX := size > 40
	if hasX {
		a.op("MOVQ", "x+40(FP)", "SI")
	}
	if a.wide {
		a.note("K1: the upper halves of the 64-bit lanes")
		a.op("MOVL", "$0xaaaa", "BX")
		a.op("KMOVW", "BX", "K1")
	}
	a.label("loop")
	for half := range 16 / a.lanes() {
		a.note("counters: the low word of the block's number differs from lane to lane, and never carries")
		a.op("VMOVQ", "R8", "X0")
		a.op("VPBROADCASTQ", "X0", y(0))
		a.op("VPSRLQ", "$32", y(0), y(1))
		a.op("VPADDD", a.words(fmt.Sprint("odd", half), lanesFrom(8*half+1, a.lanes()), fmt.Sprintf("odd%d: block numbers within a group", half)), y(0), y(4))
		a.op("VPADDD", a.words(fmt.Sprint("even", half), lanesFrom(8*half, a.lanes()), fmt.Sprintf("even%d: block numbers within a group", half)), y(0), y(0))
		a.op("VMOVDQA", y(1), y(5))
		a.op("VMOVQ", "R9", "X2")
		a.op("VPBROADCASTQ", "X2", y(2))
		a.op("VPSRLQ", "$32", y(2), y(3))
		a.op("VMOVDQA", y(2), y(6))
		a.op("VMOVDQA", y(3), y(7))
		philoxRounds(a)
		body(half)
	}
	a.op("ADDQ", "$16", "R8")
	a.op("ADDQ", "$256", "DI")
	if hasX {
		a.op("ADDQ", "$256", "SI")
	}
	a.op("DECQ", "CX")
	a.op("JNE", "loop")
	a.ret()
}

// lanesFrom returns first, first+2, … in the low words of 64-bit lanes.
func lanesFrom(first, words int) []uint32 {
	l := make([]uint32, words)
	for i := 0; i < words; i += 2 {
		l[i] = uint32(first + i)
	}
	return l
}

// philoxRounds writes the ten rounds on Y0-Y3 and Y4-Y7, with the words of eight blocks in Y0-Y3 at
// the end. A round puts words 1 and 3 in new registers, so the registers of a set change.
func philoxRounds(a *assembly) {
	a.op("VMOVDQU", a.bits("philoxA", philoxA), y(8))
	a.op("VMOVDQU", a.bits("philoxB", philoxB), y(9))
	sets := [2][4]y{{0, 1, 2, 3}, {4, 5, 6, 7}}
	free := []y{12, 13}
	for round := range 10 {
		a.note("round %d", round+1)
		a.op("VPBROADCASTD", rowAddress(0, 8*round, "DX", "", ""), y(10))
		a.op("VPBROADCASTD", rowAddress(0, 8*round+4, "DX", "", ""), y(11))
		for s := range sets {
			c := sets[s]
			p0, p1 := free[0], free[1]
			a.op("VPMULUDQ", y(8), c[0], p0)
			a.op("VPMULUDQ", y(9), c[2], p1)
			a.op("VPXOR", y(10), c[1], c[0])
			a.op("VPXOR", y(11), c[3], c[2])
			a.op("VPSRLQ", "$32", p1, y(14))
			a.op("VPSRLQ", "$32", p0, y(15))
			a.op("VPXOR", y(14), c[0], c[0])
			a.op("VPXOR", y(15), c[2], c[2])
			sets[s] = [4]y{c[0], p1, c[2], p0}
			free = []y{c[1], c[3]}
		}
	}
	a.note("even and odd lanes together, through registers that hold no word")
	e, o := sets[0], sets[1]
	for w := range 4 {
		a.op("VPSLLQ", "$32", o[w], o[w])
		if a.wide {
			a.op("VPBLENDMD", o[w], e[w], "K1", y(8+w))
		} else {
			a.op("VPBLENDD", "$0xaa", o[w], e[w], y(8+w))
		}
	}
	for w := range 4 {
		a.op("VMOVDQA", y(8+w), y(w))
	}
}

// boxMullerBody writes the transformation of the words in Y0 and Y1 into two normal numbers there;
// Y2-Y9 are scratch.
func boxMullerBody(a *assembly) {
	a.note("r = sqrt(-2 log x)")
	a.op("VPSRLD", "$1", y(0), y(0))
	a.op("VCVTDQ2PS", y(0), y(0))
	a.op("VMOVUPS", a.float("two31", 0x1p-31), y(2))
	a.op("VFMADD213PS", a.float("two32", 0x1p-32), y(2), y(0))
	logNormalBody(a, true)
	a.op("VMULPS", a.float("minusTwo", -2), y(5), y(5))
	a.op("VSQRTPS", y(5), y(5))
	a.note("the angle, at most an eighth of a turn")
	eighth := a.bits("eighth", 1<<29)
	a.op("VPADDD", eighth, y(1), y(1))
	a.op("VPAND", a.bits("quarter", 1<<30-1), y(1), y(2))
	a.op("VPSUBD", eighth, y(2), y(2))
	a.op("VCVTDQ2PS", y(2), y(2))
	a.op("VMULPS", a.float("two30", 0x1p-30), y(2), y(2))
	a.op("VMULPS", a.float("halfPi", halfPi), y(2), y(2))
	a.note("sine and cosine")
	a.op("VMULPS", y(2), y(2), y(3))
	hornerInto(a, "sin", sinPoly[:], 3, 4)
	a.op("VMULPS", y(3), y(2), y(6))
	a.op("VFMADD213PS", y(2), y(6), y(4))
	hornerInto(a, "cos", cosPoly[:], 3, 6)
	a.op("VMOVUPS", a.float("one", 1), y(7))
	a.op("VFMADD231PS", a.float("minusHalf", -0.5), y(3), y(7))
	a.op("VMULPS", y(3), y(3), y(3))
	a.op("VFMADD213PS", y(7), y(3), y(6))
	a.note("swapped by bit 30, which moves to the sign for the choice")
	a.op("VPSLLD", "$1", y(1), y(2))
	swap := a.negative(2)
	a.choose(swap, y(4), 6, 7)
	a.choose(swap, y(6), 4, 4)
	a.note("signs, radius")
	sign := a.bits("sign", signBit)
	a.op("VPXOR", y(1), y(2), y(2))
	a.op("VPAND", sign, y(2), y(2))
	a.op("VPAND", sign, y(1), y(1))
	a.op("VXORPS", y(2), y(7), y(7))
	a.op("VXORPS", y(1), y(4), y(4))
	a.op("VMULPS", y(7), y(5), y(0))
	a.op("VMULPS", y(4), y(5), y(1))
}
