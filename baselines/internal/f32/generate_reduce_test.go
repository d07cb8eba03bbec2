package f32

import "fmt"

func reduceAssembly(a *assembly) []byte {
	a.function("func "+a.name("dot")+"(a, b []float32) float32", 52)
	a.op("MOVQ", "a_base+0(FP)", "SI")
	a.op("MOVQ", "b_base+24(FP)", "DX")
	a.op("MOVQ", "a_len+8(FP)", "CX")
	reduction(a, []string{"SI", "DX"}, func(s y) { a.op("VFMADD231PS", y(1), y(0), s) })
	a.op("VMOVSS", "X2", "ret+48(FP)")
	a.ret()

	a.function("func "+a.name("sum")+"(a []float32) float32", 28)
	a.op("MOVQ", "a_base+0(FP)", "SI")
	a.op("MOVQ", "a_len+8(FP)", "CX")
	reduction(a, []string{"SI"}, func(s y) { a.op("VADDPS", y(0), s, s) })
	a.op("VMOVSS", "X2", "ret+24(FP)")
	a.ret()

	a.function("func "+a.name("squaredDistances")+"(dst, a, b []float32, rows, cols int)", 88)
	a.op("MOVQ", "dst_base+0(FP)", "DI")
	a.op("MOVQ", "a_base+24(FP)", "SI")
	a.op("MOVQ", "b_base+48(FP)", "DX")
	a.op("MOVQ", "rows+72(FP)", "R8")
	a.op("MOVQ", "cols+80(FP)", "R9")
	a.op("TESTQ", "R8", "R8")
	a.op("JEQ", "done")
	a.label("row")
	a.op("MOVQ", "R9", "CX")
	reduction(a, []string{"SI", "DX"}, func(s y) {
		a.op("VSUBPS", y(1), y(0), y(0))
		a.op("VFMADD231PS", y(0), y(0), s)
	})
	a.op("VMOVSS", "X2", "(DI)")
	a.op("ADDQ", "$4", "DI")
	a.op("LEAQ", "(SI)(R9*4)", "SI")
	a.op("LEAQ", "(DX)(R9*4)", "DX")
	a.op("DECQ", "R8")
	a.op("JNE", "row")
	a.label("done")
	a.ret()

	if !a.wide { // a softmax row is as short as the number of classes: AVX2's is as fast
		softmaxRowAssembly(a)
	}
	return a.file()
}

// reduction writes the sum over CX elements of one or two slices into X2, in 16 lanes: Y2 and Y3.
// The body adds the elements in Y0 and Y1 to the lanes that it gets. AX counts; BX is scratch.
// Elements beyond the end read as +0.
func reduction(a *assembly, slices []string, body func(s y)) {
	if a.wide {
		reductionWide(a, slices, body)
		return
	}
	loop, tail, sum := a.fresh("loop"), a.fresh("tail"), a.fresh("sum")
	at := func(p string, half int) string {
		s := "(" + p + ")(AX*4)"
		if half > 0 {
			s = "32" + s
		}
		return s
	}
	a.op("VXORPS", y(2), y(2), y(2))
	a.op("VXORPS", y(3), y(3), y(3))
	a.op("XORQ", "AX", "AX")
	a.op("SUBQ", "$16", "CX")
	a.op("JLT", tail)
	a.label(loop)
	for half := range 2 {
		for i, p := range slices {
			a.op("VMOVUPS", at(p, half), y(i))
		}
		body(y(2 + half))
	}
	a.op("ADDQ", "$16", "AX")
	a.op("SUBQ", "$16", "CX")
	a.op("JGE", loop)
	a.label(tail)
	a.op("ADDQ", "$16", "CX")
	a.op("JEQ", sum)
	loadMasks(a)
	for half := range 2 {
		for i, p := range slices {
			a.op("VMASKMOVPS", at(p, half), y(14+half), y(i))
		}
		body(y(2 + half))
	}
	a.label(sum)
	treeInto(a, "VADDPS", 2, 3)
}

// reductionWide is reduction with the 16 lanes in one register, Z2.
func reductionWide(a *assembly, slices []string, body func(s y)) {
	loop, tail, sum := a.fresh("loop"), a.fresh("tail"), a.fresh("sum")
	step := func(masked bool) {
		for i, p := range slices {
			a.load("("+p+")(AX*4)", y(i), masked)
		}
		body(2)
	}
	a.op("VXORPS", y(2), y(2), y(2))
	a.op("XORQ", "AX", "AX")
	a.op("SUBQ", "$16", "CX")
	a.op("JLT", tail)
	a.label(loop)
	step(false)
	a.op("ADDQ", "$16", "AX")
	a.op("SUBQ", "$16", "CX")
	a.op("JGE", loop)
	a.label(tail)
	a.op("ADDQ", "$16", "CX")
	a.op("JEQ", sum)
	a.loadMask()
	step(true)
	a.label(sum)
	a.op("VEXTRACTF64X4", "$1", "Z2", "Y3")
	treeInto(a, "VADDPS", 2, 3)
}

