package f32

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
)

// NEON has 32 registers of four lanes: the tile is 6 rows by 16 columns, 24 sums. Its multiply-add
// can take one factor from a lane, so numbers of A need not be broadcast: four of a row of A are
// loaded at once if rows are contiguous, the six of a column if columns are. B's are loaded in
// pairs. That is 3.5 or 4 loads for 24 multiply-adds.
const neonRows = tileRows

func neonGemm() []byte {
	a := &assembly{neon: true}
	for _, columns := range []bool{false, true} {
		for _, vectors := range []int{4, 2} {
			a.gemmPanel(columns, vectors)
		}
	}
	a.copyPanel(4)
	a.copyPanel(2)
	a.transposePanel()
	a.packTile()
	a.peak()
	return a.file()
}

// TestInnerLoopsMultiply: at least 85 % of the vector instructions in the inner loops of full tiles
// of 16 columns are multiply-adds.
func TestInnerLoopsMultiply(t *testing.T) {
	text, err := os.ReadFile("gemm_arm64.s")
	if err != nil {
		t.Fatal(err)
	}
	vector := regexp.MustCompile(`(?m)^\t(WORD|V|FMOV|FLDP|FSTP)`)
	for _, name := range []string{"gemmRows16NEON", "gemmColumns16NEON"} {
		_, function, _ := strings.Cut(string(text), "TEXT ·"+name)
		_, loop, _ := strings.Cut(function, "\nsteps")
		loop, _, found := strings.Cut(loop, "BNE ")
		all, useful := len(vector.FindAllString(loop, -1)), strings.Count(loop, "// fmla ")
		if !found || useful < 48 || float64(useful) < 0.85*float64(all) {
			t.Errorf("%s: %d of %d vector instructions are multiply-adds", name, useful, all)
		}
	}
}

// The registers of a panel's kernel: A, B and C of the tile; the strides of rows (or columns) of A,
// between tiles of A, of rows of B and of C; k; rows left; whether to add; in a tile the pointers
// into B and into the rows of C, the count of k, and the pointers into the rows of A, or its
// columns. V8-V31 are sums.
const (
	gemmA, gemmB, gemmC = "R0", "R1", "R2"
	gemmStrideA         = "R3"
	gemmBlock           = "R5"
	gemmStrideB         = "R6"
	gemmStrideC         = "R7"
	gemmK, gemmM        = "R8", "R9"
	gemmAdd             = "R10"
	walkB, walkC, count = "R11", "R13", "R12"

	firstSum v = 8
)

var walkA = [neonRows]string{"R14", "R15", "R19", "R20", "R21", "R22"}

// gemmPanel writes the kernel of one panel: m x n of C for the n columns of one panel of B, with
// contiguous rows of A, or contiguous columns.
func (a *assembly) gemmPanel(columns bool, vectors int) {
	name, stride := "gemmRows", "ars+24(FP)"
	if columns {
		name, stride = "gemmColumns", "acs+32(FP)"
	}
	const arguments = "(a, b, c *float32, ars, acs, block, brs, ldc, k, m int, add bool)"
	a.function(fmt.Sprintf("func %s%dNEON", name, 4*vectors)+arguments, 81)
	a.op("MOVD", "a+0(FP)", gemmA)
	a.op("MOVD", "b+8(FP)", gemmB)
	a.op("MOVD", "c+16(FP)", gemmC)
	a.op("MOVD", stride, gemmStrideA)
	a.op("MOVD", "block+40(FP)", gemmBlock)
	a.op("MOVD", "brs+48(FP)", gemmStrideB)
	a.op("MOVD", "ldc+56(FP)", gemmStrideC)
	a.op("MOVD", "k+64(FP)", gemmK)
	a.op("MOVD", "m+72(FP)", gemmM)
	a.op("MOVBU", "add+80(FP)", gemmAdd)
	a.op("CMP", fmt.Sprintf("$%d", neonRows), gemmM)
	a.op("BLT", "rest")
	a.label("tile")
	a.gemmTile(neonRows, vectors, columns)
	a.op("MOVD", walkC, gemmC)
	a.op("ADD", gemmBlock, gemmA)
	a.op("SUB", fmt.Sprintf("$%d", neonRows), gemmM)
	a.op("CMP", fmt.Sprintf("$%d", neonRows), gemmM)
	a.op("BGE", "tile")
	a.label("rest")
	for r := 1; r < neonRows; r++ {
		a.op("CMP", fmt.Sprintf("$%d", r), gemmM)
		a.op("BEQ", fmt.Sprintf("rows%d", r))
	}
	a.ret()
	for r := 1; r < neonRows; r++ {
		a.label(fmt.Sprintf("rows%d", r))
		a.gemmTile(r, vectors, columns)
		a.ret()
	}
}

func pairOf(r v) string { return fmt.Sprintf("(%s, %s)", r.f(), (r + 1).f()) }

