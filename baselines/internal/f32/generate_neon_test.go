package f32

import "fmt"

// v is a vector register of NEON, four lanes of 32 bits. V0-V15 correspond to AVX2's Y0-Y15 in the
// code that all instruction sets share; V16-V26 keep constants, V28-V31 are free.
type v int

func (r v) String() string { return fmt.Sprintf("V%d.S4", int(r)) }
func (r v) bytes() string  { return fmt.Sprintf("V%d.B16", int(r)) }
func (r v) lane(i int) string {
	return fmt.Sprintf("V%d.S[%d]", int(r), i)
}

// f returns the register as a scalar: loading into it clears the other lanes.
func (r v) f() string { return fmt.Sprintf("F%d", int(r)) }

const (
	firstConstant, lastConstant v = 16, 26
	firstFree, lastFree         v = 28, 31
)

// registers is the register allocation of the translation from AVX2. NEON's multiply-add overwrites
// the addend; where AVX2 overwrites a factor instead, the sum is in another register until the next
// label. So no value changed in this way may be used across a label.
type registers struct {
	at     [16]v          // registers of Y0-Y15
	free   []v            // used in turn
	kept   map[constant]v // constants in registers
	wanted []constant     // constants that would be worth a register
	loads  int            // number of loads of constants
}

func (g *registers) reset() {
	for i := range g.at {
		g.at[i] = v(i)
	}
	g.free = g.free[:0]
	for r := firstFree; r <= lastFree; r++ {
		g.free = append(g.free, r)
	}
}

// take returns a free register that remains free, for a value that is used at once.
func (g *registers) take() v {
	r := g.free[0]
	g.free = append(g.free[1:], r)
	return r
}

// constantBase points to the table of constants.
const constantBase = "R6"

// at returns the register of an operand; a constant is loaded first.
func (a *assembly) at(operand any) v {
	switch o := operand.(type) {
	case y:
		return a.regs.at[o]
	case v:
		return o
	case constant:
		if r, ok := a.regs.kept[o]; ok {
			return r
		}
		a.regs.wanted = append(a.regs.wanted, o)
		r := a.regs.take()
		a.loadConstant(o, r)
		return r
	}
	panic(fmt.Sprintf("%v is no vector", operand))
}

func (a *assembly) loadConstant(c constant, r v) {
	a.regs.loads++
	a.op("FMOVQ", fmt.Sprintf("%d(%s)", a.offsets[string(c)], constantBase), r.f())
}

// keepConstants prepares code that uses constants, in which before runs once and body repeatedly:
// it loads the body's constants into registers while there are any left.
func (a *assembly) keepConstants(before, body func()) {
	a.regs = registers{}
	a.regs.reset()
	length := a.text.Len()
	before()
	a.regs.wanted = nil
	body()
	a.text.Truncate(length)
	a.regs.reset()
	if a.regs.loads == 0 {
		return
	}
	a.op("MOVD", "$constants<>(SB)", constantBase)
	kept := map[constant]v{}
	for _, c := range a.regs.wanted {
		r := firstConstant + v(len(kept))
		if _, ok := kept[c]; ok || r > lastConstant {
			continue
		}
		a.loadConstant(c, r)
		kept[c] = r
	}
	a.regs.kept = kept
}

// fromAVX2 are the instructions with two sources and one result: AVX2's x - y is VSUBPS y, x,
// result.
var fromAVX2 = map[string]string{
	"VADDPS": "fadd", "VSUBPS": "fsub", "VMULPS": "fmul", "VDIVPS": "fdiv", "VMINPS": "fmin", "VMAXPS": "fmax",
	"VPADDD": "add", "VPSUBD": "sub",
	"VANDPS": "and", "VPAND": "and", "VORPS": "orr", "VXORPS": "eor", "VPXOR": "eor",
}

// translate writes an instruction of AVX2 as NEON's, and reports whether it is known.
func (a *assembly) translate(name string, operands []any) bool {
	if same, ok := fromAVX2[name]; ok {
		n, m := a.at(operands[1]), a.at(operands[0])
		a.simd(same, a.at(operands[2]), n, m)
		return true
	}
	switch name {
	case "VMOVAPS", "VMOVUPS":
		if c, ok := operands[0].(constant); ok {
			a.loadConstant(c, a.at(operands[1]))
		} else {
			a.op("VMOV", a.at(operands[0]).bytes(), a.at(operands[1]).bytes())
		}
	case "VBROADCASTSS":
		r := a.at(operands[1])
		a.op("FMOVS", operands[0], r.f())
		a.op("VDUP", r.lane(0), r)
	case "VSQRTPS":
		a.simd("fsqrt", a.at(operands[1]), a.at(operands[0]))
	case "VCVTDQ2PS":
		a.simd("scvtf", a.at(operands[1]), a.at(operands[0]))
	case "VPSRLD":
		a.op("VUSHR", operands[0], a.at(operands[1]), a.at(operands[2]))
	case "VPSLLD":
		a.op("VSHL", operands[0], a.at(operands[1]), a.at(operands[2]))
	case "VPSRAD":
		a.shiftRight(operands[0].(string), a.at(operands[2]), a.at(operands[1]))
	case "VFMADD231PS":
		a.op("VFMLA", a.at(operands[0]), a.at(operands[1]), a.at(operands[2]))
	case "VFNMADD231PS":
		a.op("VFMLS", a.at(operands[0]), a.at(operands[1]), a.at(operands[2]))
	case "VFMADD213PS":
		a.multiplyAdd(operands[0], operands[1].(y), operands[2].(y))
	default:
		return false
	}
	return true
}

