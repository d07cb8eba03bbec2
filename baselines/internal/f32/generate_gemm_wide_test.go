package f32

import "fmt"

// AVX-512 has 32 registers: the tile is 14 rows by 32 columns, 28 sums, or 14 by 16. A step of k
// loads 2 vectors of B and 14 numbers of A for 28 multiply-adds.
const wideRows = 14

func gemmWideAssembly() []byte {
	a := &assembly{wide: true}
	gemmWidePanel(a, 2)
	gemmWidePanel(a, 1)
	copyPanel(a, 2)
	copyPanel(a, 1)
	packWideTile(a)
	peakFMA(a)
	return a.file()
}

// gemmWidePanel writes the kernel of one panel: m x n of C for the n columns of one panel of B. The
// last vector of columns always uses a mask, which costs nothing: C is read and written once in k
// steps.
//
// Registers: DI A, DX C (of the tile), SI B, R8 and R10 one and three row strides of A, R9 column
// stride of A, R15 row stride of B, R11 row stride of C, BX rows left; in a tile R12, R13 and R14
// point into rows 0, 5 and 10 of A, AX into B (and into the rows of C before and after), CX counts
// k. Z0-Z27 sums, Z28 and Z29 B, Z30 and Z31 A, K1 mask.
func gemmWidePanel(a *assembly, vectors int) {
	a.function(fmt.Sprintf("func gemm%dAVX512(a, b, c *float32, ars, acs, block, brs, ldc, k, m int, add bool, mask int)", 16*vectors), 96)
	a.op("MOVQ", "a+0(FP)", "DI")
	a.op("MOVQ", "b+8(FP)", "SI")
	a.op("MOVQ", "c+16(FP)", "DX")
	a.op("MOVQ", "ars+24(FP)", "R8")
	a.op("MOVQ", "acs+32(FP)", "R9")
	a.op("MOVQ", "brs+48(FP)", "R15")
	a.op("MOVQ", "ldc+56(FP)", "R11")
	a.op("MOVQ", "m+72(FP)", "BX")
	a.op("MOVQ", "mask+88(FP)", "AX")
	a.op("KMOVW", "AX", "K1")
	a.op("LEAQ", "(R8)(R8*2)", "R10")
	a.op("CMPQ", "BX", fmt.Sprintf("$%d", wideRows))
	a.op("JLT", "rest")
	a.label("tile")
	gemmWideTile(a, wideRows, vectors)
	a.op("MOVQ", "AX", "DX")
	a.op("ADDQ", "block+40(FP)", "DI")
	a.op("SUBQ", fmt.Sprintf("$%d", wideRows), "BX")
	a.op("CMPQ", "BX", fmt.Sprintf("$%d", wideRows))
	a.op("JGE", "tile")
	a.label("rest")
	for r := 1; r < wideRows; r++ {
		a.op("CMPQ", "BX", fmt.Sprintf("$%d", r))
		a.op("JEQ", fmt.Sprintf("rows%d", r))
	}
	a.ret()
	for r := 1; r < wideRows; r++ {
		a.label(fmt.Sprintf("rows%d", r))
		gemmWideTile(a, r, vectors)
		a.ret()
	}
}

