package source

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/uaibench/uaibench/synth/table"
)

// For any block size, each line is returned once, in order and with its number.
func TestLines(t *testing.T) {
	for _, text := range []string{"", "\n", "one", "one\n", "one\ntwo\n\nfour", "\n\n\n", strings.Repeat("a longer line\n", 40)} {
		want := strings.SplitAfter(text, "\n")
		if want[len(want)-1] == "" {
			want = want[:len(want)-1]
		}
		for size := 1; size < 12; size++ {
			for _, header := range []bool{false, true} {
				in := &lines{r: iotest.OneByteReader(strings.NewReader(text)), size: size}
				got, n := "", 0
				if header {
					line, err := in.one()
					if err != nil {
						t.Fatal(err)
					}
					if len(want) > 0 {
						got, n = string(line), 1
						if strings.HasSuffix(want[0], "\n") {
							got += "\n"
						}
					}
				}
				for {
					if in.line != n {
						t.Fatalf("%q by %d: after %d lines it counts %d", text, size, n, in.line)
					}
					block, k, err := in.block()
					if err != nil {
						t.Fatal(err)
					}
					if k == 0 {
						break
					}
					if c := strings.Count(string(block), "\n"); c != k && c != k-1 {
						t.Fatalf("%q by %d: %d lines in %q", text, size, k, block)
					}
					got += string(block)
					n += k
				}
				if got != text || n != len(want) {
					t.Errorf("%q by %d: %d lines %q", text, size, n, got)
				}
			}
		}
	}
	broken := errors.New("broken")
	in := &lines{r: io.MultiReader(strings.NewReader("one\ntw"), iotest.ErrReader(broken))}
	if block, n, err := in.block(); string(block) != "one\n" || n != 1 || err != nil {
		t.Errorf("%q, %d, %v", block, n, err)
	}
	if _, n, err := in.block(); n != 0 || !errors.Is(err, broken) {
		t.Errorf("%d lines, %v", n, err)
	}
	in = &lines{r: io.MultiReader(strings.NewReader("one\n"), strings.NewReader(strings.Repeat("x", 3*maxLine))), size: 100}
	for {
		_, n, err := in.block()
		if n == 0 {
			if err == nil || err.Error() != "line 2: is longer than 1,048,576 bytes" {
				t.Errorf("an endless line: %v", err)
			}
			break
		}
	}
}

func TestNumber(t *testing.T) {
	for text, want := range map[string]float64{"0": 0, "-7": -7, "007": 7, "0.5": 0.5, "-1.25e-3": -0.00125, "+2": 2, "1e3": 1000, ".5": 0.5, "5.": 5,
		"999999999999999": 999999999999999, "9007199254740993": 9007199254740992, "123456789012345678901234567890": 123456789012345678901234567890,
		"0.1": 0.1, "1e-400": 0} {
		if v, why := table.ParseNumber([]byte(text)); why != "" || v != want {
			t.Errorf("%s: %v, %s; want %v", text, v, why, want)
		}
	}
	for text, want := range map[string]string{
		"": `"" is not a number`, "-": `"-" is not a number`, "--1": `"--1" is not a number`, "1.2.3": `"1.2.3" is not a number`, "abc": `"abc" is not a number`,
		" 1": `" 1" is not a number`, "0x10": `"0x10" is not a number`, "1_000": `"1_000" is not a number`, "1e": `"1e" is not a number`, "?": `"?" is not a number`,
		"NaN": `"NaN" is not a finite number`, "inf": `"inf" is not a finite number`, "-Infinity": `"-Infinity" is not a finite number`,
		"1e999": `"1e999" is too large for a number`, "١": `"١" is not a number`,
		strings.Repeat("z", 99): `"` + strings.Repeat("z", 40) + `"… is not a number`,
	} {
		if v, why := table.ParseNumber([]byte(text)); why != want {
			t.Errorf("%s: %v, %s; want %s", text, v, why, want)
		}
	}
}