// inC calls each for all pairs of vectors of C, row by row, and leaves walkC at the next row.
func (a *assembly) inC(rows, vectors int, each func(sums v, at string)) {
	a.op("MOVD", gemmC, walkC)
	for r := range rows {
		for w := 0; w < vectors; w += 2 {
			each(firstSum+v(r*vectors+w), fmt.Sprintf("%d(%s)", 16*w, walkC))
		}
		a.op("ADD", gemmStrideC, walkC)
	}
}

func (a *assembly) gemmTile(rows, vectors int, columns bool) {
	zero, start, store := a.fresh("zero"), a.fresh("start"), a.fresh("store")
	a.op("CBZ", gemmAdd, zero)
	a.inC(rows, vectors, func(sums v, at string) { a.op("FLDPQ", at, pairOf(sums)) })
	a.op("B", start)
	a.label(zero)
	for i := range rows * vectors {
		s := firstSum + v(i)
		a.op("VEOR", s.bytes(), s.bytes(), s.bytes())
	}
	a.label(start)
	a.op("MOVD", gemmB, walkB)
	a.op("MOVD", gemmA, walkA[0])
	if columns {
		a.gemmByColumns(rows, vectors, store)
	} else {
		a.gemmByRows(rows, vectors, store)
	}
	a.label(store)
	a.inC(rows, vectors, func(sums v, at string) { a.op("FSTPQ", pairOf(sums), at) })
}

// gemmByRows processes four k at a time: V0-V5 hold four numbers of each row of A, V6 and V7
// numbers of B.
func (a *assembly) gemmByRows(rows, vectors int, store string) {
	steps, last, lastSteps := a.fresh("steps"), a.fresh("last"), a.fresh("lastSteps")
	for r := 1; r < rows; r++ {
		a.op("ADD", gemmStrideA, walkA[r-1], walkA[r])
	}
	step := func(lane int) {
		for w := 0; w < vectors; w += 2 {
			a.op("FLDPQ", fmt.Sprintf("%d(%s)", 16*w, walkB), pairOf(6))
			if w == vectors-2 {
				a.op("ADD", gemmStrideB, walkB)
			}
			for r := range rows {
				for i := range 2 {
					a.multiplyAddLane(firstSum+v(r*vectors+w+i), v(6+i), v(r), lane)
				}
			}
		}
	}
	a.op("LSR", "$2", gemmK, count)
	a.op("CBZ", count, last)
	a.label(steps)
	for r := range rows {
		a.op("FMOVQ.P", fmt.Sprintf("16(%s)", walkA[r]), v(r).f())
	}
	for lane := range 4 {
		step(lane)
	}
	a.op("SUBS", "$1", count, count)
	a.op("BNE", steps)
	a.label(last)
	a.op("ANDS", "$3", gemmK, count)
	a.op("BEQ", store)
	a.label(lastSteps)
	for r := range rows {
		a.op("FMOVS.P", fmt.Sprintf("4(%s)", walkA[r]), v(r).f())
	}
	step(0)
	a.op("SUBS", "$1", count, count)
	a.op("BNE", lastSteps)
}

// gemmByColumns processes two k at a time: V0 and V1, or V6 and V7, hold a column of A, as four,
// two or one of its numbers each, V2-V5 numbers of B.
func (a *assembly) gemmByColumns(rows, vectors int, store string) {
	steps, last := a.fresh("steps"), a.fresh("last")
	step := func(columnAt v) {
		type number struct {
			in   v
			lane int
		}
		var numbers []number
		for pieces, r := v(0), 0; r < rows; pieces++ {
			size, move := 4, "FMOVQ"
			switch {
			case rows-r < 2:
				size, move = 1, "FMOVS"
			case rows-r < 4:
				size, move = 2, "FMOVD"
			}
			a.op(move, fmt.Sprintf("%d(%s)", 4*r, walkA[0]), (columnAt + pieces).f())
			for lane := range size {
				numbers = append(numbers, number{columnAt + pieces, lane})
			}
			r += size
		}
		a.op("ADD", gemmStrideA, walkA[0])
		for w := 0; w < vectors; w += 2 {
			a.op("FLDPQ", fmt.Sprintf("%d(%s)", 16*w, walkB), pairOf(v(2+w)))
		}
		a.op("ADD", gemmStrideB, walkB)
		for r, n := range numbers {
			for w := range vectors {
				a.multiplyAddLane(firstSum+v(r*vectors+w), v(2+w), n.in, n.lane)
			}
		}
	}
	a.op("LSR", "$1", gemmK, count)
	a.op("CBZ", count, last)
	a.label(steps)
	step(0)
	step(6)
	a.op("SUBS", "$1", count, count)
	a.op("BNE", steps)
	a.label(last)
	a.op("TBZ", "$0", gemmK, store)
	step(0)
}

