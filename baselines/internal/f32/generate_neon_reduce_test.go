package f32

import "fmt"

func neonAddRow(a *assembly) {
	a.function("func "+a.name("addRow")+"(x []float32, rows, cols int, bias []float32)", 64)
	a.op("MOVD", "x_base+0(FP)", "R0")
	a.op("MOVD", "rows+24(FP)", "R7")
	a.op("MOVD", "cols+32(FP)", "R4")
	a.op("CBZ", "R7", "done")
	a.label("row")
	a.op("MOVD", "bias_base+40(FP)", "R1")
	a.walkNEON([]stream{{"x", true, true}, {"bias", true, false}}, pointersNEON, func() {
		a.op("VADDPS", y(1), y(0), y(0))
	})
	a.op("SUBS", "$1", "R7", "R7")
	a.op("BNE", "row")
	a.label("done")
	a.ret()
}

// neonSumRows sums the rows in strips of four vectors, then of one, then of two elements and of
// one.
func neonSumRows(a *assembly) {
	a.function("func "+a.name("sumRows")+"(dst, x []float32, rows, cols int, add bool)", 65)
	a.op("MOVD", "dst_base+0(FP)", "R0")
	a.op("MOVD", "x_base+24(FP)", "R1")
	a.op("MOVD", "rows+48(FP)", "R2")
	a.op("MOVD", "cols+56(FP)", "R4")
	a.op("MOVBU", "add+64(FP)", "R5")
	a.note("R7: bytes of a row")
	a.op("LSL", "$2", "R4", "R7")
	strip := func(name, next, move string, vectors, columns int) {
		size := 4 * columns / vectors
		at := func(v int, base string) string { return fmt.Sprintf("%d(%s)", size*v, base) }
		a.label(name)
		a.op("CMP", fmt.Sprintf("$%d", columns), "R4")
		a.op("BLT", next)
		for i := range vectors {
			a.op("VEOR", v(i).bytes(), v(i).bytes(), v(i).bytes())
		}
		a.op("CBZ", "R5", name+"Start")
		for i := range vectors {
			a.op(move, at(i, "R0"), v(i).f())
		}
		a.label(name + "Start")
		a.op("MOVD", "R1", "R8")
		a.op("MOVD", "R2", "R9")
		a.op("CBZ", "R9", name+"Store")
		a.label(name + "Row")
		for i := range vectors {
			a.op(move, at(i, "R8"), v(16+i).f())
		}
		for i := range vectors {
			a.simd("fadd", v(i), v(i), v(16+i))
		}
		a.op("ADD", "R7", "R8")
		a.op("SUBS", "$1", "R9", "R9")
		a.op("BNE", name+"Row")
		a.label(name + "Store")
		for i := range vectors {
			a.op(move+".P", v(i).f(), fmt.Sprintf("%d(R0)", size))
		}
		a.op("ADD", fmt.Sprintf("$%d", 4*columns), "R1")
		a.op("SUB", fmt.Sprintf("$%d", columns), "R4")
		a.op("B", name)
	}
	strip("wide", "narrow", "FMOVQ", 4, 16)
	strip("narrow", "pair", "FMOVQ", 1, 4)
	strip("pair", "single", "FMOVD", 1, 2)
	strip("single", "done", "FMOVS", 1, 1)
	a.label("done")
	a.ret()
}

func neonReductions() []byte {
	a := &assembly{neon: true}
	multiplyAdd := func(s, x, y v) { a.op("VFMLA", y, x, s) }
	a.function("func dotNEON(a, b []float32) float32", 52)
	a.op("MOVD", "a_base+0(FP)", "R0")
	a.op("MOVD", "a_len+8(FP)", "R4")
	a.op("MOVD", "b_base+24(FP)", "R1")
	a.reductionNEON(2, multiplyAdd)
	a.op("FMOVS", sums.f(), "ret+48(FP)")
	a.ret()

	a.function("func sumNEON(a []float32) float32", 28)
	a.op("MOVD", "a_base+0(FP)", "R0")
	a.op("MOVD", "a_len+8(FP)", "R4")
	add := func(s, x, _ v) { a.simd("fadd", s, s, x) }
	a.reductionNEON(1, add)
	a.op("FMOVS", sums.f(), "ret+24(FP)")
	a.ret()

	a.function("func squaredDistancesNEON(dst, a, b []float32, rows, cols int)", 88)
	a.op("MOVD", "dst_base+0(FP)", "R8")
	a.op("MOVD", "a_base+24(FP)", "R0")
	a.op("MOVD", "b_base+48(FP)", "R1")
	a.op("MOVD", "rows+72(FP)", "R7")
	a.op("MOVD", "cols+80(FP)", "R4")
	a.op("CBZ", "R7", "done")
	a.label("row")
	a.reductionNEON(2, func(s, x, y v) {
		a.simd("fsub", x, x, y)
		a.op("VFMLA", x, x, s)
	})
	a.op("FMOVS.P", sums.f(), "4(R8)")
	a.op("SUBS", "$1", "R7", "R7")
	a.op("BNE", "row")
	a.label("done")
	a.ret()

	neonSoftmaxRow(a, add)
	return a.file()
}

// sums is the first of V2-V5, which hold the 16 lanes of a reduction; the total ends in the lowest
// lane of V2.
const sums v = 2

