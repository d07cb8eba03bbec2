package f32

import (
	"fmt"
	"strings"
)

// lanes returns the length of a vector.
func (a *assembly) lanes() int {
	switch {
	case a.wide:
		return 16
	case a.neon:
		return 4
	}
	return 8
}

// name returns the name of a function in this instruction set.
func (a *assembly) name(function string) string {
	switch {
	case a.wide:
		return function + "AVX512"
	case a.neon:
		return function + "NEON"
	}
	return function + "AVX2"
}

// renamed are instructions of AVX2 with another name in AVX-512 (whose float forms of the logical
// ones are not in the foundation set, F, the only one used here).
var renamed = map[string]string{
	"VANDPS": "VPANDD", "VORPS": "VPORD", "VXORPS": "VPXORD", "VPAND": "VPANDD", "VPXOR": "VPXORD",
	"VMOVDQA": "VMOVDQA32", "VMOVDQU": "VMOVDQU32",
}

// widen turns an instruction of AVX2 into AVX-512's. Constants, one number in memory, are
// broadcast.
func widen(name string, operands []any) (string, []any) {
	wide := make([]any, len(operands))
	spread, register := false, false
	for i, o := range operands {
		switch o := o.(type) {
		case y:
			wide[i] = fmt.Sprintf("Z%d", int(o))
			register = true
		case constant:
			wide[i] = o
			spread = true
		default:
			wide[i] = o
		}
	}
	if r, ok := renamed[name]; ok && register {
		name = r
	}
	if spread {
		switch base, suffix, _ := strings.Cut(name, "."); base {
		case "VMOVUPS", "VMOVDQU32":
			name = "VBROADCASTSS"
			if suffix != "" {
				name += "." + suffix
			}
		default:
			name += ".BCST"
		}
	}
	return name, wide
}

// A condition is the result of a comparison, lane by lane: a register of ones and zeros in
// AVX2 and NEON, a mask register in AVX-512.
type condition struct {
	register y
	mask     string
	not      bool // NEON: ones where it does not hold
}

// condition returns a new condition: mask registers are used in turn, as none is needed for long.
// K1 is reserved for the masks of the last elements, K0 cannot be used.
func (a *assembly) condition(t y) condition {
	a.masks++
	return condition{register: t, mask: fmt.Sprintf("K%d", 2+a.masks%6)}
}

// compare returns the condition x ? b; AVX2 and NEON have the answer in t.
func (a *assembly) compare(predicate string, b any, x, t y) condition {
	if a.neon {
		return a.compareNEON(predicate, b, x, t)
	}
	c := a.condition(t)
	if a.wide {
		a.op("VCMPPS", predicate, b, x, c.mask)
	} else {
		a.op("VCMPPS", predicate, b, x, t)
	}
	return c
}

// negative returns the condition that the highest bit of x is set; AVX2 uses x itself, NEON Y15.
func (a *assembly) negative(x y) condition {
	if a.neon {
		a.simd("cmlt", a.at(y(15)), a.at(x))
		return condition{register: 15}
	}
	c := a.condition(x)
	if a.wide {
		a.op("VPTESTMD", a.bits("sign", signBit), x, c.mask)
	}
	return c
}

// keep sets dst to x where c holds and to +0 elsewhere.
func (a *assembly) keep(c condition, x any, dst y) {
	if a.wide {
		a.op("VMOVUPS.Z", x, c.mask, dst)
		return
	}
	if a.neon {
		name := "and"
		if c.not {
			name = "bic"
		}
		n := a.at(x)
		a.simd(name, a.at(dst), n, a.at(c.register))
		return
	}
	if k, ok := x.(constant); ok {
		a.op("VANDPS", k, c.register, dst)
	} else {
		a.op("VANDPS", c.register, x, dst)
	}
}

// choose sets dst to yes where c holds and to no elsewhere.
func (a *assembly) choose(c condition, yes any, no, dst y) {
	switch {
	case a.wide:
		a.op("VBLENDMPS", yes, no, c.mask, dst)
	case a.neon:
		a.chooseNEON(c, yes, no, dst)
	default:
		a.op("VBLENDVPS", c.register, yes, no, dst)
	}
}

// setNaN sets dst to a NaN where c holds and to x elsewhere.
func (a *assembly) setNaN(c condition, x, dst y) {
	switch {
	case a.wide:
		a.choose(c, a.bits("ones", 1<<32-1), x, dst)
	case c.not:
		panic("no instruction set needs it")
	default:
		a.op("VORPS", c.register, x, dst)
	}
}

// load and store move a vector, or its first lanes under the mask of loadMask.
func (a *assembly) load(from string, r y, masked bool) {
	switch {
	case !masked:
		a.op("VMOVUPS", from, r)
	case a.wide:
		a.op("VMOVUPS.Z", from, "K1", r)
	default:
		a.op("VMASKMOVPS", from, y(15), r)
	}
}

func (a *assembly) store(r y, to string, masked bool) {
	switch {
	case !masked:
		a.op("VMOVUPS", r, to)
	case a.wide:
		a.op("VMOVUPS", r, "K1", to)
	default:
		a.op("VMASKMOVPS", r, y(15), to)
	}
}

// loadMask loads the mask of the first CX lanes: K1, or Y15 and -CX in CX. BX is scratch.
func (a *assembly) loadMask() {
	if a.wide {
		a.op("MOVL", "$1", "BX")
		a.op("SHLL", "CX", "BX")
		a.op("DECL", "BX")
		a.op("KMOVW", "BX", "K1")
		return
	}
	a.op("LEAQ", a.maskTable(), "BX")
	a.op("NEGQ", "CX")
	a.op("VMOVUPS", "64(BX)(CX*4)", y(15))
}
