package f32

import "fmt"

// A stream is one slice that an element-wise function iterates over. The element of stream i is in
// vector register i when the body runs, and is stored from there.
type stream struct {
	name        string
	read, write bool
}

var pointers = []string{"DI", "SI", "DX", "R8"}

// elementwise writes a function over equally long slices, a vector at a time, with a mask for the
// last elements. Its arguments are the slices and then float32 scalars, which the prelude may load.
func elementwise(a *assembly, name string, streams []stream, scalars []string, prelude, body func()) {
	declaration, offset := "", 0
	for i, s := range streams {
		if i > 0 {
			declaration += ", "
		}
		declaration += s.name
		offset += 24
	}
	declaration += " []float32"
	if len(scalars) > 0 {
		declaration += ", "
	}
	for i, s := range scalars {
		if i > 0 {
			declaration += ", "
		}
		declaration += s
		offset += 4
	}
	if len(scalars) > 0 {
		declaration += " float32"
	}
	a.function("func "+a.name(name)+"("+declaration+")", offset)
	if a.neon {
		for i, s := range streams {
			a.op("MOVD", fmt.Sprintf("%s_base+%d(FP)", s.name, 24*i), pointersNEON[i])
		}
		a.op("MOVD", fmt.Sprintf("%s_len+8(FP)", streams[0].name), "R4")
		if prelude == nil {
			prelude = func() {}
		}
		a.keepConstants(prelude, body)
		prelude()
		a.walkNEON(streams, pointersNEON, body)
		a.ret()
		return
	}
	for i, s := range streams {
		a.op("MOVQ", fmt.Sprintf("%s_base+%d(FP)", s.name, 24*i), pointers[i])
	}
	a.op("MOVQ", fmt.Sprintf("%s_len+8(FP)", streams[0].name), "CX")
	if prelude != nil {
		prelude()
	}
	walk(a, streams, body)
	a.ret()
}

// walk writes the loop over streams of CX elements whose pointers are loaded; AX is the index.
func walk(a *assembly, streams []stream, body func()) {
	loop, tail, done := a.fresh("loop"), a.fresh("tail"), a.fresh("done")
	at := func(i int) string { return "(" + pointers[i] + ")(AX*4)" }
	vector := fmt.Sprintf("$%d", a.lanes())
	step := func(masked bool) {
		for i, s := range streams {
			if s.read {
				a.load(at(i), y(i), masked)
			}
		}
		body()
		for i, s := range streams {
			if s.write {
				a.store(y(i), at(i), masked)
			}
		}
	}
	a.op("XORQ", "AX", "AX")
	a.op("SUBQ", vector, "CX")
	a.op("JLT", tail)
	a.label(loop)
	step(false)
	a.op("ADDQ", vector, "AX")
	a.op("SUBQ", vector, "CX")
	a.op("JGE", loop)
	a.label(tail)
	a.op("ADDQ", vector, "CX")
	a.op("JEQ", done)
	a.loadMask()
	step(true)
	a.label(done)
}

