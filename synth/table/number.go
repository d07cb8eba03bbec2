package table

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/uaibench/uaibench/bench/text"
)

// ParseNumber parses a finite decimal number, such as -1.5e-3. It rejects hexadecimal numbers,
// infinities and NaN. why is the reason for rejecting the field; "" if there is none.
func ParseNumber[T string | []byte](field T) (v float64, why string) {
	if v, ok := shortInteger(field); ok { // the most frequent case
		return v, ""
	}
	for i := range len(field) {
		// ParseFloat would also accept hexadecimal numbers, infinities and NaN.
		if c := field[i]; (c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' &&
			c != 'E' {
			switch strings.ToLower(strings.TrimLeft(string(field), "+-")) {
			case "nan", "inf", "infinity":
				return 0, Quote(field) + " is not a finite number"
			}
			return 0, Quote(field) + " is not a number"
		}
	}
	v, err := strconv.ParseFloat(string(field), 64)
	if err != nil {
		if v != 0 {
			return 0, Quote(field) + " is too large for a number"
		}
		return 0, Quote(field) + " is not a number"
	}
	return v, ""
}

// shortInteger parses an integer of at most 15 digits, which a float64 holds exactly.
func shortInteger[T string | []byte](field T) (v float64, ok bool) {
	i, whole := 0, 0
	if len(field) > 0 && field[0] == '-' {
		i = 1
	}
	if n := len(field) - i; n == 0 || n > 15 {
		return 0, false
	}
	negative := i == 1
	for ; i < len(field); i++ {
		c := field[i]
		if c < '0' || c > '9' {
			return 0, false
		}
		whole = 10*whole + int(c-'0')
	}
	if v = float64(whole); negative {
		v = -v // zero too
	}
	return v, true
}

// Quote quotes a field for a message, truncated after at most 40 bytes, at the end of a character.
func Quote[T string | []byte](field T) string {
	most := 40
	if len(field) > most {
		for i := range utf8.UTFMax { // the character that the cut would split
			if utf8.RuneStart(field[most-i]) {
				most -= i
				break
			}
		}
		return strconv.Quote(string(field[:most])) + "…"
	}
	return strconv.Quote(string(field))
}

// Group is text.Comma of a count in a file.
func Group(n int64) string { return text.Comma(n) }