// reductionNEON writes the sum over the R4 elements of one or two slices; R0 and R1 point to their
// starts, and to their ends afterwards. The body adds four elements of each to four lanes. Elements
// beyond the end read as +0. R5 and R9 are scratch, V16-V23 the elements.
func (a *assembly) reductionNEON(slices int, body func(s, x, y v)) {
	loop, tail, tree := a.fresh("loop"), a.fresh("tail"), a.fresh("tree")
	at := func(slice, i int) v { return v(16 + 4*slice + i) }
	bodies := func() {
		for i := range 4 {
			body(sums+v(i), at(0, i), at(1, i))
		}
	}
	for i := range 4 {
		a.op("VEOR", (sums + v(i)).bytes(), (sums + v(i)).bytes(), (sums + v(i)).bytes())
	}
	a.op("LSR", "$4", "R4", "R5")
	a.op("CBZ", "R5", tail)
	a.label(loop)
	for s := range slices {
		to := fmt.Sprintf("[%v, %v, %v, %v]", at(s, 0), at(s, 1), at(s, 2), at(s, 3))
		a.op("VLD1.P", fmt.Sprintf("64(%s)", pointersNEON[s]), to)
	}
	bodies()
	a.op("SUBS", "$1", "R5", "R5")
	a.op("BNE", loop)
	a.label(tail)
	a.op("ANDS", "$15", "R4", "R9")
	a.op("BEQ", tree)
	for s := range slices {
		for i := range 4 {
			a.op("VEOR", at(s, i).bytes(), at(s, i).bytes(), at(s, i).bytes())
		}
	}
	last := a.fresh("last")
	for i := range 3 {
		part, next := a.fresh("part"), a.fresh("next")
		a.op("CMP", "$4", "R9")
		a.op("BLT", part)
		for s := range slices {
			a.op("FMOVQ.P", fmt.Sprintf("16(%s)", pointersNEON[s]), at(s, i).f())
		}
		a.op("SUB", "$4", "R9")
		a.op("B", next)
		a.label(part)
		a.firstLanes(slices, last, func(s int) v { return at(s, i) })
		a.label(next)
	}
	a.firstLanes(slices, last, func(s int) v { return at(s, 3) })
	a.label(last)
	bodies()
	a.label(tree)
	a.note("lanes l and l+8, l and l+4, then 0 and 2, 1 and 3, then 0 and 1")
	a.simd("fadd", sums, sums, sums+2)
	a.simd("fadd", sums+1, sums+1, sums+3)
	a.simd("fadd", sums, sums, sums+1)
	a.op("VEXT", "$8", sums.bytes(), sums.bytes(), (sums + 1).bytes())
	a.simd("fadd", sums, sums, sums+1)
	a.op("VDUP", sums.lane(1), sums+1)
	a.op("FADDS", (sums + 1).f(), sums.f(), sums.f())
}

// firstLanes loads up to three elements (R9) of each slice and jumps to done.
func (a *assembly) firstLanes(slices int, done string, to func(slice int) v) {
	single := a.fresh("single")
	a.op("TBZ", "$1", "R9", single)
	for s := range slices {
		a.op("FMOVD.P", fmt.Sprintf("8(%s)", pointersNEON[s]), to(s).f())
	}
	a.op("TBZ", "$0", "R9", done)
	for s := range slices {
		a.op("VLD1.P", fmt.Sprintf("4(%s)", pointersNEON[s]), to(s).lane(2))
	}
	a.op("B", done)
	a.label(single)
	a.op("TBZ", "$0", "R9", done)
	for s := range slices {
		a.op("FMOVS.P", fmt.Sprintf("4(%s)", pointersNEON[s]), to(s).f())
	}
	a.op("B", done)
}

// neonSoftmaxRow: the largest element, in all lanes of V10; then exp of the differences; their sum,
// in V11; then the quotients.
func neonSoftmaxRow(a *assembly, add func(s, x, y v)) {
	const largest, sum v = 10, 11
	a.function("func softmaxRowNEON(p, z []float32) (m, s float32)", 56)
	a.op("MOVD", "z_base+24(FP)", "R1")
	a.op("MOVD", "p_len+8(FP)", "R4")
	a.op("VLD1R", "(R1)", fmt.Sprintf("[%v]", largest))
	a.op("ANDS", "$3", "R4", "R9")
	a.op("BEQ", "maxWhole")
	a.label("maxSingle")
	a.op("VLD1R.P", "4(R1)", "[V0.S4]")
	a.simd("fmax", largest, largest, 0)
	a.op("SUBS", "$1", "R9", "R9")
	a.op("BNE", "maxSingle")
	a.label("maxWhole")
	a.op("LSR", "$2", "R4", "R5")
	a.op("CBZ", "R5", "maxDone")
	a.label("maxLoop")
	a.op("FMOVQ.P", "16(R1)", "F0")
	a.simd("fmax", largest, largest, 0)
	a.op("SUBS", "$1", "R5", "R5")
	a.op("BNE", "maxLoop")
	a.label("maxDone")
	a.simd("fmaxv", largest, largest)
	a.op("FMOVS", largest.f(), "m+48(FP)")
	a.op("VDUP", largest.lane(0), largest)

	exp := func() {
		a.simd("fsub", 0, 1, largest)
		expBody(a)
	}
	a.keepConstants(func() {}, exp)
	a.op("MOVD", "p_base+0(FP)", "R0")
	a.op("MOVD", "z_base+24(FP)", "R1")
	a.walkNEON([]stream{{"p", false, true}, {"z", true, false}}, pointersNEON, exp)
	a.regs.kept = nil // the sum needs their registers

	a.op("MOVD", "p_base+0(FP)", "R0")
	a.reductionNEON(1, add)
	a.op("FMOVS", sums.f(), "s+52(FP)")
	a.op("VDUP", sums.lane(0), sum)

	a.op("MOVD", "p_base+0(FP)", "R0")
	a.walkNEON([]stream{{"p", true, true}}, pointersNEON, func() {
		a.simd("fdiv", 0, 0, sum)
		a.flush(0, 1)
	})
	a.ret()
}