func elementwiseAssembly(a *assembly) []byte {
	change := stream{read: true, write: true}
	inPlace := func(name string) stream { s := change; s.name = name; return s }
	from := func(name string) stream { return stream{name: name, read: true} }
	to := func(name string) stream { return stream{name: name, write: true} }
	x := []stream{inPlace("x")}
	back := []stream{inPlace("dy"), from("y")}

	elementwise(a, "relu", x, nil, nil, func() {
		a.keep(a.compare(notLess, a.float("minFactor", minFactor), 0, 1), y(0), 0)
	})
	elementwise(a, "reluBack", back, nil, func() { a.op("VXORPS", y(8), y(8), y(8)) }, func() {
		alive := a.compare(greater, y(8), 1, 1)
		a.factor(0, 2)
		a.keep(alive, y(0), 0)
	})
	elementwise(a, "sigmoid", x, nil, nil, func() {
		a.op("VXORPS", a.bits("sign", signBit), y(0), y(0))
		expBody(a)
		a.op("VMOVUPS", a.float("one", 1), y(1))
		a.op("VADDPS", y(1), y(0), y(0))
		a.op("VDIVPS", y(0), y(1), y(0))
		a.factor(0, 1)
	})
	elementwise(a, "sigmoidBack", back, nil, func() { a.op("VMOVUPS", a.float("one", 1), y(8)) }, func() {
		a.op("VSUBPS", y(1), y(8), y(2))
		a.op("VMULPS", y(2), y(1), y(2))
		a.op("VMULPS", y(2), y(0), y(0))
		a.factor(0, 1)
	})
	elementwise(a, "tanh", x, nil, nil, func() { tanhBody(a) })
	elementwise(a, "tanhBack", back, nil, func() { a.op("VMOVUPS", a.float("one", 1), y(8)) }, func() {
		a.op("VMULPS", y(1), y(1), y(2))
		a.op("VSUBPS", y(2), y(8), y(2))
		a.op("VMULPS", y(2), y(0), y(0))
		a.factor(0, 1)
	})
	expLog := func(body func(*assembly)) func() {
		return func() {
			a.op("VMOVAPS", y(1), y(0))
			body(a)
		}
	}
	elementwise(a, "exp", []stream{to("dst"), from("x")}, nil, nil, expLog(expBody))
	elementwise(a, "log", []stream{to("dst"), from("x")}, nil, nil, expLog(logBody))
	elementwise(a, "scale", x, []string{"a"}, func() { a.op("VBROADCASTSS", "a+24(FP)", y(8)) }, func() {
		a.op("VMULPS", y(8), y(0), y(0))
	})
	elementwise(a, "axpy", []stream{inPlace("y"), from("x")}, []string{"a"}, func() { a.op("VBROADCASTSS", "a+48(FP)", y(8)) }, func() {
		a.op("VFMADD231PS", y(1), y(8), y(0))
	})
	elementwise(a, "diffScaled", []stream{to("dst"), from("a"), from("b")}, []string{"s"}, func() { a.op("VBROADCASTSS", "s+72(FP)", y(8)) }, func() {
		a.op("VSUBPS", y(2), y(1), y(0))
		a.op("VMULPS", y(8), y(0), y(0))
	})
	elementwise(a, "flush", x, nil, nil, func() { a.factor(0, 1) })
	elementwise(a, "rmsprop", []stream{inPlace("w"), inPlace("ms"), from("g")}, []string{"lr", "decay", "eps"}, func() {
		a.op("VBROADCASTSS", "lr+72(FP)", y(8))
		a.op("VBROADCASTSS", "decay+76(FP)", y(9))
		a.op("VBROADCASTSS", "eps+80(FP)", y(10))
		a.op("VMOVUPS", a.float("one", 1), y(11))
		a.op("VSUBPS", y(9), y(11), y(11))
		a.op("VMOVUPS", a.bits("magnitude", 1<<31-1), y(12))
		a.op("VMOVUPS", a.float("minNormal", minNormal), y(13))
		a.op("VMOVUPS", a.float("minFactor", minFactor), y(14))
	}, func() {
		a.note("g flushed, its square")
		a.op("VANDPS", y(12), y(2), y(3))
		a.keep(a.compare(notLess, y(13), 3, 4), y(2), 2)
		a.keep(a.compare(notLess, y(14), 3, 4), y(2), 4)
		a.op("VMULPS", y(4), y(4), y(4))
		a.note("the mean square")
		a.op("VMULPS", y(9), y(1), y(1))
		a.op("VFMADD231PS", y(4), y(11), y(1))
		a.op("VANDPS", y(12), y(1), y(3))
		a.keep(a.compare(notLess, y(13), 3, 3), y(1), 1)
		a.note("the step")
		a.op("VADDPS", y(10), y(1), y(4))
		a.op("VSQRTPS", y(4), y(4))
		a.op("VDIVPS", y(4), y(2), y(4))
		a.op("VFNMADD231PS", y(4), y(8), y(0))
	})
	if a.neon {
		neonAddRow(a)
		neonSumRows(a)
	} else {
		addRowAssembly(a)
		sumRowsAssembly(a)
	}
	return a.file()
}

// hornerInto writes p = c[0], then p = p*x + c[i] for the rest.
func hornerInto(a *assembly, name string, c []float32, x, p y) {
	a.op("VMOVUPS", a.float(name+"0", c[0]), p)
	for i, v := range c[1:] {
		a.op("VFMADD213PS", a.float(fmt.Sprint(name, i+1), v), x, p)
	}
}