func gemmWideTile(a *assembly, rows, vectors int) {
	sum := func(r, v int) y { return y(r*vectors + v) }
	zero, start, step := a.fresh("zero"), a.fresh("start"), a.fresh("step")
	last, store := a.fresh("last"), a.fresh("store")
	at := func(v int) string { return rowAddress(0, 64*v, "AX", "", "") }

	a.op("CMPB", "add+80(FP)", "$0")
	a.op("JEQ", zero)
	a.op("MOVQ", "DX", "AX")
	for r := range rows {
		for v := range vectors {
			a.load(at(v), sum(r, v), v == vectors-1)
		}
		a.op("ADDQ", "R11", "AX")
	}
	a.op("JMP", start)
	a.label(zero)
	for i := range rows * vectors {
		a.op("VXORPS", y(i), y(i), y(i))
	}
	a.label(start)
	a.op("MOVQ", "DI", "R12")
	if rows > 5 {
		a.op("LEAQ", "(DI)(R8*4)", "R13")
		a.op("ADDQ", "R8", "R13")
	}
	if rows > 10 {
		a.op("LEAQ", "(R13)(R8*4)", "R14")
		a.op("ADDQ", "R8", "R14")
	}
	a.op("MOVQ", "SI", "AX")
	a.op("MOVQ", "k+64(FP)", "CX")
	a.op("SUBQ", "$2", "CX")
	a.op("JLT", last)
	a.label(step)
	gemmWideStep(a, rows, vectors)
	gemmWideStep(a, rows, vectors)
	a.op("SUBQ", "$2", "CX")
	a.op("JGE", step)
	a.label(last)
	a.op("ADDQ", "$2", "CX")
	a.op("JEQ", store)
	gemmWideStep(a, rows, vectors)
	a.label(store)
	a.op("MOVQ", "DX", "AX")
	for r := range rows {
		for v := range vectors {
			a.store(sum(r, v), at(v), v == vectors-1)
		}
		a.op("ADDQ", "R11", "AX")
	}
}

// gemmWideStep writes one step of k: every sum gets one fused multiply-add.
func gemmWideStep(a *assembly, rows, vectors int) {
	for v := range vectors {
		a.op("VMOVUPS", rowAddress(0, 64*v, "AX", "", ""), y(28+v))
	}
	a.op("ADDQ", "R15", "AX")
	row := func(r int) string {
		return "(" + []string{"R12", "R13", "R14"}[r/5] + ")" + []string{"", "(R8*1)", "(R8*2)", "(R10*1)", "(R8*4)"}[r%5]
	}
	for r := range rows {
		if vectors == 1 {
			a.op("VFMADD231PS.BCST", row(r), y(28), y(r))
			continue
		}
		broadcast := y(30 + r%2)
		a.op("VBROADCASTSS", row(r), broadcast)
		for v := range vectors {
			a.op("VFMADD231PS", y(28+v), broadcast, y(r*vectors+v))
		}
	}
	for i, r := range []string{"R12", "R13", "R14"} {
		if rows > 5*i {
			a.op("ADDQ", "R9", r)
		}
	}
}

// packWideTile is packTile for tiles of 14 rows.
func packWideTile(a *assembly) {
	a.function("func packTilesAVX512(dst, a *float32, acs, k, tiles int)", 40)
	a.op("MOVQ", "a+8(FP)", "SI")
	a.op("MOVQ", "acs+16(FP)", "R8")
	a.op("MOVQ", "k+24(FP)", "CX")
	a.op("MOVQ", "dst+0(FP)", "DI")
	a.op("MOVL", fmt.Sprintf("$%#x", 1<<wideRows-1), "BX")
	a.op("KMOVW", "BX", "K1")
	a.note("R10: bytes of a packed tile; one column of A at a time, spread over the tiles")
	a.op("IMUL3Q", fmt.Sprintf("$%d", 4*wideRows), "CX", "R10")
	a.label("column")
	a.op("MOVQ", "SI", "AX")
	a.op("MOVQ", "DI", "DX")
	a.op("MOVQ", "tiles+32(FP)", "BX")
	a.label("tile")
	a.load("(AX)", 0, true)
	a.store(0, "(DX)", true)
	a.op("ADDQ", fmt.Sprintf("$%d", 4*wideRows), "AX")
	a.op("ADDQ", "R10", "DX")
	a.op("DECQ", "BX")
	a.op("JNE", "tile")
	a.op("ADDQ", "R8", "SI")
	a.op("ADDQ", fmt.Sprintf("$%d", 4*wideRows), "DI")
	a.op("DECQ", "CX")
	a.op("JNE", "column")
	a.ret()
}
