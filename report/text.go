package report

import (
	"strconv"
	"strings"
	"unicode"
)

// clean makes s fit for one line of any rendering: what is not UTF-8 and what controls a terminal, an XML
// parser or the direction of writing becomes the replacement character, a line break a space.
// Escaping is each rendering's own business.
func clean(s string) string { return strings.TrimSpace(mapText(s, ' ')) }

// cleanLines is clean that keeps line breaks.
func cleanLines(s string) string {
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
			r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069: // would turn the rest of the line around
			return unicode.ReplacementChar
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
}

// slug turns an id into a name for files and anchors: lower-case ASCII letters, digits, '_' and '-'.
func slug(s string) string {
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

// thousands writes x with the given decimals and commas between thousands.
func thousands(x float64, decimals int) string {
	s := strconv.FormatFloat(x, 'f', decimals, 64)
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	whole, frac, _ := strings.Cut(s, ".")
	if len(whole) < 4 || strings.IndexFunc(whole, unicode.IsLetter) >= 0 {
		return sign + s
	}
	var b strings.Builder
	for i, c := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(c)
	}
	if frac != "" {
		b.WriteString("." + frac)
	}
	return sign + b.String()
}

func comma(n int) string { return thousands(float64(n), 0) }

// half writes a median of whole numbers: "584", or "584.5" between two.
func half(x float64) string {
	if x == float64(int(x)) {
		return thousands(x, 0)
	}
	return thousands(x, 1)
}

// plural is "1 seed", "2 seeds".
func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return comma(n) + " " + what + "s"
}

// enumerated writes "a", "a and b", "a, b and c".
func enumerated(s []string) string {
	if len(s) < 2 {
		return strings.Join(s, "")
	}
	return strings.Join(s[:len(s)-1], ", ") + " and " + s[len(s)-1]
}

// shorten cuts s to at most n runes, with an ellipsis where it cut.
func shorten(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return strings.TrimSpace(string(r[:n-1])) + "…"
}