// expBody writes exp1 of Y0; Y1-Y4 are scratch.
func expBody(a *assembly) {
	a.note("clamp; a NaN in the last source of VMINPS and VMAXPS stays")
	a.op("VMOVUPS", a.float("expMax", expBound), y(1))
	a.op("VMINPS", y(0), y(1), y(0))
	a.op("VMOVUPS", a.float("expMin", -expBound), y(1))
	a.op("VMAXPS", y(0), y(1), y(0))
	a.note("t, n, r")
	magic := a.float("roundMagic", roundMagic)
	a.op("VMOVUPS", a.float("log2e", log2e), y(1))
	a.op("VFMADD213PS", magic, y(0), y(1))
	a.op("VSUBPS", magic, y(1), y(2))
	a.op("VFMADD231PS", a.float("minusLn2Hi", -ln2Hi), y(2), y(0))
	a.op("VFMADD231PS", a.float("minusLn2Lo", -ln2Lo), y(2), y(0))
	a.note("the mantissa")
	hornerInto(a, "exp", expPoly[:], 0, 3)
	a.op("VMULPS", y(0), y(0), y(4))
	a.op("VFMADD213PS", y(0), y(4), y(3))
	a.op("VADDPS", a.float("one", 1), y(3), y(3))
	a.note("times 2^n in two steps")
	a.op("VPSUBD", magic, y(1), y(1))
	a.op("VPSRAD", "$1", y(1), y(2))
	a.op("VPSUBD", y(2), y(1), y(1))
	bias := a.bits("bias", 127)
	for r := y(1); r <= 2; r++ {
		a.op("VPADDD", bias, r, r)
		a.op("VPSLLD", "$23", r, r)
	}
	a.op("VMULPS", y(2), y(3), y(3))
	a.op("VMULPS", y(1), y(3), y(0))
	a.flush(0, 1)
}

// logNormalBody writes logNormal of Y0 with its e0 in Y6 (0 if plain) to Y5; Y2-Y5 and Y7 are
// scratch.
func logNormalBody(a *assembly, plain bool) {
	half := a.bits("sqrtHalf", sqrtHalfBits)
	a.op("VPSUBD", half, y(0), y(2))
	a.op("VPSRAD", "$23", y(2), y(3))
	a.op("VCVTDQ2PS", y(3), y(3))
	if !plain {
		a.op("VADDPS", y(6), y(3), y(3))
	}
	a.op("VPAND", a.bits("mantissa", 1<<23-1), y(2), y(2))
	a.op("VPADDD", half, y(2), y(2))
	a.op("VSUBPS", a.float("one", 1), y(2), y(2))
	a.op("VMULPS", y(2), y(2), y(4))
	hornerInto(a, "log", logPoly[:], 2, 5)
	a.op("VMULPS", y(4), y(2), y(7))
	a.op("VMULPS", y(7), y(5), y(5))
	a.op("VFMADD231PS", a.float("ln2Lo", ln2Lo), y(3), y(5))
	a.op("VFMADD231PS", a.float("minusHalf", -0.5), y(4), y(5))
	a.op("VADDPS", y(5), y(2), y(5))
	a.op("VFMADD231PS", a.float("ln2Hi", ln2Hi), y(3), y(5))
}

// logBody writes log1 of Y0; Y2-Y8 are scratch.
func logBody(a *assembly) {
	a.op("VMOVAPS", y(0), y(8))
	a.note("subnormal numbers, and others that are set right below, times 2^23")
	tiny := a.compare(less, a.float("minNormal", minNormal), 0, 6)
	a.op("VMULPS", a.float("two23", 0x1p23), y(0), y(2))
	a.choose(tiny, y(2), 0, 0)
	a.keep(tiny, a.float("minus23", -23), 6)
	logNormalBody(a, false)
	a.note("+Inf and NaN stay, 0 gives -Inf, below NaN")
	a.choose(a.compare(notLessEqual, a.float("largest", 0x1.fffffep127), 8, 2), y(8), 5, 5)
	a.op("VXORPS", y(3), y(3), y(3))
	a.choose(a.compare(equal, y(3), 8, 2), a.bits("minusInf", 0xff800000), 5, 5)
	a.setNaN(a.compare(less, y(3), 8, 2), 5, 0)
}

// tanhBody writes tanh1 of Y0; Y1-Y9 are scratch.
func tanhBody(a *assembly) {
	a.op("VMOVAPS", y(0), y(9))
	a.op("VANDPS", a.bits("magnitude", 1<<31-1), y(0), y(8))
	a.note("large: 1 - 2/(exp(2a)+1)")
	a.op("VADDPS", y(8), y(8), y(0))
	expBody(a)
	a.op("VADDPS", a.float("one", 1), y(0), y(0))
	a.op("VMOVUPS", a.float("two", 2), y(1))
	a.op("VDIVPS", y(0), y(1), y(0))
	a.op("VMOVUPS", a.float("one", 1), y(1))
	a.op("VSUBPS", y(0), y(1), y(0))
	a.note("small: a + a*z*P(z)")
	a.op("VMULPS", y(8), y(8), y(1))
	hornerInto(a, "tanh", tanhPoly[:], 1, 2)
	a.op("VMULPS", y(8), y(1), y(1))
	a.op("VFMADD213PS", y(8), y(1), y(2))
	a.choose(a.compare(less, a.float("tanhSmall", 0.625), 8, 1), y(2), 0, 0)
	a.op("VANDPS", a.bits("sign", signBit), y(9), y(9))
	a.op("VORPS", y(9), y(0), y(0))
	a.factor(0, 1)
}

