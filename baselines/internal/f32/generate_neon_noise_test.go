package f32

import (
	"fmt"
	"strings"
)

// wordSets are the registers of the four words of eight blocks: of four blocks in one set, of the
// next four in the other. Only the first two are scratch of boxMullerBody.
var (
	wordSets     = [2][4]v{{0, 1, 10, 11}, {12, 13, 14, 27}}
	noiseOffsets = func(word, half, set int) int { return 64*word + 32*half + 16*set }
)

// neonNoise writes functions that fill complete groups of 64 elements, of 16 blocks, in two halves
// of eight.
func neonNoise() []byte {
	a := &assembly{neon: true}
	nothing := func() {}
	const arguments = "(dst *float32, groups int, keys *[20]uint32, block, high uint64"
	two24 := a.float("two24", 0x1p-24)
	uniform := func(half int) {
		for s, set := range wordSets {
			for w, r := range set {
				a.op("VPSRLD", "$8", r, r)
				a.op("VCVTDQ2PS", r, r)
				a.op("VMULPS", two24, r, r)
				a.op("FMOVQ", r.f(), fmt.Sprintf("%d(R0)", noiseOffsets(w, half, s)))
			}
		}
	}
	keepScale := func() { a.keepConstants(nothing, func() { a.at(two24) }) }
	a.noiseLoop("func uniformNEON"+arguments+")", 40, keepScale, uniform)

	normal := func(store func(w v, offset string)) func(int) {
		return func(half int) {
			for s, set := range wordSets {
				for pair := 0; pair < 4; pair += 2 {
					if s+pair > 0 {
						a.op("VMOVAPS", set[pair], y(0))
						a.op("VMOVAPS", set[pair+1], y(1))
					}
					boxMullerBody(a)
					for w := range 2 {
						store(a.at(y(w)), fmt.Sprintf("%d(R0)", noiseOffsets(pair+w, half, s)))
					}
				}
			}
		}
	}
	keep := func() { a.keepConstants(nothing, func() { boxMullerBody(a) }) }
	a.noiseLoop("func normalNEON"+arguments+")", 40, keep, normal(func(w v, offset string) {
		a.op("FMOVQ", w.f(), offset)
	}))
	add := normal(func(w v, offset string) {
		const x, std v = 2, 3
		a.op("FMOVS", "std+48(FP)", std.f())
		a.op("FMOVQ", strings.Replace(offset, "R0", "R1", 1), x.f())
		a.multiplyAddLane(x, w, std, 0)
		a.op("FMOVQ", x.f(), offset)
	})
	a.noiseLoop("func addNormalNEON"+arguments+", x *float32, std float32)", 52, keep, add)
	return a.file()
}

// noiseLoop writes the loop over groups. The body gets the words of eight blocks in wordSets.
//
// R0 destination, R1 x (if there is one), R2 keys, R3 block, R4 high counter, R5 groups.
func (a *assembly) noiseLoop(declaration string, size int, before func(), body func(half int)) {
	a.function(declaration, size)
	a.op("MOVD", "dst+0(FP)", "R0")
	a.op("MOVD", "groups+8(FP)", "R5")
	a.op("MOVD", "keys+16(FP)", "R2")
	a.op("MOVD", "block+24(FP)", "R3")
	a.op("MOVD", "high+32(FP)", "R4")
	hasX := size > 40
	if hasX {
		a.op("MOVD", "x+40(FP)", "R1")
	}
	before()
	a.label("loop")
	for half := range 2 {
		a.regs.reset()
		a.note("counters: the low word of a block's number differs by lane, and never carries")
		for s, set := range wordSets {
			first := uint32(8*half + 4*s)
			name := fmt.Sprint("blocks", first)
			numbers := constant(a.words(name, []uint32{first, first + 1, first + 2, first + 3},
				name+": block numbers within a group"))
			a.op("VDUP", "R3", set[0])
			a.op("LSR", "$32", "R3", "R9")
			a.op("VDUP", "R9", set[1])
			a.op("VDUP", "R4", set[2])
			a.op("LSR", "$32", "R4", "R9")
			a.op("VDUP", "R9", set[3])
			a.op("VPADDD", numbers, set[0], set[0])
		}
		a.philoxRounds()
		body(half)
	}
	a.op("ADD", "$16", "R3")
	a.op("ADD", "$256", "R0")
	if hasX {
		a.op("ADD", "$256", "R1")
	}
	a.op("SUBS", "$1", "R5", "R5")
	a.op("BNE", "loop")
	a.ret()
}

// philoxRounds writes the ten rounds on both sets. R9 points into the keys; V2-V9 are scratch.
func (a *assembly) philoxRounds() {
	const factorA, factorB, keyA, keyB v = 4, 5, 6, 7
	products := [4]v{2, 3, 8, 9} // low and high blocks by factorA, by factorB
	a.loadConstant(a.bits("philoxA", philoxA), factorA)
	a.loadConstant(a.bits("philoxB", philoxB), factorB)
	a.op("MOVD", "R2", "R9")
	for round := range 10 {
		a.note("round %d", round+1)
		a.op("VLD2R.P", "8(R9)", fmt.Sprintf("[%v, %v]", keyA, keyB))
		for _, c := range wordSets {
			a.simd("umull", products[0], c[0], factorA)
			a.simd("umull2", products[1], c[0], factorA)
			a.simd("umull", products[2], c[2], factorB)
			a.simd("umull2", products[3], c[2], factorB)
			a.simd("eor", c[0], c[1], keyA)
			a.simd("eor", c[2], c[3], keyB)
			a.op("VUZP1", products[3], products[2], c[1])
			a.op("VUZP1", products[1], products[0], c[3])
			a.op("VUZP2", products[3], products[2], products[2])
			a.op("VUZP2", products[1], products[0], products[0])
			a.simd("eor", c[0], c[0], products[2])
			a.simd("eor", c[2], c[2], products[0])
		}
	}
}
