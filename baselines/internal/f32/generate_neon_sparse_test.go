package f32

import "fmt"

func neonSparse() []byte {
	a := &assembly{neon: true}
	a.nonzeros()
	a.sparseRow()
	a.finiteBlocks()
	return a.file()
}

// nonzeros writes the compression of a row of A, four elements at a time: for each of the 16
// patterns of elements to be kept, a table lists the bytes that they are in. NaN is kept; zeros of
// both signs are not, nor the zeros after a partial load.
//
// Registers: R0 values, R1 offsets, R2 A, R3 k, R4 the table, R7 number of elements kept; V16 the
// bits of a pattern and, above, ones to be counted; V6 the offsets of the four elements, V17 and
// V18 their increments in steps of four and two.
func (a *assembly) nonzeros() {
	bits := constant(a.words("patterns", []uint32{1<<16 | 1, 1<<16 | 2, 1<<16 | 4, 1<<16 | 8},
		"patterns: a bit for each element, and one to count"))
	counting := constant(a.words("counting", []uint32{0, 1, 2, 3}, "counting: 0 to 3"))
	a.function("func nonzerosNEON(values *float32, offsets *int32, a *float32, k, step int, "+
		"lanes *[16][16]byte) (n int)", 56)
	a.op("MOVD", "values+0(FP)", "R0")
	a.op("MOVD", "offsets+8(FP)", "R1")
	a.op("MOVD", "a+16(FP)", "R2")
	a.op("MOVD", "k+24(FP)", "R3")
	a.op("MOVD", "step+32(FP)", "R5")
	a.op("MOVD", "lanes+40(FP)", "R4")
	a.op("MOVD", "$0", "R7")
	a.op("MOVD", "$constants<>(SB)", constantBase)
	a.loadConstant(bits, 16)
	a.loadConstant(counting, 6)
	a.op("VDUP", "R5", v(17))
	a.simd("mul", 6, 6, 17)
	a.op("VSHL", "$1", v(17), v(18))
	a.op("VSHL", "$2", v(17), v(17))
	keep := func(next string) {
		a.simd("fcmeq0", 2, 0)
		a.simd("bic", 3, 16, 2)
		a.op("VADDV", v(3), "V3")
		a.op("FMOVS", "F3", "R9")
		a.op("CBZ", "R9", next)
		a.op("AND", "$15", "R9", "R10")
		a.op("LSR", "$16", "R9", "R9")
		a.op("ADD", "R10<<4", "R4", "R10")
		a.op("FMOVQ", "(R10)", "F3")
		a.op("VTBL", v(3).bytes(), "[V0.B16]", v(4).bytes())
		a.op("VTBL", v(3).bytes(), "[V6.B16]", v(5).bytes())
		a.op("FMOVQ", "F4", "(R0)")
		a.op("FMOVQ", "F5", "(R1)")
		a.op("ADD", "R9<<2", "R0")
		a.op("ADD", "R9<<2", "R1")
		a.op("ADD", "R9", "R7")
	}
	a.op("LSR", "$2", "R3", "R8")
	a.op("CBZ", "R8", "pair")
	a.label("loop")
	a.op("FMOVQ.P", "16(R2)", "F0")
	keep("next")
	a.label("next")
	a.op("VADD", v(17), v(6), v(6))
	a.op("SUBS", "$1", "R8", "R8")
	a.op("BNE", "loop")
	a.label("pair")
	a.op("TBZ", "$1", "R3", "single")
	a.op("FMOVD.P", "8(R2)", "F0")
	keep("nextPair")
	a.label("nextPair")
	a.op("VADD", v(18), v(6), v(6))
	a.label("single")
	a.op("TBZ", "$0", "R3", "done")
	a.op("FMOVS", "(R2)", "F0")
	keep("done")
	a.label("done")
	a.op("MOVD", "R7", "n+48(FP)")
	a.ret()
}

