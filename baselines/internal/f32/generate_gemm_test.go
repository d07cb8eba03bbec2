package f32

import "fmt"

// The tile is 6 rows by 16 columns: 12 sums in registers keep two multiply-add units of latency 4
// busy, and a step of k loads 2 vectors of B and 6 numbers of A for 12 multiply-adds.
const tileRows = 6

func gemmAssembly() []byte {
	a := new(assembly)
	for _, vectors := range []int{2, 1} {
		for _, masked := range []bool{false, true} {
			gemmPanel(a, vectors, masked)
		}
	}
	copyPanel(a, 2)
	copyPanel(a, 1)
	transposePanel(a)
	packTile(a)
	peakFMA(a)
	return a.file()
}

// gemmPanel writes the kernel of one panel: m x n of C for the n columns of one panel of B. The
// last vector of columns uses a mask if masked.
//
// Registers: DI A, DX C (of the tile), SI B, R8 row stride of A, R9 column stride of A, R10 row
// stride of B, R11 row stride of C, BX rows left; in a tile R12 and R13 point into rows 0 and 3 of
// A, AX into B, CX counts k, R14 is row 3 of C. Y0-Y11 sums, Y12 and Y13 B, Y14 A, Y15 mask.
func gemmPanel(a *assembly, vectors int, masked bool) {
	name := fmt.Sprintf("gemm%dAVX2", 8*vectors)
	args := "a, b, c *float32, ars, acs, block, brs, ldc, k, m int, add bool"
	size := 81
	if masked {
		name = fmt.Sprintf("gemmMask%dAVX2", 8*vectors)
		args += ", mask *int32"
		size = 96
	}
	a.function("func "+name+"("+args+")", size)
	a.op("MOVQ", "a+0(FP)", "DI")
	a.op("MOVQ", "b+8(FP)", "SI")
	a.op("MOVQ", "c+16(FP)", "DX")
	a.op("MOVQ", "ars+24(FP)", "R8")
	a.op("MOVQ", "acs+32(FP)", "R9")
	a.op("MOVQ", "brs+48(FP)", "R10")
	a.op("MOVQ", "ldc+56(FP)", "R11")
	a.op("MOVQ", "m+72(FP)", "BX")
	if masked {
		a.op("MOVQ", "mask+88(FP)", "AX")
		a.op("VMOVUPS", "(AX)", "Y15")
	}
	a.op("CMPQ", "BX", fmt.Sprintf("$%d", tileRows))
	a.op("JLT", "rest")
	a.label("tile")
	gemmTile(a, tileRows, vectors, masked)
	a.op("ADDQ", "block+40(FP)", "DI")
	a.op("LEAQ", "(R14)(R11*2)", "DX")
	a.op("ADDQ", "R11", "DX")
	a.op("SUBQ", fmt.Sprintf("$%d", tileRows), "BX")
	a.op("CMPQ", "BX", fmt.Sprintf("$%d", tileRows))
	a.op("JGE", "tile")
	a.label("rest")
	for r := 1; r < tileRows; r++ {
		a.op("CMPQ", "BX", fmt.Sprintf("$%d", r))
		a.op("JEQ", fmt.Sprintf("rows%d", r))
	}
	a.ret()
	for r := 1; r < tileRows; r++ {
		a.label(fmt.Sprintf("rows%d", r))
		gemmTile(a, r, vectors, masked)
		a.ret()
	}
}

// rowAddress returns the address of row r from a base for rows 0-2, one for rows 3-5, and the
// stride.
func rowAddress(r, offset int, low, high, stride string) string {
	base := low
	if r >= 3 {
		base, r = high, r-3
	}
	s := "(" + base + ")"
	if r > 0 {
		s += fmt.Sprintf("(%s*%d)", stride, r)
	}
	if offset != 0 {
		s = fmt.Sprint(offset) + s
	}
	return s
}