// loadMasks loads the masks of the first CX of 16 lanes into Y14 and Y15, and negates CX.
func loadMasks(a *assembly) {
	a.op("LEAQ", a.maskTable(), "BX")
	a.op("NEGQ", "CX")
	a.op("VMOVUPS", "64(BX)(CX*4)", y(14))
	a.op("VMOVUPS", "96(BX)(CX*4)", y(15))
}

// treeInto reduces the 16 lanes of s and t into the lowest lane of s.
func treeInto(a *assembly, op string, s, t y) {
	x := func(r y) string { return fmt.Sprintf("X%d", int(r)) }
	a.op(op, t.String(), s.String(), s.String())
	a.op("VEXTRACTF128", "$1", s.String(), x(t))
	a.op(op, x(t), x(s), x(s))
	a.op("VSHUFPS", "$0xee", x(s), x(s), x(t))
	a.op(op, x(t), x(s), x(s))
	a.op("VMOVSHDUP", x(s), x(t))
	a.op(op, x(t), x(s), x(s))
}

// softmaxRowAssembly: the largest element, broadcast in Y10; then exp of the differences, summed in
// Y11 and Y12; then the quotients.
func softmaxRowAssembly(a *assembly) {
	a.function("func softmaxRowAVX2(p, z []float32) (m, s float32)", 56)
	a.op("MOVQ", "p_base+0(FP)", "DI")
	a.op("MOVQ", "z_base+24(FP)", "SI")
	a.op("MOVQ", "p_len+8(FP)", "CX")
	a.op("VBROADCASTSS", "(SI)", y(10))
	a.op("XORQ", "AX", "AX")
	a.op("SUBQ", "$8", "CX")
	a.op("JLT", "maxTail")
	a.label("max")
	a.op("VMAXPS", "(SI)(AX*4)", y(10), y(10))
	a.op("ADDQ", "$8", "AX")
	a.op("SUBQ", "$8", "CX")
	a.op("JGE", "max")
	a.label("maxTail")
	a.op("ADDQ", "$8", "CX")
	a.op("JEQ", "maxTree")
	a.loadMask()
	a.op("VMASKMOVPS", "(SI)(AX*4)", y(15), y(0))
	a.op("VBLENDVPS", y(15), y(0), y(10), y(0))
	a.op("VMAXPS", y(0), y(10), y(10))
	a.label("maxTree")
	a.op("VMOVAPS", y(10), y(11))
	treeInto(a, "VMAXPS", 10, 11)
	a.op("VMOVSS", "X10", "m+48(FP)")
	a.op("VBROADCASTSS", "X10", y(10))

	a.op("VXORPS", y(11), y(11), y(11))
	a.op("VXORPS", y(12), y(12), y(12))
	a.op("MOVQ", "p_len+8(FP)", "CX")
	a.op("XORQ", "AX", "AX")
	a.op("SUBQ", "$16", "CX")
	a.op("JLT", "expTail")
	a.label("exp")
	halves := []string{"", "32"}
	for half, at := range halves {
		a.op("VMOVUPS", at+"(SI)(AX*4)", y(0))
		a.op("VSUBPS", y(10), y(0), y(0))
		expBody(a)
		a.op("VMOVUPS", y(0), at+"(DI)(AX*4)")
		a.op("VADDPS", y(0), y(11+half), y(11+half))
	}
	a.op("ADDQ", "$16", "AX")
	a.op("SUBQ", "$16", "CX")
	a.op("JGE", "exp")
	a.label("expTail")
	a.op("ADDQ", "$16", "CX")
	a.op("JEQ", "expTree")
	loadMasks(a)
	for half, at := range halves {
		mask := y(14 + half)
		a.op("VMASKMOVPS", at+"(SI)(AX*4)", mask, y(0))
		a.op("VSUBPS", y(10), y(0), y(0))
		expBody(a)
		a.op("VMASKMOVPS", y(0), mask, at+"(DI)(AX*4)")
		a.op("VANDPS", mask, y(0), y(0))
		a.op("VADDPS", y(0), y(11+half), y(11+half))
	}
	a.label("expTree")
	treeInto(a, "VADDPS", 11, 12)
	a.op("VMOVSS", "X11", "s+52(FP)")
	a.op("VBROADCASTSS", "X11", y(11))

	a.op("MOVQ", "p_len+8(FP)", "CX")
	walk(a, []stream{{"p", true, true}}, func() {
		a.op("VDIVPS", y(11), y(0), y(0))
		a.flush(0, 1)
	})
	a.ret()
}