// sparseRow writes the kernel of one row: 64 columns of C from the non-zero elements of A and the
// corresponding rows of B, of which four panels of 16 columns are stored one after the other.
//
// Registers: R0 C, R1 and R7-R9 B's panels, R2 values, R3 offsets, R5 counts; V16-V31 sums.
func (a *assembly) sparseRow() {
	const sum v = 16
	a.function("func sparse64NEON(c, b, values *float32, offsets *int32, panel, n int, "+
		"add bool) (odd bool)", 57)
	a.op("MOVD", "c+0(FP)", "R0")
	a.op("MOVD", "b+8(FP)", "R1")
	a.op("MOVD", "values+16(FP)", "R2")
	a.op("MOVD", "offsets+24(FP)", "R3")
	a.op("MOVD", "panel+32(FP)", "R4")
	a.op("MOVD", "n+40(FP)", "R5")
	a.op("MOVBU", "add+48(FP)", "R10")
	a.op("ADD", "R4", "R1", "R7")
	a.op("ADD", "R4", "R7", "R8")
	a.op("ADD", "R4", "R8", "R9")
	a.op("CBZ", "R10", "zero")
	for i := v(0); i < 16; i += 2 {
		a.op("FLDPQ", fmt.Sprintf("%d(R0)", 16*int(i)), pairOf(sum+i))
	}
	a.op("B", "start")
	a.label("zero")
	for i := range v(16) {
		a.op("VEOR", (sum + i).bytes(), (sum + i).bytes(), (sum + i).bytes())
	}
	a.label("start")
	a.op("CBZ", "R5", "end")
	a.label("loop")
	a.op("MOVW.P", "4(R3)", "R10")
	a.op("FMOVS.P", "4(R2)", "F0")
	for p, base := range []string{"R1", "R7", "R8", "R9"} {
		at := v(1 + p%2*4)
		a.op("ADD", "R10", base, "R11")
		a.op("FLDPQ", "(R11)", pairOf(at))
		a.op("FLDPQ", "32(R11)", pairOf(at+2))
		for i := range v(4) {
			a.multiplyAddLane(sum+v(4*p)+i, at+i, 0, 0)
		}
	}
	a.op("SUBS", "$1", "R5", "R5")
	a.op("BNE", "loop")
	a.label("end")
	a.note("is any sum -0?")
	a.op("MOVD", "$0x80000000", "R10")
	a.op("VDUP", "R10", v(0))
	a.op("VCMEQ", sum, v(0), v(1))
	for i := v(1); i < 16; i++ {
		a.op("VCMEQ", sum+i, v(0), v(2))
		a.simd("orr", 1, 1, 2)
	}
	a.op("VADDV", v(1), "V1")
	a.op("FMOVS", "F1", "R10")
	a.op("CBNZ", "R10", "odd")
	for i := v(0); i < 16; i += 2 {
		a.op("FSTPQ", pairOf(sum+i), fmt.Sprintf("%d(R0)", 16*int(i)))
	}
	a.op("MOVB", "ZR", "odd+56(FP)")
	a.ret()
	a.label("odd")
	a.op("MOVD", "$1", "R10")
	a.op("MOVB", "R10", "odd+56(FP)")
	a.ret()
}

// finiteBlocks writes the check of B: four sums of zeros times its elements, each 0 unless an
// element is not finite.
func (a *assembly) finiteBlocks() {
	a.function("func finiteNEON(x *float32, blocks int) bool", 17)
	a.op("MOVD", "x+0(FP)", "R0")
	a.op("MOVD", "blocks+8(FP)", "R1")
	for i := range v(5) {
		a.op("VEOR", i.bytes(), i.bytes(), i.bytes())
	}
	a.label("loop")
	for range 2 {
		a.op("VLD1.P", "64(R0)", "[V16.S4, V17.S4, V18.S4, V19.S4]")
		for i := range v(4) {
			a.op("VFMLA", 16+i, v(4), i)
		}
	}
	a.op("SUBS", "$1", "R1", "R1")
	a.op("BNE", "loop")
	a.simd("fadd", 0, 0, 1)
	a.simd("fadd", 2, 2, 3)
	a.simd("fadd", 0, 0, 2)
	a.note("-1 in each lane that is 0")
	a.simd("fcmeq0", 0, 0)
	a.op("VADDV", v(0), "V0")
	a.op("FMOVS", "F0", "R2")
	a.op("CMNW", "$4", "R2")
	a.op("CSET", "EQ", "R2")
	a.op("MOVB", "R2", "ret+16(FP)")
	a.ret()
}
