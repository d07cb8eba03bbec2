// Package text formats text and numbers for people, the same in every format of a report:
//
//	text.Thousands(54679, 0)              // "54,679"
//	text.Plural(2, "seed")                // "2 seeds"
//	text.And([]string{"a", "b", "c"})     // "a, b and c"
//	text.Clean("two\nlines\x1b[31m")      // one line without control characters
//
// It does not depend on runs, tables or plots. Except for Markdown and Spreadsheet it escapes
// nothing: the writer of a format does.
package text

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	plain "github.com/uaibench/uaibench/bench/text"
)

// Clean makes s fit for one line in any format: invalid UTF-8 and characters that control a
// terminal, an XML parser or the text direction become the replacement character, line breaks and
// tabs become spaces. Escaping is left to each format.
func Clean(s string) string { return strings.TrimSpace(mapText(s, ' ')) }

// CleanLines is Clean, but keeps line breaks.
func CleanLines(s string) string {
	return strings.TrimSpace(mapText(strings.ReplaceAll(s, "\r\n", "\n"), '\n'))
}

func mapText(s string, lineBreak rune) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r':
			return lineBreak
		case r == '\t':
			return ' '
		case unicode.Is(unicode.Cc, r), r >= 0xfffe && r <= 0xffff, // not XML
			// these would reverse the rest of the line
			r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
			return unicode.ReplacementChar
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
}

// Slug turns an id into a name for files and anchors, of lower-case ASCII letters, digits, '_' and
// '-'. It is "dataset" if nothing remains.
func Slug(s string) string {
	out := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '_', r == '-':
			return r
		case r >= 'A' && r <= 'Z':
			return r - 'A' + 'a'
		}
		return '-'
	}, s)
	if out = strings.Trim(out, "-"); out == "" {
		return "dataset"
	}
	return out
}

// Thousands is bench/text's.
func Thousands(x float64, decimals int) string { return plain.Thousands(x, decimals) }

// Comma is bench/text's.
func Comma(n int) string { return plain.Comma(n) }

// Plural is bench/text's.
func Plural(n int, what string) string { return plain.Plural(n, what) }

// Half formats a median of integers: "584", or "584.5" between two.
func Half(x float64) string {
	if x == float64(int(x)) {
		return Thousands(x, 0)
	}
	return Thousands(x, 1)
}

// And formats a list: "a", "a and b", "a, b and c".
func And(s []string) string {
	if len(s) < 2 {
		return strings.Join(s, "")
	}
	return strings.Join(s[:len(s)-1], ", ") + " and " + s[len(s)-1]
}

// Shorten cuts s to at most n runes, with an ellipsis if it was longer.
func Shorten(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return strings.TrimSpace(string(r[:n-1])) + "…"
}

var (
	markdownSpecial = strings.NewReplacer(
		`\`,
		`\\`,
		"`",
		"\\`",
		"*",
		`\*`,
		"](",
		`\](`,
		"][",
		`\][`,
		"]:",
		`\]:`,
		"|",
		`\|`,
		"<",
		"&lt;",
		">",
		"&gt;",
		"&",
		"&amp;",
		"~",
		`\~`,
		"#",
		`\#`,
		"$",
		`\$`,
	)
	// An underscore within a word, as in DAE_uai, is not emphasis.
	outerUnderscore = regexp.MustCompile(`(^|[^\pL\pN])_|_([^\pL\pN]|$)`)
)

// Markdown escapes one line of text. Brackets are escaped only where a link could follow.
func Markdown(s string) string {
	s = markdownSpecial.Replace(Clean(s))
	return outerUnderscore.ReplaceAllStringFunc(
		s,
		func(m string) string { return strings.ReplaceAll(m, "_", `\_`) },
	)
}

// Exact is the shortest decimal that parses back to x; NotReached for infinities, "" for NaN.
func Exact(x float64) string {
	switch {
	case math.IsNaN(x):
		return ""
	case math.IsInf(x, 0):
		return NotReached
	}
	return strconv.FormatFloat(x, 'f', -1, 64)
}

// NotReached is the text for an infinite number of audits.
const NotReached = "not reached"

// Param formats a parameter as in a spec.
func Param(v any) string {
	if s, ok := v.(string); ok {
		return Clean(s)
	}
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return Clean(string(b))
}

// Names makes names unique: a second "a" becomes "a" + sep + "2", or the next number that is free.
type Names map[string]bool

// Unique returns s, with a number if it is taken, and records it.
func (n Names) Unique(s, sep string) string {
	out := s
	for i := 2; n[out]; i++ {
		out = fmt.Sprintf("%s%s%d", s, sep, i)
	}
	n[out] = true
	return out
}

// Join formats xs with show, separated by commas.
func Join[T any](xs []T, show func(T) string) string {
	out := make([]string, len(xs))
	for i, x := range xs {
		out[i] = show(x)
	}
	return strings.Join(out, ", ")
}

// Brief formats a number with two significant digits, or as an integer from 10 on.
func Brief(v float64) string {
	switch {
	case math.IsInf(v, 1):
		return "∞"
	case math.IsInf(v, -1):
		return "−∞"
	case math.Abs(v) >= 10:
		return Thousands(math.Round(v), 0)
	}
	return strings.Replace(fmt.Sprintf("%.2g", v), "-", "−", 1)
}

// Signed formats a difference with its sign and one decimal.
func Signed(x float64) string {
	s := Thousands(x, 1)
	if x > 0 {
		return "+" + s
	}
	return s
}

// Digits4 formats a number with four significant digits.
func Digits4(x float64) string { return strconv.FormatFloat(x, 'g', 4, 64) }

// LeastToMost formats integers as one number if all are equal, else as a range. It panics if xs is
// empty.
func LeastToMost(xs []float64) string {
	if least, most := slices.Min(xs), slices.Max(xs); least != most {
		return Comma(int(least)) + "–" + Comma(int(most))
	}
	return Comma(int(xs[0]))
}