func gemmTile(a *assembly, rows, vectors int, masked bool) {
	sum := func(r, v int) y { return y(r*vectors + v) }
	zero, start, step := a.fresh("zero"), a.fresh("start"), a.fresh("step")
	under := func(v int) bool { return masked && v == vectors-1 }

	a.op("MOVQ", "DI", "R12")
	if rows > 3 {
		a.op("LEAQ", "(DI)(R8*2)", "R13")
		a.op("ADDQ", "R8", "R13")
	}
	a.op("MOVQ", "SI", "AX")
	if rows > 3 {
		a.op("LEAQ", "(DX)(R11*2)", "R14")
		a.op("ADDQ", "R11", "R14")
	}
	a.op("MOVQ", "k+64(FP)", "CX")
	a.op("CMPB", "add+80(FP)", "$0")
	a.op("JEQ", zero)
	for r := range rows {
		for v := range vectors {
			if under(v) {
				a.op("VMASKMOVPS", rowAddress(r, 32*v, "DX", "R14", "R11"), y(15), sum(r, v))
			} else {
				a.op("VMOVUPS", rowAddress(r, 32*v, "DX", "R14", "R11"), sum(r, v))
			}
		}
	}
	a.op("JMP", start)
	a.label(zero)
	for r := range rows {
		for v := range vectors {
			a.op("VXORPS", sum(r, v), sum(r, v), sum(r, v))
		}
	}
	a.label(start)
	a.op("SUBQ", "$2", "CX")
	last, store := a.fresh("last"), a.fresh("store")
	a.op("JLT", last)
	a.label(step)
	gemmStep(a, rows, vectors)
	gemmStep(a, rows, vectors)
	a.op("SUBQ", "$2", "CX")
	a.op("JGE", step)
	a.label(last)
	a.op("ADDQ", "$2", "CX")
	a.op("JEQ", store)
	gemmStep(a, rows, vectors)
	a.label(store)
	for r := range rows {
		for v := range vectors {
			if under(v) {
				a.op("VMASKMOVPS", sum(r, v), y(15), rowAddress(r, 32*v, "DX", "R14", "R11"))
			} else {
				a.op("VMOVUPS", sum(r, v), rowAddress(r, 32*v, "DX", "R14", "R11"))
			}
		}
	}
}

// gemmStep writes one step of k: every sum gets one fused multiply-add.
func gemmStep(a *assembly, rows, vectors int) {
	for v := range vectors {
		a.op("VMOVUPS", rowAddress(0, 32*v, "AX", "", ""), y(12+v))
	}
	a.op("ADDQ", "R10", "AX")
	for r := range rows {
		a.op("VBROADCASTSS", rowAddress(r, 0, "R12", "R13", "R8"), y(14))
		for v := range vectors {
			a.op("VFMADD231PS", y(12+v), y(14), y(r*vectors+v))
		}
	}
	a.op("ADDQ", "R9", "R12")
	if rows > 3 {
		a.op("ADDQ", "R9", "R13")
	}
}

// copyPanel writes the packing of a panel whose rows are contiguous in B.
func copyPanel(a *assembly, vectors int) {
	a.function("func "+a.name(fmt.Sprint("copyPanel", a.lanes()*vectors))+"(dst, b *float32, brs, k int)", 32)
	a.op("MOVQ", "dst+0(FP)", "DI")
	a.op("MOVQ", "b+8(FP)", "SI")
	a.op("MOVQ", "brs+16(FP)", "R10")
	a.op("MOVQ", "k+24(FP)", "CX")
	a.label("loop")
	for v := range vectors {
		a.op("VMOVUPS", rowAddress(0, 4*a.lanes()*v, "SI", "", ""), y(v))
	}
	for v := range vectors {
		a.op("VMOVUPS", y(v), rowAddress(0, 4*a.lanes()*v, "DI", "", ""))
	}
	a.op("ADDQ", "R10", "SI")
	a.op("ADDQ", fmt.Sprintf("$%d", 4*a.lanes()*vectors), "DI")
	a.op("DECQ", "CX")
	a.op("JNE", "loop")
	a.ret()
}