func addRowAssembly(a *assembly) {
	a.function("func "+a.name("addRow")+"(x []float32, rows, cols int, bias []float32)", 64)
	a.op("MOVQ", "x_base+0(FP)", "DI")
	a.op("MOVQ", "rows+24(FP)", "DX")
	a.op("MOVQ", "cols+32(FP)", "R9")
	a.op("MOVQ", "bias_base+40(FP)", "SI")
	a.note("R10: columns in whole vectors; the mask is for the others")
	a.op("MOVQ", "R9", "R10")
	a.op("ANDQ", fmt.Sprintf("$-%d", a.lanes()), "R10")
	a.op("MOVQ", "R9", "CX")
	a.op("SUBQ", "R10", "CX")
	a.loadMask()
	a.op("TESTQ", "DX", "DX")
	a.op("JEQ", "done")
	a.label("row")
	a.op("XORQ", "AX", "AX")
	a.op("CMPQ", "AX", "R10")
	a.op("JEQ", "tail")
	a.label("loop")
	a.op("VMOVUPS", "(DI)(AX*4)", y(0))
	a.op("VADDPS", "(SI)(AX*4)", y(0), y(0))
	a.op("VMOVUPS", y(0), "(DI)(AX*4)")
	a.op("ADDQ", fmt.Sprintf("$%d", a.lanes()), "AX")
	a.op("CMPQ", "AX", "R10")
	a.op("JNE", "loop")
	a.label("tail")
	a.op("TESTQ", "CX", "CX")
	a.op("JEQ", "next")
	a.load("(DI)(AX*4)", 0, true)
	a.load("(SI)(AX*4)", 1, true)
	a.op("VADDPS", y(1), y(0), y(0))
	a.store(0, "(DI)(AX*4)", true)
	a.label("next")
	a.op("LEAQ", "(DI)(R9*4)", "DI")
	a.op("DECQ", "DX")
	a.op("JNE", "row")
	a.label("done")
	a.ret()
}

// sumRowsAssembly sums the rows in strips of four vectors, then of one, then with a mask.
func sumRowsAssembly(a *assembly) {
	a.function("func "+a.name("sumRows")+"(dst, x []float32, rows, cols int, add bool)", 65)
	a.op("MOVQ", "dst_base+0(FP)", "DI")
	a.op("MOVQ", "x_base+24(FP)", "SI")
	a.op("MOVQ", "cols+56(FP)", "CX")
	a.note("R9: bytes of a row")
	a.op("LEAQ", "(CX*4)", "R9")
	strip := func(name, next string, vectors int, masked bool) {
		a.label(name)
		if !masked {
			a.op("CMPQ", "CX", fmt.Sprintf("$%d", a.lanes()*vectors))
			a.op("JLT", next)
		} else {
			a.op("TESTQ", "CX", "CX")
			a.op("JEQ", next)
			a.loadMask()
		}
		for v := range vectors {
			a.op("VXORPS", y(v), y(v), y(v))
		}
		a.op("CMPB", "add+64(FP)", "$0")
		a.op("JEQ", name+"Start")
		for v := range vectors {
			a.load(rowAddress(0, 4*a.lanes()*v, "DI", "", ""), y(v), masked)
		}
		a.label(name + "Start")
		a.op("MOVQ", "SI", "AX")
		a.op("MOVQ", "rows+48(FP)", "DX")
		a.op("TESTQ", "DX", "DX")
		a.op("JEQ", name+"Store")
		a.label(name + "Row")
		for v := range vectors {
			if masked {
				a.load("(AX)", 1, true)
				a.op("VADDPS", y(1), y(0), y(0))
			} else {
				a.op("VADDPS", rowAddress(0, 4*a.lanes()*v, "AX", "", ""), y(v), y(v))
			}
		}
		a.op("ADDQ", "R9", "AX")
		a.op("DECQ", "DX")
		a.op("JNE", name+"Row")
		a.label(name + "Store")
		for v := range vectors {
			a.store(y(v), rowAddress(0, 4*a.lanes()*v, "DI", "", ""), masked)
		}
		if !masked {
			a.op("ADDQ", fmt.Sprintf("$%d", 4*a.lanes()*vectors), "DI")
			a.op("ADDQ", fmt.Sprintf("$%d", 4*a.lanes()*vectors), "SI")
			a.op("SUBQ", fmt.Sprintf("$%d", a.lanes()*vectors), "CX")
			a.op("JMP", name)
		}
	}
	strip("wide", "narrow", 4, false)
	strip("narrow", "rest", 1, false)
	strip("rest", "done", 1, true)
	a.label("done")
	a.ret()
}
