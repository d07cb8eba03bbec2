package f32

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/arch/arm64/arm64asm"
)

// An encoding is an instruction on vectors of four lanes without a name in Go's assembler: its bits
// without registers, and the format of its registers.
type encoding struct {
	bits   uint32
	format string // format of the registers d, n and m
}

const (
	four  = "v%d.4s, v%d.4s, v%d.4s"
	two   = "v%d.4s, v%d.4s"
	whole = "v%d.16b, v%d.16b, v%d.16b"
)

// encodings are from the "Arm Architecture Reference Manual for A-profile architecture", C7.2.
// Instructions with a name in Go's assembler are in named.
var encodings = map[string]encoding{
	"fadd":   {0x4e20d400, four},
	"fsub":   {0x4ea0d400, four},
	"fmul":   {0x6e20dc00, four},
	"fdiv":   {0x6e20fc00, four},
	"fmax":   {0x4e20f400, four},
	"fmin":   {0x4ea0f400, four},
	"fcmeq":  {0x4e20e400, four},
	"fcmge":  {0x6e20e400, four},
	"fcmgt":  {0x6ea0e400, four},
	"facgt":  {0x6ea0ec00, four},
	"fsqrt":  {0x6ea1f800, two},
	"scvtf":  {0x4e21d800, two},
	"cmlt":   {0x4ea0a800, two + ", #0"},
	"fcmeq0": {0x4ea0d800, two + ", #0"},
	"fmaxv":  {0x6e30f800, "s%d, v%d.4s"},
	"bic":    {0x4e601c00, whole},
	"mul":    {0x4ea09c00, four},
	"umull":  {0x2ea0c000, "v%d.2d, v%d.2s, v%d.2s"},
	"umull2": {0x6ea0c000, "v%d.2d, v%d.4s, v%d.4s"},
}

// named are the instructions with a name in Go's assembler.
var named = map[string]string{
	"add": "VADD", "sub": "VSUB", "and": "VAND", "orr": "VORR", "eor": "VEOR",
}

// simd writes d = n op m, or d = op n.
func (a *assembly) simd(name string, d v, sources ...v) {
	if goName, ok := named[name]; ok {
		n, m := sources[0], sources[1]
		a.op(goName, m.bytesOrLanes(goName), n.bytesOrLanes(goName), d.bytesOrLanes(goName))
		return
	}
	e, ok := encodings[name]
	if !ok {
		panic(name)
	}
	bits := e.bits | uint32(d)
	operands := []any{int(d)}
	for i, s := range sources {
		bits |= uint32(s) << []int{5, 16}[i]
		operands = append(operands, int(s))
	}
	a.word(bits, strings.TrimRight(name, "0")+" "+fmt.Sprintf(e.format, operands...))
}

// bytesOrLanes returns r as bytes for logical instructions, as lanes for additions and
// subtractions.
func (r v) bytesOrLanes(name string) string {
	if name == "VADD" || name == "VSUB" {
		return r.String()
	}
	return r.bytes()
}

// multiplyAddLane writes d += n * m[lane].
func (a *assembly) multiplyAddLane(d, n, m v, lane int) {
	bits := 0x4f801000 | lane&1<<21 | lane>>1<<11 | int(m)<<16 | int(n)<<5 | int(d)
	a.word(uint32(bits), fmt.Sprintf("fmla v%d.4s, v%d.4s, v%d.s[%d]", d, n, m, lane))
}

// shiftRight writes the arithmetic shift d = n >> count; count is "$1" to "$32".
func (a *assembly) shiftRight(count string, d, n v) {
	by, err := strconv.Atoi(strings.TrimPrefix(count, "$"))
	if err != nil {
		panic(err)
	}
	bits := 0x4f000400 | (64-by)<<16 | int(n)<<5 | int(d)
	a.word(uint32(bits), fmt.Sprintf("sshr v%d.4s, v%d.4s, #%d", d, n, by))
}

// word writes an instruction by its bits, with its text as the comment that TestEncodings reads.
func (a *assembly) word(bits uint32, instruction string) {
	fmt.Fprintf(&a.text, "\tWORD         $0x%08x // %s\n", bits, instruction)
}

var wordLine = regexp.MustCompile(`(?m)^\tWORD +\$(0x[0-9a-f]{8}) // (.*)$`)

// TestEncodings: the Go project's disassembler decodes every instruction written by its bits as its
// comment states.
func TestEncodings(t *testing.T) {
	files, err := filepath.Glob("*_arm64.s")
	if err != nil || len(files) == 0 {
		t.Fatalf("no assembly for arm64: %v", err)
	}
	seen := map[string]bool{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		words := wordLine.FindAllStringSubmatch(string(text), -1)
		if n := strings.Count(string(text), "WORD "); n != len(words) {
			t.Errorf("%s: %d of %d instructions by bits have no comment", file, n-len(words), n)
		}
		for _, w := range words {
			if got := disassembled(t, w[1]); got != w[2] {
				t.Errorf("%s: %s is %s, not %s", file, w[1], got, w[2])
			}
			seen[strings.Fields(w[2])[0]] = true
		}
	}
	for name := range encodings {
		if name = strings.TrimRight(name, "0"); !seen[name] {
			t.Errorf("%s is in the table and is never used", name)
		}
	}
}

func disassembled(t *testing.T, word string) string {
	bits, err := strconv.ParseUint(word, 0, 32)
	if err != nil {
		t.Fatal(err)
	}
	instruction, err := arm64asm.Decode(binary.LittleEndian.AppendUint32(nil, uint32(bits)))
	if err != nil {
		return err.Error()
	}
	return arm64asm.GNUSyntax(instruction)
}