// transposePanel writes the packing of eight columns of a panel whose columns are contiguous in B
// (row stride 1), eight k at a time, by a transpose in registers.
func transposePanel(a *assembly) {
	a.function("func transpose8AVX2(dst *float32, dstStride int, b *float32, bcs, blocks int)", 40)
	a.op("MOVQ", "dst+0(FP)", "DI")
	a.op("MOVQ", "dstStride+8(FP)", "R9")
	a.op("MOVQ", "b+16(FP)", "SI")
	a.op("MOVQ", "bcs+24(FP)", "R8")
	a.op("MOVQ", "blocks+32(FP)", "CX")
	a.note("R10, R11: three and five strides of B and of the destination")
	a.op("LEAQ", "(R8)(R8*2)", "R10")
	a.op("LEAQ", "(R9)(R9*2)", "R11")
	a.label("loop")
	a.op("LEAQ", "(SI)(R8*4)", "AX")
	address := func(low, high, s, s3 string, r int) string {
		base := low
		if r >= 4 {
			base, r = high, r-4
		}
		return []string{"(" + base + ")", "(" + base + ")(" + s + "*1)", "(" + base + ")(" + s + "*2)", "(" + base + ")(" + s3 + "*1)"}[r]
	}
	a.note("rows r and r+4 of B side by side, by 128-bit halves, so that no shuffle crosses halves")
	for r := range 4 {
		a.op("VMOVUPS", address("SI", "AX", "R8", "R10", r), fmt.Sprintf("X%d", r))
		a.op("VINSERTF128", "$1", address("SI", "AX", "R8", "R10", r+4), y(r), y(r))
	}
	for r := range 4 {
		a.op("VMOVUPS", "16"+address("SI", "AX", "R8", "R10", r), fmt.Sprintf("X%d", r+4))
		a.op("VINSERTF128", "$1", "16"+address("SI", "AX", "R8", "R10", r+4), y(r+4), y(r+4))
	}
	for h := 0; h < 8; h += 4 {
		a.op("VUNPCKLPS", y(h+1), y(h), y(8))
		a.op("VUNPCKHPS", y(h+1), y(h), y(9))
		a.op("VUNPCKLPS", y(h+3), y(h+2), y(10))
		a.op("VUNPCKHPS", y(h+3), y(h+2), y(11))
		a.op("VUNPCKLPD", y(10), y(8), y(h))
		a.op("VUNPCKHPD", y(10), y(8), y(h+1))
		a.op("VUNPCKLPD", y(11), y(9), y(h+2))
		a.op("VUNPCKHPD", y(11), y(9), y(h+3))
	}
	a.op("LEAQ", "(DI)(R9*4)", "DX")
	for r := range 8 {
		a.op("VMOVUPS", y(r), address("DI", "DX", "R9", "R11", r))
	}
	a.op("ADDQ", "$32", "SI")
	a.op("LEAQ", "(DI)(R9*8)", "DI")
	a.op("DECQ", "CX")
	a.op("JNE", "loop")
	a.ret()
}

// packTile writes the packing of a block of A whose columns are contiguous (row stride 1): complete
// tiles of six rows, each k x 6.
func packTile(a *assembly) {
	a.function("func packTilesAVX2(dst, a *float32, acs, k, tiles int)", 40)
	a.op("MOVQ", "a+8(FP)", "SI")
	a.op("MOVQ", "acs+16(FP)", "R8")
	a.op("MOVQ", "k+24(FP)", "R9")
	a.op("MOVQ", "dst+0(FP)", "DI")
	a.op("LEAQ", "(R9)(R9*2)", "R10")
	a.op("SHLQ", "$3", "R10")
	a.op("MOVQ", "R9", "CX")
	a.note("R10: bytes of a packed tile; one column of A at a time, spread over the tiles")
	a.label("column")
	a.op("MOVQ", "SI", "AX")
	a.op("MOVQ", "DI", "DX")
	a.op("MOVQ", "tiles+32(FP)", "BX")
	a.label("tile")
	a.op("VMOVUPS", "(AX)", "X0")
	a.op("MOVQ", "16(AX)", "R11")
	a.op("VMOVUPS", "X0", "(DX)")
	a.op("MOVQ", "R11", "16(DX)")
	a.op("ADDQ", "$24", "AX")
	a.op("ADDQ", "R10", "DX")
	a.op("DECQ", "BX")
	a.op("JNE", "tile")
	a.op("ADDQ", "R8", "SI")
	a.op("ADDQ", "$24", "DI")
	a.op("DECQ", "CX")
	a.op("JNE", "column")
	a.ret()
}

// peakFMA writes the measurement of the processor's peak: twelve independent chains of
// multiply-adds in registers.
func peakFMA(a *assembly) {
	a.function("func "+a.name("peakFMA")+"(steps int)", 8)
	a.op("MOVQ", "steps+0(FP)", "CX")
	for r := range 15 {
		a.op("VXORPS", y(r), y(r), y(r))
	}
	a.label("loop")
	for r := range 12 {
		a.op("VFMADD231PS", y(12), y(13), y(r))
	}
	a.op("DECQ", "CX")
	a.op("JNE", "loop")
	a.ret()
}
