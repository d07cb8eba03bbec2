package f32

func sparseAssembly() []byte {
	a := new(assembly)
	nonzeros(a)
	sparseRow(a)
	finiteBlocks(a)
	return a.file()
}

// nonzeros writes the compression of a row of A, eight elements at a time: for each of the 256
// patterns of elements to be kept, a table lists their lanes. NaN is kept; zeros of both signs are
// not.
//
// Registers: SI A, DI values, DX offsets, CX elements left, R9 the table, R10 number of elements
// kept; Y1 zero, Y6 the offsets of the eight elements, Y7 their increment.
func nonzeros(a *assembly) {
	a.function("func nonzerosAVX2(values *float32, offsets *int32, a *float32, k, step int, lanes *[256][8]int32, masks *int32) (n int)", 64)
	a.op("MOVQ", "values+0(FP)", "DI")
	a.op("MOVQ", "offsets+8(FP)", "DX")
	a.op("MOVQ", "a+16(FP)", "SI")
	a.op("MOVQ", "k+24(FP)", "CX")
	a.op("MOVQ", "lanes+40(FP)", "R9")
	a.op("XORQ", "R10", "R10")
	a.op("VXORPS", y(1), y(1), y(1))
	a.op("VPBROADCASTD", "step+32(FP)", y(7))
	a.op("VPMULLD", a.words("counting", []uint32{0, 1, 2, 3, 4, 5, 6, 7}, "counting: 0 to 7"), y(7), y(6))
	a.op("VPSLLD", "$3", y(7), y(7))
	keep := func(next string) {
		a.op("VCMPPS", "$0x04", y(1), y(0), y(2)) // not equal, or NaN
		a.op("VMOVMSKPS", y(2), "AX")
		a.op("TESTL", "AX", "AX")
		a.op("JEQ", next)
		a.op("POPCNTL", "AX", "BX")
		a.op("SHLQ", "$5", "AX")
		a.op("VMOVDQU", "(R9)(AX*1)", y(3))
		a.op("VPERMPS", y(0), y(3), y(4))
		a.op("VPERMD", y(6), y(3), y(5))
		a.op("VMOVUPS", y(4), "(DI)(R10*4)")
		a.op("VMOVDQU", y(5), "(DX)(R10*4)")
		a.op("ADDQ", "BX", "R10")
	}
	a.op("SUBQ", "$8", "CX")
	a.op("JLT", "tail")
	a.label("loop")
	a.op("VMOVUPS", "(SI)", y(0))
	keep("next")
	a.label("next")
	a.op("VPADDD", y(7), y(6), y(6))
	a.op("ADDQ", "$32", "SI")
	a.op("SUBQ", "$8", "CX")
	a.op("JGE", "loop")
	a.label("tail")
	a.op("NEGQ", "CX")
	a.op("CMPQ", "CX", "$8")
	a.op("JEQ", "done")
	a.note("CX: how many of the last eight are not there")
	a.op("MOVQ", "masks+48(FP)", "AX")
	a.op("VMOVUPS", "(AX)(CX*4)", y(8))
	a.op("VMASKMOVPS", "(SI)", y(8), y(0))
	keep("done")
	a.label("done")
	a.op("MOVQ", "R10", "n+56(FP)")
	a.ret()
}

// sparseRow writes the kernel of one row: 64 columns of C from the non-zero elements of A and the
// corresponding rows of B, of which four panels of 16 columns are stored one after the other.
//
// Registers: DX C, SI and R8-R10 B's panels, DI and BX the ends of values and offsets, CX counts up
// to 0; Y0-Y7 sums.
func sparseRow(a *assembly) {
	a.function("func sparse64AVX2(c, b, values *float32, offsets *int32, panel, n int, add bool) (odd bool)", 57)
	a.op("MOVQ", "c+0(FP)", "DX")
	a.op("MOVQ", "b+8(FP)", "SI")
	a.op("MOVQ", "values+16(FP)", "DI")
	a.op("MOVQ", "offsets+24(FP)", "BX")
	a.op("MOVQ", "panel+32(FP)", "AX")
	a.op("MOVQ", "n+40(FP)", "CX")
	a.op("LEAQ", "(SI)(AX*1)", "R8")
	a.op("LEAQ", "(SI)(AX*2)", "R9")
	a.op("LEAQ", "(R8)(AX*2)", "R10")
	a.op("LEAQ", "(DI)(CX*4)", "DI")
	a.op("LEAQ", "(BX)(CX*4)", "BX")
	a.op("NEGQ", "CX")
	a.op("CMPB", "add+48(FP)", "$0")
	a.op("JEQ", "zero")
	for v := range 8 {
		a.op("VMOVUPS", rowAddress(0, 32*v, "DX", "", ""), y(v))
	}
	a.op("JMP", "start")
	a.label("zero")
	for v := range 8 {
		a.op("VXORPS", y(v), y(v), y(v))
	}
	a.label("start")
	a.op("TESTQ", "CX", "CX")
	a.op("JEQ", "end")
	a.label("loop")
	a.op("MOVLQSX", "(BX)(CX*4)", "AX")
	a.op("VBROADCASTSS", "(DI)(CX*4)", y(8))
	for v, base := range []string{"SI", "R8", "R9", "R10"} {
		a.op("VFMADD231PS", "("+base+")(AX*1)", y(8), y(2*v))
		a.op("VFMADD231PS", "32("+base+")(AX*1)", y(8), y(2*v+1))
	}
	a.op("INCQ", "CX")
	a.op("JNE", "loop")
	a.label("end")
	a.note("is any sum -0?")
	a.op("VPCMPEQD", y(8), y(8), y(8))
	a.op("VPSLLD", "$31", y(8), y(8))
	a.op("VPCMPEQD", y(0), y(8), y(9))
	for v := 1; v < 8; v++ {
		a.op("VPCMPEQD", y(v), y(8), y(10))
		a.op("VPOR", y(10), y(9), y(9))
	}
	a.op("VPTEST", y(9), y(9))
	a.op("JNE", "odd")
	for v := range 8 {
		a.op("VMOVUPS", y(v), rowAddress(0, 32*v, "DX", "", ""))
	}
	a.op("MOVB", "$0", "odd+56(FP)")
	a.ret()
	a.label("odd")
	a.op("MOVB", "$1", "odd+56(FP)")
	a.ret()
}

// finiteBlocks writes the check of B: four sums of zeros times its elements, each 0 unless an
// element is not finite.
func finiteBlocks(a *assembly) {
	a.function("func finiteAVX2(x *float32, blocks int) bool", 17)
	a.op("MOVQ", "x+0(FP)", "SI")
	a.op("MOVQ", "blocks+8(FP)", "CX")
	for v := range 5 {
		a.op("VXORPS", y(v), y(v), y(v))
	}
	a.label("loop")
	for v := range 4 {
		a.op("VFMADD231PS", rowAddress(0, 32*v, "SI", "", ""), y(4), y(v))
	}
	a.op("ADDQ", "$128", "SI")
	a.op("DECQ", "CX")
	a.op("JNE", "loop")
	a.op("VADDPS", y(1), y(0), y(0))
	a.op("VADDPS", y(3), y(2), y(2))
	a.op("VADDPS", y(2), y(0), y(0))
	a.op("VCMPPS", "$0x04", y(4), y(0), y(0)) // not equal, or NaN
	a.op("VPTEST", y(0), y(0))
	a.op("SETEQ", "ret+16(FP)")
	a.ret()
}