// copyPanel writes the packing of a panel whose rows are contiguous in B.
func (a *assembly) copyPanel(vectors int) {
	a.function(fmt.Sprintf("func copyPanel%dNEON(dst, b *float32, brs, k int)", 4*vectors), 32)
	a.op("MOVD", "dst+0(FP)", "R0")
	a.op("MOVD", "b+8(FP)", "R1")
	a.op("MOVD", "brs+16(FP)", "R2")
	a.op("MOVD", "k+24(FP)", "R3")
	a.label("loop")
	for w := 0; w < vectors; w += 2 {
		a.op("FLDPQ", fmt.Sprintf("%d(R1)", 16*w), pairOf(v(w)))
	}
	for w := 0; w < vectors; w += 2 {
		a.op("FSTPQ", pairOf(v(w)), fmt.Sprintf("%d(R0)", 16*w))
	}
	a.op("ADD", "R2", "R1")
	a.op("ADD", fmt.Sprintf("$%d", 16*vectors), "R0")
	a.op("SUBS", "$1", "R3", "R3")
	a.op("BNE", "loop")
	a.ret()
}

// transposePanel writes the packing of eight columns of a panel whose columns are contiguous in B
// (row stride 1), eight k at a time, by transposes of 4 x 4 in registers.
func (a *assembly) transposePanel() {
	a.function("func transpose8NEON(dst *float32, dstStride int, b *float32, bcs, blocks int)", 40)
	a.op("MOVD", "dst+0(FP)", "R0")
	a.op("MOVD", "dstStride+8(FP)", "R1")
	a.op("MOVD", "b+16(FP)", "R2")
	a.op("MOVD", "bcs+24(FP)", "R3")
	a.op("MOVD", "blocks+32(FP)", "R4")
	a.label("loop")
	a.op("MOVD", "R2", "R5")
	a.note("row r: its first half in register r, its second in 8+r")
	for r := range 8 {
		a.op("FLDPQ", "(R5)", fmt.Sprintf("(F%d, F%d)", r, 8+r))
		a.op("ADD", "R3", "R5")
	}
	doubles := func(r v) string { return fmt.Sprintf("V%d.D2", int(r)) }
	for half := v(0); half < 16; half += 8 {
		for q := half; q < half+8; q += 4 {
			for i := v(0); i < 4; i += 2 {
				a.op("VTRN1", q+i+1, q+i, 16+i)
				a.op("VTRN2", q+i+1, q+i, 17+i)
			}
			for i := v(0); i < 2; i++ {
				a.op("VTRN1", doubles(18+i), doubles(16+i), doubles(q+i))
				a.op("VTRN2", doubles(18+i), doubles(16+i), doubles(q+i+2))
			}
		}
		for r := half; r < half+4; r++ {
			a.op("FSTPQ", fmt.Sprintf("(%s, %s)", r.f(), (r+4).f()), "(R0)")
			a.op("ADD", "R1", "R0")
		}
	}
	a.op("ADD", "$32", "R2")
	a.op("SUBS", "$1", "R4", "R4")
	a.op("BNE", "loop")
	a.ret()
}

// packTile writes the packing of a block of A whose columns are contiguous (row stride 1): complete
// tiles of six rows, each k x 6.
func (a *assembly) packTile() {
	a.function("func packTilesNEON(dst, a *float32, acs, k, tiles int)", 40)
	a.op("MOVD", "dst+0(FP)", "R0")
	a.op("MOVD", "a+8(FP)", "R1")
	a.op("MOVD", "acs+16(FP)", "R2")
	a.op("MOVD", "k+24(FP)", "R3")
	a.op("MOVD", "tiles+32(FP)", "R4")
	a.note("R5: bytes of a packed tile; one column of A at a time, spread over the tiles")
	a.op("MOVD", fmt.Sprintf("$%d", 4*neonRows), "R5")
	a.op("MUL", "R3", "R5")
	a.label("column")
	a.op("MOVD", "R1", "R7")
	a.op("MOVD", "R0", "R8")
	a.op("MOVD", "R4", "R9")
	a.label("tile")
	a.op("FMOVD", "16(R7)", "F1")
	a.op("FMOVQ.P", "24(R7)", "F0")
	a.op("FMOVD", "F1", "16(R8)")
	a.op("FMOVQ", "F0", "(R8)")
	a.op("ADD", "R5", "R8")
	a.op("SUBS", "$1", "R9", "R9")
	a.op("BNE", "tile")
	a.op("ADD", "R2", "R1")
	a.op("ADD", fmt.Sprintf("$%d", 4*neonRows), "R0")
	a.op("SUBS", "$1", "R3", "R3")
	a.op("BNE", "column")
	a.ret()
}

// peak writes the measurement of the processor's peak: 24 independent chains of multiply-adds in
// registers.
func (a *assembly) peak() {
	a.function("func peakFMANEON(steps int)", 8)
	a.op("MOVD", "steps+0(FP)", "R0")
	for r := range v(32) {
		a.op("VEOR", r.bytes(), r.bytes(), r.bytes())
	}
	a.label("loop")
	for r := firstSum; r < 32; r++ {
		a.op("VFMLA", v(0), v(1), r)
	}
	a.op("SUBS", "$1", "R0", "R0")
	a.op("BNE", "loop")
	a.ret()
}