// multiplyAdd sets p = p*x + c; p is in another register afterwards.
func (a *assembly) multiplyAdd(c any, x, p y) {
	g := &a.regs
	sum := g.free[0]
	g.free = g.free[1:]
	if k, ok := c.(constant); ok {
		a.loadConstant(k, sum)
	} else {
		a.op("VMOV", a.at(c).bytes(), sum.bytes())
	}
	a.op("VFMLA", g.at[x], g.at[p], sum)
	g.free = append(g.free, g.at[p])
	g.at[p] = sum
}

// compareNEON is compare: all ones or zeros in t, inverted if the condition's not is set.
func (a *assembly) compareNEON(predicate string, b any, x, t y) condition {
	n, m := a.at(x), a.at(b)
	c := condition{register: t}
	switch predicate {
	case equal:
		a.simd("fcmeq", a.at(t), n, m)
	case less:
		a.simd("fcmgt", a.at(t), m, n)
	case greater:
		a.simd("fcmgt", a.at(t), n, m)
	case notLess:
		a.simd("fcmgt", a.at(t), m, n)
		c.not = true
	case notLessEqual:
		a.simd("fcmge", a.at(t), m, n)
		c.not = true
	default:
		panic(predicate)
	}
	return c
}

// chooseNEON is choose, in place if dst is one of the two.
func (a *assembly) chooseNEON(c condition, yes any, no, dst y) {
	mask, d := a.at(c.register).bytes(), a.at(dst).bytes()
	set, set2 := a.at(yes), a.at(no)
	bit, bif := "VBIT", "VBIF"
	if c.not {
		bit, bif = bif, bit
	}
	switch {
	case dst == no:
		a.op(bit, mask, set.bytes(), d)
	case yes == any(dst):
		a.op(bif, mask, set2.bytes(), d)
	case c.register == dst:
		panic("the condition would be overwritten")
	default:
		a.op("VMOV", set2.bytes(), d)
		a.op(bit, mask, set.bytes(), d)
	}
}

// stepNEON writes one step of a walk: the first n lanes of each stream, 4, 2 or 1. Pointers
// advance. Lanes beyond a partial load are 0, and are not stored.
func (a *assembly) stepNEON(streams []stream, pointers []string, n int, body func()) {
	a.regs.reset()
	move := map[int]string{4: "FMOVQ", 2: "FMOVD", 1: "FMOVS"}[n]
	for i, s := range streams {
		switch {
		case s.read && s.write:
			a.op(move, "("+pointers[i]+")", v(i).f())
		case s.read:
			a.op(move+".P", fmt.Sprintf("%d(%s)", 4*n, pointers[i]), v(i).f())
		}
	}
	body()
	for i, s := range streams {
		if s.write {
			a.op(move+".P", a.at(y(i)).f(), fmt.Sprintf("%d(%s)", 4*n, pointers[i]))
		}
	}
}

// pointersNEON are the pointers into streams.
var pointersNEON = []string{"R0", "R1", "R2", "R3"}

// walkNEON writes the loop over streams of R4 elements whose pointers are loaded; R4 does not
// change, R5 counts.
func (a *assembly) walkNEON(streams []stream, pointers []string, body func()) {
	loop, pair, single, done := a.fresh("loop"), a.fresh("pair"), a.fresh("single"), a.fresh("done")
	a.op("LSR", "$2", "R4", "R5")
	a.op("CBZ", "R5", pair)
	a.label(loop)
	a.stepNEON(streams, pointers, 4, body)
	a.op("SUBS", "$1", "R5", "R5")
	a.op("BNE", loop)
	a.label(pair)
	a.op("TBZ", "$1", "R4", single)
	a.stepNEON(streams, pointers, 2, body)
	a.label(single)
	a.op("TBZ", "$0", "R4", done)
	a.stepNEON(streams, pointers, 1, body)
	a.label(done)
}

// intoTable adds a constant of four lanes to the table.
func (a *assembly) intoTable(name string, lanes []uint32) {
	if a.offsets == nil {
		a.offsets = map[string]int{}
	}
	at := 16 * len(a.offsets)
	a.offsets[name] = at
	fmt.Fprintf(&a.data, "DATA constants<>+%d(SB)/8, $0x%08x%08x\n", at, lanes[1], lanes[0])
	fmt.Fprintf(&a.data, "DATA constants<>+%d(SB)/8, $0x%08x%08x\n\n", at+8, lanes[3], lanes[2])
}
